//! Refresh tokens. A family is one sign-in and all its rotations; only hashes are stored.
//!
//! Whoever finds a token [`Consumed::Reused`] revokes the whole family *and lets the transaction
//! commit*: an `Err` from the closure would roll the revocation back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::refresh_tokens;
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError};

/// A row of `refresh_tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RefreshTokenRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The sign-in this token goes back to.
    #[diesel(serialize_as = DbId)]
    pub family_id: Uuid,
    /// Whose it is.
    #[diesel(serialize_as = DbId)]
    pub user_id: Uuid,
    /// SHA-256 of the token, 64 hex digits.
    pub token_hash: String,
    /// When it was issued.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// From when on it is worth nothing.
    #[diesel(serialize_as = DbAt)]
    pub expires_at: DateTime<Utc>,
    /// When it was exchanged for the next.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why it was revoked.
    pub revoked_reason: Option<String>,
}

/// What became of presenting a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consumed {
    /// It was good and is used now; the caller issues the next of the family.
    Fresh(RefreshTokenRow),
    /// It was used before: it has been copied. Revoke the family.
    Reused(RefreshTokenRow),
    /// It was revoked.
    Revoked(RefreshTokenRow),
    /// It is too old.
    Expired(RefreshTokenRow),
    /// There is no such token.
    Unknown,
}

/// Stores a token that was just issued.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown person.
pub fn insert(conn: &mut Conn, row: RefreshTokenRow) -> Result<(), StoreError> {
    diesel::insert_into(refresh_tokens::table).values(row).execute(conn)?;
    Ok(())
}

/// Uses a token up. Of several who present the same one at the same time, one gets
/// [`Consumed::Fresh`].
///
/// # Errors
///
/// Only failures of the database.
pub fn consume(conn: &mut Conn, hash: &str, now: DateTime<Utc>) -> Result<Consumed, StoreError> {
    let by_hash = || refresh_tokens::table.filter(refresh_tokens::token_hash.eq(hash));
    let used = diesel::update(by_hash())
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::revoked_at.is_null())
        .filter(refresh_tokens::expires_at.gt(DbAt(now)))
        .set(refresh_tokens::used_at.eq(Some(now)))
        .execute(conn)?;
    let row: Option<RefreshTokenRow> =
        by_hash().select(RefreshTokenRow::as_select()).get_result(conn).optional()?;
    Ok(match row {
        None => Consumed::Unknown,
        Some(row) if used == 1 => Consumed::Fresh(row),
        Some(row) if row.revoked_at.is_some() => Consumed::Revoked(row),
        Some(row) if row.used_at.is_some() => Consumed::Reused(row),
        Some(row) => Consumed::Expired(row),
    })
}

/// Revokes every token of a sign-in; returns how many were still good for something.
///
/// # Errors
///
/// Only failures of the database.
pub fn revoke_family(
    conn: &mut Conn,
    family: Uuid,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<usize, StoreError> {
    let open = refresh_tokens::table
        .filter(refresh_tokens::family_id.eq(DbId(family)))
        .filter(refresh_tokens::revoked_at.is_null());
    Ok(diesel::update(open).set(revoked(now, reason)).execute(conn)?)
}

/// Revokes every token of a person, on every device.
///
/// # Errors
///
/// Only failures of the database.
pub fn revoke_user(
    conn: &mut Conn,
    user: Uuid,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<usize, StoreError> {
    let open = refresh_tokens::table
        .filter(refresh_tokens::user_id.eq(DbId(user)))
        .filter(refresh_tokens::revoked_at.is_null());
    Ok(diesel::update(open).set(revoked(now, reason)).execute(conn)?)
}

/// Forgets tokens that expired before an instant.
///
/// # Errors
///
/// Only failures of the database.
pub fn purge(conn: &mut Conn, expired_before: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = refresh_tokens::table.filter(refresh_tokens::expires_at.lt(DbAt(expired_before)));
    Ok(diesel::delete(old).execute(conn)?)
}

/// The two columns that say that a token was revoked.
#[derive(AsChangeset)]
#[diesel(table_name = refresh_tokens, treat_none_as_null = true)]
struct Revocation {
    revoked_at: Maybe<DateTime<Utc>>,
    revoked_reason: Option<String>,
}

fn revoked(now: DateTime<Utc>, reason: &str) -> Revocation {
    Revocation { revoked_at: Some(now), revoked_reason: Some(reason.to_owned()) }
}
