//! How cases end: service that fails and is repeated, electronic service, withdrawal, the lapse of
//! a correction, a number that is voided.

use gongkai::jobs;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_letter_that_came_back_is_posted_again_and_the_first_day_counts,
    a_letter_needs_its_number_and_a_day_that_is_possible,
    electronic_service_needs_the_consent_of_the_applicant,
    electronic_service_is_complete_on_the_day_and_mails_the_reply,
    an_applicant_withdraws_until_the_reply_is_issued,
    a_correction_lapses_only_after_its_day_and_with_proof_of_service,
    a_case_is_not_closed_before_the_reply_is_served,
);

async fn a_letter_that_came_back_is_posted_again_and_the_first_day_counts(app: TestApp) {
    let (case, reply) = issued(&app).await;
    app.set_today("2026-09-15");
    let sent = json!({
        "step": "sent", "on": "2026-09-15", "method": "registered", "tracking": "XA11111111111"
    });
    case.serve(&reply, sent).await.expect(200);
    app.set_today("2026-09-21");
    let back = json!({ "step": "returned", "on": "2026-09-21", "reason": "查无此人" });
    let view = case.serve(&reply, back).await.expect(200).json;
    assert_eq!(view["state"], "service_failed");

    app.set_today("2026-09-22");
    let again =
        json!({ "step": "sent", "on": "2026-09-22", "method": "ems", "tracking": "EA2222222CN" });
    case.serve(&reply, again).await.expect(200);
    app.set_today("2026-09-24");
    let served = json!({ "step": "served", "on": "2026-09-24", "evidence": "本人签收" });
    let view = case.serve(&reply, served).await.expect(200).json;

    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-09-15"), &json!("2026-09-24"))
    );
    let attempts = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    assert_eq!(attempts.as_array().unwrap().len(), 2);
    assert_eq!(attempts[0]["returned_on"], "2026-09-21");
    assert_eq!(attempts[0]["return_reason"], "查无此人");
    assert_eq!(attempts[0]["served_on"], Value::Null);
    assert_eq!(attempts[1]["tracking_number"], "EA2222222CN");
    assert_eq!(attempts[1]["served_on"], "2026-09-24");
    assert_eq!(attempts[1]["agency_completion_on"], "2026-09-15");
}

async fn a_letter_needs_its_number_and_a_day_that_is_possible(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let sent = |on: &str, tracking: &str| json!({ "step": "sent", "on": on, "method": "ems", "tracking": tracking });

    let without = case.serve(&reply, sent("2026-09-14", "")).await;
    assert_eq!(without.fault(), (422, "text_missing", "tracking"));
    let before = case.serve(&reply, sent("2026-09-11", "EA1CN")).await;
    assert_eq!(before.fault(), (422, "date_too_early", "on"));
    let tomorrow = case.serve(&reply, sent("2026-09-15", "EA1CN")).await;
    assert_eq!(tomorrow.fault(), (422, "date_in_future", "on"));
    let courier = json!({ "step": "sent", "on": "2026-09-14", "method": "courier" });
    let refused = case.serve(&reply, courier).await;
    assert_eq!(refused.fault(), (422, "courier_refused", "method"));
    assert!(refused.json["article"].as_str().unwrap().contains("235号"), "{}", refused.json);

    assert_eq!(case.view().await["state"], "issued");
    let deliveries = app.clerk().await.get(&case.path("/deliveries")).await.json;
    assert_eq!(deliveries, json!([]));
}

async fn electronic_service_needs_the_consent_of_the_applicant(app: TestApp) {
    let (case, reply) = issued(&app).await;

    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "electronic" });
    let refused = case.serve(&reply, sent).await;

    assert_eq!(refused.fault(), (422, "electronic_consent_missing", "method"));
    assert_eq!(case.view().await["state"], "issued");
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&reply, sent).await.expect(200);
}

async fn electronic_service_is_complete_on_the_day_and_mails_the_reply(app: TestApp) {
    let case = Case::filed_with(&app, |form| {
        form["delivery_way"] = json!("email");
        form["electronic_service"] = json!(true);
    });
    let case = case.await.processed().await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(subjects(&app).len(), 1, "only the receipt so far");

    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "electronic" });
    let view = case.serve(&reply, sent).await.expect(200).json;

    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-09-14"), &json!("2026-09-14"))
    );
    jobs::drain(&app.app).await.unwrap();
    let subjects = subjects(&app);
    assert_eq!(subjects.len(), 2);
    assert!(subjects.iter().any(|subject| subject.contains("答复书")), "{subjects:?}");

    // A message that bounced never arrived: the reply is not complete after all.
    app.set_today("2026-09-15");
    let bounced = json!({ "step": "returned", "on": "2026-09-15", "reason": "邮箱不存在" });
    let view = case.serve(&reply, bounced).await.expect(200).json;
    assert_eq!((&view["state"], &view["replied_on"]), (&json!("service_failed"), &Value::Null));
    assert_eq!(view["due_on"], "2026-10-16");
}

async fn an_applicant_withdraws_until_the_reply_is_issued(app: TestApp) {
    let case = Case::in_processing(&app).await;
    app.set_today("2026-09-16");
    let statement = json!({ "statement": "已从其他途径取得，申请撤回" });

    let told = case.applicant("withdrawal", statement.clone()).await.expect(200).json;

    assert_eq!((&told["state"], &told["may_withdraw"]), (&json!("withdrawn"), &json!(false)));
    let view = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!((&view["outcome"], &view["open"]), (&json!("O3"), &json!(false)));

    let (issued, _) = issued(&app).await;
    let late = issued.applicant("withdrawal", statement).await;
    assert_eq!(late.refusal(), (422, "wrong_state"));
    let empty = Case::filed(&app).await.applicant("withdrawal", json!({ "statement": "" })).await;
    assert_eq!(empty.fault(), (422, "text_missing", "statement"));
}

async fn a_correction_lapses_only_after_its_day_and_with_proof_of_service(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-09-30",
        "defects": [{ "kind": "form", "guidance": "请填写申请书并签名" }]
    });
    case.does(By::Officer, ask).await;
    let notice = case.notice("correction").await["id"].as_str().unwrap().to_owned();
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(&notice, sent).await.expect(200);
    app.set_today("2026-09-16");
    let served = json!({ "step": "served", "on": "2026-09-16", "evidence": "挂号信回执" });
    case.serve(&notice, served).await.expect(200);
    let lapse = |on: &str| {
        json!({
            "action": "lapse_correction", "on": on, "notice_served_on": "2026-09-16",
            "proof": "挂号信回执"
        })
    };

    // On the last day it is too early; on the next it is not.
    app.set_today("2026-09-30");
    let early = case.act(By::Officer, lapse("2026-09-30")).await;
    assert_eq!(early.refusal(), (422, "correction_still_open"));
    assert!(early.json["detail"].as_str().unwrap().contains("2026-09-30"));
    app.set_today("2026-10-01");
    let view = case.does(By::Officer, lapse("2026-10-01")).await;

    assert_eq!((&view["state"], &view["due_on"]), (&json!("correction_lapsed"), &Value::Null));
    let late = case.applicant("correction", json!({ "text": "补正" })).await;
    assert_eq!(late.refusal(), (422, "wrong_state"));
    let view = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!(view["outcome"], "O1");
}

async fn a_case_is_not_closed_before_the_reply_is_served(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let close = json!({ "action": "close" });
    assert_eq!(case.act(By::Officer, close.clone()).await.refusal(), (422, "wrong_state"));
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "ems", "tracking": "EA1CN" });
    case.serve(&reply, sent).await.expect(200);
    assert_eq!(case.act(By::Officer, close.clone()).await.refusal(), (422, "wrong_state"));
    let served = json!({ "step": "served", "on": "2026-09-14", "evidence": "本人签收" });
    case.serve(&reply, served).await.expect(200);
    case.does(By::Officer, close).await;
}

/// A case with an issued reply, both of today.
async fn issued(app: &TestApp) -> (Case<'_>, String) {
    let case = Case::in_processing(app).await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    (case, reply)
}

fn subjects(app: &TestApp) -> Vec<String> {
    let files = std::fs::read_dir(app.folder.path().join("mail")).unwrap();
    let raw = files.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    raw.map(|raw| MessageParser::default().parse(&raw).unwrap().subject().unwrap().to_owned())
        .collect()
}
