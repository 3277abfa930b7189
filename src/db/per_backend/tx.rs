//! Transactions: the one write path of both backends.
//!
//! SQLite begins writing transactions with `BEGIN IMMEDIATE`. A deferred one that reads first and
//! writes later fails at once with "database is locked" when another has written in between; no
//! time-out helps. PostgreSQL runs at READ COMMITTED: whoever reads and then writes must compare and
//! set (a version column) or write by one statement (`last_n = last_n + 1`).
//!
//! Nothing is retried here. A deadlock on PostgreSQL becomes [`StoreError::Busy`] and the caller
//! decides: a closure may have had effects that must not happen twice.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::{
    AnsiTransactionManager, Connection, TransactionManager, TransactionManagerStatus,
};

use crate::db::{Conn, StoreError};

type Manager = <Conn as Connection>::TransactionManager;

/// Runs `f` in a writing transaction, or in a savepoint when one is open already. Commits when `f`
/// returns `Ok`, rolls back when it returns `Err` or panics.
///
/// # Errors
///
/// What `f` returned; [`StoreError::Panicked`] when it panicked; any [`StoreError`] when beginning
/// or committing failed.
pub fn write_tx<T, E>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError>,
{
    attempt(conn, begin_write, f).unwrap_or_else(|broken| Err(E::from(broken)))
}

/// Runs `f` so that all its queries see one state of the database, and nothing is written.
///
/// Costs two more round trips on PostgreSQL; a single query needs no such care.
///
/// # Errors
///
/// What `f` returned, or a [`StoreError`] when the transaction could not be opened.
pub fn read_tx<T, E>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError>,
{
    attempt(conn, begin_read, f).unwrap_or_else(|broken| Err(E::from(broken)))
}

/// Like [`write_tx`], but keeps two kinds of failure apart: the inner result is what `f` did, the
/// outer error means that the transaction machinery itself failed and any transaction round this
/// one can no longer be trusted.
pub(crate) fn attempt<T, E>(
    conn: &mut Conn,
    begin: fn(&mut Conn, u32) -> Result<(), StoreError>,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<Result<T, E>, StoreError>
where
    E: From<StoreError>,
{
    let outside = depth(conn)?;
    begin(conn, outside)?;
    let result = catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|panic| Err(E::from(StoreError::Panicked(panic_text(&*panic)))));
    match result {
        Ok(value) => {
            commit(conn)?;
            Ok(Ok(value))
        }
        Err(error) => {
            roll_back_to(conn, outside)?;
            Ok(Err(error))
        }
    }
}

/// Begins a writing transaction at depth 0, a savepoint further in.
pub(crate) fn begin_write(conn: &mut Conn, depth: u32) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(c) if depth == 0 => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?;
        }
        _ => Manager::begin_transaction(conn)?,
    }
    Ok(())
}

/// Begins a transaction that reads one state of the database.
fn begin_read(conn: &mut Conn, depth: u32) -> Result<(), StoreError> {
    match conn {
        Conn::Pg(c) if depth == 0 => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
        _ => Manager::begin_transaction(conn)?,
    }
    Ok(())
}

/// Commits the innermost transaction or releases the innermost savepoint.
pub(crate) fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(Manager::commit_transaction(conn)?)
}

/// Rolls back until only `outside` transactions and savepoints are open: a panic may have left
/// several behind.
pub(crate) fn roll_back_to(conn: &mut Conn, outside: u32) -> Result<(), StoreError> {
    while depth(conn)? > outside {
        Manager::rollback_transaction(conn)?;
    }
    Ok(())
}

/// How many transactions and savepoints are open on the connection.
pub(crate) fn depth(conn: &mut Conn) -> Result<u32, StoreError> {
    let depth = Manager::transaction_manager_status_mut(conn).transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZeroU32::get))
}

/// Whether the connection can be used for the next transaction.
pub(crate) fn is_clean(conn: &mut Conn) -> bool {
    matches!(
        Manager::transaction_manager_status_mut(conn),
        TransactionManagerStatus::Valid(status) if status.transaction_depth().is_none()
    )
}

/// The message of a panic, where it has one.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without message".to_owned())
}
