//! Records of searches (检索记录): what is said not to exist was looked for in vain, for this request.
//!
//! Source: 条例 art. 36 (4).

use serde_json::{Value, json};

use crate::support::cases::{By, Case, u1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(nothing_is_said_not_to_exist_after_a_search_that_found_it);

async fn nothing_is_said_not_to_exist_after_a_search_that_found_it(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let searched = |on: &str, found: Value| {
        json!({
            "action": "record_search",
            "search": {
                "systems": "档案管理系统", "keywords": "补助资金", "by": "周敏", "on": on,
                "result": "找到三份相符文件", "found": found
            }
        })
    };
    // Whether something was found is said, and the search was made for this request
    let unsaid = case.act(By::Officer, searched("2026-09-14", Value::Null)).await;
    assert_eq!(unsaid.fault(), (422, "text_missing", "search.found"));
    let older = case.act(By::Officer, searched("2025-03-01", json!(false))).await;
    assert_eq!(older.fault().2, "search.on", "{}", older.json);

    case.does(By::Officer, searched("2026-09-14", json!(true))).await;
    // nor by a search written into the reply
    let mut reply = u1();
    reply["search"] = searched("2026-09-14", json!(true))["search"].clone();
    let notice = case.drafted(&reply).await;
    let submit = json!({ "step": "submit" });
    let refused = case.step(By::Officer, &notice, submit.clone()).await;
    assert_eq!(refused.blamed(), ("search.found", "search_found"));
    // until one was in vain
    app.set_today("2026-09-15");
    case.does(By::Officer, searched("2026-09-15", json!(false))).await;
    reply["search"]["found"] = json!(false);
    let notice = case.drafted(&reply).await;
    case.step(By::Officer, &notice, submit).await.expect(200);
}
