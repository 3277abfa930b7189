//! Which agencies lie below which.

use crate::app::{App, AppError, Principal};
use crate::db::{Conn, agencies as rows};
use crate::domain::agency::{self, Agency, Place};
use crate::domain::ids::AgencyId;

impl App {
    /// The agency of a person and all below it, itself first; nothing for those without one.
    ///
    /// # Errors
    ///
    /// Only failures of the database.
    pub async fn branch_of(&self, who: &Principal) -> Result<Vec<AgencyId>, AppError> {
        let Some(own) = who.agency else { return Ok(Vec::new()) };
        self.store.read(move |conn| Ok(agency::branch(own, &places(conn)?))).await
    }
}

/// Every agency and the one above it, those that take no requests any more included.
pub(in crate::app) fn places(conn: &mut Conn) -> Result<Vec<Place>, AppError> {
    let all = rows::list(conn, false)?;
    let place = |row: rows::AgencyRow| Place {
        agency: AgencyId(row.id),
        parent: row.parent_id.map(AgencyId),
    };
    Ok(all.into_iter().map(place).collect())
}

/// Refuses a place above an agency that is unknown, taken over by another, or below itself.
pub(super) fn check_parent(conn: &mut Conn, agency: &Agency) -> Result<(), AppError> {
    let Some(parent) = agency.profile.parent else { return Ok(()) };
    let wrong = |message: &str| AppError::field("parent", "invalid", message);
    let above = super::load(conn, parent)?.ok_or_else(|| wrong("没有这个主管机关"))?;
    if above.merged_into.is_some() {
        return Err(wrong("该主管机关已并入其他机关，请改选承继的机关"));
    }
    if agency::circles(agency.id, parent, &places(conn)?) {
        return Err(wrong("主管机关不能是本机关或者本机关的下级"));
    }
    Ok(())
}
