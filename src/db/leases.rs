//! Leases: who may run a task that must not run twice, and until when.
//!
//! The epoch rises each time the holder changes. Work that was begun under an old epoch is refused
//! by [`check`] inside the transaction that would write its result: a holder that slept past its
//! time cannot spoil what its successor does.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::per_backend::dialect;
use super::schema::leases;
use super::types::{DbAt, DbTs};
use super::{Conn, MultiBackend, StoreError};

/// A row of `leases`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = leases, check_for_backend(MultiBackend))]
pub struct LeaseRow {
    /// Name of the task.
    pub name: String,
    /// Who holds it: an id of the process.
    pub holder: String,
    /// Until when.
    pub until_at: DateTime<Utc>,
    /// Rises with each change of holder, from 1.
    pub epoch: i64,
}

#[derive(QueryableByName)]
struct Epoch {
    #[diesel(sql_type = BigInt)]
    epoch: i64,
}

/// Takes or renews a lease until `until`; returns its epoch, or `None` while another holds it.
///
/// # Errors
///
/// Only failures of the database.
pub fn acquire(
    conn: &mut Conn,
    name: &str,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let sql = dialect::sql(
        conn,
        "INSERT INTO leases (name, holder, until_at, epoch) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at, \
         epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END \
         WHERE leases.holder = excluded.holder OR leases.until_at <= $4 RETURNING epoch",
    );
    let row: Option<Epoch> = diesel::sql_query(sql)
        .bind::<Text, _>(name)
        .bind::<Text, _>(holder)
        .bind::<DbTs, _>(DbAt(until))
        .bind::<DbTs, _>(DbAt(now))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|row| row.epoch))
}

/// Gives a lease back early, so that the next need not wait. The epoch stays.
///
/// # Errors
///
/// Only failures of the database; giving back what one does not hold is no error.
pub fn release(
    conn: &mut Conn,
    name: &str,
    holder: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(leases::table.find(name))
        .filter(leases::holder.eq(holder))
        .set(leases::until_at.eq(DbAt(now)))
        .execute(conn)?;
    Ok(())
}

/// Refuses to go on when the lease has passed to someone else since `epoch`. Call it first in the
/// writing transaction.
///
/// # Errors
///
/// [`StoreError::Stale`].
pub fn check(conn: &mut Conn, name: &str, epoch: i64) -> Result<(), StoreError> {
    // An update that changes nothing: on PostgreSQL it holds the row until the commit, so that the
    // lease cannot pass on between this check and the writes that follow.
    let held = diesel::update(leases::table.find(name))
        .filter(leases::epoch.eq(epoch))
        .set(leases::epoch.eq(epoch))
        .execute(conn)?;
    if held == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The lease as it stands, if it was ever taken.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, name: &str) -> Result<Option<LeaseRow>, StoreError> {
    Ok(leases::table.find(name).select(LeaseRow::as_select()).get_result(conn).optional()?)
}
