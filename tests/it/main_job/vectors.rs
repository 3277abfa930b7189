//! The synthetic vectors of the rulebook (3.2), through the door: what the county's people see on
//! their screens on those days.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    s1_received_before_the_national_day_holidays,
    s2_received_before_the_spring_festival,
    s3_a_correction_starts_the_limit_anew,
    s4_a_consultation_stops_the_limit,
    an_extension_told_after_the_last_day_is_refused,
    on_the_day_of_rest_after_the_last_day_a_case_is_overdue,
);

async fn s1_received_before_the_national_day_holidays(app: TestApp) {
    let case = online(&app, "2026-09-14").await;
    assert_eq!(case.filed["due_on"], "2026-10-16");
    case.processed_now().await;
    assert_eq!(extended(&case, "2026-10-16").await["due_on"], "2026-11-13");

    assert_eq!(late_correction(&app, "2026-09-14", "2026-09-22").await, json!([]));
    let late = late_correction(&app, "2026-09-14", "2026-09-23").await;
    assert_eq!(late, json!(["correction_notice_late"]));
}

async fn s2_received_before_the_spring_festival(app: TestApp) {
    let case = online(&app, "2026-02-10").await;
    assert_eq!(case.filed["due_on"], "2026-03-16");
    case.processed_now().await;
    assert_eq!(extended(&case, "2026-03-16").await["due_on"], "2026-04-14");

    assert_eq!(late_correction(&app, "2026-02-10", "2026-02-26").await, json!([]));
    let late = late_correction(&app, "2026-02-10", "2026-02-27").await;
    assert_eq!(late, json!(["correction_notice_late"]));
}

async fn s3_a_correction_starts_the_limit_anew(app: TestApp) {
    let case = online(&app, "2026-03-30").await;
    case.assigned().await;
    ask_correction(&case, "2026-04-09").await;

    app.set_today("2026-04-20");
    let body = json!({ "text": "补充了文件名称" });
    let told = case.applicant("correction", body).await.expect(200).json;

    assert_eq!(told["due_on"], "2026-05-20");
    case.does(By::Officer, json!({ "action": "pass_examination" })).await;
    assert_eq!(extended(&case, "2026-05-20").await["due_on"], "2026-06-17");
}

async fn s4_a_consultation_stops_the_limit(app: TestApp) {
    let case = online(&app, "2026-05-11").await;
    assert_eq!(case.filed["due_on"], "2026-06-08");
    case.processed_now().await;

    app.set_today("2026-05-18");
    let ask = json!({
        "action": "consult", "on": "2026-05-18", "id": "1", "party": "third_party",
        "addressee": "青云建筑有限公司"
    });
    let view = case.does(By::Officer, ask).await;
    assert_eq!(
        (&view["state"], &view["provisional"]),
        (&json!("third_party_pending"), &json!(true))
    );
    app.set_today("2026-05-20");
    let served = json!({ "action": "record_consultation_service", "on": "2026-05-20", "id": "1" });
    case.does(By::Clerk, served).await;
    app.set_today("2026-06-02");
    let answer = json!({
        "action": "record_opinion", "on": "2026-06-02", "id": "1", "position": "agrees", "text": ""
    });
    let view = case.does(By::Clerk, answer).await;

    assert_eq!((&view["due_on"], &view["provisional"]), (&json!("2026-06-24"), &json!(false)));
    assert_eq!(extended(&case, "2026-06-24").await["due_on"], "2026-07-22");
}

async fn an_extension_told_after_the_last_day_is_refused(app: TestApp) {
    // Given an extension that the head consented to on the last day
    let case = online(&app, "2026-09-14").await;
    case.processed_now().await;
    consented(&case, "2026-10-16").await;

    // When the notice goes out one day later
    app.set_today("2026-10-17");
    let told = json!({ "action": "tell_extension", "on": "2026-10-17" });
    let refused = case.act(By::Officer, told).await;

    // Then it is refused with the article, no number is used, and the case is overdue
    assert_eq!(refused.refusal(), (422, "extension_after_limit"));
    assert_eq!(refused.json["article"], "《政府信息公开条例》第三十三条第二款");
    let view = case.view().await;
    assert_eq!((&view["overdue"], &view["due_on"]), (&json!(true), &json!("2026-10-16")));
    let next = online(&app, "2026-10-19").await;
    next.processed_now().await;
    extended(&next, "2026-10-20").await;
    assert_eq!(next.notice("extension").await["number"], "青财依延〔2026〕第1号");
}

async fn on_the_day_of_rest_after_the_last_day_a_case_is_overdue(app: TestApp) {
    // Given a case whose last day is a Friday
    let case = online(&app, "2026-09-14").await;
    case.processed_now().await;
    let told = async |on: &str| {
        app.set_today(on);
        let view = case.view().await;
        let listed = app.head().await.get("/api/v1/requests").await.expect(200).json;
        for key in ["id", "state", "due_on", "days_left", "overdue", "version"] {
            assert_eq!(listed["items"][0][key], view[key], "{key}");
        }
        (view["days_left"].clone(), view["overdue"].clone())
    };

    // Then no working day is missing on Saturday, and yet it is overdue
    assert_eq!(told("2026-10-16").await, (json!(0), json!(false)));
    assert_eq!(told("2026-10-17").await, (json!(0), json!(true)));
    assert_eq!(told("2026-10-19").await, (json!(-1), json!(true)));

    // And once the reply was sent nobody is late any more
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-10-19", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&reply, sent).await.expect(200);
    assert_eq!(told("2026-10-20").await, (Value::Null, json!(false)));
    assert_eq!(case.view().await["defects"], json!(["reply_late"]));
}

async fn online<'a>(app: &'a TestApp, on: &str) -> Case<'a> {
    app.set_today(on);
    Case::filed(app).await
}

impl Case<'_> {
    async fn processed_now(&self) {
        self.assigned().await;
        self.does(By::Officer, json!({ "action": "pass_examination" })).await;
    }
}

async fn consented(case: &Case<'_>, on: &str) {
    case.app.set_today(on);
    let ask = json!({ "action": "ask_extension", "working_days": 20, "reason": "检索范围广" });
    case.does(By::Officer, ask).await;
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
}

async fn extended(case: &Case<'_>, on: &str) -> Value {
    consented(case, on).await;
    case.does(By::Officer, json!({ "action": "tell_extension", "on": on })).await
}

async fn ask_correction(case: &Case<'_>, on: &str) -> Value {
    case.app.set_today(on);
    let ask = json!({
        "action": "ask_correction", "on": on, "until": "2026-12-31",
        "defects": [{ "kind": "content", "guidance": "请写明文件名称" }]
    });
    case.does(By::Officer, ask).await
}

/// The defects of a case in which the correction notice goes out on `on`.
async fn late_correction(app: &TestApp, received: &str, on: &str) -> Value {
    let case = online(app, received).await;
    case.assigned().await;
    ask_correction(&case, on).await["defects"].clone()
}
