//! More time (延期): asked for, granted by somebody else, told to the applicant.
//!
//! Source: 条例 art. 33 ¶2.

use serde_json::json;

use crate::support::cases::{By, Case};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    more_time_is_not_granted_by_whoever_asked_for_it,
    more_time_that_left_the_house_after_the_limit_is_none,
);

async fn more_time_is_not_granted_by_whoever_asked_for_it(app: TestApp) {
    // The head himself asks
    let case = Case::in_processing(&app).await;
    let ask = json!({ "action": "ask_extension", "working_days": 10, "reason": "需要逐卷检索" });
    let consent = json!({ "action": "consent_extension" });
    case.does(By::Head, ask.clone()).await;
    let alone = case.act(By::Head, consent.clone()).await;
    assert_eq!(alone.refusal(), (422, "own_extension"));
    assert!(alone.json["article"].as_str().unwrap().contains("第三十三条第二款"));
    let colleague = app.signed_in("second_head", &["head"], Some(app.agency)).await;
    case.tried(&colleague, consent.clone()).await.expect(200);

    // The officer asks, and is deputy of the absent head
    let other = Case::in_processing(&app).await;
    other.does(By::Officer, ask).await;
    let officer = app.officer().await;
    let deputy = json!({
        "absent": app.db_user("head").await.unwrap().id,
        "deputy": app.db_user("officer").await.unwrap().id,
        "from_on": "2026-09-14", "until_on": "2026-09-18", "reason": "出差"
    });
    app.head().await.post("/api/v1/deputies", &deputy).await.expect(201);
    let refused = other.tried(&officer, consent.clone()).await;
    assert_eq!(refused.refusal(), (422, "own_extension"));
    other.tried(&colleague, consent).await.expect(200);
}

async fn more_time_that_left_the_house_after_the_limit_is_none(app: TestApp) {
    let case = Case::in_processing(&app).await;
    app.set_today("2026-10-16");
    let ask = json!({ "action": "ask_extension", "working_days": 10, "reason": "需要逐卷检索" });
    case.does(By::Officer, ask).await;
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    let tell = json!({ "action": "tell_extension", "on": "2026-10-16" });
    let told = case.does(By::Officer, tell).await;
    assert_eq!(told["due_on"], "2026-10-30");

    app.set_today("2026-10-19");
    case.posted("extension", "2026-10-19").await;

    let view = case.view().await;
    assert_eq!((&view["due_on"], &view["overdue"]), (&json!("2026-10-16"), &json!(true)));
    assert_eq!(view["defects"], json!(["extension_after_limit"]));
}
