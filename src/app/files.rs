//! Files of a case: attachments of the applicant, evidence of the agency. Streamed in, capped,
//! looked at for what they really are, hashed, and put on record.

use bytes::Bytes;
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::files::{self as rows, FileRow};
use crate::db::{Conn, StoreError};
use crate::domain::case::Case;
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::decide::secrecy::release;
use crate::domain::event::Actor;
pub use crate::domain::file::{Purpose, Release};
use crate::domain::finding::{Found, Inspection};
use crate::domain::ids::{FileId, RequestId, UserId};
use crate::domain::policy::Action;
use crate::storage::{StorageError, clean_file_name};

use super::ledger;
use super::notices::formats::Document;
use super::once::Once;
use super::{App, AppError, Principal};

/// A file on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// Identifier.
    pub id: FileId,
    /// What it is for.
    pub purpose: String,
    /// File name, cleaned.
    pub name: String,
    /// Media type as found, not as claimed.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The item a supplied file belongs to; none for the whole request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u16>,
    /// Of a supplied file: whether the applicant may have it, and if not, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The same in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_label: Option<String>,
    /// Of a supplied file: hidden data found in it, by kind; none while nobody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Vec<Found>>,
    /// Whether nothing was found, or somebody answers for what was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<bool>,
}

/// A file on its way in.
pub struct Upload<S> {
    /// Name as the sender gave it.
    pub name: String,
    /// The bytes.
    pub stream: S,
}

impl FileView {
    fn of(row: FileRow, case: &Case) -> Self {
        let supplied = case.supplied_file(FileId(row.id));
        let release = supplied.map(|supplied| release(case, supplied));
        let seen = supplied.and_then(|supplied| supplied.inspection.as_ref());
        Self {
            item: supplied.and_then(|supplied| supplied.item),
            release,
            release_label: release.map(|release| release.label().to_owned()),
            found: seen.map(|seen| seen.found.clone()),
            settled: seen.map(Inspection::is_settled),
            id: FileId(row.id),
            purpose: row.purpose,
            name: row.name,
            media_type: row.media_type,
            size: row.size_bytes,
            sha256: row.sha256,
        }
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::TooLarge { limit } => Self::Upload {
                code: "file_too_large",
                message: format!("文件超过{}的上限", size(limit)),
            },
            StorageError::Refused(why) => {
                Self::Upload { code: "file_type_refused", message: why.to_string() }
            }
            StorageError::Source(_) => Self::Upload {
                code: "upload_broken_off",
                message: "文件没有传完，请重新上传".to_owned(),
            },
            StorageError::Unavailable { source } => Self::StorageUnavailable(source.to_string()),
            StorageError::NotFound { key } => Self::FileLost(key),
            other => Self::broken(other),
        }
    }
}

/// A length in bytes as people read it: in MB where that comes out even, else in whole KB.
fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = KB * KB;
    if bytes.is_multiple_of(MB) { format!("{}MB", bytes / MB) } else { format!("{}KB", bytes / KB) }
}

impl App {
    /// Adds a file to a case, by somebody of the agency.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] when it is too large or of a kind that is not taken.
    pub async fn attach<S, E>(
        &self,
        principal: Principal,
        once: Option<Once>,
        request: RequestId,
        (purpose, item): (Purpose, Option<u16>),
        upload: Upload<S>,
    ) -> Result<FileView, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
        E: std::fmt::Display + Send,
    {
        let agency = self.request(&principal, request).await?.agency;
        principal.may(Action::AddFile, agency)?;
        let actor = principal.actor();
        self.take_in(once, request, actor, (purpose, item), upload).await
    }

    /// Adds a file to a case, by its applicant.
    ///
    /// # Errors
    ///
    /// As [`App::attach`]; [`AppError::NotFound`] for a wrong ticket.
    pub async fn attach_by_ticket<S, E>(
        &self,
        once: Option<Once>,
        ticket: super::tracking::Ticket,
        upload: Upload<S>,
    ) -> Result<FileView, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
        E: std::fmt::Display + Send,
    {
        let request = self.ticket_request(ticket).await?;
        let app = self.clone();
        self.store.read(move |conn| app.room_for_another(conn, request)).await?;
        let actor = Actor { id: None, label: "申请人".to_owned() };
        self.take_in(once, request, actor, (Purpose::Attachment, None), upload).await
    }

    async fn take_in<S, E>(
        &self,
        once: Option<Once>,
        request: RequestId,
        actor: Actor,
        (purpose, item): (Purpose, Option<u16>),
        upload: Upload<S>,
    ) -> Result<FileView, AppError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
        E: std::fmt::Display + Send,
    {
        let id = FileId::new();
        let name = clean_file_name(&upload.name);
        let limit = self.settings.upload_max_bytes;
        let stored = self.blobs.put_upload("files", &name, upload.stream, limit);
        // Dropped in the middle, nothing of it stays behind.
        let within = tokio::time::timeout(self.settings.upload_time, stored).await;
        let (stored, media_type) = within.map_err(too_slow)??;
        let key = stored.key;
        let once = once.map(|once| {
            let sent = (request, purpose, item, &name, &stored.sha256);
            Once { request_sha256: ledger::digest(&serde_json::json!(sent)), ..once }
        });
        let row = FileRow {
            id: id.0,
            request_id: request.0,
            purpose: purpose.as_str().to_owned(),
            name,
            media_type: media_type.as_str().to_owned(),
            size_bytes: i64::try_from(stored.size).map_err(AppError::broken)?,
            sha256: stored.sha256,
            storage_key: key.clone(),
            uploaded_by: actor.id.map(|id: UserId| id.0),
            created_at: self.clock.now(),
        };
        // What is to go out is looked into before anybody can say that it may.
        let looked = match purpose {
            Purpose::Supplied => self.look_into(&row).await.map(Some),
            _ => Ok(None),
        };
        let looked = match looked {
            Ok(looked) => looked,
            Err(error) => {
                self.drop_bytes(&key).await;
                return Err(error);
            }
        };
        let recorded = self
            .write_unseen(once, move |conn, app| {
                if actor.id.is_none() {
                    app.room_for_another(conn, request)?;
                }
                let loaded = ledger::load(conn, app, request.0)?;
                let command = Command::AddFile {
                    file: id,
                    name: row.name.clone(),
                    sha256: row.sha256.clone(),
                    purpose: row.purpose.clone(),
                    item,
                };
                let context = app.context_of(actor.id, &[]);
                let mut decision = decide::decide(&loaded.case, &command, &context)?;
                rows::insert(conn, row.clone())?;
                if let Some(looked) = looked {
                    let seen = decide::decide(&decision.case, &looked.command(id), &context)?;
                    decision = decision.then(seen);
                    looked.keep(conn)?;
                }
                let loaded = ledger::append(conn, app, loaded, &actor, decision)?;
                Ok(FileView::of(row, &loaded.case))
            })
            .await;
        if !recorded.as_ref().is_ok_and(|view| view.id == id) {
            // Refused, or sent a second time: nothing refers to these bytes.
            self.drop_bytes(&key).await;
        }
        recorded
    }

    /// Removes stored bytes that no row names.
    pub(super) async fn drop_bytes(&self, key: &str) {
        if let Err(error) = self.blobs.delete(key).await {
            tracing::warn!(%error, key, "an orphaned file stays behind");
        }
    }

    /// Whether the applicant may add one more file.
    ///
    /// # Errors
    ///
    /// [`AppError::Upload`] `too_many_files`.
    fn room_for_another(&self, conn: &mut Conn, request: RequestId) -> Result<(), AppError> {
        let files = rows::of_request(conn, request.0)?;
        let most = self.settings.applicant_files;
        if files.iter().filter(|row| row.uploaded_by.is_none()).count() < most {
            return Ok(());
        }
        let message =
            format!("一件申请最多在线提交{most}个附件，请合并后上传，或者邮寄、当面提交其余材料");
        Err(AppError::Upload { code: "too_many_files", message })
    }

    /// The files of a request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn files(
        &self,
        principal: &Principal,
        request: RequestId,
    ) -> Result<Vec<FileView>, AppError> {
        self.request(principal, request).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let case = ledger::load(conn, &app, request.0)?.case;
                let rows = rows::of_request(conn, request.0)?;
                Ok(rows.into_iter().map(|row| FileView::of(row, &case)).collect())
            })
            .await
    }

    /// A file with its bytes.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::FileLost`].
    pub async fn file_content(
        &self,
        principal: &Principal,
        id: FileId,
    ) -> Result<Document, AppError> {
        let missing = || AppError::NotFound("该文件");
        let row = self.store.read(move |conn| rows::get(conn, id.0)).await.map_err(|error| {
            if matches!(error, StoreError::NotFound) { missing() } else { error.into() }
        })?;
        let request = RequestId(row.request_id);
        match self.request(principal, request).await {
            Err(AppError::NotFound(_)) => return Err(missing()),
            other => other?,
        };
        // What people uploaded is handed out as bytes, never shown under this address.
        self.bytes_of(row, "application/octet-stream").await
    }

    /// A file as it is handed out: the bytes on record and no others.
    ///
    /// # Errors
    ///
    /// [`AppError::FileLost`] when the store has them no more, or has other ones.
    pub(super) async fn bytes_of(
        &self,
        row: FileRow,
        media_type: &'static str,
    ) -> Result<Document, AppError> {
        let bytes = self.blobs.get(&row.storage_key).await?;
        if hex::encode(Sha256::digest(&bytes)) != row.sha256 {
            return Err(AppError::FileLost(format!("{} holds other bytes", row.storage_key)));
        }
        let (name, sha256) = (row.name, row.sha256);
        Ok(Document { name, media_type, sha256, bytes: bytes.to_vec() })
    }
}

pub(super) fn too_slow(_: tokio::time::error::Elapsed) -> AppError {
    let message = "文件上传时间过长，已停止接收，请在网络较好时重新上传".to_owned();
    AppError::Upload { code: "upload_broken_off", message }
}

/// The file that `field` names must belong to the request.
///
/// # Errors
///
/// [`AppError::Invalid`] with the field.
pub(super) fn of_request(
    conn: &mut Conn,
    request: Uuid,
    field: &'static str,
    file: FileId,
) -> Result<Uuid, AppError> {
    match rows::get(conn, file.0) {
        Ok(row) if row.request_id == request => Ok(row.id),
        Ok(_) | Err(StoreError::NotFound) => {
            Err(AppError::field(field, "unknown_file", "没有找到该凭证文件，请先上传到本申请"))
        }
        Err(error) => Err(error.into()),
    }
}
