//! Strict civil dates for everything that arrives as text: `YYYY-MM-DD`, nothing else; and the one
//! way in which people read them.
//!
//! chrono alone also accepts `2026-9-4`, spaces and signs, which would make two spellings of one
//! legal date.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, de::Error};

/// Reads exactly `YYYY-MM-DD`; `None` for other spellings and days that do not exist.
pub fn parse(text: &str) -> Option<NaiveDate> {
    let digits_and_dashes = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    (text.len() == 10 && digits_and_dashes).then(|| text.parse().ok()).flatten()
}

/// The day of the week as notices write it: `周五`.
#[must_use]
pub fn weekday(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

/// The date as people read it, with its day of the week: `2026年12月18日（周五）`.
#[must_use]
pub fn long(date: NaiveDate) -> String {
    format!("{}年{}月{}日（{}）", date.year(), date.month(), date.day(), weekday(date))
}

/// For `#[serde(deserialize_with)]` on a [`NaiveDate`].
///
/// # Errors
///
/// The deserializer's error if the value is no string [`parse`] accepts.
pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(source)?;
    parse(&text).ok_or_else(|| D::Error::custom(format!("日期“{text}”不存在，应为 YYYY-MM-DD")))
}

/// As [`deserialize`], for an optional date; add `#[serde(default)]` if the field may be absent.
///
/// # Errors
///
/// As [`deserialize`]; `null` is no date.
pub fn deserialize_option<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    struct Strict(#[serde(deserialize_with = "deserialize")] NaiveDate);
    Ok(Option::<Strict>::deserialize(source)?.map(|Strict(date)| date))
}
