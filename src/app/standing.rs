//! What presses on an open request and who its draft waits for: folded from the ledger into a row, so
//! that reading and listing replay nothing.
//!
//! The row is counted with the calendar that counted the row of the request, and is refreshed with
//! it. `gongkai verify` compares both.

use uuid::Uuid;

use crate::db::standings::{self as rows, Standing, StandingRow};
use crate::db::{StoreError, requests};
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;

use super::requests::ApprovalView;
use super::{App, AppError, ledger};

/// Requests folded in one transaction.
const BATCH: i64 = 100;

/// The standing of a request; `None` once it has ended.
///
/// # Errors
///
/// [`AppError::Broken`] when the draft cannot be written as JSON.
pub fn of(request: Uuid, case: &Case, calendar: &Calendar) -> Result<Option<Standing>, AppError> {
    let projection = case.projection(calendar);
    if !projection.open {
        return Ok(None);
    }
    let draft = case.draft.as_ref();
    let view = draft.map(ApprovalView::from).map(serde_json::to_value).transpose();
    let row = StandingRow {
        request_id: request,
        governing: projection.governing,
        no_date: projection.no_date,
        turn: draft.map(|draft| draft.turn()),
        drafter_id: draft.and_then(|draft| draft.drafter).map(|id| id.0),
        draft: view.map_err(AppError::broken)?,
    };
    let barred = draft.map(|draft| draft.barred()).unwrap_or_default();
    Ok(Some((row, barred.into_iter().map(|id| id.0).collect())))
}

impl App {
    /// Folds the standing of open requests that have none: those entered by an earlier program.
    /// Each batch is a transaction, so whoever is killed in the middle goes on where it stopped; a
    /// ledger that does not stand is left out and logged, for `gongkai verify` to tell.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub fn fold_standings(&self) -> Result<usize, AppError> {
        let (mut folded, mut after) = (0, Uuid::nil());
        loop {
            let app = self.clone();
            let batch = self.store.write_blocking(move |conn| {
                let ids = rows::missing(conn, after, BATCH)?;
                let mut done = 0;
                for id in &ids {
                    match ledger::load_as_stored(conn, &app, *id) {
                        Ok(loaded) => {
                            let standing = of(*id, &loaded.case, &loaded.calendar)?;
                            // The version of the row tells whoever acts on the case meanwhile.
                            requests::update(conn, loaded.row)?;
                            rows::replace(conn, *id, standing)?;
                            done += 1;
                        }
                        Err(AppError::Store(error)) => return Err(AppError::Store(error)),
                        Err(error) => tracing::error!(request = %id, %error, "cannot be folded"),
                    }
                }
                Ok::<_, AppError>((ids.last().copied(), done))
            });
            let (last, done) = match batch {
                // Another instance took a step or folds too: what it did is no longer missing.
                Err(AppError::Store(StoreError::Stale | StoreError::UniqueViolation { .. })) => {
                    continue;
                }
                other => other?,
            };
            folded += done;
            match last {
                Some(last) => after = last,
                None => return Ok(folded),
            }
        }
    }
}
