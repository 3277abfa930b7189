//! The register of complaints (举报投诉): one row a complaint, with its history.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::complaints;
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::complaint::{ComplaintState, Finding};

/// A row of `complaints`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = complaints, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ComplaintRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency complained about.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Its number in the register.
    pub number: String,
    /// Where it stands.
    pub state: ComplaintState,
    /// Day it came.
    pub received_on: NaiveDate,
    /// Last day of the general duty limit.
    pub due_on: NaiveDate,
    /// Last day for the agency's statement, once it was asked.
    pub statement_due_on: Option<NaiveDate>,
    /// The request it is about, if it is about one.
    pub request_id: Maybe<Uuid>,
    /// Name and contact of the complainant, encrypted.
    pub complainant_cipher: String,
    /// What is complained about.
    pub content: String,
    /// The steps taken, oldest first.
    #[diesel(serialize_as = DbDoc)]
    pub history: Value,
    /// What was found.
    pub finding: Option<Finding>,
    /// Day it was concluded.
    pub concluded_on: Option<NaiveDate>,
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
}

/// Enters a complaint.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for a number given twice.
pub fn insert(conn: &mut Conn, row: ComplaintRow) -> Result<(), StoreError> {
    diesel::insert_into(complaints::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: ComplaintRow) -> Result<ComplaintRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = ComplaintRow { version: read + 1, ..row };
    let changed = diesel::update(complaints::table.find(DbId(id)))
        .filter(complaints::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The complaint with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<ComplaintRow>, StoreError> {
    let found = complaints::table.find(DbId(id)).select(ComplaintRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The register of these agencies, or of all, newest first; only complaints about which the agency
/// was `asked`, if so wanted.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(
    conn: &mut Conn,
    agencies: Option<Vec<Uuid>>,
    asked: bool,
    (after, limit): (Option<Uuid>, i64),
) -> Result<Vec<ComplaintRow>, StoreError> {
    let mut query =
        complaints::table.select(ComplaintRow::as_select()).into_boxed::<MultiBackend>();
    if let Some(agencies) = agencies {
        let ids: Vec<DbId> = agencies.into_iter().map(DbId).collect();
        query = query.filter(complaints::agency_id.eq_any(ids));
    }
    if asked {
        query = query.filter(complaints::statement_due_on.is_not_null());
    }
    if let Some(after) = after {
        query = query.filter(complaints::id.lt(DbId(after)));
    }
    Ok(query.order(complaints::id.desc()).limit(limit).load(conn)?)
}
