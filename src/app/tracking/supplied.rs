//! Files supplied with a reply, as far as the applicant may have them: listed, and sent one by one.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Ticket, unlock};
use crate::app::audit::{self, Note};
use crate::app::ledger::Loaded;
use crate::app::notices::formats::Document;
use crate::app::{App, AppError};
use crate::db::Conn;
use crate::db::files::{self, FileRow};
use crate::domain::decide::secrecy;
use crate::domain::file::Release;
use crate::domain::ids::FileId;
use crate::storage::MediaType;

/// A file supplied with the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackFile {
    /// The file.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl App {
    /// A file supplied with the reply, for its applicant. Every download is noted before a byte
    /// leaves; what was taken down in the meantime is not sent.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for whatever [`secrecy::release`] holds back, and for files of other
    /// requests; [`AppError::FileLost`] when the store has lost it.
    pub async fn track_supplied(&self, ticket: Ticket, id: FileId) -> Result<Document, AppError> {
        let (app, shown) = (self.clone(), ticket.clone());
        let row = self
            .store
            .read(move |conn| Ok::<_, AppError>(released(conn, &app, &shown, id)?.1))
            .await?;
        // A kind this program never stored is handed out as bytes.
        let kind = MediaType::of(&row.media_type);
        let media_type = kind.map_or("application/octet-stream", MediaType::as_str);
        let document = self.bytes_of(row, media_type).await?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let (loaded, row) = released(conn, &app, &ticket, id)?;
                let detail = json!({ "request": loaded.row.id, "sha256": row.sha256 });
                let note = Note { detail, ..Note::done("supplied_file_sent", "file", row.id) };
                audit::note(conn, &app, None, note)
            })
            .await?;
        Ok(document)
    }
}

/// The file of this request, if the applicant may have it.
fn released(
    conn: &mut Conn,
    app: &App,
    ticket: &Ticket,
    id: FileId,
) -> Result<(Loaded, FileRow), AppError> {
    let loaded = unlock(conn, app, ticket)?;
    let missing = AppError::NotFound("该文件");
    let supplied = loaded.case.supplied_file(id);
    if supplied.is_none_or(|file| secrecy::release(&loaded.case, file) != Release::Open) {
        return Err(missing);
    }
    match files::get(conn, id.0)? {
        row if row.request_id == loaded.row.id => Ok((loaded, row)),
        _ => Err(missing),
    }
}

/// The files the applicant may have.
///
/// # Errors
///
/// Only failures of the database.
pub(super) fn listed(conn: &mut Conn, loaded: &Loaded) -> Result<Vec<TrackFile>, AppError> {
    let case = &loaded.case;
    if case.supplied.is_empty() {
        return Ok(Vec::new());
    }
    let open = |row: &FileRow| {
        let file = case.supplied_file(FileId(row.id));
        file.is_some_and(|file| secrecy::release(case, file) == Release::Open)
    };
    let rows = files::of_request(conn, loaded.row.id)?.into_iter().filter(open);
    Ok(rows
        .map(|row| TrackFile {
            id: FileId(row.id),
            name: row.name,
            media_type: row.media_type,
            size: row.size_bytes,
            sha256: row.sha256,
        })
        .collect())
}
