//! Two importers, a lost answer, a killed worker, several workers, and a step that is decided while the
//! calendar changes.

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join_all;
use gongkai::app::App;
use gongkai::domain::calendar::Calendar;
use gongkai::jobs;
use serde_json::{Value, json};

use super::{confirmed, in_force, notice_2027, path, prolonged_2026, proposed};
use crate::support::cases::{By, Case};
use crate::support::cut_off::{cut_off, moments};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    of_two_importers_at_once_one_is_asked_to_look_again,
    a_post_sent_again_has_one_effect,
    a_refold_killed_at_any_point_is_finished_by_the_next,
    several_workers_change_each_case_once,
    a_step_decided_while_the_calendar_changes_follows_the_new_one_and_says_so,
    another_process_learns_of_the_new_calendar,
    what_the_program_itself_writes_moves_no_date_in_silence,
);

async fn what_the_program_itself_writes_moves_no_date_in_silence(app: TestApp) {
    // Given a request whose receipt is not rendered yet, and one that has ended
    let case = Case::filed(&app).await;
    in_force(&app, &prolonged_2026()).await;
    // When the worker freezes the document before the refold has come
    app.app.render_due("early", 8).await.unwrap();
    // Then the entry stands beside it, and the refold adds none
    let kinds = changes(std::slice::from_ref(&case)).await;
    assert_eq!(kinds, [(json!("2026-10-19"), 1)]);
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(changes(&[case]).await, [(json!("2026-10-19"), 1)]);
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn of_two_importers_at_once_one_is_asked_to_look_again(app: TestApp) {
    app.set_today("2026-11-16");
    // Given two proposals, both compared with the calendar in force
    let imports = [proposed(&app, &notice_2027()).await, proposed(&app, &prolonged_2026()).await];
    let second = app.supervisor().await;
    let none = json!({});
    // When both are confirmed in the same moment
    let paths = imports.each_ref().map(|import| path(import, "/confirm"));
    let answers = join_all(paths.iter().map(|path| second.put(path, 1, &none))).await;
    // Then one is in force, and the other must be compared anew
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{answers:?}");
    let versions = app.anon().get("/api/v1/calendar/versions").await.expect(200).json;
    assert_eq!(versions.as_array().unwrap().len(), 2);
    let states = second.get("/api/v1/calendar/imports").await.expect(200).json;
    let waiting: Vec<&Value> =
        states.as_array().unwrap().iter().filter(|i| i["state"] == "proposed").collect();
    let again = second.put(&path(waiting[0], "/confirm"), 1, &none).await;
    assert_eq!(again.refusal(), (409, "calendar_moved"));
}

async fn a_post_sent_again_has_one_effect(app: TestApp) {
    app.set_today("2026-11-16");
    let keeper = app.admin().await;
    let send = async || {
        let key = "0190163d-8694-739b-aea5-966c26f8ad91";
        let reply = keeper.post_once("/api/v1/calendar/imports", &notice_2027(), key).await;
        reply.expect(201).json
    };
    assert_eq!(send().await["id"], send().await["id"]);
    let listed = keeper.get("/api/v1/calendar/imports").await.expect(200).json;
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

/// Cases in processing, and how often each ledger says that the calendar changed.
async fn many(app: &TestApp, how_many: usize) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for _ in 0..how_many {
        cases.push(Case::filed(app).await);
    }
    cases
}

async fn changes(cases: &[Case<'_>]) -> Vec<(Value, usize)> {
    let mut found = Vec::new();
    for case in cases {
        let told = case.ledger().await;
        let told = told.iter().filter(|entry| entry["kind"] == "calendar_changed").count();
        found.push((case.view().await["due_on"].clone(), told));
    }
    found
}

async fn a_refold_killed_at_any_point_is_finished_by_the_next(app: TestApp) {
    let cases = many(&app, 12).await;
    jobs::drain(&app.app).await.unwrap();
    in_force(&app, &prolonged_2026()).await;
    // When workers die at random points, their leases held
    let worker = |_| {
        let app = app.app.clone();
        async move { app.refold("dying").await }
    };
    cut_off(moments(12, 6_000), worker, || app.clock.advance(TimeDelta::minutes(3))).await;
    jobs::drain(&app.app).await.unwrap();
    // Then each case was changed once
    assert_eq!(changes(&cases).await, vec![(json!("2026-10-19"), 1); 12]);
    assert_eq!(app.app.refold("late").await.unwrap(), None);
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn several_workers_change_each_case_once(app: TestApp) {
    let cases = many(&app, 8).await;
    in_force(&app, &prolonged_2026()).await;
    let workers = (0..4).map(|n| {
        let app = app.app.clone();
        tokio::spawn(async move { app.refold(&format!("w{n}")).await.unwrap() })
    });
    join_all(workers).await;
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(changes(&cases).await, vec![(json!("2026-10-19"), 1); 8]);
}

/// Another process on the same database: it knows only what it last asked.
fn another_process(app: &TestApp) -> App {
    App { record: Arc::default(), ..app.app.clone() }
}

async fn a_step_decided_while_the_calendar_changes_follows_the_new_one_and_says_so(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let stale = another_process(&app);
    in_force(&app, &prolonged_2026()).await;

    // When an officer acts before the refold has come to the case
    case.does(By::Officer, json!({ "action": "pass_examination" })).await;

    // Then the change is on record before the step, and the step was decided by the new calendar
    let kinds: Vec<String> = case
        .ledger()
        .await
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect();
    let ends: Vec<&str> = kinds.iter().rev().take(2).map(String::as_str).collect();
    assert_eq!(ends, ["examination_passed", "calendar_changed"]);
    assert_eq!(case.view().await["due_on"], "2026-10-19");
    let id = case.id.parse().unwrap();
    let by: Vec<Option<i32>> = app
        .db_write(move |conn| gongkai::db::events::of_request(conn, id))
        .await
        .iter()
        .map(|row| row.calendar_seq)
        .collect();
    assert_eq!(by.first(), Some(&Some(1)));
    assert_eq!(by.last(), Some(&Some(2)));

    // And a row that a process with the old calendar wrote is found by the next refold
    app.db_write(move |conn| {
        let row = gongkai::db::requests::get(conn, id)?;
        let old = gongkai::db::requests::RequestRow {
            calendar_seq: 1,
            due_on: Some(crate::support::day("2026-10-16")),
            queue_on: crate::support::day("2026-10-16"),
            ..row
        };
        gongkai::db::requests::update(conn, old)
    })
    .await;
    jobs::drain(&stale).await.unwrap();
    assert_eq!(case.view().await["due_on"], "2026-10-19");
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn another_process_learns_of_the_new_calendar(app: TestApp) {
    app.set_today("2026-11-16");
    let other = another_process(&app);
    assert_eq!(other.calendar.record(), 1);
    confirmed(&app, &proposed(&app, &notice_2027()).await).await;
    // Before it asks, it goes on with what it knows; the worker asks every second
    assert_eq!(other.current().calendar.record(), 1);
    jobs::once(&other, "other").await.unwrap();
    assert_eq!(other.current().calendar.record(), 2);
    // And a restart finds it too, without a second copy of what came with the program
    let restarted =
        App { calendar: Arc::new(Calendar::built_in().clone()), ..another_process(&app) };
    let restarted = tokio::task::spawn_blocking(move || restarted.adopt_built_in_calendar());
    assert_eq!(restarted.await.unwrap().unwrap().calendar.record(), 2);
}
