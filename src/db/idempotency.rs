//! `Idempotency-Key`: the same POST twice has one effect and one answer.
//!
//! [`begin`], the effect and [`complete`] belong into *one* transaction. Then a key is either
//! answered or unknown, a failed attempt leaves nothing behind, and on PostgreSQL a second attempt
//! at the same time waits for the first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::per_backend::portable::{Cached, Portable};
use super::schema::idempotency_keys;
use super::types::DbAt;
use super::{Conn, MultiBackend, StoreError};

/// A row of `idempotency_keys`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct IdempotencyRow {
    /// Who sent it: a person's id, or something that stands for an unnamed citizen.
    pub actor: String,
    /// The key as sent.
    pub key: String,
    /// Method and path.
    pub route: String,
    /// SHA-256 of the body, 64 hex digits.
    pub request_sha256: String,
    /// HTTP status of the answer, once there is one.
    pub status: Option<i32>,
    /// Body of the answer.
    pub response: Option<Value>,
    /// When it was first sent.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was answered.
    pub completed_at: Option<DateTime<Utc>>,
}

/// What is known about a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Begun {
    /// Nothing yet: go ahead, then [`complete`].
    New,
    /// It was answered: give the same answer.
    Answered {
        /// HTTP status.
        status: i32,
        /// Body.
        response: Value,
    },
    /// Somebody is at it (possible only when it was begun in a transaction of its own).
    InProgress,
    /// The key came with another body or for another route: refuse.
    Mismatch,
}

/// What a client sent.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Who sent it.
    pub actor: &'a str,
    /// The key as sent.
    pub key: &'a str,
    /// Method and path.
    pub route: &'a str,
    /// SHA-256 of the body, 64 hex digits.
    pub request_sha256: &'a str,
}

/// Enters a key, or tells what is known about it.
///
/// # Errors
///
/// Only failures of the database.
pub fn begin(
    conn: &mut Conn,
    attempt: Attempt<'_>,
    now: DateTime<Utc>,
) -> Result<Begun, StoreError> {
    let row = IdempotencyRow {
        actor: attempt.actor.to_owned(),
        key: attempt.key.to_owned(),
        route: attempt.route.to_owned(),
        request_sha256: attempt.request_sha256.to_owned(),
        status: None,
        response: None,
        created_at: now,
        completed_at: None,
    };
    let insert = diesel::insert_into(idempotency_keys::table)
        .values(row)
        .on_conflict((idempotency_keys::actor, idempotency_keys::key))
        .do_nothing();
    if Portable(insert).execute(conn)? == 1 {
        return Ok(Begun::New);
    }
    let known = find(conn, attempt.actor, attempt.key)?.ok_or(StoreError::Stale)?;
    if known.route != attempt.route || known.request_sha256 != attempt.request_sha256 {
        return Ok(Begun::Mismatch);
    }
    Ok(match (known.status, known.response) {
        (Some(status), Some(response)) => Begun::Answered { status, response },
        _ => Begun::InProgress,
    })
}

/// Notes the answer.
///
/// # Errors
///
/// [`StoreError::NotFound`] when the key was not begun or is answered already.
pub fn complete(
    conn: &mut Conn,
    actor: &str,
    key: &str,
    answer: (i32, Value),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (status, response) = answer;
    let update = diesel::update(idempotency_keys::table.find((actor, key)))
        .filter(idempotency_keys::completed_at.is_null())
        .set((
            idempotency_keys::status.eq(Some(status)),
            idempotency_keys::response.eq(Some(response)),
            idempotency_keys::completed_at.eq(Some(now)),
        ));
    if Cached(update).execute(conn)? == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// What is known about a key, if anything.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, actor: &str, key: &str) -> Result<Option<IdempotencyRow>, StoreError> {
    let row = idempotency_keys::table.find((actor, key)).select(IdempotencyRow::as_select());
    Ok(row.get_result(conn).optional()?)
}

/// Forgets keys first sent before an instant; returns how many.
///
/// # Errors
///
/// Only failures of the database.
pub fn purge(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(DbAt(before)));
    Ok(diesel::delete(old).execute(conn)?)
}
