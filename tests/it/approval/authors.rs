//! Whoever wrote at a reply approves it in no hand, and does not review its release.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1, g2};
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    whoever_saved_the_text_does_not_approve_it_though_another_submits_it,
    a_draft_submitted_again_by_another_stays_its_authors,
    whoever_saved_the_text_does_not_review_its_release,
);

/// A head who writes replies too.
async fn writing_head(app: &TestApp) -> Client {
    app.signed_in("writing-head", &["head", "officer"], Some(app.agency)).await
}

async fn step(case: &Case<'_>, who: &Client, draft: &str, body: Value) -> (u16, String) {
    let version = case.version().await;
    let reply = who.act(&format!("/api/v1/notices/{draft}/steps"), version, &body).await;
    (reply.status, reply.json["code"].as_str().unwrap_or_default().to_owned())
}

fn own_draft() -> (u16, String) {
    (422, "own_draft".to_owned())
}

async fn whoever_saved_the_text_does_not_approve_it_though_another_submits_it(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let author = writing_head(&app).await;
    // Given a draft the officer began and the head rewrote
    let draft = case.drafted(&g1()).await;
    let path = format!("/api/v1/notices/{draft}");
    let seen = author.get(&path).await.expect(200);
    assert_eq!(seen.json["fields"]["saved_by"], Value::Null, "the form is as it was entered");
    let mut text = g1();
    text["place"] = json!("青云县人民政府公报2026年第1期");
    let version = i32::try_from(seen.json["version"].as_i64().unwrap()).unwrap();
    author.put(&path, version, &text).await.expect(200);
    // When the officer submits it
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    // Then that head does not approve it, and another does
    assert_eq!(step(&case, &author, &draft, json!({ "step": "approve" })).await, own_draft());
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    let submitted = case.event_of("draft_submitted", &draft).await;
    assert_eq!(submitted["authors"].as_array().unwrap().len(), 2);
}

async fn a_draft_submitted_again_by_another_stays_its_authors(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let author = writing_head(&app).await;
    let draft = author.post(&case.path("/notices"), &g1()).await.expect(201).json;
    let draft = draft["id"].as_str().unwrap();
    let submit = json!({ "step": "submit" });
    assert_eq!(step(&case, &author, draft, submit.clone()).await.0, 200);
    let back = json!({ "step": "return", "reason": "请核对" });
    case.step(By::Head, draft, back).await.expect(200);
    case.step(By::Officer, draft, submit).await.expect(200);
    assert_eq!(step(&case, &author, draft, json!({ "step": "approve" })).await, own_draft());
}

async fn whoever_saved_the_text_does_not_review_its_release(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let author = writing_head(&app).await;
    let draft = author.post(&case.path("/notices"), &g2()).await.expect(201).json;
    let draft = draft["id"].as_str().unwrap();
    case.step(By::Officer, draft, json!({ "step": "submit" })).await.expect(200);
    let review = json!({
        "action": "review_release", "items": [], "finding": "releasable", "opinion": "不涉密",
        "third_party": "not_concerned", "personal_data": "not_concerned"
    });
    author.act(&case.path("/actions"), case.version().await, &review).await.expect(200);
    let refused = case.step(By::Head, draft, json!({ "step": "approve" })).await;
    assert_eq!(refused.refusal(), (422, "own_secrecy_review"));
    case.reviewed().await;
    case.step(By::Head, draft, json!({ "step": "approve" })).await.expect(200);
}
