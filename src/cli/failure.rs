//! How a command fails: one line of JSON on standard error, exit status 2 (bad settings: plain text).

use std::{io, io::Write, process::ExitCode};

use serde::Serialize;

use crate::{config::ConfigError, domain::clock::ClockRefusal};

/// Exit status of a refusal, as promised by the clock contract.
const REFUSED: u8 = 2;
/// Exit status when standard output cannot be written.
const BROKEN_OUTPUT: u8 = 1;

/// Why a command did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The clock refused an event or could not read its input.
    Clock(ClockRefusal),
    /// Another refusal with a stable code.
    Refused { code: &'static str, message: String },
    /// The program cannot start or run; the text is for the operator.
    Start(String),
    /// Settings that cannot be used; told in full, a line each, for whoever starts the program.
    Settings(ConfigError),
    /// The reader of our output went away or the disk is full.
    Output(io::Error),
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    message: &'a str,
    event: Option<usize>,
}

impl Failure {
    /// A refusal of what was typed or of a file that was named.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::Refused { code: "malformed_input", message: message.into() }
    }

    /// Something the operator must mend before the program can run.
    pub(super) fn start(why: impl std::fmt::Display) -> Self {
        Self::Start(why.to_string())
    }

    /// Prints the failure and tells the exit status.
    pub(super) fn report(self, err: &mut dyn Write) -> ExitCode {
        let line = match &self {
            Self::Clock(refusal) => serde_json::to_string(refusal),
            Self::Refused { code, message } => {
                serde_json::to_string(&Line { code, message, event: None })
            }
            Self::Start(message) => Ok(message.clone()),
            Self::Settings(error) => Ok(error.to_string()),
            // A closed pipe (`| head`) is no news to the one who closed it.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::from(BROKEN_OUTPUT);
            }
            Self::Output(error) => Ok(error.to_string()),
        };
        // If standard error is gone too, the exit status still tells.
        let _ = writeln!(err, "{}", line.unwrap_or_default());
        match self {
            Self::Output(_) | Self::Start(_) => ExitCode::from(BROKEN_OUTPUT),
            Self::Clock(_) | Self::Refused { .. } | Self::Settings(_) => ExitCode::from(REFUSED),
        }
    }
}

impl From<ClockRefusal> for Failure {
    fn from(refusal: ClockRefusal) -> Self {
        Self::Clock(refusal)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Settings(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
