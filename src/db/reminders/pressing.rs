//! What presses: requests, remedies and entries of the registers whose limits are near or over.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::{complaints, ratings, record_corrections, remedies, requests, standings};
use crate::db::{Conn, StoreError};
use crate::domain::case::Governing;
use crate::domain::complaint::ComplaintState;
use crate::domain::proposal::Proposal;
use crate::domain::rating::RatingState;
use crate::domain::state::State;

/// A request on which some limit presses.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "named after db::requests::RequestRow and StandingRow")]
pub struct PressingRequest {
    pub id: Uuid,
    pub agency_id: Uuid,
    pub number: String,
    pub state: State,
    pub officer_id: Option<Uuid>,
    pub due_on: Option<NaiveDate>,
    pub conservative_due_on: Option<NaiveDate>,
    pub queue_on: NaiveDate,
    pub provisional: bool,
    pub proposal: Option<Proposal>,
    pub governing: Option<Governing>,
}

/// Open requests whose date is not later than `upto`, or that wait for a decision because a limit of
/// others is over.
///
/// # Errors
///
/// Only failures of the database.
pub fn requests(conn: &mut Conn, upto: NaiveDate) -> Result<Vec<PressingRequest>, StoreError> {
    Ok(requests::table
        .left_join(standings::table)
        .filter(requests::open.eq(true))
        .filter(requests::queue_on.le(upto).or(requests::proposal.is_not_null()))
        .select((
            requests::id,
            requests::agency_id,
            requests::number,
            requests::state,
            requests::officer_id,
            requests::due_on,
            requests::conservative_due_on,
            requests::queue_on,
            requests::provisional,
            requests::proposal,
            standings::governing.nullable(),
        ))
        .load(conn)?)
}

/// A remedy whose answer is due: request, number within it, last day, whether that is provisional;
/// and of the request agency, 受理编号, officer.
pub type PressingRemedy = ((Uuid, i32, Option<NaiveDate>, bool), (Uuid, String, Option<Uuid>));

/// Remedies that run and must be answered by `upto`.
///
/// # Errors
///
/// Only failures of the database.
pub fn remedies(conn: &mut Conn, upto: NaiveDate) -> Result<Vec<PressingRemedy>, StoreError> {
    Ok(remedies::table
        .inner_join(requests::table.on(requests::id.eq(remedies::request_id)))
        .filter(remedies::open.eq(true))
        .filter(remedies::answered_on.is_null())
        .filter(remedies::answer_due_on.le(upto))
        .select((
            (remedies::request_id, remedies::n, remedies::answer_due_on, remedies::provisional),
            (requests::agency_id, requests::number, requests::officer_id),
        ))
        .load(conn)?)
}

/// An entry of a register: id, agency, number, last day; and who entered it.
pub type PressingEntry = (Uuid, Uuid, String, NaiveDate, Uuid);

/// Applications for the correction of a record that are to be answered by `upto`.
///
/// # Errors
///
/// Only failures of the database.
pub fn record_corrections(
    conn: &mut Conn,
    upto: NaiveDate,
) -> Result<Vec<PressingEntry>, StoreError> {
    Ok(record_corrections::table
        .filter(record_corrections::answered_on.is_null())
        .filter(record_corrections::due_on.le(upto))
        .select((
            record_corrections::id,
            record_corrections::agency_id,
            record_corrections::number,
            record_corrections::due_on,
            record_corrections::recorded_by,
        ))
        .load(conn)?)
}

/// A complaint: id, agency, number; last day to conclude it; last day of the agency's statement
/// while that is awaited.
pub type PressingComplaint = (Uuid, Uuid, String, NaiveDate, Option<NaiveDate>);

/// Complaints that are not concluded, with the day on which the agency must have stated its view
/// while it has not.
///
/// # Errors
///
/// Only failures of the database.
pub fn complaints(conn: &mut Conn) -> Result<Vec<PressingComplaint>, StoreError> {
    let found: Vec<(PressingComplaint, ComplaintState)> = complaints::table
        .filter(complaints::concluded_on.is_null())
        .select((
            (
                complaints::id,
                complaints::agency_id,
                complaints::number,
                complaints::due_on,
                complaints::statement_due_on,
            ),
            complaints::state,
        ))
        .load(conn)?;
    let asked = |state| state == ComplaintState::Asked;
    Ok(found
        .into_iter()
        .map(|((id, agency, number, due_on, statement), state)| {
            (id, agency, number, due_on, statement.filter(|_| asked(state)))
        })
        .collect())
}

/// A bad rating: id, request, last day to put it right; and of the request agency and number.
pub type PressingRating = (Uuid, Uuid, Option<NaiveDate>, Uuid, String);

/// Bad ratings that must be put right by `upto`.
///
/// # Errors
///
/// Only failures of the database.
pub fn ratings(conn: &mut Conn, upto: NaiveDate) -> Result<Vec<PressingRating>, StoreError> {
    Ok(ratings::table
        .inner_join(requests::table)
        .filter(ratings::state.ne_all(vec![RatingState::Noted, RatingState::Closed]))
        .filter(ratings::due_on.le(upto))
        .select((
            ratings::id,
            ratings::request_id,
            ratings::due_on,
            requests::agency_id,
            requests::number,
        ))
        .load(conn)?)
}
