//! What leaves an agency by post: notices on record as sent on a day, and those that still lie there.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use uuid::Uuid;

use super::deliveries::DeliveryRow;
use super::notices::NoticeRow;
use super::schema::{deliveries, notices, requests};
use super::types::DbId;
use super::{Conn, StoreError};
use crate::domain::event::ServiceMethod;
use crate::domain::notice::{NoticeKind, NoticeStatus};

/// Attempts of an agency by one of these methods on a day that stand, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn sent_on(
    conn: &mut Conn,
    agency: Uuid,
    on: NaiveDate,
    methods: &[ServiceMethod],
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let own = requests::table.filter(requests::agency_id.eq(DbId(agency))).select(requests::id);
    Ok(deliveries::table
        .filter(deliveries::sent_on.eq(on))
        .filter(deliveries::method.eq_any(methods.to_vec()))
        .filter(deliveries::revoked_on.is_null())
        .filter(deliveries::request_id.eq_any(own))
        .order(deliveries::id.asc())
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)?)
}

/// Issued notices of an agency's open requests, but for those of some kinds, of which no attempt stands
/// that has not come back; oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn unsent(
    conn: &mut Conn,
    agency: Uuid,
    but: &[NoticeKind],
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let own = requests::table
        .filter(requests::agency_id.eq(DbId(agency)))
        .filter(requests::open.eq(true))
        .select(requests::id);
    let under_way = deliveries::table
        .filter(deliveries::notice_id.eq(notices::id))
        .filter(deliveries::revoked_on.is_null())
        .filter(deliveries::returned_on.is_null());
    Ok(notices::table
        .filter(notices::status.eq(NoticeStatus::Issued))
        .filter(notices::kind.ne_all(but.to_vec()))
        .filter(notices::request_id.eq_any(own))
        .filter(not(exists(under_way)))
        .order(notices::id.asc())
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(conn)?)
}

/// The notices with these ids, in no order.
///
/// # Errors
///
/// Only failures of the database.
pub fn notices_of(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<NoticeRow>, StoreError> {
    let ids: Vec<DbId> = ids.iter().copied().map(DbId).collect();
    Ok(notices::table.filter(notices::id.eq_any(ids)).select(NoticeRow::as_select()).load(conn)?)
}
