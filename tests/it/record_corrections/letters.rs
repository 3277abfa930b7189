//! The letters of the register are numbered and frozen, and what is changed beside the program is
//! found.

use diesel::RunQueryDsl;
use gongkai::db::StoreError;
use gongkai::db::record_corrections::{self as rows, RecordCorrectionRow};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{path, registered};
use crate::agencies::profile;
use crate::support::cases::{assert_says, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    every_letter_keeps_its_number_and_its_words,
    a_letter_that_cannot_be_printed_is_not_sent_and_uses_no_number,
    what_is_changed_beside_the_register_is_found,
    how_a_letter_went_is_on_record,
);

/// An entry that was passed on and told, by an officer.
async fn told(app: &TestApp) -> Value {
    let entry = registered(app).await;
    let officer = app.officer().await;
    let forward = json!({
        "step": "forward", "on": "2026-09-14", "agency": "青云县公安局", "contact": "0000-1111111"
    });
    officer.act(&path(&entry, "/steps"), 1, &forward).await.expect(200);
    let answer = json!({ "step": "answer", "result": "referred", "on": "2026-09-14", "text": "已转送青云县公安局处理" });
    officer.act(&path(&entry, "/steps"), 2, &answer).await.expect(200).json
}

async fn letter(app: &TestApp, entry: &Value, below: &str) -> String {
    pdf_text(&app.officer().await.get(&path(entry, below)).await.expect(200).bytes)
}

async fn every_letter_keeps_its_number_and_its_words(app: TestApp) {
    let entry = told(&app).await;
    let numbers: Vec<&str> =
        (0..2).map(|n| entry["history"][n]["letter"]["number"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["青财更转〔2026〕第1号", "青财更答〔2026〕第1号"]);
    let (passed_on, answered) =
        (letter(&app, &entry, "/letters/1").await, letter(&app, &entry, "/letters/2").await);
    assert_says(&passed_on, &[numbers[0], "转送贵机关", "青云县公安局"]);
    assert_says(&answered, &[numbers[1], "已转送青云县公安局处理", "王小明"]);
    assert_eq!(letter(&app, &entry, "/document").await, answered);

    // When the agency has another name and another telephone
    let admin = app.admin().await;
    let address = format!("/api/v1/agencies/{}", app.agency);
    let change = json!({ "profile": profile("青云县财政和国资局"), "active": true });
    admin.put(&address, 1, &change).await.expect(200);

    // Then what was sent reads as it was sent
    assert_eq!(letter(&app, &entry, "/letters/1").await, passed_on);
    assert_eq!(letter(&app, &entry, "/letters/2").await, answered);
    for none in ["/letters/0", "/letters/3"] {
        let missing = app.officer().await.get(&path(&entry, none)).await;
        assert_eq!(missing.refusal(), (404, "not_found"));
    }
    // and nobody else reads it
    let stranger = app.signed_in("stranger", &["officer"], Some(app.other_agency)).await;
    let refused = stranger.get(&path(&entry, "/letters/1")).await;
    assert_eq!(refused.refusal(), (404, "not_found"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_letter_that_cannot_be_printed_is_not_sent_and_uses_no_number(app: TestApp) {
    let entry = registered(&app).await;
    let officer = app.officer().await;
    let check = json!({ "step": "verify", "on": "2026-09-14", "wrong": true, "finding": "有误" });
    officer.act(&path(&entry, "/steps"), 1, &check).await.expect(200);
    let answer = |text: &str| json!({ "step": "answer", "result": "corrected", "on": "2026-09-14", "text": format!("已更正为{text}") });
    // Linear A is in no font of an office
    let refused = officer.act(&path(&entry, "/steps"), 2, &answer("\u{10600}")).await;
    assert_eq!(refused.refusal(), (422, "unprintable"));
    assert!(refused.json["detail"].as_str().unwrap().contains('\u{10600}'), "{:?}", refused.json);

    let answered =
        officer.act(&path(&entry, "/steps"), 2, &answer("王小明")).await.expect(200).json;

    assert_eq!(answered["history"][1]["letter"]["number"], "青财更答〔2026〕第1号");
}

async fn what_is_changed_beside_the_register_is_found(app: TestApp) {
    let entry = told(&app).await;
    let id: Uuid = entry["id"].as_str().unwrap().parse().unwrap();
    let whole = app.app.store.read(move |conn| rows::find(conn, id)).await.unwrap().unwrap();
    let number = whole.number.clone();
    let faults = || async { app.app.verify(false).await.unwrap().faults };
    assert_eq!(faults().await, Vec::<String>::new());

    let changes: [fn(&mut RecordCorrectionRow); 5] = [
        |row| row.form["error"] = json!("别的"),
        |row| row.received_on = row.received_on.succ_opt().unwrap(),
        |row| row.history[1]["text"] = json!("不予更正"),
        |row| row.answered_on = None,
        |row| row.history = json!([row.history[0]]),
    ];
    for (n, change) in changes.into_iter().enumerate() {
        let mut changed = whole.clone();
        change(&mut changed);
        set(&app, changed).await;
        let found = faults().await;
        assert!(found.iter().any(|fault| fault.contains(&number)), "change {n}: {found:?}");
    }
    set(&app, whole).await;
    assert_eq!(faults().await, Vec::<String>::new());

    for sql in [
        "UPDATE record_letters SET number = '青财更答〔2026〕第9号' WHERE n = 2",
        "UPDATE record_letters SET content_sha256 = replace(content_sha256, '0', '1') WHERE n = 1",
        "DELETE FROM record_letters WHERE n = 1",
    ] {
        app.db_write(move |conn| diesel::sql_query(sql).execute(conn).map_err(StoreError::from))
            .await;
        let found = faults().await;
        assert!(found.iter().any(|fault| fault.contains("文书")), "{sql}: {found:?}");
    }
}

/// Puts the entry as given, past the program.
async fn set(app: &TestApp, row: RecordCorrectionRow) {
    app.db_write(move |conn| {
        let version = rows::find(conn, row.id)?.unwrap().version;
        rows::update(conn, RecordCorrectionRow { version, ..row })
    })
    .await;
}

async fn how_a_letter_went_is_on_record(app: TestApp) {
    // Given an application that was passed on and told
    let entry = told(&app).await;
    app.set_today("2026-09-18");
    let clerk = app.clerk().await;
    let delivered = |change: Value| {
        let mut step = json!({
            "step": "deliver", "n": 2, "on": "2026-09-15", "method": "ems",
            "tracking": "EA123456789CN", "signed_on": "2026-09-17", "evidence": "EMS回执"
        });
        step.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        step
    };

    // When it is entered how the answer went, everything about it must be possible
    for (change, fault) in [
        (json!({ "n": 3 }), (422, "unknown_letter", "n")),
        (json!({ "on": "2026-09-13" }), (422, "date_too_early", "on")),
        (json!({ "on": "2026-09-19" }), (422, "date_in_future", "on")),
        (json!({ "signed_on": "2026-09-14" }), (422, "date_too_early", "signed_on")),
        (json!({ "signed_on": "2026-09-19" }), (422, "date_in_future", "signed_on")),
        (json!({ "method": "courier" }), (422, "courier_refused", "method")),
        (json!({ "tracking": " " }), (422, "text_missing", "tracking")),
        (json!({ "evidence": "" }), (422, "text_missing", "evidence")),
    ] {
        let refused = clerk.act(&path(&entry, "/steps"), 3, &delivered(change)).await;
        assert_eq!(refused.fault(), fault);
    }
    let recorded = clerk.act(&path(&entry, "/steps"), 3, &delivered(json!({}))).await;
    let recorded = recorded.expect(200).json;

    // Then the entry stands where it stood, with the proof in its history
    assert_eq!(
        (&recorded["state"], &recorded["answered_on"]),
        (&entry["state"], &json!("2026-09-14"))
    );
    let last = &recorded["history"][2];
    assert_eq!((&last["n"], &last["signed_on"]), (&json!(2), &json!("2026-09-17")));
    // and the letter passed on can be entered after it
    let earlier = delivered(json!({ "n": 1, "on": "2026-09-14", "method": "in_person" }));
    clerk.act(&path(&entry, "/steps"), 4, &earlier).await.expect(200);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
