//! The open requests by whose desk they lie on.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::requests;
use super::types::DbId;
use super::{Conn, StoreError};

/// How many open requests are an officer's, of whichever agency.
///
/// # Errors
///
/// Only failures of the database.
pub fn desk_size(conn: &mut Conn, officer: Uuid) -> Result<i64, StoreError> {
    Ok(requests::table
        .filter(requests::officer_id.eq(Some(officer)))
        .filter(requests::open.eq(true))
        .count()
        .get_result(conn)?)
}

/// The open requests of an agency by officer: how many, and how many of them are past their last day.
///
/// # Errors
///
/// Only failures of the database.
pub fn desks(
    conn: &mut Conn,
    agency: Uuid,
    today: NaiveDate,
) -> Result<Vec<(Option<Uuid>, i64, i64)>, StoreError> {
    use diesel::dsl::count_star;
    let open = requests::table
        .filter(requests::agency_id.eq(DbId(agency)))
        .filter(requests::open.eq(true))
        .group_by(requests::officer_id)
        .select((requests::officer_id, count_star()));
    let late = open.filter(requests::due_on.lt(Some(today)));
    let late: Vec<(Option<Uuid>, i64)> = late.load(conn)?;
    let all: Vec<(Option<Uuid>, i64)> = open.load(conn)?;
    let late_of = |officer| late.iter().find(|(of, _)| *of == officer).map_or(0, |(_, n)| *n);
    Ok(all.into_iter().map(|(officer, n)| (officer, n, late_of(officer))).collect())
}

/// The open requests of an agency that are an officer's, those that press most first.
///
/// # Errors
///
/// Only failures of the database.
pub fn desk(conn: &mut Conn, agency: Uuid, officer: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(requests::table
        .filter(requests::officer_id.eq(Some(officer)))
        .filter(requests::open.eq(true))
        .filter(requests::agency_id.eq(DbId(agency)))
        .order((requests::queue_on.asc(), requests::id.asc()))
        .select(requests::id)
        .load(conn)?)
}
