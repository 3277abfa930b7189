//! The register of corrections of records (更正申请): one row an application, with its history.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::record_corrections;
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::record_correction::RecordState;

/// A row of `record_corrections`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = record_corrections, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RecordCorrectionRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency asked.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Its number in the register.
    pub number: String,
    /// Where it stands.
    pub state: RecordState,
    /// Day it came.
    pub received_on: NaiveDate,
    /// Last day of the general duty limit.
    pub due_on: NaiveDate,
    /// Name of the applicant; masked on its way out.
    pub applicant_name: String,
    /// The identity number, encrypted.
    pub identity_cipher: String,
    /// What was asked, without the identity number.
    #[diesel(serialize_as = DbDoc)]
    pub form: Value,
    /// The steps taken, oldest first.
    #[diesel(serialize_as = DbDoc)]
    pub history: Value,
    /// Day of the answer to the applicant.
    pub answered_on: Option<NaiveDate>,
    /// Who entered it.
    #[diesel(serialize_as = DbId)]
    pub recorded_by: Uuid,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// HMAC over the entry; empty for one made before entries were attested.
    pub seal: String,
}

/// Enters an application.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for a number given twice.
pub fn insert(conn: &mut Conn, row: RecordCorrectionRow) -> Result<(), StoreError> {
    diesel::insert_into(record_corrections::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(
    conn: &mut Conn,
    row: RecordCorrectionRow,
) -> Result<RecordCorrectionRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = RecordCorrectionRow { version: read + 1, ..row };
    let changed = diesel::update(record_corrections::table.find(DbId(id)))
        .filter(record_corrections::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The application with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<RecordCorrectionRow>, StoreError> {
    let found = record_corrections::table
        .find(DbId(id))
        .select(RecordCorrectionRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}

/// Entries that are not attested yet, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn unattested(conn: &mut Conn, limit: i64) -> Result<Vec<RecordCorrectionRow>, StoreError> {
    let query = record_corrections::table.filter(record_corrections::seal.eq(""));
    Ok(query.select(RecordCorrectionRow::as_select()).limit(limit).load(conn)?)
}

/// Entries after `after` in the order of their ids, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn after(
    conn: &mut Conn,
    after: Uuid,
    limit: i64,
) -> Result<Vec<RecordCorrectionRow>, StoreError> {
    let query = record_corrections::table.filter(record_corrections::id.gt(DbId(after)));
    let query = query.select(RecordCorrectionRow::as_select());
    Ok(query.order(record_corrections::id).limit(limit).load(conn)?)
}

/// The register of some agencies, or of all, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(
    conn: &mut Conn,
    agencies: Option<Vec<Uuid>>,
    limit: i64,
) -> Result<Vec<RecordCorrectionRow>, StoreError> {
    let mut query = record_corrections::table
        .select(RecordCorrectionRow::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(agencies) = agencies {
        let agencies: Vec<DbId> = agencies.into_iter().map(DbId).collect();
        query = query.filter(record_corrections::agency_id.eq_any(agencies));
    }
    Ok(query.order(record_corrections::id.desc()).limit(limit).load(conn)?)
}
