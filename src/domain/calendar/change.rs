//! What differs between two calendars, and which cases that can touch.

use chrono::{Datelike, NaiveDate};

use super::{Calendar, YEARS, days};

/// The days of which two calendars say different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// First and last day on which they differ; `None` when they answer alike.
    span: Option<(NaiveDate, NaiveDate)>,
    /// How many days change between worked and not worked.
    pub days_moved: usize,
}

/// The dates of a case that queues read, as they stand: enough to tell whether a change of the
/// calendar can touch it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaseDates {
    /// The earliest day that anything is counted from: arrival or receipt, whichever is first.
    pub first_on: Option<NaiveDate>,
    /// The latest date that was counted: last day to reply, limits of the applicant, the day to
    /// look at it.
    pub last_on: Option<NaiveDate>,
}

impl CaseDates {
    /// From the dates of a row: the day of arrival, the receipt date, and every counted date.
    #[must_use]
    pub fn of<const N: usize>(
        arrived_on: Option<NaiveDate>,
        received_on: Option<NaiveDate>,
        counted: [Option<NaiveDate>; N],
    ) -> Self {
        let first_on = arrived_on.into_iter().chain(received_on).min();
        // The far future is no date: it says that none presses.
        let counted = counted.into_iter().flatten().filter(|on| on.year() <= *YEARS.end());
        Self { first_on, last_on: counted.max() }
    }
}

impl Change {
    /// Compares two calendars day by day.
    #[must_use]
    pub fn between(old: &Calendar, new: &Calendar) -> Self {
        let (mut span, mut days_moved) = (None, 0);
        let pairs = days::dates().zip(old.days.iter().zip(new.days.iter()));
        for (date, (before, after)) in pairs.filter(|(_, (before, after))| before != after) {
            span = Some((span.map_or(date, |(first, _)| first), date));
            days_moved += usize::from(before.kind.is_worked() != after.kind.is_worked());
        }
        Self { span, days_moved }
    }

    /// Whether the calendars answer alike.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.span.is_none()
    }

    /// Whether a case with these dates can come to another date, limit or defect.
    ///
    /// Nothing is counted from before its first date, so days up to there never matter. What was
    /// counted ended by its last date, and what happened has happened by `today`: when the calendars
    /// differ only after both, every count ends where it ended, and no event changes sides of a
    /// limit. A property test folds both ways and compares.
    #[must_use]
    pub fn may_touch(&self, case: &CaseDates, today: NaiveDate) -> bool {
        let Some((first, last)) = self.span else { return false };
        let Some(begun_on) = case.first_on else { return true };
        last > begun_on && first <= case.last_on.map_or(today, |on| on.max(today))
    }
}
