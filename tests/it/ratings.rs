//! 好差评: given once by the applicant, read by heads and supervisors, put right when it is bad.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g1};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_service_is_rated_once_and_only_when_it_is_rendered,
    a_bad_rating_is_called_back_checked_put_right_and_told,
    nobody_dismisses_a_bad_rating_of_their_own_work,
    the_rater_is_protected,
    the_steps_come_in_their_order,
    a_wrong_code_rates_nothing,
    the_page_takes_a_rating_and_keeps_what_was_typed,
);

/// A request whose reply was handed over on 2026-09-14.
async fn replied(app: &TestApp) -> Case<'_> {
    let case = Case::in_processing(app).await;
    let notice = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    case
}

fn rating(case: &Case<'_>, grade: &str) -> Value {
    let mut body = case.ticket();
    body["grade"] = json!(grade);
    body["comment"] = json!("等了很久才有人接电话");
    body
}

async fn rate(case: &Case<'_>, grade: &str) -> Reply {
    case.app.anon().post("/api/v1/tracking/rating", &rating(case, grade)).await
}

/// The only rating there is, as the head reads it.
async fn only(app: &TestApp) -> Value {
    let list = app.head().await.get("/api/v1/ratings").await.expect(200).json;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    list["items"][0].clone()
}

async fn step(app: &TestApp, seen: &Value, body: Value) -> Reply {
    let path = format!("/api/v1/ratings/{}/steps", seen["id"].as_str().unwrap());
    let version = i32::try_from(seen["version"].as_i64().unwrap()).unwrap();
    app.head().await.act(&path, version, &body).await
}

async fn a_service_is_rated_once_and_only_when_it_is_rendered(app: TestApp) {
    let under_way = Case::in_processing(&app).await;
    assert_eq!(rate(&under_way, "satisfied").await.refusal(), (422, "rating_not_yet"));

    let case = replied(&app).await;
    let before = app.anon().send_json("/api/v1/tracking", &case.ticket()).await.expect(200).json;
    assert_eq!((&before["may_rate"], &before["rating"]), (&json!(true), &Value::Null));
    let key = Uuid::now_v7().to_string();
    let body = rating(&case, "satisfied");
    let first = app.anon().post_once("/api/v1/tracking/rating", &body, &key).await.expect(200);
    let again = app.anon().post_once("/api/v1/tracking/rating", &body, &key).await.expect(200);
    assert_eq!(first.json, again.json);
    assert_eq!(first.json["rating"]["label"], "满意");
    assert_eq!(first.json["may_rate"], false);
    assert_eq!(rate(&case, "very_dissatisfied").await.refusal(), (409, "already_rated"));

    // A good rating needs nothing; the result of the request stands beside it
    let view = only(&app).await;
    assert_eq!((&view["state"], &view["due_on"]), (&json!("noted"), &Value::Null));
    assert_eq!((&view["grade"], &view["outcome"]), (&json!("satisfied"), &json!("G1")));
    let refused =
        step(&app, &view, json!({ "step": "contact", "on": "2026-09-14", "said": "…" })).await;
    assert_eq!(refused.refusal(), (422, "wrong_state"));
}

async fn a_bad_rating_is_called_back_checked_put_right_and_told(app: TestApp) {
    // Given a bad rating of 14 September
    let case = replied(&app).await;
    rate(&case, "dissatisfied").await.expect(200);
    let view = only(&app).await;
    assert_eq!((&view["state"], &view["overdue"]), (&json!("open"), &json!(false)));
    // Fifteen working days on, over 中秋 and 国庆, with two working rest days
    assert_eq!(view["due_on"], "2026-10-10");
    let open = app.supervisor().await.get("/api/v1/ratings?open=true").await.expect(200).json;
    assert_eq!(open["items"].as_array().unwrap().len(), 1);

    // When the head takes the steps
    app.set_today("2026-10-12");
    assert_eq!(only(&app).await["overdue"], true);
    for (body, state) in [
        (json!({ "step": "contact", "on": "2026-10-12", "said": "电话无人接听" }), "contacted"),
        (
            json!({ "step": "contact", "on": "2026-10-12", "said": "申请人称两次致电无人接听" }),
            "contacted",
        ),
        (
            json!({ "step": "check", "on": "2026-10-12", "finding": "founded", "reason": "值班记录有空缺" }),
            "checked",
        ),
        (json!({ "step": "correct", "on": "2026-10-12", "measures": "增加值班人员" }), "corrected"),
        (
            json!({ "step": "tell", "on": "2026-10-12", "text": "已增加值班人员，向您致歉" }),
            "closed",
        ),
    ] {
        let seen = only(&app).await;
        let done = step(&app, &seen, body.clone()).await.expect(200).json;
        assert_eq!(done["state"], state, "{body}");
    }

    // Then nothing is open, and the applicant reads what was done
    let open = app.head().await.get("/api/v1/ratings?open=true").await.expect(200).json;
    assert_eq!(open["items"], json!([]));
    let told = app.anon().send_json("/api/v1/tracking", &case.ticket()).await.expect(200).json;
    assert_eq!(told["rating"]["feedback"], "已增加值班人员，向您致歉");
    assert_eq!(only(&app).await["history"].as_array().unwrap().len(), 5);
}

async fn nobody_dismisses_a_bad_rating_of_their_own_work(app: TestApp) {
    // Given a case that the head handles in person
    let case = replied(&app).await;
    app.head().await;
    let head = app.db_user("head").await.unwrap().id;
    case.does(
        By::Clerk,
        json!({ "action": "assign", "officer": head, "reason": "改由负责人办理" }),
    )
    .await;
    rate(&case, "very_dissatisfied").await.expect(200);
    let called = json!({ "step": "contact", "on": "2026-09-14", "said": "已说明" });
    let seen = step(&app, &only(&app).await, called).await.expect(200).json;

    let check = |finding: &str| json!({ "step": "check", "on": "2026-09-14", "finding": finding, "reason": "查无此事" });
    for finding in ["unfounded", "malicious"] {
        assert_eq!(step(&app, &seen, check(finding)).await.refusal(), (422, "own_rating"));
    }
    // Somebody else may; so is one's own work found wanting by oneself
    let other = app.signed_in("head2", &["head"], Some(app.agency)).await;
    let path = format!("/api/v1/ratings/{}/steps", seen["id"].as_str().unwrap());
    let dismissed = other.act(&path, 2, &check("unfounded")).await.expect(200).json;
    assert_eq!(dismissed["state"], "checked");
    // What was not founded is told without measures
    let correct = json!({ "step": "correct", "on": "2026-09-14", "measures": "无" });
    assert_eq!(step(&app, &dismissed, correct).await.refusal(), (422, "wrong_state"));
    let tell = json!({ "step": "tell", "on": "2026-09-14", "text": "经核实，通话记录完整" });
    assert_eq!(step(&app, &dismissed, tell).await.expect(200).json["state"], "closed");
}

async fn the_rater_is_protected(app: TestApp) {
    let case = replied(&app).await;
    rate(&case, "dissatisfied").await.expect(200);
    let id = only(&app).await["id"].as_str().unwrap().to_owned();

    // The officer reads neither the list nor the rating, nor anything of it in the ledger
    for who in [app.officer().await, app.clerk().await] {
        assert_eq!(who.get("/api/v1/ratings").await.refusal(), (403, "forbidden"));
        let one = who.get(&format!("/api/v1/ratings/{id}")).await;
        assert_eq!(one.refusal(), (403, "forbidden"));
        let ledger = who.get(&case.path("/events")).await.expect(200).json.to_string();
        assert!(!ledger.contains("等了很久"), "{ledger}");
    }
    // Another agency's head does not learn that there is one
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.get("/api/v1/ratings").await.expect(200).json["items"], json!([]));
    let one = stranger.get(&format!("/api/v1/ratings/{id}")).await;
    assert_eq!(one.refusal(), (404, "not_found"));
    let theirs = stranger.get(&format!("/api/v1/ratings?agency={}", app.agency)).await;
    assert_eq!(theirs.refusal(), (404, "not_found"));
}

async fn the_steps_come_in_their_order(app: TestApp) {
    let case = replied(&app).await;
    rate(&case, "dissatisfied").await.expect(200);
    let seen = only(&app).await;
    let contact = |on: &str, said: &str| json!({ "step": "contact", "on": on, "said": said });
    let early = json!({ "step": "check", "on": "2026-09-14", "finding": "founded", "reason": "…" });
    assert_eq!(step(&app, &seen, early).await.refusal(), (422, "wrong_state"));
    let future = step(&app, &seen, contact("2026-09-15", "…")).await;
    assert_eq!(future.refusal(), (422, "date_in_future"));
    let before = step(&app, &seen, contact("2026-09-13", "…")).await;
    assert_eq!(before.refusal(), (422, "date_too_early"));
    let empty = step(&app, &seen, contact("2026-09-14", " ")).await;
    assert_eq!(empty.fault(), (422, "text_missing", "said"));
    step(&app, &seen, contact("2026-09-14", "已说明")).await.expect(200);
    let late = step(&app, &seen, contact("2026-09-14", "再次说明")).await;
    assert_eq!(late.refusal(), (409, "changed"));
}

async fn a_wrong_code_rates_nothing(app: TestApp) {
    let (case, other) = (replied(&app).await, replied(&app).await);
    let mut body = rating(&case, "dissatisfied");
    body["code"] = other.ticket()["code"].clone();
    let refused = app.anon().post("/api/v1/tracking/rating", &body).await;
    assert_eq!(refused.refusal(), (404, "not_found"));
    assert_eq!(app.head().await.get("/api/v1/ratings").await.json["items"], json!([]));
    let unknown = rate(&case, "superb").await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.json.to_string().contains("grade"), "{}", unknown.json);
}

async fn the_page_takes_a_rating_and_keeps_what_was_typed(app: TestApp) {
    let case = replied(&app).await;
    let anon = app.anon();
    let ticket = case.ticket();
    let text = |key: &str| ticket[key].as_str().unwrap().to_owned();
    let form = |extra: &[(&'static str, &str)]| {
        let mut form = reqwest::multipart::Form::new()
            .text("number", text("number"))
            .text("code", text("code"));
        for (name, value) in extra {
            form = form.text(*name, (*value).to_owned());
        }
        form
    };
    let send = async |path: &str, form| {
        let request = anon.request(reqwest::Method::POST, path).multipart(form);
        let reply = anon.send(request).await;
        (reply.status, String::from_utf8(reply.bytes).unwrap())
    };
    let (status, page) = send("/track", form(&[])).await;
    assert_eq!(status, 200);
    assert!(page.contains("评价这次服务"), "{page}");
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();

    // Without a grade the comment is not lost
    let (status, page) =
        send("/track/rating", form(&[("key", key), ("comment", "态度很好")])).await;
    assert_eq!(status, 422);
    assert!(page.contains("请选择一项满意程度") && page.contains("态度很好"), "{page}");
    let again = form(&[("key", key), ("grade", "very_satisfied"), ("comment", "态度很好")]);
    let (status, page) = send("/track/rating", again).await;
    assert_eq!(status, 200);
    assert!(page.contains("感谢您的评价") && page.contains("非常满意"), "{page}");
    assert!(!page.contains("评价这次服务"), "{page}");
    assert_eq!(only(&app).await["comment"], "态度很好");
}
