//! Texts people enter: what no reader sees is not taken, and nothing but it is nothing.

use serde_json::json;

use crate::support::cases::filing;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    signs_that_hide_what_is_said_are_refused_by_field,
    signs_without_width_are_nothing,
    co_applicants_are_masked_and_not_without_number,
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
