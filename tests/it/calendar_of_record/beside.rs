//! Dates beside the ordinary course of a case, after the calendar has changed: of ratings, of remedies
//! against a case that had ended, and of registers that no calendar moves.

use gongkai::jobs;
use serde_json::{Value, json};

use super::{confirmed, in_force, path, prolonged_2026};
use crate::remedy_cases;
use crate::support::cases::{By, Case};
use crate::support::cut_off::{cut_off, moments};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_bad_rating_follows_the_calendar_and_says_so,
    a_good_or_settled_rating_keeps_its_day,
    several_workers_and_killed_ones_move_each_rating_once,
    a_register_that_counts_months_ends_on_a_day_of_work,
    a_remedy_against_a_case_that_had_ended_counts_by_the_calendar_in_force,
);

async fn work(app: &TestApp) {
    jobs::drain(&app.app).await.unwrap();
}

async fn verified(app: &TestApp) {
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn rate(case: &Case<'_>, grade: &str) {
    let mut body = case.ticket();
    body["grade"] = json!(grade);
    case.app.anon().post("/api/v1/tracking/rating", &body).await.expect(200);
}

async fn ratings(app: &TestApp) -> Vec<Value> {
    let list = app.head().await.get("/api/v1/ratings").await.expect(200).json;
    list["items"].as_array().unwrap().clone()
}

async fn a_bad_rating_follows_the_calendar_and_says_so(app: TestApp) {
    // Given a bad rating of 14 September, to be put right within fifteen working days
    let case = remedy_cases::served(&app).await;
    rate(&case, "dissatisfied").await;
    let before = ratings(&app).await.remove(0);
    assert_eq!((&before["due_on"], &before["due_changes"]), (&json!("2026-10-10"), &Value::Null));

    // When the holiday is prolonged by a working day
    let import = in_force(&app, &prolonged_2026()).await;
    work(&app).await;
    work(&app).await;

    // Then its last day follows, once, with the day before, the day after and the document
    let after = ratings(&app).await.remove(0);
    assert_eq!(after["due_on"], "2026-10-12");
    let moved = json!([{
        "old_on": "2026-10-10", "new_on": "2026-10-12", "calendar_version": 2,
        "reason": "国办发明电〔2026〕8号", "on": "2026-09-14"
    }]);
    assert_eq!(after["due_changes"], moved);

    // And a step on what was read before is refused until it is read anew
    let steps = format!("/api/v1/ratings/{}/steps", before["id"].as_str().unwrap());
    let step = json!({ "step": "contact", "on": "2026-09-14", "said": "申请人称无人接听" });
    let stale = app.head().await.act(&steps, 1, &step).await;
    assert_eq!(stale.refusal(), (409, "changed"));
    app.head().await.act(&steps, 2, &step).await.expect(200);

    // When the import is taken back, the day is the earlier one and both changes are on record
    let reason = json!({ "reason": "并无延长假期的通知" });
    let back = app.admin().await.post(&path(&import, "/reverse"), &reason).await.expect(201).json;
    confirmed(&app, &back).await;
    work(&app).await;
    let back = ratings(&app).await.remove(0);
    assert_eq!(back["due_on"], "2026-10-10");
    assert_eq!(back["due_changes"].as_array().unwrap().len(), 2);
    assert_eq!(back["history"].as_array().unwrap().len(), 1);
    verified(&app).await;
}

async fn several_workers_and_killed_ones_move_each_rating_once(app: TestApp) {
    const RATED: usize = 5;
    for _ in 0..RATED {
        rate(&remedy_cases::served(&app).await, "dissatisfied").await;
    }
    work(&app).await;
    in_force(&app, &prolonged_2026()).await;
    // When workers die sooner or later, and several look at once
    let worker = |_| {
        let app = app.app.clone();
        async move { app.refreshed().await?.refold_ratings().await }
    };
    cut_off(moments(8, 1_000), worker, || ()).await;
    for done in futures_util::future::join_all((0..4).map(worker)).await {
        done.unwrap();
    }
    work(&app).await;
    // Then each has moved, with one change on record
    let all = ratings(&app).await;
    assert_eq!(all.len(), RATED);
    for rating in &all {
        let changes = rating["due_changes"].as_array().unwrap().len();
        assert_eq!((&rating["due_on"], changes), (&json!("2026-10-12"), 1), "{rating}");
    }
    verified(&app).await;
}

async fn a_good_or_settled_rating_keeps_its_day(app: TestApp) {
    let good = remedy_cases::served(&app).await;
    rate(&good, "satisfied").await;
    let settled = remedy_cases::served(&app).await;
    rate(&settled, "very_dissatisfied").await;
    let id = ratings(&app).await[0]["id"].as_str().unwrap().to_owned();
    for (version, step) in (1..).zip([
        json!({ "step": "contact", "on": "2026-09-14", "said": "无人接听" }),
        json!({ "step": "check", "on": "2026-09-14", "finding": "founded", "reason": "属实" }),
        json!({ "step": "correct", "on": "2026-09-14", "measures": "增加人员" }),
        json!({ "step": "tell", "on": "2026-09-14", "text": "已整改" }),
    ]) {
        app.head()
            .await
            .act(&format!("/api/v1/ratings/{id}/steps"), version, &step)
            .await
            .expect(200);
    }
    let before = ratings(&app).await;

    in_force(&app, &prolonged_2026()).await;
    work(&app).await;

    assert_eq!(ratings(&app).await, before);
}

async fn a_register_that_counts_months_ends_on_a_day_of_work(app: TestApp) {
    // Given an application for correction, a complaint and something withheld
    let record = json!({
        "received_on": "2026-09-08",
        "form": {
            "applicant_name": "王小明", "credential_number": "1", "contact": "1",
            "record": "记录", "error": "有误", "evidence": "证据"
        }
    });
    let clerk = app.clerk().await;
    clerk.post("/api/v1/record-corrections", &record).await.expect(201);
    let complaint = json!({
        "agency": app.agency, "received_on": "2026-09-08",
        "form": { "name": "王小明", "contact": "1", "content": "逾期" }
    });
    let supervisor = app.supervisor().await;
    supervisor.post("/api/v1/complaints", &complaint).await.expect(201);
    crate::reassessments::withheld(&app).await;
    let registers = async || {
        let mut all = Vec::new();
        for path in ["/api/v1/record-corrections", "/api/v1/complaints", "/api/v1/reassessments"] {
            all.push(supervisor.get(path).await.expect(200).json);
        }
        all
    };
    let due = |all: &[Value]| -> Vec<Value> {
        let first = |register: &Value| match &register["items"] {
            Value::Null => register[0]["due_on"].clone(),
            items => items[0]["due_on"].clone(),
        };
        all.iter().take(2).map(first).collect()
    };
    // The eighth of November is a Sunday
    let before = registers().await;
    assert_eq!(due(&before), ["2026-11-09", "2026-11-09"]);

    // When the very day on which two of them end becomes a day off
    let mut body = prolonged_2026();
    let text = body["text"].as_str().unwrap().replace("2026-10-08,off", "2026-11-09,off");
    body["text"] = json!(text);
    in_force(&app, &body).await;
    work(&app).await;

    // Then they end on the day after; what counts by the year stays as it was
    let after = registers().await;
    assert_eq!(due(&after), ["2026-11-10", "2026-11-10"]);
    assert_eq!(after[2], before[2]);
}

async fn a_remedy_against_a_case_that_had_ended_counts_by_the_calendar_in_force(app: TestApp) {
    // Given a case that ended before the holiday was prolonged
    let case = remedy_cases::served(&app).await;
    case.does(By::Officer, json!({ "action": "close" })).await;
    // (its last mail and document are out)
    work(&app).await;
    let ended = case.view().await;
    in_force(&app, &prolonged_2026()).await;
    work(&app).await;
    // It keeps the calendar of its time
    assert_eq!(case.view().await["due_on"], ended["due_on"]);

    // When the review body asks for an answer over the prolonged holiday
    app.set_today("2026-09-28");
    case.does(By::Clerk, remedy_cases::opened("青复1号", "2026-09-28")).await;
    work(&app).await;

    // Then the five working days are counted by the calendar in force, wherever they are read
    let view = case.view().await;
    assert_eq!(
        (&view["governing"], &view["governing_on"]),
        (&json!("remedy_answer"), &json!("2026-10-12"))
    );
    let listed = app.officer().await.get("/api/v1/remedies").await.expect(200).json;
    assert_eq!(listed["items"][0]["answer_due_on"], "2026-10-12");
    verified(&app).await;

    // And a further change moves it like any other, with an entry
    let mut body = prolonged_2026();
    let longer = format!("{}2026-10-09,off,国庆节,2026\n", body["text"].as_str().unwrap());
    (body["text"], body["document"]) = (json!(longer), json!("国办发明电〔2026〕9号"));
    in_force(&app, &body).await;
    work(&app).await;
    let listed = app.officer().await.get("/api/v1/remedies").await.expect(200).json;
    assert_eq!(listed["items"][0]["answer_due_on"], "2026-10-13");
    let entries = case.ledger().await;
    let moved = entries.iter().rfind(|entry| entry["kind"] == "calendar_changed").unwrap();
    let limits = moved["event"]["limits"].as_array().unwrap();
    let answer = limits.iter().find(|limit| limit["which"] == "remedy_answer").unwrap();
    assert_eq!((&answer["old"], &answer["new"]), (&json!("2026-10-12"), &json!("2026-10-13")));
    verified(&app).await;
}
