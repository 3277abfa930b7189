//! What a draft reply keeps beside its text, in the same column: who saved it, and what was changed in its
//! words. Neither is part of what the officer enters.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::notices::NoticeRow;
use crate::domain::ids::UserId;

/// Field of a draft that names everybody who saved it.
const SAVED_BY: &str = "saved_by";
/// Field of a draft that holds the changes of its words.
pub(super) const CHANGES: &str = "changes";

/// What the officer entered.
pub(super) fn without(mut fields: Value) -> Value {
    if let Some(object) = fields.as_object_mut() {
        object.remove(SAVED_BY);
        object.remove(CHANGES);
    }
    fields
}

/// The new text `fields` of a draft with everybody who saved one of it, `author` among them.
pub(super) fn signed(fields: Value, row: &NoticeRow, author: UserId) -> Value {
    let mut authors = saved_by(row);
    if !authors.contains(&author) {
        authors.push(author);
    }
    let ids: Vec<Uuid> = authors.into_iter().map(|author| author.0).collect();
    with(fields, SAVED_BY, json!(ids))
}

/// The new text `fields` of a draft with the changes of its words that `row` has.
pub(super) fn carried(fields: Value, row: &NoticeRow) -> Value {
    match row.fields.get(CHANGES) {
        Some(changes) => with(fields, CHANGES, changes.clone()),
        None => fields,
    }
}

/// `fields` with one more.
pub(super) fn with(mut fields: Value, name: &str, value: Value) -> Value {
    if let Some(object) = fields.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    fields
}

/// Everybody who saved the draft, and who began it.
pub(super) fn saved_by(row: &NoticeRow) -> Vec<UserId> {
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
