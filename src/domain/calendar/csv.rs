//! The table format of the yearly notices: `date,kind,festival,arranged_for`.

use std::{collections::BTreeMap, fmt};

use chrono::{Datelike, NaiveDate};

use super::{CalendarError, YEARS};
use crate::domain::dates;

const HEADING: &str = "date,kind,festival,arranged_for";

/// What a notice says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExceptionKind {
    /// 放假: a day off. On a plain weekend it merely belongs to a holiday.
    Off,
    /// 上班: a working day. On an ordinary weekday it says nothing new.
    Work,
}

impl ExceptionKind {
    /// The word used in tables: `off` or `work`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Work => "work",
        }
    }
}

/// One day that a yearly notice lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayException {
    /// The day.
    pub date: NaiveDate,
    /// Off or worked.
    pub kind: ExceptionKind,
    /// Name of the festival, such as `国庆节`.
    pub festival: String,
    /// Year of the notice; the day itself may lie in the year before or after.
    pub arranged_for: i32,
}

/// What is wrong with a line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineProblem {
    /// The first line is not `date,kind,festival,arranged_for`.
    Heading,
    /// Not four fields, or quotation marks, which the format does not use.
    Fields,
    /// Not a date `YYYY-MM-DD` that exists.
    Date(String),
    /// A date outside 2000–2099.
    DateOutOfRange(NaiveDate),
    /// Neither `off` nor `work`.
    Kind(String),
    /// `arranged_for` is no year of 2000–2099.
    Year(String),
    /// The day is neither in the arranged year nor in a neighbouring one.
    ForeignYear(NaiveDate, i32),
    /// The day was listed before, in the same way.
    Repeated(NaiveDate, usize),
    /// The day was listed before, the other way.
    Contradiction(NaiveDate, usize),
    /// There is no day in the table at all.
    Empty,
}

impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading => write!(f, "表头应为 {HEADING}"),
            Self::Fields => write!(f, "应有四个字段，用英文逗号分隔，不加引号"),
            Self::Date(text) => write!(f, "日期“{text}”不存在，应为 YYYY-MM-DD"),
            Self::DateOutOfRange(date) => write!(f, "日期 {date} 不在2000年至2099年之间"),
            Self::Kind(text) => write!(f, "类别“{text}”应为 off（放假）或 work（上班）"),
            Self::Year(text) => write!(f, "安排年份“{text}”应在2000至2099之间"),
            Self::ForeignYear(date, year) => write!(f, "{date} 不属于{year}年的安排"),
            Self::Repeated(date, line) => write!(f, "{date} 与第{line}行重复"),
            Self::Contradiction(date, line) => write!(f, "{date} 与第{line}行矛盾"),
            Self::Empty => write!(f, "文件中没有任何日期"),
        }
    }
}

/// Reads a whole table. A byte-order mark, CRLF and blank lines are tolerated.
pub(super) fn parse(text: &str) -> Result<Vec<DayException>, CalendarError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines().map(str::trim));
    if lines.next().is_none_or(|(_, heading)| heading != HEADING) {
        return Err(CalendarError::Line { line: 1, problem: LineProblem::Heading });
    }
    let mut seen: BTreeMap<NaiveDate, (usize, ExceptionKind)> = BTreeMap::new();
    let mut exceptions = Vec::new();
    for (line, content) in lines.filter(|(_, content)| !content.is_empty()) {
        let exception =
            parse_line(content).map_err(|problem| CalendarError::Line { line, problem })?;
        if let Some((earlier, kind)) = seen.insert(exception.date, (line, exception.kind)) {
            let problem = if kind == exception.kind {
                LineProblem::Repeated(exception.date, earlier)
            } else {
                LineProblem::Contradiction(exception.date, earlier)
            };
            return Err(CalendarError::Line { line, problem });
        }
        exceptions.push(exception);
    }
    if exceptions.is_empty() {
        return Err(CalendarError::Line { line: 2, problem: LineProblem::Empty });
    }
    Ok(exceptions)
}

/// Writes a table as [`parse`] reads it.
pub(super) fn write<'e>(exceptions: impl Iterator<Item = &'e DayException>) -> String {
    let mut text = format!("{HEADING}\n");
    for day in exceptions {
        let DayException { date, kind, festival, arranged_for } = day;
        text.push_str(&format!("{date},{},{festival},{arranged_for}\n", kind.as_str()));
    }
    text
}

fn parse_line(content: &str) -> Result<DayException, LineProblem> {
    let mut fields = content.split(',').map(str::trim);
    let (Some(date), Some(kind), Some(festival), Some(year), None) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(LineProblem::Fields);
    };
    if content.contains('"') {
        return Err(LineProblem::Fields);
    }
    let date = dates::parse(date).ok_or_else(|| LineProblem::Date(date.to_owned()))?;
    let kind = match kind {
        "off" => ExceptionKind::Off,
        "work" => ExceptionKind::Work,
        other => return Err(LineProblem::Kind(other.to_owned())),
    };
    let arranged_for = year.parse().ok().filter(|year| YEARS.contains(year));
    let arranged_for = arranged_for.ok_or_else(|| LineProblem::Year(year.to_owned()))?;
    if !YEARS.contains(&date.year()) {
        return Err(LineProblem::DateOutOfRange(date));
    }
    if date.year().abs_diff(arranged_for) > 1 {
        return Err(LineProblem::ForeignYear(date, arranged_for));
    }
    Ok(DayException { date, kind, festival: festival.to_owned(), arranged_for })
}
