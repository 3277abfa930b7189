//! A year goes into the calendar of record by mistake and comes out again: both by two persons, and
//! every case whose date moved says so twice in its ledger.

use chrono::{Datelike, NaiveDate};

use crate::app::calendar::imports::CalendarReason;
use crate::app::{App, AppError};
use crate::domain::calendar::Calendar;
use crate::domain::calendar_import::{CalendarSource, Format};

use super::county::County;
use super::days::PastDays;

/// Working days ahead that the mistake takes off: within the limits that run.
const AHEAD: u32 = 5;
/// Whose name the mistake bears.
const WORKER: &str = "demo";

/// Imports a drill's table, and takes it back.
pub(super) async fn play(
    app: &App,
    county: &County,
    days: &PastDays<'_>,
    today: NaiveDate,
) -> Result<(), AppError> {
    let off = days.after(today, AHEAD)?;
    // In years that nobody arranged there is no table to mistake for another.
    let Some(source) = drill(&app.calendar, off, today) else { return Ok(()) };
    let (clerk, second) = (&county.administrator, &county.supervisor);
    let wrong = app.propose_calendar(Some(clerk.clone()), None, source).await?;
    app.confirm_calendar(second.clone(), wrong.id, wrong.version).await?;
    app.refold(WORKER).await?;
    let reason = CalendarReason { reason: "演练用的安排误作正式通知导入".to_owned() };
    let back = app.reverse_calendar(second.clone(), None, wrong.id, reason).await?;
    app.confirm_calendar(clerk.clone(), back.id, back.version).await?;
    app.refold(WORKER).await?;
    Ok(())
}

/// The table of a year with one more day off; `None` while the year is not arranged.
fn drill(calendar: &Calendar, off: NaiveDate, today: NaiveDate) -> Option<CalendarSource> {
    let year = off.year();
    let table = calendar.year_csv(year)?;
    Some(CalendarSource {
        format: Format::Csv,
        text: format!("{table}{off},off,演练,{year}\n"),
        document: format!("国办发明电〔{year}〕999号"),
        document_on: Some(today),
        reason: "（演示）".to_owned(),
    })
}
