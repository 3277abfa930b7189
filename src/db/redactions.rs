//! Masked copies of files (区分处理) and where they stand.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::redactions;
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::redaction::RedactionState;

/// A row of `redactions`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = redactions, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RedactionRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// What it was made from.
    #[diesel(serialize_as = DbId)]
    pub file_id: Uuid,
    /// Name of the copy.
    pub name: String,
    /// Where it stands.
    pub state: RedactionState,
    /// The masks, words resolved to boxes.
    #[diesel(serialize_as = DbDoc)]
    pub masks: Value,
    /// Pages of the copy, with the list of masks.
    pub pages: i32,
    /// Where the file store keeps the copy; none once it was thrown away.
    pub result_key: Option<String>,
    /// SHA-256 of the copy, 64 hex digits.
    pub result_sha256: String,
    /// Its length.
    pub result_bytes: i64,
    /// Who made it.
    #[diesel(serialize_as = DbId)]
    pub made_by: Uuid,
    /// Who decided on it.
    pub decided_by: Maybe<Uuid>,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why it was thrown away.
    pub reason: String,
    /// The file it became.
    pub result_file_id: Maybe<Uuid>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was made.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters a masked copy whose bytes are stored already.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert(conn: &mut Conn, row: RedactionRow) -> Result<(), StoreError> {
    diesel::insert_into(redactions::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: RedactionRow) -> Result<RedactionRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = RedactionRow { version: read + 1, ..row };
    let changed = diesel::update(redactions::table.find(DbId(id)))
        .filter(redactions::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    Ok(next)
}

/// The masked copy with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<RedactionRow>, StoreError> {
    let found = redactions::table.find(DbId(id)).select(RedactionRow::as_select());
    Ok(found.get_result(conn).optional()?)
}

/// The masked copies of a request, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<RedactionRow>, StoreError> {
    Ok(redactions::table
        .filter(redactions::request_id.eq(DbId(request)))
        .order(redactions::id)
        .select(RedactionRow::as_select())
        .load(conn)?)
}

/// Whether a stored object is a masked copy.
///
/// # Errors
///
/// Only failures of the database.
pub fn is_known(conn: &mut Conn, storage_key: &str) -> Result<bool, StoreError> {
    let known = redactions::table.filter(redactions::result_key.eq(storage_key));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}
