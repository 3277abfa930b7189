//! Mail: what is sent, and the ways of sending it.
//!
//! Whoever sends retries: a [`Mailer`] tries once and says whether another try can help. A mail may
//! arrive twice when the connection breaks between delivery and acknowledgement; both copies then
//! carry the same `Message-ID`, by which mail programs and people recognise the second.

mod error;
mod folder;
mod memory;
mod message;
mod smtp;

use std::fmt;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use crate::domain::ids::OutboxId;

pub use error::MailError;
pub use folder::FolderMailer;
pub use memory::MemoryMailer;
pub use message::Sender;
pub use smtp::SmtpMailer;

/// One mail to one person. `Debug` shows neither recipient nor content.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The outbox entry; the `Message-ID` is made from it.
    pub id: OutboxId,
    /// When it was queued; becomes the `Date`, so that a second try sends the same message.
    pub written_at: DateTime<Utc>,
    /// Address of the recipient, without a name.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text of the message, plain.
    pub body_text: String,
    /// Attached documents.
    pub attachments: Vec<Attachment>,
}

/// A document attached to a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// File name, as the recipient sees it.
    pub name: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A way of sending mail.
pub trait Mailer: Send + Sync + fmt::Debug {
    /// Tries once to send `mail`. When it returns `Ok`, the next in line has taken charge of it.
    ///
    /// # Errors
    ///
    /// [`MailError`], which says whether to try again.
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>>;

    /// Whether mail stays on this machine, so that nobody can be written to by mistake. Only then
    /// may made-up addresses be entered.
    fn stays_here(&self) -> bool {
        false
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attachments = self.attachments.len();
        f.debug_struct("Mail")
            .field("id", &self.id.0)
            .field("attachments", &attachments)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.media_type, self.bytes.len())
    }
}
