//! From notices to one fact per day, and positions of days in the century.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::{CalendarError, DayException, DayFacts, DayKind, ExceptionKind, YEARS};
use crate::domain::festivals;

/// Day number (from the common era) of 2000-01-01.
const FIRST_DAY: i32 = 730_120;
/// Days from 2000-01-01 to 2099-12-31.
const LENGTH: usize = 36_525;

/// All dates of the calendar, ascending.
pub(super) fn dates() -> impl Iterator<Item = NaiveDate> {
    (FIRST_DAY..).take(LENGTH).filter_map(NaiveDate::from_num_days_from_ce_opt)
}

/// Position of `date`, 2000-01-01 being 0.
pub(super) fn position(date: NaiveDate) -> Result<usize, CalendarError> {
    usize::try_from(date.num_days_from_ce() - FIRST_DAY)
        .ok()
        .filter(|position| *position < LENGTH)
        .ok_or(CalendarError::OutOfRange)
}

/// The day of the calendar nearest to `date`.
pub(super) fn clamp(date: NaiveDate) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(*YEARS.start(), 1, 1).unwrap_or(date);
    let last = NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31).unwrap_or(date);
    date.clamp(first, last)
}

/// Number of days of `year`.
pub(super) fn length_of(year: i32) -> Option<usize> {
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
    usize::try_from(last.ordinal()).ok()
}

/// Decides each day: a listed day is what the notice says; an unlisted day of an arranged year is
/// what its weekday says; any other day is estimated.
pub(super) fn facts(
    exceptions: &BTreeMap<NaiveDate, DayException>,
    arranged: &BTreeSet<i32>,
) -> Box<[DayFacts]> {
    let mut days: Box<[DayFacts]> = dates().map(|date| by_weekday(date, arranged)).collect();
    let mut set = |date, facts| {
        if let Some(day) = position(date).ok().and_then(|position| days.get_mut(position)) {
            *day = facts;
        }
    };
    let estimated_years = YEARS.filter(|year| !arranged.contains(year));
    for date in estimated_years.flat_map(festivals::statutory_holidays) {
        set(date, DayFacts { kind: DayKind::Holiday, estimated: true });
    }
    for exception in exceptions.values() {
        let kind = match exception.kind {
            ExceptionKind::Off => DayKind::Holiday,
            ExceptionKind::Work if is_weekend(exception.date) => DayKind::MakeUp,
            ExceptionKind::Work => DayKind::Working,
        };
        set(exception.date, DayFacts { kind, estimated: false });
    }
    days
}

fn by_weekday(date: NaiveDate, arranged: &BTreeSet<i32>) -> DayFacts {
    let kind = if is_weekend(date) { DayKind::Weekend } else { DayKind::Working };
    DayFacts { kind, estimated: !arranged.contains(&date.year()) }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// See [`super::Calendar::version`]. The digest is FNV-1a: it tells versions apart, it does not
/// protect against forgery.
pub(super) fn version(arranged: &BTreeSet<i32>, days: &[DayFacts]) -> String {
    let digest = days.iter().fold(0x811c_9dc5_u32, |hash, day| {
        let kind = match day.kind {
            DayKind::Working => 0,
            DayKind::MakeUp => 1,
            DayKind::Weekend => 2,
            DayKind::Holiday => 3,
        };
        (hash ^ (kind << 1 | u32::from(day.estimated))).wrapping_mul(0x0100_0193)
    });
    match (arranged.first(), arranged.last()) {
        (Some(first), Some(last)) => format!("{first}-{last}.{digest:08x}"),
        _ => format!("none.{digest:08x}"),
    }
}
