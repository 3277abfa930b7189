//! Who wrote at a draft reply: everybody who saved its text, kept beside the text itself. None of
//! them approves it or reviews its release, whoever submits it.
//!
//! Source: 条例 art. 17, 45; rulebook 1.1 state 60.

use super::assembled::is_assembled;
use super::{beside, block_changes};
use crate::app::ledger::Loaded;
use crate::app::{App, AppError, joint};
use crate::db::Conn;
use crate::db::notices::NoticeRow;
use crate::domain::command::Command;
use crate::domain::event::Written;
use crate::domain::ids::UserId;

/// A submission with the names of those who wrote what is submitted; any other step as it is.
///
/// # Errors
///
/// As [`joint::others`].
pub(super) fn signed(
    conn: &mut Conn,
    app: &App,
    row: &NoticeRow,
    loaded: &Loaded,
    step: Command,
) -> Result<Command, AppError> {
    match step {
        Command::SubmitDraft { notice, outcome, written } => {
            let authors = of(conn, app, row, loaded)?;
            Ok(Command::SubmitDraft { notice, outcome, written: Written { authors, ..written } })
        }
        other => Ok(other),
    }
}

/// Who wrote what the draft says. One put together from items is written by those who decided the
/// items, those of the other requests it answers included; the own ones the ledger knows.
fn of(
    conn: &mut Conn,
    app: &App,
    row: &NoticeRow,
    loaded: &Loaded,
) -> Result<Vec<UserId>, AppError> {
    if !is_assembled(row) {
        return Ok(beside::saved_by(row));
    }
    let others = joint::others(conn, app, loaded)?;
    let mut authors: Vec<UserId> =
        others.iter().flat_map(|other| other.case.item_authors()).collect();
    authors.extend(block_changes::kept(row).into_iter().map(|change| change.by));
    authors.sort_unstable();
    authors.dedup();
    Ok(authors)
}
