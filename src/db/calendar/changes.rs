//! The dates that versions of the calendar changed, and who was told of them.

use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use uuid::Uuid;

use super::MOST_VALUES;
use crate::db::per_backend::{dialect, many};
use crate::db::schema::{calendar_changes, requests};
use crate::db::types::DbId;
use crate::db::{Conn, MultiBackend, StoreError};
use crate::domain::state::State;

/// A row of `calendar_changes`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_changes, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ChangeRow {
    /// Whose date.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// The entry that says so.
    pub entry_seq: i32,
    /// The version that changed it.
    pub calendar_seq: i32,
    /// The date that pressed before.
    pub old_on: Option<NaiveDate>,
    /// The date that presses now.
    pub new_on: Option<NaiveDate>,
    /// Whether the messages are queued.
    pub told: bool,
    /// Whether the applicant could know the date before.
    pub concerns_applicant: bool,
    /// Whether their mail was queued with the entry, where one was due; not in rows of an earlier
    /// program.
    pub applicant_told: bool,
}

/// Enters changed dates.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert_changes(conn: &mut Conn, rows: Vec<ChangeRow>) -> Result<(), StoreError> {
    for some in many::in_chunks(rows) {
        crate::each!(conn, |c| diesel::insert_into(calendar_changes::table)
            .values(some)
            .execute(c))?;
    }
    Ok(())
}

/// A changed date with the number of its request.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ChangedRequest {
    /// Which request.
    pub request_id: Uuid,
    /// Its number.
    pub number: String,
    /// Its agency.
    pub agency_id: Uuid,
    /// Who handles it.
    pub officer_id: Option<Uuid>,
    /// The entry that says so.
    pub entry_seq: i32,
    /// The date that pressed before.
    pub old_on: Option<NaiveDate>,
    /// The date that presses now.
    pub new_on: Option<NaiveDate>,
    /// Whether the applicant could know the date before.
    pub concerns_applicant: bool,
    /// Whether their mail was queued with the entry.
    pub applicant_told: bool,
    /// Where the request stands.
    pub state: State,
}

impl ChangedRequest {
    /// Whether the applicant is still to be told: of a date they could know, while they wait for an
    /// answer.
    #[must_use]
    pub const fn tell_applicant(&self) -> bool {
        self.concerns_applicant && !self.applicant_told && self.state.awaits_reply()
    }
}

/// Which changed dates are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of a version.
    All,
    /// Those of which nobody was told yet.
    Untold,
    /// Those among them that one officer handles, or nobody of the agency does.
    UntoldOf {
        /// The agency.
        agency: Uuid,
        /// The officer.
        officer: Option<Uuid>,
    },
}

/// The dates that version `seq` changed.
///
/// # Errors
///
/// Only failures of the database.
pub fn changes(
    conn: &mut Conn,
    seq: i32,
    which: Which,
    limit: i64,
) -> Result<Vec<ChangedRequest>, StoreError> {
    let mut query =
        calendar_changes::table.inner_join(requests::table).into_boxed::<MultiBackend>();
    query = query.filter(calendar_changes::calendar_seq.eq(seq));
    if which != Which::All {
        query = query.filter(not(calendar_changes::told));
    }
    if let Which::UntoldOf { agency, officer } = which {
        query = query.filter(requests::agency_id.eq(DbId(agency)));
        query = match officer {
            Some(officer) => query.filter(requests::officer_id.eq(Some(officer))),
            None => query.filter(requests::officer_id.is_null()),
        };
    }
    let rows = query
        .order((calendar_changes::request_id.asc(), calendar_changes::entry_seq.asc()))
        .limit(limit)
        .select((
            calendar_changes::request_id,
            requests::number,
            requests::agency_id,
            requests::officer_id,
            calendar_changes::entry_seq,
            calendar_changes::old_on,
            calendar_changes::new_on,
            calendar_changes::concerns_applicant,
            calendar_changes::applicant_told,
            requests::state,
        ));
    Ok(rows.load(conn)?)
}

/// How many dates version `seq` has changed.
///
/// # Errors
///
/// Only failures of the database.
pub fn count_changes(conn: &mut Conn, seq: i32) -> Result<i64, StoreError> {
    let of_version = calendar_changes::table.filter(calendar_changes::calendar_seq.eq(seq));
    Ok(of_version.count().get_result(conn)?)
}

/// The oldest version with changes of which nobody was told yet.
///
/// # Errors
///
/// Only failures of the database.
pub fn first_untold(conn: &mut Conn) -> Result<Option<i32>, StoreError> {
    let untold = calendar_changes::table.filter(not(calendar_changes::told));
    let oldest = untold.select(diesel::dsl::min(calendar_changes::calendar_seq));
    Ok(oldest.get_result::<Option<i32>>(conn)?)
}

/// Notes that the messages about these changed dates are queued.
///
/// # Errors
///
/// Only failures of the database.
pub fn told(conn: &mut Conn, changes: &[ChangedRequest]) -> Result<(), StoreError> {
    for some in changes.chunks(MOST_VALUES) {
        let keys: Vec<String> = some
            .iter()
            .map(|c| format!("({}, {})", dialect::uuid_literal(conn, c.request_id), c.entry_seq))
            .collect();
        let sql = format!(
            "UPDATE calendar_changes SET told = TRUE \
             WHERE (request_id, entry_seq) IN (VALUES {})",
            keys.join(", ")
        );
        diesel::sql_query(sql).execute(conn)?;
    }
    Ok(())
}
