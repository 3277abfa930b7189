//! The ledger: append-only, keyed by `(request_id, seq)`, each row bound to the one before it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::per_backend::many;
use super::schema::request_events;
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `request_events`. Triggers refuse to change or delete it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = request_events, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct EventRow {
    /// Whose ledger.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Position, from 1.
    pub seq: i32,
    /// Kind of the event.
    pub kind: String,
    /// The day it happened (Asia/Shanghai).
    pub occurred_on: NaiveDate,
    /// The instant it was recorded (UTC).
    #[diesel(serialize_as = DbAt)]
    pub recorded_at: DateTime<Utc>,
    /// The account that recorded it.
    pub actor_id: Option<Uuid>,
    /// Name and role as they were.
    pub actor_label: String,
    /// The event.
    #[diesel(serialize_as = DbDoc)]
    pub payload: Value,
    /// Hash of the entry before, 64 zeros for the first.
    pub prev_hash: String,
    /// SHA-256 over everything above, hexadecimal.
    pub hash: String,
    /// HMAC of the hash under the installation's key: who holds only the database cannot forge it.
    pub seal: String,
    /// Version of the calendar of record by which it was decided; none in old ledgers.
    pub calendar_seq: Option<i32>,
}

/// Any entry at all.
///
/// # Errors
///
/// Only failures of the database.
pub fn any(conn: &mut Conn) -> Result<Option<EventRow>, StoreError> {
    let mut found: Vec<EventRow> =
        request_events::table.limit(1).select(EventRow::as_select()).load(conn)?;
    Ok(found.pop())
}

/// Appends entries.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when the position is taken: somebody else was first.
pub fn append(conn: &mut Conn, rows: Vec<EventRow>) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(request_events::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Appends entries of many requests.
///
/// # Errors
///
/// As [`append`].
pub fn append_all(conn: &mut Conn, rows: Vec<EventRow>) -> Result<(), StoreError> {
    for some in many::in_chunks(rows) {
        crate::each!(conn, |c| diesel::insert_into(request_events::table).values(some).execute(c))?;
    }
    Ok(())
}

/// The ledgers of several requests, each in order.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_requests(conn: &mut Conn, requests: &[Uuid]) -> Result<Vec<EventRow>, StoreError> {
    let ids: Vec<DbId> = requests.iter().copied().map(DbId).collect();
    Ok(request_events::table
        .filter(request_events::request_id.eq_any(ids))
        .order((request_events::request_id.asc(), request_events::seq.asc()))
        .select(EventRow::as_select())
        .load(conn)?)
}

/// The whole ledger of a request in order.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<EventRow>, StoreError> {
    Ok(request_events::table
        .filter(request_events::request_id.eq(DbId(request)))
        .order(request_events::seq.asc())
        .select(EventRow::as_select())
        .load(conn)?)
}

/// The entries after position `seq`: what changed since somebody last looked.
///
/// # Errors
///
/// Only failures of the database.
pub fn after(conn: &mut Conn, request: Uuid, seq: i32) -> Result<Vec<EventRow>, StoreError> {
    Ok(request_events::table
        .filter(request_events::request_id.eq(DbId(request)))
        .filter(request_events::seq.gt(seq))
        .order(request_events::seq.asc())
        .select(EventRow::as_select())
        .load(conn)?)
}
