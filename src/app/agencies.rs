//! Agencies.
use crate::db::agencies::AgencyRow;
use crate::domain::agency::{Agency, AgencyProfile};
use crate::domain::ids::AgencyId;

use super::AppError;

/// The domain's view of a row.
pub fn agency(row: AgencyRow) -> Result<Agency, AppError> {
    Ok(Agency {
        id: AgencyId(row.id),
        serial: u16::try_from(row.serial).map_err(AppError::broken)?,
        profile: AgencyProfile {
            name: row.name,
            short_name: row.short_name,
            code_word: row.code_word,
            level: row.level.parse().map_err(AppError::broken)?,
            region: row.region,
            office_name: row.office_name,
            address: row.address,
            postcode: row.postcode,
            phone: row.phone,
            fax: row.fax,
            email: row.email,
            office_hours: row.office_hours,
            review_body: row.review_body,
            court: row.court,
            review_online_url: row.review_online_url,
            number_pattern: row.number_pattern,
        },
        active: row.active,
        version: row.version,
    })
}
