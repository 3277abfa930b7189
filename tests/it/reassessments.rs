//! 定期评估: what closed cases withhold comes up again every year; it stays withheld with a reason, or
//! may be opened, which a second person confirms.

use gongkai::db::StoreError;
use gongkai::db::reassessments as rows;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g1};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    what_a_closed_case_withholds_is_queued_once,
    what_stays_withheld_comes_up_a_year_later,
    an_opening_is_proposed_and_confirmed_by_a_second_person,
    two_at_once_assess_it_once,
    what_is_answered_anew_is_assessed_no_more,
    an_assessment_is_never_rewritten,
    the_queue_has_pages_and_shows_only_the_agencys_own,
);

/// Internal affairs.
fn n5() -> Value {
    json!({
        "outcome": "N5", "items": ["2026年度科室内部值班安排"],
        "reasons": "属于内部管理信息，公开后对外部没有影响"
    })
}

/// A case answered and closed on 2026-09-14 with `content`.
async fn closed<'a>(app: &'a TestApp, content: &Value) -> Case<'a> {
    let case = Case::in_processing(app).await;
    let notice = case.issued(content).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    case.does(By::Officer, json!({ "action": "close" })).await;
    case
}

/// A closed case that withheld everything, and what stands of it in the queue.
pub async fn withheld(app: &TestApp) -> (Case<'_>, String) {
    let case = closed(app, &n5()).await;
    assert_eq!(app.app.queue_withheld().await.unwrap(), 1);
    let list = listed(app, &format!("?request={}", case.id)).await;
    assert_eq!(list.len(), 1);
    (case, list[0]["id"].as_str().unwrap().to_owned())
}

async fn listed(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/reassessments{query}");
    let page = app.officer().await.get(&path).await.expect(200).json;
    page["items"].as_array().unwrap().clone()
}

async fn one(app: &TestApp, id: &str) -> Value {
    app.officer().await.get(&format!("/api/v1/reassessments/{id}")).await.expect(200).json
}

async fn assess(app: &TestApp, login: &str, role: &str, id: &str, step: &str) -> Reply {
    let version = i32::try_from(one(app, id).await["version"].as_i64().unwrap()).unwrap();
    let who = app.signed_in(login, &[role], Some(app.agency)).await;
    let body = json!({ "step": step, "reason": "所涉事项已经办结" });
    who.act(&format!("/api/v1/reassessments/{id}/steps"), version, &body).await
}

async fn what_a_closed_case_withholds_is_queued_once(app: TestApp) {
    // Given a case answered but not closed, one that withheld nothing, and one closed
    let open = Case::in_processing(&app).await;
    open.issued(&n5()).await;
    closed(&app, &g1()).await;
    let case = closed(&app, &n5()).await;

    // When two workers sweep at once, and again
    let (first, second) = tokio::join!(app.app.queue_withheld(), app.app.queue_withheld());
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(app.app.queue_withheld().await.unwrap(), 0);

    // Then it stands there once, with its ground and its day a year later
    let all = listed(&app, "").await;
    assert_eq!(all.len(), 1);
    let row = &all[0];
    assert_eq!((&row["number"], &row["item"]), (&json!(case.number), &Value::Null));
    assert_eq!((&row["outcome"], &row["state"]), (&json!("N5"), &json!("waiting")));
    assert_eq!((&row["withheld_on"], &row["due_on"]), (&json!("2026-09-14"), &json!("2027-09-14")));
    for (today, due, overdue) in [("2027-09-13", 0, 0), ("2027-09-14", 1, 0), ("2027-09-15", 1, 1)]
    {
        app.set_today(today);
        assert_eq!(listed(&app, "?due=true").await.len(), due, "{today}");
        assert_eq!(listed(&app, "?overdue=true").await.len(), overdue, "{today}");
    }
    assert_eq!(listed(&app, "?outcome=N6").await.len(), 0);
    assert_eq!(listed(&app, "?outcome=N5&state=waiting").await.len(), 1);
}

async fn what_stays_withheld_comes_up_a_year_later(app: TestApp) {
    let (_case, id) = withheld(&app).await;
    app.set_today("2027-09-20");
    let path = format!("/api/v1/reassessments/{id}/steps");
    let empty = json!({ "step": "keep", "reason": "  " });
    let refused = app.officer().await.act(&path, 1, &empty).await;
    assert_eq!(refused.fault(), (422, "text_missing", "reason"));
    let kept = assess(&app, "officer", "officer", &id, "keep").await.expect(200).json;
    assert_eq!((&kept["due_on"], &kept["overdue"]), (&json!("2028-09-20"), &json!(false)));
    assert_eq!(kept["history"][0]["reason"], "所涉事项已经办结");
    assert_eq!(listed(&app, "?due=true").await.len(), 0);
    assert_eq!(app.app.queue_withheld().await.unwrap(), 0);
}

async fn an_opening_is_proposed_and_confirmed_by_a_second_person(app: TestApp) {
    let (_case, id) = withheld(&app).await;
    let early = assess(&app, "head", "head", &id, "confirm").await;
    assert_eq!(early.refusal(), (422, "wrong_state"));
    assess(&app, "officer", "officer", &id, "propose").await.expect(200);
    let colleague = assess(&app, "colleague", "officer", &id, "confirm").await;
    assert_eq!(colleague.refusal(), (422, "not_confirmer"));
    let own = assess(&app, "officer", "officer", &id, "confirm").await;
    assert_eq!(own.refusal(), (422, "own_proposal"));
    let back = assess(&app, "head", "head", &id, "reject").await.expect(200).json;
    assert_eq!((&back["state"], &back["due_on"]), (&json!("waiting"), &json!("2027-09-14")));

    // A head who proposes needs another one, too
    assess(&app, "head", "head", &id, "propose").await.expect(200);
    assert_eq!(assess(&app, "head", "head", &id, "confirm").await.refusal(), (422, "own_proposal"));
    let opened = assess(&app, "leader", "leader", &id, "confirm").await.expect(200).json;
    assert_eq!((&opened["state"], &opened["due"]), (&json!("opened"), &json!(false)));
    let steps: Vec<_> = opened["history"].as_array().unwrap().iter().map(|d| &d["step"]).collect();
    assert_eq!(json!(steps), json!(["propose", "reject", "propose", "confirm"]));
    assert_eq!(assess(&app, "head", "head", &id, "keep").await.refusal(), (422, "wrong_state"));
    app.set_today("2027-10-08");
    assert_eq!(listed(&app, "?due=true").await.len(), 0);
}

async fn two_at_once_assess_it_once(app: TestApp) {
    let (_case, id) = withheld(&app).await;
    let (officer, head) = (app.officer().await, app.head().await);
    let path = format!("/api/v1/reassessments/{id}/steps");
    let body = json!({ "step": "keep", "reason": "情形没有变化" });
    let (one_of, other) = tokio::join!(officer.act(&path, 1, &body), head.act(&path, 1, &body));
    let mut status = [one_of.status, other.status];
    status.sort_unstable();
    assert_eq!(status, [200, 409], "{} {}", one_of.json, other.json);
    assert_eq!(one(&app, &id).await["history"].as_array().unwrap().len(), 1);
}

async fn what_is_answered_anew_is_assessed_no_more(app: TestApp) {
    // Given something withheld whose reply is annulled
    let (case, id) = withheld(&app).await;
    let opened = json!({
        "action": "open_remedy", "on": "2026-09-14", "id": "青复1号", "remedy": "reconsideration",
        "body": "青云县人民政府", "procedure": "simplified", "claims": "撤销答复"
    });
    case.does(By::Clerk, opened).await;
    app.set_today("2026-10-19");
    let decided = json!({
        "action": "decide_remedy", "on": "2026-10-19", "id": "青复1号", "result": "corrected",
        "ending": "annulled", "decision": "青复决1号"
    });
    case.does(By::Officer, decided).await;
    assert_eq!(app.app.queue_withheld().await.unwrap(), 0);
    let order = json!({
        "action": "remand", "on": "2026-10-19", "working_days": 15, "decision": "青复决1号",
        "remedy": "青复1号"
    });
    case.does(By::Head, order).await;

    // When the sweep comes, then the old reply is assessed no more; the new one will be
    assert_eq!(app.app.queue_withheld().await.unwrap(), 1);
    assert_eq!(one(&app, &id).await["state"], "superseded");
    let late = assess(&app, "officer", "officer", &id, "keep").await;
    assert_eq!(late.refusal(), (422, "wrong_state"));
    let notice = case.issued(&n5()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-10-19", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!(app.app.queue_withheld().await.unwrap(), 1);
    let now = listed(&app, "?state=waiting").await;
    assert_eq!((now.len(), &now[0]["withheld_on"]), (1, &json!("2026-10-19")));
}

async fn an_assessment_is_never_rewritten(app: TestApp) {
    let (_case, id) = withheld(&app).await;
    assess(&app, "officer", "officer", &id, "keep").await.expect(200);
    for sql in ["UPDATE reassessment_deeds SET reason = '改'", "DELETE FROM reassessment_deeds"] {
        let tried = app.app.store.write(move |conn| {
            use diesel::RunQueryDsl;
            diesel::sql_query(sql).execute(conn)?;
            Ok::<_, StoreError>(())
        });
        assert!(tried.await.unwrap_err().to_string().contains("append-only"), "{sql}");
    }
    let id: Uuid = id.parse().unwrap();
    let deeds = app.app.store.read(move |conn| rows::deeds(conn, id)).await.unwrap();
    assert_eq!(deeds[0].reason, "所涉事项已经办结");
}

async fn the_queue_has_pages_and_shows_only_the_agencys_own(app: TestApp) {
    let (_first, id) = withheld(&app).await;
    withheld(&app).await;
    let officer = app.officer().await;
    let page = officer.get("/api/v1/reassessments?limit=1").await.expect(200).json;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let next = format!("/api/v1/reassessments?limit=1&cursor={}", page["next"].as_str().unwrap());
    let last = officer.get(&next).await.expect(200).json;
    assert_ne!(last["items"][0]["id"], page["items"][0]["id"]);
    assert_eq!(last["next"], Value::Null);
    let bad = officer.get("/api/v1/reassessments?cursor=x").await;
    assert_eq!(bad.blamed(), ("cursor", "malformed_cursor"));

    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    let empty = stranger.get("/api/v1/reassessments").await.expect(200).json;
    assert_eq!(empty["items"], json!([]));
    let path = format!("/api/v1/reassessments?agency={}", app.agency);
    assert_eq!(stranger.get(&path).await.status, 404);
    let body = json!({ "step": "keep", "reason": "情形没有变化" });
    let path = format!("/api/v1/reassessments/{id}/steps");
    assert_eq!(stranger.act(&path, 1, &body).await.status, 404);
    let county = app.supervisor().await.get("/api/v1/reassessments").await.expect(200).json;
    assert_eq!(county["items"].as_array().unwrap().len(), 2);
}
