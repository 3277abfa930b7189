//! When work that comes round every day was last done to its end: for the health check.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::per_backend::portable::Portable;
use super::schema::rounds;
use super::types::DbAt;
use super::{Conn, StoreError};

/// Notes that a round is done.
///
/// # Errors
///
/// Only failures of the database.
pub fn done(
    conn: &mut Conn,
    name: &str,
    (on, at): (NaiveDate, DateTime<Utc>),
) -> Result<(), StoreError> {
    let values = (rounds::done_on.eq(on), rounds::done_at.eq(DbAt(at)));
    let insert = diesel::insert_into(rounds::table)
        .values((rounds::name.eq(name), values))
        .on_conflict(rounds::name)
        .do_update()
        .set(values);
    Portable(insert).execute(conn)?;
    Ok(())
}

/// The day on which it was last done; none if never.
///
/// # Errors
///
/// Only failures of the database.
pub fn last(conn: &mut Conn, name: &str) -> Result<Option<NaiveDate>, StoreError> {
    let found = rounds::table.find(name).select(rounds::done_on).get_result(conn);
    Ok(found.optional()?)
}
