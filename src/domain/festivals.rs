//! The thirteen statutory holidays of a year, used to *estimate* a year whose arrangement the
//! State Council has not announced yet.
//!
//! Lunar festivals and 清明 come from `assets/calendar/festivals.csv`; a test compares every
//! line with an independent astronomical library.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};

/// The festivals of one year that do not fall on a fixed date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Festivals {
    /// 春节, the first day of the first lunar month.
    pub spring_festival: NaiveDate,
    /// 清明.
    pub qingming: NaiveDate,
    /// 端午, the fifth day of the fifth lunar month.
    pub dragon_boat: NaiveDate,
    /// 中秋, the fifteenth day of the eighth lunar month.
    pub mid_autumn: NaiveDate,
}

/// All festivals in the table, one entry a year, 2000–2099.
pub fn table() -> &'static [Festivals] {
    &TABLE
}

/// Statutory holidays of `year` in ascending order, without repetition (中秋 may fall on a
/// 国庆 day). Empty for a year outside the table.
///
/// 元旦1, 春节4 (除夕, 初一–初三), 清明1, 劳动节2, 端午1, 中秋1, 国庆3.
///
/// Source: 全国年节及纪念日放假办法 (2024-11-10) art. 2.
pub fn statutory_holidays(year: i32) -> Vec<NaiveDate> {
    let Some(lunar) = TABLE.iter().find(|f| f.qingming.year() == year) else {
        return Vec::new();
    };
    let fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
        .into_iter()
        .filter_map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
    let spring = (0..4).map(|n| lunar.spring_festival - Days::new(1) + Days::new(n));
    let mut days: Vec<_> =
        fixed.chain(spring).chain([lunar.qingming, lunar.dragon_boat, lunar.mid_autumn]).collect();
    days.sort_unstable();
    days.dedup();
    days
}

#[expect(clippy::expect_used, reason = "the table is embedded; a test reads all of it")]
static TABLE: LazyLock<Vec<Festivals>> = LazyLock::new(|| {
    parse(include_str!("../../assets/calendar/festivals.csv")).expect("festivals.csv is sound")
});

/// Reads `year,spring_festival,qingming,dragon_boat,mid_autumn` with full dates.
fn parse(csv: &str) -> Option<Vec<Festivals>> {
    csv.lines().skip(1).map(line).collect()
}

fn line(text: &str) -> Option<Festivals> {
    let mut dates = text.split(',').skip(1).map(|field| field.parse().ok());
    Some(Festivals {
        spring_festival: dates.next()??,
        qingming: dates.next()??,
        dragon_boat: dates.next()??,
        mid_autumn: dates.next()??,
    })
}
