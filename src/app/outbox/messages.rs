//! Mails without a document: a subject and a text, fixed when they are queued.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::recipient_place;
use crate::app::{App, AppError};
use crate::db::Conn;
use crate::db::outbox::{self as rows, NewJob, OutboxKind, OutboxRow};
use crate::domain::ids::OutboxId;
use crate::mail::Mail;

/// What the mail says. No personal data: payloads stand in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// A payload that is a message and nothing else.
#[derive(Serialize, Deserialize)]
struct Payload {
    message: Message,
}

/// Queues a message; once for each key.
///
/// # Errors
///
/// Failures of the database.
pub fn queue_message(
    conn: &mut Conn,
    app: &App,
    about: (Option<Uuid>, String),
    to: &str,
    message: &Message,
) -> Result<(), AppError> {
    let job = message_job(app, about, to, message.clone())?;
    rows::enqueue(conn, job, app.clock.now())?;
    Ok(())
}

/// A message as it is queued, once for each key.
///
/// # Errors
///
/// [`AppError::Broken`] when it cannot be written as JSON.
pub fn message_job(
    app: &App,
    (request, key): (Option<Uuid>, String),
    to: &str,
    message: Message,
) -> Result<NewJob, AppError> {
    let id = Uuid::now_v7();
    Ok(NewJob {
        id,
        kind: OutboxKind::Mail,
        request_id: request,
        notice_id: None,
        recipient: Some(app.keys.seal(&recipient_place(id), to)),
        payload: serde_json::to_value(Payload { message }).map_err(AppError::broken)?,
        dedup_key: Some(key),
    })
}

/// The mail of a job that is a message; `None` for one that brings a document.
pub(super) fn mail_of(app: &App, job: &OutboxRow) -> Result<Option<Mail>, AppError> {
    let Ok(Payload { message }) = serde_json::from_value(job.payload.clone()) else {
        return Ok(None);
    };
    let to = job.recipient.as_deref().ok_or_else(|| AppError::Broken("no recipient".into()))?;
    Ok(Some(Mail {
        id: OutboxId(job.id),
        written_at: job.created_at,
        to: app.keys.open(&recipient_place(job.id), to).map_err(AppError::broken)?,
        subject: message.subject,
        body_text: message.body,
        attachments: Vec::new(),
    }))
}
