//! The calendar of record: its versions, the imports that made them, the dates they changed.

mod behind;
mod changes;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{calendar_imports, calendar_versions};
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::calendar_import::{Format, ImportState, Source};

pub use behind::{Glance, behind, keep_up};
pub use changes::{
    ChangeRow, ChangedRequest, Which, changes, count_changes, first_untold, insert_changes, told,
};

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
