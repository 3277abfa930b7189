//! Items of requests: what the ledger says of each, for queries. Rows are replaced as a whole.

use diesel::prelude::*;
use uuid::Uuid;

use super::schema::items;
use super::types::DbId;
use super::{Conn, MultiBackend, StoreError};
use crate::domain::outcome::Outcome;

/// A row of `items`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ItemRow {
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Number within the request, from 1.
    pub n: i32,
    /// What is asked for.
    pub title: String,
    /// Further features.
    pub description: String,
    /// Outcome, once decided.
    pub outcome: Option<Outcome>,
    /// The provisions it rests on; empty before.
    pub ground: String,
    /// Finding of the secrecy review, once there is one.
    pub finding: Option<String>,
    /// Whether a search is on record.
    pub searched: bool,
}

/// Replaces the items of a request.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown request.
pub fn replace(conn: &mut Conn, request: Uuid, rows: Vec<ItemRow>) -> Result<(), StoreError> {
    diesel::delete(items::table.filter(items::request_id.eq(DbId(request)))).execute(conn)?;
    for row in rows {
        diesel::insert_into(items::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The items of a request in their order.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<ItemRow>, StoreError> {
    Ok(items::table
        .filter(items::request_id.eq(DbId(request)))
        .order(items::n.asc())
        .select(ItemRow::as_select())
        .load(conn)?)
}
