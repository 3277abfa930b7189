//! The mail that brings a person the message of the day; put together when it is sent, from the
//! reminders it tells, which never change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::name;
use crate::app::outbox::recipient_place;
use crate::app::{App, AppError};
use crate::db::Conn;
use crate::db::outbox::{self, NewJob, OutboxKind, OutboxRow};
use crate::db::reminders as rows;
use crate::domain::ids::OutboxId;
use crate::domain::reminder::{Line, digest};
use crate::mail::Mail;

/// What the job needs to know.
#[derive(Serialize, Deserialize)]
struct DigestJob {
    digest: Uuid,
}

/// Queues the mail; once for each message.
pub(super) fn queue(conn: &mut Conn, app: &App, digest: Uuid, to: String) -> Result<(), AppError> {
    let id = Uuid::now_v7();
    let job = NewJob {
        id,
        kind: OutboxKind::Mail,
        request_id: None,
        notice_id: None,
        recipient: Some(app.keys.seal(&recipient_place(id), &to)),
        payload: serde_json::to_value(DigestJob { digest }).map_err(AppError::broken)?,
        dedup_key: Some(format!("digest/{digest}")),
    };
    outbox::enqueue(conn, job, app.clock.now())?;
    Ok(())
}

impl App {
    /// Puts the mail of a message of the day together.
    ///
    /// # Errors
    ///
    /// [`AppError::Broken`] for a job that is none; failures of the database.
    pub(in crate::app) async fn digest_mail(
        &self,
        job: &OutboxRow,
        to: String,
    ) -> Result<Mail, AppError> {
        let DigestJob { digest: id } =
            serde_json::from_value(job.payload.clone()).map_err(AppError::broken)?;
        let (name, on, lines) = self
            .store
            .read(move |conn| {
                let (row, told) = rows::digest(conn, id)?;
                let mut names = BTreeMap::new();
                let mut lines = Vec::new();
                for (reminder, title) in told {
                    let absent = reminder.for_user_id;
                    lines.push(Line {
                        stage: reminder.stage,
                        kind: reminder.kind,
                        number: reminder.number,
                        title,
                        limit_on: reminder.limit_on,
                        provisional: reminder.provisional,
                        next_step: reminder.next_step,
                        for_whom: absent
                            .map(|absent| name(conn, &mut names, absent))
                            .transpose()?,
                    });
                }
                Ok::<_, AppError>((name(conn, &mut names, row.user_id)?, row.made_on, lines))
            })
            .await?;
        let (subject, body_text) = digest(&name, on, lines, &self.settings.public_url);
        Ok(Mail {
            id: OutboxId(job.id),
            written_at: job.created_at,
            to,
            subject,
            body_text,
            attachments: Vec::new(),
        })
    }
}
