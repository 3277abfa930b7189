//! Notices (文书): number, freeze, queue for rendering; and the way of a reply from draft to issue
//! in [`drafts`].

mod assembled;
mod authors;
mod beside;
pub mod block_changes;
pub mod drafts;
pub mod formats;
pub mod gate;
mod numbered;
pub mod rendering;
mod setting;
mod signatures;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::notices::{self as rows, NoticeRow};
use crate::db::requests::RequestRow;
use crate::documents::Notice;
use crate::domain::agency::Agency;
use crate::domain::command::Command;
use crate::domain::decide::{self, Decision};
use crate::domain::event::Actor;
use crate::domain::ids::{NoticeId, RequestId, UserId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::outcome::Outcome;
use crate::domain::request::Application;

pub(super) use numbered::{Built, number, record_number};
use numbered::{Numbered, paper_number};

use super::actions::mail_notice;
use super::ledger::{self, Loaded};
use super::wording::{self, Facts};
use super::{App, AppError, Principal, outbox};

/// A notice as people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after db::notices::NoticeRow")]
pub struct NoticeView {
    pub id: NoticeId,
    pub request: RequestId,
    pub kind: NoticeKind,
    pub status: NoticeStatus,
    pub status_label: String,
    pub outcome: Option<Outcome>,
    pub title: String,
    pub number: Option<String>,
    /// What the officer entered, for replies.
    pub fields: serde_json::Value,
    /// In how many blocks its words are others than the template's; see `…/blocks`.
    pub changed_blocks: usize,
    pub drafted_by: Option<UserId>,
    pub approved_by: Option<UserId>,
    pub return_reason: Option<String>,
    pub issued_on: Option<chrono::NaiveDate>,
    pub content_sha256: Option<String>,
    pub pdf_sha256: Option<String>,
    pub docx_sha256: Option<String>,
    /// Version of the notice.
    pub version: i32,
    /// Position of the request's ledger, for the next step's `If-Match`.
    pub request_version: i32,
}

/// A row for a notice that has just begun.
pub(super) fn new_row(
    app: &App,
    request: Uuid,
    id: NoticeId,
    kind: NoticeKind,
    drafted_by: Option<UserId>,
) -> NoticeRow {
    let now = app.clock.now();
    NoticeRow {
        id: id.0,
        request_id: request,
        kind,
        status: NoticeStatus::Draft,
        outcome: None,
        title: kind.label().to_owned(),
        content: serde_json::json!({}),
        fields: serde_json::json!({}),
        template_code: String::new(),
        template_version: String::new(),
        series: None,
        number: None,
        number_year: None,
        number_n: None,
        drafted_by: drafted_by.map(|id| id.0),
        submitted_at: None,
        approved_by: None,
        approved_at: None,
        return_reason: None,
        issued_by: None,
        issued_on: None,
        content_sha256: None,
        pdf_key: None,
        pdf_sha256: None,
        pdf_bytes: None,
        docx_key: None,
        docx_sha256: None,
        docx_bytes: None,
        rendered_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Issues the notices that go out with a step: numbers, frozen texts, ledger, rendering, and mail
/// where they are for the applicant.
pub(super) fn issue_with(
    conn: &mut Conn,
    app: &App,
    loaded: Loaded,
    actor: &Actor,
    agency: &Agency,
    (mut decision, built): (Decision, Vec<Built>),
) -> Result<Loaded, AppError> {
    let mut issued = Vec::with_capacity(built.len());
    for built in built {
        let (id, kind, on_paper) = (built.id, built.kind, built.paper.is_some());
        let numbered = number(conn, app, agency, built)?;
        let fix = Command::FixNotice {
            notice: id,
            notice_kind: kind,
            number: numbered.text(&loaded.row.number).to_owned(),
            content_sha256: numbered.sha256().to_owned(),
        };
        let fixed = decide::decide(&decision.case, &fix, &app.context_of(actor.id, &[]))?;
        decision = decision.then(fixed);
        let row = new_row(app, loaded.row.id, id, kind, actor.id);
        let row = numbered.fixed(app, row, actor.id);
        rows::insert(conn, row.clone())?;
        if on_paper {
            paper_number(conn, agency, &row)?;
        } else {
            record_number(conn, app, agency, &row)?;
        }
        issued.push((id, kind, on_paper));
    }
    let loaded = ledger::append(conn, app, loaded, actor, decision)?;
    for (id, kind, on_paper) in issued {
        outbox::queue_rendering(conn, app, &loaded, id)?;
        // What was made on paper went out on paper.
        if kind.is_to_applicant() && !on_paper {
            mail_notice(conn, app, &loaded, id, kind)?;
        }
    }
    Ok(loaded)
}

/// A 回执 put together but not yet on record.
pub(super) struct Receipt(NoticeRow);

impl Receipt {
    /// Puts together the 回执 of a request whose receipt date `decision` fixes, and adds its entry to
    /// the decision: one entry more in the same step, nothing written yet.
    ///
    /// # Errors
    ///
    /// [`AppError::Unprintable`] when the wording does not take the facts.
    pub(super) fn draw_up(
        app: &App,
        row: &RequestRow,
        actor: &Actor,
        agency: &Agency,
        decision: Decision,
    ) -> Result<(Decision, Self), AppError> {
        let id = NoticeId::new();
        let facts = Facts { agency, row, date: app.today() };
        let notice = wording::receipt(app, &facts, app.keys.query_code(RequestId(row.id)))?;
        let numbered = Numbered::without_number(notice)?;
        let fix = Command::FixNotice {
            notice: id,
            notice_kind: NoticeKind::Receipt,
            number: row.number.clone(),
            content_sha256: numbered.sha256().to_owned(),
        };
        let fixed = decide::decide(&decision.case, &fix, &app.context_of(actor.id, &[]))?;
        let notice = new_row(app, row.id, id, NoticeKind::Receipt, None);
        let notice = numbered.fixed(app, notice, actor.id);
        Ok((decision.then(fixed), Self(notice)))
    }

    /// Keeps the 回执 of a request whose ledger has its entry: row, rendering, mail.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(super) fn keep(
        self,
        conn: &mut Conn,
        app: &App,
        loaded: &Loaded,
        application: &Application,
    ) -> Result<NoticeId, AppError> {
        let id = NoticeId(self.0.id);
        rows::insert(conn, self.0)?;
        outbox::queue_rendering(conn, app, loaded, id)?;
        let to = application.applicant.email.trim();
        if !to.is_empty() {
            outbox::queue_mail(conn, app, loaded, id, NoticeKind::Receipt, to.to_owned())?;
        }
        Ok(id)
    }
}

/// Sets a notice and throws the result away: tells what cannot be printed before it matters.
///
/// # Errors
///
/// [`AppError::Unprintable`] naming the characters.
pub(super) fn proof(app: &App, notice: &Notice) -> Result<(), AppError> {
    app.engine.pdf(notice).map(|_| ()).map_err(|error| AppError::Unprintable(error.to_string()))
}

impl App {
    /// The row as people see it.
    fn notice_view(row: NoticeRow, request_version: i32) -> NoticeView {
        let changed_blocks = block_changes::written(&row).changed_blocks;
        NoticeView {
            id: NoticeId(row.id),
            request: RequestId(row.request_id),
            kind: row.kind,
            status: row.status,
            status_label: row.status.label().to_owned(),
            outcome: row.outcome,
            title: row.title,
            number: row.number,
            changed_blocks,
            fields: beside::without(row.fields),
            drafted_by: row.drafted_by.map(UserId),
            approved_by: row.approved_by.map(UserId),
            return_reason: row.return_reason,
            issued_on: row.issued_on,
            content_sha256: row.content_sha256,
            pdf_sha256: row.pdf_sha256,
            docx_sha256: row.docx_sha256,
            version: row.version,
            request_version,
        }
    }

    /// The notices of a request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's request.
    pub async fn notices(
        &self,
        principal: &Principal,
        request: RequestId,
    ) -> Result<Vec<NoticeView>, AppError> {
        let version = self.request(principal, request).await?.version;
        let rows = self.store.read(move |conn| rows::of_request(conn, request.0)).await?;
        Ok(rows.into_iter().map(|row| Self::notice_view(row, version)).collect())
    }

    /// One notice.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn notice(
        &self,
        principal: &Principal,
        id: NoticeId,
    ) -> Result<NoticeView, AppError> {
        let row = self.store.read(move |conn| rows::find(conn, id.0)).await?;
        let row = row.ok_or(AppError::NotFound("该文书"))?;
        let version = match self.request(principal, RequestId(row.request_id)).await {
            Err(AppError::NotFound(_)) => return Err(AppError::NotFound("该文书")),
            other => other?.version,
        };
        Ok(Self::notice_view(row, version))
    }
}
