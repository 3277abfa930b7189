//! Forms that an agency made itself (自制表格): uploaded by its head or an administrator, checked whole,
//! kept by version, and filled for a case – masked like every form, each printing on record.
//!
//! Source: rulebook 5.3; 个人信息保护法 art. 6, 51.

mod filling;
mod views;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::own_forms::{self as rows, OwnFormRow, OwnFormVersionRow};
use crate::db::{Conn, StoreError};
use crate::documents::own_form::{Checked, LARGEST};
use crate::domain::ids::{AgencyId, OwnFormId};
use crate::domain::own_form::{Fault, OwnFormHead};
use crate::domain::policy::Role;
use crate::domain::request::FieldFault;
use crate::storage::clean_file_name;

use super::audit::{self, Note};
use super::files::{Upload, too_slow};
use super::findings::read_apart;
use super::notices::formats::{Document, Format};
use super::once::Once;
use super::{App, AppError, Principal, ledger};

pub use filling::FilledCopy;
pub use views::{
    FilledValue, OwnFormCheck, OwnFormContents, OwnFormFault, OwnFormVersionView, OwnFormView,
    PlaceholderUse, PlaceholderView,
};

const UNKNOWN: AppError = AppError::NotFound("该表格");

/// Where the file store keeps a file.
pub(super) fn key(sha256: &str) -> String {
    format!("own-forms/{sha256}.docx")
}

impl App {
    /// The catalogue of placeholders.
    #[must_use]
    pub fn placeholders(&self) -> Vec<PlaceholderView> {
        views::catalogue()
    }

    /// The forms of an agency, in the order they were entered.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for an agency that is not the person's to see.
    pub async fn own_forms(
        &self,
        who: &Principal,
        agency: AgencyId,
        retired: bool,
    ) -> Result<Vec<OwnFormView>, AppError> {
        may_read(who, agency, AppError::NotFound("该机关"))?;
        self.agency(agency).await?;
        self.store
            .read(move |conn| {
                let mut found = rows::of_agency(conn, agency.0)?;
                found.retain(|row| retired || row.retired_on.is_none());
                let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
                let versions = rows::versions(conn, &ids)?;
                found.into_iter().map(|row| OwnFormView::of(row, &versions)).collect()
            })
            .await
    }

    /// One form.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn own_form(&self, who: &Principal, id: OwnFormId) -> Result<OwnFormView, AppError> {
        let who = who.clone();
        self.store
            .read(move |conn| {
                let row = readable(conn, &who, id)?;
                view(conn, row)
            })
            .await
    }

    /// The file of a version, empty, as it is kept.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::FileLost`].
    pub async fn own_form_file(
        &self,
        who: &Principal,
        id: OwnFormId,
        n: i32,
    ) -> Result<Document, AppError> {
        let who = who.clone();
        let found = self.store.read(move |conn| {
            let row = readable(conn, &who, id)?;
            let version = rows::version(conn, row.id, n)?.ok_or(AppError::NotFound("该版本"))?;
            Ok::<_, AppError>((row, version))
        });
        let (row, version) = found.await?;
        let bytes = self.own_form_bytes(&version).await?;
        Ok(document(&format!("{}（第{n}版）", row.name), version.sha256, bytes))
    }

    /// Looks into a file without keeping it.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Upload`] if it did not arrive.
    pub async fn check_own_form<S, E>(
        &self,
        who: &Principal,
        agency: AgencyId,
        upload: Upload<S>,
    ) -> Result<OwnFormCheck, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        may_keep(who, agency, AppError::NotFound("该机关"))?;
        Ok(self.checked_form(upload).await?.into())
    }

    /// Takes a file: as a new form, or as the next version of the form of this name, which is then
    /// offered again if it was retired.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] with everything that is
    /// wrong with name, purpose and file; [`AppError::Upload`] if it did not arrive.
    pub async fn upload_own_form<S, E>(
        &self,
        who: Principal,
        once: Option<Once>,
        agency: AgencyId,
        head: OwnFormHead,
        upload: Upload<S>,
    ) -> Result<OwnFormView, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        may_keep(&who, agency, AppError::NotFound("该机关"))?;
        self.agency(agency).await?;
        let head = head.trimmed();
        let file_name = clean_file_name(&upload.name);
        let Checked { uses, faults: wrong, notes, file } = self.checked_form(upload).await?;
        let mut faults = head.faults();
        let of_file =
            |fault: Fault| FieldFault { field: "file", code: fault.code, message: fault.message };
        faults.extend(wrong.into_iter().map(of_file));
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let sha256 = hex::encode(Sha256::digest(&file));
        let size_bytes = i64::try_from(file.len()).map_err(AppError::broken)?;
        let contents = OwnFormContents::of(uses, notes);
        let contents = serde_json::to_value(contents).map_err(AppError::broken)?;
        // Under its digest: twice the same file is one.
        self.blobs.put_bytes(&key(&sha256), file.into()).await?;
        let once = once.map(|once| {
            let sent = json!((agency, &head, &file_name, &sha256));
            Once { request_sha256: ledger::digest(&sent), ..once }
        });
        self.write_unseen(once, move |conn, app| {
            let row = next(conn, app, agency, head)?;
            let version = OwnFormVersionRow {
                form_id: row.id,
                n: row.latest,
                file_name,
                sha256: sha256.clone(),
                size_bytes,
                contents,
                uploaded_by: who.user.0,
                created_at: app.clock.now(),
            };
            rows::insert_version(conn, version)?;
            let detail = json!({ "n": row.latest, "sha256": sha256 });
            let note = Note { detail, ..Note::done("upload", "own_form", row.id) };
            audit::note(conn, app, Some(&who), note)?;
            view(conn, row)
        })
        .await
    }

    /// Retires a form seen at version `seen`, or offers it again. Its versions stay.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also for another agency's;
    /// [`AppError::Conflict`] `changed`.
    pub async fn retire_own_form(
        &self,
        who: Principal,
        id: OwnFormId,
        seen: i32,
        retired: bool,
    ) -> Result<OwnFormView, AppError> {
        let app = self.clone();
        self.store
            .write(move |conn| {
                let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
                may_keep(&who, AgencyId(row.agency_id), UNKNOWN)?;
                let row = OwnFormRow {
                    retired_on: retired.then(|| app.today()),
                    version: seen,
                    updated_at: app.clock.now(),
                    ..row
                };
                let row = rows::update(conn, row).map_err(changed)?;
                let verb = if retired { "retire" } else { "restore" };
                audit::note(conn, &app, Some(&who), Note::done(verb, "own_form", id.0))?;
                view(conn, row)
            })
            .await
    }

    async fn own_form_bytes(&self, version: &OwnFormVersionRow) -> Result<Vec<u8>, AppError> {
        let key = key(&version.sha256);
        let bytes = self.blobs.get(&key).await?.to_vec();
        // What is filled is what was checked.
        if hex::encode(Sha256::digest(&bytes)) == version.sha256 {
            Ok(bytes)
        } else {
            Err(AppError::FileLost(key))
        }
    }

    /// Reads a file as it comes in, as far as it can be a form, and looks into it.
    async fn checked_form<S, E>(&self, upload: Upload<S>) -> Result<Checked, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        let read = tokio::time::timeout(self.settings.upload_time, whole(upload.stream));
        let bytes = read.await.map_err(too_slow)??;
        let engine = self.engine.clone();
        let checked = read_apart(move || engine.check_own_form(&bytes)).await;
        checked.ok_or_else(|| {
            let message = "检查没有完成，可能文件过于复杂，请精简后再上传";
            AppError::field("file", "form_file_too_large", message)
        })
    }
}

/// The row of the form of this name at its next version, stored.
fn next(
    conn: &mut Conn,
    app: &App,
    agency: AgencyId,
    head: OwnFormHead,
) -> Result<OwnFormRow, AppError> {
    let now = app.clock.now();
    let OwnFormHead { name, purpose, description } = head;
    if let Some(row) = rows::named(conn, agency.0, &name)? {
        let latest = row.latest + 1;
        let updated_at = now;
        let row = OwnFormRow { purpose, description, latest, retired_on: None, updated_at, ..row };
        return Ok(rows::update(conn, row)?);
    }
    let row = OwnFormRow {
        id: Uuid::now_v7(),
        agency_id: agency.0,
        name,
        purpose,
        description,
        latest: 1,
        retired_on: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    // Whoever was first with the name: the next try finds it.
    rows::insert(conn, row.clone()).map_err(|error| match error {
        StoreError::UniqueViolation { .. } => StoreError::Stale,
        other => other,
    })?;
    Ok(row)
}

/// The bytes of an upload; a few more than a form may have are enough to refuse it.
async fn whole<S, E>(mut stream: S) -> Result<Vec<u8>, AppError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_broken_off| AppError::Upload {
            code: "upload_broken_off",
            message: "文件没有传完，请重新上传".to_owned(),
        })?;
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST {
            break;
        }
    }
    Ok(bytes)
}

fn view(conn: &mut Conn, row: OwnFormRow) -> Result<OwnFormView, AppError> {
    let versions = rows::versions(conn, &[row.id])?;
    OwnFormView::of(row, &versions)
}

fn readable(conn: &mut Conn, who: &Principal, id: OwnFormId) -> Result<OwnFormRow, AppError> {
    let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
    may_read(who, AgencyId(row.agency_id), UNKNOWN)?;
    Ok(row)
}

/// Who keeps the forms of an agency: its head and administrators; to others of other agencies it is
/// not there.
fn may_keep(who: &Principal, agency: AgencyId, hidden: AppError) -> Result<(), AppError> {
    if who.is(Role::Administrator) || (who.is(Role::Head) && who.agency == Some(agency)) {
        return Ok(());
    }
    match who.is(Role::Head) {
        true => Err(hidden),
        false => Err(AppError::Forbidden("只有公开工作机构负责人和系统管理员可以维护自制表格")),
    }
}

/// Who reads the forms of an agency: whoever keeps them, and those who see its cases.
fn may_read(who: &Principal, agency: AgencyId, hidden: AppError) -> Result<(), AppError> {
    if who.is(Role::Administrator) || who.scope()?.includes(agency) { Ok(()) } else { Err(hidden) }
}

fn document(name: &str, sha256: String, bytes: Vec<u8>) -> Document {
    let name = clean_file_name(&format!("{name}.docx"));
    Document { name, media_type: Format::Docx.media_type(), sha256, bytes }
}

fn changed(error: StoreError) -> AppError {
    match error {
        StoreError::Stale => AppError::Conflict {
            code: "changed",
            message: "表格在您查看之后已被他人更换，请刷新后再改".to_owned(),
        },
        other => other.into(),
    }
}
