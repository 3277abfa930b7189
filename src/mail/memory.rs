//! Mail that is only remembered: for tests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt};

use super::{Mail, MailError, Mailer};

/// Keeps what it is given; can be told to fail.
#[derive(Debug, Default)]
pub struct MemoryMailer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<Mail>,
    failure: Option<MailError>,
}

impl MemoryMailer {
    /// What was sent so far.
    pub fn sent(&self) -> Vec<Mail> {
        self.state().sent.clone()
    }

    /// Every following try ends with `failure`; with none, mail works again.
    pub fn fail(&self, failure: Option<MailError>) {
        self.state().failure = failure;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailer for MemoryMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        async {
            let mut state = self.state();
            if let Some(failure) = &state.failure {
                return Err(failure.clone());
            }
            state.sent.push(mail.clone());
            Ok(())
        }
        .boxed()
    }

    fn stays_here(&self) -> bool {
        true
    }
}
