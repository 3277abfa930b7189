//! Kinds and states of outbox jobs, stored by their names.

use std::str::FromStr;

/// What a job asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxKind {
    /// Send an e-mail.
    Mail,
    /// Make the PDF and DOCX of a notice.
    Render,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// Waiting for its time.
    Queued,
    /// A worker is at it.
    Leased,
    /// Done.
    Done,
    /// Failed too often; somebody must look.
    Dead,
}

impl OutboxKind {
    /// The stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Render => "render",
        }
    }
}

impl OutboxState {
    /// The stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// A stored name that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown name")]
pub struct UnknownName;

impl FromStr for OutboxKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Mail, Self::Render].into_iter().find(|it| it.as_str() == name).ok_or(UnknownName)
    }
}

impl FromStr for OutboxState {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Queued, Self::Leased, Self::Done, Self::Dead]
            .into_iter()
            .find(|it| it.as_str() == name)
            .ok_or(UnknownName)
    }
}

crate::stored_as_text!(OutboxKind);
crate::stored_as_text!(OutboxState);
