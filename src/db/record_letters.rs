//! The letters of the register of corrections (更正申请), frozen as they were written.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::record_letters;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `record_letters`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = record_letters, check_for_backend(MultiBackend))]
pub struct RecordLetterRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The entry it belongs to.
    #[diesel(serialize_as = DbId)]
    pub record_correction_id: Uuid,
    /// Which step of the entry it tells, from 1.
    pub n: i32,
    /// 文号.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The whole text, encrypted: it names the applicant.
    pub content_cipher: String,
    /// SHA-256 of the text in canonical form.
    pub content_sha256: String,
    /// The date it bears.
    pub issued_on: NaiveDate,
    /// When it was written.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
}

/// Enters a letter.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for a second letter of the same step.
pub fn insert(conn: &mut Conn, row: RecordLetterRow) -> Result<(), StoreError> {
    diesel::insert_into(record_letters::table).values(row).execute(conn)?;
    Ok(())
}

/// The letters of an entry, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_entry(conn: &mut Conn, entry: Uuid) -> Result<Vec<RecordLetterRow>, StoreError> {
    Ok(record_letters::table
        .filter(record_letters::record_correction_id.eq(DbId(entry)))
        .order(record_letters::n)
        .select(RecordLetterRow::as_select())
        .load(conn)?)
}
