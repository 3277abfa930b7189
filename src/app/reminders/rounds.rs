//! The round of reminders: looks at all limits and tells whoever has not been told. It needs no
//! input; doing it twice, or by several workers, or after a kill in the middle, comes to the same.
//!
//! Each person is one transaction: the reminders, the one message of the day, and the queued mail.
//! It first checks the lease: a worker that slept past its time writes nothing. What comes up after
//! a person has had the message of the day is entered at once and told on the next working day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::limits::{self, Pressing};
use super::mails;
use super::people::People;
use super::withdrawals::{self, Gone};
use crate::app::{App, AppError};
use crate::db::reminders::{self as rows, DigestRow, ReminderRow};
use crate::db::{Conn, StoreError, leases, rounds};
use crate::domain::reminder;

/// Name of the lease.
const LEASE: &str = "reminders";

/// How long a worker may hold it; renewed with every batch of people.
const HELD: TimeDelta = TimeDelta::minutes(2);

/// Limits whose reminders are withdrawn in one transaction.
const WITHDRAWN: usize = 200;

/// Under which name the end of a round is noted.
pub(in crate::app) const ROUND: &str = "reminders";

/// People told between two renewals.
const BATCH: usize = 50;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReminderReport {
    /// Reminders made.
    pub reminders: usize,
    /// Messages made, one a person and day.
    pub messages: usize,
    /// Reminders withdrawn, because their limit presses no more.
    pub withdrawn: usize,
}

/// Somebody and what they are to be reminded of.
struct Told {
    user: Uuid,
    email: Option<String>,
    reminders: Vec<ReminderRow>,
}

impl App {
    /// Reminds everybody who is to be; `None` when another worker is at it. On days of rest nobody
    /// is reminded: the next working day makes up for them.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn remind(&self, owner: &str) -> Result<Option<ReminderReport>, AppError> {
        let today = self.today();
        let app = self.refreshed().await?;
        if !reminder::is_given_on(&app.calendar, today) {
            let now = self.clock.now();
            self.store.write(move |conn| rounds::done(conn, ROUND, (today, now))).await?;
            return Ok(Some(ReminderReport::default()));
        }
        // A holder of its own for each run: one process never takes its own run for another.
        let holder = format!("{owner}/{}", Uuid::now_v7());
        let Some(epoch) = self.hold_reminders(&holder).await? else { return Ok(None) };
        let done = app.remind_all(&holder, epoch, today).await;
        let now = self.clock.now();
        self.store.write(move |conn| leases::release(conn, LEASE, &holder, now)).await?;
        self.wake.notify_one();
        done.map(Some)
    }

    async fn remind_all(
        &self,
        holder: &str,
        epoch: i64,
        today: NaiveDate,
    ) -> Result<ReminderReport, AppError> {
        let app = self.clone();
        let (all, gone) = self.store.read(move |conn| due(conn, &app, today)).await?;
        let mut report = ReminderReport::default();
        for some in gone.chunks(WITHDRAWN) {
            match self.withdraw_some(some.to_vec(), (LEASE, epoch), today).await {
                Ok(withdrawn) => report.withdrawn += withdrawn,
                Err(AppError::Store(StoreError::Stale)) => return Ok(report),
                Err(error) => return Err(error),
            }
            if self.hold_reminders(holder).await? != Some(epoch) {
                return Ok(report);
            }
        }
        for (n, told) in (1..).zip(all) {
            let app = self.clone();
            match self.store.write(move |conn| tell(conn, &app, epoch, told)).await {
                Ok((reminders, messages)) => {
                    report.reminders += reminders;
                    report.messages += messages;
                }
                // The lease has passed to another worker, who goes on.
                Err(AppError::Store(StoreError::Stale)) => return Ok(report),
                Err(error) => return Err(error),
            }
            if n % BATCH == 0 && self.hold_reminders(holder).await? != Some(epoch) {
                return Ok(report);
            }
        }
        let now = self.clock.now();
        self.store.write(move |conn| rounds::done(conn, ROUND, (today, now))).await?;
        Ok(report)
    }

    /// Takes or renews the lease.
    async fn hold_reminders(&self, holder: &str) -> Result<Option<i64>, AppError> {
        let (holder, now) = (holder.to_owned(), self.clock.now());
        Ok(self
            .store
            .write(move |conn| leases::acquire(conn, LEASE, &holder, now, now + HELD))
            .await?)
    }
}

/// Everybody with something new to be told, or with something that no message has told yet; and the
/// limits of which reminders stand although they press no more.
fn due(conn: &mut Conn, app: &App, today: NaiveDate) -> Result<(Vec<Told>, Vec<Gone>), AppError> {
    let people = People::load(conn, today)?;
    let mut all: BTreeMap<Uuid, Vec<ReminderRow>> = BTreeMap::new();
    let collected = limits::collect(conn, app, today)?;
    let gone = withdrawals::gone(conn, &collected)?;
    for pressing in collected.0 {
        let stage = reminder::stage(&app.calendar, today, pressing.limit.on);
        let Some(stage) = stage else { continue };
        for (user, absent) in people.told(&app.settings.reminders, &pressing, stage) {
            let row = row(app, today, &pressing, (user, absent), stage);
            all.entry(user).or_default().push(row);
        }
    }
    for (user, reminders) in &mut all {
        let since = reminders.iter().map(|row| row.limit_on).min().unwrap_or(today);
        let had = rows::had(conn, *user, since)?;
        reminders.retain(|row| !had.contains(&row.key()));
    }
    all.retain(|_, reminders| !reminders.is_empty());
    for user in rows::untold(conn)? {
        all.entry(user).or_default();
    }
    let told = all.into_iter().filter_map(|(user, reminders)| {
        let email = people.active(user)?.email.clone().filter(|email| !email.is_empty());
        Some(Told { user, email, reminders })
    });
    Ok((told.collect(), gone))
}

fn row(
    app: &App,
    today: NaiveDate,
    pressing: &Pressing,
    (user, absent): (Uuid, Option<Uuid>),
    stage: reminder::ReminderStage,
) -> ReminderRow {
    ReminderRow {
        id: Uuid::now_v7(),
        user_id: user,
        for_user_id: absent,
        agency_id: pressing.agency,
        kind: pressing.limit.kind,
        object_id: pressing.object,
        n: pressing.n,
        request_id: pressing.request,
        number: pressing.number.clone(),
        stage,
        limit_on: pressing.limit.on,
        provisional: pressing.limit.provisional,
        next_step: pressing.limit.kind.next_step(pressing.state).to_owned(),
        made_on: today,
        digest_id: None,
        seen_at: None,
        created_at: app.clock.now(),
        withdrawn_on: None,
        withdrawn_why: None,
    }
}

/// Enters what one person is reminded of, and queues the message of the day.
fn tell(
    conn: &mut Conn,
    app: &App,
    epoch: i64,
    Told { user, email, reminders }: Told,
) -> Result<(usize, usize), AppError> {
    leases::check(conn, LEASE, epoch)?;
    let mut made = 0;
    for row in reminders {
        // What pressed, rested and presses again on the same day is told again.
        let new = rows::insert(conn, row.clone())? || rows::reinstate(conn, &row)?;
        made += usize::from(new);
    }
    let digest = DigestRow {
        id: Uuid::now_v7(),
        user_id: user,
        made_on: app.today(),
        reminders: 0,
        mailed: email.is_some(),
        created_at: app.clock.now(),
    };
    let id = digest.id;
    if !rows::tell(conn, digest)? {
        return Ok((made, 0));
    }
    if let Some(email) = email {
        mails::queue(conn, app, id, email)?;
    }
    Ok((made, 1))
}
