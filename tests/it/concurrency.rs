//! Several people at once: one succeeds and the other hears what changed; what is sent twice happens
//! once; numbers run 1…n.

mod bookkeeping;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use gongkai::db::numbers;
use gongkai::jobs;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, application, filing, g1};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    of_two_officers_one_succeeds_and_the_other_hears_what_changed,
    of_two_officers_who_ask_for_correction_one_succeeds_and_one_number_is_used,
    of_two_heads_who_issue_one_succeeds_and_one_number_is_used,
    a_late_step_hears_what_changed_before_anything_else,
    a_document_rendered_meanwhile_disturbs_nobody,
    everybody_gets_the_document_while_it_is_being_rendered,
    the_same_filing_twice_at_once_is_one_request,
    the_same_step_twice_has_one_effect_and_one_answer,
    a_key_with_another_body_or_for_another_thing_is_refused,
    a_refused_attempt_does_not_use_up_its_key,
    the_version_of_the_answer_is_good_for_the_next_step,
    thirty_two_issuers_at_once_leave_no_gap,
    a_voided_number_keeps_its_reason_and_is_not_given_out_again,
);

/// The one that succeeded and the one that did not.
fn sorted(first: Reply, second: Reply) -> (Reply, Reply) {
    if first.status <= second.status { (first, second) } else { (second, first) }
}

async fn of_two_officers_one_succeeds_and_the_other_hears_what_changed(app: TestApp) {
    // Given two officers who look at the same version of a request
    let case = Case::filed(&app).await;
    case.assigned().await;
    let (one, two) = (app.officer().await, officer_two(&app).await);
    let (path, version) = (case.path("/actions"), case.version().await);
    let pass = json!({ "action": "pass_examination" });

    // When both act at once
    let both = tokio::join!(one.act(&path, version, &pass), two.act(&path, version, &pass));

    // Then one succeeds, and the other is told who did what
    let (done, late) = sorted(both.0, both.1);
    assert_eq!((done.status, &done.json["state"]), (200, &json!("processing")));
    assert_eq!(late.refusal(), (409, "changed"));
    assert_eq!(late.json["version"], version + 1);
    assert_eq!(late.version(), version + 1);
    assert_eq!(late.json["changes"].as_array().unwrap().len(), 1);
    assert_eq!(late.json["changes"][0]["kind"], "examination_passed");
    assert!(late.json["changes"][0]["actor"].as_str().unwrap().starts_with("承办人"));
    assert!(late.json["detail"].as_str().unwrap().contains("核对"));
    assert_eq!(case.version().await, version + 1);
}

async fn of_two_officers_who_ask_for_correction_one_succeeds_and_one_number_is_used(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let (one, two) = (app.officer().await, officer_two(&app).await);
    let (path, version) = (case.path("/actions"), case.version().await);
    let ask = ask_correction();

    let both = tokio::join!(one.act(&path, version, &ask), two.act(&path, version, &ask));

    let (done, late) = sorted(both.0, both.1);
    assert_eq!(done.status, 200);
    assert_eq!(late.refusal(), (409, "changed"));
    assert_eq!(late.json["changes"][0]["kind"], "correction_requested");
    assert_eq!(case.notice("correction").await["number"], "青财依告〔2026〕第1号");
    assert_eq!(register(&app, "correction").await.len(), 1);
}

async fn of_two_heads_who_issue_one_succeeds_and_one_number_is_used(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.approved(&g1()).await;
    let one = app.head().await;
    let two = app.signed_in("deputy", &["head"], Some(app.agency)).await;
    let (path, version) = (format!("/api/v1/notices/{notice}/steps"), case.version().await);
    let issue = json!({ "step": "issue" });

    let both = tokio::join!(one.act(&path, version, &issue), two.act(&path, version, &issue));

    let (done, late) = sorted(both.0, both.1);
    assert_eq!(done.json["number"], "青财依复〔2026〕第1号");
    assert_eq!(late.refusal(), (409, "changed"));
    assert_eq!(late.json["changes"][0]["kind"], "issued");
    assert_eq!(register(&app, "reply").await.len(), 1);
}

async fn a_late_step_hears_what_changed_before_anything_else(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&g1()).await;
    let version = case.version().await;
    case.does(By::Clerk, json!({ "action": "note", "text": "来电催问" })).await;
    let officer = app.officer().await;

    // Whether or not a document would have been printed on the way
    let path = format!("/api/v1/notices/{notice}/steps");
    let submit = officer.act(&path, version, &json!({ "step": "submit" })).await;
    let ask = officer.act(&case.path("/actions"), version, &ask_correction()).await;

    for late in [submit, ask] {
        assert_eq!(late.refusal(), (409, "changed"));
        assert_eq!(late.json["changes"][0]["event"]["text"], "来电催问");
    }
    let ahead = officer.act(&case.path("/actions"), version + 7, &ask_correction()).await;
    assert_eq!(ahead.refusal(), (409, "changed"));
}

async fn a_document_rendered_meanwhile_disturbs_nobody(app: TestApp) {
    let case = Case::filed(&app).await;
    let version = case.version().await;

    jobs::drain(&app.app).await.unwrap();

    // The receipt is in the ledger now, but nothing a person decides on has changed.
    assert_eq!(case.version().await, version + 1);
    app.officer().await;
    let officer = app.db_user("officer").await.unwrap().id;
    let assign = json!({ "action": "assign", "officer": officer });
    let clerk = app.clerk().await;
    let done = clerk.act(&case.path("/actions"), version, &assign).await.expect(200);
    assert_eq!(done.version(), version + 2);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn everybody_gets_the_document_while_it_is_being_rendered(app: TestApp) {
    let case = Case::filed(&app).await;
    let receipt = case.filed["receipt"].as_str().unwrap().to_owned();
    let (head, pdf) = (app.head().await, format!("/api/v1/notices/{receipt}/pdf"));

    let worker = jobs::drain(&app.app);
    let readers = join_all((0..8).map(|_| head.get(&pdf)));
    let (worked, read) = tokio::join!(worker, readers);

    assert_eq!(worked.unwrap(), 2);
    let bytes: BTreeSet<Vec<u8>> = read.into_iter().map(|r| r.expect(200).bytes).collect();
    assert_eq!(bytes.len(), 1);
    let kinds = case.ledger().await;
    assert_eq!(kinds.iter().filter(|entry| entry["kind"] == "rendered").count(), 1);
}

async fn the_same_filing_twice_at_once_is_one_request(app: TestApp) {
    let (body, key) = (filing(&app), "the-same-key-of-a-nervous-citizen");
    let anon = app.anon();

    let answers = join_all((0..8).map(|_| anon.post_once("/api/v1/requests", &body, key))).await;
    let later = anon.post_once("/api/v1/requests", &body, key).await;

    let answers: BTreeSet<String> =
        answers.into_iter().chain([later]).map(|r| r.expect(201).json.to_string()).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(app.app.verify(false).await.unwrap().requests, 1);
}

async fn the_same_step_twice_has_one_effect_and_one_answer(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let officer = app.officer().await;
    let (path, version, key) = (case.path("/actions"), case.version().await, "ask-it-once-only");

    // At once, and again when the case has long moved on
    let ask = ask_correction();
    let send = || with_version(&officer, &path, version, &ask, key);
    let (one, two) = tokio::join!(send(), send());
    case.applicant("correction", json!({ "text": "补正" })).await.expect(200);
    let late = send().await;

    let first = one.expect(200);
    assert_eq!(two.expect(200).json, first.json);
    let late = late.expect(200);
    assert_eq!((&late.json, late.version()), (&first.json, first.version()));
    assert_eq!(register(&app, "correction").await.len(), 1);

    // The same holds for the steps of a draft
    case.does(By::Officer, json!({ "action": "pass_examination" })).await;
    let notice = case.drafted(&g1()).await;
    let path = format!("/api/v1/notices/{notice}/steps");
    let (version, submit) = (case.version().await, json!({ "step": "submit" }));
    let first = with_version(&officer, &path, version, &submit, "submit-it-once").await;
    let again = with_version(&officer, &path, version, &submit, "submit-it-once").await;
    assert_eq!(again.expect(200).json, first.expect(200).json);
}

async fn a_key_with_another_body_or_for_another_thing_is_refused(app: TestApp) {
    let (anon, key) = (app.anon(), "one-key-for-two-things");
    let first = anon.post_once("/api/v1/requests", &filing(&app), key).await.expect(201);
    let mut other = filing(&app);
    other["application"]["title"] = json!("另一份文件");

    let refused = anon.post_once("/api/v1/requests", &other, key).await;
    assert_eq!(refused.refusal(), (409, "idempotency_key_reused"));
    let withdraw = json!({
        "number": first.json["number"], "code": first.json["query_code"], "statement": "撤回"
    });
    let elsewhere = anon.post_once("/api/v1/tracking/withdrawal", &withdraw, key).await;
    assert_eq!(elsewhere.refusal(), (409, "idempotency_key_reused"));

    // Keys of different people are different keys.
    let registration = json!({
        "application": application(), "channel": "in_person", "arrived_on": "2026-09-14",
        "evidence": "窗口"
    });
    let clerk = app.clerk().await;
    clerk.post_once("/api/v1/registrations", &registration, key).await.expect(201);
    assert_eq!(app.app.verify(false).await.unwrap().requests, 2);
}

async fn a_refused_attempt_does_not_use_up_its_key(app: TestApp) {
    let (anon, key) = (app.anon(), "the-key-of-a-mistyped-form");
    let mut wrong = filing(&app);
    wrong["application"]["title"] = json!("");
    let refused = anon.post_once("/api/v1/requests", &wrong, key).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "title"));

    anon.post_once("/api/v1/requests", &filing(&app), key).await.expect(201);
}

async fn the_version_of_the_answer_is_good_for_the_next_step(app: TestApp) {
    let filed = app.anon().post("/api/v1/requests", &filing(&app)).await.expect(201);
    assert_eq!(filed.json["version"], filed.version());
    let path = format!("{}/actions", filed.header("location"));
    let clerk = app.clerk().await;
    let note = |text: &str| json!({ "action": "note", "text": text });

    let first = clerk.act(&path, filed.version(), &note("一")).await.expect(200);
    clerk.act(&path, first.version(), &note("二")).await.expect(200);
}

async fn thirty_two_issuers_at_once_leave_no_gap(app: TestApp) {
    const MANY: usize = 32;
    // Given approved replies, and as many heads
    let mut waiting = Vec::new();
    for n in 0..MANY {
        let case = Case::in_processing(&app).await;
        let notice = case.approved(&g1()).await;
        let head = app.signed_in(&format!("head.{n}"), &["head"], Some(app.agency)).await;
        waiting.push((head, format!("/api/v1/notices/{notice}/steps"), case.version().await));
    }

    // When all issue at once
    let issue = json!({ "step": "issue" });
    let issued = join_all(waiting.iter().map(|(head, path, v)| head.act(path, *v, &issue))).await;

    // Then the numbers are 1…32, each once
    let numbers: BTreeSet<String> = issued
        .into_iter()
        .map(|reply| reply.expect(200).json["number"].as_str().unwrap().to_owned())
        .collect();
    let wanted = (1..=MANY).map(|n| format!("青财依复〔2026〕第{n}号")).collect();
    assert_eq!(numbers, wanted);
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn a_voided_number_keeps_its_reason_and_is_not_given_out_again(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let reply = case.issued(&g1()).await;
    let id = reply["id"].as_str().unwrap();

    // Only the head voids, and only with a reason
    let void = |reason: &str| json!({ "step": "void", "reason": reason });
    assert_eq!(case.step(By::Officer, id, void("写错")).await.refusal(), (403, "forbidden"));
    assert_eq!(case.step(By::Head, id, void("")).await.fault(), (422, "text_missing", "reason"));
    let voided = case.step(By::Head, id, void("事项名称有误")).await.expect(200).json;
    assert_eq!((&voided["status"], &voided["number"]), (&json!("voided"), &reply["number"]));

    let next = case.issued(&g1()).await;
    assert_eq!(next["number"], "青财依复〔2026〕第2号");
    let register = register(&app, "reply").await;
    let told: Vec<_> = register.iter().map(|row| (row.n, row.void_reason.as_deref())).collect();
    assert_eq!(told, [(1, Some("事项名称有误")), (2, None)]);
    assert!(case.story().await.contains(&"2026-09-14 number_voided".to_owned()));

    // What has left the house is not voided any more
    let id = next["id"].as_str().unwrap();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(id, sent).await.expect(200);
    assert_eq!(case.step(By::Head, id, void("迟了")).await.refusal(), (422, "wrong_state"));
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn officer_two(app: &TestApp) -> Client {
    app.signed_in("officer.two", &["officer"], Some(app.agency)).await
}

fn ask_correction() -> Value {
    json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-10-12",
        "defects": [{ "kind": "content", "guidance": "请写明年度" }]
    })
}

async fn with_version(who: &Client, path: &str, version: i32, body: &Value, key: &str) -> Reply {
    let request = who
        .request(reqwest::Method::POST, path)
        .header("Idempotency-Key", key)
        .header("If-Match", format!("\"{version}\""));
    who.send(request.json(body)).await
}

async fn register(app: &TestApp, series: &'static str) -> Vec<numbers::DocumentNumberRow> {
    let agency: Uuid = app.agency;
    let read = app.app.store.read(move |conn| numbers::register(conn, agency, series, 2026));
    read.await.unwrap()
}
