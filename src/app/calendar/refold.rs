//! The refold: brings every open case to the calendar in force, with an entry for each date that
//! moves. It needs no input: what is left to do stands in the rows themselves, each of which names
//! the version that computed its dates. A killed process, a second worker, a step decided while the
//! calendar changed – each leaves rows behind that the next look finds.
//!
//! Source: rulebook C11.

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::app::ledger::Loaded;
use crate::app::{App, AppError};
use crate::db::calendar::{self as rows, ChangeRow, Glance, VersionRow};
use crate::db::requests::RequestRow;
use crate::db::{Conn, StoreError, leases, outbox};
use crate::domain::calendar_import::Source;
use crate::domain::case::Case;
use crate::domain::decide::Decision;
use crate::domain::recalculation;

use super::folding::Comparison;
use super::messages;
use super::settling::{self, Settled, on_record};

/// Name of the lease.
const LEASE: &str = "calendar";
/// How long a worker may hold the refold; renewed with every page.
const HELD: TimeDelta = TimeDelta::minutes(2);
/// Rows looked at between two renewals.
const PAGE: i64 = 2_000;
/// Cases folded and written in one transaction: some tens of milliseconds of the writer's time.
const BATCH: usize = 500;
/// Readings at a time: as many as small machines have processors.
const AT_ONCE: usize = 2;
/// Pieces of work that may wait for the writer.
const AHEAD: usize = 2;

/// What the readers hand to the writer, in order.
enum Piece {
    /// Rows that cannot come to another date, with their versions.
    Untouched(Vec<(Uuid, i32)>),
    /// Cases that were folded.
    Batch(Batch),
    /// Of as many rows everything is handed over.
    PageDone(usize),
}

/// Cases that were folded, ready to be written.
struct Batch {
    /// How many were looked for.
    of: usize,
    cases: Vec<Settled>,
    /// Those that cannot be brought to any calendar, with the versions of their rows.
    broken: Vec<(Uuid, i32)>,
}

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
        let seq = self.calendar.record();
        let version = Arc::new(self.store.read(move |conn| rows::version(conn, seq)).await?);
        let (pieces, waiting) = mpsc::channel(AHEAD);
        // Readers fold and seal on one processor while the writer writes on another. Whichever fails
        // ends both.
        let read = self.fold_all(version, pieces);
        let ((), report) = tokio::try_join!(read, self.write_all(holder, epoch, waiting))?;
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

    /// Reads and folds everything that is behind; ends early when nobody takes it any more.
    async fn fold_all(
        &self,
        version: Arc<VersionRow>,
        pieces: mpsc::Sender<Piece>,
    ) -> Result<(), AppError> {
        let (seq, mut after) = (self.calendar.record(), None);
        loop {
            let page = self.store.read(move |conn| rows::behind(conn, seq, after, PAGE)).await?;
            let Some(last) = page.last().map(|row| row.id) else { return Ok(()) };
            let looked_at = page.len();
            let (touched, untouched) = self.sort_out(page).await?;
            if pieces.send(Piece::Untouched(untouched)).await.is_err() {
                return Ok(());
            }
            let batches: Vec<Vec<Uuid>> = touched.chunks(BATCH).map(<[Uuid]>::to_vec).collect();
            let mut folded = stream::iter(batches)
                .map(|ids| self.fold(ids, Arc::clone(&version)))
                .buffered(AT_ONCE);
            while let Some(batch) = folded.try_next().await? {
                if pieces.send(Piece::Batch(batch)).await.is_err() {
                    return Ok(());
                }
            }
            if pieces.send(Piece::PageDone(looked_at)).await.is_err() {
                return Ok(());
            }
            after = Some(last);
        }
    }

    /// Writes what the readers hand over, as long as the lease is held.
    async fn write_all(
        &self,
        holder: &str,
        epoch: i64,
        mut waiting: mpsc::Receiver<Piece>,
    ) -> Result<RefoldReport, AppError> {
        let (seq, mut report) = (self.calendar.record(), RefoldReport::default());
        while let Some(piece) = waiting.recv().await {
            match piece {
                Piece::Untouched(rows) => {
                    let keep_up = move |conn: &mut Conn| {
                        leases::check(conn, LEASE, epoch)?;
                        rows::keep_up(conn, seq, &rows)
                    };
                    self.store.write(keep_up).await?;
                }
                Piece::Batch(batch) => {
                    let (of, folded) = (batch.of, batch.cases.len() + batch.broken.len());
                    let (written, moved) = self.write_batch(batch, epoch).await?;
                    report.folded += folded;
                    report.moved += moved;
                    report.left += of.saturating_sub(written);
                }
                Piece::PageDone(looked_at) => {
                    report.looked_at += looked_at;
                    if self.hold_refold(holder).await? != Some(epoch) {
                        break;
                    }
                }
            }
        }
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

    async fn fold(&self, ids: Vec<Uuid>, version: Arc<VersionRow>) -> Result<Batch, AppError> {
        let app = self.clone();
        self.store.read(move |conn| prepare(conn, &app, &ids, &version)).await
    }

    /// Writes a batch; returns how many cases were dealt with, and of how many a limit moved.
    async fn write_batch(&self, batch: Batch, epoch: i64) -> Result<(usize, usize), AppError> {
        let app = self.clone();
        self.store
            .write(move |conn| {
                leases::check(conn, LEASE, epoch)?;
                if app.in_force(conn)?.calendar.record() != app.calendar.record() {
                    // Yet another calendar by now: the next look compares with that.
                    return Err(AppError::Store(StoreError::Stale));
                }
                // A ledger that does not stand is for `gongkai verify`, not for every next look.
                rows::keep_up(conn, app.calendar.record(), &batch.broken)?;
                let (written, moved) = settling::write(conn, &app, batch.cases)?;
                Ok((written + batch.broken.len(), moved))
            })
            .await
    }
}

/// Folds cases, decides what is to be written of them, and puts the mails to applicants together.
fn prepare(
    conn: &mut Conn,
    app: &App,
    ids: &[Uuid],
    version: &VersionRow,
) -> Result<Batch, AppError> {
    let (folded, mut broken) = Comparison::with(app, Arc::clone(&app.calendar)).fold(conn, ids)?;
    let (reason, mut cases) = (reason(version), Vec::with_capacity(folded.len()));
    for case in folded {
        let (id, seen) = (case.row.id, case.row.version);
        match settling::settled(app, case, &reason) {
            Ok(settled) => cases.push(settled),
            Err(AppError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::error!(request = %id, %error, "cannot be brought to the calendar");
                broken.push((id, seen));
            }
        }
    }
    messages::address(conn, app, version, &mut cases)?;
    Ok(Batch { of: ids.len(), cases, broken })
}

/// Why this version of the calendar holds, for the entries.
pub(in crate::app) fn reason(version: &VersionRow) -> String {
    match version.source {
        Source::Program => format!("随程序提供的日历（{}）", version.document),
        Source::Import => version.document.clone(),
        Source::Reversal => format!("撤销导入：{}", version.document),
    }
}

/// Enters a changed date that came with a step, and queues the mail to the applicant.
///
/// # Errors
///
/// Failures of the database.
pub fn enter_change(
    conn: &mut Conn,
    app: &App,
    row: &RequestRow,
    change: ChangeRow,
) -> Result<(), AppError> {
    if change.concerns_applicant && row.state.awaits_reply() {
        let version = rows::version(conn, change.calendar_seq)?;
        if let Some(mail) = messages::to_applicant(conn, app, &version, (row, &change))? {
            outbox::enqueue_all(conn, vec![mail], app.clock.now())?;
        }
    }
    Ok(rows::insert_changes(conn, vec![change])?)
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
    let reason = reason(&rows::version(conn, app.calendar.record())?);
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
    let version = rows::version(conn, app.calendar.record())?;
    let mut batch = prepare(conn, app, &[loaded.row.id], &version)?;
    let Some(settled) = batch.cases.pop() else { return Ok(loaded) };
    if settled.version_read() != loaded.row.version {
        return Err(AppError::Store(StoreError::Stale));
    }
    settling::write_one(conn, app, settled)
}
