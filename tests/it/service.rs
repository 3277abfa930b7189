//! Service (送达) by every method: which day counts for whom, and what must prove it.

use chrono::Days;
use gongkai::domain::calendar::Calendar;
use gongkai::domain::event::ServiceMethod;
use gongkai::domain::service::{self, DayRule, Slip};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::story::{day, slip};
use crate::support::cases::{By, Case, assert_says, g1, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_letter_left_at_the_address_needs_a_reason_and_a_witness_or_a_photo,
    a_public_notice_is_the_last_resort_and_takes_its_thirty_days,
    service_through_another_agency_counts_from_the_signature_for_both,
    another_notice_that_came_back_is_sent_again_under_the_same_limit,
    the_proof_of_service_is_printed_with_what_is_known,
    a_withdrawal_by_telephone_is_none,
    originals_are_handed_over_with_both_names,
    a_case_passes_to_another_officer_with_its_reason,
    an_answer_on_the_spot_closes_the_case_on_its_day,
    agents_representatives_and_help_are_on_record,
    nothing_has_arrived_without_something_that_shows_it,
);

async fn issued(app: &TestApp) -> (Case<'_>, String) {
    let case = Case::in_processing(app).await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    (case, reply)
}

fn sent(method: &str, slip: Value) -> Value {
    json!({ "step": "sent", "on": "2026-09-14", "method": method, "slip": slip })
}

async fn a_letter_left_at_the_address_needs_a_reason_and_a_witness_or_a_photo(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let bare = case.serve(&reply, sent("left_at_address", json!({}))).await;
    assert_eq!(bare.fault(), (422, "text_missing", "slip.reason"));
    let alone = json!({ "reason": "本人拒绝签收" });
    let alone = case.serve(&reply, sent("left_at_address", alone)).await;
    assert_eq!(alone.fault(), (422, "text_missing", "slip.witness"));

    let witnessed =
        json!({ "reason": "本人拒绝签收", "witness": "社区李芳", "place": "和平路8号" });
    let view = case.serve(&reply, sent("left_at_address", witnessed)).await.expect(200).json;

    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-09-14"), &json!("2026-09-14"))
    );
    let kept = case.event_of("dispatched", &reply).await;
    assert_eq!(kept["slip"]["witness"], "社区李芳");
}

async fn a_public_notice_is_the_last_resort_and_takes_its_thirty_days(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let bare = case.serve(&reply, sent("public_notice", json!({}))).await;
    assert_eq!(bare.fault(), (422, "text_missing", "slip.reason"));
    let reason = json!({ "reason": "邮寄两次退回，电话无人接听" });
    let view = case.serve(&reply, sent("public_notice", reason)).await.expect(200).json;
    assert_eq!((&view["replied_on"], &view["served_on"]), (&Value::Null, &Value::Null));
    app.set_today("2026-10-13");
    let early = json!({ "step": "served", "on": "2026-10-13", "evidence": "公告" });
    assert_eq!(case.serve(&reply, early).await.fault(), (422, "date_too_early", "on"));
    app.set_today("2026-10-14");
    let over = json!({ "step": "served", "on": "2026-10-14", "evidence": "公告期满" });
    let view = case.serve(&reply, over).await.expect(200).json;
    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-10-14"), &json!("2026-10-14"))
    );
}

async fn service_through_another_agency_counts_from_the_signature_for_both(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let bare = case.serve(&reply, sent("via_agency", json!({}))).await;
    assert_eq!(bare.fault(), (422, "text_missing", "slip.place"));
    let town = json!({ "place": "城关镇人民政府" });
    let view = case.serve(&reply, sent("via_agency", town)).await.expect(200).json;
    assert_eq!(view["replied_on"], Value::Null);
    // What has left by a way that counts only on arrival has not kept the limit yet
    let governs = |view: &Value| view["days_left"].is_number() && view["due_on"] == "2026-10-16";
    assert!(governs(&view), "{view}");
    app.set_today("2026-10-19");
    let late = app.officer().await.get(&case.path("")).await.expect(200).json;
    assert_eq!((&late["overdue"], &late["state"]), (&json!(true), &json!("dispatched")));
    app.set_today("2026-09-18");
    let signed = json!({
        "step": "served", "on": "2026-09-17", "evidence": "签收单",
        "slip": { "receiver": "王小明", "relation": "本人" }
    });
    let view = case.serve(&reply, signed).await.expect(200).json;
    assert_eq!(
        (&view["replied_on"], &view["served_on"]),
        (&json!("2026-09-17"), &json!("2026-09-17"))
    );
    assert_eq!((&view["overdue"], &view["days_left"]), (&json!(false), &Value::Null));
}

async fn another_notice_that_came_back_is_sent_again_under_the_same_limit(app: TestApp) {
    // given a correction notice
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-09-30",
        "defects": [{ "kind": "form", "guidance": "请填写申请书并签名" }]
    });
    case.does(By::Officer, ask).await;
    let notice = case.notice("correction").await["id"].as_str().unwrap().to_owned();
    let served = json!({ "step": "served", "on": "2026-09-14", "evidence": "回执" });
    let unsent = case.serve(&notice, served).await;
    assert_eq!(unsent.fault(), (422, "invalid_input", "step"));
    let letter = json!({
        "step": "sent", "on": "2026-09-14", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(&notice, letter).await.expect(200);
    // when it comes back
    app.set_today("2026-09-18");
    let back = json!({ "step": "returned", "on": "2026-09-18", "reason": "查无此人" });
    let view = case.serve(&notice, back.clone()).await.expect(200).json;
    assert_eq!(
        (&view["state"], &view["governing_on"]),
        (&json!("correction_pending"), &json!("2026-09-30"))
    );
    assert_eq!(case.serve(&notice, back).await.refusal(), (422, "wrong_state"));
    // then it is sent again, and the day to correct stays as it was
    let again = json!({ "step": "sent", "on": "2026-09-18", "method": "in_person", "slip": { "receiver": "本人" } });
    let view = case.serve(&notice, again).await.expect(200).json;
    assert_eq!(view["governing_on"], "2026-09-30");
    let attempts = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    assert_eq!(attempts[0]["return_reason"], "查无此人");
    assert_eq!(
        (&attempts[0]["served_on"], &attempts[1]["served_on"]),
        (&Value::Null, &json!("2026-09-18"))
    );
}

async fn the_proof_of_service_is_printed_with_what_is_known(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let letter = json!({
        "step": "sent", "on": "2026-09-14", "method": "ems", "tracking": "EA123456789CN"
    });
    case.serve(&reply, letter).await.expect(200);
    let clerk = app.clerk().await;
    let attempts = clerk.get(&case.path("/deliveries")).await.expect(200).json;
    let path = format!("/api/v1/deliveries/{}/slip", attempts[0]["id"].as_str().unwrap());
    let blank = pdf_text(&clerk.get(&path).await.expect(200).bytes);
    assert_says(
        &blank,
        &["送达回证", "EA123456789CN", "EMS特快专递", "青财依复〔2026〕第1号", "王小明"],
    );
    assert!(!blank.contains("本人"), "{blank}");
    app.set_today("2026-09-17");
    let served = json!({
        "step": "served", "on": "2026-09-17", "evidence": "回执联",
        "slip": { "receiver": "王大明", "relation": "本人之父" }
    });
    case.serve(&reply, served).await.expect(200);
    let filled = pdf_text(&app.clerk().await.get(&path).await.expect(200).bytes);
    assert_says(&filled, &["王大明", "本人之父", "2026年9月17日", "2026年9月14日"]);
}

async fn a_withdrawal_by_telephone_is_none(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut withdraw =
        json!({ "action": "withdraw", "on": "2026-09-14", "statement": "申请人来电表示撤回" });
    let refused = case.act(By::Clerk, withdraw.clone()).await;
    assert_eq!(refused.fault(), (422, "withdrawal_unauthenticated", "authentication"));
    withdraw["authentication"] = json!("query_code");
    let refused = case.act(By::Clerk, withdraw.clone()).await;
    assert_eq!(refused.fault(), (422, "withdrawal_unauthenticated", "authentication"));

    withdraw["authentication"] = json!("signed");
    case.does(By::Clerk, withdraw).await;

    let online = Case::filed(&app).await;
    online.applicant("withdrawal", json!({ "statement": "不需要了" })).await.expect(200);
    let proof = |ledger: Vec<Value>| {
        ledger.iter().find(|e| e["kind"] == "withdrawn").unwrap()["event"]["authentication"].clone()
    };
    assert_eq!(proof(case.ledger().await), "signed");
    assert_eq!(proof(online.ledger().await), "query_code");
}

async fn originals_are_handed_over_with_both_names(app: TestApp) {
    let case = Case::filed(&app).await;
    let mut hand_over = json!({
        "action": "hand_over", "on": "2026-09-14", "from_unit": "政务服务中心窗口",
        "giver": "张华", "receiver": "李明", "what": "申请表原件1份、身份证复印件1份"
    });
    case.does(By::Clerk, hand_over.clone()).await;
    let entry = case.ledger().await.pop().unwrap();
    assert_eq!(
        (&entry["kind"], &entry["event"]["receiver"]),
        (&json!("handed_over"), &json!("李明"))
    );
    hand_over["giver"] = json!(" ");
    assert_eq!(case.act(By::Clerk, hand_over).await.fault(), (422, "text_missing", "giver"));
    // The applicant hears nothing of who carried what where
    let told = case.track().await["timeline"].to_string();
    assert!(!told.contains("张华") && !told.contains("移交"), "{told}");
}

async fn a_case_passes_to_another_officer_with_its_reason(app: TestApp) {
    let case = Case::in_processing(&app).await;
    app.signed_in("second", &["officer"], Some(app.agency)).await;
    let second = app.db_user("second").await.unwrap().id;
    let mut assign = json!({ "action": "assign", "officer": second });
    let silent = case.act(By::Head, assign.clone()).await;
    assert_eq!(silent.fault(), (422, "text_missing", "reason"));
    assign["reason"] = json!("原承办人调离");
    assert_eq!(case.does(By::Head, assign).await["officer"], json!(second));
}

async fn an_answer_on_the_spot_closes_the_case_on_its_day(app: TestApp) {
    let body = crate::support::cases::registration("in_person", "2026-09-14", "窗口接收");
    let case = Case::registered(&app, &body).await;
    case.assigned().await;
    let mut answer = json!({
        "action": "answer_on_the_spot", "on": "2026-09-14", "outcome": "G1",
        "text": "已在门户网站公开，当场打开网页供查阅", "proof": " "
    });
    let unsigned = case.act(By::Officer, answer.clone()).await;
    assert_eq!(unsigned.fault(), (422, "text_missing", "proof"));
    answer["proof"] = json!("申请人在答复记录上签名");
    let view = case.does(By::Officer, answer).await;
    assert_eq!(
        (&view["state"], &view["replied_on"], &view["served_on"], &view["no_date"]),
        (&json!("served"), &json!("2026-09-14"), &json!("2026-09-14"), &json!("replied"))
    );
    let closed = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!((&closed["outcome"], &closed["open"]), (&json!("G1"), &json!(false)));
    assert_eq!(case.track().await["state"], "closed");
}

async fn agents_representatives_and_help_are_on_record(app: TestApp) {
    let case = Case::filed_with(&app, |form| {
        form["agent"] = json!({ "name": "李律", "credential_number": "1101" });
        form["co_applicants"] = json!(["王大明", "赵小红"]);
    });
    let case = case.await;
    let warned = case.filed["warnings"].to_string();
    assert!(warned.contains("authority_missing"), "{warned}");
    let form = app.officer().await.get(&case.path("/application")).await.expect(200).json;
    assert_eq!(form["application"]["co_applicants"], json!(["王*明", "赵*红"]));
    // Masked like every name, and opened like every name
    let opening = json!({ "field": "co_applicants", "purpose": "制作答复书" });
    let path = case.path("/personal-data");
    let opened = app.officer().await.send_json(&path, &opening).await.expect(200).json;
    assert_eq!(opened["value"], "王大明、赵小红");
    let help = json!({
        "action": "record_assistance", "on": "2026-09-14", "need": "视力障碍",
        "help": "工作人员逐项朗读并代为填写"
    });
    case.does(By::Clerk, help).await;
    assert_eq!(case.ledger().await.pop().unwrap()["kind"], "assisted");
}

// The pure rules.

#[test]
fn every_method_has_its_own_two_days() {
    use {DayRule as D, ServiceMethod as M};
    let table = [
        (M::InPerson, D::Sent, D::Sent),
        (M::Ems, D::Sent, D::Signed),
        (M::Registered, D::Sent, D::Signed),
        (M::OrdinaryPost, D::Sent, D::Signed),
        (M::Electronic, D::Sent, D::Sent),
        (M::ViaAgency, D::Signed, D::Signed),
        (M::LeftAtAddress, D::Sent, D::Sent),
        (M::PublicNotice, D::Published, D::Published),
    ];
    for (method, agency, applicant) in table {
        assert_eq!((method.agency_day(), method.applicant_day()), (agency, applicant), "{method}");
    }
    assert_eq!(
        table.len() + 1,
        M::ALL.len(),
        "couriers are refused, every other method has its row"
    );
    for slip in [Slip::default(), slip()] {
        let refused = service::check(M::PrivateCourier, &slip, true).unwrap_err();
        assert_eq!(refused.code(), "courier_refused");
    }
}

proptest! {
    /// Posting alone tells nothing of the applicant's day; signing never moves the day of posting.
    #[test]
    fn the_two_days_are_never_mixed(
        which in 0..ServiceMethod::ALL.len(),
        posted in 0u64..300,
        later in 0u64..60,
    ) {
        let method = ServiceMethod::ALL[which];
        let sent = day("2026-01-05") + Days::new(posted);
        let signed = sent + Days::new(later);
        let calendar = Calendar::built_in();
        let before = service::days(method, sent, None, calendar);
        let after = service::days(method, sent, Some(signed), calendar);
        if method.agency_day() == DayRule::Sent {
            prop_assert_eq!((before.agency, after.agency), (Some(sent), Some(sent)));
        }
        if method.applicant_day() == DayRule::Signed {
            prop_assert_eq!((before.applicant, after.applicant), (None, Some(signed)));
        }
        if method == ServiceMethod::PublicNotice {
            prop_assert_eq!(before.agency, None);
            prop_assert!(after.applicant.is_none() || later >= 30);
        }
        prop_assert!(after.applicant.is_none_or(|on| on >= sent));
    }
}

async fn nothing_has_arrived_without_something_that_shows_it(app: TestApp) {
    let (case, reply) = issued(&app).await;
    let unsigned = case.serve(&reply, sent("in_person", json!({}))).await;
    assert_eq!(unsigned.fault(), (422, "text_missing", "slip.receiver"));
    let letter = json!({
        "step": "sent", "on": "2026-09-14", "method": "ems", "tracking": "EA123456789CN"
    });
    case.serve(&reply, letter).await.expect(200);
    let claimed = json!({ "step": "served", "on": "2026-09-14", "evidence": " \u{200b}" });
    let claimed = case.serve(&reply, claimed).await;
    assert_eq!(claimed.fault(), (422, "invalid_input", "evidence"));
    let shown =
        json!({ "step": "served", "on": "2026-09-14", "evidence": "邮政查询记录：本人签收" });
    assert_eq!(case.serve(&reply, shown).await.expect(200).json["state"], "served");
}
