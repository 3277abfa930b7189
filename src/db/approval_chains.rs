//! Approval chains (审批链) of agencies: a row for every version that was ever in force.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::approval_chains;
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `approval_chains`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_chains, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ApprovalChainsRow {
    /// Whose chains.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// From 1.
    pub version: i32,
    /// The chains as set.
    #[diesel(serialize_as = DbDoc)]
    pub chains: Value,
    /// Who set them.
    #[diesel(serialize_as = DbId)]
    pub changed_by: Uuid,
    /// When.
    #[diesel(serialize_as = DbAt)]
    pub changed_at: DateTime<Utc>,
}

/// Enters a version.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when somebody else was first.
pub fn insert(conn: &mut Conn, row: ApprovalChainsRow) -> Result<(), StoreError> {
    diesel::insert_into(approval_chains::table).values(row).execute(conn)?;
    Ok(())
}

/// The version in force, if any was ever set.
///
/// # Errors
///
/// Only failures of the database.
pub fn latest(conn: &mut Conn, agency: Uuid) -> Result<Option<ApprovalChainsRow>, StoreError> {
    let found = approval_chains::table
        .filter(approval_chains::agency_id.eq(DbId(agency)))
        .order(approval_chains::version.desc())
        .limit(1)
        .select(ApprovalChainsRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}
