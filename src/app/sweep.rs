//! The sweep: looks at every request whose time may have come, proposes lapses, and puts the legal
//! effect of silence on record. It needs no input; doing it twice, or by several workers, or after
//! a kill in the middle, comes to the same.
//!
//! Each request is one transaction that first checks the lease: a worker that slept past its time
//! writes nothing. Source: rulebook 1.1 (91, 92), 1.2 d, e.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::db::requests::{self as rows, RequestRow};
use crate::db::{Conn, StoreError, leases};
use crate::domain::event::Actor;
use crate::domain::sweep;

use super::actions::step;
use super::calendar::refold;
use super::ledger;
use super::{App, AppError};

/// Name of the lease.
const LEASE: &str = "sweep";

/// How long a worker may hold the sweep; renewed with every page.
const HELD: TimeDelta = TimeDelta::minutes(2);

/// Requests looked at between two renewals.
const PAGE: i64 = 100;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Requests looked at.
    pub looked_at: usize,
    /// Entries made.
    pub entries: usize,
    /// Requests that could not be looked at; the log says why.
    pub failed: usize,
}

impl App {
    /// Sweeps once; `None` when another worker is at it.
    ///
    /// # Errors
    ///
    /// Failures of the database. A request whose ledger does not stand is left out, and logged.
    pub async fn sweep(&self, owner: &str) -> Result<Option<SweepReport>, AppError> {
        // A holder of its own for each run: one process never takes its own run for another.
        let holder = format!("{owner}/{}", Uuid::now_v7());
        let Some(epoch) = self.hold(&holder).await? else { return Ok(None) };
        let swept = self.sweep_held(&holder, epoch).await;
        let now = self.clock.now();
        self.store.write(move |conn| leases::release(conn, LEASE, &holder, now)).await?;
        swept.map(Some)
    }

    async fn sweep_held(&self, holder: &str, epoch: i64) -> Result<SweepReport, AppError> {
        let today = self.today();
        let mut report = SweepReport::default();
        let mut after = None;
        loop {
            let page = self.store.read(move |conn| rows::watched(conn, today, after, PAGE)).await?;
            let Some(last) = page.last().copied() else { return Ok(report) };
            for id in page {
                report.looked_at += 1;
                match self.sweep_one(id, epoch, today).await {
                    Ok(entries) => report.entries += entries,
                    // Somebody acted on it in the same moment; the next sweep sees what is left.
                    Err(AppError::Store(StoreError::Stale)) if self.holds(epoch).await? => {}
                    Err(AppError::Store(StoreError::Stale)) => return Ok(report),
                    Err(AppError::Store(error)) => return Err(error.into()),
                    Err(error) => {
                        tracing::error!(request = %id, %error, "sweep left a request out");
                        report.failed += 1;
                    }
                }
            }
            after = Some(last);
            if self.hold(holder).await? != Some(epoch) {
                return Ok(report);
            }
        }
    }

    /// Takes or renews the lease.
    async fn hold(&self, holder: &str) -> Result<Option<i64>, AppError> {
        let (holder, now) = (holder.to_owned(), self.clock.now());
        Ok(self
            .store
            .write(move |conn| leases::acquire(conn, LEASE, &holder, now, now + HELD))
            .await?)
    }

    async fn holds(&self, epoch: i64) -> Result<bool, AppError> {
        let row = self.store.read(|conn| leases::find(conn, LEASE)).await?;
        Ok(row.is_some_and(|row| row.epoch == epoch))
    }

    async fn sweep_one(&self, id: Uuid, epoch: i64, today: NaiveDate) -> Result<usize, AppError> {
        let app = self.clone();
        self.store
            .write(move |conn| {
                leases::check(conn, LEASE, epoch)?;
                let app = app.in_force(conn)?;
                look_at(conn, &app, id, today)
            })
            .await
    }
}

/// Takes what is due on one request. The row of a request in which nothing is due is set right: it
/// may have been entered before the program kept the day to look at it.
fn look_at(conn: &mut Conn, app: &App, id: Uuid, today: NaiveDate) -> Result<usize, AppError> {
    let loaded = ledger::load(conn, app, id)?;
    let mut loaded = refold::caught_up(conn, app, loaded)?;
    let due = sweep::due(&loaded.case, &app.calendar, today);
    if due.is_empty() {
        let right = loaded.case.projection(&app.calendar);
        if (right.proposal, right.watch_on) != (loaded.row.proposal, loaded.row.watch_on) {
            let row = loaded.row;
            rows::update(
                conn,
                RequestRow { proposal: right.proposal, watch_on: right.watch_on, ..row },
            )?;
        }
        return Ok(0);
    }
    let actor = Actor { id: None, label: "系统".to_owned() };
    let before = loaded.case.last_seq;
    for command in due {
        loaded = step(conn, app, loaded, &actor, &[], command)?;
    }
    Ok(usize::try_from(loaded.case.last_seq - before).unwrap_or_default())
}
