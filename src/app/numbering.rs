//! Numbers that no notice of the program takes: those of registers, and those that were written on
//! paper. All stand in the register of their agency.

use chrono::Datelike;

use crate::db::Conn;
use crate::db::numbers::{self, DocumentNumberRow};
use crate::domain::agency::Agency;
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
    let row = new_row(app, agency.id, (series.as_str(), year, n), &text);
    numbers::record(conn, row)?;
    Ok(text)
}

/// Takes the number of a notice that was made on paper out of the agency's register: a number of one of
/// its series is the next one there, any other is none that was used before.
///
/// # Errors
///
/// [`AppError::Invalid`] `number_taken`, `number_out_of_turn`; failures of the database.
///
/// Source: 党政机关公文处理工作条例 art. 9 (5) (发文字号 is the running number of a year).
pub(super) fn take(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    text: &str,
) -> Result<(), AppError> {
    if numbers::by_text(conn, agency.id.0, text)?.is_some() {
        let message = "这个文号已经用过，请核对纸质文书上的文号";
        return Err(AppError::field("number", "number_taken", message));
    }
    let pattern = Pattern::parse(&agency.profile.number_pattern).map_err(AppError::broken)?;
    let own = pattern.read(&agency.profile.code_word, text);
    let (series, year) = own.as_ref().map_or((numbers::ON_PAPER, app.today().year()), |number| {
        (number.series.as_str(), number.year)
    });
    let n = numbers::next(conn, agency.id.0, series, year)?;
    if own.is_some_and(|number| number.n != i64::from(n)) {
        let message = format!(
            "文号应当连续：登记簿上的下一个号是{n}。前面的文书也以纸质作出的，请按文号顺序补录；否则请核对文号"
        );
        return Err(AppError::field("number", "number_out_of_turn", message));
    }
    Ok(numbers::record(conn, new_row(app, agency.id, (series, year, n), text))?)
}

/// A number given out now, that no notice bears yet.
pub(super) fn new_row(
    app: &App,
    agency: AgencyId,
    (series, year, n): (&str, i32, i32),
    text: &str,
) -> DocumentNumberRow {
    DocumentNumberRow {
        agency_id: agency.0,
        series: series.to_owned(),
        year,
        n,
        text: text.to_owned(),
        notice_id: None,
        allotted_at: app.clock.now(),
        voided_at: None,
        void_reason: None,
        voided_by: None,
    }
}
