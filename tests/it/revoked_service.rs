//! A wrong record of service is taken back, with what it began; and not once something rests on it.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_wrong_record_of_service_is_taken_back_by_the_head_step_by_step,
    the_limit_of_a_third_party_ends_with_the_arrival_it_began_with,
    the_time_to_pay_ends_with_the_arrival_it_began_with,
    a_return_that_was_none_is_taken_back,
);

async fn issued(app: &TestApp) -> (Case<'_>, String) {
    let case = Case::in_processing(app).await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    (case, reply)
}

/// The head's word on the last record of a notice.
async fn revoked(case: &Case<'_>, notice: &str, body: Value) -> Reply {
    let head = case.app.head().await;
    let path = format!("/api/v1/notices/{notice}/deliveries");
    head.act(&path, case.version().await, &body).await
}

fn wrong() -> Value {
    json!({ "step": "revoked", "reason": "回执联属于另一申请" })
}

async fn a_wrong_record_of_service_is_taken_back_by_the_head_step_by_step(app: TestApp) {
    // Given a reply recorded as posted and as served
    let (case, reply) = issued(&app).await;
    let letter = json!({
        "step": "sent", "on": "2026-09-14", "method": "ems", "tracking": "EA123456789CN"
    });
    case.serve(&reply, letter.clone()).await.expect(200);
    app.set_today("2026-09-16");
    let served = json!({ "step": "served", "on": "2026-09-16", "evidence": "回执联" });
    case.serve(&reply, served.clone()).await.expect(200);

    // When the clerk, or the head without a reason, wants to take it back
    let wrong = json!({ "step": "revoked", "reason": "回执联属于另一申请" });
    assert_eq!(case.serve(&reply, wrong.clone()).await.refusal().0, 403);
    let revoke = async |body: Value| revoked(&case, &reply, body).await;
    let silent = revoke(json!({ "step": "revoked", "reason": " " })).await;
    assert_eq!(silent.fault(), (422, "text_missing", "reason"));
    // Then the head takes back the arrival …
    let view = revoke(wrong.clone()).await.expect(200).json;
    assert_eq!(
        (&view["state"], &view["served_on"], &view["replied_on"]),
        (&json!("dispatched"), &Value::Null, &json!("2026-09-14"))
    );
    // … and then the posting: the limit governs again
    let view = revoke(wrong.clone()).await.expect(200).json;
    assert_eq!(
        (&view["state"], &view["replied_on"], &view["governing_on"]),
        (&json!("issued"), &Value::Null, &json!("2026-10-16"))
    );
    assert_eq!(revoke(wrong).await.refusal(), (422, "wrong_state"));
    let attempts = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    assert_eq!(attempts[0]["revoked_on"], "2026-09-16");
    assert_eq!(attempts[0]["revoke_reason"], "回执联属于另一申请");

    // And it is sent and served as it really was
    let handed = json!({
        "step": "sent", "on": "2026-09-16", "method": "in_person", "slip": { "receiver": "本人" }
    });
    let view = case.serve(&reply, handed).await.expect(200).json;
    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-09-16"), &json!("2026-09-16"))
    );
    let kinds = case.story().await;
    assert_eq!(
        kinds.iter().filter(|kind| kind.contains("service_revoked")).count(),
        2,
        "{kinds:?}"
    );
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

/// Posted on 16 September, and signed for on that day.
async fn posted_and_signed(case: &Case<'_>, notice: &str) {
    let sent = json!({
        "step": "sent", "on": "2026-09-16", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(notice, sent).await.expect(200);
    let served = json!({ "step": "served", "on": "2026-09-16", "evidence": "回执联" });
    case.serve(notice, served).await.expect(200);
}

/// 条例 art. 32: the third party's fifteen working days.
async fn the_limit_of_a_third_party_ends_with_the_arrival_it_began_with(app: TestApp) {
    // Given a letter whose arrival was recorded in the wrong case
    let case = Case::in_processing(&app).await;
    let consult = json!({
        "action": "consult", "on": "2026-09-14", "id": "1", "party": "third_party",
        "addressee": "某某建筑公司", "jointly_made": false, "items": []
    });
    case.does(By::Officer, consult).await;
    let letter = case.notice("third_party_letter").await["id"].as_str().unwrap().to_owned();
    assert_eq!(revoked(&case, &letter, wrong()).await.refusal().0, 422);
    app.set_today("2026-09-16");
    posted_and_signed(&case, &letter).await;
    let asked = async || {
        let officer = app.officer().await;
        let waiting = officer.get(&case.path("/waiting")).await.expect(200).json;
        let asked = &waiting["consultations"][0];
        (asked["served_on"].clone(), asked["limit_on"].clone())
    };
    assert_eq!(asked().await, (json!("2026-09-16"), json!("2026-10-13")));

    // When the head takes the arrival back
    revoked(&case, &letter, wrong()).await.expect(200);

    // Then no limit runs, the letter is under way, and no silence is drawn from it
    assert_eq!(asked().await, (Value::Null, Value::Null));
    app.set_today("2026-10-20");
    app.app.sweep("test").await.unwrap();
    let kinds = case.story().await;
    assert!(!kinds.iter().any(|kind| kind.contains("consultation_lapsed")), "{kinds:?}");
    // And the true arrival begins it anew; once answered, nothing is taken back any more
    let served = json!({ "step": "served", "on": "2026-10-20", "evidence": "查询记录" });
    case.serve(&letter, served).await.expect(200);
    assert_eq!(asked().await.0, json!("2026-10-20"));
    let opinion = json!({
        "action": "record_opinion", "on": "2026-10-20", "id": "1", "position": "agrees",
        "text": "同意公开"
    });
    case.does(By::Clerk, opinion).await;
    let late = revoked(&case, &letter, wrong()).await;
    assert_eq!(late.fault(), (422, "rests_on_arrival", "step"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

/// 109号 art. 6: twenty working days from the service of the notice.
async fn the_time_to_pay_ends_with_the_arrival_it_began_with(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let fee = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "pages", "amount_fen": 1000,
        "pages": 31, "why": "数量明显超过合理范围"
    });
    case.does(By::Officer, fee).await;
    let notice = case.notice("fee_notice").await["id"].as_str().unwrap().to_owned();
    app.set_today("2026-09-16");
    posted_and_signed(&case, &notice).await;
    let pay_by = async || {
        let fee = app.officer().await.get(&case.path("/fee")).await.expect(200).json;
        fee["asked"]["pay_by"].clone()
    };
    assert_eq!(pay_by().await, json!("2026-10-20"));

    revoked(&case, &notice, wrong()).await.expect(200);
    assert_eq!(pay_by().await, Value::Null);
    // Then the posting too: the attempt stands in the list as taken back
    let view = revoked(&case, &notice, wrong()).await.expect(200).json;
    assert_eq!((&view["state"], &view["governing"]), (&json!("fee_pending"), &Value::Null));
    let attempts = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    assert_eq!(attempts[0]["revoked_on"], "2026-09-16");

    // And once it was served as it was and paid, the arrival stands
    posted_and_signed(&case, &notice).await;
    let pay = json!({
        "action": "record_payment", "on": "2026-09-16", "amount_fen": 1000, "proof": "缴款书"
    });
    case.does(By::Clerk, pay).await;
    let late = revoked(&case, &notice, wrong()).await;
    assert_eq!(late.fault(), (422, "rests_on_arrival", "step"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_return_that_was_none_is_taken_back(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-10-14",
        "defects": [{ "kind": "content", "guidance": "请写明文件名称" }]
    });
    case.does(By::Officer, ask).await;
    let notice = case.notice("correction").await["id"].as_str().unwrap().to_owned();
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(&notice, sent).await.expect(200);
    let back = json!({ "step": "returned", "on": "2026-09-14", "reason": "查无此人" });
    case.serve(&notice, back).await.expect(200);

    revoked(&case, &notice, wrong()).await.expect(200);

    let attempts = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    assert_eq!(
        (&attempts[0]["returned_on"], &attempts[0]["revoked_on"]),
        (&Value::Null, &Value::Null)
    );
    let track = case.track().await.to_string();
    assert!(track.contains("此前政府信息公开申请补正告知书的送达登记有误，已撤销"), "{track}");
    let served = json!({ "step": "served", "on": "2026-09-14", "evidence": "回执联" });
    case.serve(&notice, served).await.expect(200);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
