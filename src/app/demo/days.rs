//! The working days of the year that has passed: the demo county keeps office hours.

use chrono::NaiveDate;

use crate::app::AppError;
use crate::domain::calendar::Calendar;
use crate::domain::working_days::WorkingDays;

/// Working days before today, in order.
pub(super) struct PastDays<'c> {
    calendar: &'c Calendar,
    days: Vec<NaiveDate>,
    first: NaiveDate,
}

impl<'c> PastDays<'c> {
    /// The last `count` working days before `today`. Today itself is left to the people who try
    /// the program out, so that nothing stands in the record before its hour.
    pub(super) fn before(
        calendar: &'c Calendar,
        today: NaiveDate,
        count: usize,
    ) -> Result<Self, AppError> {
        let mut days = Vec::with_capacity(count);
        let mut day = today;
        while days.len() < count {
            day = day.pred_opt().ok_or_else(too_early)?;
            if calendar.day_kind(day).map_err(AppError::broken)?.is_worked() {
                days.push(day);
            }
        }
        days.reverse();
        Ok(Self { calendar, first: days.first().copied().ok_or_else(too_early)?, days })
    }

    /// The first of the days.
    pub(super) fn first(&self) -> NaiveDate {
        self.first
    }

    /// The place of the day `ago` working days before the last one.
    pub(super) fn place(&self, ago: usize) -> Result<usize, AppError> {
        (self.days.len()).checked_sub(ago + 1).ok_or_else(too_early)
    }

    /// The day at a place; `None` if it is still to come.
    pub(super) fn at(&self, place: usize) -> Option<NaiveDate> {
        self.days.get(place).copied()
    }

    /// The `n`-th working day after `from`, which may be still to come.
    pub(super) fn after(&self, from: NaiveDate, n: u32) -> Result<NaiveDate, AppError> {
        let reached = self.calendar.nth_working_day_after(from, WorkingDays(n));
        reached.map(|reached| reached.on).map_err(AppError::broken)
    }
}

fn too_early() -> AppError {
    AppError::broken("no working days that far back")
}
