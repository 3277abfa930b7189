//! Ratings of the service (好差评), one a request.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{ratings, requests};
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::outcome::Outcome;
use crate::domain::rating::{Grade, RatingState};

/// A row of `ratings`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = ratings, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RatingRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// What was rated.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// One of five.
    pub grade: Grade,
    /// What the applicant wrote; may be empty.
    pub comment: String,
    /// Result of the request when it was rated.
    pub outcome: Option<Outcome>,
    /// The day.
    pub rated_on: NaiveDate,
    /// Where the handling stands.
    pub state: RatingState,
    /// Last day to put a bad rating right.
    pub due_on: Option<NaiveDate>,
    /// The steps taken.
    #[diesel(serialize_as = DbDoc)]
    pub history: Value,
    /// The day on which the applicant was told.
    pub closed_on: Option<NaiveDate>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// Version of the calendar of record by which `due_on` was counted; 0 in rows of an earlier program.
    pub calendar_seq: i32,
    /// Every date that another calendar moved `due_on` from.
    #[diesel(serialize_as = DbDoc)]
    pub due_changes: Value,
}

/// A rating, and of the request it is about: agency, number, officer.
pub type Rated = (RatingRow, (Uuid, String, Option<Uuid>));

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct RatingFilter {
    /// Only of these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only bad ones that are not put right yet.
    pub open: bool,
    /// Only those before this one: the next page.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: i64,
}

/// Enters a rating.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `ratings_request_id_key` when the request was rated before.
pub fn insert(conn: &mut Conn, row: RatingRow) -> Result<(), StoreError> {
    diesel::insert_into(ratings::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: RatingRow) -> Result<RatingRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = RatingRow { version: read + 1, ..row };
    let changed = diesel::update(ratings::table.find(DbId(id)))
        .filter(ratings::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    Ok(next)
}

/// Bad ratings that are not put right yet and whose last day a version before `seq` counted.
///
/// # Errors
///
/// Only failures of the database.
pub fn behind(conn: &mut Conn, seq: i32, limit: i64) -> Result<Vec<RatingRow>, StoreError> {
    Ok(ratings::table
        .filter(ratings::state.ne_all(vec![RatingState::Noted, RatingState::Closed]))
        .filter(ratings::due_on.is_not_null())
        .filter(ratings::calendar_seq.lt(seq))
        .order(ratings::id.asc())
        .limit(limit)
        .select(RatingRow::as_select())
        .load(conn)?)
}

/// Notes that the last day of this rating stands as `seq` has it; nobody sees a difference.
///
/// # Errors
///
/// Only failures of the database.
pub fn keep_up(conn: &mut Conn, seq: i32, row: &RatingRow) -> Result<(), StoreError> {
    diesel::update(ratings::table.find(DbId(row.id)))
        .filter(ratings::version.eq(row.version))
        .set(ratings::calendar_seq.eq(seq))
        .execute(conn)?;
    Ok(())
}

/// The rating with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Rated>, StoreError> {
    Ok(ratings::table
        .inner_join(requests::table)
        .filter(ratings::id.eq(DbId(id)))
        .select((
            RatingRow::as_select(),
            (requests::agency_id, requests::number, requests::officer_id),
        ))
        .get_result(conn)
        .optional()?)
}

/// The rating of a request, if it was rated.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Option<RatingRow>, StoreError> {
    let found = ratings::table.filter(ratings::request_id.eq(DbId(request)));
    Ok(found.select(RatingRow::as_select()).get_result(conn).optional()?)
}

/// A page of ratings, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, filter: &RatingFilter) -> Result<Vec<Rated>, StoreError> {
    let mut query = ratings::table
        .inner_join(requests::table)
        .select((
            RatingRow::as_select(),
            (requests::agency_id, requests::number, requests::officer_id),
        ))
        .into_boxed::<MultiBackend>();
    if let Some(agencies) = &filter.agencies {
        let agencies: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        query = query.filter(requests::agency_id.eq_any(agencies));
    }
    if filter.open {
        query = query.filter(ratings::state.ne_all(vec![RatingState::Noted, RatingState::Closed]));
    }
    if let Some(before) = filter.before {
        query = query.filter(ratings::id.lt(DbId(before)));
    }
    Ok(query.order(ratings::id.desc()).limit(filter.limit).load(conn)?)
}
