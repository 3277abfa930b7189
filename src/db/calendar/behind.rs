//! Open requests whose dates an earlier version of the calendar computed.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use uuid::Uuid;

use super::MOST_VALUES;
use crate::db::per_backend::dialect;
use crate::db::schema::{remedies, requests};
use crate::db::types::DbId;
use crate::db::{Conn, MultiBackend, StoreError};

/// A request as the refold first looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Glance {
    /// Which request.
    pub id: Uuid,
    /// Version of the row.
    pub version: i32,
    /// The calendar by which its dates were computed.
    pub calendar_seq: i32,
    /// Day of arrival.
    pub arrived_on: NaiveDate,
    /// Receipt date.
    pub received_on: Option<NaiveDate>,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// The safe limit.
    pub conservative_due_on: Option<NaiveDate>,
    /// Place in the queue.
    pub queue_on: NaiveDate,
    /// The day to look at it.
    pub watch_on: Option<NaiveDate>,
    /// The last of the days to answer reviewing bodies.
    pub remedy_answer_due_on: Option<NaiveDate>,
}

/// Open requests after `after` whose dates were computed by a version before `seq`.
///
/// # Errors
///
/// Only failures of the database.
pub fn behind(
    conn: &mut Conn,
    seq: i32,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Glance>, StoreError> {
    let mut query = requests::table.into_boxed::<MultiBackend>();
    query = query.filter(requests::open.eq(true)).filter(requests::calendar_seq.lt(seq));
    if let Some(after) = after {
        query = query.filter(requests::id.gt(DbId(after)));
    }
    let rows = query.order(requests::id.asc()).limit(limit).select((
        requests::id,
        requests::version,
        requests::calendar_seq,
        requests::arrived_on,
        requests::received_on,
        requests::due_on,
        requests::conservative_due_on,
        requests::queue_on,
        requests::watch_on,
        remedies::table
            .filter(remedies::request_id.eq(requests::id))
            .select(diesel::dsl::max(remedies::answer_due_on))
            .single_value(),
    ));
    Ok(rows.load(conn)?)
}

/// Notes that these requests, unchanged since they were looked at, stand as `seq` has them. Their
/// version stays: nobody who looks at one would see a difference.
///
/// # Errors
///
/// Only failures of the database.
pub fn keep_up(conn: &mut Conn, seq: i32, looked_at: &[(Uuid, i32)]) -> Result<(), StoreError> {
    for some in looked_at.chunks(MOST_VALUES) {
        let rows: Vec<String> = some
            .iter()
            .map(|(id, version)| format!("({}, {version})", dialect::uuid_literal(conn, *id)))
            .collect();
        let sql = format!(
            "UPDATE requests SET calendar_seq = $1 WHERE calendar_seq < $1 \
             AND (id, version) IN (VALUES {})",
            rows.join(", ")
        );
        diesel::sql_query(dialect::sql(conn, &sql)).bind::<Integer, _>(seq).execute(conn)?;
    }
    Ok(())
}
