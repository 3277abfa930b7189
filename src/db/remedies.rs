//! Remedies: what the ledgers say of them, for queues and for table four. The rows of a request are
//! replaced as a whole.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::per_backend::dialect;
use super::schema::{remedies, requests};
use super::types::{DbId, DbUuid, Maybe};
use super::{Conn, MultiBackend, StoreError};
use crate::domain::command::{RemedyKindOpened, RemedyResult};
use crate::domain::remedy::AnswerTerm;

/// A row of `remedies`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = remedies, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RemedyRow {
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Number within the request, from 1, in the order they were announced.
    pub n: i32,
    /// Case number of the body.
    pub case_number: String,
    /// Which remedy.
    pub kind: RemedyKindOpened,
    /// Review body or court.
    pub body: String,
    /// What fixes the time to answer.
    pub term: Option<AnswerTerm>,
    /// Day it was announced to the agency.
    pub opened_on: NaiveDate,
    /// The reply it is about; none against silence.
    pub against: Maybe<Uuid>,
    /// Last day to answer the body.
    pub answer_due_on: Option<NaiveDate>,
    /// Whether that rests on an estimate.
    pub provisional: bool,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Column of table four.
    pub result: Option<RemedyResult>,
    /// Day the decision reached the agency.
    pub decided_on: Option<NaiveDate>,
    /// Day of the order to reply anew.
    pub remanded_on: Option<NaiveDate>,
    /// Whether it runs.
    pub open: bool,
    /// Place in the queue: the last day to answer, or the far future.
    pub queue_on: NaiveDate,
}

/// Replaces the remedies of a request.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown request.
pub fn replace(conn: &mut Conn, request: Uuid, rows: Vec<RemedyRow>) -> Result<(), StoreError> {
    diesel::delete(remedies::table.filter(remedies::request_id.eq(DbId(request)))).execute(conn)?;
    for row in rows {
        diesel::insert_into(remedies::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The remedies of a request in their order.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<RemedyRow>, StoreError> {
    Ok(remedies::table
        .filter(remedies::request_id.eq(DbId(request)))
        .order(remedies::n.asc())
        .select(RemedyRow::as_select())
        .load(conn)?)
}

/// The remedies of these requests that still wait for the agency's answer, most pressing first.
///
/// # Errors
///
/// Only failures of the database.
pub fn unanswered(conn: &mut Conn, requests: &[Uuid]) -> Result<Vec<RemedyRow>, StoreError> {
    Ok(remedies::table
        .filter(remedies::request_id.eq_any(db_ids(requests)))
        .filter(remedies::open.eq(true))
        .filter(remedies::answered_on.is_null())
        .filter(remedies::answer_due_on.is_not_null())
        .order((remedies::answer_due_on.asc(), remedies::n.asc()))
        .select(RemedyRow::as_select())
        .load(conn)?)
}

/// Which remedies a list shows.
#[derive(Debug, Clone, Default)]
pub struct RemedyFilter {
    /// Only against these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only open or only ended ones.
    pub open: Option<bool>,
    /// Only after this place in the queue.
    pub after: Option<(NaiveDate, Uuid, i32)>,
    /// How many at most.
    pub limit: i64,
}

/// A remedy with number, title and agency of its request.
pub type Listed = (RemedyRow, (Uuid, String, String));

/// A page of remedies, the next last day to answer first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, filter: &RemedyFilter) -> Result<Vec<Listed>, StoreError> {
    let mut query = remedies::table
        .inner_join(requests::table.on(requests::id.eq(remedies::request_id)))
        .select((RemedyRow::as_select(), (requests::agency_id, requests::number, requests::title)))
        .into_boxed::<MultiBackend>();
    if let Some(agencies) = &filter.agencies {
        query = query.filter(requests::agency_id.eq_any(db_ids(agencies)));
    }
    if let Some(open) = filter.open {
        query = query.filter(remedies::open.eq(open));
    }
    if let Some((on, request, n)) = filter.after {
        let same_request = remedies::request_id.eq(DbId(request)).and(remedies::n.gt(n));
        let later = remedies::request_id.gt(DbId(request)).or(same_request);
        query = query.filter(remedies::queue_on.gt(on).or(remedies::queue_on.eq(on).and(later)));
    }
    Ok(query
        .order((remedies::queue_on.asc(), remedies::request_id.asc(), remedies::n.asc()))
        .limit(filter.limit)
        .load(conn)?)
}

/// What the table of a year must look at: the remedies against these agencies, or all, that were
/// announced before `before` and had not ended before `since`.
///
/// # Errors
///
/// Only failures of the database.
pub fn counted(
    conn: &mut Conn,
    agencies: Option<Vec<Uuid>>,
    (since, before): (NaiveDate, NaiveDate),
) -> Result<Vec<(Uuid, RemedyRow)>, StoreError> {
    let mut query = remedies::table
        .inner_join(requests::table.on(requests::id.eq(remedies::request_id)))
        .select((requests::agency_id, RemedyRow::as_select()))
        .into_boxed::<MultiBackend>();
    query = query
        .filter(remedies::opened_on.lt(before))
        .filter(remedies::decided_on.is_null().or(remedies::decided_on.ge(since)));
    if let Some(agencies) = agencies {
        query = query.filter(requests::agency_id.eq_any(db_ids(&agencies)));
    }
    Ok(query.load(conn)?)
}

/// Requests whose ledger tells of a remedy that has no row yet, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn unlisted(conn: &mut Conn, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let sql = dialect::sql(
        conn,
        "SELECT DISTINCT e.request_id AS id FROM request_events e WHERE e.kind = 'remedy_opened' \
         AND NOT EXISTS (SELECT 1 FROM remedies r WHERE r.request_id = e.request_id) LIMIT $1",
    );
    let found: Vec<Id> =
        diesel::sql_query(sql).bind::<diesel::sql_types::BigInt, _>(limit).load(conn)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

fn db_ids(ids: &[Uuid]) -> Vec<DbId> {
    ids.iter().copied().map(DbId).collect()
}

/// An id alone.
#[derive(QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
struct Id {
    #[diesel(sql_type = DbUuid)]
    id: Uuid,
}
