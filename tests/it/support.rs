//! Small helpers shared by the tests.

use chrono::NaiveDate;

/// A date from `YYYY-MM-DD`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
