//! The working-day calendar of the mainland: which day is worked, and counting in constant time.
//!
//! A year is *arranged* once the State Council's yearly notice is loaded for it. Days of other
//! years are *estimated* from the statutory holidays, and every answer says whether it needed one.
//! A day that a notice lists by itself is certain even if the rest of its year is not arranged
//! (2007-12-31 belongs to the arrangement for 2008).
//!
//! Source: 全国年节及纪念日放假办法 (2024-11-10) arts. 2, 6, 7; rulebook C1–C3, C11, C12.

mod change;
mod csv;
mod days;
mod notice_text;
mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

pub use self::change::{CaseDates, Change};
pub use self::csv::{DayException, ExceptionKind, LineProblem};
pub use self::notice_text::{Notice, NoticeFault, document_number};
pub use self::table::{TableFault, YearTable};
use super::working_days::{CountTable, Counted, Reached, WorkingDays};

/// First and last year of every calendar.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// Days ahead that the calendar must be certain of: twice the reply limit with weekends, and a
/// margin. (When people are warned, not a limit of the law.)
pub const DAYS_AHEAD: u64 = 120;

/// Working days of a correctly loaded year, for checking a table.
///
/// Source: rulebook C12 (computed from the notices).
pub const KNOWN_TOTALS: [(i32, u32); 8] = [
    (2019, 250),
    (2020, 249),
    (2021, 250),
    (2022, 249),
    (2023, 249),
    (2024, 251),
    (2025, 248),
    (2026, 248),
];

/// What one day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day, Monday to Friday.
    Working,
    /// A Saturday or Sunday worked in exchange for a day off (调休上班).
    MakeUp,
    /// A Saturday or Sunday that no notice mentions.
    Weekend,
    /// A day off by notice or, in an estimated year, by statute.
    Holiday,
}

impl DayKind {
    /// True for ordinary working days and make-up days.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp)
    }
}

/// What a day is, and whether that is known or estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFacts {
    /// Kind of the day.
    pub kind: DayKind,
    /// True if the day's year is not arranged and no notice lists the day.
    pub estimated: bool,
}

/// Why a calendar could not be read or asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The date, or the day counted to, lies outside [`YEARS`].
    #[error("日期超出日历范围（2000-01-01至2099-12-31）")]
    OutOfRange,
    /// A line of a table is wrong.
    #[error("日历文件第{line}行：{problem}")]
    Line {
        /// Line number, the heading being line 1.
        line: usize,
        /// What is wrong with it.
        problem: LineProblem,
    },
}

/// One year at a glance, for `gongkai calendar` and the calendar page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearSummary {
    /// The year.
    pub year: i32,
    /// True if the year's notice is loaded.
    pub arranged: bool,
    /// Number of working days, estimated unless `arranged`.
    pub working_days: u32,
}

/// The working days of 2000–2099. Immutable; asking it allocates nothing.
#[derive(Debug, Clone)]
pub struct Calendar {
    exceptions: BTreeMap<NaiveDate, DayException>,
    arranged: BTreeSet<i32>,
    days: Box<[DayFacts]>,
    counts: CountTable,
    version: String,
    record: i32,
}

#[expect(clippy::expect_used, reason = "the table is embedded; a test reads all of it")]
static BUILT_IN: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::from_csv(include_str!("../../assets/calendar/holidays.csv"))
        .expect("holidays.csv is sound")
});

impl Calendar {
    /// The calendar shipped with the program: arranged for 2008–2026.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a table `date,kind,festival,arranged_for`; only its own years are arranged.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Line`] names the first wrong line: impossible or doubled dates, a day both
    /// off and worked, unknown kinds, a notice listing days of a year that is not its neighbour.
    pub fn from_csv(text: &str) -> Result<Self, CalendarError> {
        Ok(Self::from_exceptions(csv::parse(text)?))
    }

    /// This calendar with the years arranged in `text` replaced by what `text` says of them.
    ///
    /// # Errors
    ///
    /// As [`Calendar::from_csv`].
    pub fn with_csv(&self, text: &str) -> Result<Self, CalendarError> {
        Ok(self.with_exceptions(csv::parse(text)?))
    }

    /// This calendar with the years arranged by `newer` replaced; of two statements on one day the
    /// newer one holds.
    pub fn with_exceptions(&self, newer: Vec<DayException>) -> Self {
        let replaced: BTreeSet<i32> = newer.iter().map(|e| e.arranged_for).collect();
        let kept = self.exceptions.values().filter(|e| !replaced.contains(&e.arranged_for));
        Self::from_exceptions(kept.cloned().chain(newer))
    }

    /// Builds a calendar from single exceptions; the last statement on a day holds. Days outside
    /// [`YEARS`] have no effect.
    pub fn from_exceptions(exceptions: impl IntoIterator<Item = DayException>) -> Self {
        let exceptions: BTreeMap<_, _> = exceptions.into_iter().map(|e| (e.date, e)).collect();
        let arranged = exceptions.values().map(|e| e.arranged_for).collect();
        let days = days::facts(&exceptions, &arranged);
        let facts = days::dates().zip(days.iter());
        let counts =
            CountTable::build(facts.map(|(date, day)| (date, day.kind.is_worked(), day.estimated)));
        let version = days::version(&arranged, &days);
        Self { exceptions, arranged, days, counts, version, record: 0 }
    }

    /// What `date` is.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] outside [`YEARS`].
    pub fn day(&self, date: NaiveDate) -> Result<DayFacts, CalendarError> {
        self.days.get(days::position(date)?).copied().ok_or(CalendarError::OutOfRange)
    }

    /// The kind of `date`, estimated or not.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] outside [`YEARS`].
    pub fn day_kind(&self, date: NaiveDate) -> Result<DayKind, CalendarError> {
        Ok(self.day(date)?.kind)
    }

    /// Working days `d` with `after < d <= upto`; zero if `upto` is not later. The day of the
    /// event that starts a period is thereby not counted.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] if either day lies outside [`YEARS`].
    ///
    /// Source: 民事诉讼法 art. 85; rulebook C1, C2.
    pub fn working_days_between(
        &self,
        after: NaiveDate,
        upto: NaiveDate,
    ) -> Result<Counted, CalendarError> {
        self.counts
            .between(days::position(after)?, days::position(upto)?)
            .ok_or(CalendarError::OutOfRange)
    }

    /// The `n`-th working day strictly after `anchor`. Zero working days lead nowhere: `anchor`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] if the anchor or the day reached lies outside [`YEARS`].
    ///
    /// Source: rulebook C1, 3.3.
    pub fn nth_working_day_after(
        &self,
        anchor: NaiveDate,
        n: WorkingDays,
    ) -> Result<Reached, CalendarError> {
        let position = days::position(anchor)?;
        match n {
            WorkingDays::ZERO => Ok(Reached { on: anchor, estimated: false }),
            WorkingDays(n) => self.counts.nth_after(position, n).ok_or(CalendarError::OutOfRange),
        }
    }

    /// `date` itself if it is worked, otherwise the next working day: a limit set as a calendar
    /// date never ends on a rest day.
    ///
    /// # Errors
    ///
    /// [`CalendarError::OutOfRange`] if `date` or the day reached lies outside [`YEARS`].
    ///
    /// Source: 民事诉讼法 art. 85 ¶3; rulebook C3.
    pub fn roll_forward(&self, date: NaiveDate) -> Result<Reached, CalendarError> {
        let day = self.day(date)?;
        if day.kind.is_worked() {
            return Ok(Reached { on: date, estimated: day.estimated });
        }
        let next = self.nth_working_day_after(date, WorkingDays(1))?;
        Ok(Reached { on: next.on, estimated: day.estimated || next.estimated })
    }

    /// Whether no day after `from` up to `upto` is estimated.
    pub fn is_certain_until(&self, from: NaiveDate, upto: NaiveDate) -> bool {
        self.working_days_between(from, upto).is_ok_and(|counted| !counted.estimated)
    }

    /// True if the notice for `year` is loaded.
    pub fn is_arranged(&self, year: i32) -> bool {
        self.arranged.contains(&year)
    }

    /// Years whose notice is loaded, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.arranged.iter().copied()
    }

    /// One year at a glance; `None` outside [`YEARS`].
    pub fn summary(&self, year: i32) -> Option<YearSummary> {
        let first = days::position(NaiveDate::from_ymd_opt(year, 1, 1)?).ok()?;
        let days = self.days.iter().skip(first).take(days::length_of(year)?);
        let worked = days.filter(|day| day.kind.is_worked()).count();
        Some(YearSummary {
            year,
            arranged: self.is_arranged(year),
            working_days: u32::try_from(worked).ok()?,
        })
    }

    /// What the notices say of single days, ascending by date.
    pub fn exceptions(&self) -> impl Iterator<Item = &DayException> {
        self.exceptions.values()
    }

    /// The arranged days as a table; [`Calendar::from_csv`] makes the same calendar of it.
    pub fn to_csv(&self) -> String {
        csv::write(self.exceptions())
    }

    /// Days that a notice lists as worked although they are ordinary weekdays. Harmless (the
    /// notice of 2020-01-27 did so), yet often a slip of the pen for a make-up day.
    pub fn redundant_working_days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let worked = self.exceptions().filter(|e| e.kind == ExceptionKind::Work);
        worked.map(|e| e.date).filter(|date| date.weekday().number_from_monday() <= 5)
    }

    /// First and last arranged year and a digest of all day kinds, such as `2008-2026.5a3f09c1`.
    /// Two calendars that answer alike have the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// This calendar as the version `record` of the calendar of record.
    #[must_use]
    pub fn numbered(self, record: i32) -> Self {
        Self { record, ..self }
    }

    /// Its number in the calendar of record; 0 for the calendar shipped with the program.
    pub fn record(&self) -> i32 {
        self.record
    }

    /// What the notice for `year` says, in the same format; `None` while it is not arranged.
    pub fn year_csv(&self, year: i32) -> Option<String> {
        let of_year = || self.exceptions().filter(|e| e.arranged_for == year);
        of_year().next()?;
        Some(csv::write(of_year()))
    }

    /// This calendar without what the notice for `year` says: its days are estimated again.
    #[must_use]
    pub fn without_year(&self, year: i32) -> Self {
        let kept = self.exceptions().filter(|e| e.arranged_for != year);
        Self::from_exceptions(kept.cloned().collect::<Vec<_>>())
    }

    /// Working days of `(after, upto]`, both pulled into [`YEARS`] first. For displays whose
    /// "today" may be any date; legal limits go through the checked methods.
    pub(super) fn clamped_between(&self, after: NaiveDate, upto: NaiveDate) -> u32 {
        let (after, upto) = (days::clamp(after), days::clamp(upto));
        self.working_days_between(after, upto).map_or(0, |counted| counted.days)
    }
}
