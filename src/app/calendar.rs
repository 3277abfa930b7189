//! The calendar of a year, for people and programs that count along.

pub mod dry_run;
pub mod folding;
pub mod imports;
pub mod messages;
pub mod record;
pub mod refold;
pub mod settling;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::calendar::{self as rows, VersionRow};
use crate::domain::calendar::{Calendar, DayException};
use crate::domain::calendar_import::Source;

use super::{App, AppError};

/// The working days of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Whether the State Council's notice for it is loaded; otherwise everything is estimated.
    pub arranged: bool,
    /// Number of working days.
    pub working_days: u32,
    /// Version of the calendar: the same version gives the same dates.
    pub version: String,
    /// Number of that version in the calendar of record.
    pub calendar_version: i32,
    /// Days off and days worked by notice.
    pub exceptions: Vec<CalendarDay>,
}

/// A version of the calendar that was in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarVersion {
    /// From 1.
    pub version: i32,
    /// Where it came from.
    pub source: Source,
    /// The year it changed; none for what came with the program.
    pub year: Option<i32>,
    /// Document number, with the reason of a reversal; or the program's version.
    pub document: String,
    /// The same digest gives the same dates.
    pub digest: String,
    /// From when on.
    pub in_force_at: DateTime<Utc>,
    /// When every open case had been looked at.
    pub refolded_at: Option<DateTime<Utc>>,
}

/// A day moved by a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    pub date: NaiveDate,
    /// `off` (放假) or `work` (调休上班).
    pub kind: String,
    /// The festival it belongs to.
    pub festival: String,
}

/// The day as people see it.
fn day_view(day: &DayException) -> CalendarDay {
    CalendarDay {
        date: day.date,
        kind: day.kind.as_str().to_owned(),
        festival: day.festival.clone(),
    }
}

impl App {
    /// The calendar of one year.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] outside the years of the calendar.
    pub fn calendar_year(&self, year: i32) -> Result<CalendarYear, AppError> {
        year_view(&self.calendar, year)
    }

    /// The same as version `version` had it.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for years and versions there are none of.
    pub async fn calendar_year_as_of(
        &self,
        version: i32,
        year: i32,
    ) -> Result<CalendarYear, AppError> {
        let app = self.clone();
        let read = self.store.read(move |conn| app.calendar_as_of(conn, version));
        year_view(&*read.await?, year)
    }

    /// Every version that was ever in force, newest first.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn calendar_versions(&self) -> Result<Vec<CalendarVersion>, AppError> {
        let found = self.store.read(rows::versions).await?;
        let view = |row: VersionRow| CalendarVersion {
            version: row.seq,
            source: row.source,
            year: row.year,
            document: row.document,
            digest: row.digest,
            in_force_at: row.in_force_at,
            refolded_at: row.refolded_at,
        };
        Ok(found.into_iter().map(view).collect())
    }
}

fn year_view(calendar: &Calendar, year: i32) -> Result<CalendarYear, AppError> {
    let summary = calendar.summary(year).ok_or(AppError::NotFound("该年度的日历"))?;
    let exceptions = calendar.exceptions().filter(|day| day.date.year() == year);
    let exceptions = exceptions.map(day_view);
    Ok(CalendarYear {
        year,
        arranged: summary.arranged,
        working_days: summary.working_days,
        version: calendar.version().to_owned(),
        calendar_version: calendar.record(),
        exceptions: exceptions.collect(),
    })
}
