//! What the check means for a reply and a publication: nothing found goes out unseen, and who says that
//! it may stay is on record.

use gongkai::app::ledger;
use gongkai::db::{file_findings, files};
use gongkai::domain::archiving::RetentionRules;
use gongkai::domain::chain::Approvals;
use gongkai::domain::command::Command;
use gongkai::domain::decide::{self, Context};
use gongkai::domain::event::Actor;
use gongkai::domain::ids::FileId;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{IDENTITY, paragraph, run};
use crate::support::cases::{By, Case, g2, sha256};
use crate::support::client::{Client, Reply};
use crate::support::made_files::{Around, PLAIN_PDF, docx, drawn, text_at};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_reply_waits_until_somebody_else_answers_for_what_was_found,
    a_clean_file_takes_the_place_of_the_one_with_findings,
    what_cannot_be_read_is_confirmed_by_hand_or_stays,
    whoever_wrote_the_reply_or_added_the_file_answers_for_nothing,
    of_two_at_once_one_answers_for_it,
    the_same_bytes_are_looked_into_once_and_the_findings_are_sealed,
    a_file_from_before_the_check_is_looked_into_before_the_reply,
    findings_are_shown_to_those_who_see_the_case_only,
    numbers_in_a_published_file_need_a_reason_of_their_own,
);

fn commented() -> Vec<u8> {
    let comments = "<w:comments><w:comment w:author=\"李经办\"/></w:comments>";
    docx(&paragraph(&run("分配表")), &[("word/comments.xml", comments)])
}

async fn upload(who: &Client, case: &Case<'_>, name: &str, bytes: Vec<u8>, key: Uuid) -> Reply {
    let file = Part::bytes(bytes).file_name(name.to_owned());
    let form = Form::new().text("purpose", "supplied").part("file", file);
    let path = case.path("/files");
    let request = who.request(Method::POST, &path).header("Idempotency-Key", key.to_string());
    who.send(request.multipart(form)).await
}

/// A file added by the officer.
async fn supplied(case: &Case<'_>, name: &str, bytes: Vec<u8>) -> String {
    let officer = case.app.officer().await;
    let added = upload(&officer, case, name, bytes, Uuid::now_v7()).await.expect(201).json;
    added["id"].as_str().unwrap().to_owned()
}

fn confirm(file: &str) -> Value {
    json!({ "action": "confirm_findings", "file": file, "reason": "批注为公开时的说明" })
}

async fn findings(case: &Case<'_>, file: &str) -> Value {
    let head = case.app.head().await;
    head.get(&format!("/api/v1/files/{file}/findings")).await.expect(200).json
}

/// A submitted draft of a reply that releases.
async fn submitted(case: &Case<'_>) -> String {
    let draft = case.drafted(&g2()).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    draft
}

async fn approve(case: &Case<'_>, draft: &str) -> Reply {
    case.step(By::Head, draft, json!({ "step": "approve" })).await
}

async fn a_reply_waits_until_somebody_else_answers_for_what_was_found(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "分配表.docx", commented()).await;
    let seen = findings(&case, &file).await;
    assert_eq!((seen["settled"].clone(), seen["rules"].clone()), (json!(false), json!(1)));
    assert_eq!(
        seen["findings"],
        json!([{ "kind": "comments", "label": "批注", "place": "正文", "shown": "1处（李*办）" }])
    );
    let listed = app.head().await.get(&case.path("/files")).await.expect(200).json;
    assert_eq!(listed[0]["found"], json!([{ "kind": "comments", "count": 1 }]));
    assert_eq!(listed[0]["settled"], false);
    // a review for secrecy alone does not answer for it
    case.reviewed().await;
    let draft = submitted(&case).await;
    let refused = approve(&case, &draft).await;
    assert_eq!(refused.refusal(), (422, "hidden_data_unconfirmed"));
    let told = refused.json["detail"].as_str().unwrap().to_owned();
    assert!(told.contains("分配表.docx") && told.contains("批注"), "{told}");
    assert_eq!(refused.json["article"], "《政府信息公开条例》第十五条、第三十七条");
    // when somebody who reviews says why it may stay
    assert_eq!(case.act(By::Officer, confirm(&file)).await.refusal(), (403, "forbidden"));
    let bare = json!({ "action": "confirm_findings", "file": file, "reason": " " });
    assert_eq!(case.act(By::Head, bare).await.fault(), (422, "text_missing", "reason"));
    case.does(By::Head, confirm(&file)).await;
    assert_eq!(findings(&case, &file).await["confirmed"]["reason"], "批注为公开时的说明");
    assert_eq!(case.act(By::Head, confirm(&file)).await.refusal(), (422, "wrong_state"));
    // then the reply goes its way, and who said so when is on record
    approve(&case, &draft).await.expect(200);
    case.step(By::Head, &draft, json!({ "step": "issue" })).await.expect(200);
    let entries = case.ledger().await;
    let entry = entries.iter().find(|entry| entry["kind"] == "findings_confirmed").unwrap();
    assert_eq!(entry["event"]["reason"], "批注为公开时的说明");
    assert!(
        entry["actor"].as_str().unwrap_or_default().contains("head") || entry["actor"].is_object()
    );
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&draft, sent).await.expect(200);
    let path = format!("/api/v1/tracking/supplied/{file}");
    assert_eq!(app.anon().send_json(&path, &case.ticket()).await.expect(200).bytes, commented());
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_clean_file_takes_the_place_of_the_one_with_findings(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let named = supplied(&case, &format!("王小明{IDENTITY}.pdf"), PLAIN_PDF.to_vec()).await;
    assert_eq!(findings(&case, &named).await["findings"][0]["place"], "文件名");
    let clean = supplied(&case, "分配表.pdf", PLAIN_PDF.to_vec()).await;
    assert_eq!(findings(&case, &clean).await["settled"], true);
    assert_eq!(case.act(By::Head, confirm(&clean)).await.fault(), (422, "no_findings", "file"));
    case.reviewed().await;
    let draft = submitted(&case).await;
    assert_eq!(approve(&case, &draft).await.refusal(), (422, "hidden_data_unconfirmed"));
    let down = json!({ "action": "withdraw_file", "file": named, "reason": "文件名含身份证号" });
    case.does(By::Officer, down).await;
    approve(&case, &draft).await.expect(200);
}

async fn what_cannot_be_read_is_confirmed_by_hand_or_stays(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "坏.pdf", b"%PDF-1.7 broken".to_vec()).await;
    let seen = findings(&case, &file).await;
    assert_eq!(seen["findings"][0]["kind"], "unchecked");
    case.reviewed().await;
    let draft = submitted(&case).await;
    assert_eq!(approve(&case, &draft).await.refusal(), (422, "hidden_data_unconfirmed"));
    case.does(By::Head, confirm(&file)).await;
    approve(&case, &draft).await.expect(200);
}

async fn whoever_wrote_the_reply_or_added_the_file_answers_for_nothing(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let head = app.head().await;
    let own = upload(&head, &case, "甲.docx", commented(), Uuid::now_v7()).await.expect(201).json;
    let own = own["id"].as_str().unwrap();
    assert_eq!(case.act(By::Head, confirm(own)).await.refusal(), (422, "own_findings"));
    let reviewer = app.reviewer().await;
    reviewer.act(&case.path("/actions"), case.version().await, &confirm(own)).await.expect(200);
    // a head who drafts is an author, also of what they confirmed before
    let file = supplied(&case, "乙.docx", commented()).await;
    case.does(By::Head, confirm(&file)).await;
    let second = app.signed_in("head2", &["head"], Some(app.agency)).await;
    let review = json!({
        "action": "review_release", "items": [], "finding": "releasable", "opinion": "不涉密",
        "third_party": "not_concerned", "personal_data": "not_concerned"
    });
    second.act(&case.path("/actions"), case.version().await, &review).await.expect(200);
    let draft = head.post(&case.path("/notices"), &g2()).await.expect(201).json;
    let draft = draft["id"].as_str().unwrap();
    case.step(By::Head, draft, json!({ "step": "submit" })).await.expect(200);
    let path = format!("/api/v1/notices/{draft}/steps");
    let approve = json!({ "step": "approve" });
    let refused = second.act(&path, case.version().await, &approve).await;
    assert_eq!(refused.refusal(), (422, "own_findings"));
}

async fn of_two_at_once_one_answers_for_it(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "甲.docx", commented()).await;
    let (version, path) = (case.version().await, case.path("/actions"));
    let (head, reviewer) = (app.head().await, app.reviewer().await);
    let body = confirm(&file);
    let (one, two) =
        tokio::join!(head.act(&path, version, &body), reviewer.act(&path, version, &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{one:?} {two:?}");
    let entries = case.ledger().await;
    assert_eq!(entries.iter().filter(|e| e["kind"] == "findings_confirmed").count(), 1);
}

async fn the_same_bytes_are_looked_into_once_and_the_findings_are_sealed(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let officer = app.officer().await;
    let (key, bytes) = (Uuid::now_v7(), commented());
    let first = upload(&officer, &case, "甲.docx", bytes.clone(), key).await.expect(201).json;
    // sent again
    let again = upload(&officer, &case, "甲.docx", bytes.clone(), key).await.expect(201).json;
    assert_eq!(first, again);
    let kind = first["media_type"].as_str().unwrap().to_owned();
    let digest = sha256(&bytes);
    let find = move |conn: &mut gongkai::db::Conn| file_findings::find(conn, &digest, &kind, 1);
    let row = app.app.store.read(find.clone()).await.unwrap().unwrap();
    assert!(!row.findings_cipher.contains("comments") && row.findings_cipher.starts_with("gk1."));
    // in another case
    let other = Case::in_processing(&app).await;
    supplied(&other, "乙.docx", bytes).await;
    assert_eq!(app.app.store.read(find).await.unwrap().unwrap(), row);
    let entries = case.ledger().await;
    assert_eq!(entries.iter().filter(|e| e["kind"] == "file_inspected").count(), 1);
}

async fn a_file_from_before_the_check_is_looked_into_before_the_reply(app: TestApp) {
    // given a file with a comment that joined the case when nobody looked
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "甲.docx", commented()).await;
    let down = json!({ "action": "withdraw_file", "file": file, "reason": "重传" });
    case.does(By::Officer, down).await;
    let (id, request): (Uuid, Uuid) = (file.parse().unwrap(), case.id.parse().unwrap());
    let bytes = bytes::Bytes::from(commented());
    app.app.blobs.put_bytes("files/aa/old", bytes).await.unwrap();
    let program = app.app.clone();
    let old = FileId::new();
    app.db_write(move |conn| {
        let loaded = ledger::load(conn, &program, request).unwrap();
        let row = files::get(conn, id).unwrap();
        let storage_key = "files/aa/old".to_owned();
        let row = files::FileRow { id: old.0, storage_key, ..row };
        let command = Command::AddFile {
            file: old,
            name: row.name.clone(),
            sha256: row.sha256.clone(),
            purpose: row.purpose.clone(),
            item: None,
        };
        let context = Context {
            calendar: &program.calendar,
            today: program.today(),
            actor: None,
            roles: &[],
            approvals: Approvals::default(),
            retention: RetentionRules::DEFAULT,
            longest_deferral_days: gongkai::domain::volume::LONGEST_DEFERRAL_DAYS,
        };
        let decision = decide::decide(&loaded.case, &command, &context).unwrap();
        files::insert(conn, row).unwrap();
        let actor = Actor { id: None, label: "系统".to_owned() };
        ledger::append(conn, &program, loaded, &actor, decision).unwrap();
        Ok::<_, gongkai::db::StoreError>(())
    })
    .await;
    let old = old.to_string();
    assert_eq!(findings(&case, &old).await["rules"], Value::Null);
    case.reviewed().await;
    // when the reply is submitted, it is looked into without anybody asking
    let draft = submitted(&case).await;
    assert_eq!(findings(&case, &old).await["rules"], 1);
    assert_eq!(approve(&case, &draft).await.refusal(), (422, "hidden_data_unconfirmed"));
    // and asking changes nothing any more
    let version = case.version().await;
    let path = format!("/api/v1/files/{old}/findings");
    app.officer().await.post(&path, &json!({})).await.expect(200);
    assert_eq!(case.version().await, version);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn findings_are_shown_to_those_who_see_the_case_only(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = supplied(&case, "甲.docx", commented()).await;
    let path = format!("/api/v1/files/{file}/findings");
    let foreign = app.signed_in("head3", &["head"], Some(app.other_agency)).await;
    assert_eq!(foreign.get(&path).await.refusal(), (404, "not_found"));
    assert_eq!(foreign.post(&path, &json!({})).await.refusal(), (404, "not_found"));
    let nothing = format!("/api/v1/files/{}/findings", Uuid::now_v7());
    assert_eq!(app.head().await.get(&nothing).await.refusal(), (404, "not_found"));
    // the applicant reads nothing of it
    let track = case.track().await.to_string();
    assert!(!track.contains("隐藏信息") && !track.contains("批注"), "{track}");
}

async fn numbers_in_a_published_file_need_a_reason_of_their_own(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let bytes = drawn(&[&text_at(20, 100, IDENTITY)], &Around::default());
    let file = supplied(&case, "名单.pdf", bytes).await;
    let kept = json!({
        "action": "confirm_findings", "file": file, "reason": "申请人本人的证件号码"
    });
    case.does(By::Head, kept).await;
    case.reviewed().await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    // what the applicant may have is not yet for everybody
    let head = json!({
        "attribute": "active", "index_number": "1/2026-00017", "title": "名单",
        "document_number": "", "made_on": "2025-12-20", "validity": "valid", "method": "政府网站",
        "summary": "名单", "topic": "财政", "keywords": ["名单"]
    });
    let body = json!({ "request": case.id, "publication": { "head": head, "files": [file] } });
    let officer = app.officer().await;
    let draft = officer.post("/api/v1/publications", &body).await.expect(201).json;
    assert_eq!(draft["traces"][0]["place"], "名单.pdf 第1页");
    assert_eq!(draft["traces"][0]["shown"], "110***********002X");
    let path = format!("/api/v1/publications/{}/steps", draft["id"].as_str().unwrap());
    let submit = json!({ "step": "submit", "content_check": "逐页检查" });
    assert_eq!(officer.act(&path, 1, &submit).await.refusal(), (422, "personal_traces"));
}
