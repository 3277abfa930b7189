//! The library of reasons: kept by heads and supervisors, picked by officers, judged by remedies.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, u1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_wording_is_picked_for_a_reply_and_followed_by_how_it_fared,
    what_replaces_a_wording_retires_it_and_nothing_is_overwritten,
    the_library_is_searched_and_shows_the_countys_and_ones_own,
    a_wording_that_does_not_fit_is_refused_in_draft_and_item,
    a_voided_reply_is_no_use_of_its_wording,
);

const PATH: &str = "/api/v1/reason-texts";

fn wording(title: &str) -> Value {
    json!({
        "outcome": "U1", "article": "《条例》第三十六条第四项", "title": title,
        "wording": "经检索，未查找到您申请公开的信息。"
    })
}

async fn added(app: &TestApp, title: &str) -> String {
    let entry = app.head().await.post(PATH, &wording(title)).await.expect(201).json;
    entry["id"].as_str().unwrap().to_owned()
}

fn with(reasons: &[&str]) -> Value {
    let mut content = u1();
    content["search"]["on"] = json!("2026-09-14");
    content["reason_texts"] = json!(reasons);
    content
}

/// A served reply with a reconsideration against it, decided so.
async fn reviewed(app: &TestApp, reason: &str, case_number: &str, result: Option<&str>) -> String {
    let case = Case::in_processing(app).await;
    let notice = case.issued(&with(&[reason])).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    let open = json!({
        "action": "open_remedy", "on": "2026-09-14", "id": case_number,
        "remedy": "reconsideration", "body": "青云县人民政府", "procedure": "ordinary"
    });
    case.does(By::Clerk, open).await;
    if let Some(result) = result {
        let end = json!({
            "action": "decide_remedy", "on": "2026-09-14", "id": case_number, "result": result
        });
        case.does(By::Officer, end).await;
    }
    case.number
}

async fn a_wording_is_picked_for_a_reply_and_followed_by_how_it_fared(app: TestApp) {
    let reason = added(&app, "多处检索").await;
    let unused = added(&app, "无人使用").await;
    let upheld = reviewed(&app, &reason, "青复1号", Some("upheld")).await;
    reviewed(&app, &reason, "青复2号", Some("corrected")).await;
    reviewed(&app, &reason, "青复3号", None).await;

    let officer = app.officer().await;
    let entry = officer.get(&format!("{PATH}/{reason}")).await.expect(200).json;
    assert_eq!(entry["used"], 3);
    assert_eq!(entry["fared"], json!({ "upheld": 1, "corrected": 1, "other": 0, "pending": 1 }));
    let uses = officer.get(&format!("{PATH}/{reason}/uses")).await.expect(200).json;
    let uses = uses.as_array().unwrap();
    assert_eq!(uses.len(), 3);
    let first = uses.iter().find(|used| used["request_number"] == json!(upheld)).unwrap();
    assert_eq!(first["issued_on"], "2026-09-14");
    assert_eq!(first["remedies"][0]["result"], "upheld");
    let never = officer.get(&format!("{PATH}/{unused}")).await.expect(200).json;
    assert_eq!((&never["used"], &never["fared"]["pending"]), (&json!(0), &json!(0)));
    // The link is the officer's note: nothing of it is printed
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn what_replaces_a_wording_retires_it_and_nothing_is_overwritten(app: TestApp) {
    let old = added(&app, "旧理由").await;
    let mut better = wording("新理由");
    better["replaces"] = json!(old);
    let head = app.head().await;
    let new = head.post(PATH, &better).await.expect(201).json;
    assert_eq!(new["replaces"], json!(old));
    let retired = head.get(&format!("{PATH}/{old}")).await.expect(200).json;
    assert_eq!(
        (&retired["title"], &retired["retired_on"]),
        (&json!("旧理由"), &json!("2026-09-14"))
    );
    assert_eq!(head.post(PATH, &better).await.refusal(), (409, "changed"), "replaced once");

    let path = format!("{PATH}/{}/retirement", new["id"].as_str().unwrap());
    let why = json!({ "why": "复议决定认为说理不足" });
    let silent = head.act(&path, 1, &json!({ "why": " " })).await;
    assert_eq!(silent.blamed(), ("why", "required"));
    assert_eq!(head.act(&path, 2, &why).await.refusal(), (409, "changed"));
    let gone = head.act(&path, 1, &why).await.expect(200).json;
    assert_eq!(
        (&gone["retired_why"], &gone["version"]),
        (&json!("复议决定认为说理不足"), &json!(2))
    );
    assert_eq!(head.act(&path, 2, &why).await.refusal(), (409, "changed"), "retired once");
}

async fn the_library_is_searched_and_shows_the_countys_and_ones_own(app: TestApp) {
    let own = added(&app, "多处检索100%").await;
    let supervisor = app.supervisor().await;
    let county = supervisor.post(PATH, &wording("全县通用")).await.expect(201).json;
    assert_eq!(county["agency"], Value::Null);
    let mut other = wording("过程稿");
    other["outcome"] = json!("N6");
    supervisor.post(PATH, &other).await.expect(201);
    let titles = |json: Value| -> Vec<String> {
        let items = json["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    };
    let officer = app.officer().await;
    let found = |query: &str| {
        let (officer, path) = (officer.clone(), format!("{PATH}{query}"));
        async move { titles(officer.get(&path).await.expect(200).json) }
    };
    assert_eq!(found("").await, ["过程稿", "全县通用", "多处检索100%"]);
    assert_eq!(found("?outcome=N6").await, ["过程稿"]);
    assert_eq!(found("?words=通用").await, ["全县通用"]);
    // A sign of a pattern is a sign like any other
    assert_eq!(found("?words=%25").await, ["多处检索100%"]);
    assert_eq!(found("?words=_").await, [""; 0]);
    let first = officer.get(&format!("{PATH}?limit=2")).await.expect(200).json;
    let next = first["next"].as_str().unwrap().to_owned();
    assert_eq!(found(&format!("?limit=2&cursor={next}")).await, ["多处检索100%"]);

    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(titles(stranger.get(PATH).await.expect(200).json), ["过程稿", "全县通用"]);
    assert_eq!(stranger.get(&format!("{PATH}/{own}")).await.refusal(), (404, "not_found"));
    // The county's entries are the supervisor's to retire
    let path = format!("{PATH}/{}/retirement", county["id"].as_str().unwrap());
    let why = json!({ "why": "过时" });
    assert_eq!(stranger.act(&path, 1, &why).await.refusal(), (404, "not_found"));
    supervisor.act(&path, 1, &why).await.expect(200);
    assert_eq!(found("").await, ["过程稿", "多处检索100%"]);
    assert_eq!(found("?retired=true").await.len(), 3);
    assert_eq!(officer.post(PATH, &wording("自拟")).await.refusal(), (403, "forbidden"));
    let mut empty = wording("x");
    (empty["wording"], empty["article"]) = (json!(""), json!(""));
    let faults = app.head().await.post(PATH, &empty).await;
    assert_eq!(faults.json["errors"].as_array().map(Vec::len), Some(2));
}

async fn a_wording_that_does_not_fit_is_refused_in_draft_and_item(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let path = case.path("/notices");
    let officer = app.officer().await;
    let refused = |reason: String| {
        let (officer, path) = (officer.clone(), path.clone());
        async move { officer.post(&path, &with(&[reason.as_str()])).await }
    };
    let nobody = refused(uuid::Uuid::now_v7().to_string()).await;
    assert_eq!(nobody.blamed(), ("reason_texts", "unknown_reason_text"));
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    let theirs = stranger.post(PATH, &wording("他局")).await.expect(201).json;
    let theirs = refused(theirs["id"].as_str().unwrap().to_owned()).await;
    assert_eq!(theirs.blamed(), ("reason_texts", "unknown_reason_text"));
    let mut other = wording("过程稿");
    other["outcome"] = json!("N6");
    let other = app.head().await.post(PATH, &other).await.expect(201).json;
    let other = other["id"].as_str().unwrap().to_owned();
    let unfit = refused(other.clone()).await;
    assert_eq!(unfit.blamed(), ("reason_texts", "reason_text_other_outcome"));
    let old = added(&app, "旧理由").await;
    let why = json!({ "why": "过时" });
    app.head().await.act(&format!("{PATH}/{old}/retirement"), 1, &why).await.expect(200);
    let retired = refused(old).await;
    assert_eq!(retired.blamed(), ("reason_texts", "reason_text_retired"));
    // The same for an item
    let search = json!({
        "action": "record_search", "item": 1,
        "search": { "systems": "档案室", "keywords": "补助", "by": "李明", "on": "2026-09-14", "result": "无", "found": false }
    });
    case.does(By::Officer, search).await;
    let decide = json!({ "action": "decide_item", "item": 1, "content": with(&[other.as_str()]) });
    let refused = case.act(By::Officer, decide).await;
    assert_eq!(refused.blamed(), ("reason_texts", "reason_text_other_outcome"));
    let good = added(&app, "多处检索").await;
    let decide = json!({ "action": "decide_item", "item": 1, "content": with(&[good.as_str()]) });
    case.does(By::Officer, decide).await;
    // And what the items say goes with the reply that is put together from them
    let path = case.path("/assembled-reply");
    let notice = app.officer().await.post(&path, &json!({})).await.expect(201).json;
    let notice = notice["id"].as_str().unwrap();
    case.step(By::Officer, notice, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Head, notice, json!({ "step": "approve" })).await.expect(200);
    case.step(By::Head, notice, json!({ "step": "issue" })).await.expect(200);
    let entry = app.officer().await.get(&format!("{PATH}/{good}")).await.expect(200).json;
    assert_eq!(entry["used"], 1);
}

async fn a_voided_reply_is_no_use_of_its_wording(app: TestApp) {
    let reason = added(&app, "多处检索").await;
    let case = Case::in_processing(&app).await;
    let notice = case.issued(&with(&[reason.as_str()])).await["id"].as_str().unwrap().to_owned();
    let path = format!("{PATH}/{reason}");
    assert_eq!(app.officer().await.get(&path).await.expect(200).json["used"], 1);
    let void = json!({ "step": "void", "reason": "文号有误" });
    case.step(By::Head, &notice, void).await.expect(200);
    assert_eq!(app.officer().await.get(&path).await.expect(200).json["used"], 0);
}
