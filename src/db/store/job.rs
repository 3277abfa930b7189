//! One write waiting for the writer thread, with its types erased.

use std::sync::mpsc::SyncSender;

use tokio::sync::oneshot;

use crate::db::per_backend::tx;
use crate::db::{Conn, StoreError};

/// A write that can be run inside somebody else's transaction and answered later.
pub(super) trait Job: Send {
    /// Runs in a savepoint of its own; a refusal or panic of the write rolls back only that.
    ///
    /// # Errors
    ///
    /// The transaction round it can no longer be trusted (disk full, connection broken).
    fn run(&mut self, conn: &mut Conn) -> Result<(), StoreError>;

    /// Answers whoever waits: with the result of the write, or with what went wrong in committing.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// Where the answer goes.
pub(super) enum Reply<R> {
    /// To a task.
    Task(oneshot::Sender<R>),
    /// To a blocked thread.
    Thread(SyncSender<R>),
}

impl<R> Reply<R> {
    /// Nobody listening any more is no error: the write was wanted when it was asked for.
    fn send(self, result: R) {
        match self {
            Self::Task(sender) => drop(sender.send(result)),
            Self::Thread(sender) => drop(sender.send(result)),
        }
    }
}

/// The usual [`Job`].
pub(super) struct Write<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    broke_the_commit: bool,
    reply: Reply<Result<T, E>>,
}

impl<F, T, E> Write<F, T, E> {
    pub(super) fn new(work: F, reply: Reply<Result<T, E>>) -> Self {
        Self { work: Some(work), result: None, broke_the_commit: false, reply }
    }
}

impl<F, T, E> Job for Write<F, T, E>
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Result<(), StoreError> {
        if let Some(work) = self.work.take() {
            let outcome = tx::attempt(conn, tx::begin_write, work);
            self.result = Some(outcome.result);
            if let Some(broken) = outcome.broken {
                self.broke_the_commit = true;
                return Err(broken);
            }
        }
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(E::from(StoreError::Closed)),
            // It knows best what happened ("disk full"), the others only that they are lost.
            (Err(_), Some(Err(own))) if self.broke_the_commit => Err(own),
            // A refusal too: it may rest on what another write of the lost commit had changed.
            (Err(error), _) => Err(E::from(error)),
        };
        self.reply.send(result);
    }
}
