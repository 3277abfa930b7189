//! What applicants propose to publish for everybody, one a request.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{publication_suggestions, requests};
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::suggestion::SuggestionState;

/// A row of `publication_suggestions`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = publication_suggestions, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct SuggestionRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// By whose applicant.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Why everybody should know.
    pub reason: String,
    /// The day.
    pub suggested_on: NaiveDate,
    /// Where it stands.
    pub state: SuggestionState,
    /// What the applicant is told.
    pub answer: String,
    /// The day of it.
    pub answered_on: Option<NaiveDate>,
    /// Who examined it.
    pub answered_by: Maybe<Uuid>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// A suggestion, and of the request it is about: agency, number, title.
pub type Suggested = (SuggestionRow, (Uuid, String, String));

/// Enters a suggestion.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when there is one of this request.
pub fn insert(conn: &mut Conn, row: SuggestionRow) -> Result<(), StoreError> {
    diesel::insert_into(publication_suggestions::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: SuggestionRow) -> Result<SuggestionRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = SuggestionRow { version: read + 1, ..row };
    let changed = diesel::update(publication_suggestions::table.find(DbId(id)))
        .filter(publication_suggestions::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    Ok(next)
}

/// The one with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Suggested>, StoreError> {
    Ok(publication_suggestions::table
        .inner_join(requests::table)
        .filter(publication_suggestions::id.eq(DbId(id)))
        .select((
            SuggestionRow::as_select(),
            (requests::agency_id, requests::number, requests::title),
        ))
        .get_result(conn)
        .optional()?)
}

/// The one of a request, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Option<SuggestionRow>, StoreError> {
    let found = publication_suggestions::table
        .filter(publication_suggestions::request_id.eq(DbId(request)));
    Ok(found.select(SuggestionRow::as_select()).get_result(conn).optional()?)
}

/// A page of them, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(
    conn: &mut Conn,
    agencies: Option<&[Uuid]>,
    open: bool,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Suggested>, StoreError> {
    let mut query = publication_suggestions::table
        .inner_join(requests::table)
        .select((
            SuggestionRow::as_select(),
            (requests::agency_id, requests::number, requests::title),
        ))
        .into_boxed::<MultiBackend>();
    if let Some(agencies) = agencies {
        let agencies: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        query = query.filter(requests::agency_id.eq_any(agencies));
    }
    if open {
        query = query.filter(publication_suggestions::state.eq(SuggestionState::Open));
    }
    if let Some(after) = after {
        query = query.filter(publication_suggestions::id.gt(DbId(after)));
    }
    Ok(query.order(publication_suggestions::id.asc()).limit(limit).load(conn)?)
}
