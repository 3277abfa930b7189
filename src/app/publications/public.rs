//! What everybody reads of a publication. Nothing of the request it came from, nor of whoever asked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::notices::formats::Document;
use crate::app::requests::Page;
use crate::app::{App, AppError, ledger};
use crate::db::Conn;
use crate::db::files::FileRow;
use crate::db::publications::{self as rows, PublicationFilter, PublicationRow};
use crate::domain::ids::{FileId, PublicationId};
use crate::domain::publication::{Head, PublicationState};
use crate::storage::MediaType;

use super::{PublicationQuery, UNKNOWN, head, page_of};

/// Something that is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicEntry {
    /// Its id.
    pub id: PublicationId,
    /// 发布机构.
    pub publisher: String,
    /// 发布日期.
    pub published_on: NaiveDate,
    /// The head of the catalogue.
    pub head: Head,
    /// Its files.
    pub files: Vec<PublicFile>,
}

/// A file of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicFile {
    /// Its place, from 1.
    pub n: usize,
    /// Its name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Where everybody has it once it is published.
    pub href: String,
}

impl App {
    /// A page of what is published, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for a page that cannot be.
    pub async fn public_information(
        &self,
        query: PublicationQuery,
    ) -> Result<Page<PublicEntry>, AppError> {
        let limit = page_of(query.limit)?;
        let words = query.words.map(|words| words.trim().to_owned());
        let filter = PublicationFilter {
            agencies: query.agency.map(|agency| vec![agency.0]),
            state: Some(PublicationState::Published),
            words: words.filter(|words| !words.is_empty()),
            before: query.cursor.map(|id| id.0),
            limit: limit + 1,
        };
        self.store
            .read(move |conn| {
                let mut found = rows::list(conn, &filter)?;
                let page = usize::try_from(limit).unwrap_or(usize::MAX);
                let more = found.len() > page;
                found.truncate(page);
                let next = found.last().filter(|_| more).map(|(row, _)| row.id.to_string());
                let items = found.into_iter().map(|found| entry(conn, found));
                Ok(Page { items: items.collect::<Result<_, AppError>>()?, next })
            })
            .await
    }

    /// Something that is published.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for drafts and what was taken down.
    pub async fn public_entry(&self, id: PublicationId) -> Result<PublicEntry, AppError> {
        self.store
            .read(move |conn| {
                let found = published(conn, id)?;
                entry(conn, found)
            })
            .await
    }

    /// A file that is published: looked at again once its bytes are read, so that what is taken
    /// down meanwhile is not sent.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for files of drafts, of what was taken down, and for a file that
    /// its case has taken back; [`AppError::FileLost`].
    pub async fn public_file(&self, id: PublicationId, n: usize) -> Result<Document, AppError> {
        let row = self.public_file_row(id, n).await?;
        let kind = MediaType::of(&row.media_type);
        let media_type = kind.map_or("application/octet-stream", MediaType::as_str);
        let document = self.bytes_of(row, media_type).await?;
        self.public_file_row(id, n).await?;
        Ok(document)
    }

    async fn public_file_row(&self, id: PublicationId, n: usize) -> Result<FileRow, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let (publication, _) = published(conn, id)?;
                let files = rows::files_of(conn, id.0)?;
                let place = n.checked_sub(1).ok_or(UNKNOWN)?;
                let row = files.into_iter().nth(place).ok_or(UNKNOWN)?;
                let case = ledger::load(conn, &app, publication.request_id)?.case;
                let kept = case.supplied_file(FileId(row.id)).is_some_and(|file| !file.withdrawn);
                if kept { Ok(row) } else { Err(UNKNOWN) }
            })
            .await
    }
}

fn published(conn: &mut Conn, id: PublicationId) -> Result<(PublicationRow, String), AppError> {
    let found = rows::find(conn, id.0)?;
    found.filter(|(row, _)| row.state == PublicationState::Published).ok_or(UNKNOWN)
}

fn entry(
    conn: &mut Conn,
    (row, publisher): (PublicationRow, String),
) -> Result<PublicEntry, AppError> {
    Ok(PublicEntry {
        id: PublicationId(row.id),
        publisher,
        published_on: row.published_on.ok_or(UNKNOWN)?,
        head: head(&row)?,
        files: listed(row.id, rows::files_of(conn, row.id)?),
    })
}

/// Files as they are listed.
pub(super) fn listed(id: Uuid, files: Vec<FileRow>) -> Vec<PublicFile> {
    let numbered = (1..).zip(files);
    numbered
        .map(|(n, row)| PublicFile {
            n,
            name: row.name,
            media_type: row.media_type,
            size: row.size_bytes,
            sha256: row.sha256,
            href: format!("/api/v1/public-information/{id}/files/{n}"),
        })
        .collect()
}
