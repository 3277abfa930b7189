//! The calendar of record: its versions, the imports that made them, the dates they changed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use serde_json::Value;
use uuid::Uuid;

use super::per_backend::dialect;
use super::schema::{calendar_changes, calendar_imports, calendar_versions, requests};
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::calendar_import::{Format, ImportState, Source};
use crate::domain::state::State;

/// Rows named in one statement.
const MOST_VALUES: usize = 500;

/// A row of `calendar_versions`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_versions, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct VersionRow {
    /// From 1, without gaps.
    pub seq: i32,
    /// Where it came from.
    pub source: Source,
    /// The year it changed; none for what came with the program.
    pub year: Option<i32>,
    /// Document number, or the program's version.
    pub document: String,
    /// The whole table.
    pub table_csv: String,
    /// Digest of all days.
    pub digest: String,
    /// From when on it was used.
    #[diesel(serialize_as = DbAt)]
    pub in_force_at: DateTime<Utc>,
    /// When every open case had been looked at.
    pub refolded_at: Option<DateTime<Utc>>,
}

/// A row of `calendar_imports`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = calendar_imports, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ImportRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The year.
    pub year: i32,
    /// What was brought in.
    pub format: Format,
    /// Document number.
    pub document: String,
    /// Its date.
    pub document_on: NaiveDate,
    /// The text as it was brought in.
    pub source_text: String,
    /// The days of the year, read; empty when the year is to be no longer arranged.
    pub table_csv: String,
    /// Version in force when it was proposed.
    pub base_seq: i32,
    /// The version it takes back.
    pub reverses: Option<i32>,
    /// Why.
    pub reason: String,
    /// What is worth a second look.
    #[diesel(serialize_as = DbDoc)]
    pub notes: Value,
    /// Where it stands.
    pub state: ImportState,
    /// Who proposed it; none at the machine itself.
    pub proposed_by: Maybe<Uuid>,
    /// Role and name.
    pub proposed_label: String,
    /// When.
    #[diesel(serialize_as = DbAt)]
    pub proposed_at: DateTime<Utc>,
    /// Who decided on it.
    pub decided_by: Maybe<Uuid>,
    /// Role and name.
    pub decided_label: String,
    /// When.
    pub decided_at: Maybe<DateTime<Utc>>,
    /// The version it made.
    pub seq: Option<i32>,
    /// Version of this row, from 1; the ETag.
    pub version: i32,
}

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
}

/// The number of the version in force; 0 before there is any.
///
/// # Errors
///
/// Only failures of the database.
pub fn current(conn: &mut Conn) -> Result<i32, StoreError> {
    let newest = calendar_versions::table.select(diesel::dsl::max(calendar_versions::seq));
    Ok(newest.get_result::<Option<i32>>(conn)?.unwrap_or_default())
}

/// The version of this number.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn version(conn: &mut Conn, seq: i32) -> Result<VersionRow, StoreError> {
    let found = calendar_versions::table.find(seq).select(VersionRow::as_select());
    Ok(found.get_result(conn)?)
}

/// All versions, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn versions(conn: &mut Conn) -> Result<Vec<VersionRow>, StoreError> {
    let rows = calendar_versions::table.order(calendar_versions::seq.desc());
    Ok(rows.select(VersionRow::as_select()).load(conn)?)
}

/// Puts a version in force.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when somebody else put one in force in the same moment.
pub fn insert_version(conn: &mut Conn, row: VersionRow) -> Result<(), StoreError> {
    diesel::insert_into(calendar_versions::table).values(row).execute(conn)?;
    Ok(())
}

/// Notes that every open case has been looked at since this version and all before it.
///
/// # Errors
///
/// Only failures of the database.
pub fn refolded(conn: &mut Conn, upto: i32, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(calendar_versions::table)
        .filter(calendar_versions::seq.le(upto))
        .filter(calendar_versions::refolded_at.is_null())
        .set(calendar_versions::refolded_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Enters an import.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert_import(conn: &mut Conn, row: ImportRow) -> Result<(), StoreError> {
    diesel::insert_into(calendar_imports::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the import that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first.
pub fn update_import(conn: &mut Conn, row: ImportRow) -> Result<ImportRow, StoreError> {
    let next = ImportRow { version: row.version + 1, ..row.clone() };
    let changed = diesel::update(calendar_imports::table.find(DbId(row.id)))
        .filter(calendar_imports::version.eq(row.version))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || import(conn, row.id).map(|found| found.is_some()))?;
    Ok(next)
}

/// The import with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn import(conn: &mut Conn, id: Uuid) -> Result<Option<ImportRow>, StoreError> {
    let found = calendar_imports::table.find(DbId(id)).select(ImportRow::as_select());
    Ok(found.get_result(conn).optional()?)
}

/// The newest imports first.
///
/// # Errors
///
/// Only failures of the database.
pub fn imports(conn: &mut Conn, limit: i64) -> Result<Vec<ImportRow>, StoreError> {
    let rows = calendar_imports::table.order(calendar_imports::id.desc()).limit(limit);
    Ok(rows.select(ImportRow::as_select()).load(conn)?)
}

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

/// Enters a changed date.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert_change(conn: &mut Conn, row: ChangeRow) -> Result<(), StoreError> {
    diesel::insert_into(calendar_changes::table).values(row).execute(conn)?;
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
    /// Where the request stands.
    pub state: State,
}

impl ChangedRequest {
    /// Whether the applicant is told: of a date they could know, while they still wait for an answer.
    #[must_use]
    pub const fn tell_applicant(&self) -> bool {
        self.concerns_applicant && self.state.awaits_reply()
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
        query = query.filter(calendar_changes::told.eq(false));
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
    let untold = calendar_changes::table.filter(calendar_changes::told.eq(false));
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

/// Number and digest of the version in force; `None` before there is any.
///
/// # Errors
///
/// Only failures of the database.
pub fn current_with_digest(conn: &mut Conn) -> Result<Option<(i32, String)>, StoreError> {
    let newest = calendar_versions::table.order(calendar_versions::seq.desc()).limit(1);
    let newest = newest.select((calendar_versions::seq, calendar_versions::digest));
    Ok(newest.get_result(conn).optional()?)
}
