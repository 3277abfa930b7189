//! The register of an agency: its requests of a period, in the order in which they came.

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::requests::RequestRow;
use super::schema::requests;
use super::types::DbId;
use super::{Conn, MultiBackend, StoreError};
use crate::domain::proposal::Proposal;
use crate::domain::state::State;

/// Which requests a register holds.
#[derive(Debug, Clone)]
pub struct RegisterFilter {
    /// Of this agency.
    pub agency: Uuid,
    /// That arrived from this day on.
    pub from: NaiveDate,
    /// Up to this day, inclusive.
    pub to: NaiveDate,
    /// Only open or only ended ones.
    pub open: Option<bool>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only of this officer.
    pub officer: Option<Uuid>,
    /// Only with this proposal.
    pub proposal: Option<Proposal>,
    /// Only this number.
    pub number: Option<String>,
    /// How many at most.
    pub limit: i64,
}

/// The requests of a register, oldest arrival first.
///
/// # Errors
///
/// Only failures of the database.
pub fn requests_of(
    conn: &mut Conn,
    filter: &RegisterFilter,
) -> Result<Vec<RequestRow>, StoreError> {
    let mut query = requests::table
        .filter(requests::agency_id.eq(DbId(filter.agency)))
        .filter(requests::arrived_on.between(filter.from, filter.to))
        .select(RequestRow::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(open) = filter.open {
        query = query.filter(requests::open.eq(open));
    }
    if let Some(state) = filter.state {
        query = query.filter(requests::state.eq(state));
    }
    if let Some(officer) = filter.officer {
        query = query.filter(requests::officer_id.eq(Some(officer)));
    }
    if let Some(proposal) = filter.proposal {
        query = query.filter(requests::proposal.eq(Some(proposal)));
    }
    if let Some(number) = &filter.number {
        query = query.filter(requests::number.eq(number.clone()));
    }
    Ok(query
        .order((requests::arrived_on.asc(), requests::number.asc()))
        .limit(filter.limit)
        .load(conn)?)
}
