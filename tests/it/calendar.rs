//! The working-day calendar against the notices, against astronomy and against naive counting.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use gongkai::domain::{
    calendar::{
        Calendar, CalendarError, DayException, DayKind, ExceptionKind, KNOWN_TOTALS, LineProblem,
    },
    dates,
    festivals::{self, statutory_holidays},
    working_days::{Reached, WorkingDays},
};
use proptest::prelude::*;
use tyme4rs::tyme::{lunar::LunarDay, solar::SolarDay, solar::SolarTerm};

use crate::support::day;

const HEADING: &str = "date,kind,festival,arranged_for\n";

/// Any exceptions on the days of 2026 and 2027, so that both years are arranged.
pub fn any_calendar() -> impl Strategy<Value = Calendar> {
    prop::collection::btree_map(0u64..730, any::<bool>(), 2..80).prop_map(|days| {
        let first = day("2026-01-01");
        let ends = [(0, true), (729, true)];
        let days: BTreeMap<u64, bool> = ends.into_iter().chain(days).collect();
        Calendar::from_exceptions(days.into_iter().map(|(n, off)| {
            let date = first + Days::new(n);
            let kind = if off { ExceptionKind::Off } else { ExceptionKind::Work };
            DayException { date, kind, festival: "试".into(), arranged_for: date.year() }
        }))
    })
}

fn refused(lines: &str) -> (usize, LineProblem) {
    match Calendar::from_csv(&format!("{HEADING}{lines}")) {
        Err(CalendarError::Line { line, problem }) => (line, problem),
        other => panic!("not refused: {:?}", other.map(|calendar| calendar.version().to_owned())),
    }
}

#[test]
fn the_built_in_years_have_the_totals_computed_from_the_notices() {
    let calendar = Calendar::built_in();
    for (year, total) in KNOWN_TOTALS {
        let summary = calendar.summary(year).unwrap();
        assert_eq!((summary.arranged, summary.working_days), (true, total), "{year}");
    }
    assert_eq!(calendar.years().collect::<Vec<_>>(), (2008..=2026).collect::<Vec<_>>());
}

#[test]
fn days_are_what_the_notice_of_2026_says() {
    let calendar = Calendar::built_in();
    let kind = |date| calendar.day_kind(day(date)).unwrap();
    assert_eq!(kind("2026-09-20"), DayKind::MakeUp);
    assert_eq!(kind("2026-09-25"), DayKind::Holiday);
    assert_eq!(kind("2026-10-03"), DayKind::Holiday);
    assert_eq!(kind("2026-10-17"), DayKind::Weekend);
    assert_eq!(kind("2026-10-08"), DayKind::Working);
}

#[test]
fn a_day_listed_by_next_years_notice_is_certain_and_its_neighbours_are_not() {
    let calendar = Calendar::built_in();
    let listed = calendar.day(day("2007-12-31")).unwrap();
    assert_eq!((listed.kind, listed.estimated), (DayKind::Holiday, false));
    assert_eq!(calendar.day_kind(day("2007-12-29")), Ok(DayKind::MakeUp));
    assert!(calendar.day(day("2007-12-28")).unwrap().estimated);
    assert!(!calendar.day(day("2008-01-02")).unwrap().estimated);
}

#[test]
fn an_unarranged_year_is_weekdays_less_the_thirteen_statutory_days() {
    let calendar = Calendar::built_in();
    for year in [2000, 2006, 2027, 2028, 2099] {
        let off = statutory_holidays(year);
        let expected = NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .iter_days()
            .take_while(|date| date.year() == year)
            .filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
            .filter(|date| !off.contains(date))
            .count();
        let summary = calendar.summary(year).unwrap();
        assert!(!summary.arranged);
        assert_eq!(summary.working_days as usize, expected, "{year}");
    }
}

#[test]
fn the_statutory_days_of_2027_are_those_of_the_2024_regulation() {
    let days: Vec<_> = statutory_holidays(2027).iter().map(ToString::to_string).collect();
    assert_eq!(
        days,
        [
            "2027-01-01",
            "2027-02-05",
            "2027-02-06",
            "2027-02-07",
            "2027-02-08",
            "2027-04-05",
            "2027-05-01",
            "2027-05-02",
            "2027-06-09",
            "2027-09-15",
            "2027-10-01",
            "2027-10-02",
            "2027-10-03"
        ]
    );
    assert_eq!(statutory_holidays(2020).len(), 12, "中秋 fell on 国庆");
    assert_eq!(statutory_holidays(1999), []);
}

#[test]
fn every_festival_agrees_with_an_astronomical_library() {
    let civil = |solar: SolarDay| {
        let (year, month, day) = (solar.get_year(), solar.get_month(), solar.get_day());
        NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32).unwrap()
    };
    let table = festivals::table();
    assert_eq!(table.len(), 100);
    for (year, festivals) in (2000isize..).zip(table) {
        let lunar = |month, day| civil(LunarDay::from_ymd(year, month, day).get_solar_day());
        let qingming = SolarTerm::from_name(year, "清明").get_julian_day().get_solar_day();
        assert_eq!(festivals.spring_festival, lunar(1, 1), "春节 {year}");
        assert_eq!(festivals.qingming, civil(qingming), "清明 {year}");
        assert_eq!(festivals.dragon_boat, lunar(5, 5), "端午 {year}");
        assert_eq!(festivals.mid_autumn, lunar(8, 15), "中秋 {year}");
    }
}

#[test]
fn the_notices_since_2014_give_every_statutory_day_off() {
    let calendar = Calendar::built_in();
    for year in 2014..=2026 {
        // 除夕 and 05-02 became statutory with 2025; before, notices could leave them worked.
        let since_2025 = |date: &NaiveDate| {
            let next = *date + Days::new(1);
            (date.month(), date.day()) == (5, 2)
                || festivals::table().iter().any(|f| f.spring_festival == next)
        };
        for date in statutory_holidays(year) {
            if year >= 2025 || !since_2025(&date) {
                let kind = calendar.day_kind(date).unwrap();
                assert!(!kind.is_worked(), "{date} {kind:?}");
            }
        }
    }
}

#[test]
fn a_wrong_line_is_named() {
    let date = day("2027-01-01");
    assert_eq!(refused("2027-02-30,off,春节,2027\n"), (2, LineProblem::Date("2027-02-30".into())));
    assert_eq!(refused("2027-1-1,off,元旦,2027\n"), (2, LineProblem::Date("2027-1-1".into())));
    assert_eq!(refused("2027-01-01,rest,元旦,2027"), (2, LineProblem::Kind("rest".into())));
    assert_eq!(refused("2027-01-01,off,元旦,二〇二七"), (2, LineProblem::Year("二〇二七".into())));
    assert_eq!(refused("2027-01-01,off,元旦,2100"), (2, LineProblem::Year("2100".into())));
    assert_eq!(refused("2027-01-01,off,元旦,2029"), (2, LineProblem::ForeignYear(date, 2029)));
    assert_eq!(refused("2027-01-01,off,元旦"), (2, LineProblem::Fields));
    assert_eq!(refused("2027-01-01,off,元旦,2027,x"), (2, LineProblem::Fields));
    assert_eq!(refused("2027-01-01,off,\"元旦\",2027"), (2, LineProblem::Fields));
    assert_eq!(refused(""), (2, LineProblem::Empty));
    let first = "2027-01-01,off,元旦,2027\n\n";
    assert_eq!(
        refused(&format!("{first}2027-01-01,off,元旦,2027")),
        (4, LineProblem::Repeated(date, 2))
    );
    assert_eq!(
        refused(&format!("{first}2027-01-01,work,元旦,2027")),
        (4, LineProblem::Contradiction(date, 2))
    );
    let early = refused("1999-12-31,off,元旦,2000");
    assert_eq!(early, (2, LineProblem::DateOutOfRange(day("1999-12-31"))));
    let error = Calendar::from_csv("日期,类别\n").unwrap_err();
    assert_eq!(error.to_string(), "日历文件第1行：表头应为 date,kind,festival,arranged_for");
}

#[test]
fn a_table_saved_by_a_windows_spreadsheet_is_read() {
    let text = format!("\u{feff}{HEADING}2027-01-01,off,元旦,2027\n\n").replace('\n', "\r\n");
    assert!(Calendar::from_csv(&text).unwrap().is_arranged(2027));
}

#[test]
fn a_working_day_listed_on_a_weekday_changes_nothing_and_is_reported() {
    let calendar = Calendar::built_in();
    let redundant: Vec<_> = calendar.redundant_working_days().collect();
    assert_eq!(redundant, [day("2020-02-03")]);
    assert_eq!(calendar.day_kind(day("2020-02-03")), Ok(DayKind::Working));
}

#[test]
fn a_loaded_file_replaces_the_years_it_arranges_and_adds_newer_ones() {
    // Given a correction of 2026 that only knows one day off, and a first day of 2027
    let file = format!("{HEADING}2026-01-01,off,元旦,2026\n2027-01-01,off,元旦,2027\n");
    let merged = Calendar::built_in().with_csv(&file).unwrap();
    // Then nothing of the built-in 2026 remains, 2027 is arranged, 2025 is untouched
    assert_eq!(merged.day_kind(day("2026-10-01")), Ok(DayKind::Working));
    assert_eq!(merged.day_kind(day("2026-09-20")), Ok(DayKind::Weekend));
    assert!(!merged.day(day("2027-06-09")).unwrap().estimated);
    assert!(merged.day(day("2028-01-03")).unwrap().estimated);
    assert_eq!(merged.summary(2025), Calendar::built_in().summary(2025));
    assert_eq!(merged.years().last(), Some(2027));
}

#[test]
fn the_version_tells_calendars_apart_by_what_they_answer() {
    let built_in = Calendar::built_in();
    let same = built_in.with_csv(include_str!("../../assets/calendar/holidays.csv")).unwrap();
    let other = built_in.with_csv(&format!("{HEADING}2026-01-02,off,元旦,2026\n")).unwrap();
    assert_eq!(built_in.version(), same.version());
    assert_ne!(built_in.version(), other.version());
    assert!(built_in.version().starts_with("2008-2026."));
}

#[test]
fn counting_starts_after_the_anchor_and_says_when_it_needed_an_estimate() {
    let calendar = Calendar::built_in();
    let nth = |anchor, n| calendar.nth_working_day_after(day(anchor), WorkingDays(n)).unwrap();
    assert_eq!(nth("2026-12-30", 1), Reached { on: day("2026-12-31"), estimated: false });
    assert_eq!(nth("2026-12-30", 2), Reached { on: day("2027-01-04"), estimated: true });
    assert_eq!(nth("2026-10-01", 0), Reached { on: day("2026-10-01"), estimated: false });
    let counted = |a, b| calendar.working_days_between(day(a), day(b)).unwrap();
    assert_eq!(counted("2026-09-14", "2026-10-16").days, 20);
    assert_eq!(counted("2026-10-16", "2026-09-14").days, 0);
    assert!(!counted("2026-12-30", "2026-12-31").estimated);
    assert!(counted("2026-12-31", "2027-01-01").estimated);
}

#[test]
fn a_limit_set_as_a_calendar_date_rolls_off_rest_days() {
    let rolled = |date| Calendar::built_in().roll_forward(day(date)).unwrap();
    assert_eq!(rolled("2026-10-01").on, day("2026-10-08"));
    assert_eq!(rolled("2026-09-20").on, day("2026-09-20"));
    assert_eq!(rolled("2026-10-17"), Reached { on: day("2026-10-19"), estimated: false });
    assert_eq!(rolled("2027-01-01"), Reached { on: day("2027-01-04"), estimated: true });
}

#[test]
fn outside_the_century_nothing_is_answered() {
    let calendar = Calendar::built_in();
    let one = WorkingDays(1);
    assert!(calendar.day(day("2000-01-01")).is_ok());
    assert!(calendar.day(day("2099-12-31")).is_ok());
    assert_eq!(calendar.day(day("1999-12-31")), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.day(day("2100-01-01")), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.day(NaiveDate::MAX), Err(CalendarError::OutOfRange));
    assert_eq!(calendar.day(NaiveDate::MIN), Err(CalendarError::OutOfRange));
    let past_end = calendar.nth_working_day_after(day("2099-12-31"), one);
    assert_eq!(past_end, Err(CalendarError::OutOfRange));
    let far = calendar.nth_working_day_after(day("2026-01-01"), WorkingDays(u32::MAX));
    assert_eq!(far, Err(CalendarError::OutOfRange));
    assert_eq!(calendar.summary(2100), None);
}

#[test]
fn only_the_one_spelling_of_a_date_is_read() {
    assert_eq!(dates::parse("2026-02-28"), Some(day("2026-02-28")));
    for wrong in
        ["2026-2-28", "2026-02-29", "+026-02-28", " 2026-02-2", "2026/02/28", "２０２６-02-28", ""]
    {
        assert_eq!(dates::parse(wrong), None, "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn running_totals_agree_with_counting_day_by_day(
        calendar in any_calendar(),
        start in 0u64..500,
        length in 0u64..230,
    ) {
        let after = day("2026-01-01") + Days::new(start);
        let upto = after + Days::new(length);
        let naive = after
            .iter_days()
            .skip(1)
            .take_while(|date| *date <= upto)
            .filter(|date| calendar.day_kind(*date).unwrap().is_worked())
            .count();
        let counted = calendar.working_days_between(after, upto).unwrap();
        prop_assert_eq!(counted.days as usize, naive);
        prop_assert!(!counted.estimated);
    }

    #[test]
    fn the_nth_working_day_is_worked_and_n_working_days_away(
        calendar in any_calendar(),
        start in 0u64..400,
        n in 1u32..80,
    ) {
        let anchor = day("2026-01-01") + Days::new(start);
        let reached = calendar.nth_working_day_after(anchor, WorkingDays(n)).unwrap();
        prop_assert!(calendar.day_kind(reached.on).unwrap().is_worked());
        prop_assert_eq!(calendar.working_days_between(anchor, reached.on).unwrap().days, n);
        prop_assert_eq!(reached.estimated, reached.on.year() > 2027);
    }
}
