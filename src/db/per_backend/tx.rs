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
    AnsiTransactionManager, Connection, SimpleConnection, TransactionDepthChange,
    TransactionManager, TransactionManagerStatus,
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
    attempt(conn, begin_write, f).result
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
    attempt(conn, begin_read, f).result
}

/// How running something in a transaction ended.
pub(crate) struct Outcome<T, E> {
    /// What the caller is told.
    pub(crate) result: Result<T, E>,
    /// Set when the transaction machinery itself failed, and any transaction round this one can no
    /// longer be trusted: SQLite, for one, rolls back *everything* when the disk is full.
    pub(crate) broken: Option<StoreError>,
}

/// Like [`write_tx`], but tells a refusal of `f` from a failure of the transaction itself.
pub(crate) fn attempt<T, E>(
    conn: &mut Conn,
    begin: fn(&mut Conn, u32) -> Result<(), StoreError>,
    f: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Outcome<T, E>
where
    E: From<StoreError>,
{
    let failed =
        |error: StoreError| Outcome { result: Err(E::from(error.clone())), broken: Some(error) };
    let outside = match depth(conn) {
        Ok(outside) => outside,
        Err(error) => return failed(error),
    };
    if let Err(error) = begin(conn, outside) {
        return failed(error);
    }
    let result = catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|panic| Err(E::from(StoreError::Panicked(panic_text(&*panic)))));
    let result = result.and_then(|value| commit(conn).map(|()| value).map_err(E::from));
    match return_to(conn, outside) {
        Ok(()) => Outcome { result, broken: None },
        // Its own refusal says more than that the transaction is gone.
        Err(error) => Outcome {
            result: result.and_then(|_lost| Err(E::from(error.clone()))),
            broken: Some(error),
        },
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
///
/// PostgreSQL answers COMMIT with success even when an earlier statement failed and everything was
/// rolled back. A statement before it, in the same message, makes that an error: a closure that
/// ignored the failure of a statement must not be told that its writes are kept.
pub(crate) fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    let outermost = depth(conn)? == 1;
    match conn {
        Conn::Pg(c) if outermost => {
            c.batch_execute("SELECT 1; COMMIT")?;
            // diesel notices by itself that libpq is idle again, and resets the depth; if not:
            if let TransactionManagerStatus::Valid(status) =
                AnsiTransactionManager::transaction_manager_status_mut(c)
                && status.transaction_depth().is_some()
            {
                status.change_transaction_depth(TransactionDepthChange::DecreaseDepth)?;
            }
        }
        _ => Manager::commit_transaction(conn)?,
    }
    Ok(())
}

/// Rolls back until only `outside` transactions and savepoints are open: a refusal leaves one
/// behind, a panic several.
///
/// # Errors
///
/// Also when fewer are open: the database has ended a transaction that was not ours to end.
pub(crate) fn return_to(conn: &mut Conn, outside: u32) -> Result<(), StoreError> {
    while depth(conn)? > outside {
        Manager::rollback_transaction(conn)?;
    }
    if depth(conn)? < outside {
        let message = "the database ended the whole transaction by itself";
        return Err(StoreError::Unavailable(message.to_owned()));
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
