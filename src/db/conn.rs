//! One connection to whichever database is configured.

#![expect(missing_docs, reason = "deriving MultiConnection makes public items without any")]

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::settings::{DbSettings, DbUrl, Synchronous};
use super::{Access, StoreError};

/// A connection on which every query of `db` runs, whatever the backend.
///
/// Only `per_backend` matches on the variants.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL through libpq.
    Pg(PgConnection),
    /// The embedded SQLite.
    Sqlite(SqliteConnection),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Answers queries. On SQLite it refuses to write.
    Reader,
    /// Writes too.
    Writer,
}

impl Conn {
    /// Opens a connection by the scheme of the address and sets it up.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the database cannot be reached, or when a reader finds no
    /// SQLite file: opening to look must not create one.
    pub(crate) fn open(settings: &DbSettings, role: Role) -> Result<Self, StoreError> {
        let writes = role == Role::Writer && settings.access != Access::ReadOnly;
        match &settings.url {
            DbUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(&pg_session(settings.access))?;
                Ok(Self::Pg(conn))
            }
            DbUrl::Sqlite(path) => {
                if !writes && !path.exists() {
                    let message = format!("there is no database at {}", path.display());
                    return Err(StoreError::Unavailable(message));
                }
                let mut conn = SqliteConnection::establish(utf8(path)?)?;
                conn.batch_execute(&pragmas(settings.synchronous, writes))?;
                Ok(Self::Sqlite(conn))
            }
        }
    }
}

/// Settings of every PostgreSQL session: nothing waits for ever.
fn pg_session(access: Access) -> String {
    let mut sql = "SET client_min_messages = warning; SET lock_timeout = '10s'; \
         SET idle_in_transaction_session_timeout = '60s';"
        .to_owned();
    if access == Access::ReadOnly {
        sql.push_str(" SET default_transaction_read_only = on;");
    }
    sql
}

/// Settings of every SQLite connection.
fn pragmas(synchronous: Synchronous, writes: bool) -> String {
    let level = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    // The mode is kept in the file; setting it needs the write lock, so readers leave it alone.
    let mode = if writes { "PRAGMA journal_mode = WAL;" } else { "PRAGMA query_only = ON;" };
    // temp_store: every write runs in a savepoint, whose pages would go to a file, page by page. They
    // are needed only to roll back while the process lives; what is committed goes to the WAL.
    format!(
        "PRAGMA busy_timeout = 5000; {mode} PRAGMA synchronous = {level}; \
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -32000; \
         PRAGMA temp_store = MEMORY;"
    )
}

fn utf8(path: &Path) -> Result<&str, StoreError> {
    path.to_str()
        .ok_or_else(|| StoreError::Settings("the path of the database is not UTF-8".to_owned()))
}
