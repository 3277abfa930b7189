//! What was stored before personal data was sealed: taken over at the start, row by row.

use uuid::Uuid;

use crate::db::applications::{self, ApplicationRow, Sealing};
use crate::db::outbox;
use crate::db::sealed::{self, COLUMNS, SealedText};

use super::{complete, keep};
use crate::app::{App, AppError};

/// Rows taken over in one transaction.
const BATCH: i64 = 200;

impl App {
    /// Seals what still stands in the clear; returns how many rows it changed. A start that is
    /// killed here goes on at the next one. Blocks.
    ///
    /// # Errors
    ///
    /// [`AppError::Broken`] for a form that cannot be read; failures of the database.
    pub fn seal_existing(&self) -> Result<usize, AppError> {
        let mut sealed = 0;
        loop {
            let app = self.clone();
            let taken = self.store.write_blocking(move |conn| {
                let rows = applications::unsealed(conn, BATCH)?;
                for row in &rows {
                    applications::seal(conn, row.request_id, app.sealing(row)?)?;
                }
                Ok::<_, AppError>(rows.len())
            })?;
            sealed += taken;
            if taken == 0 {
                break;
            }
        }
        self.attest_existing_publications()?;
        Ok(sealed + self.seal_recipients()? + self.seal_existing_records()?)
    }

    fn sealing(&self, row: &ApplicationRow) -> Result<Sealing, AppError> {
        let kept = keep(self, row.request_id, &complete(self, row)?)?;
        Ok(Sealing {
            form: kept.form,
            identity_cipher: kept.cipher,
            phone_digest: kept.phone,
            address_digest: kept.address,
            agent_digest: kept.agent,
        })
    }

    /// Seals the addresses of mails that were queued in the clear.
    fn seal_recipients(&self) -> Result<usize, AppError> {
        let [_, recipients, ..] = COLUMNS;
        let mut sealed = 0;
        let mut after = Uuid::nil();
        loop {
            let app = self.clone();
            let (last, done) = self.store.write_blocking(move |conn| {
                let plain = outbox::plain_recipients(conn, after, BATCH)?;
                for SealedText { id, text } in &plain {
                    let read = SealedText { id: *id, text: text.clone() };
                    let text = app.keys.seal(&recipients.place(*id), text);
                    sealed::replace(conn, recipients, &read, &text)?;
                }
                Ok::<_, AppError>((plain.last().map(|row| row.id), plain.len()))
            })?;
            sealed += done;
            match last {
                Some(last) => after = last,
                None => return Ok(sealed),
            }
        }
    }
}
