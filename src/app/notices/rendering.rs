//! The bytes of an issued notice: made once from the frozen text, stored, hashed into the ledger.

use sha2::{Digest, Sha256};

use crate::db::notices::{self as rows, NoticeRow};
use crate::db::{StoreError, events};
use crate::documents::{Notice, docx};
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::event::Actor;
use crate::domain::ids::{NoticeId, RequestId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::policy::Role;

use super::formats::{Document, Format};
use crate::app::audit::{self, Note};
use crate::app::ledger;
use crate::app::{App, AppError, Principal};

/// How often the record of a rendering is tried while others write to the same case.
const TRIES: u32 = 4;

impl App {
    /// Makes, stores and records the bytes of an issued notice. Doing it twice changes nothing: the
    /// same text gives the same bytes, and only the first time is recorded.
    ///
    /// # Errors
    ///
    /// [`AppError::Unprintable`] when a character has no glyph; failures of store and files.
    pub async fn render(&self, id: NoticeId) -> Result<NoticeRow, AppError> {
        for _ in 1..TRIES {
            match self.render_once(id).await {
                Err(AppError::Store(StoreError::Stale)) => {}
                other => return other,
            }
        }
        self.render_once(id).await
    }

    async fn render_once(&self, id: NoticeId) -> Result<NoticeRow, AppError> {
        let row = self.store.read(move |conn| rows::get(conn, id.0)).await?;
        if row.rendered_at.is_some() {
            return Ok(row);
        }
        if !matches!(row.status, NoticeStatus::Issued | NoticeStatus::Voided) {
            return Err(AppError::NotFound("该文书"));
        }
        // What was issued is what is set, and nothing else.
        if row.content_sha256.as_deref() != Some(&ledger::digest(&row.content)) {
            return Err(AppError::Broken(format!("notice {id} does not read as it was issued")));
        }
        let notice: Notice =
            serde_json::from_value(row.content.clone()).map_err(AppError::broken)?;
        let notice = self.with_seal(notice).await?;
        let engine = self.engine.clone();
        let set = tokio::task::spawn_blocking(move || {
            // Its text is fixed: what no font draws any more is spelled, not refused for ever.
            let notice = engine.spelled_throughout(&notice);
            Ok::<_, crate::documents::RenderError>((engine.pdf(&notice)?, docx(&notice)?))
        });
        let (pdf, word) = set
            .await
            .map_err(AppError::broken)?
            .map_err(|error| AppError::Unprintable(error.to_string()))?;
        let pdf = self.freeze(id, Format::Pdf, pdf).await?;
        let word = self.freeze(id, Format::Docx, word).await?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let row = rows::get(conn, id.0)?;
                if row.rendered_at.is_some() {
                    return Ok(row);
                }
                let app = app.in_force(conn)?;
                let loaded = ledger::load(conn, &app, row.request_id)?;
                let command = Command::FreezeDocument {
                    notice: id,
                    template: format!("{}@{}", row.template_code, row.template_version),
                    pdf_sha256: pdf.1.clone(),
                    docx_sha256: word.1.clone(),
                };
                let actor = Actor { id: None, label: "系统".to_owned() };
                let decision = decide::decide(&loaded.case, &command, &app.context_of(None, &[]))?;
                ledger::append(conn, &app, loaded, &actor, decision)?;
                let now = app.clock.now();
                let row = NoticeRow {
                    pdf_key: Some(pdf.0),
                    pdf_sha256: Some(pdf.1),
                    pdf_bytes: Some(pdf.2),
                    docx_key: Some(word.0),
                    docx_sha256: Some(word.1),
                    docx_bytes: Some(word.2),
                    rendered_at: Some(now),
                    updated_at: now,
                    ..row
                };
                Ok(rows::update(conn, row)?)
            })
            .await
    }

    /// Stores bytes under the key of notice and format: key, hash, size.
    async fn freeze(
        &self,
        id: NoticeId,
        format: Format,
        bytes: Vec<u8>,
    ) -> Result<(String, String, i64), AppError> {
        let key = format!("notices/{id}.{}", format.ending());
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let size = i64::try_from(bytes.len()).map_err(AppError::broken)?;
        self.blobs.put_bytes(&key, bytes.into()).await?;
        Ok((key, sha256, size))
    }

    /// A reply as it would print now, without number.
    ///
    /// # Errors
    ///
    /// Those of [`App::preview`]; [`AppError::Unprintable`].
    pub async fn preview_document(
        &self,
        principal: Principal,
        id: NoticeId,
        format: Format,
    ) -> Result<Document, AppError> {
        let notice = self.preview(principal, id).await?;
        let name = format!("{}（预览）.{}", notice.title, format.ending());
        Ok(Document { name, sha256: String::new(), ..self.set(notice, format).await? })
    }

    /// A page of a draft as it would print now, or of an issued notice, as a picture.
    ///
    /// # Errors
    ///
    /// Those of [`App::preview`]; [`AppError::NotFound`] for a page that is not there.
    pub async fn notice_page(
        &self,
        principal: Principal,
        id: NoticeId,
        page: usize,
    ) -> Result<Document, AppError> {
        let notice = self.preview(principal, id).await?;
        self.page(notice, page).await
    }

    /// An issued notice as a file, rendered first if the worker has not come to it yet.
    ///
    /// A receipt bears the query code, with which one acts as the applicant. It goes to those who
    /// hand it out at the counter, and that is put on record; all others get a copy without it.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's and for drafts.
    pub async fn document(
        &self,
        principal: &Principal,
        id: NoticeId,
        format: Format,
    ) -> Result<Document, AppError> {
        let view = self.notice(principal, id).await?;
        if view.kind != NoticeKind::Receipt {
            return self.document_of(id, None, format).await;
        }
        // Who registers hands it over; nobody else needs what lets one act as the applicant.
        if !self.hands_over(principal, view.request).await? {
            return self.without_query_code(id, format).await;
        }
        let (app, who) = (self.clone(), principal.clone());
        self.store
            .write(move |conn| {
                audit::note(conn, &app, Some(&who), Note::done("open_receipt", "notice", id.0))
            })
            .await?;
        self.document_of(id, None, format).await
    }

    /// Whether a person hands out the receipt of a request: the clerks of the agency, and whoever
    /// registered it.
    async fn hands_over(&self, who: &Principal, request: RequestId) -> Result<bool, AppError> {
        if who.agency.is_none() || who.is(Role::Clerk) {
            return Ok(who.agency.is_some());
        }
        let entries = self.store.read(move |conn| events::after(conn, request.0, 0)).await?;
        Ok(entries.first().is_some_and(|filed| filed.actor_id == Some(who.user.0)))
    }

    /// A receipt set anew without the query code: a copy for reading, frozen nowhere.
    async fn without_query_code(&self, id: NoticeId, format: Format) -> Result<Document, AppError> {
        let row = self.store.read(move |conn| rows::get(conn, id.0)).await?;
        let notice = to_read(row)?;
        let name = format!("{}（副本）.{}", notice.title, format.ending());
        Ok(Document { name, ..self.set(notice, format).await? })
    }

    /// The same for whoever has shown that the request is theirs.
    pub(crate) async fn document_of(
        &self,
        id: NoticeId,
        request: Option<RequestId>,
        format: Format,
    ) -> Result<Document, AppError> {
        let row = self.render(id).await?;
        if request.is_some_and(|request| request.0 != row.request_id) {
            return Err(AppError::NotFound("该文书"));
        }
        let number = row.number.map(|n| format!("_{n}")).unwrap_or_default();
        let name = format!("{}{number}.{}", row.title, format.ending());
        let (key, sha256) = match format {
            Format::Pdf => (row.pdf_key, row.pdf_sha256),
            Format::Docx => (row.docx_key, row.docx_sha256),
            // Set anew from the frozen text, and stored nowhere.
            Format::Html => {
                let notice = serde_json::from_value(row.content).map_err(AppError::broken)?;
                return Ok(Document { name, ..self.set(notice, format).await? });
            }
        };
        let key = key.ok_or(AppError::NotFound("该文书"))?;
        let (bytes, sha256) = (self.blobs.get(&key).await?, sha256.unwrap_or_default());
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(AppError::FileLost(format!("{key} holds other bytes")));
        }
        Ok(Document { name, media_type: format.media_type(), sha256, bytes: bytes.to_vec() })
    }
}

/// The frozen text without the query code, with which one acts as the applicant.
pub(super) fn to_read(row: NoticeRow) -> Result<Notice, AppError> {
    let notice: Notice = serde_json::from_value(row.content).map_err(AppError::broken)?;
    Ok(Notice { query_code: None, ..notice })
}
