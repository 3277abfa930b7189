//! Consultations through the public door: letters that keep the applicant's name, the notice that
//! time is suspended, service, answer slip, and disclosure against an objection.

use gongkai::jobs;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, g1, g2};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_letter_keeps_the_applicants_name_and_the_applicant_is_told,
    the_name_is_told_only_with_a_reason_on_record,
    a_letter_speaks_of_the_items_asked_about_and_never_names_who_asks_by_chance,
    the_slip_of_the_letter_starts_the_limit_of_its_addressee,
    a_release_against_an_objection_needs_the_public_interest_first,
    an_answer_slip_must_be_a_file_of_the_case,
    asking_an_agency_that_did_not_make_it_stops_the_limit_only_by_a_written_answer,
);

fn consult(id: &str, party: &str, letter: Value) -> Value {
    json!({
        "action": "consult", "on": "2026-09-14", "id": id, "party": party,
        "addressee": "青云建筑有限公司", "letter": letter
    })
}

async fn a_letter_keeps_the_applicants_name_and_the_applicant_is_told(app: TestApp) {
    // Given a request that concerns a company and another agency
    let case = Case::in_processing(&app).await;
    let letter = json!({
        "address": "青云县工业园1号", "concerns": ["分配表中你公司的补助金额", "你公司的申报书"]
    });
    case.does(By::Officer, consult("1", "third_party", letter)).await;
    let view = case.does(By::Officer, consult("2", "agency", json!({}))).await;
    assert_eq!(view["state"], "third_party_pending");

    // Then each letter is numbered, says what it must, and not who asked
    let letter = case.notice("third_party_letter").await;
    assert_eq!(letter["number"], "青财依询〔2026〕第1号");
    let text = case.pdf(&letter).await;
    assert_says(
        &text,
        &[
            "青云建筑有限公司",
            "分配表中你公司的补助金额",
            "你公司的申报书",
            "15个工作日内",
            "逾期未提出意见的，由本机关依照上述条例的规定决定是否公开",
            "不同意的理由",
            "青云县城关镇人民路1号",
        ],
    );
    assert!(!text.contains("王小明"), "{text}");
    let other = case.notice("agency_letter").await;
    assert_eq!(other["number"], "青财依函〔2026〕第1号");
    let text = case.pdf(&other).await;
    assert_says(&text, &["2025年度老旧小区改造补助资金分配表", "不视为同意公开"]);
    assert!(!text.contains("王小明"), "{text}");

    // And the applicant is told twice that time is not counted, but sees no letter
    let told = case.notice("consultation_told").await;
    assert_eq!(told["number"], "青财依征〔2026〕第2号");
    let text = case.pdf(&told).await;
    assert_says(&text, &["王小明", "其他机关", "不计算在答复期限内"]);
    assert!(!text.contains("青云建筑有限公司"), "{text}");
    let track = case.track().await;
    let titles: Vec<_> = track["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|document| document["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        titles,
        [
            "政府信息公开申请接受回执",
            "政府信息公开申请征求意见情况告知书",
            "政府信息公开申请征求意见情况告知书"
        ]
    );
    let path = format!("/api/v1/tracking/documents/{}", letter["id"].as_str().unwrap());
    let tried = app.anon().send_json(&path, &case.ticket()).await;
    assert_eq!(tried.status, 404);
    jobs::drain(&app.app).await.unwrap();
    let mails = std::fs::read_dir(app.folder.path().join("mail")).unwrap().count();
    assert_eq!(mails, 3, "the receipt and two notices, no letter");
}

async fn the_name_is_told_only_with_a_reason_on_record(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let letter = json!({ "identity_reason": "第三方须凭申请人身份判断双方有无约定" });

    case.does(By::Officer, consult("1", "third_party", letter)).await;

    assert_says(&case.pdf(&case.notice("third_party_letter").await).await, &["申请人：王小明"]);
    let waiting = app.officer().await.get(&case.path("/waiting")).await.expect(200).json;
    assert_eq!(waiting["consultations"][0]["names_applicant"], true);
    let sent = case.ledger().await.into_iter().find(|e| e["kind"] == "consultation_sent").unwrap();
    assert!(sent["event"]["letter"]["identity_reason"].as_str().unwrap().contains("约定"));
}

async fn a_letter_speaks_of_the_items_asked_about_and_never_names_who_asks_by_chance(app: TestApp) {
    // Given a request whose items name whoever asks
    let case = Case::in_processing(&app).await;
    let items = json!([
        { "title": "青云建筑有限公司的施工合同" },
        { "title": "王小明家房屋的征收补偿协议" },
        { "title": "身份证号码11010519491231002X的住户的补偿协议" }
    ]);
    case.does(By::Officer, json!({ "action": "list_items", "items": items })).await;
    let about = |id: &str, items: Value, letter: Value| {
        let mut body = consult(id, "third_party", letter);
        body["items"] = items;
        body
    };
    // Then a letter about the first says nothing of the others
    case.does(By::Officer, about("1", json!([1]), json!({}))).await;
    let text = case.pdf(&case.notice("third_party_letter").await).await;
    assert_says(&text, &["青云建筑有限公司的施工合同"]);
    assert!(!text.contains("补偿协议") && !text.contains("王小明"), "{text}");
    // And none goes out that names who asks, by the title or in the officer's words
    let named = case.act(By::Officer, about("2", json!([2]), json!({}))).await;
    assert_eq!(named.fault(), (422, "tells_who_asks", "letter.concerns"));
    assert!(named.json["article"].as_str().unwrap().contains("个人信息保护法"));
    for words in ["王 小明家的协议", "138-0000-0000用户的协议"] {
        let letter = json!({ "concerns": [words] });
        let named = case.act(By::Officer, about("2", json!([2]), letter)).await;
        assert_eq!(named.refusal(), (422, "tells_who_asks"), "{words}");
    }
    // Numbers of other people are masked where the program takes the title over
    case.does(By::Officer, about("3", json!([3]), json!({}))).await;
    let text = case.pdf(&case.notice("third_party_letter").await).await;
    assert!(text.contains("的住户的补偿协议") && !text.contains("11010519491231002X"), "{text}");
    // With a reason on record the name may stand
    let why = json!({ "identity_reason": "被征收户须凭申请人身份判断有无亲属关系" });
    case.does(By::Officer, about("4", json!([2]), why)).await;
}

async fn the_slip_of_the_letter_starts_the_limit_of_its_addressee(app: TestApp) {
    let case = Case::in_processing(&app).await;
    case.does(By::Officer, consult("1", "third_party", json!({}))).await;
    let letter = case.notice("third_party_letter").await["id"].as_str().unwrap().to_owned();
    app.set_today("2026-09-16");

    let sent = json!({
        "step": "sent", "on": "2026-09-16", "method": "registered", "tracking": "XA1",
        "evidence": "回执联"
    });
    case.serve(&letter, sent).await.expect(200);
    let served = json!({ "step": "served", "on": "2026-09-16", "evidence": "回执" });
    case.serve(&letter, served).await.expect(200);

    let waiting = app.officer().await.get(&case.path("/waiting")).await.expect(200).json;
    let asked = &waiting["consultations"][0];
    assert_eq!(
        (&asked["served_on"], &asked["limit_on"]),
        (&json!("2026-09-16"), &json!("2026-10-13"))
    );
    // The applicant reads nothing of the letter's way.
    let track = case.track().await.to_string();
    assert!(!track.contains("征询书"), "{track}");
    // An answer in time stops the wait on its day.
    app.set_today("2026-09-21");
    let opinion = json!({
        "action": "record_opinion", "on": "2026-09-21", "id": "1", "position": "agrees",
        "text": "同意"
    });
    let view = case.does(By::Clerk, opinion).await;
    assert_eq!(view["state"], "processing");
    // and its consent may now be relied on
    let consented = json!({
        "action": "review_release", "items": [], "finding": "releasable", "opinion": "不涉密",
        "third_party": "consented", "personal_data": "not_concerned"
    });
    case.does(By::Head, consented).await;
}

async fn a_release_against_an_objection_needs_the_public_interest_first(app: TestApp) {
    // Given a company that objects, and an officer who would release all the same
    let case = Case::in_processing(&app).await;
    case.does(By::Officer, consult("1", "third_party", json!({}))).await;
    let opinion = json!({
        "action": "record_opinion", "on": "2026-09-14", "id": "1", "position": "objects",
        "text": "涉及商业秘密"
    });
    case.does(By::Clerk, opinion).await;
    case.reviewed().await;
    let draft = case.drafted(&g2()).await;

    // Then the release is refused with its article until the head has found the public interest
    let refused = case.step(By::Officer, &draft, json!({ "step": "submit" })).await;
    assert_eq!(refused.refusal(), (422, "objection_stands"));
    assert!(refused.json["article"].as_str().unwrap().contains("第三十二条"));
    let finding = json!({
        "action": "override_objection", "on": "2026-09-14", "id": "1",
        "disclosed": "各企业的补助金额", "why": "补助来自财政资金，分配结果关系公平竞争"
    });
    assert_eq!(case.act(By::Officer, finding.clone()).await.refusal(), (403, "forbidden"));
    let outweighs = json!({
        "action": "review_release", "items": [], "finding": "releasable", "opinion": "不涉密",
        "third_party": "overridden", "personal_data": "not_concerned"
    });
    let unheard = case.act(By::Head, outweighs.clone()).await;
    assert_eq!(unheard.fault(), (422, "third_party_unheard", "third_party"));
    case.does(By::Head, finding.clone()).await;
    case.does(By::Head, outweighs).await;

    // And the company is told in writing what and why, with its remedies; only then is it released
    let told = case.notice("override_told").await;
    assert_eq!(told["number"], "青财依知〔2026〕第1号");
    let text = case.pdf(&told).await;
    assert_says(
        &text,
        &["青云建筑有限公司", "各企业的补助金额", "关系公平竞争", "如不服本决定", "60日内"],
    );
    assert!(!text.contains("王小明"), "{text}");
    assert_eq!(case.act(By::Head, finding).await.refusal(), (422, "wrong_state"));
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    let issue = json!({ "step": "issue" });
    let untold = case.step(By::Head, &draft, issue.clone()).await;
    assert_eq!(untold.refusal(), (422, "third_party_untold"));
    case.posted("override_told", "2026-09-14").await;
    case.step(By::Head, &draft, issue).await.expect(200);
    // What is already public needs no override.
    let other = Case::in_processing(&app).await;
    other.does(By::Officer, consult("1", "third_party", json!({}))).await;
    let objects = json!({
        "action": "record_opinion", "on": "2026-09-14", "id": "1", "position": "objects", "text": ""
    });
    other.does(By::Clerk, objects).await;
    other.approved(&g1()).await;
}

async fn an_answer_slip_must_be_a_file_of_the_case(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let other = Case::in_processing(&app).await;
    case.does(By::Officer, consult("1", "third_party", json!({}))).await;
    let mut slips = Vec::new();
    for at in [&other, &case] {
        let clerk = app.clerk().await;
        let part = Part::bytes(b"%PDF-1.4\n%%EOF\n".to_vec()).file_name("回执.pdf");
        let form = Form::new().text("purpose", "service_evidence").part("file", part);
        let request = clerk
            .request(Method::POST, &at.path("/files"))
            .header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        let kept = clerk.send(request.multipart(form)).await.expect(201).json;
        slips.push(kept["id"].as_str().unwrap().to_owned());
    }
    let opinion = |slip: &str| {
        json!({
            "action": "record_opinion", "on": "2026-09-14", "id": "1", "position": "partly",
            "text": "第三章不同意", "slip": slip
        })
    };

    let stranger = case.act(By::Clerk, opinion(&slips[0])).await;
    assert_eq!(stranger.status, 422);
    assert_eq!(stranger.json["errors"][0]["code"], "unknown_file");
    assert_eq!(stranger.json["errors"][0]["field"], "slip");
    case.does(By::Clerk, opinion(&slips[1])).await;

    let answer = case.ledger().await.pop().unwrap();
    assert_eq!(answer["event"]["slip"], json!(slips[1]));
}

/// 条例 11, 33 ¶3, 34; rulebook 1.2 e.
async fn asking_an_agency_that_did_not_make_it_stops_the_limit_only_by_a_written_answer(
    app: TestApp,
) {
    // Given a limit of 20 working days, and an agency that is asked by courtesy
    let case = Case::in_processing(&app).await;
    let due = case.view().await["due_on"].clone();
    case.does(By::Officer, consult("1", "agency", json!({}))).await;
    let suspends = async || {
        let waiting = case.app.officer().await.get(&case.path("/waiting")).await.expect(200).json;
        waiting["consultations"][0]["suspends"].clone()
    };
    app.set_today("2026-09-18");
    let served = json!({ "action": "record_consultation_service", "on": "2026-09-14", "id": "1" });
    case.does(By::Clerk, served).await;
    // Then nothing is taken off while it is silent, nor for a word on the telephone
    assert_eq!((&case.view().await["due_on"], suspends().await), (&due, json!(false)));
    let other = Case::in_processing(&app).await;
    let mut asked = consult("1", "agency", json!({}));
    asked["on"] = json!("2026-09-18");
    other.does(By::Officer, asked).await;
    let later = other.view().await["due_on"].clone();
    let said = json!({
        "action": "record_opinion", "on": "2026-09-18", "id": "1", "position": "agrees",
        "text": "电话答复同意"
    });
    other.does(By::Clerk, said.clone()).await;
    assert_eq!(other.view().await["due_on"], later);

    // But the four working days that its written answer took are
    let mut written = said;
    written["slip"] = json!(case.uploaded("other").await);
    let view = case.does(By::Clerk, written).await;
    let ends = chrono::NaiveDate::parse_from_str(view["due_on"].as_str().unwrap(), "%Y-%m-%d");
    let began = chrono::NaiveDate::parse_from_str(due.as_str().unwrap(), "%Y-%m-%d").unwrap();
    assert!((ends.unwrap() - began).num_days() >= 4, "{due} {}", view["due_on"]);
    assert_eq!(suspends().await, json!(true));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());

    // And whoever made it with us stops the limit as before
    let joint = Case::in_processing(&app).await;
    let mut asked = consult("1", "agency", json!({}));
    asked["on"] = json!("2026-09-18");
    asked["jointly_made"] = json!(true);
    let before = joint.view().await["due_on"].clone();
    let after = joint.does(By::Officer, asked).await["due_on"].clone();
    assert!(after.as_str() > before.as_str(), "{before} {after}");
}
