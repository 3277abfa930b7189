//! Folding cases under another calendar: what would change, case by case. The dry run shows it, the
//! refold writes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::app::ledger::{self, GENESIS};
use crate::app::{App, AppError};
use crate::db::Conn;
use crate::db::calendar::Glance;
use crate::db::events::{self, EventRow};
use crate::db::requests::{self, RequestRow};
use crate::domain::calendar::{Calendar, CaseDates, Change};
use crate::domain::case::Case;
use crate::domain::event::Entry;
use crate::domain::recalculation::{self, MovedLimit};

/// A case under the calendar by which its dates were computed, and under another.
#[derive(Debug)]
pub struct Folded {
    /// The stored row.
    pub row: RequestRow,
    /// Hash of the last entry of its ledger.
    pub last_hash: String,
    /// The calendar by which its dates were computed.
    pub from: Arc<Calendar>,
    /// The case as that has it.
    pub before: Case,
    /// The case as the other calendar has it, ready for a step.
    pub case: Case,
    /// The limits that differ.
    pub moved: Vec<MovedLimit>,
}

/// Cases that were folded; and those whose ledger does not stand, with the version of their row.
pub type Batch = (Vec<Folded>, Vec<(Uuid, i32)>);

/// Compares what stands with `to`, remembering how each earlier version differs from it.
pub struct Comparison<'a> {
    app: &'a App,
    /// The calendar compared with.
    pub to: Arc<Calendar>,
    earlier: BTreeMap<i32, (Arc<Calendar>, Change)>,
}

impl<'a> Comparison<'a> {
    /// Compares with `to`.
    #[must_use]
    pub const fn with(app: &'a App, to: Arc<Calendar>) -> Self {
        Self { app, to, earlier: BTreeMap::new() }
    }

    /// The version `seq`, and how `to` differs from it.
    fn from(&mut self, conn: &mut Conn, seq: i32) -> Result<(Arc<Calendar>, Change), AppError> {
        if let Some((calendar, change)) = self.earlier.get(&seq) {
            return Ok((Arc::clone(calendar), *change));
        }
        let calendar = self.app.calendar_as_of(conn, seq)?;
        let change = Change::between(&calendar, &self.to);
        self.earlier.insert(seq, (Arc::clone(&calendar), change));
        Ok((calendar, change))
    }

    /// Whether the case can come to another date at all. A row of which no version is known is
    /// always looked at.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub fn may_touch(&mut self, conn: &mut Conn, row: &Glance) -> Result<bool, AppError> {
        let (_, change) = self.from(conn, row.calendar_seq)?;
        let dates = CaseDates::of(
            Some(row.arrived_on),
            row.received_on,
            [
                row.due_on,
                row.conservative_due_on,
                Some(row.queue_on),
                row.watch_on,
                row.remedy_answer_due_on,
            ],
        );
        Ok(row.calendar_seq == 0 || change.may_touch(&dates, self.app.today()))
    }

    /// Folds requests both ways. Those whose ledger does not stand are logged, and returned beside the
    /// others with the version of their row.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub fn fold(&mut self, conn: &mut Conn, ids: &[Uuid]) -> Result<Batch, AppError> {
        let rows = requests::by_ids(conn, ids)?;
        let mut ledgers: BTreeMap<Uuid, Vec<EventRow>> = BTreeMap::new();
        for event in events::of_requests(conn, ids)? {
            ledgers.entry(event.request_id).or_default().push(event);
        }
        let (mut folded, mut broken) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let (from, _) = self.from(conn, row.calendar_seq)?;
            let ledger = ledgers.remove(&row.id).unwrap_or_default();
            // Somebody wrote between the two readings: the next look sees the whole.
            if ledger.last().map(|last| last.seq) != Some(row.last_seq) {
                continue;
            }
            let (id, version) = (row.id, row.version);
            match both_ways(row, ledger, (&from, &self.to)) {
                Ok(case) => folded.push(case),
                Err(error) => {
                    tracing::error!(request = %id, %error, "cannot fold a ledger");
                    broken.push((id, version));
                }
            }
        }
        Ok((folded, broken))
    }
}

fn both_ways(
    row: RequestRow,
    mut ledger: Vec<EventRow>,
    (from, to): (&Arc<Calendar>, &Calendar),
) -> Result<Folded, AppError> {
    let last_hash = ledger.last().map_or_else(|| GENESIS.to_owned(), |row| row.hash.clone());
    let entries = ledger.iter_mut().map(|row| {
        let payload = row.payload.take();
        ledger::read(row, payload)
    });
    let entries = entries.collect::<Result<Vec<Entry>, _>>()?;
    let before = Case::replay(from, &entries).map_err(AppError::broken)?;
    let case = Case::replay(to, &entries).map_err(AppError::broken)?;
    let moved = recalculation::moved((&before, &case), (from, to));
    Ok(Folded { row, last_hash, from: Arc::clone(from), before, case, moved })
}
