//! Archived requests that ended long ago, with the entries that filed them away.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{request_events, requests};
use super::types::DbId;
use super::{Conn, MultiBackend, StoreError};
use crate::domain::state::State;

/// An archived request: id, agency, number, title, day of closing.
pub type ArchivedRequest = (Uuid, Uuid, String, String, Option<NaiveDate>);

/// Archived requests that ended up to a day, those that ended first first; from the one after `after` on.
///
/// # Errors
///
/// Only failures of the database.
pub fn archived(
    conn: &mut Conn,
    agencies: Option<&[Uuid]>,
    upto: NaiveDate,
    after: Option<(NaiveDate, Uuid)>,
    limit: i64,
) -> Result<Vec<ArchivedRequest>, StoreError> {
    let mut query = requests::table.into_boxed::<MultiBackend>();
    query = query.filter(requests::state.eq(State::Archived)).filter(requests::closed_on.le(upto));
    if let Some(agencies) = agencies {
        let agencies: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        query = query.filter(requests::agency_id.eq_any(agencies));
    }
    if let Some((on, id)) = after {
        let same_day = requests::closed_on.eq(Some(on)).and(requests::id.gt(DbId(id)));
        query = query.filter(requests::closed_on.gt(on).or(same_day));
    }
    Ok(query
        .order((requests::closed_on.asc(), requests::id.asc()))
        .limit(limit)
        .select((
            requests::id,
            requests::agency_id,
            requests::number,
            requests::title,
            requests::closed_on,
        ))
        .load(conn)?)
}

/// The last entry by which a request was filed away: the day and what it says.
///
/// # Errors
///
/// Only failures of the database.
pub fn filed_away(
    conn: &mut Conn,
    request: Uuid,
) -> Result<Option<(NaiveDate, Value)>, StoreError> {
    Ok(request_events::table
        .filter(request_events::request_id.eq(DbId(request)))
        .filter(request_events::kind.eq("archived"))
        .order(request_events::seq.desc())
        .limit(1)
        .select((request_events::occurred_on, request_events::payload))
        .get_result(conn)
        .optional()?)
}
