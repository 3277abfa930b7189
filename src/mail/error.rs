//! Why a mail was not sent, and whether another try can help.

use std::fmt::Display;

/// A mail that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MailError {
    /// Whether trying again is useless: the address is wrong, the server refuses the message.
    pub permanent: bool,
    /// What happened, for the person who looks after the system. May quote the server, and with it
    /// the address: to be kept with the outbox entry, not to be logged.
    pub message: String,
}

impl MailError {
    /// Another try will end the same way.
    pub fn permanent(message: impl Display) -> Self {
        Self { permanent: true, message: message.to_string() }
    }

    /// Another try may succeed.
    pub fn temporary(message: impl Display) -> Self {
        Self { permanent: false, message: message.to_string() }
    }
}
