//! The closing checklist: what blocks the archive, what needs a reason, how long a case is kept.

use serde_json::{Value, json};

use crate::bundle::served;
use crate::support::cases::{By, Case, assert_says, registration};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    what_is_merely_incomplete_is_acknowledged_with_a_reason_on_record,
    a_case_is_kept_longer_after_a_remedy_and_blocked_while_one_runs,
    paper_whose_way_is_not_on_record_is_asked_for,
);

async fn closing(case: &Case<'_>) -> Value {
    case.app.officer().await.get(&case.path("/closing")).await.expect(200).json
}

fn codes(view: &Value) -> Vec<&str> {
    view["missing"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect()
}

async fn what_is_merely_incomplete_is_acknowledged_with_a_reason_on_record(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Officer, json!({ "action": "close" })).await;
    let view = closing(&case).await;
    assert_eq!(codes(&view), ["remedy_time_passed"]);
    assert_eq!((&view["blocked"], &view["retention"]), (&json!(false), &json!("years_10")));
    assert!(view["remedies_until"].as_str().unwrap() > "2026-09-30");
    assert!(!view["missing"][0]["todo"].as_str().unwrap().is_empty());

    let bare = case.act(By::Officer, json!({ "action": "archive", "volume": "1" })).await;
    assert_eq!(bare.fault(), (422, "closing_incomplete", "reason"));
    assert_says(bare.json["detail"].as_str().unwrap(), &["提起诉讼的期限还没有过"]);

    let reason = "承办人继续跟踪";
    let archive = json!({ "action": "archive", "volume": "1", "reason": reason });
    case.does(By::Officer, archive).await;
    let entry = case.ledger().await.pop().unwrap()["event"].clone();
    assert_eq!(
        (&entry["missing"], &entry["reason"], &entry["retention"]),
        (&json!(["remedy_time_passed"]), &json!(reason), &json!("years_10"))
    );
}

async fn a_case_is_kept_longer_after_a_remedy_and_blocked_while_one_runs(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Officer, json!({ "action": "close" })).await;
    let remedy = json!({
        "action": "open_remedy", "on": "2026-09-30", "id": "（2026）青复1号",
        "remedy": "reconsideration", "procedure": "simplified", "body": "青云县人民政府"
    });
    case.does(By::Officer, remedy).await;
    let view = closing(&case).await;
    assert_eq!((&view["blocked"], &view["retention"]), (&json!(true), &json!("years_30")));
    let early = json!({ "action": "archive", "volume": "1", "reason": "急" });
    assert_eq!(case.act(By::Officer, early).await.refusal(), (422, "remedy_open"));

    app.set_today("2027-06-01");
    let decided = json!({
        "action": "decide_remedy", "on": "2027-06-01", "id": "（2026）青复1号", "result": "upheld"
    });
    case.does(By::Officer, decided).await;
    // Fifteen days to sue over the decision
    assert_eq!(codes(&closing(&case).await), ["remedy_time_passed"]);
    app.set_today("2027-06-17");
    assert_eq!(codes(&closing(&case).await), Vec::<&str>::new());
    let shorter = json!({ "action": "archive", "volume": "1", "retention": "years_10" });
    let refused = case.act(By::Officer, shorter).await;
    assert_eq!(refused.fault(), (422, "retention_too_short", "retention"));
    let longer = json!({ "action": "archive", "volume": "1", "retention": "permanent" });
    let unsaid = case.act(By::Officer, longer).await;
    assert_eq!(unsaid.fault(), (422, "text_missing", "reason"));
    case.does(By::Officer, json!({ "action": "archive", "volume": "1" })).await;
    let entry = case.ledger().await.pop().unwrap()["event"].clone();
    assert_eq!(entry["retention"], "years_30");
}

#[test]
fn an_office_with_another_retention_table_sets_its_own_years() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let years = [("GONGKAI_RETENTION", "permanent")];
        let app = TestApp::spawn_set(Backend::Sqlite, &years, |config| config).await.unwrap();
        let case = served(&app).await;
        case.does(By::Officer, json!({ "action": "close" })).await;
        assert_eq!(closing(&case).await["retention"], "permanent");

        let archive = json!({ "action": "archive", "volume": "1", "reason": "继续跟踪" });
        case.does(By::Officer, archive).await;

        let entry = case.ledger().await.pop().unwrap()["event"].clone();
        assert_eq!(entry["retention"], "permanent");
    });
}

async fn paper_whose_way_is_not_on_record_is_asked_for(app: TestApp) {
    let body = registration("in_person", "2026-09-14", "窗口接收");
    let case = Case::registered(&app, &body).await;
    assert!(codes(&closing(&case).await).contains(&"originals_accounted"));
    let handed = json!({
        "action": "hand_over", "on": "2026-09-14", "from_unit": "窗口", "giver": "张华",
        "receiver": "李明", "what": "申请表原件1份"
    });
    case.does(By::Clerk, handed).await;
    assert!(!codes(&closing(&case).await).contains(&"originals_accounted"));
}
