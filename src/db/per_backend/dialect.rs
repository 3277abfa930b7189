//! SQL texts that differ in a word between the backends.

use diesel::connection::SimpleConnection;

use crate::db::{Conn, StoreError};

/// Makes one SQL text fit the backend: binds are written `$1 … $n`, and `{skip_locked}` at the end
/// of a subselect becomes `FOR UPDATE SKIP LOCKED` on PostgreSQL and nothing on SQLite, where only
/// one transaction writes at a time.
///
/// `$n` becomes `?n` on SQLite, which would take it for a *named* bind numbered by first appearance
/// and silently swap values.
#[must_use]
pub fn sql(conn: &Conn, text: &str) -> String {
    match conn {
        Conn::Pg(_) => text.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED"),
        Conn::Sqlite(_) => text.replace("{skip_locked}", "").replace('$', "?"),
    }
}

/// The name of the backend, for logs and `/readyz`.
#[must_use]
pub fn name(conn: &Conn) -> &'static str {
    match conn {
        Conn::Pg(_) => "postgresql",
        Conn::Sqlite(_) => "sqlite",
    }
}

/// Asks the database for a sign of life.
///
/// # Errors
///
/// [`StoreError::Unavailable`] or whatever the database says.
pub fn ping(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(conn.batch_execute("SELECT 1")?)
}

/// An id as it is written in a statement.
#[must_use]
pub fn uuid_literal(conn: &Conn, id: uuid::Uuid) -> String {
    match conn {
        Conn::Pg(_) => format!("'{id}'::uuid"),
        Conn::Sqlite(_) => format!("x'{}'", id.simple()),
    }
}
