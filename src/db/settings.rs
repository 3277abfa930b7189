//! Where the database is and how it is used; filled in by `config`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::StoreError;

/// Address of a database, chosen by its scheme.
///
/// `sqlite:data/gongkai.db` or `sqlite:///var/lib/gongkai/gongkai.db` is a file;
/// `postgres://…` and `postgresql://…` go to libpq as they are. Anything else is refused, also a
/// bare path: a mistyped address must not silently become a new empty SQLite file.
#[derive(Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A libpq connection address, with password.
    Postgres(String),
}

impl FromStr for DbUrl {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))
        else {
            return Err(StoreError::Settings(
                "the database address must begin with sqlite: or postgres://".to_owned(),
            ));
        };
        if path.is_empty() || path.starts_with(':') || path.contains(['?', '\0']) {
            return Err(StoreError::Settings(
                "sqlite: needs the path of a file; a database in memory cannot be shared"
                    .to_owned(),
            ));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Never shows a password.
impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

/// How hard SQLite makes sure that a commit has reached the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// Every acknowledged write survives a power cut.
    #[default]
    Full,
    /// A power cut may lose the last commits; it never corrupts. Killing the process loses nothing.
    Normal,
}

/// What the opener means to do. Matters on SQLite, where one process serves one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Serve: takes `<db>.lock` and keeps it; a second server on the file is refused. May migrate.
    #[default]
    Exclusive,
    /// A short command that writes beside a running server (`gongkai admin create`).
    Shared,
    /// Looks only (`gongkai verify`), also beside a running server. Never creates a file.
    ReadOnly,
}

/// Everything [`Store::open`](super::Store::open) wants to know.
#[derive(Debug, Clone)]
pub struct DbSettings {
    /// Where the database is.
    pub url: DbUrl,
    /// Connections for reading on SQLite.
    pub readers: u32,
    /// Connections on PostgreSQL, for reading and writing.
    pub pg_pool: u32,
    /// `PRAGMA synchronous`; without effect on PostgreSQL.
    pub synchronous: Synchronous,
    /// What the opener means to do.
    pub access: Access,
    /// Most writes in one commit on SQLite.
    pub batch: usize,
    /// Most writes waiting on SQLite; further callers wait for room.
    pub queue: usize,
}

impl DbSettings {
    /// Sensible values for everything but the address.
    #[must_use]
    pub fn new(url: DbUrl) -> Self {
        Self {
            url,
            readers: 8,
            pg_pool: 16,
            synchronous: Synchronous::Full,
            access: Access::Exclusive,
            batch: 64,
            queue: 1024,
        }
    }

    /// The same settings for another purpose.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }
}
