//! The picture of each agency's seal (印章图片). The bytes lie in the file store under their digest, for good:
//! issued notices refer to them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::seal_pictures;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `seal_pictures`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = seal_pictures, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct SealPictureRow {
    /// The agency.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// SHA-256 of the picture, 64 hex digits.
    pub sha256: String,
    /// Points across.
    pub width: i32,
    /// Points down.
    pub height: i32,
    /// Whether notices issued from now on bear it.
    pub in_use: bool,
    /// Who uploaded it.
    #[diesel(serialize_as = DbId)]
    pub uploaded_by: Uuid,
    /// Version of this row, from 1.
    pub version: i32,
    /// When the first picture came.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters the first picture of an agency.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when somebody else was first.
pub fn insert(conn: &mut Conn, row: SealPictureRow) -> Result<(), StoreError> {
    diesel::insert_into(seal_pictures::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: SealPictureRow) -> Result<SealPictureRow, StoreError> {
    let (agency, read) = (row.agency_id, row.version);
    let next = SealPictureRow { version: read + 1, ..row };
    let changed = diesel::update(seal_pictures::table.find(DbId(agency)))
        .filter(seal_pictures::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, agency).map(|found| found.is_some()))?;
    Ok(next)
}

/// The picture of an agency, if it has one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, agency: Uuid) -> Result<Option<SealPictureRow>, StoreError> {
    let row = seal_pictures::table
        .find(DbId(agency))
        .select(SealPictureRow::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row)
}
