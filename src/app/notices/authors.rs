//! Who wrote at a draft reply: everybody who saved its text, kept beside the text itself. None of
//! them approves it or reviews its release, whoever submits it.
//!
//! Source: 条例 art. 17, 45; rulebook 1.1 state 60.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::assembled::is_assembled;
use crate::app::ledger::Loaded;
use crate::app::{App, AppError, joint};
use crate::db::Conn;
use crate::db::notices::NoticeRow;
use crate::domain::command::Command;
use crate::domain::ids::UserId;

/// Field of a draft that names them.
const SAVED_BY: &str = "saved_by";

/// What the officer entered, without who did.
pub(super) fn without(mut fields: Value) -> Value {
    if let Some(object) = fields.as_object_mut() {
        object.remove(SAVED_BY);
    }
    fields
}

/// The new text `fields` of a draft with everybody who saved one of it, `author` among them.
pub(super) fn added(mut fields: Value, row: &NoticeRow, author: UserId) -> Value {
    let mut authors = saved_by(row);
    if !authors.contains(&author) {
        authors.push(author);
    }
    let ids: Vec<Uuid> = authors.into_iter().map(|author| author.0).collect();
    if let Some(object) = fields.as_object_mut() {
        object.insert(SAVED_BY.to_owned(), json!(ids));
    }
    fields
}

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
        Command::SubmitDraft { notice, outcome, .. } => {
            let authors = of(conn, app, row, loaded)?;
            Ok(Command::SubmitDraft { notice, outcome, authors })
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
        return Ok(saved_by(row));
    }
    let others = joint::others(conn, app, loaded)?;
    let mut authors: Vec<UserId> =
        others.iter().flat_map(|other| other.case.item_authors()).collect();
    authors.sort_unstable();
    authors.dedup();
    Ok(authors)
}

fn saved_by(row: &NoticeRow) -> Vec<UserId> {
    let saved = row.fields.get(SAVED_BY).and_then(|ids| Vec::<Uuid>::deserialize(ids).ok());
    let begun = row.drafted_by.map(UserId);
    let mut authors: Vec<UserId> = begun.into_iter().collect();
    for author in saved.into_iter().flatten().map(UserId) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    authors
}
