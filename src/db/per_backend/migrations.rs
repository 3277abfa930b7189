//! Running the embedded migrations, one runner at a time.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::{Conn, StoreError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Key of PostgreSQL's advisory lock round the migrations ("gongkai").
const LOCK: &str = "SELECT pg_advisory_lock(29113324627978601)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(29113324627978601)";

/// Which migrations the program knows and which the database has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchemaStatus {
    /// Known but not applied, in order; these names are versions such as `20261122000001`.
    pub pending: Vec<String>,
    /// Applied but not known: the database was migrated by a newer program.
    pub unknown: Vec<String>,
}

impl SchemaStatus {
    /// Whether program and database fit.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.unknown.is_empty()
    }
}

/// Applies what is pending, each migration in its own transaction, and returns the versions.
///
/// diesel takes no lock; PostgreSQL's advisory lock makes other starters wait. On SQLite the caller
/// holds the lock file of the database. The connection should be closed afterwards.
///
/// # Errors
///
/// [`StoreError::Migration`] names the failed one; those before it stay applied.
pub fn migrate(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let status = status(conn)?;
    if !status.unknown.is_empty() {
        return Err(StoreError::Migration(format!(
            "the database was migrated by a newer program ({})",
            status.unknown.join(", ")
        )));
    }
    match conn {
        Conn::Pg(c) => {
            // Another starter may be in a long migration.
            c.batch_execute("SET lock_timeout = 0")?;
            alone(c, |c| names(c.run_pending_migrations(POSTGRES)))
        }
        Conn::Sqlite(c) => names(c.run_pending_migrations(SQLITE)),
    }
}

/// Undoes every migration. **All data is lost**; for tests and for starting over.
///
/// # Errors
///
/// [`StoreError::Migration`].
pub fn revert_all(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    match conn {
        Conn::Pg(c) => alone(c, |c| names(c.revert_all_migrations(POSTGRES))),
        Conn::Sqlite(c) => names(c.revert_all_migrations(SQLITE)),
    }
}

/// Runs `f` while holding the advisory lock. Unlocking fails only with the connection, and then
/// the lock is gone as well.
fn alone(
    conn: &mut PgConnection,
    f: impl FnOnce(&mut PgConnection) -> Result<Vec<String>, StoreError>,
) -> Result<Vec<String>, StoreError> {
    conn.batch_execute(LOCK)?;
    let result = f(conn);
    let unlocked = conn.batch_execute(UNLOCK);
    let versions = result?;
    unlocked?;
    Ok(versions)
}

fn names(
    done: diesel::migration::Result<Vec<MigrationVersion<'_>>>,
) -> Result<Vec<String>, StoreError> {
    Ok(done.map_err(failed)?.iter().map(ToString::to_string).collect())
}

/// Compares the program's migrations with the database's, writing nothing.
///
/// # Errors
///
/// Any [`StoreError`] of reading.
pub fn status(conn: &mut Conn) -> Result<SchemaStatus, StoreError> {
    let known = match conn {
        Conn::Pg(_) => versions::<Pg>(&POSTGRES)?,
        Conn::Sqlite(_) => versions::<Sqlite>(&SQLITE)?,
    };
    let applied = applied(conn)?;
    let without = |all: &[String], some: &[String]| {
        all.iter().filter(|version| !some.contains(version)).cloned().collect()
    };
    Ok(SchemaStatus { pending: without(&known, &applied), unknown: without(&applied, &known) })
}

fn versions<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
) -> Result<Vec<String>, StoreError> {
    let migrations: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(failed)?;
    let mut versions: Vec<String> =
        migrations.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort_unstable();
    Ok(versions)
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The versions in diesel's table; none when there is no such table yet.
fn applied(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let tables = match conn {
        Conn::Pg(_) => {
            "SELECT table_name::text AS version FROM information_schema.tables \
             WHERE table_name = '__diesel_schema_migrations' AND table_schema = current_schema()"
        }
        Conn::Sqlite(_) => {
            "SELECT name AS version FROM sqlite_schema WHERE name = '__diesel_schema_migrations'"
        }
    };
    if diesel::sql_query(tables).load::<Version>(conn)?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = diesel::sql_query(
        "SELECT CAST(version AS TEXT) AS version FROM __diesel_schema_migrations ORDER BY 1",
    )
    .load::<Version>(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Migration(error.to_string())
}
