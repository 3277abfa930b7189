//! What can go wrong in the store, and the one place where diesel's errors become ours.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// An error of the store. Texts are for the log, never for the person in front of the screen.
///
/// It can be cloned because one failed commit fails every write that was in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The row was changed by someone else since it was read (compare-and-set failed).
    #[error("changed by someone else")]
    Stale,
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// A key exists already. The name is the same on both backends: `<table>_<columns>_key`.
    #[error("unique constraint {constraint}")]
    UniqueViolation {
        /// For example `users_login_key`.
        constraint: String,
    },
    /// A CHECK was not met; a bug above, for values are parsed before they come here.
    #[error("check constraint {constraint}")]
    CheckViolation {
        /// For example `requests_state_check`; on SQLite the condition itself where it has no name.
        constraint: String,
    },
    /// A column that must have a value got none.
    #[error("no value for {column}")]
    NotNullViolation {
        /// The column, on SQLite with its table.
        column: String,
    },
    /// A row refers to one that does not exist, or is still referred to.
    #[error("foreign key {}", constraint.as_deref().unwrap_or("violated"))]
    ForeignKeyViolation {
        /// PostgreSQL's name of the constraint; SQLite gives none.
        constraint: Option<String>,
    },
    /// Somebody tried to rewrite the ledger.
    #[error("{table} is append-only")]
    AppendOnly {
        /// The table whose trigger refused.
        table: String,
    },
    /// Too much at once, or a deadlock: the same call may succeed later. Nothing was written.
    #[error("database busy: {0}")]
    Busy(String),
    /// The database cannot be reached, or its disk is full or broken.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The database holds something that cannot be read.
    #[error("database corrupt: {0}")]
    Corrupt(String),
    /// The code given to the store panicked; its writes were rolled back.
    #[error("internal error: {0}")]
    Panicked(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The store was opened to look only.
    #[error("the store is read-only")]
    ReadOnly,
    /// Another process serves this SQLite file.
    #[error("another process serves this database ({})", .lock.display())]
    InUse {
        /// The lock file that is taken.
        lock: PathBuf,
    },
    /// The settings make no sense.
    #[error("{0}")]
    Settings(String),
    /// A migration failed; the database is as before.
    #[error("migration: {0}")]
    Migration(String),
    /// Anything else: a bug, or an SQL state nobody thought of.
    #[error("database: {0}")]
    Other(String),
}

impl StoreError {
    /// Whether the same call may succeed a little later; nothing was written.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_) | Self::Closed)
    }

    /// Whether somebody else changed the row first.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Stale)
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, info) => from_database(
                &kind,
                info.message(),
                info.constraint_name().or_else(|| info.column_name()),
            ),
            DieselError::DeserializationError(cause) => Self::Corrupt(cause.to_string()),
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            DieselError::BrokenTransactionManager => {
                Self::Unavailable("the connection broke inside a transaction".to_owned())
            }
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        match error {
            diesel::ConnectionError::CouldntSetupConfiguration(cause) => Self::from(cause),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Maps what a database said. `name` is the constraint or column, where the backend tells it.
#[must_use]
pub fn from_database(kind: &DatabaseErrorKind, message: &str, name: Option<&str>) -> StoreError {
    let named =
        |prefix: &str| name.or_else(|| message.strip_prefix(prefix)).unwrap_or(message).to_owned();
    match kind {
        DatabaseErrorKind::UniqueViolation => StoreError::UniqueViolation {
            constraint: name.map_or_else(|| unique_name(message), ToOwned::to_owned),
        },
        DatabaseErrorKind::CheckViolation => {
            StoreError::CheckViolation { constraint: named("CHECK constraint failed: ") }
        }
        DatabaseErrorKind::NotNullViolation => {
            StoreError::NotNullViolation { column: named("NOT NULL constraint failed: ") }
        }
        DatabaseErrorKind::ForeignKeyViolation => {
            StoreError::ForeignKeyViolation { constraint: name.map(ToOwned::to_owned) }
        }
        DatabaseErrorKind::SerializationFailure => StoreError::Busy(message.to_owned()),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => from_message(message),
    }
}

/// SQLite names the columns of a unique constraint (`requests.agency_id, requests.number`);
/// PostgreSQL its name. The migrations choose names that can be made from the columns.
#[must_use]
pub fn unique_name(message: &str) -> String {
    let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
    let mut table = "";
    let mut names = Vec::new();
    for column in columns.split(", ") {
        let Some((owner, name)) = column.split_once('.') else { return columns.to_owned() };
        table = owner;
        names.push(name);
    }
    format!("{table}_{}_key", names.join("_"))
}

/// Errors for which diesel has no kind are told apart by what the database says about them.
fn from_message(message: &str) -> StoreError {
    let says = |needles: &[&str]| needles.iter().any(|needle| message.contains(needle));
    let text = message.to_owned();
    if let Some(table) = message.strip_suffix(" is append-only") {
        return StoreError::AppendOnly { table: table.to_owned() };
    }
    if says(&["database is locked", "deadlock detected", "lock timeout", "too many clients"]) {
        return StoreError::Busy(text);
    }
    if says(&["malformed", "not a database"]) {
        return StoreError::Corrupt(text);
    }
    if says(&[
        "disk is full",
        "disk I/O error",
        "unable to open database",
        "No space left",
        "server closed the connection",
        "terminating connection",
        "no connection to the server",
        // SQLite ended the whole transaction by itself: disk full, I/O error, out of memory
        "no such savepoint",
        "no transaction is active",
    ]) {
        return StoreError::Unavailable(text);
    }
    if says(&["attempt to write a readonly database", "read-only transaction"]) {
        return StoreError::ReadOnly;
    }
    StoreError::Other(text)
}
