//! Which stage applies on which day, restated by counting day by day.

use chrono::{Days, NaiveDate};
use gongkai::domain::calendar::Calendar;
use gongkai::domain::case::Governing;
use gongkai::domain::proposal::Proposal;
use gongkai::domain::reminder::{
    Audience, LimitKind, Plan, ReminderStage, RequestFacts, horizon, is_given_on, limits, stage,
};
use gongkai::domain::state::State;
use proptest::prelude::*;

use crate::{calendar::any_calendar, support::day};

fn on(n: u64) -> NaiveDate {
    day("2026-02-01") + Days::new(n)
}

fn worked(calendar: &Calendar, date: NaiveDate) -> bool {
    calendar.day_kind(date).unwrap().is_worked()
}

/// Working days from the day after `today` to `limit`, one by one.
fn left(calendar: &Calendar, today: NaiveDate, limit: NaiveDate) -> usize {
    today
        .iter_days()
        .skip(1)
        .take_while(|date| *date <= limit)
        .filter(|d| worked(calendar, *d))
        .count()
}

proptest! {
    #[test]
    fn a_stage_follows_from_the_working_days_that_are_left(
        calendar in any_calendar(), today in 0u64..300, ahead in -20i64..40,
    ) {
        let today = on(today);
        let limit = today + chrono::TimeDelta::days(ahead);
        let expected = match left(&calendar, today, limit) {
            _ if limit < today => Some(ReminderStage::Overdue),
            0 => Some(ReminderStage::LastDay),
            1 | 2 => Some(ReminderStage::TwoDays),
            3..=5 => Some(ReminderStage::FiveDays),
            _ => None,
        };
        prop_assert_eq!(stage(&calendar, today, limit), expected);
        if expected.is_some() {
            prop_assert!(limit <= horizon(&calendar, today), "the round would not find it");
        }
    }

    #[test]
    fn whoever_looks_every_working_day_meets_every_stage_once_and_in_order(
        calendar in any_calendar(), limit in 40u64..200,
    ) {
        // A limit on a working day, as the law's are
        let limit = calendar.roll_forward(on(limit)).unwrap().on;
        let mut met = Vec::new();
        for today in on(0).iter_days().take_while(|date| *date < limit + Days::new(60)) {
            if is_given_on(&calendar, today)
                && let Some(stage) = stage(&calendar, today, limit)
                && met.last().is_none_or(|(_, last)| *last != stage)
            {
                met.push((today, stage));
            }
        }
        let stages: Vec<_> = met.iter().map(|(_, stage)| *stage).collect();
        let days: Vec<_> = met.iter().map(|(date, _)| left(&calendar, *date, limit)).collect();
        prop_assert_eq!(
            stages,
            [
                ReminderStage::FiveDays, ReminderStage::TwoDays, ReminderStage::LastDay,
                ReminderStage::Overdue,
            ]
        );
        prop_assert_eq!(days, [5, 2, 0, 0]);
    }
}

fn facts() -> RequestFacts {
    RequestFacts {
        state: State::Processing,
        governing: Some(Governing::Reply),
        queue_on: day("2026-10-16"),
        due_on: Some(day("2026-10-16")),
        conservative_due_on: None,
        provisional: false,
        suspended: false,
        passed: None,
    }
}

fn kinds(facts: &RequestFacts) -> Vec<LimitKind> {
    limits(facts).into_iter().map(|limit| limit.kind).collect()
}

#[test]
fn what_rests_or_is_over_presses_on_nobody() {
    assert_eq!(kinds(&facts()), [LimitKind::Reply]);
    assert_eq!(kinds(&RequestFacts { suspended: true, ..facts() }), []);
    for state in State::ALL.iter().copied().filter(|state| !state.owes_reply(false)) {
        assert_eq!(kinds(&RequestFacts { state, ..facts() }), [], "{state}");
    }
    // While the applicant's own time runs the agency has none
    for governing in [Governing::Correction, Governing::Payment] {
        let waits = RequestFacts { governing: Some(governing), due_on: None, ..facts() };
        assert_eq!(kinds(&waits), [], "{governing}");
    }
}

#[test]
fn what_others_have_let_pass_presses_on_whoever_must_decide() {
    for (proposal, kind) in [
        (Proposal::LapseCorrection, LimitKind::CorrectionOver),
        (Proposal::LapseFee, LimitKind::PaymentOver),
    ] {
        let over = RequestFacts {
            governing: Some(Governing::Correction),
            due_on: None,
            passed: Some((proposal, day("2026-09-30"))),
            ..facts()
        };
        assert_eq!(kinds(&over), [kind]);
        assert!(!kind.audiences().contains(&Audience::Supervisor));
    }
    let silent = Some((Proposal::DecideAfterSilence, day("2026-10-13")));
    let both = RequestFacts { passed: silent, ..facts() };
    assert_eq!(kinds(&both), [LimitKind::Reply, LimitKind::SilenceOver]);
}

#[test]
fn a_reply_behind_a_remedy_keeps_its_own_date() {
    let queued = RequestFacts {
        governing: Some(Governing::RemedyAnswer),
        queue_on: day("2026-09-20"),
        ..facts()
    };
    assert_eq!(limits(&queued)[0].on, day("2026-10-16"));
}

#[test]
fn an_empty_plan_tells_nobody() {
    for stage in ReminderStage::ALL {
        assert!(!Plan::default().tells(Audience::Handler, *stage));
    }
}
