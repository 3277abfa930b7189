//! Agencies (行政机关) and their receiving offices (受理机构).

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{
    agencies, complaints, deputyships, reason_texts, record_corrections, reminders, units, users,
};
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `agencies`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agencies, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct AgencyRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Serial number, part of request numbers, 1–999.
    pub serial: i32,
    /// Full name, unique.
    pub name: String,
    /// Name for lists and narrow columns.
    pub short_name: String,
    /// 机关代字, the letters in a 文号.
    pub code_word: String,
    /// `county_government`, `county_department` or `township`.
    pub level: String,
    /// Name of the county or township it serves.
    pub region: String,
    /// 受理机构.
    pub office_name: String,
    /// Postal address of the office.
    pub address: String,
    /// Postcode.
    pub postcode: String,
    /// Telephone.
    pub phone: String,
    /// Fax, empty when there is none.
    pub fax: String,
    /// E-mail address, empty when there is none.
    pub email: String,
    /// Office hours in words.
    pub office_hours: String,
    /// Channels announced in the 指南.
    #[diesel(serialize_as = DbDoc)]
    pub channels: Value,
    /// 复议机关.
    pub review_body: String,
    /// 管辖法院.
    pub court: String,
    /// Address of the review body's online service, where it has one.
    pub review_online_url: Option<String>,
    /// Pattern of a 文号.
    pub number_pattern: String,
    /// Agency-level settings.
    #[diesel(serialize_as = DbDoc)]
    pub settings: Value,
    /// Whether new requests can be filed with it.
    pub active: bool,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// The agency whose supervisors oversee it.
    pub parent_id: Maybe<Uuid>,
    /// The agency that took it over.
    pub merged_into: Maybe<Uuid>,
    /// The day it was taken over.
    pub merged_on: Option<NaiveDate>,
    /// The document that ordered it.
    pub merged_by: Option<String>,
}

/// Enters an agency.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `agencies_name_key`.
pub fn insert(conn: &mut Conn, row: AgencyRow) -> Result<(), StoreError> {
    diesel::insert_into(agencies::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`], [`StoreError::UniqueViolation`].
pub fn update(conn: &mut Conn, row: AgencyRow) -> Result<AgencyRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = AgencyRow { version: read + 1, ..row };
    let changed = diesel::update(agencies::table.find(DbId(id)))
        .filter(agencies::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The agency with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<AgencyRow, StoreError> {
    find(conn, id)?.ok_or(StoreError::NotFound)
}

/// The agency with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<AgencyRow>, StoreError> {
    let found = agencies::table.find(DbId(id)).select(AgencyRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The agency with exactly this name, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<AgencyRow>, StoreError> {
    let found = agencies::table
        .filter(agencies::name.eq(name))
        .select(AgencyRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}

/// All agencies in the order they were entered (ids are UUID v7); a county has some dozens.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, only_active: bool) -> Result<Vec<AgencyRow>, StoreError> {
    let mut query = agencies::table.select(AgencyRow::as_select()).into_boxed::<MultiBackend>();
    if only_active {
        query = query.filter(agencies::active.eq(true));
    }
    Ok(query.order(agencies::id).load(conn)?)
}

/// Gives everything but its requests from one agency to another: people, units, deputyships, the
/// register of corrections, the agencies below it. A unit whose name is taken gets `mark` behind it.
///
/// # Errors
///
/// Only failures of the database.
pub fn hand_over_all(
    conn: &mut Conn,
    from: Uuid,
    into: Uuid,
    mark: &str,
) -> Result<(), StoreError> {
    let (from_id, into_id) = (DbId(from), DbId(into));
    let names = units::table.filter(units::agency_id.eq(into_id)).select(units::name);
    let names: Vec<String> = names.load(conn)?;
    diesel::update(
        units::table.filter(units::agency_id.eq(from_id)).filter(units::name.eq_any(names)),
    )
    .set(units::name.eq(units::name.concat(mark)))
    .execute(conn)?;
    diesel::update(units::table.filter(units::agency_id.eq(from_id)))
        .set(units::agency_id.eq(into_id))
        .execute(conn)?;
    diesel::update(users::table.filter(users::agency_id.eq(Some(from))))
        .set(users::agency_id.eq(Some(into)))
        .execute(conn)?;
    diesel::update(deputyships::table.filter(deputyships::agency_id.eq(from_id)))
        .set(deputyships::agency_id.eq(into_id))
        .execute(conn)?;
    diesel::update(record_corrections::table.filter(record_corrections::agency_id.eq(from_id)))
        .set(record_corrections::agency_id.eq(into_id))
        .execute(conn)?;
    diesel::update(complaints::table.filter(complaints::agency_id.eq(from_id)))
        .set(complaints::agency_id.eq(into_id))
        .execute(conn)?;
    diesel::update(reminders::table.filter(reminders::agency_id.eq(from_id)))
        .set(reminders::agency_id.eq(into_id))
        .execute(conn)?;
    diesel::update(reason_texts::table.filter(reason_texts::agency_id.eq(Some(from))))
        .set(reason_texts::agency_id.eq(Some(into)))
        .execute(conn)?;
    diesel::update(agencies::table.filter(agencies::parent_id.eq(Some(from))))
        .set(agencies::parent_id.eq(Some(into)))
        .execute(conn)?;
    Ok(())
}
