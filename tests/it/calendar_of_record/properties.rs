//! Properties of changing calendars: what the refold leaves out could not have changed, and what is
//! taken back is as it was.

use chrono::{Days, NaiveDate};
use gongkai::domain::calendar::{Calendar, CaseDates, Change, DayException, ExceptionKind};
use gongkai::domain::calendar_import::restored;
use gongkai::domain::case::{Case, Governing};
use gongkai::domain::command::Command;
use gongkai::domain::policy::Action;
use gongkai::domain::recalculation::{self, case_dates, moved};
use gongkai::domain::state::State;
use gongkai::domain::sweep;
use proptest::prelude::*;

use crate::lifecycle_properties::{attempts, live};
use crate::samples::{case_in, command};
use crate::story::day;

/// Another calendar: the built-in one with other statements on some days of 2026 and 2027. An empty
/// list for 2027 leaves that year estimated.
fn other(changes: &[(u64, bool)]) -> Calendar {
    let known = Calendar::built_in();
    let new = changes.iter().map(|(n, off)| {
        let date = day("2026-01-05") + Days::new(*n);
        let kind = if *off { ExceptionKind::Off } else { ExceptionKind::Work };
        let year = chrono::Datelike::year(&date);
        DayException { date, kind, festival: "试".into(), arranged_for: year }
    });
    Calendar::from_exceptions(known.exceptions().cloned().chain(new).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The refold folds only what [`Change::may_touch`]: folding all would give the same.
    #[test]
    fn a_case_that_is_not_folded_could_not_have_changed(
        attempts in attempts(),
        first in prop::collection::vec((0u64..500, any::<bool>()), 0..4),
        from in 0u64..500,
        second in prop::collection::vec((0u64..40, any::<bool>()), 1..4),
        still in any::<bool>(),
    ) {
        let story = live(attempts);
        let second: Vec<_> = second.iter().map(|(n, off)| (from + n, *off)).collect();
        let (old, new) = (other(&first), other(&[first.clone(), second].concat()));
        let change = Change::between(&old, &new);
        let before = Case::replay(&old, &story.ledger).unwrap();
        let after = Case::replay(&new, &story.ledger).unwrap();
        // What happened has happened by today; the last entry may be today's.
        let today = if still { story.today } else { before.last_on.unwrap_or(story.today) };
        if !change.may_touch(&case_dates(&before, &old), today) {
            prop_assert_eq!(before.projection(&old), after.projection(&new), "{:#?}", story.ledger);
            prop_assert_eq!(moved((&before, &after), (&old, &new)), vec![]);
        }
    }

    /// Taking an import back gives every day as it was, whatever the import said.
    #[test]
    fn an_import_and_its_reversal_leave_no_trace(
        first in prop::collection::vec((0u64..700, any::<bool>()), 0..20),
        second in prop::collection::vec((0u64..365, any::<bool>()), 1..60),
        year in 2026i32..=2027,
    ) {
        let before = other(&first);
        let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let table = second.iter().map(|(n, off)| DayException {
            date: start + Days::new(*n),
            kind: if *off { ExceptionKind::Off } else { ExceptionKind::Work },
            festival: "试".into(),
            arranged_for: year,
        });
        let imported = before.with_exceptions(table.collect());
        let back = restored(&imported, &before, year);
        prop_assert_eq!(back.version(), before.version());
        prop_assert!(Change::between(&before, &back).is_empty());
        // The table survives being written and read, so a stored version is the version.
        let read = Calendar::from_csv(&imported.to_csv()).unwrap();
        prop_assert_eq!(read.version(), imported.version());
    }
}

#[test]
fn the_filter_lets_through_what_lies_ahead_and_nothing_that_lies_behind() {
    // Thursday 8 October 2026 becomes a day off.
    let new = other(&[(276, true)]);
    let change = Change::between(Calendar::built_in(), &new);
    assert_eq!(change.days_moved, 1);
    let dates = |first: &str, last: &str| CaseDates {
        first_on: Some(day(first)),
        last_on: Some(day(last)),
    };
    let today = day("2026-09-14");
    assert!(change.may_touch(&dates("2026-09-01", "2026-10-08"), today));
    assert!(!change.may_touch(&dates("2026-09-01", "2026-09-30"), today));
    assert!(
        !change.may_touch(&dates("2026-10-08", "2026-12-31"), today),
        "day zero does not count"
    );
    assert!(change.may_touch(&dates("2026-09-01", "2026-09-30"), day("2026-12-01")));
}

#[test]
fn a_date_told_to_the_applicant_never_moves_nearer() {
    // Given a fee notice served while Friday 10 April 2026 was thought to be a day off
    let story = case_in(State::FeePending).does(command(Action::RecordFeeService, "03-20"));
    let (old, new) = (other(&[(95, true)]), Calendar::built_in());
    let before = Case::replay(&old, &story.ledger).unwrap();
    let after = Case::replay(new, &story.ledger).unwrap();
    let told = before.payment_on().unwrap();
    assert!(after.payment_on().unwrap() < told);

    // When that day turns out to be worked
    let limits = moved((&before, &after), (&old, new));
    let payment = limits.iter().find(|limit| limit.which == Governing::Payment).unwrap();
    assert!(payment.is_kept() && payment.old == Some(told));
    assert!(!payment.concerns_applicant(), "nothing changes for them");
    let story = story.does(recalculation::command(limits, "v", "撤销导入"));

    // Then the date that was told stays, also for the sweep
    assert_eq!(story.case.payment_on(), Some(told));
    assert_eq!(sweep::due(&story.case, new, told), vec![]);
    assert_eq!(sweep::due(&story.case, new, told + Days::new(1)), vec![Command::ProposeLapse]);
}

#[test]
fn whoever_withdrew_has_no_limit_left_that_a_calendar_moves() {
    // Given a fee notice and a request to correct, each served, and then a withdrawal
    let notified = case_in(State::FeePending).does(command(Action::RecordFeeService, "03-20"));
    for asked in [notified, case_in(State::CorrectionPending)] {
        let story = asked.on("03-23").does(command(Action::Withdraw, "03-23"));
        for (old, new) in [(other(&[(95, true)]), other(&[])), (other(&[]), other(&[(95, true)]))] {
            let before = Case::replay(&old, &story.ledger).unwrap();
            let after = Case::replay(&new, &story.ledger).unwrap();
            assert_eq!(moved((&before, &after), (&old, &new)), vec![]);
        }
    }
}
