//! The ledger: load a case, append what was decided, bind each entry to the one before.
//!
//! `hash` covers everything an entry says and the hash before it; `seal` is an HMAC of the hash
//! under the installation's key, so that somebody who holds only the database can neither change an
//! entry nor rewrite the chain behind it unnoticed.

use std::fmt::Write;
use std::sync::Arc;

use chrono::{NaiveDate, SecondsFormat};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::events::{self, EventRow};
use crate::db::items::{self, ItemRow};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, StoreError, remedies, standings};
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::decide::{Decision, Happening};
use crate::domain::event::{Actor, Entry, Event, Registered};
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::request::Application;
use crate::keys::Keys;

use super::calendar::refold;
use super::remedies::remedy_rows;
use super::{App, AppError, standing};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A request with its case.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The stored row.
    pub row: RequestRow,
    /// What its ledger amounts to.
    pub case: Case,
    /// Hash of the last entry.
    pub last_hash: String,
    /// The calendar by which it was replayed.
    pub calendar: Arc<Calendar>,
}

/// Loads a request and replays its ledger: an open one by the calendar in force, one that has ended
/// by the calendar of its time.
///
/// # Errors
///
/// [`AppError::NotFound`]; [`AppError::Broken`] when the ledger contradicts itself.
pub fn load(conn: &mut Conn, app: &App, id: Uuid) -> Result<Loaded, AppError> {
    load_by(conn, app, id, |row| row.open)
}

/// The same by the calendar that computed its row, so that what is made of it agrees with the row
/// although the refold has not come to it yet.
///
/// # Errors
///
/// As [`load`].
pub fn load_as_stored(conn: &mut Conn, app: &App, id: Uuid) -> Result<Loaded, AppError> {
    load_by(conn, app, id, |_| false)
}

fn load_by(
    conn: &mut Conn,
    app: &App,
    id: Uuid,
    by_calendar_in_force: impl Fn(&RequestRow) -> bool,
) -> Result<Loaded, AppError> {
    let mut row = requests::find(conn, id)?.ok_or(AppError::NotFound("该申请"))?;
    let mut rows = events::of_request(conn, id)?;
    if rows.last().is_some_and(|last| last.seq != row.last_seq) {
        // On PostgreSQL somebody may have committed between the two readings.
        row = requests::get(conn, id)?;
        rows = events::of_request(conn, id)?;
    }
    let last_hash = rows.last().map_or_else(|| GENESIS.to_owned(), |row| row.hash.clone());
    let entries = rows.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let calendar = match by_calendar_in_force(&row) {
        true => Arc::clone(&app.calendar),
        false => app.calendar_as_of(conn, row.calendar_seq)?,
    };
    let case = Case::replay(&calendar, &entries).map_err(AppError::broken)?;
    Ok(Loaded { row, case, last_hash, calendar })
}

/// Reads a stored entry.
///
/// # Errors
///
/// [`AppError::Broken`] when the payload is no event.
pub fn entry(row: &EventRow) -> Result<Entry, AppError> {
    read(row, row.payload.clone())
}

/// The same with the payload taken out of the row; fails as [`entry`] does.
pub(super) fn read(row: &EventRow, payload: Value) -> Result<Entry, AppError> {
    let event: Event = serde_json::from_value(payload).map_err(AppError::broken)?;
    let actor = Actor { id: row.actor_id.map(UserId), label: row.actor_label.clone() };
    Ok(Entry { seq: row.seq, on: row.occurred_on, recorded_at: row.recorded_at, actor, event })
}

/// Enters a request whose first entries were decided: the row as they leave it, then the entries.
///
/// # Errors
///
/// Failures of the database.
pub fn begin(
    conn: &mut Conn,
    app: &App,
    (row, application): (RequestRow, &Application),
    actor: &Actor,
    mut decision: Decision,
) -> Result<Loaded, AppError> {
    for happening in &mut decision.happenings {
        if let Event::Filed { registered, .. } = &mut happening.event {
            *registered = Some(Registered {
                number: row.number.clone(),
                agency: AgencyId(row.agency_id),
                application_digest: application_digest(app, row.id, application)?,
            });
        }
    }
    let entries = chain(app, row.id, (0, GENESIS), actor, &decision.happenings)?;
    let last_hash = entries.last().map_or_else(|| GENESIS.to_owned(), |entry| entry.hash.clone());
    let row = projected(row, &decision.case, &app.calendar);
    requests::insert(conn, row.clone())?;
    events::append(conn, entries)?;
    let items = item_rows(row.id, &decision.case);
    if !items.is_empty() {
        items::replace(conn, row.id, items)?;
    }
    if let Some(standing) = standing::of(row.id, &decision.case, &app.calendar)? {
        standings::insert(conn, standing)?;
    }
    Ok(Loaded { row, case: decision.case, last_hash, calendar: Arc::clone(&app.calendar) })
}

/// Appends what was decided to a request that exists, and refreshes its row.
///
/// The row goes first: its version is the guard that tells two officers apart.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first.
pub fn append(
    conn: &mut Conn,
    app: &App,
    loaded: Loaded,
    actor: &Actor,
    decision: Decision,
) -> Result<Loaded, AppError> {
    let Loaded { row, last_hash, case: before, .. } = loaded;
    let behind = row.calendar_seq != app.calendar.record();
    let (decision, change) = refold::with_moved_limits(conn, app, (&row, &before), decision)?;
    let now = app.clock.now();
    let rows = chain(app, row.id, (row.last_seq, &last_hash), actor, &decision.happenings)?;
    let last_hash = rows.last().map_or(last_hash, |row| row.hash.clone());
    let row = RequestRow { updated_at: now, ..projected(row, &decision.case, &app.calendar) };
    let row = requests::update(conn, row)?;
    events::append(conn, rows).map_err(|error| match error {
        StoreError::UniqueViolation { .. } => StoreError::Stale,
        other => other,
    })?;
    if let Some(change) = change {
        refold::enter_change(conn, app, &row, change)?;
    }
    let items = item_rows(row.id, &decision.case);
    if items != item_rows(row.id, &before) {
        items::replace(conn, row.id, items)?;
    }
    let standing = standing::of(row.id, &decision.case, &app.calendar)?;
    if behind || standing != standing::of(row.id, &before, &app.calendar)? {
        standings::replace(conn, row.id, standing)?;
    }
    let remedies = remedy_rows(row.id, &decision.case, &app.calendar);
    if behind || remedies != remedy_rows(row.id, &before, &app.calendar) {
        remedies::replace(conn, row.id, remedies)?;
    }
    Ok(Loaded { row, case: decision.case, last_hash, calendar: Arc::clone(&app.calendar) })
}

/// The rows for entries after the last one, each bound to the one before.
///
/// # Errors
///
/// [`AppError::Broken`] when an event cannot be written as JSON.
pub fn chain(
    app: &App,
    request: Uuid,
    (last_seq, last_hash): (i32, &str),
    actor: &Actor,
    happenings: &[Happening],
) -> Result<Vec<EventRow>, AppError> {
    let now = crate::db::types::to_micros(app.clock.now());
    let mut prev_hash = last_hash.to_owned();
    let mut rows = Vec::with_capacity(happenings.len());
    for (seq, happening) in (last_seq + 1..).zip(happenings) {
        let mut row = EventRow {
            request_id: request,
            seq,
            kind: happening.event.kind().to_owned(),
            occurred_on: happening.on,
            recorded_at: now,
            actor_id: actor.id.map(|id| id.0),
            actor_label: actor.label.clone(),
            payload: serde_json::to_value(&happening.event).map_err(AppError::broken)?,
            prev_hash,
            hash: String::new(),
            seal: String::new(),
            calendar_seq: Some(app.calendar.record()),
        };
        row.hash = hash(&row);
        row.seal = seal(app, &row.hash);
        prev_hash = row.hash.clone();
        rows.push(row);
    }
    Ok(rows)
}

/// Keyed digest of everything an application says, bound to the request it belongs to. Fields that
/// are empty do not count, so that a field added later changes nothing.
///
/// # Errors
///
/// [`AppError::Broken`] when the form cannot be written as JSON.
pub fn application_digest(
    app: &App,
    request: Uuid,
    application: &Application,
) -> Result<String, AppError> {
    let form = without_empty(serde_json::to_value(application).map_err(AppError::broken)?);
    let text = format!("{request}\n{}", canonical_json(&form.unwrap_or_default()));
    Ok(app.keys.digest("request_events.application_digest", &text))
}

fn without_empty(value: Value) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) => Some(text).filter(|text| !text.is_empty()).map(Value::String),
        Value::Array(all) => {
            let kept: Vec<Value> = all.into_iter().filter_map(without_empty).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::Object(all) => {
            let kept: serde_json::Map<_, _> = all
                .into_iter()
                .filter_map(|(key, value)| without_empty(value).map(|value| (key, value)))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        other => Some(other),
    }
}

/// The seal of an entry's hash under the key of this installation.
#[must_use]
pub fn seal(app: &App, hash: &str) -> String {
    seal_with(&app.keys, hash)
}

/// The same for who has the keys and no installation.
#[must_use]
pub fn seal_with(keys: &Keys, hash: &str) -> String {
    keys.digest("request_events.seal", hash)
}

/// SHA-256 over everything an entry says, one field a line, the payload in canonical JSON.
#[must_use]
pub fn hash(row: &EventRow) -> String {
    let actor = row.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let mut hasher = Sha256::new();
    for field in [
        row.prev_hash.as_str(),
        &row.request_id.to_string(),
        &row.seq.to_string(),
        &row.kind,
        &row.occurred_on.to_string(),
        &row.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        &actor,
        &row.actor_label,
        &canonical_json(&row.payload),
    ] {
        hasher.update(field.replace('\n', "\\n").as_bytes());
        hasher.update(b"\n");
    }
    // Entries from before the calendar was kept in versions name none, and hash as they always did.
    if let Some(calendar) = row.calendar_seq {
        hasher.update(format!("calendar {calendar}\n").as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// JSON with the keys of every object in order, so that both databases give the same text back.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::with_capacity(512);
    write_canonical(&mut text, value);
    text
}

/// Writing into a `String` cannot fail: the results of `write!` are dropped.
fn write_canonical(text: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (n, (key, value)) in fields.into_iter().enumerate() {
                let comma = if n == 0 { "" } else { "," };
                let _ = write!(text, "{comma}{}:", Value::from(key.as_str()));
                write_canonical(text, value);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write_canonical(text, item);
            }
            text.push(']');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

/// SHA-256 of a JSON document in canonical form.
#[must_use]
pub fn digest(value: &Value) -> String {
    hex::encode(Sha256::digest(canonical_json(value).as_bytes()))
}

/// The row with everything that follows from the ledger brought up to date.
#[must_use]
pub fn projected(row: RequestRow, case: &Case, calendar: &Calendar) -> RequestRow {
    let p = case.projection(calendar);
    RequestRow {
        agency_id: case.successor.map_or(row.agency_id, |agency| agency.0),
        channel: p.channel.unwrap_or(row.channel),
        arrived_on: p.arrived_on.unwrap_or(row.arrived_on),
        confirmed_on: p.received_on.filter(|_| row.channel.needs_confirmation()),
        received_on: p.received_on,
        receipt_basis: p.receipt_basis,
        state: p.state,
        anchor_on: p.anchor_on,
        due_on: p.due_on,
        provisional: p.provisional,
        conservative_due_on: p.conservative_due_on,
        defects: Value::from(p.defects),
        outcome: p.outcome,
        reply_on: p.completed_on,
        served_on: p.served_on,
        closed_on: p.closed_on,
        officer_id: p.officer.map(|id| id.0),
        open: p.open,
        queue_on: p.queue_on.unwrap_or(NO_HURRY),
        proposal: p.proposal,
        watch_on: p.watch_on,
        calendar_seq: calendar.record(),
        last_seq: case.last_seq,
        ..row
    }
}

/// The items of a case as rows. `gongkai verify` compares them with those stored.
#[must_use]
pub fn item_rows(request: Uuid, case: &Case) -> Vec<ItemRow> {
    case.items
        .iter()
        .map(|item| ItemRow {
            request_id: request,
            n: i32::from(item.n),
            title: item.text.title.clone(),
            description: item.text.description.clone(),
            outcome: item.outcome(),
            ground: item.outcome().map(|o| o.rule().ground.to_owned()).unwrap_or_default(),
            finding: item.clearance.as_ref().map(|c| c.finding.as_str().to_owned()),
            searched: case.searched(Some(item.n)).is_some(),
        })
        .collect()
}

/// Where a request stands in the queue when no date presses.
pub const NO_HURRY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(date) => date,
    None => NaiveDate::MAX,
};
