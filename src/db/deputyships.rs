//! Deputyships (代理): who acts for whom, from when to when.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::deputyships;
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `deputyships`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deputyships, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct DeputyshipRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Agency of both.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Who is absent.
    #[diesel(serialize_as = DbId)]
    pub absent_id: Uuid,
    /// Who acts for them.
    #[diesel(serialize_as = DbId)]
    pub deputy_id: Uuid,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who appointed them.
    #[diesel(serialize_as = DbId)]
    pub appointed_by: Uuid,
    /// Day from which it holds no longer, if it was ended early.
    pub ended_on: Option<NaiveDate>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters a deputyship.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`], [`StoreError::CheckViolation`].
pub fn insert(conn: &mut Conn, row: DeputyshipRow) -> Result<(), StoreError> {
    diesel::insert_into(deputyships::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: DeputyshipRow) -> Result<DeputyshipRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = DeputyshipRow { version: read + 1, ..row };
    let changed = diesel::update(deputyships::table.find(DbId(id)))
        .filter(deputyships::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The deputyship with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<DeputyshipRow>, StoreError> {
    let found =
        deputyships::table.find(DbId(id)).select(DeputyshipRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// All deputyships of an agency, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_agency(conn: &mut Conn, agency: Uuid) -> Result<Vec<DeputyshipRow>, StoreError> {
    Ok(deputyships::table
        .filter(deputyships::agency_id.eq(DbId(agency)))
        .order(deputyships::id.asc())
        .select(DeputyshipRow::as_select())
        .load(conn)?)
}

/// The deputyships under which a person acts for somebody on a day.
///
/// # Errors
///
/// Only failures of the database.
pub fn in_force(
    conn: &mut Conn,
    deputy: Uuid,
    on: NaiveDate,
) -> Result<Vec<DeputyshipRow>, StoreError> {
    Ok(deputyships::table
        .filter(deputyships::deputy_id.eq(DbId(deputy)))
        .filter(deputyships::from_on.le(on))
        .filter(deputyships::until_on.ge(on))
        .filter(deputyships::ended_on.is_null().or(deputyships::ended_on.gt(on)))
        .order(deputyships::id.asc())
        .select(DeputyshipRow::as_select())
        .load(conn)?)
}

/// All deputyships under which somebody acts for somebody on a day.
///
/// # Errors
///
/// Only failures of the database.
pub fn all_in_force(conn: &mut Conn, on: NaiveDate) -> Result<Vec<DeputyshipRow>, StoreError> {
    Ok(deputyships::table
        .filter(deputyships::from_on.le(on))
        .filter(deputyships::until_on.ge(on))
        .filter(deputyships::ended_on.is_null().or(deputyships::ended_on.gt(on)))
        .order(deputyships::id.asc())
        .select(DeputyshipRow::as_select())
        .load(conn)?)
}
