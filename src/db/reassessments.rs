//! What was withheld and is assessed again, and what was done about it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{items, reassessment_deeds, reassessments, requests};
use super::types::{DbAt, DbId};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::outcome::Outcome;
use crate::domain::reassessment::{AssessmentState, AssessmentStep, WITHHOLDING};

/// A row of `reassessments`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reassessments, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ReassessmentRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The request that withheld it.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// The item, from 1; 0 for the request as a whole.
    pub item: i32,
    /// The closing it belongs to: a case taken up anew is closed on another day.
    pub closed_on: NaiveDate,
    /// What was withheld.
    pub title: String,
    /// On which ground.
    pub outcome: Outcome,
    /// Day of the reply.
    pub withheld_on: NaiveDate,
    /// Day of the next assessment.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: AssessmentState,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// A row of `reassessment_deeds`. Rows do not change.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reassessment_deeds, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct DeedRow {
    /// What it is about.
    #[diesel(serialize_as = DbId)]
    pub reassessment_id: Uuid,
    /// Its place, from 1.
    pub n: i32,
    /// What was done.
    pub step: AssessmentStep,
    /// The day.
    pub done_on: NaiveDate,
    /// Who.
    #[diesel(serialize_as = DbId)]
    pub actor_id: Uuid,
    /// The same by name.
    pub actor_label: String,
    /// Why.
    pub reason: String,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub recorded_at: DateTime<Utc>,
}

/// Something withheld, and of its request: agency and number.
pub type Assessed = (ReassessmentRow, (Uuid, String));

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct ReassessmentFilter {
    /// Only of these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only in this state.
    pub state: Option<AssessmentState>,
    /// Only on this ground.
    pub outcome: Option<Outcome>,
    /// Only waiting or proposed, with a day up to this one.
    pub due_until: Option<NaiveDate>,
    /// Only of this request.
    pub request: Option<Uuid>,
    /// Only after this place.
    pub after: Option<(NaiveDate, Uuid)>,
    /// How many at most.
    pub limit: i64,
}

/// Closed requests that withheld something and are not in the queue with their present closing.
///
/// # Errors
///
/// Only failures of the database.
pub fn unqueued(conn: &mut Conn, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let mut query = requests::table.select(requests::id).into_boxed::<MultiBackend>();
    let part = items::table
        .filter(items::request_id.eq(requests::id))
        .filter(items::outcome.eq_any(WITHHOLDING.to_vec()));
    let queued = reassessments::table
        .filter(reassessments::request_id.eq(requests::id))
        .filter(reassessments::closed_on.nullable().eq(requests::closed_on));
    query = query
        .filter(requests::closed_on.is_not_null())
        .filter(
            requests::outcome.eq_any(WITHHOLDING.to_vec()).or(diesel::dsl::exists(part).nullable()),
        )
        .filter(diesel::dsl::not(diesel::dsl::exists(queued)));
    if let Some(after) = after {
        query = query.filter(requests::id.gt(DbId(after)));
    }
    Ok(query.order(requests::id.asc()).limit(limit).load(conn)?)
}

/// What still waits although its case was taken up anew.
///
/// # Errors
///
/// Only failures of the database.
pub fn outdated(conn: &mut Conn, limit: i64) -> Result<Vec<ReassessmentRow>, StoreError> {
    let open = vec![AssessmentState::Waiting, AssessmentState::Proposed];
    Ok(reassessments::table
        .inner_join(requests::table)
        .filter(reassessments::state.eq_any(open))
        .filter(
            requests::closed_on
                .is_null()
                .or(requests::closed_on.ne(reassessments::closed_on.nullable())),
        )
        .order(reassessments::id.asc())
        .limit(limit)
        .select(ReassessmentRow::as_select())
        .load(conn)?)
}

/// Enters something withheld.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `reassessments_request_id_item_closed_on_key`.
pub fn insert(conn: &mut Conn, row: ReassessmentRow) -> Result<(), StoreError> {
    diesel::insert_into(reassessments::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: ReassessmentRow) -> Result<ReassessmentRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = ReassessmentRow { version: read + 1, ..row };
    let changed = diesel::update(reassessments::table.find(DbId(id)))
        .filter(reassessments::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    Ok(next)
}

/// Enters what was done.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when somebody else was first.
pub fn record(conn: &mut Conn, row: DeedRow) -> Result<(), StoreError> {
    diesel::insert_into(reassessment_deeds::table).values(row).execute(conn)?;
    Ok(())
}

/// What was done, oldest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn deeds(conn: &mut Conn, id: Uuid) -> Result<Vec<DeedRow>, StoreError> {
    Ok(reassessment_deeds::table
        .filter(reassessment_deeds::reassessment_id.eq(DbId(id)))
        .order(reassessment_deeds::n.asc())
        .select(DeedRow::as_select())
        .load(conn)?)
}

/// The one with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<Assessed>, StoreError> {
    Ok(reassessments::table
        .inner_join(requests::table)
        .filter(reassessments::id.eq(DbId(id)))
        .select((ReassessmentRow::as_select(), (requests::agency_id, requests::number)))
        .get_result(conn)
        .optional()?)
}

/// A page of them, the earliest day first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, filter: &ReassessmentFilter) -> Result<Vec<Assessed>, StoreError> {
    let mut query = reassessments::table
        .inner_join(requests::table)
        .select((ReassessmentRow::as_select(), (requests::agency_id, requests::number)))
        .into_boxed::<MultiBackend>();
    if let Some(agencies) = &filter.agencies {
        let agencies: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        query = query.filter(requests::agency_id.eq_any(agencies));
    }
    if let Some(state) = filter.state {
        query = query.filter(reassessments::state.eq(state));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(reassessments::outcome.eq(outcome));
    }
    if let Some(until) = filter.due_until {
        let open = vec![AssessmentState::Waiting, AssessmentState::Proposed];
        query = query.filter(reassessments::due_on.le(until));
        query = query.filter(reassessments::state.eq_any(open));
    }
    if let Some(request) = filter.request {
        query = query.filter(reassessments::request_id.eq(DbId(request)));
    }
    if let Some((on, id)) = filter.after {
        query = query.filter(
            reassessments::due_on
                .gt(on)
                .or(reassessments::due_on.eq(on).and(reassessments::id.gt(DbId(id)))),
        );
    }
    Ok(query
        .order((reassessments::due_on.asc(), reassessments::id.asc()))
        .limit(filter.limit)
        .load(conn)?)
}
