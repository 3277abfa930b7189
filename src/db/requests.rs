//! Requests (政府信息公开申请): the row that queues read, beside the ledger it is projected from.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::per_backend::portable::Cached;
use super::schema::{agencies, applications, requests, standings as standing_table};
use super::standings::StandingRow;
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas, standings};
use crate::domain::applicant::ApplicantKind;
use crate::domain::chain::Turns;
use crate::domain::outcome::Outcome;
use crate::domain::proposal::Proposal;
use crate::domain::receipt::{Channel, ReceiptBasis};
use crate::domain::state::State;

/// A row of `requests`. Everything about time and state is a projection of the ledger.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct RequestRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency asked.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// 受理编号, unique.
    pub number: String,
    /// Channel of arrival.
    pub channel: Channel,
    /// Day of arrival.
    pub arrived_on: NaiveDate,
    /// Day of confirmation with the applicant.
    pub confirmed_on: Option<NaiveDate>,
    /// 收到申请之日.
    pub received_on: Option<NaiveDate>,
    /// Its ground.
    pub receipt_basis: Option<ReceiptBasis>,
    /// Who fixed it; none when the portal did.
    pub receipt_decided_by: Maybe<Uuid>,
    /// Where it stands.
    pub state: State,
    /// Day zero of the running clock.
    pub anchor_on: Option<NaiveDate>,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// Whether that rests on an estimate.
    pub provisional: bool,
    /// The safe limit while the receipt date is unconfirmed.
    pub conservative_due_on: Option<NaiveDate>,
    /// Codes of procedural defects.
    #[diesel(serialize_as = DbDoc)]
    pub defects: Value,
    /// Result.
    pub outcome: Option<Outcome>,
    /// The day that counts for the agency.
    pub reply_on: Option<NaiveDate>,
    /// The day that counts for the applicant.
    pub served_on: Option<NaiveDate>,
    /// Day of closing.
    pub closed_on: Option<NaiveDate>,
    /// Responsible officer.
    pub officer_id: Maybe<Uuid>,
    /// Name of the information asked for.
    pub title: String,
    /// Name of the applicant; masked on its way out.
    pub applicant_name: String,
    /// Column of the annual report.
    pub applicant_kind: ApplicantKind,
    /// Whether anybody owes a step.
    pub open: bool,
    /// Place in the queue: last day, safe limit, or the far future.
    pub queue_on: NaiveDate,
    /// Position of the last ledger entry.
    pub last_seq: i32,
    /// Version of this row, from 1; the ETag.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// What the program proposes because a limit has passed.
    pub proposal: Option<Proposal>,
    /// The day on which the sweep must look at it.
    pub watch_on: Option<NaiveDate>,
    /// Version of the calendar of record by which its dates were computed.
    pub calendar_seq: i32,
}

/// Which requests a list shows.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Only of these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only open or only ended ones.
    pub open: Option<bool>,
    /// Only in one of these states; empty means any.
    pub states: Vec<State>,
    /// Only of this officer.
    pub officer: Option<Uuid>,
    /// Only with a last day before this one.
    pub due_before: Option<NaiveDate>,
    /// Only with this proposal.
    pub proposal: Option<Proposal>,
    /// Only this number.
    pub number: Option<String>,
    /// Only with a draft that waits for this person.
    pub waits_for: Option<Turns>,
    /// Only after this place in the queue.
    pub after: Option<(NaiveDate, Uuid)>,
    /// How many at most.
    pub limit: i64,
}

/// Enters a request.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for a number given twice, [`StoreError::ForeignKeyViolation`]
/// for an unknown agency.
pub fn insert(conn: &mut Conn, row: RequestRow) -> Result<(), StoreError> {
    diesel::insert_into(requests::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: RequestRow) -> Result<RequestRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = RequestRow { version: read + 1, ..row };
    let update = diesel::update(requests::table.find(DbId(id)))
        .filter(requests::version.eq(read))
        .set(next.clone());
    let changed = Cached(update).execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The request with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<RequestRow, StoreError> {
    find(conn, id)?.ok_or(StoreError::NotFound)
}

/// The request with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<RequestRow>, StoreError> {
    let found = requests::table.find(DbId(id)).select(RequestRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The requests with these ids, in order of age.
///
/// # Errors
///
/// Only failures of the database.
pub fn by_ids(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<RequestRow>, StoreError> {
    let ids: Vec<DbId> = ids.iter().copied().map(DbId).collect();
    Ok(requests::table
        .filter(requests::id.eq_any(ids))
        .order(requests::id.asc())
        .select(RequestRow::as_select())
        .load(conn)?)
}

/// The request with this number, if there is one. Numbers contain the agency's serial number, so
/// one number never stands for two requests.
///
/// # Errors
///
/// Only failures of the database.
pub fn find_by_number(conn: &mut Conn, number: &str) -> Result<Option<RequestRow>, StoreError> {
    let found = requests::table
        .filter(requests::number.eq(number))
        .select(RequestRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}

/// The request with this id and its standing, read at once, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find_standing(
    conn: &mut Conn,
    id: Uuid,
) -> Result<Option<(RequestRow, Option<StandingRow>)>, StoreError> {
    let found = requests::table
        .left_join(standing_table::table)
        .filter(requests::id.eq(DbId(id)))
        .select((RequestRow::as_select(), Option::<StandingRow>::as_select()))
        .get_result(conn);
    Ok(found.optional()?)
}

/// A page of the queue: least slack first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(
    conn: &mut Conn,
    filter: &RequestFilter,
) -> Result<Vec<(RequestRow, Option<StandingRow>)>, StoreError> {
    let mut query = requests::table
        .left_join(standing_table::table)
        .select((RequestRow::as_select(), Option::<StandingRow>::as_select()))
        .into_boxed::<MultiBackend>();
    match filter.agencies.as_deref() {
        None => {}
        // One agency is an equality, so that the index gives the order as well.
        Some([agency]) => query = query.filter(requests::agency_id.eq(DbId(*agency))),
        Some(agencies) => {
            let agencies = agencies.iter().copied().map(DbId).collect::<Vec<_>>();
            query = query.filter(requests::agency_id.eq_any(agencies));
        }
    }
    if let Some(open) = filter.open {
        query = query.filter(requests::open.eq(open));
    }
    if !filter.states.is_empty() {
        query = query.filter(requests::state.eq_any(filter.states.clone()));
    }
    if let Some(officer) = filter.officer {
        query = query.filter(requests::officer_id.eq(Some(officer)));
    }
    if let Some(before) = filter.due_before {
        query = query.filter(requests::due_on.lt(before));
    }
    if let Some(proposal) = filter.proposal {
        query = query.filter(requests::proposal.eq(Some(proposal)));
    }
    if let Some(number) = &filter.number {
        query = query.filter(requests::number.eq(number.clone()));
    }
    if let Some(turns) = &filter.waits_for {
        query = standings::waiting_for!(query, turns);
    }
    if let Some((on, id)) = filter.after {
        query = query.filter(
            requests::queue_on.gt(on).or(requests::queue_on.eq(on).and(requests::id.gt(DbId(id)))),
        );
    }
    Ok(query
        .order((requests::queue_on.asc(), requests::id.asc()))
        .limit(filter.limit)
        .load(conn)?)
}

/// Ids of all requests after `after`, in order of age: for verification in pages.
///
/// # Errors
///
/// Only failures of the database.
pub fn ids(conn: &mut Conn, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let mut query = requests::table.select(requests::id).into_boxed::<MultiBackend>();
    if let Some(after) = after {
        query = query.filter(requests::id.gt(DbId(after)));
    }
    Ok(query.order(requests::id.asc()).limit(limit).load(conn)?)
}

/// Ids of the requests that the sweep must look at on `today`, after `after`.
///
/// # Errors
///
/// Only failures of the database.
pub fn watched(
    conn: &mut Conn,
    today: NaiveDate,
    after: Maybe<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let mut query = requests::table.select(requests::id).into_boxed::<MultiBackend>();
    query = query.filter(requests::watch_on.le(today));
    if let Some(after) = after {
        query = query.filter(requests::id.gt(DbId(after)));
    }
    Ok(query.order(requests::id.asc()).limit(limit).load(conn)?)
}

/// The requests of one applicant to one agency received from `first` to `last`, in the order in
/// which they count: by receipt date, then by number.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_applicant(
    conn: &mut Conn,
    agency: Uuid,
    applicant_key: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<RequestRow>, StoreError> {
    let theirs = applications::table
        .filter(applications::applicant_key.eq(applicant_key))
        .select(applications::request_id);
    Ok(requests::table
        .filter(requests::agency_id.eq(DbId(agency)))
        .filter(requests::received_on.ge(first))
        .filter(requests::received_on.le(last))
        .filter(requests::id.eq_any(theirs))
        .order((requests::received_on.asc(), requests::number.asc()))
        .select(RequestRow::as_select())
        .load(conn)?)
}

/// How many requests stand in each state, of one agency or of all.
///
/// # Errors
///
/// Only failures of the database.
pub fn count_by_state(
    conn: &mut Conn,
    agency: Maybe<Uuid>,
) -> Result<Vec<(State, i64)>, StoreError> {
    use diesel::dsl::count_star;
    let counts = match agency {
        Some(agency) => requests::table
            .filter(requests::agency_id.eq(DbId(agency)))
            .group_by(requests::state)
            .select((requests::state, count_star()))
            .load(conn)?,
        None => requests::table
            .group_by(requests::state)
            .select((requests::state, count_star()))
            .load(conn)?,
    };
    Ok(counts)
}

/// Requests that lie with an agency that was taken over by another, open ones first.
///
/// # Errors
///
/// Only failures of the database.
pub fn left_behind(conn: &mut Conn, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let gone = agencies::table.filter(agencies::merged_into.is_not_null()).select(agencies::id);
    Ok(requests::table
        .filter(requests::agency_id.eq_any(gone))
        .order((requests::open.desc(), requests::id.asc()))
        .limit(limit)
        .select(requests::id)
        .load(conn)?)
}
