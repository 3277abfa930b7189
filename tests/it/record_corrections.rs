//! The register of corrections of records (更正申请, 条例 art. 41).

mod letters;

use chrono::{Days, NaiveDate};
use gongkai::db::record_corrections::{self as rows, RecordCorrectionRow};
use gongkai::domain::event::ServiceMethod;
use gongkai::domain::record_correction::{
    RecordResult, RecordStanding, RecordState, RecordStep, decide, due_on,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::story::day;
use crate::support::cases::{assert_says, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_record_is_checked_and_the_applicant_told,
    what_another_agency_keeps_is_passed_on_with_a_letter,
    steps_out_of_turn_and_empty_texts_are_refused,
    the_register_is_the_agencys_own_and_masks_names,
    numbers_run_without_gap_and_beside_no_request,
    who_asks_is_sealed_and_opened_one_field_at_a_time,
    what_was_entered_before_it_was_sealed_is_sealed_at_the_next_start,
);

const PATH: &str = "/api/v1/record-corrections";

fn registration() -> Value {
    json!({
        "received_on": "2026-09-14",
        "form": {
            "applicant_name": "王小明", "credential_number": "11010519491231002X",
            "contact": "13800000000", "record": "2025年度惠农补贴发放登记表第12行",
            "error": "姓名登记为“王晓明”", "evidence": "身份证复印件1份"
        }
    })
}

async fn registered(app: &TestApp) -> Value {
    app.clerk().await.post(PATH, &registration()).await.expect(201).json
}

fn path(entry: &Value, below: &str) -> String {
    format!("{PATH}/{}{below}", entry["id"].as_str().unwrap())
}

async fn a_record_is_checked_and_the_applicant_told(app: TestApp) {
    let entry = registered(&app).await;
    assert_eq!((&entry["state"], &entry["due_on"]), (&json!("received"), &json!("2026-11-16")));
    let officer = app.officer().await;
    assert_eq!(officer.get(&path(&entry, "/document")).await.refusal(), (404, "not_found"));
    let check =
        json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": "登记确有错误" });
    let checked = officer.act(&path(&entry, "/steps"), 1, &check).await.expect(200).json;
    assert_eq!((&checked["state"], &checked["version"]), (&json!("verified"), &json!(2)));
    // Who looked before it was checked must look again
    assert_eq!(officer.act(&path(&entry, "/steps"), 1, &check).await.refusal(), (409, "changed"));

    // What was found wrong is corrected, whatever the officer would rather say
    let told = |result: Value| {
        json!({
            "step": "answer", "result": result, "on": "2026-09-14", "text": "已更正为“王小明”"
        })
    };
    for unfit in [json!("kept"), json!("referred"), Value::Null] {
        let refused = officer.act(&path(&entry, "/steps"), 2, &told(unfit)).await;
        assert_eq!(refused.fault(), (422, "result_unfit", "result"));
    }
    let answer = told(json!("corrected"));
    let answered = officer.act(&path(&entry, "/steps"), 2, &answer).await.expect(200).json;

    assert_eq!(
        (&answered["state"], &answered["answered_on"]),
        (&json!("answered"), &json!("2026-09-14"))
    );
    assert!(answered["history"][1]["by"].as_str().unwrap().contains("测试officer"));
    let pdf = officer.get(&path(&entry, "/document")).await.expect(200);
    assert_says(
        &pdf_text(&pdf.bytes),
        &[
            "王小明",
            "青财更正〔2026〕第1号",
            "青财更答〔2026〕第1号",
            "第四十一条",
            "处理结果：已更正。已更正为",
            "青云县人民政府申请行政复议",
        ],
    );
}

async fn what_another_agency_keeps_is_passed_on_with_a_letter(app: TestApp) {
    let entry = registered(&app).await;
    let officer = app.officer().await;
    let forward = json!({
        "step": "forward", "on": "2026-09-14", "agency": "青云县公安局", "contact": "0000-1111111"
    });
    let passed = officer.act(&path(&entry, "/steps"), 1, &forward).await.expect(200).json;
    assert_eq!(passed["state"], "forwarded");
    let letter = officer.get(&path(&entry, "/document")).await.expect(200);
    assert_says(&pdf_text(&letter.bytes), &["青云县公安局", "转送贵机关", "王小明"]);

    let told = json!({ "step": "answer", "result": "referred", "on": "2026-09-14", "text": "已转送青云县公安局处理" });
    let told = officer.act(&path(&entry, "/steps"), 2, &told).await.expect(200).json;
    assert_eq!(told["state"], "answered");

    // Two months on, nothing of it is overdue; an unanswered one is, and can still be answered
    let late = registered(&app).await;
    app.set_today("2026-11-17");
    let officer = app.officer().await;
    let now = officer.get(&path(&late, "")).await.expect(200).json;
    assert_eq!(now["overdue"], true);
    assert_eq!(officer.get(&path(&entry, "")).await.expect(200).json["overdue"], false);
    let check =
        json!({ "step": "verify", "on": "2026-11-16", "wrong": false, "finding": "登记无误" });
    officer.act(&path(&late, "/steps"), 1, &check).await.expect(200);
    // And what was found right stays
    let kept =
        json!({ "step": "answer", "result": "kept", "on": "2026-11-17", "text": "登记无误" });
    officer.act(&path(&late, "/steps"), 2, &kept).await.expect(200);
}

async fn steps_out_of_turn_and_empty_texts_are_refused(app: TestApp) {
    let entry = registered(&app).await;
    let officer = app.officer().await;
    let step = |body: Value| {
        let (officer, path) = (officer.clone(), path(&entry, "/steps"));
        async move { officer.act(&path, 1, &body).await }
    };
    let answer = json!({ "step": "answer", "on": "2026-09-14", "text": "已更正" });
    assert_eq!(step(answer).await.refusal(), (422, "wrong_state"));
    let empty = json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": " " });
    assert_eq!(step(empty).await.fault(), (422, "text_missing", "finding"));
    let hidden =
        json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": "\u{200b}" });
    assert_eq!(step(hidden).await.fault(), (422, "text_missing", "finding"));
    let turned =
        json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": "有\u{202e}误" });
    assert_eq!(step(turned).await.fault(), (422, "control_characters", "finding"));
    let before = json!({ "step": "verify", "on": "2026-09-13", "wrong": true, "finding": "错" });
    assert_eq!(step(before).await.fault(), (422, "date_too_early", "on"));

    let mut body = registration();
    body["form"]["evidence"] = json!("");
    body["form"]["record"] = json!("");
    let refused = app.clerk().await.post(PATH, &body).await;
    assert_eq!(refused.refusal(), (422, "invalid_input"));
    assert_eq!(refused.json["errors"].as_array().unwrap().len(), 2);
    let mut body = registration();
    body["received_on"] = json!("2026-09-15");
    let refused = app.clerk().await.post(PATH, &body).await;
    assert_eq!(refused.fault(), (422, "date_in_future", "received_on"));
}

async fn the_register_is_the_agencys_own_and_masks_names(app: TestApp) {
    let entry = registered(&app).await;
    assert_ne!(entry["form"]["applicant_name"], "王小明");
    assert!(!entry.to_string().contains("11010519491231002X"));
    let stranger = app.signed_in("stranger", &["clerk", "head"], Some(app.other_agency)).await;
    for below in ["", "/document"] {
        assert_eq!(stranger.get(&path(&entry, below)).await.refusal(), (404, "not_found"));
    }
    let check = json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": "错" });
    assert_eq!(
        stranger.act(&path(&entry, "/steps"), 1, &check).await.refusal(),
        (404, "not_found")
    );
    assert_eq!(stranger.get(PATH).await.expect(200).json, json!([]));
    let supervisor = app.supervisor().await;
    assert_eq!(supervisor.get(PATH).await.expect(200).json.as_array().unwrap().len(), 1);
    assert_eq!(supervisor.post(PATH, &registration()).await.refusal(), (403, "forbidden"));
    assert_eq!(app.admin().await.get(PATH).await.refusal(), (403, "forbidden"));
}

async fn numbers_run_without_gap_and_beside_no_request(app: TestApp) {
    let first = registered(&app).await;
    let second = registered(&app).await;
    assert_eq!(first["number"], "青财更正〔2026〕第1号");
    assert_eq!(second["number"], "青财更正〔2026〕第2号");
    let queue = app.head().await.get("/api/v1/requests").await.expect(200).json;
    assert_eq!(queue["items"], json!([]), "no request for information");
    let report = app.app.verify(false).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
}

#[test]
fn the_shown_limit_is_the_same_day_two_months_on() {
    for (received, due) in [("2026-09-14", "2026-11-14"), ("2025-12-31", "2026-02-28")] {
        assert_eq!(due_on(day(received)), day(due));
    }
}

fn steps() -> impl Strategy<Value = RecordStep> {
    (0u64..5, 0usize..5).prop_map(|(days, which)| {
        let on = day("2026-09-14") + Days::new(days);
        let text = "文".to_owned();
        match which {
            0 => RecordStep::Verify { on, wrong: true, finding: text },
            1 => RecordStep::Forward { on, agency: text.clone(), contact: text },
            2 => RecordStep::Answer { on, result: Some(RecordResult::Corrected), text },
            3 => RecordStep::Deliver {
                n: 2,
                on,
                method: ServiceMethod::InPerson,
                tracking: String::new(),
                signed_on: None,
                evidence: text,
            },
            _ => RecordStep::Answer { on, result: Some(RecordResult::Referred), text },
        }
    })
}

proptest! {
    /// Whatever is tried: nothing is answered that was neither checked nor passed on, and no step is
    /// older than the one before it.
    #[test]
    fn a_record_is_never_answered_unchecked(tried in proptest::collection::vec(steps(), 0..12)) {
        let (mut state, mut on): (RecordState, NaiveDate) = (RecordState::Received, day("2026-09-14"));
        let (mut seen, mut letters) = (Vec::new(), Vec::new());
        for step in tried {
            let wrong = seen.contains(&RecordState::Verified).then_some(true);
            let standing =
                RecordStanding { state, last_on: on, wrong, letters: letters.clone() };
            let Ok(next) = decide(&standing, &step, day("2026-09-18")) else { continue };
            if let RecordStep::Deliver { n, on, .. } = step {
                // How a letter went changes nothing else, and needs the letter.
                prop_assert_eq!(next, state);
                prop_assert!(letters.iter().any(|(of, written)| *of == n && *written <= on));
                continue;
            }
            prop_assert!(step.on() >= on);
            if next == RecordState::Answered {
                prop_assert!(matches!(seen.last(), Some(RecordState::Verified | RecordState::Forwarded)));
            }
            (state, on) = (next, step.on());
            seen.push(next);
            if step.letter().is_some() {
                letters.push((i32::try_from(seen.len()).unwrap(), on));
            }
        }
        prop_assert!(seen.len() <= 3);
    }
}

const PERSONAL: [&str; 3] = ["王小明", "11010519491231002X", "13800000000"];

async fn who_asks_is_sealed_and_opened_one_field_at_a_time(app: TestApp) {
    let entry = registered(&app).await;
    let id: uuid::Uuid = entry["id"].as_str().unwrap().parse().unwrap();
    let row = app.app.store.read(move |conn| rows::find(conn, id)).await.unwrap().unwrap();
    let shown = app.supervisor().await.get(PATH).await.expect(200).json.to_string();
    for secret in PERSONAL {
        assert!(!format!("{row:?}").contains(secret), "{secret} in {row:?}");
        assert!(!shown.contains(secret) && !entry.to_string().contains(secret), "{secret}");
    }

    // Case workers open it field by field, for a purpose that is recorded
    let opening = |field: &str, purpose: &str| json!({ "field": field, "purpose": purpose });
    let address = path(&entry, "/personal-data");
    let officer = app.officer().await;
    for (field, value) in ["applicant_name", "credential_number", "contact"].iter().zip(PERSONAL) {
        let opened = officer.send_json(&address, &opening(field, "电话核实")).await.expect(200);
        assert_eq!(opened.json["value"], value);
    }
    let silent = officer.send_json(&address, &opening("contact", " ")).await;
    assert_eq!(silent.fault(), (422, "invalid_input", "purpose"));
    let supervisor =
        app.supervisor().await.send_json(&address, &opening("contact", "核对联系方式")).await;
    assert_eq!(supervisor.refusal(), (403, "forbidden"));
    let stranger = app.signed_in("stranger", &["officer"], Some(app.other_agency)).await;
    let refused = stranger.send_json(&address, &opening("contact", "核对联系方式")).await;
    assert_eq!(refused.refusal(), (404, "not_found"));
    let log = app.app.store.read(|conn| {
        let filter = gongkai::db::audit::AuditFilter::default();
        gongkai::db::audit::page(conn, &filter, None, 100)
    });
    let log = log.await.unwrap();
    assert_eq!(log.iter().filter(|row| row.action == "open_field").count(), 3);
    assert!(PERSONAL.iter().all(|secret| !format!("{log:?}").contains(secret)), "{log:?}");
}

async fn what_was_entered_before_it_was_sealed_is_sealed_at_the_next_start(app: TestApp) {
    // Given an entry as the first version stored it: only the number sealed
    let entry = registered(&app).await;
    let id: uuid::Uuid = entry["id"].as_str().unwrap().parse().unwrap();
    let sealed =
        app.app.keys.seal(&format!("record_corrections.identity_cipher/{id}"), PERSONAL[1]);
    app.db_write(move |conn| {
        let row = rows::find(conn, id)?.unwrap();
        let mut form = row.form.clone();
        form["applicant_name"] = json!(PERSONAL[0]);
        form["contact"] = json!(PERSONAL[2]);
        let seal = String::new();
        let applicant_name = PERSONAL[0].to_owned();
        rows::update(
            conn,
            RecordCorrectionRow { form, applicant_name, seal, identity_cipher: sealed, ..row },
        )
    })
    .await;

    let started = app.app.clone();
    let count = tokio::task::spawn_blocking(move || started.seal_existing()).await.unwrap();
    assert_eq!(count.unwrap(), 1);

    let row = app.app.store.read(move |conn| rows::find(conn, id)).await.unwrap().unwrap();
    assert!(PERSONAL.iter().all(|secret| !format!("{row:?}").contains(secret)), "{row:?}");
    let opening = json!({ "field": "contact", "purpose": "电话核实" });
    let address = path(&entry, "/personal-data");
    let opened = app.officer().await.send_json(&address, &opening).await.expect(200).json;
    assert_eq!(opened["value"], PERSONAL[2]);
    let again = app.app.clone();
    let none = tokio::task::spawn_blocking(move || again.seal_existing()).await.unwrap();
    assert_eq!(none.unwrap(), 0);
}
