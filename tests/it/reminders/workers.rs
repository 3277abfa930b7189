//! Several workers at once, and one that is cut off: everybody is told once, and what is withdrawn is
//! withdrawn once. (A killed process: `crash/commands.rs`.)

use std::time::Duration;

use chrono::TimeDelta;
use gongkai::app::reminders::ReminderReport;
use serde_json::{Value, json};

use super::{mails, round, with_address};
use crate::support::cases::{By, Case};
use crate::support::cut_off::{cut_off, moments};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    several_workers_tell_everybody_once,
    a_worker_cut_off_in_the_middle_loses_and_doubles_nothing,
    several_workers_withdraw_each_reminder_once,
    a_worker_cut_off_while_it_withdraws_leaves_the_rest_to_the_next,
);

/// Enters so many clerks and a request that nobody has taken, overdue on 19 October.
async fn crowd(app: &TestApp, clerks: usize) {
    for n in 0..clerks {
        app.db_person(&format!("clerk.{n}"), &["clerk"], Some(app.agency), with_address).await;
    }
    Case::filed(app).await;
    app.set_today("2026-10-19");
}

async fn several_workers_tell_everybody_once(app: TestApp) {
    crowd(&app, 12).await;

    let workers = (0..6).map(|n| {
        let app = app.app.clone();
        async move { app.remind(&format!("worker-{n}")).await.unwrap() }
    });
    let reports = futures_util::future::join_all(workers).await;

    let made: usize = reports.iter().flatten().map(|report| report.reminders).sum();
    assert_eq!(made, 12, "{reports:?}");
    assert_eq!(round(&app).await, (0, 0));
    let mut sent = mails(&app).await;
    sent.dedup_by(|a, b| a.to == b.to);
    assert_eq!(sent.len(), 12);
    assert_eq!(mails(&app).await.len(), 0);
}

/// Workers that die at those moments; the lease of each runs out.
async fn die(app: &TestApp, moments: impl Iterator<Item = Duration>) {
    let worker = |n: usize| {
        let app = app.app.clone();
        async move { app.remind(&format!("dying-{n}")).await }
    };
    cut_off(moments, worker, || app.clock.advance(TimeDelta::minutes(3))).await;
}

async fn a_worker_cut_off_in_the_middle_loses_and_doubles_nothing(app: TestApp) {
    const CLERKS: usize = 25;
    crowd(&app, CLERKS).await;
    // When workers are cut off at some moment, and the lease of each runs out
    die(&app, moments(6, 20_000)).await;
    round(&app).await;
    assert_eq!(round(&app).await, (0, 0));

    // Then everybody has one reminder, told by one message
    let mut sent = mails(&app).await;
    assert_eq!(sent.len(), CLERKS);
    sent.dedup_by(|a, b| a.to == b.to);
    assert_eq!(sent.len(), CLERKS);
    assert!(sent.iter().all(|mail| mail.subject == "期限提醒（10月19日）：已逾期1件"));
}

/// So many reminders of so many limits, of which all but one press no more since 20 October: the
/// applicants withdrew.
async fn ended(app: &TestApp, clerks: usize, cases: usize) {
    crowd(app, clerks).await;
    app.set_today("2026-09-14");
    let mut more = Vec::new();
    for _ in 0..cases {
        more.push(Case::filed(app).await);
    }
    app.set_today("2026-10-19");
    assert_eq!(round(app).await, (clerks * (cases + 1), clerks));
    app.set_today("2026-10-20");
    let withdraw = json!({
        "action": "withdraw", "on": "2026-10-20", "statement": "撤回", "authentication": "signed"
    });
    for case in &more {
        case.does(By::Clerk, withdraw.clone()).await;
    }
}

/// Every reminder of the crowd: of which case, since when withdrawn, why.
async fn on_record(app: &TestApp) -> Vec<(Value, Value, Value)> {
    let supervisor = app.supervisor().await;
    let page = supervisor.get("/api/v1/reminders?branch=true&limit=200").await.expect(200).json;
    assert_eq!(page["next"], Value::Null);
    let items = page["items"].as_array().unwrap().iter();
    let items = items.filter(|r| r["recipient_name"].as_str().unwrap().starts_with("测试clerk."));
    items
        .map(|r| (r["number"].clone(), r["withdrawn_on"].clone(), r["withdrawn_why"].clone()))
        .collect()
}

/// That the reminders of those cases are withdrawn and the other one's stand, none lost, none double.
async fn settled(app: &TestApp, clerks: usize, cases: usize) {
    let all = on_record(app).await;
    assert_eq!(all.len(), clerks * (cases + 1));
    let gone = all.iter().filter(|(_, on, why)| on == "2026-10-20" && why == "ended").count();
    let stand = all.iter().filter(|(_, on, why)| on.is_null() && why.is_null()).count();
    assert_eq!((gone, stand), (clerks * cases, clerks));
}

async fn several_workers_withdraw_each_reminder_once(app: TestApp) {
    const CLERKS: usize = 6;
    const CASES: usize = 8;
    ended(&app, CLERKS, CASES).await;

    let workers = (0..6).map(|n| {
        let app = app.app.clone();
        tokio::spawn(async move { app.remind(&format!("worker-{n}")).await.unwrap() })
    });
    let reports = futures_util::future::join_all(workers).await;

    let withdrawn: usize =
        reports.iter().filter_map(|r| r.as_ref().unwrap().as_ref()).map(|r| r.withdrawn).sum();
    assert_eq!(withdrawn, CLERKS * CASES, "{reports:?}");
    settled(&app, CLERKS, CASES).await;
    assert_eq!(app.app.remind("late").await.unwrap().unwrap().withdrawn, 0);
}

async fn a_worker_cut_off_while_it_withdraws_leaves_the_rest_to_the_next(app: TestApp) {
    const CLERKS: usize = 6;
    const CASES: usize = 12;
    ended(&app, CLERKS, CASES).await;
    // When workers die at random moments, their leases held
    die(&app, moments(10, 8_000)).await;
    app.app.remind("last").await.unwrap().unwrap();
    assert_eq!(app.app.remind("late").await.unwrap().unwrap(), ReminderReport::default());
    settled(&app, CLERKS, CASES).await;
}
