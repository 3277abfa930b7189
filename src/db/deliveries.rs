//! Records of service (送达): one row per attempt, with the two dates that count.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::deliveries;
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::event::ServiceMethod;

/// A row of `deliveries`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deliveries, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct DeliveryRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The notice.
    #[diesel(serialize_as = DbId)]
    pub notice_id: Uuid,
    /// Its request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// How it went.
    pub method: ServiceMethod,
    /// Day it left the agency.
    pub sent_on: NaiveDate,
    /// 邮件号码.
    pub tracking_number: Option<String>,
    /// The day that counts for the agency.
    pub agency_completion_on: Option<NaiveDate>,
    /// The day that counts for the applicant.
    pub served_on: Option<NaiveDate>,
    /// Day it came back.
    pub returned_on: Option<NaiveDate>,
    /// Why.
    pub return_reason: Option<String>,
    /// Scan of the slip or receipt.
    pub evidence_file_id: Maybe<Uuid>,
    /// What proves it, in words.
    pub evidence_note: String,
    /// Who recorded it.
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
    /// What the 送达回证 says beside method and dates.
    #[diesel(serialize_as = DbDoc)]
    pub slip: Value,
    /// Day the record was taken back as wrong.
    pub revoked_on: Option<NaiveDate>,
    /// Why.
    pub revoke_reason: Option<String>,
}

/// Enters an attempt.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown notice.
pub fn insert(conn: &mut Conn, row: DeliveryRow) -> Result<(), StoreError> {
    diesel::insert_into(deliveries::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: DeliveryRow) -> Result<DeliveryRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = DeliveryRow { version: read + 1, ..row };
    let changed = diesel::update(deliveries::table.find(DbId(id)))
        .filter(deliveries::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || {
        deliveries::table
            .find(DbId(id))
            .count()
            .get_result::<i64>(conn)
            .map(|n| n > 0)
            .map_err(StoreError::from)
    })?;
    Ok(next)
}

/// The attempts to serve a notice, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_notice(conn: &mut Conn, notice: Uuid) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(deliveries::table
        .filter(deliveries::notice_id.eq(DbId(notice)))
        .order(deliveries::id.asc())
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// The attempt with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<DeliveryRow>, StoreError> {
    let found = deliveries::table.find(DbId(id)).select(DeliveryRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// All attempts of a request, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(deliveries::table
        .filter(deliveries::request_id.eq(DbId(request)))
        .order(deliveries::id.asc())
        .select(DeliveryRow::as_select())
        .load(conn)?)
}
