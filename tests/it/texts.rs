//! Texts people enter: what no reader sees is not taken, and nothing but it is nothing.

use serde_json::json;

use crate::support::cases::{By, Case, assert_says, filing, g1, registration};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    signs_that_hide_what_is_said_are_refused_by_field,
    signs_without_width_are_nothing,
    co_applicants_are_masked_and_not_without_number,
    nobody_goes_without_receipt_or_reply_for_a_sign_in_a_name,
    numbers_of_people_in_notes_are_masked_where_they_are_read,
);

async fn signs_that_hide_what_is_said_are_refused_by_field(app: TestApp) {
    for sign in ['\u{202e}', '\u{2066}', '\u{e000}', '\u{ffff}', '\u{e0041}', '\u{f0000}'] {
        for (pointer, field) in [
            ("/application/title", "title"),
            ("/application/description", "description"),
            ("/application/applicant/name", "applicant.name"),
        ] {
            let mut body = filing(&app);
            *body.pointer_mut(pointer).unwrap() = json!(format!("资金{sign}分配表"));
            let refused = app.anon().post("/api/v1/requests", &body).await;
            assert_eq!(refused.fault(), (422, "invalid_input", field), "{sign:?}");
        }
    }
    // Rare characters and emoji are no such signs
    let mut body = filing(&app);
    body["application"]["title"] = json!("䶮城路👍改造资金分配表");
    app.anon().post("/api/v1/requests", &body).await.expect(201);
}

async fn signs_without_width_are_nothing(app: TestApp) {
    let mut body = filing(&app);
    body["application"]["applicant"]["name"] = json!("\u{200b}\u{feff}");
    let refused = app.anon().post("/api/v1/requests", &body).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "applicant.name"));
}

async fn co_applicants_are_masked_and_not_without_number(app: TestApp) {
    let mut body = filing(&app);
    body["application"]["co_applicants"] = json!(vec!["孙同伴"; 51]);
    let refused = app.anon().post("/api/v1/requests", &body).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "co_applicants"));
    body["application"]["co_applicants"] = json!(["孙同伴", "周合伙"]);
    body["application"]["agent"] = json!({
        "name": "李明", "credential_number": "11010519491231002X",
        "phone": "13900000000", "authority": "代为申请，电话13700001111"
    });
    let filed = app.anon().post("/api/v1/requests", &body).await.expect(201).json;
    let path = format!("/api/v1/requests/{}/application", filed["id"].as_str().unwrap());
    let seen = app.supervisor().await.get(&path).await.expect(200).json.to_string();
    for hidden in ["孙同伴", "周合伙", "13700001111"] {
        assert!(!seen.contains(hidden), "{hidden} in {seen}");
    }
}

/// 条例 29, 33.
async fn nobody_goes_without_receipt_or_reply_for_a_sign_in_a_name(app: TestApp) {
    let odd = |form: &mut serde_json::Value| {
        form["applicant"]["name"] = json!("བཀྲ་ཤིས།");
        form["applicant"]["address"] = json!("青云县🀄路8号");
        form["title"] = json!("麻将馆🀄审批表");
        form["description"] = json!("一家👨‍👩‍👧开的");
    };
    let mut letter = registration("in_person", "2026-09-14", "窗口接收");
    odd(&mut letter["application"]);
    for case in [Case::filed_with(&app, odd).await, Case::registered(&app, &letter).await] {
        let receipt = case.pdf(&case.notice("receipt").await).await;
        assert_says(&receipt, &["麻将馆〔U+1F004〕审批表"]);
        let case = case.processed().await;
        let mut content = g1();
        content["items"] = json!(["麻将馆🀄审批表"]);
        let text = case.pdf(&case.issued(&content).await).await;
        assert_says(&text, &["麻将馆〔U+1F004〕审批表", "〔U+0F56〕"]);
        // Word and the copy for the case are made as well
        let correction = Case::filed_with(&app, odd).await;
        correction.assigned().await;
        let ask = json!({
            "action": "ask_correction", "on": "2026-09-14", "until": "2026-10-14",
            "defects": [{ "kind": "content", "guidance": "请写明文件名称" }]
        });
        correction.does(By::Officer, ask).await;
        correction.pdf(&correction.notice("correction").await).await;
    }
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

/// 个人信息保护法 6, 28.
async fn numbers_of_people_in_notes_are_masked_where_they_are_read(app: TestApp) {
    let case =
        Case::filed_with(&app, |form| form["title"] = json!("13812345678号码的登记表")).await;
    let case = case.processed().await;
    let note = "来电139 1234 5678，证件11010519491231002X，编号202600100001，金额1380000元";
    case.does(By::Officer, json!({ "action": "note", "text": note })).await;

    // Everybody in the office reads the ledger without the numbers
    for reader in [app.officer().await, app.supervisor().await] {
        let entries = reader.get(&case.path("/events")).await.expect(200).json.to_string();
        for secret in ["139 1234 5678", "13912345678", "11010519491231002X"] {
            assert!(!entries.contains(secret), "{entries}");
        }
        assert_says(&entries, &["来电139****5678", "编号202600100001", "金额1380000元"]);
        let list = reader.get("/api/v1/requests").await.expect(200).json.to_string();
        assert!(list.contains("号码的登记表") && !list.contains("13812345678"), "{list}");
    }
    // What happened meanwhile is told as the ledger is
    let body = json!({ "action": "note", "text": "又来电" });
    let stale = app.officer().await.act(&case.path("/actions"), 1, &body).await;
    assert_eq!(stale.status, 409);
    assert!(!stale.json.to_string().contains("11010519491231002X"), "{}", stale.json);
    // And a purpose that says nothing opens nothing
    for purpose in [".", "。。。。。", "看看", "- - - -"] {
        let opening = json!({ "field": "phone", "purpose": purpose });
        let officer = app.officer().await;
        let refused = officer.send_json(&case.path("/personal-data"), &opening).await;
        assert_eq!(refused.blamed(), ("purpose", "purpose_unclear"), "{purpose}");
    }
    // while the record itself is whole
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
