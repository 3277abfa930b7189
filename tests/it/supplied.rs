//! Files supplied with a reply: who of the public gets them, when, and what is never sent.

use gongkai::db::audit::{self, AuditFilter};
use gongkai::db::{Conn, files};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g1, g2, sha256};
use crate::support::client::Reply;
use crate::support::made_files::PLAIN_PDF as PDF;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_supplied_file_reaches_its_applicant_and_nobody_else,
    nothing_is_sent_before_the_reply_and_its_review,
    a_withheld_item_takes_its_file_back,
    a_file_taken_down_is_gone_for_the_applicant_and_stays_on_record,
    a_lost_file_is_the_agencys_trouble_and_said_so,
);

/// Uploads a file by the officer.
async fn uploads(case: &Case<'_>, purpose: &str, item: &str, name: &str) -> Reply {
    let file = Part::bytes(PDF).file_name(name.to_owned());
    let form = Form::new().text("purpose", purpose.to_owned()).text("item", item.to_owned());
    let officer = case.app.officer().await;
    let request = officer
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", Uuid::now_v7().to_string());
    officer.send(request.multipart(form.part("file", file))).await
}

async fn supplied(case: &Case<'_>, item: &str, name: &str) -> String {
    let file = uploads(case, "supplied", item, name).await.expect(201).json;
    file["id"].as_str().unwrap().to_owned()
}

/// Reviews the release of these items; of all without any.
async fn cleared(case: &Case<'_>, items: &[u16]) {
    let review = json!({
        "action": "review_release", "items": items, "finding": "releasable",
        "opinion": "逐件审查，不涉密", "third_party": "not_concerned",
        "personal_data": "not_concerned"
    });
    case.does(By::Head, review).await;
}

async fn sent(case: &Case<'_>, notice: &str) {
    let step = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(notice, step).await.expect(200);
}

/// What the download answers to a ticket.
async fn fetched(app: &TestApp, file: &str, ticket: &Value) -> Reply {
    app.anon().send_json(&format!("/api/v1/tracking/supplied/{file}"), ticket).await
}

/// Fails unless the applicant is refused without a byte, and does not see the file either.
async fn held_back(case: &Case<'_>, file: &str, why: &str) {
    let reply = fetched(case.app, file, &case.ticket()).await;
    assert_eq!((reply.status, reply.header("content-type")), (404, "application/problem+json"));
    assert!(!reply.bytes.windows(4).any(|bytes| bytes == b"%PDF"), "{why}");
    assert_eq!(case.track().await["supplied"], json!([]), "{why}");
    assert_eq!(release(case, file).await, why);
}

/// What the agency is told of a file.
async fn release(case: &Case<'_>, file: &str) -> Value {
    let all = case.app.head().await.get(&case.path("/files")).await.expect(200).json;
    let found = all.as_array().unwrap().iter().find(|known| known["id"] == file);
    found.unwrap()["release"].clone()
}

async fn downloads_noted(app: &TestApp) -> usize {
    let page = |conn: &mut Conn| audit::page(conn, &AuditFilter::default(), None, 1000);
    let rows = app.app.store.read(page).await.unwrap();
    rows.iter().filter(|row| row.action == "supplied_file_sent").count()
}

async fn a_supplied_file_reaches_its_applicant_and_nobody_else(app: TestApp) {
    // given a reply that was handed over, with a file
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "", "资金 分配表.pdf").await;
    cleared(&case, &[]).await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    sent(&case, &notice).await;
    assert_eq!(release(&case, &file).await, "open");
    // when the applicant opens the request, the file is listed
    let listed = case.track().await["supplied"].clone();
    let wanted = json!([{
        "id": file, "name": "资金 分配表.pdf", "media_type": "application/pdf",
        "size": PDF.len(), "sha256": sha256(PDF)
    }]);
    assert_eq!(listed, wanted);
    // then it comes as what it is, to be saved and not shown, and that is noted
    let reply = fetched(&app, &file, &case.ticket()).await.expect(200);
    assert_eq!(reply.bytes, PDF);
    assert_eq!(reply.header("content-type"), "application/pdf");
    assert!(reply.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("cache-control"), "private, no-store");
    assert_eq!(downloads_noted(&app).await, 1);
    // but not with another code, to another applicant, nor by the other route
    let other = Case::filed(&app).await;
    let wrong = json!({ "number": case.number, "code": other.code });
    for ticket in [wrong, other.ticket()] {
        assert_eq!(fetched(&app, &file, &ticket).await.refusal(), (404, "not_found"));
    }
    let theirs = uploads(&case, "other", "", "底稿.pdf").await.expect(201).json;
    assert_eq!(theirs.get("release"), None);
    let theirs = theirs["id"].as_str().unwrap();
    assert_eq!(fetched(&app, theirs, &case.ticket()).await.refusal(), (404, "not_found"));
    assert_eq!(downloads_noted(&app).await, 1, "what is refused is no download");
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn nothing_is_sent_before_the_reply_and_its_review(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // a review before the file has not seen it
    cleared(&case, &[]).await;
    let file = supplied(&case, "", "分配表.pdf").await;
    held_back(&case, &file, "not_sent").await;
    let draft = case.drafted(&g2()).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    let early = case.step(By::Head, &draft, json!({ "step": "approve" })).await;
    assert_eq!(early.refusal(), (422, "supplied_unreviewed"));
    assert!(early.json["detail"].as_str().unwrap().contains("分配表.pdf"));
    // and a review that does not look at the rights of others cannot be entered any more
    let secrecy_only = json!({
        "action": "record_secrecy_review", "finding": "releasable", "opinion": "不涉密"
    });
    assert_eq!(case.act(By::Head, secrecy_only).await.status, 400);
    cleared(&case, &[]).await;
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    let notice = case.step(By::Head, &draft, json!({ "step": "issue" })).await.expect(200).json;
    // issued is not dispatched
    held_back(&case, &file, "not_sent").await;
    sent(&case, notice["id"].as_str().unwrap()).await;
    fetched(&app, &file, &case.ticket()).await.expect(200);
    // what comes after the reply was reviewed by nobody
    let late = supplied(&case, "", "迟到.pdf").await;
    assert_eq!(release(&case, &late).await, "unreviewed");
    assert_eq!(fetched(&app, &late, &case.ticket()).await.status, 404);
    assert_eq!(case.track().await["supplied"].as_array().unwrap().len(), 1);
}

async fn a_withheld_item_takes_its_file_back(app: TestApp) {
    // given two items, one told where it is published, one released
    let case = Case::in_processing(&app).await;
    let list = json!({ "action": "list_items", "items": [
        { "title": "分配表" }, { "title": "会议纪要" }
    ] });
    case.does(By::Officer, list).await;
    let kept = supplied(&case, "2", "纪要.pdf").await;
    let both = supplied(&case, "", "合并.pdf").await;
    let given = supplied(&case, "1", "分配表.pdf").await;
    let unknown = uploads(&case, "supplied", "7", "无.pdf").await;
    assert_eq!(unknown.fault(), (422, "unknown_item", "item"));
    let first = json!({ "action": "decide_item", "item": 1, "content": g2() });
    let mut published = g1();
    published["items"] = json!(["会议纪要"]);
    let second = json!({ "action": "decide_item", "item": 2, "content": published });
    for step in [first, second] {
        case.does(By::Officer, step).await;
    }
    cleared(&case, &[1]).await;
    // when the reply goes out
    let officer = app.officer().await;
    let draft = officer.post(&case.path("/assembled-reply"), &json!({})).await.expect(201).json;
    let draft = draft["id"].as_str().unwrap();
    for (by, step) in [(By::Officer, "submit"), (By::Head, "approve"), (By::Head, "issue")] {
        case.step(by, draft, json!({ "step": step })).await.expect(200);
    }
    sent(&case, draft).await;
    // then only the file of the released item is handed out
    fetched(&app, &given, &case.ticket()).await.expect(200);
    for file in [kept, both] {
        assert_eq!(fetched(&app, &file, &case.ticket()).await.status, 404);
        assert_eq!(release(&case, &file).await, "withheld");
    }
}

async fn a_file_taken_down_is_gone_for_the_applicant_and_stays_on_record(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "", "分配表.pdf").await;
    cleared(&case, &[]).await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    sent(&case, &notice).await;
    fetched(&app, &file, &case.ticket()).await.expect(200);
    // when a slip in it is found
    let take = json!({ "action": "withdraw_file", "file": file, "reason": "未遮盖身份证号码" });
    assert_eq!(case.act(By::Clerk, take.clone()).await.refusal(), (403, "forbidden"));
    case.does(By::Officer, take.clone()).await;
    // then it is gone, once and for all
    held_back(&case, &file, "withdrawn").await;
    assert_eq!(case.act(By::Officer, take).await.refusal(), (422, "wrong_state"));
    let second = supplied(&case, "", "二.pdf").await;
    let unknown = json!({ "action": "withdraw_file", "file": file, "reason": "再次" });
    assert_eq!(case.act(By::Officer, unknown).await.fault(), (422, "not_supplied", "file"));
    assert_eq!(release(&case, &second).await, "unreviewed");
    let bytes = app.officer().await.get(&format!("/api/v1/files/{file}")).await.expect(200).bytes;
    assert_eq!(bytes, PDF);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_lost_file_is_the_agencys_trouble_and_said_so(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "", "分配表.pdf").await;
    cleared(&case, &[]).await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    sent(&case, &notice).await;
    let id: Uuid = file.parse().unwrap();
    let row = app.app.store.read(move |conn| files::get(conn, id)).await.unwrap();
    let stored = app.folder.path().join("files").join(&row.storage_key);
    // other bytes than on record are not sent
    std::fs::write(&stored, b"%PDF-1.7 something else").unwrap();
    let damaged = fetched(&app, &file, &case.ticket()).await;
    assert_eq!(damaged.refusal(), (500, "file_lost"));
    // nor is there an excuse at the applicant's cost when there are none
    std::fs::remove_file(&stored).unwrap();
    let lost = fetched(&app, &file, &case.ticket()).await;
    assert_eq!(lost.refusal(), (500, "file_lost"));
    assert!(lost.json["detail"].as_str().unwrap().contains("不是您的操作有误"));
    let officer = app.officer().await.get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(officer.refusal(), (500, "file_lost"));
    assert_eq!(downloads_noted(&app).await, 0);
}
