//! What the check for hidden data found, by the digest of the file.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::per_backend::portable::Portable;
use super::schema::file_findings;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `file_findings`. Rows do not change: other rules make another row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = file_findings, check_for_backend(MultiBackend))]
pub struct FileFindingsRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// SHA-256 of the bytes, 64 hex digits.
    pub sha256: String,
    /// Media type as which they were read.
    pub kind: String,
    /// Version of the rules.
    pub rules: i32,
    /// What was found, as JSON; sealed.
    pub findings_cipher: String,
    /// When.
    #[diesel(serialize_as = DbAt)]
    pub checked_at: DateTime<Utc>,
}

/// Keeps what was found; what is known already stays.
///
/// # Errors
///
/// Only failures of the database.
pub fn keep(conn: &mut Conn, row: FileFindingsRow) -> Result<(), StoreError> {
    let key = (file_findings::sha256, file_findings::kind, file_findings::rules);
    let insert =
        diesel::insert_into(file_findings::table).values(row).on_conflict(key).do_nothing();
    Portable(insert).execute(conn)?;
    Ok(())
}

/// What these rules found in these bytes, if they were applied.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(
    conn: &mut Conn,
    sha256: &str,
    kind: &str,
    rules: i32,
) -> Result<Option<FileFindingsRow>, StoreError> {
    let found = file_findings::table
        .filter(file_findings::sha256.eq(sha256))
        .filter(file_findings::kind.eq(kind))
        .filter(file_findings::rules.eq(rules));
    Ok(found.select(FileFindingsRow::as_select()).get_result(conn).optional()?)
}
