//! Units (内设机构): the divisions inside an agency.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::units;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `units`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = units, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct UnitRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency it belongs to.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Name, unique in its agency.
    pub name: String,
    /// Whether people can be placed in it.
    pub active: bool,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters a unit.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `units_agency_id_name_key`.
pub fn insert(conn: &mut Conn, row: UnitRow) -> Result<(), StoreError> {
    diesel::insert_into(units::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`], [`StoreError::UniqueViolation`].
pub fn update(conn: &mut Conn, row: UnitRow) -> Result<UnitRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = UnitRow { version: read + 1, ..row };
    let changed = diesel::update(units::table.find(DbId(id)))
        .filter(units::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The unit with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<UnitRow>, StoreError> {
    let found = units::table.find(DbId(id)).select(UnitRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The units of an agency in the order they were entered, those no longer in use too.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_agency(conn: &mut Conn, agency: Uuid) -> Result<Vec<UnitRow>, StoreError> {
    Ok(units::table
        .filter(units::agency_id.eq(DbId(agency)))
        .order(units::id.asc())
        .select(UnitRow::as_select())
        .load(conn)?)
}
