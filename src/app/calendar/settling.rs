//! What the refold writes of a case: put together by readers – decided, chained, sealed – so that the
//! writer only writes; and written in one transaction, entry, row, and the applicant's mail alike.
//!
//! Source: rulebook C11.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::app::ledger::{self, Loaded};
use crate::app::remedies::remedy_rows;
use crate::app::{App, AppError, standing};
use crate::db::calendar::{self as rows, ChangeRow};
use crate::db::events::{self, EventRow};
use crate::db::outbox::{self, NewJob};
use crate::db::redating;
use crate::db::remedies::{self, RemedyRow};
use crate::db::requests::{self, RequestRow};
use crate::db::standings::{self, Standing};
use crate::db::{Conn, StoreError};
use crate::domain::case::Case;
use crate::domain::decide::{self, Decision};
use crate::domain::event::Actor;
use crate::domain::recalculation::{self, MovedLimit};

use super::folding::Folded;

/// Everything that changes of a case that is brought to the calendar in force.
#[derive(Debug)]
pub struct Settled {
    /// The row as it was read, and as it becomes.
    read: RequestRow,
    row: RequestRow,
    case: Case,
    /// New entries of its ledger, bound to those before; none where no limit moves.
    entries: Vec<EventRow>,
    last_hash: String,
    change: Option<ChangeRow>,
    /// The mail to the applicant.
    pub(super) mail: Option<NewJob>,
    /// What presses on it now, where that differs.
    standing: Option<Option<Standing>>,
    /// Its remedies, where their last days to answer differ.
    remedies: Option<Vec<RemedyRow>>,
}

impl Settled {
    /// The version of the row that was read.
    #[must_use]
    pub const fn version_read(&self) -> i32 {
        self.read.version
    }

    /// The row as it becomes, and the change the applicant is told of, if there is one.
    #[must_use]
    pub fn to_tell(&self) -> Option<(&RequestRow, &ChangeRow)> {
        let change = self.change.as_ref().filter(|change| change.concerns_applicant);
        change.filter(|_| self.row.state.awaits_reply()).map(|change| (&self.row, change))
    }

    /// Whether nothing but the version of the calendar changes.
    fn is_same(&self) -> bool {
        let kept = RequestRow { calendar_seq: self.read.calendar_seq, ..self.row.clone() };
        kept == self.read && self.standing.is_none() && self.remedies.is_none()
    }
}

/// What has to be written of a folded case: an entry where a limit moves, otherwise only the row.
///
/// # Errors
///
/// [`AppError::Refused`] where the case does not take the entry.
pub fn settled(app: &App, folded: Folded, reason: &str) -> Result<Settled, AppError> {
    let Folded { row: read, last_hash, from, before, case, moved } = folded;
    let calendar = &app.calendar;
    let mut settled = Settled {
        row: read.clone(),
        read,
        case,
        entries: Vec::new(),
        last_hash,
        change: None,
        mail: None,
        standing: None,
        remedies: None,
    };
    let id = settled.read.id;
    if !moved.is_empty() {
        let (decision, change) = on_record(app, id, &settled.case, moved, reason)?;
        let actor = Actor { id: None, label: "系统".to_owned() };
        let last = (settled.read.last_seq, settled.last_hash.as_str());
        settled.entries = ledger::chain(app, id, last, &actor, &decision.happenings)?;
        if let Some(entry) = settled.entries.last() {
            settled.last_hash.clone_from(&entry.hash);
        }
        settled.case = decision.case;
        settled.change = Some(change);
        settled.row.updated_at = app.clock.now();
    }
    settled.row = ledger::projected(settled.row, &settled.case, calendar);
    let standing = standing::of(id, &settled.case, calendar)?;
    if standing != standing::of(id, &before, &from)? {
        settled.standing = Some(standing);
    }
    let remedies = remedy_rows(id, &settled.case, calendar);
    if remedies != remedy_rows(id, &before, &from) {
        settled.remedies = Some(remedies);
    }
    Ok(settled)
}

/// The entry that puts moved limits on record, and the row that says whom to tell.
///
/// # Errors
///
/// [`AppError::Refused`] where the case does not take the entry.
pub fn on_record(
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
        applicant_told: true,
    };
    Ok((decision, change))
}

/// Writes cases; returns how many were brought to the calendar, and how many of them have a limit that
/// moved. A case on which somebody acted since it was read is left for the next look.
///
/// # Errors
///
/// Failures of the database.
pub fn write(
    conn: &mut Conn,
    app: &App,
    batch: Vec<Settled>,
) -> Result<(usize, usize), StoreError> {
    let (same, changed): (Vec<_>, Vec<_>) = batch.into_iter().partition(Settled::is_same);
    let looked_at: Vec<(Uuid, i32)> = same.iter().map(|s| (s.read.id, s.read.version)).collect();
    rows::keep_up(conn, app.calendar.record(), &looked_at)?;
    // The rows first: their versions are the guard that tells the refold from an officer.
    let (redated, other): (Vec<&Settled>, Vec<&Settled>) =
        changed.iter().partition(|s| redating::only_dates_differ(&s.read, &s.row));
    let mut fresh: BTreeSet<Uuid> =
        redating::redate(conn, redated.into_iter().map(|s| &s.row))?.into_iter().collect();
    for settled in other {
        match requests::update(conn, settled.row.clone()) {
            Ok(row) => drop(fresh.insert(row.id)),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error),
        }
    }
    let written = same.len() + fresh.len();
    let (mut entries, mut changes, mut mails) = (Vec::new(), Vec::new(), Vec::new());
    for settled in changed.into_iter().filter(|settled| fresh.contains(&settled.row.id)) {
        entries.extend(settled.entries);
        changes.extend(settled.change);
        mails.extend(settled.mail);
        if let Some(standing) = settled.standing {
            standings::replace(conn, settled.row.id, standing)?;
        }
        if let Some(remedies) = settled.remedies {
            remedies::replace(conn, settled.row.id, remedies)?;
        }
    }
    let moved = changes.len();
    events::append_all(conn, entries)?;
    rows::insert_changes(conn, changes)?;
    outbox::enqueue_all(conn, mails, app.clock.now())?;
    Ok((written, moved))
}

/// Writes one case; returns it as it stands then.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody acted on it since it was read.
pub fn write_one(conn: &mut Conn, app: &App, settled: Settled) -> Result<Loaded, AppError> {
    let version = settled.read.version + i32::from(!settled.is_same());
    let loaded = Loaded {
        row: RequestRow { version, ..settled.row.clone() },
        case: settled.case.clone(),
        last_hash: settled.last_hash.clone(),
        calendar: std::sync::Arc::clone(&app.calendar),
    };
    match write(conn, app, vec![settled])? {
        (1, _) => Ok(loaded),
        _ => Err(AppError::Store(StoreError::Stale)),
    }
}
