//! Attachments and evidence: what is known about each file. The bytes lie in the file store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::files;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `files`. Rows do not change: another file is another row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct FileRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The request it belongs to.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// What it is for, a stable snake_case name.
    pub purpose: String,
    /// File name as the sender gave it.
    pub name: String,
    /// Media type as sniffed, not as claimed.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the bytes, 64 hex digits.
    pub sha256: String,
    /// Where the file store keeps it; ASCII, unique.
    pub storage_key: String,
    /// Who uploaded it; none for the applicant.
    pub uploaded_by: Option<Uuid>,
    /// When it came.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
}

/// Enters a file whose bytes are stored already.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `files_storage_key_key`, [`StoreError::ForeignKeyViolation`].
pub fn insert(conn: &mut Conn, row: FileRow) -> Result<(), StoreError> {
    diesel::insert_into(files::table).values(row).execute(conn)?;
    Ok(())
}

/// The file with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<FileRow, StoreError> {
    Ok(files::table.find(DbId(id)).select(FileRow::as_select()).get_result(conn)?)
}

/// The files of a request in the order they came.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<FileRow>, StoreError> {
    Ok(files::table
        .filter(files::request_id.eq(DbId(request)))
        .order(files::id)
        .select(FileRow::as_select())
        .load(conn)?)
}

/// Whether a stored object is known, so that a sweep can find what nobody refers to.
///
/// # Errors
///
/// Only failures of the database.
pub fn is_known(conn: &mut Conn, storage_key: &str) -> Result<bool, StoreError> {
    let known = files::table.filter(files::storage_key.eq(storage_key));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}
