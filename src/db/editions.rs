//! Agencies' own editions of wording templates (文书用语). Approved ones are never changed: issued notices
//! name them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::editions;
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::edition::EditionState;

/// A row of `editions`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = editions, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct EditionRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Whose.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Code of the template.
    pub template: String,
    /// Number of the edition, from 1 for each agency and template.
    pub n: i32,
    /// Where it stands.
    pub state: EditionState,
    /// The text; none is the built-in one.
    pub body: Option<String>,
    /// Version of the built-in template it was written from.
    pub base: i32,
    /// What is changed, and why.
    pub why: String,
    /// Who drafted it.
    #[diesel(serialize_as = DbId)]
    pub drafted_by: Uuid,
    /// Who approved or returned it.
    pub decided_by: Maybe<Uuid>,
    /// Why it was returned.
    pub return_reason: Option<String>,
    /// First day on which notices are made with it.
    pub from_on: Option<NaiveDate>,
    /// Order of approval in the whole installation, from 1.
    pub seq: Option<i32>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was begun.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters an edition.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when somebody else took the number.
pub fn insert(conn: &mut Conn, row: EditionRow) -> Result<(), StoreError> {
    diesel::insert_into(editions::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`]; [`StoreError::UniqueViolation`] `editions_seq_key`
/// when two were approved in the same moment.
pub fn update(conn: &mut Conn, row: EditionRow) -> Result<EditionRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = EditionRow { version: read + 1, ..row };
    let changed = diesel::update(editions::table.find(DbId(id)))
        .filter(editions::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    Ok(next)
}

/// One edition.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<EditionRow>, StoreError> {
    let query = editions::table.find(DbId(id)).select(EditionRow::as_select());
    Ok(query.get_result(conn).optional()?)
}

/// The editions of an agency, of all templates or of one, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_agency(
    conn: &mut Conn,
    agency: Uuid,
    template: Option<&str>,
) -> Result<Vec<EditionRow>, StoreError> {
    let mut query = editions::table
        .filter(editions::agency_id.eq(DbId(agency)))
        .order((editions::template.asc(), editions::n.desc()))
        .select(EditionRow::as_select())
        .into_boxed();
    if let Some(template) = template {
        query = query.filter(editions::template.eq(template.to_owned()));
    }
    Ok(query.load(conn)?)
}

/// All approved editions of the installation, in the order of their approval.
///
/// # Errors
///
/// Only failures of the database.
pub fn approved(conn: &mut Conn) -> Result<Vec<EditionRow>, StoreError> {
    Ok(editions::table
        .filter(editions::seq.is_not_null())
        .order(editions::seq.asc())
        .select(EditionRow::as_select())
        .load(conn)?)
}

/// The order number of the last approval; 0 before the first.
///
/// # Errors
///
/// Only failures of the database.
pub fn last_seq(conn: &mut Conn) -> Result<i32, StoreError> {
    let last: Option<i32> = editions::table.select(max(editions::seq)).get_result(conn)?;
    Ok(last.unwrap_or(0))
}
