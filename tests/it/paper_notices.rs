//! The day a notice bears: the day it is made, or the day of the paper that is put on record.

use gongkai::jobs;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, assert_says};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_notice_made_today_bears_today,
    a_notice_made_on_paper_is_put_on_record_by_the_head_and_shown_as_a_defect,
    a_number_written_on_paper_is_taken_out_of_the_register,
    an_extension_told_on_paper_in_time_counts_though_it_is_entered_later,
    a_correction_notice_that_came_too_late_is_sent_again_with_a_new_last_day,
);

const SCAN: &[u8] = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n";

/// A scan that joins the case.
async fn scan(case: &Case<'_>) -> String {
    let form = Form::new().text("purpose", "other").text("item", "");
    let officer = case.app.officer().await;
    let request = officer
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", Uuid::now_v7().to_string());
    let form = form.part("file", Part::bytes(SCAN).file_name("补正告知书.pdf"));
    let file = officer.send(request.multipart(form)).await.expect(201).json;
    file["id"].as_str().unwrap().to_owned()
}

fn ask(on: &str, until: &str) -> Value {
    json!({
        "action": "ask_correction", "on": on, "until": until,
        "defects": [{ "kind": "content", "guidance": "请写明年度" }]
    })
}

async fn a_notice_made_today_bears_today(app: TestApp) {
    // Given a request of 14 September whose seven working days have passed
    let case = Case::filed(&app).await;
    case.assigned().await;
    app.set_today("2026-09-28");
    // When the notice is to bear a day on which it would have been in time
    let backdated = case.act(By::Officer, ask("2026-09-15", "2026-10-15")).await;
    // Then it is refused, and dated today it shows what it is: late
    assert_eq!(backdated.fault(), (422, "notice_backdated", "on"));
    let view = case.does(By::Officer, ask("2026-09-28", "2026-10-15")).await;
    assert_eq!(view["defects"], json!(["correction_notice_late"]));
}

async fn a_notice_made_on_paper_is_put_on_record_by_the_head_and_shown_as_a_defect(app: TestApp) {
    // Given that the program stood still while the office wrote on paper
    let case = Case::filed(&app).await;
    case.assigned().await;
    app.set_today("2026-09-28");
    let file = scan(&case).await;
    let mut paper = json!({
        "action": "record_paper_notice", "on": "2026-09-15", "notice_kind": "correction",
        "number": "青财依告[2026] 纸1号", "file": file, "why": "机房停电"
    });
    // When somebody else than the head enters it, or it is no such paper
    assert_eq!(case.act(By::Officer, paper.clone()).await.refusal().0, 403);
    for (field, wrong, code) in [
        ("on", json!("2026-09-13"), "date_too_early"),
        ("number", json!(" "), "text_missing"),
        ("why", json!(""), "text_missing"),
        ("notice_kind", json!("reply"), "paper_notice_unfit"),
        ("file", json!(Uuid::now_v7()), "unknown_file"),
    ] {
        let mut unfit = paper.clone();
        unfit[field] = wrong;
        let refused = case.act(By::Head, unfit).await;
        let (_, said, at) = refused.fault();
        assert!((said, at) == (code, field) || (said, at) == ("invalid_input", field), "{field}");
    }
    // And when the head enters it
    let view = case.does(By::Head, paper.take()).await;
    assert_eq!(view["defects"], json!(["notice_entered_afterwards"]));

    // Then the step may bear that day and no other, once
    let other_day = case.act(By::Officer, ask("2026-09-16", "2026-10-15")).await;
    assert_eq!(other_day.fault(), (422, "notice_backdated", "on"));
    let view = case.does(By::Officer, ask("2026-09-15", "2026-10-15")).await;
    assert_eq!((&view["state"], &view["due_on"]), (&json!("correction_pending"), &Value::Null));
    jobs::drain(&app.app).await.unwrap();
    let sheet = case.notice("correction").await;
    assert_says(
        &case.pdf(&sheet).await,
        &["2026年9月15日", "青财依告〔2026〕纸1号", "以同一文号的纸质原件为准"],
    );
    assert_eq!(sheet["number"], "青财依告〔2026〕纸1号");
    let given = json!({ "action": "record_correction", "on": "2026-09-28", "text": "2025年度" });
    case.does(By::Clerk, given).await;
    let mut again = ask("2026-09-15", "2026-10-30");
    again["approval"] = json!("补正后仍不明确");
    let again = case.act(By::Head, again).await;
    assert_eq!(again.fault(), (422, "notice_backdated", "on"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

/// A notice on paper as the head puts it on record.
fn on_paper(kind: &str, on: &str, number: &str, file: &str) -> Value {
    json!({
        "action": "record_paper_notice", "on": on, "notice_kind": kind, "number": number,
        "file": file, "why": "机房停电"
    })
}

async fn a_number_written_on_paper_is_taken_out_of_the_register(app: TestApp) {
    // Given two requests that were answered by hand, with the next two numbers of the register
    let (one, two) = (Case::filed(&app).await, Case::filed(&app).await);
    for case in [&one, &two] {
        case.assigned().await;
    }
    let (first, second) = (scan(&one).await, scan(&two).await);
    app.set_today("2026-09-16");
    let number = |n: u32| format!("青财依告〔2026〕第{n}号");
    let paper = |n, file: &str| on_paper("correction", "2026-09-15", &number(n), file);
    // When they are not entered in their order
    let refused = two.act(By::Head, paper(2, &second)).await;
    assert_eq!(refused.blamed(), ("number", "number_out_of_turn"));
    // And when they are, one of them twice
    one.does(By::Head, paper(1, &first)).await;
    let again = two.act(By::Head, paper(1, &second)).await;
    assert_eq!(again.blamed(), ("number", "number_taken"));
    two.does(By::Head, paper(2, &second)).await;
    for case in [&one, &two] {
        case.does(By::Officer, ask("2026-09-15", "2026-10-15")).await;
    }
    // Then each notice bears its own, the next one made here bears the third, and nobody gets a
    // second letter
    let three = Case::filed(&app).await;
    three.assigned().await;
    three.does(By::Officer, ask("2026-09-16", "2026-10-15")).await;
    for (n, case) in (1..).zip([&one, &two, &three]) {
        assert_eq!(case.notice("correction").await["number"], number(n));
    }
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn an_extension_told_on_paper_in_time_counts_though_it_is_entered_later(app: TestApp) {
    // Given a limit of 14 October that passes while the program stands still
    let case = Case::filed(&app).await;
    case.assigned().await;
    let file = scan(&case).await;
    app.set_today("2026-10-19");
    let ask = json!({ "action": "ask_extension", "working_days": 20, "reason": "需要查阅档案" });
    let late = case.act(By::Officer, ask.clone()).await;
    assert_eq!(late.refusal(), (422, "extension_after_limit"));
    // When the notice that was told in time is put on record with its scan
    let number = "青财依延〔2026〕手1号";
    case.does(By::Head, on_paper("extension", "2026-10-12", number, &file)).await;
    case.does(By::Officer, ask).await;
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    let tell = json!({ "action": "tell_extension", "on": "2026-10-12" });
    let view = case.does(By::Officer, tell).await;
    // Then the limit is the extended one, and the case says what was entered afterwards
    assert_eq!(
        (&view["due_on"], &view["overdue"], &view["defects"]),
        (&json!("2026-11-13"), &json!(false), &json!(["notice_entered_afterwards"]))
    );
    let notice = case.notice("extension").await;
    assert_eq!(notice["number"], number);
    // Unless the post says that it left too late
    let sent = json!({
        "step": "sent", "on": "2026-10-19", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(notice["id"].as_str().unwrap(), sent).await.expect(200);
    let view = case.view().await;
    assert_eq!(view["overdue"], true);
    assert!(view["defects"].to_string().contains("extension_after_limit"), "{view}");
}

async fn a_correction_notice_that_came_too_late_is_sent_again_with_a_new_last_day(app: TestApp) {
    // Given a notice in time whose letter came back
    let case = Case::filed(&app).await;
    case.assigned().await;
    case.does(By::Officer, ask("2026-09-14", "2026-09-30")).await;
    let renew = json!({ "action": "renew_correction", "until": "2026-10-23" });
    assert_eq!(case.act(By::Officer, renew.clone()).await.refusal(), (422, "wrong_state"));
    let first = case.notice("correction").await["id"].as_str().unwrap().to_owned();
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "registered", "tracking": "XA1CN"
    });
    case.serve(&first, sent).await.expect(200);
    app.set_today("2026-10-08");
    let back = json!({ "step": "returned", "on": "2026-10-08", "reason": "投递错误" });
    case.serve(&first, back).await.expect(200);

    // When it goes out again
    let short = json!({ "action": "renew_correction", "until": "2026-10-08" });
    assert_eq!(case.act(By::Officer, short).await.fault(), (422, "date_too_early", "until"));
    let view = case.does(By::Officer, renew.clone()).await;

    // Then a new notice of the same round tells a new last day, and it governs
    assert_eq!(
        (&view["state"], &view["governing_on"], &view["defects"]),
        (&json!("correction_pending"), &json!("2026-10-23"), &json!([]))
    );
    jobs::drain(&app.app).await.unwrap();
    let sheet = case.notice("correction").await;
    assert_says(&case.pdf(&sheet).await, &["2026年10月23日", "请写明年度", "2026年10月8日"]);
    assert!(case.track().await["timeline"].to_string().contains("2026年10月23日"));
    let second = sheet["id"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let handed = json!({
        "step": "sent", "on": "2026-10-08", "method": "in_person", "slip": { "receiver": "本人" }
    });
    case.serve(&second, handed).await.expect(200);
    assert_eq!(case.act(By::Officer, renew).await.refusal(), (422, "wrong_state"));
    // And the lapse counts from the new day
    app.set_today("2026-10-23");
    let lapse = |on: &str| {
        json!({
            "action": "lapse_correction", "on": on, "notice_served_on": "2026-10-08",
            "proof": "送达回证"
        })
    };
    let early = case.act(By::Officer, lapse("2026-10-23")).await;
    assert_eq!(early.refusal(), (422, "correction_still_open"));
    app.set_today("2026-10-26");
    let view = case.does(By::Officer, lapse("2026-10-26")).await;
    assert_eq!(view["outcome"], "O1");
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
