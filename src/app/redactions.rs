//! 区分处理: a masked copy of a file is made, looked at page by page by a second person, and only then
//! joins what is supplied. The original stays as it is.
//!
//! Source: 条例 art. 37.

mod views;

use futures_util::stream;
use uuid::Uuid;

use crate::db::files::{self, FileRow};
use crate::db::redactions::{self as rows, RedactionRow};
use crate::documents::RenderError;
use crate::documents::redact::{RedactError, Source};
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::file::Purpose;
use crate::domain::ids::{AgencyId, FileId, RedactionId, RequestId, UserId};
use crate::domain::policy::Action;
use crate::domain::redaction::{
    self as domain, Redacted, RedactionForm, RedactionState, RedactionStep,
};
use crate::domain::refusal::{OutgoingRefusal, Refusal};
use crate::storage::{MediaType, clean_file_name};

use super::audit::{self, Note};
use super::findings::read_apart;
use super::ledger;
use super::notices::formats::Document;
use super::once::Once;
use super::{App, AppError, Principal};

pub use views::{MaskView, RedactionView};
use views::{masks, view};

const UNKNOWN: AppError = AppError::NotFound("该遮盖稿");

/// Longest masked copy that is kept.
const LARGEST: u64 = 1 << 30;

impl From<RedactError> for AppError {
    fn from(error: RedactError) -> Self {
        match error {
            RedactError::Refused(refusal) => Self::Refused(refusal.into()),
            RedactError::Rendering(error @ RenderError::MissingGlyphs { .. }) => {
                Self::Unprintable(error.to_string())
            }
            RedactError::Rendering(error) => Self::broken(error),
        }
    }
}

impl App {
    /// Makes a masked copy of a file. It is a draft until a second person confirms it.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Refused`] `no_masks`,
    /// `mask_outside_page`, `words_not_found`, `file_not_maskable`.
    pub async fn redact(
        &self,
        who: Principal,
        once: Option<Once>,
        file: FileId,
        form: RedactionForm,
    ) -> Result<RedactionView, AppError> {
        let row = self.own_file(&who, file).await?;
        let agency = self.request(&who, RequestId(row.request_id)).await?.agency;
        who.may(Action::AddFile, agency)?;
        form.check()?;
        let source = match MediaType::of(&row.media_type) {
            Some(MediaType::Pdf) => Source::Pdf,
            Some(MediaType::Png) => Source::Png,
            Some(MediaType::Jpeg) => Source::Jpeg,
            _ => return Err(not_maskable("只能遮盖 PDF、PNG、JPG 文件，请先转换为 PDF")),
        };
        let name = copy_name(&row.name, &form.name);
        let (request, today, engine) = (row.request_id, self.today(), self.engine.clone());
        let bytes = self.bytes_of(row, "application/octet-stream").await?.bytes;
        let title = name.trim_end_matches(".pdf").to_owned();
        let made = read_apart(move || engine.redact((source, &bytes), &form, (&title, today)));
        let made = made.await.ok_or_else(|| not_maskable("处理没有完成，可能文件过于复杂"))??;
        let pdf = stream::iter([Ok::<_, std::convert::Infallible>(made.pdf.into())]);
        let stored = self.blobs.put_stream("files", pdf, LARGEST).await?;
        let now = self.clock.now();
        let id = Uuid::now_v7();
        let row = RedactionRow {
            id,
            request_id: request,
            file_id: file.0,
            name,
            state: RedactionState::Draft,
            masks: serde_json::to_value(&made.masks).map_err(AppError::broken)?,
            pages: i32::try_from(made.pages).map_err(AppError::broken)?,
            result_key: Some(stored.key.clone()),
            result_sha256: stored.sha256,
            result_bytes: i64::try_from(stored.size).map_err(AppError::broken)?,
            made_by: who.user.0,
            decided_by: None,
            decided_on: None,
            reason: String::new(),
            result_file_id: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let kept = self
            .write_once(once, move |conn, app| {
                rows::insert(conn, row.clone())?;
                audit::note(conn, app, Some(&who), Note::done("make", "redaction", id))?;
                view(row)
            })
            .await;
        if !kept.as_ref().is_ok_and(|kept| kept.id.0 == id) {
            self.drop_bytes(&stored.key).await;
        }
        kept
    }

    /// Confirms or throws away a masked copy that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Refused`] `own_redaction`, `wrong_state`;
    /// [`AppError::Conflict`] `changed`.
    pub async fn redaction_step(
        &self,
        who: Principal,
        once: Option<Once>,
        id: RedactionId,
        seen: i32,
        step: RedactionStep,
    ) -> Result<RedactionView, AppError> {
        let row = self.redaction_row(&who, id).await?;
        let (key, dropped) = (row.result_key.clone(), matches!(step, RedactionStep::Reject { .. }));
        let file = self.copy_row(&row)?;
        // Looked into as every file that goes out; what nobody sees cannot be in it, numbers can.
        let looked = match (&step, &file) {
            (RedactionStep::Confirm { .. }, Some(file)) => Some(self.look_into(file).await?),
            _ => None,
        };
        let decided = self
            .write_unseen(once, move |conn, app| {
                let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
                let loaded = ledger::load(conn, app, row.request_id)?;
                who.may(Action::AddFile, AgencyId(loaded.row.agency_id))?;
                let made_by = UserId(row.made_by);
                let state = domain::decide(row.state, made_by, &step, (who.user, &who.roles))?;
                if row.version != seen {
                    return Err(changed());
                }
                let row = RedactionRow {
                    state,
                    decided_by: Some(who.user.0),
                    decided_on: Some(app.today()),
                    updated_at: app.clock.now(),
                    ..row
                };
                let row = match (step, file, looked) {
                    (RedactionStep::Confirm { item }, Some(file), Some(looked)) => {
                        let new = FileId(file.id);
                        // First the row of the copy: whoever is second changes nothing else.
                        let row = RedactionRow { result_file_id: Some(new.0), ..row };
                        let row = rows::update(conn, row)?;
                        let redacted = Redacted {
                            file: new,
                            from: FileId(row.file_id),
                            masks: domain::counted(&masks(&row)?),
                            made_by,
                        };
                        let add = Command::AddFile {
                            file: new,
                            name: file.name.clone(),
                            sha256: file.sha256.clone(),
                            purpose: file.purpose.clone(),
                            item,
                        };
                        let context = app.context(&who);
                        let mut decision = decide::decide(&loaded.case, &add, &context)?;
                        for command in [looked.command(new), Command::RecordRedaction(redacted)] {
                            let next = decide::decide(&decision.case, &command, &context)?;
                            decision = decision.then(next);
                        }
                        files::insert(conn, file)?;
                        looked.keep(conn)?;
                        ledger::append(conn, app, loaded, &who.actor(), decision)?;
                        row
                    }
                    (RedactionStep::Reject { reason }, ..) => {
                        let reason = reason.trim().to_owned();
                        rows::update(conn, RedactionRow { reason, result_key: None, ..row })?
                    }
                    _ => return Err(changed()),
                };
                audit::note(conn, app, Some(&who), Note::done("step", "redaction", id.0))?;
                view(row)
            })
            .await?;
        if let Some(key) = key.filter(|_| dropped) {
            self.drop_bytes(&key).await;
        }
        Ok(decided)
    }

    /// The row of the file that a masked copy becomes; `None` once it was thrown away.
    fn copy_row(&self, row: &RedactionRow) -> Result<Option<FileRow>, AppError> {
        let Some(key) = row.result_key.clone() else { return Ok(None) };
        Ok(Some(FileRow {
            id: FileId::new().0,
            request_id: row.request_id,
            purpose: Purpose::Supplied.as_str().to_owned(),
            name: row.name.clone(),
            media_type: MediaType::Pdf.as_str().to_owned(),
            size_bytes: row.result_bytes,
            sha256: row.result_sha256.clone(),
            storage_key: key,
            uploaded_by: Some(row.made_by),
            created_at: self.clock.now(),
        }))
    }

    /// The masked copies of a request, oldest first.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn redactions(
        &self,
        who: &Principal,
        request: RequestId,
    ) -> Result<Vec<RedactionView>, AppError> {
        self.request(who, request).await?;
        let found = self.store.read(move |conn| rows::of_request(conn, request.0)).await?;
        found.into_iter().map(view).collect()
    }

    /// A masked copy.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn redaction(
        &self,
        who: &Principal,
        id: RedactionId,
    ) -> Result<RedactionView, AppError> {
        view(self.redaction_row(who, id).await?)
    }

    /// A page of a masked copy as a picture, drawn from the copy itself.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for one that was thrown away; [`AppError::FileLost`].
    pub async fn redaction_page(
        &self,
        who: &Principal,
        id: RedactionId,
        page: usize,
    ) -> Result<Document, AppError> {
        let row = self.redaction_row(who, id).await?;
        let file = self.copy_row(&row)?.ok_or(UNKNOWN)?;
        let bytes = self.bytes_of(file, "application/pdf").await?.bytes;
        let engine = self.engine.clone();
        let drawn = read_apart(move || engine.page_picture(&bytes, page)).await;
        let drawn = drawn.ok_or_else(|| AppError::broken("a page was not drawn"))?;
        let bytes = drawn.map_err(AppError::broken)?.ok_or(AppError::NotFound("该页"))?;
        let name = format!("第{page}页.png");
        Ok(Document { name, media_type: "image/png", sha256: String::new(), bytes })
    }

    async fn redaction_row(
        &self,
        who: &Principal,
        id: RedactionId,
    ) -> Result<RedactionRow, AppError> {
        let found = self.store.read(move |conn| rows::find(conn, id.0)).await?;
        let row = found.ok_or(UNKNOWN)?;
        match self.request(who, RequestId(row.request_id)).await {
            Err(AppError::NotFound(_)) => Err(UNKNOWN),
            Err(other) => Err(other),
            Ok(_) => Ok(row),
        }
    }
}

/// What the copy is called: as entered, or after the file.
fn copy_name(file: &str, entered: &str) -> String {
    let entered = entered.trim();
    let stem = match entered {
        "" => {
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            format!("{stem}（区分处理）")
        }
        entered => entered.to_owned(),
    };
    clean_file_name(&format!("{stem}.pdf"))
}

fn not_maskable(why: &str) -> AppError {
    Refusal::from(OutgoingRefusal::NotMaskable(why.to_owned())).into()
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该遮盖稿在您查看之后已被他人处理，请刷新后再试".to_owned(),
    }
}
