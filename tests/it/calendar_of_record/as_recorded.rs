//! Whatever is made of a case counts by the calendar that its record names: remedies, what presses on
//! it, the evidence bundle, verification.

use gongkai::jobs;
use serde_json::{Value, json};

use super::{in_force, path, prolonged_2026};
use crate::bundle::{exported, json_of, member, report, served};
use crate::remedy_cases;
use crate::support::cases::{By, Case};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_last_day_to_answer_a_reviewing_body_moves_with_the_calendar,
    an_answered_remedy_beside_a_running_limit_is_brought_along,
    a_bundle_of_an_ended_case_counts_by_the_calendar_of_its_time,
    a_bundle_agrees_with_the_register_before_and_after_the_refold,
);

async fn verified(app: &TestApp) {
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

/// The changes of calendar in the ledger of a case.
async fn changes(case: &Case<'_>) -> Vec<Value> {
    let entries = case.ledger().await.into_iter().map(|entry| entry["event"].clone());
    entries.filter(|event| event["kind"] == "calendar_changed").collect()
}

async fn the_last_day_to_answer_a_reviewing_body_moves_with_the_calendar(app: TestApp) {
    // Given a reconsideration to be answered within five working days
    let case = remedy_cases::served(&app).await;
    app.set_today("2026-09-28");
    case.does(By::Clerk, remedy_cases::opened("青复1号", "2026-09-28")).await;
    let pressing = |view: &Value| (view["governing"].clone(), view["governing_on"].clone());
    let answer = |on: &str| (json!("remedy_answer"), json!(on));
    assert_eq!(pressing(&case.view().await), answer("2026-10-10"));

    // When the holiday is prolonged, row and list follow, with an entry that says so
    in_force(&app, &prolonged_2026()).await;
    verified(&app).await;
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(pressing(&case.view().await), answer("2026-10-12"));
    let listed = app.officer().await.get("/api/v1/remedies").await.expect(200).json;
    assert_eq!(listed["items"][0]["answer_due_on"], "2026-10-12");
    let told = changes(&case).await;
    let limit = |which: &str, old: &str, new: &str| json!({ "which": which, "old": old, "new": new, "was_certain": true });
    let moved = json!([
        limit("reply", "2026-10-16", "2026-10-19"),
        limit("remedy_answer", "2026-10-10", "2026-10-12"),
    ]);
    assert_eq!((told.len(), &told[0]["limits"]), (1, &moved));
    // The applicant has the reply already, and no part in the rest
    assert!(!case.track().await.to_string().contains("节假日安排"));
    verified(&app).await;
}

async fn an_answered_remedy_beside_a_running_limit_is_brought_along(app: TestApp) {
    let case = remedy_cases::served(&app).await;
    app.set_today("2026-09-28");
    case.does(By::Clerk, remedy_cases::opened("青复1号", "2026-09-28")).await;
    case.does(By::Officer, remedy_cases::answered("青复1号", "2026-09-28")).await;
    in_force(&app, &prolonged_2026()).await;
    jobs::drain(&app.app).await.unwrap();
    // It presses no more, so its date is no news; the list still says until when it was
    let told = changes(&case).await;
    assert_eq!(told[0]["limits"].as_array().map(Vec::len), Some(1), "{told:?}");
    assert_eq!(told[0]["limits"][0]["which"], "reply");
    let listed = app.officer().await.get("/api/v1/remedies").await.expect(200).json;
    assert_eq!(listed["items"][0]["answer_due_on"], "2026-10-12");
    verified(&app).await;
}

async fn a_bundle_of_an_ended_case_counts_by_the_calendar_of_its_time(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Officer, json!({ "action": "close" })).await;
    let before = exported(&case).await;
    let calendar = member(&before, "calendar.csv");

    // When years later the same year reads otherwise
    in_force(&app, &prolonged_2026()).await;
    jobs::drain(&app.app).await.unwrap();
    let after = exported(&case).await;
    assert_eq!(member(&after, "calendar.csv"), calendar);
    assert_eq!(json_of(&after, "projection.json"), json_of(&before, "projection.json"));
    let checked = report(&after);
    assert_eq!(checked.faults, Vec::<String>::new());
    assert_eq!(checked.due_on, report(&before).due_on);
    verified(&app).await;
}

async fn a_bundle_agrees_with_the_register_before_and_after_the_refold(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // The receipt is issued: a number given out later is an entry, which would bring the case along
    jobs::drain(&app.app).await.unwrap();
    let import = in_force(&app, &prolonged_2026()).await;
    // The refold has not come to it: bundle and register say the same, by the earlier version
    let behind = exported(&case).await;
    assert_eq!(json_of(&behind, "projection.json")["due_on"], "2026-10-16");
    assert_eq!(report(&behind).faults, Vec::<String>::new());
    jobs::drain(&app.app).await.unwrap();
    let caught_up = exported(&case).await;
    assert_eq!(json_of(&caught_up, "projection.json")["due_on"], "2026-10-19");
    assert_eq!(report(&caught_up).faults, Vec::<String>::new());
    assert_eq!(report(&caught_up).due_on, Some(crate::support::day("2026-10-19")));
    // The bundle holds the change and its ground
    let ledger = String::from_utf8(member(&caught_up, "ledger.jsonl")).unwrap();
    assert!(
        ledger.contains("国办发明电〔2026〕8号") && ledger.contains("\"calendar\":2"),
        "{ledger}"
    );
    let seen = app.admin().await.get(&path(&import, "")).await.expect(200).json;
    assert!(seen["refolded_at"].is_string(), "{seen}");
}
