//! What a publication says, its files and its history are sealed with the key of the installation:
//! whoever holds only the database can neither change what was published nor who had looked at it.

use uuid::Uuid;

use crate::app::{App, AppError, ledger};
use crate::db::publications::{self as rows, PublicationRow};

/// Publications taken over in one transaction.
const BATCH: i64 = 200;

/// The row with the seal that its content and its files must have.
pub(super) fn attested(app: &App, row: PublicationRow, files: &[Uuid]) -> PublicationRow {
    PublicationRow { seal: seal_of(app, &row, files), ..row }
}

/// An HMAC over everything a publication says, where it stands, its files, and who did what.
pub(in crate::app) fn seal_of(app: &App, row: &PublicationRow, files: &[Uuid]) -> String {
    let content = serde_json::json!({
        "id": row.id,
        "agency": row.agency_id,
        "request": row.request_id,
        "head": row.head,
        "content_check": row.content_check,
        "findings_kept": row.findings_kept,
        "state": row.state.as_str(),
        "secrecy": row.secrecy.map(|finding| finding.as_str()),
        "published_on": row.published_on,
        "history": row.history,
        "files": files,
    });
    app.keys.digest("publications.seal", &ledger::digest(&content))
}

impl App {
    /// Seals publications made before that was done; returns how many. A start that is killed here goes
    /// on at the next one. Blocks.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(in crate::app) fn attest_existing_publications(&self) -> Result<usize, AppError> {
        let mut taken_over = 0;
        loop {
            let app = self.clone();
            let taken = self.store.write_blocking(move |conn| {
                let found = rows::unattested(conn, BATCH)?;
                for row in &found {
                    let files = rows::file_ids(conn, row.id)?;
                    rows::update(conn, attested(&app, row.clone(), &files), None)?;
                }
                Ok::<_, AppError>(found.len())
            })?;
            if taken == 0 {
                return Ok(taken_over);
            }
            taken_over += taken;
        }
    }
}
