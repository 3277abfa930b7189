//! Which keys this database was written with.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::per_backend::portable::Portable;
use super::schema::known_keys;
use super::types::DbAt;
use super::{Conn, MultiBackend, StoreError};

/// The secret of the installation, under which ledgers are sealed.
pub const INSTALLATION: &str = "installation";
/// A key for fields.
pub const FIELDS: &str = "fields";

/// A row of `known_keys`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = known_keys, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct KnownKeyRow {
    /// [`INSTALLATION`] or [`FIELDS`].
    pub purpose: String,
    /// Eight hexadecimal digits that give nothing away.
    pub id: String,
    /// Since when it is known.
    #[diesel(serialize_as = DbAt)]
    pub since_at: DateTime<Utc>,
    /// Since when nothing needs it any more.
    pub retired_at: Option<DateTime<Utc>>,
}

/// All of a purpose, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_purpose(conn: &mut Conn, purpose: &str) -> Result<Vec<KnownKeyRow>, StoreError> {
    Ok(known_keys::table
        .filter(known_keys::purpose.eq(purpose.to_owned()))
        .order((known_keys::since_at.asc(), known_keys::id.asc()))
        .select(KnownKeyRow::as_select())
        .load(conn)?)
}

/// Enters a key unless it is known.
///
/// # Errors
///
/// Only failures of the database.
pub fn enter(
    conn: &mut Conn,
    purpose: &str,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = KnownKeyRow {
        purpose: purpose.to_owned(),
        id: id.to_owned(),
        since_at: now,
        retired_at: None,
    };
    let insert = diesel::insert_into(known_keys::table)
        .values(row)
        .on_conflict((known_keys::purpose, known_keys::id))
        .do_nothing();
    Portable(insert).execute(conn)?;
    Ok(())
}

/// Notes since when a key for fields is no longer needed; `None` when it is needed again.
///
/// # Errors
///
/// Only failures of the database.
pub fn retire(conn: &mut Conn, id: &str, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    diesel::update(known_keys::table)
        .filter(known_keys::purpose.eq(FIELDS))
        .filter(known_keys::id.eq(id.to_owned()))
        .set(known_keys::retired_at.eq(at.map(DbAt)))
        .execute(conn)?;
    Ok(())
}
