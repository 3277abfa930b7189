//! What can go wrong with stored files.

use super::sniff::Refusal;

/// Why a file was not stored, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The file is longer than allowed; nothing of it is kept.
    #[error("longer than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The file is of a kind that is not accepted; nothing of it is kept.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The sender stopped or sent something broken; nothing is kept.
    #[error("the upload broke off: {0}")]
    Source(String),
    /// Other bytes stand under this key already.
    #[error("{key} already holds other content")]
    Conflict {
        /// The key.
        key: String,
    },
    /// Nothing stands under this key.
    #[error("{key} is not stored")]
    NotFound {
        /// The key.
        key: String,
    },
    /// No key this program would make.
    #[error("{key:?} is no storage key")]
    BadKey {
        /// What was given as key.
        key: String,
    },
    /// Disk full, store not reachable, access refused: worth another try later.
    #[error("the store does not answer: {source}")]
    Unavailable {
        /// What the store said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StorageError {
    pub(super) fn of(key: &str, why: object_store::Error) -> Self {
        match why {
            object_store::Error::NotFound { .. } => Self::NotFound { key: key.to_owned() },
            object_store::Error::AlreadyExists { .. } => Self::Conflict { key: key.to_owned() },
            other => Self::unavailable(other),
        }
    }

    pub(super) fn unavailable(why: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable { source: Box::new(why) }
    }
}
