//! What-if: the date a step would lead to is the date after it was taken, and asking writes nothing.
//! (Thousands of random steps are asked before they are taken in `random_walks`.)

use std::collections::BTreeSet;

use gongkai::domain::calendar::Calendar;
use gongkai::domain::clock::State as ClockState;
use gongkai::domain::command::Command;
use gongkai::domain::decide::{decide, offered as offered_in};
use gongkai::domain::forecast::{Dates, Effect, Usual, forecast, moves_nothing, usual};
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::state::State;
use gongkai::domain::volume::ReasonRequestClock;
use gongkai::domain::working_days::WorkingDays;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::lifecycle_properties::{attempts, live, suited};
use crate::samples::{case_in, command};
use crate::story::Story;
use crate::support::cases::{By, Case, registration};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    each_offered_step_tells_the_date_it_leads_to,
    whatever_the_view_offers_has_a_date_or_says_what_it_waits_for,
    a_step_is_asked_with_the_input_somebody_means_to_enter,
    an_extension_tells_the_date_before_anybody_consents,
    what_would_be_refused_is_refused_when_asked,
    asking_writes_nothing,
);

const USUAL: Usual = Usual { correction: WorkingDays(15), reasons: ReasonRequestClock::Runs };

async fn offered(case: &Case<'_>, by: By, action: &str) -> Value {
    let who = case.person(by).await;
    let steps = who.get(&case.path("/actions")).await.expect(200).json;
    let mut found = steps.as_array().unwrap().iter().filter(|step| step["action"] == action);
    found.next().unwrap_or_else(|| panic!("{action} is not among {steps}")).clone()
}

async fn asked(case: &Case<'_>, by: By, body: &Value) -> Value {
    let who = case.person(by).await;
    who.send_json(&case.path("/what-if"), body).await.expect(200).json
}

/// What a view of the request says of its dates.
fn dates(view: &Value) -> [&Value; 6] {
    ["state", "due_on", "provisional", "governing", "governing_on", "no_date"].map(|key| &view[key])
}

async fn each_offered_step_tells_the_date_it_leads_to(app: TestApp) {
    // Given a letter whose day of receipt nobody has confirmed
    let case = Case::registered(&app, &registration("ordinary_post", "2026-09-14", "")).await;
    app.set_today("2026-09-16");
    let step = offered(&case, By::Clerk, "confirm_receipt").await;
    let foreseen = &step["what_if"];
    assert_eq!(
        (&foreseen["effect"], &foreseen["effect_label"]),
        (&json!("begins"), &json!("期限开始计算"))
    );
    assert_eq!(foreseen["before"]["governing"], "safe_reply");
    let confirm = json!({ "action": "confirm_receipt", "on": "2026-09-16", "evidence": "电话" });
    let view = case.does(By::Clerk, confirm).await;
    assert_eq!(dates(&view), dates(&foreseen["after"]));
    assert_eq!(view["due_on"], "2026-10-20");

    // Then each step on the way tells what it leads to
    case.assigned().await;
    let correction = json!({
        "action": "ask_correction", "on": "2026-09-16", "until": "2026-10-13",
        "defects": [{ "kind": "form", "guidance": "请签名" }]
    });
    for (body, effect) in [
        (correction, "stops"),
        (json!({ "action": "record_correction", "on": "2026-09-16", "text": "已签名" }), "resumes"),
        (json!({ "action": "pass_examination" }), "none"),
        (
            json!({
                "action": "consult", "on": "2026-09-16", "id": "1", "party": "third_party",
                "addressee": "某公司", "jointly_made": false
            }),
            "stops",
        ),
        (
            json!({ "action": "record_opinion", "on": "2026-09-16", "id": "1", "position": "agrees", "text": "同意" }),
            "resumes",
        ),
        (
            json!({
                "action": "withdraw", "on": "2026-09-16", "statement": "撤回", "authentication": "signed"
            }),
            "ends",
        ),
    ] {
        let action = body["action"].as_str().unwrap();
        let step = offered(&case, By::Officer, action).await;
        let foreseen = &step["what_if"];
        assert_eq!(foreseen["effect"], effect, "{step}");
        assert_eq!(dates(&case.view().await), dates(&foreseen["before"]), "{action}");
        let view = case.does(By::Officer, body.clone()).await;
        assert_eq!(dates(&view), dates(&foreseen["after"]), "{action}");
    }
}

async fn whatever_the_view_offers_has_a_date_or_says_what_it_waits_for(app: TestApp) {
    let case = Case::registered(&app, &registration("ordinary_post", "2026-09-14", "")).await;
    let told = async || {
        let (mut dated, mut waiting) = (0, 0);
        for by in [By::Clerk, By::Officer, By::Head] {
            let who = case.person(by).await;
            for step in who.get(&case.path("/actions")).await.expect(200).json.as_array().unwrap() {
                let after = &step["what_if"]["after"];
                assert_ne!(step["what_if"].is_null(), step["needs_input"].is_null(), "{step}");
                // A date presses, or it is said why none does
                let said = [&after["governing_on"], &after["no_date_label"]];
                let ended = step["what_if"]["effect"] == "ends" || after["state"] == "closed";
                let said = said.iter().any(|told| !told.is_null()) || ended;
                assert!(step["what_if"].is_null() || said, "{step}");
                dated += usize::from(said);
                waiting += usize::from(!step["needs_input"].is_null());
            }
        }
        (dated, waiting)
    };
    assert!(told().await.0 > 0);
    let confirm = json!({ "action": "confirm_receipt", "on": "2026-09-14", "evidence": "电话" });
    case.does(By::Clerk, confirm).await;
    case.assigned().await;
    let (dated, waiting) = told().await;
    assert!(dated > waiting, "{dated} {waiting}");
    case.does(By::Officer, json!({ "action": "pass_examination" })).await;
    let (dated, waiting) = told().await;
    assert!(dated > 2 * waiting, "{dated} {waiting}");
}

async fn a_step_is_asked_with_the_input_somebody_means_to_enter(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // What nothing usual can tell says so
    let step = offered(&case, By::Officer, "notify_fee").await;
    assert_eq!(step["what_if"], Value::Null);
    assert_eq!(step["needs_input"], "结果取决于填写的内容，请填写后试算");

    // And is asked with its input
    let fee = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "pages", "amount_fen": 38_000,
        "served_on": "2026-09-14", "pages": 68
    });
    let foreseen = asked(&case, By::Officer, &fee).await;
    assert_eq!(
        (&foreseen["effect"], &foreseen["after"]["clock"]),
        (&json!("stops"), &json!("awaiting_payment"))
    );
    assert_eq!(foreseen["after"]["governing_on"], "2026-10-16");
    let view = case.does(By::Officer, fee).await;
    assert_eq!(dates(&view), dates(&foreseen["after"]));
}

async fn an_extension_tells_the_date_before_anybody_consents(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // Asking moves nothing; what it leads to is told all the same
    let longest = offered(&case, By::Officer, "ask_extension").await;
    assert_eq!(longest["what_if"]["effect"], "none");
    assert_eq!(longest["what_if"]["once_told"]["due_on"], "2026-11-13");
    let ask = json!({ "action": "ask_extension", "working_days": 10, "reason": "逐卷检索" });
    let foreseen = asked(&case, By::Officer, &ask).await;
    let once_told = foreseen["once_told"].clone();
    assert_eq!(once_told["due_on"], "2026-10-30");
    case.does(By::Officer, ask).await;

    let consent = offered(&case, By::Head, "consent_extension").await;
    assert_eq!(consent["what_if"]["once_told"], once_told);
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    let tell = offered(&case, By::Officer, "tell_extension").await;
    assert_eq!(
        (&tell["what_if"]["effect"], &tell["what_if"]["after"]),
        (&json!("moves"), &once_told)
    );
    let told = json!({ "action": "tell_extension", "on": "2026-09-14" });
    assert_eq!(dates(&case.does(By::Officer, told).await), dates(&once_told));
}

async fn what_would_be_refused_is_refused_when_asked(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let officer = app.officer().await;
    let path = case.path("/what-if");
    for (body, fault) in [
        (
            json!({ "action": "ask_extension", "working_days": 30, "reason": "检索" }),
            (422, "extension_too_long"),
        ),
        (json!({ "action": "close" }), (422, "wrong_state")),
    ] {
        let refused = officer.send_json(&path, &body).await;
        assert_eq!(refused.refusal(), fault, "{}", refused.json);
    }
    // Who may not take the step is told no date
    let refused = officer.send_json(&path, &json!({ "action": "consent_extension" })).await;
    assert_eq!(refused.status, 403, "{}", refused.json);
}

async fn asking_writes_nothing(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let before = (case.version().await, case.ledger().await, case.view().await);
    for body in [
        json!({ "action": "withdraw", "on": "2026-09-14", "statement": "撤回", "authentication": "signed" }),
        json!({
            "action": "consult", "on": "2026-09-14", "id": "1", "party": "agency",
            "addressee": "某局", "jointly_made": true
        }),
    ] {
        asked(&case, By::Officer, &body).await;
        offered(&case, By::Officer, "withdraw").await;
    }
    assert_eq!((case.version().await, case.ledger().await, case.view().await), before);
}

#[test]
fn every_usual_step_of_every_state_is_foreseen_as_it_comes_to_pass() {
    let mut foreseen = 0;
    for state in State::ALL {
        for action in Action::ALL {
            let story = case_in(*state);
            let Some(command) = usual(*action, &story.case, &story.context(), USUAL) else {
                continue;
            };
            let Ok(told) = forecast(&story.case, &command, &story.context()) else { continue };
            // Taking the step replays the ledger as it is stored
            let after = story.does(command);
            let calendar = Calendar::built_in();
            let row = after.case.projection(calendar);
            let clock = after.case.reading(calendar, after.today).state;
            assert_eq!(
                (told.after.state, told.after.due_on, told.after.governing_on, told.after.clock),
                (row.state, row.due_on, row.queue_on, clock),
                "{state} {action}"
            );
            if told.effect() == Effect::Stops {
                assert_ne!(clock, ClockState::Running, "{state} {action}");
            }
            foreseen += 1;
        }
    }
    assert!(foreseen > 60, "{foreseen}");
}

/// Steps whose dates depend on what is entered, or which are taken on a document of their own.
const WAITING: &[Action] = &[
    Action::AnswerOnTheSpot,
    Action::AnswerRemedy,
    Action::AnswerTogether,
    Action::Archive,
    Action::DecideRemedy,
    Action::JudgeReasons,
    Action::LapseCorrection,
    Action::LapseFee,
    Action::NotifyFee,
    Action::OpenRemedy,
    Action::RecordNoticeDispatch,
    Action::RecordNoticeService,
    Action::RecordPaperNotice,
    Action::RecordService,
    Action::RecordServiceFailure,
    Action::ReferSecrecy,
    Action::ReviewRelease,
    Action::RevokeService,
    Action::SubmitDraft,
    Action::VoidNumber,
];

#[test]
fn every_step_on_offer_has_its_dates_but_those_that_depend_on_what_is_entered() {
    let mut waiting = BTreeSet::new();
    for state in State::ALL {
        let story = case_in(*state);
        for action in offered_in(&story.case, Role::ALL) {
            match usual(action, &story.case, &story.context(), USUAL) {
                // What is refused says why in its place
                Some(command) => drop(forecast(&story.case, &command, &story.context())),
                None => drop(waiting.insert(action.as_str())),
            }
        }
    }
    let expected: BTreeSet<&str> = WAITING.iter().map(|action| action.as_str()).collect();
    assert_eq!(waiting, expected);
}

/// That the step, if it can be taken, leaves the dates that were foreseen; whether it could.
fn foreseen(story: &Story, step: &Command) -> bool {
    let (case, context) = (&story.case, story.context());
    let Ok(done) = decide(case, step, &context) else { return false };
    let usual = usual(step.action(), case, &context, USUAL).unwrap();
    let told = forecast(case, &usual, &context).unwrap();
    let dates = Dates::of(&done.case, Calendar::built_in(), story.today);
    assert_eq!(told.after, dates, "{step:?}");
    assert_eq!(told.before.state, told.after.state, "{step:?}");
    true
}

fn quiet() -> impl Iterator<Item = Action> {
    Action::ALL.iter().copied().filter(|action| moves_nothing(*action))
}

#[test]
fn what_moves_nothing_moves_nothing_in_any_state() {
    let listed = case_in(State::Processing).does(command(Action::ListItems, "03-03"));
    let stories = State::ALL.iter().map(|state| case_in(*state)).chain([listed]);
    let mut taken = BTreeSet::new();
    for story in stories {
        let on = story.today.to_string();
        let steps = quiet().map(|action| command(action, &on));
        let steps = steps.filter(|step| foreseen(&story, step));
        taken.extend(steps.map(|step| step.action().as_str()));
    }
    assert!(taken.len() >= 11, "{taken:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happened before and whatever is entered.
    #[test]
    fn what_moves_nothing_moves_nothing_after_any_steps(attempts in attempts(), input in any::<usize>()) {
        let story = live(attempts);
        for action in quiet() {
            foreseen(&story, &suited(&story, action, story.today, input));
        }
    }
}
