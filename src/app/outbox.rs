//! What happens after the commit: documents to render, mails to send. Queued in the transaction that
//! causes them, done by the worker, tried again until done or plainly dead.

pub mod messages;
pub mod upkeep;

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::outbox::{self as rows, Claim, NewJob, OutboxKind, OutboxRow, RetryPolicy};
use crate::db::{Conn, StoreError, agencies as agency_rows, requests};
use crate::domain::ids::{NoticeId, OutboxId};
use crate::domain::notice::NoticeKind;
use crate::domain::personal::mask_email;
use crate::mail::{Attachment, Mail};

use super::ledger::Loaded;
use super::notices::formats::Format;
use super::{App, AppError};

/// How long a worker may hold a job. A killed worker's jobs come back after it.
const LEASE: Duration = Duration::from_secs(120);

/// What a mail job needs to know beside its notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MailJob {
    kind: NoticeKind,
    number: String,
    with_query_code: bool,
}

/// Queues the rendering of an issued notice; once for each notice.
pub(super) fn queue_rendering(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    notice: NoticeId,
) -> Result<(), AppError> {
    let job = NewJob {
        id: Uuid::now_v7(),
        kind: OutboxKind::Render,
        request_id: Some(loaded.row.id),
        notice_id: Some(notice.0),
        recipient: None,
        payload: serde_json::json!({}),
        dedup_key: Some(format!("render/{notice}")),
    };
    rows::enqueue(conn, job, app.clock.now())?;
    Ok(())
}

/// Queues the mail that brings a notice to the applicant; once for each notice and address.
pub(super) fn queue_mail(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    notice: NoticeId,
    kind: NoticeKind,
    to: String,
) -> Result<(), AppError> {
    let mail = MailJob {
        kind,
        number: loaded.row.number.clone(),
        with_query_code: kind == NoticeKind::Receipt,
    };
    let id = Uuid::now_v7();
    let job = NewJob {
        id,
        kind: OutboxKind::Mail,
        request_id: Some(loaded.row.id),
        notice_id: Some(notice.0),
        dedup_key: Some(format!("mail/{notice}/{}", app.keys.digest("outbox.recipient", &to))),
        recipient: Some(app.keys.seal(&recipient_place(id), &to)),
        payload: serde_json::to_value(mail).map_err(AppError::broken)?,
    };
    rows::enqueue(conn, job, app.clock.now())?;
    Ok(())
}

/// Where a sealed address stands; part of what the cipher binds.
pub(super) fn recipient_place(job: Uuid) -> String {
    format!("outbox.recipient/{job}")
}

impl App {
    /// Renders issued notices that wait, at most `limit`; returns how many jobs it took.
    ///
    /// # Errors
    ///
    /// Failures of the database. A job that fails is put back with a pause, and visible.
    pub async fn render_due(&self, owner: &str, limit: i64) -> Result<usize, AppError> {
        self.work(OutboxKind::Render, owner, limit).await
    }

    /// Sends mails that wait, at most `limit`; returns how many jobs it took.
    ///
    /// # Errors
    ///
    /// As [`App::render_due`].
    pub async fn mail_due(&self, owner: &str, limit: i64) -> Result<usize, AppError> {
        self.work(OutboxKind::Mail, owner, limit).await
    }

    async fn work(&self, kind: OutboxKind, owner: &str, limit: i64) -> Result<usize, AppError> {
        let now = self.clock.now();
        let lease = TimeDelta::from_std(LEASE).map_err(AppError::broken)?;
        let owner = owner.to_owned();
        let jobs = self
            .store
            .write(move |conn| {
                let policy = RetryPolicy::default();
                let until = now + lease;
                rows::claim(conn, Claim { kind, owner: &owner, now, until, limit, policy })
            })
            .await
            .map_err(AppError::Store)?;
        let taken = jobs.len();
        for job in jobs {
            if !self.still_ours(&job, lease).await? {
                continue;
            }
            let outcome = match kind {
                OutboxKind::Render => self.render_job(&job).await,
                OutboxKind::Mail => self.mail_job(&job).await,
            };
            self.settle(job, outcome).await?;
        }
        Ok(taken)
    }

    /// Takes the whole lease for one job when its turn comes. The jobs before it may have used up
    /// the common one, and then another worker may be at it: a mail must not go out twice.
    async fn still_ours(&self, job: &OutboxRow, lease: TimeDelta) -> Result<bool, AppError> {
        let (job, until) = (job.clone(), self.clock.now() + lease);
        match self.store.write(move |conn| rows::renew(conn, &job, until)).await {
            Ok(()) => Ok(true),
            Err(StoreError::Stale) => Ok(false),
            Err(error) => Err(AppError::Store(error)),
        }
    }

    async fn settle(
        &self,
        job: OutboxRow,
        outcome: Result<(), (bool, String)>,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let settled = self.store.write(move |conn| match outcome {
            Ok(()) => rows::done(conn, &job, now),
            Err((permanent, error)) => {
                // The error may quote an address: it stays with the job, not in the log.
                tracing::warn!(job = %job.id, kind = ?job.kind, permanent, "job failed");
                let default = RetryPolicy::default();
                let max_attempts = if permanent { 1 } else { default.max_attempts };
                let policy = RetryPolicy { max_attempts, ..default };
                rows::fail(conn, &job, now, &error, policy).map(|_| ())
            }
        });
        match settled.await {
            // Another worker has the job by now, and will settle it.
            Err(StoreError::Stale) => Ok(()),
            other => other.map_err(AppError::Store),
        }
    }

    async fn render_job(&self, job: &OutboxRow) -> Result<(), (bool, String)> {
        let Some(notice) = job.notice_id else { return Err((true, "no notice".to_owned())) };
        match self.render(NoticeId(notice)).await {
            Ok(_) => Ok(()),
            Err(error @ AppError::Unprintable(_)) => Err((true, error.to_string())),
            Err(error) => Err((false, error.to_string())),
        }
    }

    async fn mail_job(&self, job: &OutboxRow) -> Result<(), (bool, String)> {
        let mail = self
            .mail_of(job)
            .await
            .map_err(|error| (matches!(error, AppError::Unprintable(_)), error.to_string()))?;
        // What a mail server answers may quote the address.
        let unnamed = |text: String| text.replace(&mail.to, &mask_email(&mail.to));
        let sent = self.mailer.send(&mail).await;
        sent.map_err(|error| (error.permanent, unnamed(error.message)))
    }

    /// Puts the mail of a job together, with the notice attached; without a notice it brings the
    /// reminders of a day.
    async fn mail_of(&self, job: &OutboxRow) -> Result<Mail, AppError> {
        if let Some(mail) = messages::mail_of(self, job)? {
            return Ok(mail);
        }
        let broken = || AppError::Broken("mail job without notice, request or recipient".into());
        let to = job.recipient.as_deref().ok_or_else(broken)?;
        let to = self.keys.open(&recipient_place(job.id), to).map_err(AppError::broken)?;
        let Some(notice) = job.notice_id else { return self.digest_mail(job, to).await };
        let request = job.request_id.ok_or_else(broken)?;
        let payload: MailJob =
            serde_json::from_value(job.payload.clone()).map_err(AppError::broken)?;
        let document = self.document_of(NoticeId(notice), None, Format::Pdf).await?;
        let (agency, phone) = self
            .store
            .read(move |conn| {
                let row = requests::get(conn, request)?;
                let agency = agency_rows::get(conn, row.agency_id)?;
                Ok::<_, AppError>((agency.name, agency.phone))
            })
            .await?;
        let code = if payload.with_query_code {
            let code = self.keys.query_code(crate::domain::ids::RequestId(request));
            format!("查询码：{code}（请妥善保管，不要告诉他人）\n")
        } else {
            String::new()
        };
        let title = payload.kind.label();
        let body = format!(
            "您好：\n\n您向{agency}提出的政府信息公开申请（受理编号：{number}）有新的文书：{title}。\
             文书见附件。\n\n{code}查询办理进度：{url}/track\n咨询电话：{phone}\n\n\
             本邮件由系统自动发出，请勿直接回复。\n{agency}\n",
            number = payload.number,
            url = self.settings.public_url,
        );
        Ok(Mail {
            id: OutboxId(job.id),
            written_at: job.created_at,
            to,
            subject: format!("{title}（受理编号：{}）", payload.number),
            body_text: body,
            attachments: vec![Attachment {
                name: document.name,
                media_type: document.media_type.to_owned(),
                bytes: document.bytes,
            }],
        })
    }
}
