//! The store: how the rest of the program reads and writes.
//!
//! ```text
//! store.read(|conn| …)    PostgreSQL: pool, blocking thread        SQLite: pool of readers
//! store.write(|conn| …)   PostgreSQL: pool, one transaction        SQLite: queue → one writer
//! ```
//!
//! A closure given to [`Store::write`] is one transaction: all of it is there after `Ok`, nothing
//! after `Err` or a panic. It may run beside others of the same commit, never between them. It must
//! not call the store again (the writer would wait for itself), and must not do anything that a
//! rolled-back transaction cannot take back; such effects go through [`outbox`](super::outbox).

mod job;
mod lock;
mod pool;
mod writer;

use std::sync::Arc;

use self::lock::FileLock;
use self::pool::Pool;
use self::writer::Writer;
use super::conn::Role;
use super::per_backend::migrations::{self, SchemaStatus};
use super::per_backend::{dialect, tx};
use super::{Access, Conn, DbSettings, DbUrl, StoreError};

/// A handle to the database; cloning it is cheap.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    settings: DbSettings,
    pool: Pool,
    writes: Writes,
}

/// How writes go.
enum Writes {
    /// Each on its own pooled connection: PostgreSQL does the rest.
    Pooled,
    /// Through the one writer of a SQLite file.
    Queued(Writer),
    /// Not at all.
    Refused,
}

impl Store {
    /// Opens the database. Does not migrate.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] when another process serves the SQLite file,
    /// [`StoreError::Unavailable`] when the database cannot be reached.
    pub fn open(settings: &DbSettings) -> Result<Self, StoreError> {
        let settings = settings.clone();
        let read_only = settings.access == Access::ReadOnly;
        let (pool, writes) = match &settings.url {
            DbUrl::Postgres(_) => {
                let writes = if read_only { Writes::Refused } else { Writes::Pooled };
                (Pool::open(&settings, Role::Writer, settings.pg_pool)?, writes)
            }
            DbUrl::Sqlite(path) => {
                let lock = match settings.access {
                    Access::Exclusive => Some(Arc::new(FileLock::take(path)?)),
                    Access::Shared | Access::ReadOnly => None,
                };
                let writes = if read_only {
                    Writes::Refused
                } else {
                    Writes::Queued(Writer::start(&settings, lock)?)
                };
                (Pool::open(&settings, Role::Reader, settings.readers)?, writes)
            }
        };
        Ok(Self { inner: Arc::new(Inner { settings, pool, writes }) })
    }

    /// Applies pending migrations and returns their versions.
    ///
    /// # Errors
    ///
    /// [`StoreError::Migration`] when one fails or the database is newer than the program;
    /// [`StoreError::ReadOnly`] when the SQLite file was not opened [`Access::Exclusive`].
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let sqlite = matches!(self.inner.settings.url, DbUrl::Sqlite(_));
        let access = self.inner.settings.access;
        if access == Access::ReadOnly || (sqlite && access != Access::Exclusive) {
            return Err(StoreError::ReadOnly);
        }
        migrations::migrate(&mut Conn::open(&self.inner.settings, Role::Writer)?)
    }

    /// Compares the program's migrations with the database's.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`] of reading.
    pub fn schema_status(&self) -> Result<SchemaStatus, StoreError> {
        self.read_blocking(migrations::status)
    }

    /// Asks the database for a sign of life, for `/readyz`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`], [`StoreError::Busy`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read(dialect::ping).await
    }

    /// Runs queries on a reading connection, without a transaction: each query sees the newest
    /// state. Use [`read_tx`](super::per_backend::tx::read_tx) inside where several must agree.
    ///
    /// # Errors
    ///
    /// What `f` returns, or a [`StoreError`] when there is no connection.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.pool.run(f).await
    }

    /// Runs `f` in one transaction and returns once it is committed.
    ///
    /// A caller that is dropped while waiting does not stop its write.
    ///
    /// # Errors
    ///
    /// What `f` returns (rolled back then); [`StoreError::Panicked`] when it panicked; any other
    /// [`StoreError`] when committing failed, also when another write of the same commit broke it.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writes {
            Writes::Pooled => self.inner.pool.run(|conn| tx::write_tx(conn, f)).await,
            Writes::Queued(writer) => writer.write(f).await,
            Writes::Refused => Err(E::from(StoreError::ReadOnly)),
        }
    }

    /// [`Store::read`] for commands and jobs: blocks this thread.
    ///
    /// # Errors
    ///
    /// As [`Store::read`].
    pub fn read_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E>,
        E: From<StoreError>,
    {
        self.inner.pool.run_here(f)
    }

    /// [`Store::write`] for commands and jobs: blocks this thread until the commit.
    ///
    /// # Errors
    ///
    /// As [`Store::write`].
    pub fn write_blocking<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.inner.writes {
            Writes::Pooled => self.inner.pool.run_here(|conn| tx::write_tx(conn, f)),
            Writes::Queued(writer) => writer.write_blocking(f),
            Writes::Refused => Err(E::from(StoreError::ReadOnly)),
        }
    }

    /// How many writes wait for the SQLite writer; 0 on PostgreSQL. For metrics.
    #[must_use]
    pub fn waiting_writes(&self) -> usize {
        match &self.inner.writes {
            Writes::Queued(writer) => writer.waiting(),
            Writes::Pooled | Writes::Refused => 0,
        }
    }

    /// Finishes the writes that wait and refuses further ones with [`StoreError::Closed`]; frees
    /// the lock file. On PostgreSQL there is nothing to finish. Call it last when shutting down.
    pub async fn close(&self) {
        if let Writes::Queued(writer) = &self.inner.writes {
            writer.close().await;
        }
    }
}
