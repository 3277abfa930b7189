//! Random people take thousands of random steps over the use cases, on both databases: nothing
//! breaks, every step there is gets taken, and at the end the whole record still holds together.

mod people;
mod steps;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use chrono::Days;
use gongkai::app::AppError;
use gongkai::app::requests::RequestView;
use gongkai::clock::Clock;
use gongkai::domain::policy::{Action, Role};
use serde_json::json;

use people::Walk;

use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(thousands_of_random_steps_leave_a_sound_record);

/// Requests that are under way together.
const REQUESTS: usize = 40;
/// Attempts at a step.
const ATTEMPTS: u64 = 4_800;
/// Attempts between two days.
const DAYS: u64 = 60;

/// Steps of the walk that are no steps of the policy table.
const BESIDE: [&str; 5] = ["correct", "give_reasons", "track", "withdraw_online", "sweep"];

/// What every walk must come through: consultations, fees, splits, joint replies, returns on the
/// way through the chain and by the post, remedies, supplied files, the applicant's own steps.
const SURELY: [&str; 22] = [
    "consult",
    "record_opinion",
    "notify_fee",
    "record_payment",
    "refund_fee",
    "split_off",
    "answer_together",
    "submit_draft",
    "return_draft",
    "recall_draft",
    "approve_draft",
    "issue",
    "record_dispatch",
    "record_service",
    "record_notice_return",
    "close",
    "open_remedy",
    "decide_remedy",
    "remand",
    "add_file",
    "withdraw_file",
    "withdraw_online",
];
/// How many other steps may be missed: they need several things to come together, and which of
/// them do not changes with every change of the program.
const SELDOM: usize = 10;

/// How often something was tried, how often it was done, and why it was last refused.
#[derive(Debug, Default)]
struct Coverage(BTreeMap<&'static str, (u64, u64)>, BTreeMap<&'static str, String>);

impl Coverage {
    fn count(&mut self, name: &'static str, done: bool) {
        let (tried, taken) = self.0.entry(name).or_default();
        *tried += 1;
        *taken += u64::from(done);
    }

    fn refused(&mut self, name: &'static str, why: &AppError) {
        self.count(name, false);
        self.1.insert(name, why.to_string());
    }

    fn tried(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |(tried, _)| *tried)
    }

    fn taken(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |(_, taken)| *taken)
    }

    /// Of everything: taken of tried.
    fn total(&self) -> (u64, u64) {
        self.0.values().fold((0, 0), |sum, (tried, taken)| (sum.0 + taken, sum.1 + tried))
    }

    /// What was never done.
    fn missing(&self) -> Vec<&'static str> {
        let people = Action::ALL.iter().filter(|action| action.allowed_to_any(Role::ALL));
        let wanted = people.map(|action| action.as_str()).chain(BESIDE);
        wanted.filter(|name| self.taken(name) == 0).collect()
    }

    fn report(&self) -> String {
        let mut told = String::new();
        for (name, (tried, taken)) in &self.0 {
            let refused = self.1.get(name).map_or("", String::as_str);
            writeln!(told, "{name:<28} {taken:>5} of {tried:>5}  {refused}").unwrap();
        }
        told
    }
}

async fn thousands_of_random_steps_leave_a_sound_record(app: TestApp) {
    app.set_today("2026-01-05");
    let mut walk = Walk::new(&app, REQUESTS).await;
    for attempt in 0..ATTEMPTS {
        if attempt % DAYS == DAYS - 1 {
            let next = app.clock.today() + Days::new(walk.a_few_days());
            app.clock.set_date(next);
            walk.swept().await;
        }
        match walk.step().await {
            (name, Ok(views)) => {
                walk.coverage.count(name, true);
                views.iter().for_each(assert_governed);
            }
            // What people may not do is refused in words; nothing of ours may break.
            (name, Err(AppError::Broken(what))) => panic!("{name}: {what}"),
            (name, Err(AppError::Store(error))) => panic!("{name}: {error}"),
            (name, Err(refused)) => walk.coverage.refused(name, &refused),
        }
    }
    let report = walk.coverage.report();
    let backend = if app.database_url().starts_with("sqlite") { "sqlite" } else { "postgres" };
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(place.join(format!("random-walks-{backend}.txt")), &report).unwrap();
    let (taken, tried) = walk.coverage.total();
    assert!(taken > tried / 3 && tried - taken > 100, "{taken} of {tried}\n{report}");
    let missing = walk.coverage.missing();
    for name in SURELY {
        assert!(!missing.contains(&name), "{name} was never taken\n{report}");
    }
    assert!(missing.len() <= SELDOM, "never taken: {missing:?}\n{report}");

    // The record is what it was when it was written, rows equal their projections
    gongkai::jobs::drain(&app.app).await.unwrap();
    let verified = app.app.verify(false).await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!(verified.requests, walk.all().len());
    // No number was given twice
    let mut numbers = HashSet::new();
    let head = walk.head();
    for request in walk.all() {
        let view = app.app.request(&head, request).await.unwrap();
        assert_governed(&view);
        assert!(numbers.insert(view.number.clone()), "{}", view.number);
        for notice in app.app.notices(&head, request).await.unwrap() {
            if let Some(number) = notice.number {
                assert!(numbers.insert(number.clone()), "{number}");
            }
        }
    }
}

/// An open case has exactly one governing date, or a stated reason for none; an ended one neither.
fn assert_governed(view: &RequestView) {
    let governed = view.governing.is_some();
    assert_eq!(governed, view.governing_on.is_some(), "{view:?}");
    assert_eq!(view.open, governed ^ view.no_date.is_some(), "{view:?}");
    assert!(view.open || (!governed && view.no_date.is_none()), "{view:?}");
}

#[test]
fn a_case_that_waits_for_nobodys_date_says_why() {
    use crate::samples::case_in;
    use crate::samples::remedies::answered;
    use crate::story::day;
    use gongkai::domain::calendar::Calendar;
    use gongkai::domain::case::NoDate;
    use gongkai::domain::state::State;
    let mut told = Vec::new();
    for state in State::ALL {
        let case = case_in(*state).case;
        let row = case.projection(Calendar::built_in());
        let dates = usize::from(row.governing.is_some()) + usize::from(row.no_date.is_some());
        assert_eq!(dates, usize::from(row.open), "{state}");
        assert_eq!(row.governing.is_some(), row.queue_on.is_some(), "{state}");
        told.push(json!([
            state.as_str(),
            row.governing.map(|which| which.as_str()),
            row.no_date.map(|why| why.as_str())
        ]));
    }
    let of = |state: &str| told.iter().find(|row| row[0] == state).unwrap().clone();
    assert_eq!(of("processing"), json!(["processing", "reply", null]));
    assert_eq!(of("awaiting_confirmation"), json!(["awaiting_confirmation", "safe_reply", null]));
    assert_eq!(of("correction_pending"), json!(["correction_pending", "correction", null]));
    assert_eq!(of("fee_pending"), json!(["fee_pending", null, "fee_notice_unserved"]));
    assert_eq!(of("dispatched"), json!(["dispatched", null, "replied"]));
    assert_eq!(of("withdrawn"), json!(["withdrawn", null, "ended"]));
    assert_eq!(of("under_remedy"), json!(["under_remedy", "remedy_answer", null]));
    let answered = case_in(State::UnderRemedy).does(answered("r", day("03-20"))).case;
    let waits = answered.projection(Calendar::built_in());
    assert_eq!((waits.governing, waits.no_date), (None, Some(NoDate::UnderRemedy)));
    assert_eq!(of("archived"), json!(["archived", null, null]));
}
