//! Numbers of registers that have no notice: given out in the series of their agency, on record.

use chrono::Datelike;

use crate::db::Conn;
use crate::db::numbers::{self, DocumentNumberRow};
use crate::domain::ids::AgencyId;
use crate::domain::notice::Series;
use crate::domain::number::{DocumentNumber, Pattern};

use super::{App, AppError, agencies};

/// The next number of a register as it is printed; given back if the transaction fails.
///
/// # Errors
///
/// [`AppError::NotFound`] for an unknown agency; failures of the database.
pub(super) fn next(
    conn: &mut Conn,
    app: &App,
    series: Series,
    agency: AgencyId,
) -> Result<String, AppError> {
    let agency = agencies::load(conn, agency)?.ok_or(AppError::NotFound("该机关"))?;
    let year = app.today().year();
    let n = numbers::next(conn, agency.id.0, series.as_str(), year)?;
    let pattern = Pattern::parse(&agency.profile.number_pattern).map_err(AppError::broken)?;
    let number = DocumentNumber { series, year, n: i64::from(n) };
    let text = pattern.print(&agency.profile.code_word, &number);
    let row = DocumentNumberRow {
        agency_id: agency.id.0,
        series: series.as_str().to_owned(),
        year,
        n,
        text: text.clone(),
        notice_id: None,
        allotted_at: app.clock.now(),
        voided_at: None,
        void_reason: None,
        voided_by: None,
    };
    numbers::record(conn, row)?;
    Ok(text)
}
