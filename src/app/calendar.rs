//! The calendar of a year, for people and programs that count along.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::calendar::ExceptionKind;

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
    /// Days off and days worked by notice.
    pub exceptions: Vec<CalendarDay>,
}

/// A day moved by a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    pub date: NaiveDate,
    /// `off` (放假) or `work` (调休上班).
    pub kind: &'static str,
    /// The festival it belongs to.
    pub festival: String,
}

impl App {
    /// The calendar of one year.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] outside the years of the calendar.
    pub fn calendar_year(&self, year: i32) -> Result<CalendarYear, AppError> {
        let summary = self.calendar.summary(year).ok_or(AppError::NotFound("该年度的日历"))?;
        let exceptions = self.calendar.exceptions().filter(|day| day.date.year() == year);
        let exceptions = exceptions.map(|day| CalendarDay {
            date: day.date,
            kind: match day.kind {
                ExceptionKind::Off => "off",
                ExceptionKind::Work => "work",
            },
            festival: day.festival.clone(),
        });
        Ok(CalendarYear {
            year,
            arranged: summary.arranged,
            working_days: summary.working_days,
            version: self.calendar.version().to_owned(),
            exceptions: exceptions.collect(),
        })
    }
}
