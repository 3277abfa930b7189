//! Mail over SMTP.
//!
//! Connections are kept and used again. lettre's own pool is not used: it takes back a connection
//! whose mail was given up half-way, and the next mail would read the previous one's answers.

mod server;

use std::fmt;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::message::{Sender, compose};
use super::{Mail, MailError, Mailer};
use server::Server;

/// Connections kept open between mails.
const KEPT: usize = 4;
/// Longest wait for an attempt: a scanning mail gateway may think for half a minute.
const PATIENCE: Duration = Duration::from_secs(90);

/// Sends through one mail server.
pub struct SmtpMailer {
    server: Server,
    sender: Sender,
    patience: Duration,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl SmtpMailer {
    /// Mail from `sender` through the server of `url`. Does not connect yet.
    ///
    /// `smtps://` is TLS from the first byte (port 465). `smtp://` is STARTTLS: demanded if the URL
    /// has a name and password (port 587), else used where the server offers it (port 25).
    /// `?tls=required`, `?tls=opportunistic` and `?tls=none` say otherwise. Certificates are checked
    /// against the system's. The path is the name given in EHLO.
    ///
    /// # Errors
    ///
    /// A permanent [`MailError`] if the URL cannot be used; it shows no password.
    pub fn new(url: &str, sender: Sender) -> Result<Self, MailError> {
        let server = Server::parse(url)?;
        Ok(Self { server, sender, patience: PATIENCE, idle: Mutex::default() })
    }

    /// Gives up an attempt after `patience`.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    async fn deliver(&self, message: &Message) -> Result<(), MailError> {
        // Whoever gives up the attempt drops the connection with it.
        let mut connection = self.connection().await?;
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        sent.map_err(|why| refusal(&why))?;
        let mut idle = self.idle.lock().await;
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(())
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, MailError> {
        loop {
            let kept = self.idle.lock().await.pop();
            let Some(mut kept) = kept else { break };
            if kept.test_connected().await {
                return Ok(kept);
            }
        }
        self.server.connect(self.patience).await
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        async {
            let message = compose(&self.sender, mail)?;
            match timeout(self.patience, self.deliver(&message)).await {
                Ok(result) => result,
                Err(_elapsed) => {
                    let seconds = self.patience.as_secs_f32();
                    Err(MailError::temporary(format!("no answer within {seconds} s")))
                }
            }
        }
        .boxed()
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpMailer({:?})", self.server)
    }
}

/// What the server said to a message: 5xx is about the message, except that it wants a sign-in.
fn refusal(why: &Error) -> MailError {
    let code = why.status().map(u16::from);
    let sign_in = matches!(code, Some(530 | 534 | 535 | 538));
    let permanent = (why.is_permanent() && !sign_in) || why.is_client();
    MailError { permanent, message: why.to_string() }
}
