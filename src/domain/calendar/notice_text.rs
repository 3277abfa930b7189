//! Reads the yearly notice of the State Council's General Office as it is published
//! (国务院办公厅关于…年部分节假日安排的通知).
//!
//! Strict: every sentence of a numbered paragraph is understood or the whole is refused, naming the
//! sentence. Day counts and days of the week in the text are checked against the dates; nothing is
//! guessed. What the notice only encourages (鼓励…) makes no day off and is passed over.

use chrono::{Datelike, Days, NaiveDate};

use super::table::{TableFault, YearTable, sound};
use super::{DayException, ExceptionKind, YEARS};
use crate::domain::dates::{long, weekday};

/// The festivals a notice arranges. Source: 放假办法 art. 2.
const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];
/// Numbers of paragraphs.
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
/// Longest holiday that is believed; the longest so far had nine days.
const LONGEST_HOLIDAY: u64 = 15;

/// A notice, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The days it lists.
    pub table: YearTable,
    /// Its document number, where the text bears one.
    pub document: Option<String>,
    /// The day it was made, where the text bears it.
    pub document_on: Option<NaiveDate>,
}

/// Why a notice was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeFault {
    /// No title with a year.
    #[error("没有找到标题“关于××××年部分节假日安排的通知”")]
    Title,
    /// A sentence says something the program does not know.
    #[error("没有读懂这一句：“{0}”。请改用 CSV 表格导入")]
    Sentence(String),
    /// A date that does not exist.
    #[error("“{0}”中的日期不存在")]
    Date(String),
    /// The day of the week is another.
    #[error("“{sentence}”：{}是{}，不是{said}", long(*date), weekday(*date))]
    Weekday {
        /// Where it stands.
        sentence: String,
        /// The day.
        date: NaiveDate,
        /// What the text says.
        said: String,
    },
    /// The days do not add up.
    #[error("“{sentence}”：所列日期共{found}天，不是{said}天")]
    Count {
        /// Where it stands.
        sentence: String,
        /// Days listed.
        found: usize,
        /// Days the text says.
        said: usize,
    },
    /// A festival twice, or none of that name.
    #[error("“{0}”不是放假办法规定的节日，或者出现了两次")]
    Festival(String),
    /// A festival without an arrangement.
    #[error("通知中没有{0}的安排，文本可能不完整")]
    Missing(&'static str),
    /// A day listed twice, in the same way or the other.
    #[error("{}在通知中出现了两次", long(*.0))]
    Twice(NaiveDate),
    /// The table does not stand.
    #[error(transparent)]
    Table(#[from] TableFault),
}

impl NoticeFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Title | Self::Sentence(_) => "sentence_not_understood",
            Self::Date(_) => "date_does_not_exist",
            Self::Weekday { .. } => "weekday_differs",
            Self::Count { .. } => "day_count_differs",
            Self::Festival(_) => "festival_name",
            Self::Missing(_) => "festival_missing",
            Self::Twice(_) => "day_listed_twice",
            Self::Table(inner) => inner.code(),
        }
    }
}

impl Notice {
    /// Reads a notice.
    ///
    /// # Errors
    ///
    /// The first [`NoticeFault`], naming the sentence.
    pub fn parse(text: &str) -> Result<Self, NoticeFault> {
        sound(text)?;
        let lines: Vec<String> = text.lines().map(squeezed).filter(|l| !l.is_empty()).collect();
        let year = lines.iter().find_map(|line| titled(line)).ok_or(NoticeFault::Title)?;
        let mut reader = Reader { year, seen: Vec::new(), days: Vec::new() };
        for line in &lines {
            if let Some((heading, body)) = numbered(line) {
                reader.paragraph(heading, body)?;
            } else if let Some(sentence) = line.split('。').find(|s| arranges(s)) {
                // An arrangement outside the numbered paragraphs must not be lost.
                return Err(NoticeFault::Sentence(sentence.to_owned()));
            }
        }
        if let Some(missing) = FESTIVALS.into_iter().find(|f| !reader.seen.iter().any(|s| s == f)) {
            return Err(NoticeFault::Missing(missing));
        }
        Ok(Self {
            table: YearTable::checked(reader.days)?,
            document: lines.iter().find_map(|line| document_number(line)),
            document_on: lines.iter().rev().find_map(|line| dated(line)),
        })
    }
}

/// A document number (发文字号) with its year in 〔〕, alone on a line or within one.
#[must_use]
pub fn document_number(line: &str) -> Option<String> {
    let start = line.find("国办")?;
    let rest = line.get(start..)?;
    let end = rest.find('号')? + '号'.len_utf8();
    let number = rest.get(..end)?;
    let (_, after) = number.split_once('〔')?;
    let (year, serial) = after.split_once('〕')?;
    let serial = serial.strip_suffix('号')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (year.len() == 4 && digits(year) && digits(serial)).then(|| number.to_owned())
}

/// Without spaces of any width: published texts are set with them in odd places.
fn squeezed(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect()
}

fn titled(line: &str) -> Option<i32> {
    let (before, _) = line.split_once("年部分节假日安排的通知")?;
    let (_, year) = before.rsplit_once("关于")?;
    year.parse().ok().filter(|year| YEARS.contains(year))
}

fn dated(line: &str) -> Option<NaiveDate> {
    let (year, rest) = line.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `一、元旦：…` into `元旦` and what follows.
fn numbered(line: &str) -> Option<(&str, &str)> {
    let (numeral, rest) = line.split_once('、')?;
    if !NUMERALS.contains(&numeral) {
        return None;
    }
    rest.split_once('：').or_else(|| rest.split_once(':'))
}

/// Whether a sentence outside the paragraphs arranges a day.
fn arranges(sentence: &str) -> bool {
    sentence.contains('日')
        && sentence.chars().any(|c| c.is_ascii_digit())
        && (sentence.contains("放假") || sentence.contains("上班"))
        && !sentence.starts_with("鼓励")
        && !sentence.contains("通知如下")
}

struct Reader {
    year: i32,
    seen: Vec<String>,
    days: Vec<DayException>,
}

impl Reader {
    fn paragraph(&mut self, heading: &str, body: &str) -> Result<(), NoticeFault> {
        for name in heading.split(['、', '和']) {
            if !FESTIVALS.contains(&name) || self.seen.iter().any(|seen| seen == name) {
                return Err(NoticeFault::Festival(heading.to_owned()));
            }
            self.seen.push(name.to_owned());
        }
        let mut off = false;
        for sentence in body.split('。').filter(|s| !s.is_empty()) {
            if sentence.starts_with("鼓励") {
                continue;
            }
            match sentence.strip_suffix("上班") {
                Some(list) => self.worked(heading, sentence, list)?,
                None if !off => {
                    self.holiday(heading, sentence)?;
                    off = true;
                }
                None => return Err(NoticeFault::Sentence(sentence.to_owned())),
            }
        }
        if off { Ok(()) } else { Err(NoticeFault::Sentence(format!("{heading}：{body}"))) }
    }

    /// `1月1日（周四）至3日（周六）放假调休，共3天`
    fn holiday(&mut self, festival: &str, sentence: &str) -> Result<(), NoticeFault> {
        let unread = || NoticeFault::Sentence(sentence.to_owned());
        let (when, rest) = sentence.split_once("放假").ok_or_else(unread)?;
        let rest = rest.strip_prefix("调休").unwrap_or(rest);
        // "，共3天", "1天，不调休", "，与周末连休"
        let rest = rest.strip_suffix("，不调休").unwrap_or(rest);
        let said: Option<usize> = match rest {
            "" | "，与周末连休" => None,
            _ => {
                let days = rest.strip_prefix("，共").unwrap_or(rest).strip_suffix('天');
                Some(days.and_then(|days| days.parse().ok()).ok_or_else(unread)?)
            }
        };
        let mut text = Dates { sentence, rest: when, last: None, year: self.year };
        let first = text.date()?;
        let last = match text.rest.strip_prefix('至') {
            Some(rest) => {
                text.rest = rest;
                text.date()?
            }
            None => first,
        };
        if !text.rest.is_empty() || last < first || last > first + Days::new(LONGEST_HOLIDAY) {
            return Err(unread());
        }
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).collect();
        if let Some(said) = said.filter(|said| *said != days.len()) {
            let sentence = sentence.to_owned();
            return Err(NoticeFault::Count { sentence, found: days.len(), said });
        }
        days.into_iter().try_for_each(|day| self.list(festival, day, ExceptionKind::Off))
    }

    /// `2月14日（周六）、2月28日（周六）`
    fn worked(&mut self, festival: &str, sentence: &str, list: &str) -> Result<(), NoticeFault> {
        let mut text = Dates { sentence, rest: list, last: None, year: self.year };
        loop {
            let day = text.date()?;
            self.list(festival, day, ExceptionKind::Work)?;
            match text.rest.strip_prefix('、') {
                Some(rest) => text.rest = rest,
                None if text.rest.is_empty() => return Ok(()),
                None => return Err(NoticeFault::Sentence(sentence.to_owned())),
            }
        }
    }

    fn list(
        &mut self,
        festival: &str,
        date: NaiveDate,
        kind: ExceptionKind,
    ) -> Result<(), NoticeFault> {
        if self.days.iter().any(|day| day.date == date) {
            return Err(NoticeFault::Twice(date));
        }
        let festival = festival.replace('和', "、");
        self.days.push(DayException { date, kind, festival, arranged_for: self.year });
        Ok(())
    }
}

/// Dates one after the other: year and month carry on from the date before.
struct Dates<'a> {
    sentence: &'a str,
    rest: &'a str,
    last: Option<NaiveDate>,
    year: i32,
}

impl Dates<'_> {
    fn date(&mut self) -> Result<NaiveDate, NoticeFault> {
        let unread = || NoticeFault::Sentence(self.sentence.to_owned());
        let mut rest = self.rest;
        let mut numbers = [None; 3];
        for (slot, unit) in numbers.iter_mut().zip(['年', '月', '日']) {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = rest.split_at(digits);
            if let Some(after) = after.strip_prefix(unit) {
                *slot = Some(number.parse::<u32>().map_err(|_not_a_number| unread())?);
                rest = after;
            }
        }
        let [year, month, day] = numbers;
        let year = match year {
            Some(year) => i32::try_from(year).map_err(|_too_large| unread())?,
            None => self.last.map_or(self.year, |last| last.year()),
        };
        let month = month.or(self.last.map(|last| last.month())).ok_or_else(unread)?;
        let day = day.ok_or_else(unread)?;
        let date = NaiveDate::from_ymd_opt(year, month, day)
            .filter(|date| date.year().abs_diff(self.year) <= 1)
            .ok_or_else(|| NoticeFault::Date(self.sentence.to_owned()))?;
        if let Some(inside) = rest.strip_prefix('（') {
            let (remarks, after) = inside.split_once('）').ok_or_else(unread)?;
            remarks.split(['、', '，']).try_for_each(|remark| self.remark(date, remark))?;
            rest = after;
        }
        (self.rest, self.last) = (rest, Some(date));
        Ok(date)
    }

    /// What stands in brackets after a date: its day of the week, or the lunar date.
    fn remark(&self, date: NaiveDate, remark: &str) -> Result<(), NoticeFault> {
        if remark.starts_with("农历") {
            return Ok(());
        }
        let said = remark.replace("星期", "周").replace("周天", "周日");
        if !said.starts_with('周') || said.chars().count() != 2 {
            return Err(NoticeFault::Sentence(self.sentence.to_owned()));
        }
        if said != weekday(date) {
            let sentence = self.sentence.to_owned();
            return Err(NoticeFault::Weekday { sentence, date, said: remark.to_owned() });
        }
        Ok(())
    }
}
