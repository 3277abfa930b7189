//! The refold: brings every open case to the calendar in force, with an entry for each date that
//! moves. It needs no input: what is left to do stands in the rows themselves, each of which names
//! the version that computed its dates. A killed process, a second worker, a step decided while the
//! calendar changed – each leaves rows behind that the next look finds.
//!
//! Source: rulebook C11.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError};
use crate::db::calendar::{self as rows, ChangeRow, Glance};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, StoreError, leases, remedies, standings};
use crate::domain::calendar::Calendar;
use crate::domain::calendar_import::Source;
use crate::domain::case::Case;
use crate::domain::decide::{self, Decision};
use crate::domain::event::Actor;
use crate::domain::recalculation::{self, MovedLimit};

use super::folding::{Batch, Comparison, Folded};

/// Name of the lease.
const LEASE: &str = "calendar";
/// How long a worker may hold the refold; renewed with every page.
const HELD: TimeDelta = TimeDelta::minutes(2);
/// Rows looked at between two renewals.
const PAGE: i64 = 2_000;
/// Cases folded and written in one transaction: some tens of milliseconds of the writer's time.
const BATCH: usize = 200;

/// What a refold did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefoldReport {
    /// Rows that named an earlier version.
    pub looked_at: usize,
    /// Cases whose ledger was folded again.
    pub folded: usize,
    /// Cases with a limit that moved.
    pub moved: usize,
    /// Cases left for the next look, because somebody acted on them just then.
    pub left: usize,
}

impl App {
    /// Brings open cases to the calendar in force; `None` when nothing is behind or another worker is
    /// at it.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn refold(&self, owner: &str) -> Result<Option<RefoldReport>, AppError> {
        let app = self.refreshed().await?;
        let seq = app.calendar.record();
        let behind = self.store.read(move |conn| rows::behind(conn, seq, None, 1)).await?;
        if behind.is_empty() {
            return Ok(None);
        }
        let holder = format!("{owner}/{}", Uuid::now_v7());
        let Some(epoch) = app.hold_refold(&holder).await? else { return Ok(None) };
        let done = app.refold_held(&holder, epoch).await;
        let now = self.clock.now();
        self.store.write(move |conn| leases::release(conn, LEASE, &holder, now)).await?;
        match done {
            // The lease has passed on, or yet another calendar came: whoever looks next goes on.
            Err(AppError::Store(StoreError::Stale)) => Ok(None),
            done => done.map(Some),
        }
    }

    async fn refold_held(&self, holder: &str, epoch: i64) -> Result<RefoldReport, AppError> {
        let (seq, reason) = (self.calendar.record(), Arc::new(self.reason_in_force().await?));
        let mut report = RefoldReport::default();
        let mut after = None;
        loop {
            let page = self.store.read(move |conn| rows::behind(conn, seq, after, PAGE)).await?;
            let Some(last) = page.last().map(|row| row.id) else { break };
            report.looked_at += page.len();
            let (touched, untouched) = self.sort_out(page).await?;
            let all = touched.len();
            self.store
                .write(move |conn| {
                    leases::check(conn, LEASE, epoch)?;
                    rows::keep_up(conn, seq, &untouched)
                })
                .await?;
            let mut settled = 0;
            // While one batch is written the next is folded.
            let mut writing = None;
            for ids in touched.chunks(BATCH).map(Some).chain([None]) {
                let fold = async {
                    match ids {
                        Some(ids) => self.fold(ids.to_vec()).await.map(Some),
                        None => Ok(None),
                    }
                };
                let write = async {
                    match writing.take() {
                        Some(batch) => self.write_batch(batch, epoch, Arc::clone(&reason)).await,
                        None => Ok(0),
                    }
                };
                let (folded, moved) = tokio::join!(fold, write);
                report.moved += moved?;
                writing = folded?;
                let done = writing.as_ref().map_or(0, |(folded, broken): &Batch| {
                    report.folded += folded.len();
                    folded.len() + broken.len()
                });
                settled += done;
            }
            report.left += all.saturating_sub(settled);
            after = Some(last);
            if self.hold_refold(holder).await? != Some(epoch) {
                break;
            }
        }
        let now = self.clock.now();
        self.store
            .write(move |conn| {
                if rows::behind(conn, seq, None, 1)?.is_empty() {
                    rows::refolded(conn, seq, now)?;
                }
                Ok::<_, AppError>(())
            })
            .await?;
        Ok(report)
    }

    /// Takes or renews the lease.
    async fn hold_refold(&self, holder: &str) -> Result<Option<i64>, AppError> {
        let (holder, now) = (holder.to_owned(), self.clock.now());
        let acquired = self.store.write(move |conn| {
            leases::acquire(conn, LEASE, &holder, now, now + HELD).map_err(AppError::from)
        });
        acquired.await
    }

    /// Which of the rows can come to another date, and which cannot.
    async fn sort_out(&self, page: Vec<Glance>) -> Result<(Vec<Uuid>, Vec<(Uuid, i32)>), AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let mut comparison = Comparison::with(&app, Arc::clone(&app.calendar));
                let (mut touched, mut untouched) = (Vec::new(), Vec::new());
                for row in page {
                    match comparison.may_touch(conn, &row)? {
                        true => touched.push(row.id),
                        false => untouched.push((row.id, row.version)),
                    }
                }
                Ok((touched, untouched))
            })
            .await
    }

    async fn fold(&self, ids: Vec<Uuid>) -> Result<Batch, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| Comparison::with(&app, Arc::clone(&app.calendar)).fold(conn, &ids))
            .await
    }

    /// Writes a batch; returns how many cases have a limit that moved.
    async fn write_batch(
        &self,
        (batch, broken): Batch,
        epoch: i64,
        reason: Arc<String>,
    ) -> Result<usize, AppError> {
        let app = self.clone();
        self.store
            .write(move |conn| {
                leases::check(conn, LEASE, epoch)?;
                if app.in_force(conn)?.calendar.record() != app.calendar.record() {
                    // Yet another calendar by now: the next look compares with that.
                    return Err(AppError::Store(StoreError::Stale));
                }
                // A ledger that does not stand is for `gongkai verify`, not for every next look.
                rows::keep_up(conn, app.calendar.record(), &broken)?;
                let mut moved = 0;
                for folded in batch {
                    moved += usize::from(!folded.moved.is_empty());
                    match settle(conn, &app, folded, &reason) {
                        Ok(_) => {}
                        // Somebody acted on it since it was read; the next look folds it again.
                        Err(AppError::Store(StoreError::Stale)) => moved -= 1,
                        Err(error) => return Err(error),
                    }
                }
                Ok(moved)
            })
            .await
    }

    /// Why the calendar in force is what it is, for the entries.
    async fn reason_in_force(&self) -> Result<String, AppError> {
        let seq = self.calendar.record();
        self.store.read(move |conn| reason(conn, seq)).await
    }
}

/// Why version `seq` of the calendar holds.
fn reason(conn: &mut Conn, seq: i32) -> Result<String, AppError> {
    let version = rows::version(conn, seq)?;
    Ok(match version.source {
        Source::Program => format!("随程序提供的日历（{}）", version.document),
        Source::Import => version.document,
        Source::Reversal => format!("撤销导入：{}", version.document),
    })
}

/// Brings one case to the calendar: an entry where a limit moves, otherwise only the row.
fn settle(conn: &mut Conn, app: &App, folded: Folded, reason: &str) -> Result<Loaded, AppError> {
    let Folded { loaded, moved, standing, remedies: listed } = folded;
    if standing.is_some() {
        standings::replace(conn, loaded.row.id, standing)?;
    }
    if let Some(listed) = listed {
        remedies::replace(conn, loaded.row.id, listed)?;
    }
    if moved.is_empty() {
        let right = ledger::projected(loaded.row.clone(), &loaded.case, &app.calendar);
        let same = RequestRow { calendar_seq: loaded.row.calendar_seq, ..right.clone() };
        if same == loaded.row {
            rows::keep_up(conn, right.calendar_seq, &[(right.id, right.version)])?;
            return Ok(Loaded { row: right, ..loaded });
        }
        let row = requests::update(conn, right)?;
        return Ok(Loaded { row, ..loaded });
    }
    let (decision, change) = on_record(app, loaded.row.id, &loaded.case, moved, reason)?;
    let actor = Actor { id: None, label: "系统".to_owned() };
    // Its dates are known to be behind: that is what is being put on record.
    let row = RequestRow { calendar_seq: app.calendar.record(), ..loaded.row };
    let loaded = ledger::append(conn, app, Loaded { row, ..loaded }, &actor, decision)?;
    rows::insert_change(conn, change)?;
    Ok(loaded)
}

/// The entry that puts moved limits on record, and the row that says whom to tell.
fn on_record(
    app: &App,
    request: Uuid,
    case: &Case,
    moved: Vec<MovedLimit>,
    reason: &str,
) -> Result<(Decision, ChangeRow), AppError> {
    let first = moved.first().copied();
    let concerns_applicant = moved.iter().any(MovedLimit::concerns_applicant);
    let command = recalculation::command(moved, app.calendar.version(), reason);
    let decision = decide::decide(case, &command, &app.context_of(None, &[]))?;
    let change = ChangeRow {
        request_id: request,
        entry_seq: decision.case.last_seq,
        calendar_seq: app.calendar.record(),
        old_on: first.and_then(|limit| limit.old),
        new_on: first.and_then(|limit| limit.new),
        told: false,
        concerns_applicant,
    };
    Ok((decision, change))
}

/// A decision on a case whose dates an earlier version computed, with the entry for each limit that
/// the version in force has moved: nothing that is written brings a row to another date in silence.
///
/// # Errors
///
/// Failures of the database.
pub fn with_moved_limits(
    conn: &mut Conn,
    app: &App,
    (row, before): (&RequestRow, &Case),
    decision: Decision,
) -> Result<(Decision, Option<ChangeRow>), AppError> {
    if row.calendar_seq == app.calendar.record() {
        return Ok((decision, None));
    }
    let old = app.calendar_as_of(conn, row.calendar_seq)?;
    let under =
        |calendar| before.with(calendar, &[]).map_err(|e| AppError::Broken(format!("{e:?}")));
    let moved =
        recalculation::moved((&under(&old)?, &under(&app.calendar)?), (&old, &app.calendar));
    if moved.is_empty() {
        return Ok((decision, None));
    }
    let reason = reason(conn, app.calendar.record())?;
    let (entry, change) = on_record(app, row.id, &decision.case, moved, &reason)?;
    Ok((decision.then(entry), Some(change)))
}

/// Brings a case to the calendar before a step is decided on it, where the refold has not come to it
/// yet: a limit told to the applicant must be on record before anybody counts by the new one.
///
/// # Errors
///
/// Failures of the database; [`StoreError::Stale`] when the refold was faster.
pub fn caught_up(conn: &mut Conn, app: &App, loaded: Loaded) -> Result<Loaded, AppError> {
    if !loaded.row.open || loaded.row.calendar_seq >= app.calendar.record() {
        return Ok(loaded);
    }
    let mut comparison = Comparison::with(app, Arc::<Calendar>::clone(&app.calendar));
    let (mut folded, _) = comparison.fold(conn, &[loaded.row.id])?;
    let Some(folded) = folded.pop() else { return Ok(loaded) };
    if folded.loaded.row.version != loaded.row.version {
        return Err(AppError::Store(StoreError::Stale));
    }
    let reason = reason(conn, app.calendar.record())?;
    settle(conn, app, folded, &reason)
}
