//! Pooled connections, and the hop from async code to a thread that may block.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ManageConnection, Pool as R2d2Pool, PooledConnection};
use tokio::sync::Semaphore;

use crate::db::conn::Role;
use crate::db::per_backend::{dialect, tx};
use crate::db::{Conn, DbSettings, StoreError};

/// How long a caller waits for a connection before the answer is "busy".
const WAIT: Duration = Duration::from_secs(10);

/// Makes and judges connections for r2d2.
#[derive(Debug)]
pub(super) struct Manager {
    settings: DbSettings,
    role: Role,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = StoreError;

    fn connect(&self) -> Result<Conn, StoreError> {
        Conn::open(&self.settings, self.role)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), StoreError> {
        dialect::ping(conn)
    }

    /// Looked at when a connection comes back: one that broke, or was left inside a transaction, is
    /// thrown away.
    fn has_broken(&self, conn: &mut Conn) -> bool {
        !tx::is_clean(conn) || diesel::r2d2::R2D2Connection::is_broken(conn)
    }
}

/// A pool with a queue in front: callers wait as cheap tasks, not as blocked threads.
#[derive(Clone)]
pub(super) struct Pool {
    pool: R2d2Pool<Manager>,
    turns: Arc<Semaphore>,
}

impl Pool {
    /// Opens one connection at once, to fail early and with the real reason; the rest on demand.
    pub(super) fn open(settings: &DbSettings, role: Role, size: u32) -> Result<Self, StoreError> {
        drop(Conn::open(settings, role)?);
        let size = size.max(1);
        let turns = usize::try_from(size).unwrap_or(1);
        let pool = R2d2Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .build_unchecked(Manager { settings: settings.clone(), role });
        Ok(Self { pool, turns: Arc::new(Semaphore::new(turns)) })
    }

    /// Runs `f` on a pooled connection, on a thread that may block. Goes on to its end even when
    /// the caller is dropped meanwhile.
    pub(super) async fn run<T, E>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let turn = tokio::time::timeout(WAIT, Arc::clone(&self.turns).acquire_owned());
        let Ok(turn) = turn.await else {
            return Err(E::from(StoreError::Busy("no connection became free".to_owned())));
        };
        let pool = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            pool.run_here(f)
        });
        work.await.unwrap_or_else(|error| Err(E::from(from_join(error))))
    }

    /// Runs `f` on a pooled connection, on this thread.
    pub(super) fn run_here<T, E>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        f(&mut *self.connection()?)
    }

    fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

fn from_join(error: tokio::task::JoinError) -> StoreError {
    match error.try_into_panic() {
        Ok(panic) => StoreError::Panicked(tx::panic_text(&*panic)),
        Err(error) => StoreError::Other(error.to_string()),
    }
}
