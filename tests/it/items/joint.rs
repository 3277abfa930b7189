//! One document for several requests: it says what was approved, and nobody approves own words.

use serde_json::json;

use super::decided;
use crate::support::cases::{By, Case};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    nothing_is_issued_that_nobody_approved_whatever_the_other_request_changes,
    who_wrote_of_the_other_request_does_not_approve_the_document,
    a_request_whose_lead_was_withdrawn_gets_its_own_reply_again,
    the_earliest_limit_of_those_that_are_left_governs,
);

fn x1() -> serde_json::Value {
    json!({ "outcome": "X1", "reasons": "属于投诉" })
}

/// Two requests answered together, lead first.
async fn bound(app: &TestApp) -> (Case<'_>, Case<'_>) {
    let (lead, other) = (Case::in_processing(app).await, Case::in_processing(app).await);
    let body = json!({ "requests": [other.id] });
    let officer = app.officer().await;
    officer.act(&lead.path("/joint-reply"), lead.version().await, &body).await.expect(200);
    (lead, other)
}

async fn assembled(case: &Case<'_>) -> String {
    let officer = case.app.officer().await;
    let draft = officer.post(&case.path("/assembled-reply"), &json!({})).await.expect(201).json;
    draft["id"].as_str().unwrap().to_owned()
}

async fn nothing_is_issued_that_nobody_approved_whatever_the_other_request_changes(app: TestApp) {
    // Given a document for two requests, approved
    let (lead, other) = bound(&app).await;
    let two = json!([{ "title": "分配表" }, { "title": "会议记录" }]);
    other.does(By::Officer, json!({ "action": "list_items", "items": two })).await;
    for (case, item) in [(&lead, 1), (&other, 1), (&other, 2)] {
        decided(case, item, x1()).await;
    }
    let notice = assembled(&lead).await;
    let submit = json!({ "step": "submit" });
    let approve = json!({ "step": "approve" });
    let issue = json!({ "step": "issue" });
    lead.step(By::Officer, &notice, submit.clone()).await.expect(200);
    lead.step(By::Head, &notice, approve.clone()).await.expect(200);

    // When the other one lists its items otherwise, it is not issued as it was approved
    let three = json!([{ "title": "分配表" }, { "title": "会议记录" }, { "title": "附图" }]);
    other.does(By::Officer, json!({ "action": "list_items", "items": three })).await;
    let refused = lead.step(By::Head, &notice, issue.clone()).await;
    assert_eq!(refused.refusal(), (422, "items_undecided"));
    let one = json!([{ "title": "分配表" }]);
    other.does(By::Officer, json!({ "action": "list_items", "items": one })).await;
    let refused = lead.step(By::Head, &notice, issue.clone()).await;
    assert_eq!(refused.refusal(), (409, "joint_reply_changed"));

    // Nor when an item leaves it for a request of its own
    other.does(By::Officer, json!({ "action": "list_items", "items": two })).await;
    decided(&other, 2, x1()).await;
    let back = json!({ "step": "return", "reason": "请重新提交" });
    lead.step(By::Head, &notice, back).await.expect(200);
    lead.step(By::Officer, &notice, submit).await.expect(200);
    lead.step(By::Head, &notice, approve).await.expect(200);
    let parts = json!({ "parts": [{ "items": [2] }] });
    let officer = app.officer().await;
    officer.act(&other.path("/split"), other.version().await, &parts).await.expect(200);
    let refused = lead.step(By::Head, &notice, issue).await;
    assert_eq!(refused.refusal(), (409, "joint_reply_changed"));
}

async fn who_wrote_of_the_other_request_does_not_approve_the_document(app: TestApp) {
    let (lead, other) = bound(&app).await;
    decided(&lead, 1, x1()).await;
    // The head decides the item of the other request
    other.does(By::Head, json!({ "action": "decide_item", "item": 1, "content": x1() })).await;
    let notice = assembled(&lead).await;
    lead.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    let own = lead.step(By::Head, &notice, json!({ "step": "approve" })).await;
    assert_eq!(own.refusal(), (422, "own_draft"));
    let second = app.signed_in("second-head", &["head"], Some(app.agency)).await;
    let path = format!("/api/v1/notices/{notice}/steps");
    second.act(&path, lead.version().await, &json!({ "step": "approve" })).await.expect(200);
}

async fn withdrawn(case: &Case<'_>) {
    let on = case.app.app.today();
    let withdraw = json!({
        "action": "withdraw", "on": on, "statement": "撤回", "authentication": "signed"
    });
    case.does(By::Clerk, withdraw).await;
}

async fn a_request_whose_lead_was_withdrawn_gets_its_own_reply_again(app: TestApp) {
    let (lead, other) = bound(&app).await;
    decided(&other, 1, x1()).await;
    let held_up = app.officer().await.post(&other.path("/assembled-reply"), &json!({})).await;
    assert_eq!(held_up.refusal(), (409, "answered_with_lead"));
    withdrawn(&lead).await;

    let notice = assembled(&other).await;
    other.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    other.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
    other.step(By::Head, &notice, json!({ "step": "issue" })).await.expect(200);
    assert_eq!(other.view().await["state"], "issued");
    // And it may be bound to yet another one
    let told = other.track().await["timeline"].to_string();
    assert!(told.contains("不再与您的其他申请合并答复"), "{told}");
}

async fn the_earliest_limit_of_those_that_are_left_governs(app: TestApp) {
    // Given three requests of three days, answered together
    let early = Case::in_processing(&app).await;
    app.set_today("2026-09-15");
    let middle = Case::in_processing(&app).await;
    app.set_today("2026-09-16");
    let lead = Case::in_processing(&app).await;
    let due = async |case: &Case<'_>| case.view().await["due_on"].clone();
    let governing = async |case: &Case<'_>| case.view().await["governing_on"].clone();
    let body = json!({ "requests": [early.id, middle.id] });
    let officer = app.officer().await;
    officer.act(&lead.path("/joint-reply"), lead.version().await, &body).await.expect(200);
    for case in [&lead, &early, &middle] {
        assert_eq!(governing(case).await, due(&early).await);
    }
    // When the earliest is withdrawn
    withdrawn(&early).await;
    // Then the next one governs both that are left
    for case in [&lead, &middle] {
        assert_eq!(governing(case).await, due(&middle).await);
    }
    // And when that goes too, the last one has its own limit and reply again
    withdrawn(&middle).await;
    assert_eq!(governing(&lead).await, due(&lead).await);
    let again = Case::in_processing(&app).await;
    let body = json!({ "requests": [again.id] });
    officer.act(&lead.path("/joint-reply"), lead.version().await, &body).await.expect(200);
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}
