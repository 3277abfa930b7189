//! What an imported year must be before anybody is asked to confirm it: one year, no contradiction
//! with its neighbours, plausible.
//!
//! Source: 全国年节及纪念日放假办法 (2024-11-10) arts. 2, 6, 7; rulebook C2, C11, C12.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{Calendar, CalendarError, DayException, ExceptionKind, csv};
use crate::domain::dates::weekday;
use crate::domain::festivals::statutory_holidays;

/// Longest table or notice in characters; a real one has three thousand.
pub const LONGEST: usize = 20_000;
/// Longest name of a festival.
const LONGEST_NAME: usize = 30;
/// First year to which the list of 2024 applies.
const LIST_OF_2024: i32 = 2025;
/// Statutory holidays for everybody since then. Source: 放假办法 art. 2.
const STATUTORY_DAYS: u32 = 13;
/// By how many working days a year may differ from weekdays less statutory holidays. Days exchanged
/// across the end of the year and a holiday prolonged by notice make some; more is a mistake.
const MOST_OFF: u32 = 7;

/// The table of one year, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearTable {
    /// The year.
    pub year: i32,
    /// The days its notice lists, ascending.
    pub days: Vec<DayException>,
}

/// Why a table cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// More text than any table has.
    #[error("内容超过{LONGEST}个字，不是一年的放假安排")]
    TooLong,
    /// Signs that no text has.
    #[error("内容中有无法显示的字符，不是文本文件")]
    NotText,
    /// The format does not stand.
    #[error(transparent)]
    Csv(#[from] CalendarError),
    /// Days of more than one year.
    #[error("一次只能导入一个年度，文件中有{0}年和{1}年的安排")]
    SeveralYears(i32, i32),
    /// The name of a festival is none.
    #[error("{0} 的节日名称“{1}”应为不超过30个汉字")]
    Festival(NaiveDate, String),
    /// A make-up day that is an ordinary weekday.
    #[error("{0} 是{1}，本来就是工作日，不能列为调休上班，请核对日期")]
    MakeUpOnWeekday(NaiveDate, &'static str),
    /// Another year's notice says otherwise.
    #[error("{date} 与{year}年的安排矛盾，请先更正{year}年的安排")]
    Contradicts {
        /// The day.
        date: NaiveDate,
        /// Whose notice says otherwise.
        year: i32,
    },
    /// A statutory holiday is not off.
    #[error("{0} 是法定节假日，但没有列为放假")]
    StatutoryMissing(NaiveDate),
    /// Far too many or too few working days.
    #[error("{year}年将有{found}个工作日，按放假办法应为{expected}个左右，请核对")]
    Implausible {
        /// The year.
        year: i32,
        /// Working days with the table.
        found: u32,
        /// Weekdays less statutory holidays.
        expected: u32,
    },
}

impl TableFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::NotText => "control_characters",
            Self::Csv(_) => "malformed_table",
            Self::SeveralYears(..) => "several_years",
            Self::Festival(..) => "festival_name",
            Self::MakeUpOnWeekday(..) => "make_up_on_weekday",
            Self::Contradicts { .. } => "contradicts_other_year",
            Self::StatutoryMissing(_) => "statutory_holiday_missing",
            Self::Implausible { .. } => "implausible_total",
        }
    }
}

impl YearTable {
    /// Reads a table of one year and checks it by itself.
    ///
    /// # Errors
    ///
    /// The first [`TableFault`].
    pub fn from_csv(text: &str) -> Result<Self, TableFault> {
        sound(text)?;
        Self::checked(csv::parse(text)?)
    }

    /// Checks the days of one notice by themselves.
    ///
    /// # Errors
    ///
    /// The first [`TableFault`].
    pub fn checked(mut days: Vec<DayException>) -> Result<Self, TableFault> {
        days.sort_by_key(|day| day.date);
        let year = days.first().map_or(0, |day| day.arranged_for);
        if let Some(other) = days.iter().find(|day| day.arranged_for != year) {
            return Err(TableFault::SeveralYears(year, other.arranged_for));
        }
        for day in &days {
            // Tables are opened in spreadsheets: a name that begins a formula is no name.
            let han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '、' | '“' | '”');
            let length = day.festival.chars().count();
            let named = day.festival.chars().all(|c| han(c) || c.is_ascii_digit())
                && day.festival.starts_with(han);
            if !(1..=LONGEST_NAME).contains(&length) || !named {
                let shown = day.festival.chars().take(LONGEST_NAME).collect();
                return Err(TableFault::Festival(day.date, shown));
            }
            if day.kind == ExceptionKind::Work && is_weekday(day.date) {
                return Err(TableFault::MakeUpOnWeekday(day.date, weekday(day.date)));
            }
        }
        Ok(Self { year, days })
    }

    /// `calendar` with this year, checked against its neighbours and the law; beside it what is
    /// worth a second look.
    ///
    /// # Errors
    ///
    /// The first [`TableFault`].
    pub fn onto(&self, calendar: &Calendar) -> Result<(Calendar, Vec<String>), TableFault> {
        let others = calendar.exceptions().filter(|e| e.arranged_for != self.year);
        for other in others {
            let said = self.days.iter().find(|day| day.date == other.date);
            if said.is_some_and(|day| day.kind != other.kind) {
                return Err(TableFault::Contradicts { date: other.date, year: other.arranged_for });
            }
        }
        // What both say stays with the notice that said it first: taking this year back again must
        // leave the other year whole.
        let new = self.days.iter().filter(|day| {
            !calendar.exceptions().any(|e| e.arranged_for != self.year && e.date == day.date)
        });
        let kept = calendar.exceptions().filter(|e| e.arranged_for != self.year);
        let merged = Calendar::from_exceptions(kept.chain(new).cloned().collect::<Vec<_>>());
        let mut notes = Vec::new();
        if self.year >= LIST_OF_2024 {
            self.against_the_law(&merged, &mut notes)?;
        }
        Ok((merged, notes))
    }

    fn against_the_law(&self, with: &Calendar, notes: &mut Vec<String>) -> Result<(), TableFault> {
        let worked = |date: &NaiveDate| with.day_kind(*date).is_ok_and(super::DayKind::is_worked);
        if let Some(date) = statutory_holidays(self.year).into_iter().find(worked) {
            return Err(TableFault::StatutoryMissing(date));
        }
        let found = with.summary(self.year).map_or(0, |summary| summary.working_days);
        let expected = weekdays_of(self.year).saturating_sub(STATUTORY_DAYS);
        if found.abs_diff(expected) > MOST_OFF {
            return Err(TableFault::Implausible { year: self.year, found, expected });
        }
        if found != expected {
            notes.push(format!(
                "{}年工作日合计{found}天，按放假办法推算为{expected}天，请核对是否有跨年调休或者另行延长的假期",
                self.year
            ));
        }
        Ok(())
    }
}

/// Refuses what is no text of a sensible length.
pub(super) fn sound(text: &str) -> Result<(), TableFault> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(TableFault::TooLong);
    }
    let odd = |c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(odd) { Err(TableFault::NotText) } else { Ok(()) }
}

/// Monday to Friday of a year.
fn weekdays_of(year: i32) -> u32 {
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return 0 };
    let days = (0..366).map(|n| first + Days::new(n)).filter(|day| day.year() == year);
    days.filter(|day| is_weekday(*day)).fold(0, |count, _| count + 1)
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
