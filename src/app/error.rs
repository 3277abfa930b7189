//! What can go wrong in a use case, in terms the person can act on – or of the server, in terms for
//! the log.

use crate::db::StoreError;
use crate::domain::refusal::Refusal;
use crate::domain::request::FieldFault;

use super::entries::EntryView;

/// Why a use case did not happen. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The law or the procedure forbids it.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// What was entered does not stand; every fault at once.
    #[error("{}", listed(.0))]
    Invalid(Vec<FieldFault>),
    /// There is no such thing, or it is none of this person's business.
    #[error("没有找到{0}")]
    NotFound(&'static str),
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Not signed in, or no longer.
    #[error("{message}")]
    Unauthenticated {
        /// Stable code.
        code: &'static str,
        /// Chinese sentence.
        message: &'static str,
    },
    /// Somebody else acted first.
    #[error("案件在您查看之后已有变化，请核对后再操作")]
    Changed {
        /// Position of the ledger now.
        version: i32,
        /// What happened since.
        changes: Vec<EntryView>,
    },
    /// It contradicts what is on record.
    #[error("{message}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// Chinese sentence.
        message: String,
    },
    /// A notice cannot be printed as it stands.
    #[error("{0}")]
    Unprintable(String),
    /// Too much at once.
    #[error("操作过于频繁，请稍后再试")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// An upload was refused.
    #[error("{message}")]
    Upload {
        /// Stable code.
        code: &'static str,
        /// Chinese sentence.
        message: String,
    },
    /// The file store does not answer; what needed it has not been written. The text is for the log.
    #[error("{0}")]
    StorageUnavailable(String),
    /// The signing program does not sign; nothing was stored. The text is for the log.
    #[error("{0}")]
    SigningUnavailable(String),
    /// A file on record whose bytes the store has lost. The text is for the log.
    #[error("{0}")]
    FileLost(String),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// A fault of the program or its surroundings; the text is for the log only.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound("该记录"),
            other => Self::Store(other),
        }
    }
}

impl AppError {
    /// A fault with one field.
    #[must_use]
    pub fn field(field: &'static str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault { field, code, message: message.into() }])
    }

    /// A fault of the program itself.
    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Every fault with its field, for whoever has no form before them: the operator at the terminal.
fn listed(faults: &[FieldFault]) -> String {
    let listed = faults.iter().map(|fault| format!("{}：{}", fault.field, fault.message));
    listed.collect::<Vec<_>>().join("；")
}
