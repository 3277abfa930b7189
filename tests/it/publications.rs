//! 主动公开 of what was supplied on request: proposed, drafted, looked at by a second person, then read
//! by everybody without an account – and never with a trace of whoever asked.

mod kept;

use gongkai::domain::traces::{TraceKind, numbers};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, filing, g2};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    what_was_supplied_is_published_by_a_second_person_and_read_by_everybody,
    nobody_fetches_what_is_not_published,
    nobody_publishes_what_they_wrote,
    traces_of_people_are_taken_out_or_explained_and_the_applicant_is_never_named,
    secrecy_and_attribute_come_before_publication,
    two_at_once_publish_it_once,
    only_files_that_were_supplied_are_published,
    what_was_withheld_is_published_once_it_may_be_opened,
    what_several_ask_for_is_a_candidate,
    an_applicant_suggests_and_is_answered,
    another_agency_touches_nothing,
);

/// What lies in the supplied file.
const BYTES: &[u8] = crate::support::made_files::PLAIN_PDF;

/// A released request with one supplied file, its reply handed over; and the file.
async fn supplied<'a>(app: &'a TestApp, case: Case<'a>, name: &'static str) -> (Case<'a>, String) {
    let case = case.processed().await;
    let file = Part::bytes(BYTES).file_name(name);
    let form = Form::new().text("purpose", "supplied").part("file", file);
    let officer = app.officer().await;
    let request = officer
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", Uuid::now_v7().to_string());
    let reply = officer.send(request.multipart(form)).await.expect(201);
    let file = reply.json["id"].as_str().unwrap().to_owned();
    if reply.json["settled"] == false {
        let kept = json!({ "action": "confirm_findings", "file": file, "reason": "申请人自己的" });
        case.does(By::Head, kept).await;
    }
    case.reviewed().await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    (case, file)
}

pub fn head() -> Value {
    json!({
        "attribute": "active", "index_number": "00001234-5/2026-00017", "title": "2025年度老旧小区改造补助资金分配表",
        "document_number": "青财〔2025〕18号", "made_on": "2025-12-20", "validity": "valid",
        "method": "政府网站", "summary": "按社区列明的补助金额", "topic": "财政预算",
        "keywords": ["老旧小区", "补助资金"]
    })
}

async fn drafted(app: &TestApp, case: &Case<'_>, head: Value, files: &[&str]) -> Reply {
    let body = json!({ "request": case.id, "publication": { "head": head, "files": files } });
    app.officer().await.post("/api/v1/publications", &body).await
}

async fn view(app: &TestApp, id: &str) -> Value {
    app.head().await.get(&format!("/api/v1/publications/{id}")).await.expect(200).json
}

async fn step(app: &TestApp, login: &str, role: &str, id: &str, body: Value) -> Reply {
    let version = i32::try_from(view(app, id).await["version"].as_i64().unwrap()).unwrap();
    let who = app.signed_in(login, &[role], Some(app.agency)).await;
    who.act(&format!("/api/v1/publications/{id}/steps"), version, &body).await
}

fn submit() -> Value {
    json!({ "step": "submit", "content_check": "逐页检查，不含个人信息" })
}

fn review() -> Value {
    json!({ "step": "review_secrecy", "finding": "releasable", "opinion": "不涉及国家秘密" })
}

/// A publication of the supplied file, submitted and reviewed.
async fn reviewed(app: &TestApp) -> (Case<'_>, String) {
    let (case, file) = supplied(app, Case::filed(app).await, "分配表.pdf").await;
    let draft = drafted(app, &case, head(), &[&file]).await.expect(201).json;
    let id = draft["id"].as_str().unwrap().to_owned();
    step(app, "officer", "officer", &id, submit()).await.expect(200);
    step(app, "secrecy", "secrecy_reviewer", &id, review()).await.expect(200);
    (case, id)
}

pub async fn published(app: &TestApp) -> (Case<'_>, String) {
    let (case, id) = reviewed(app).await;
    step(app, "head", "head", &id, json!({ "step": "publish" })).await.expect(200);
    (case, id)
}

/// A published entry and a suggestion of a request that was released: for the walk over all routes.
pub async fn of_world(app: &TestApp, released: &Case<'_>) -> (String, String) {
    let (_case, id) = published(app).await;
    let mut body = released.ticket();
    body["reason"] = json!("需要公众广泛知晓");
    app.anon().post("/api/v1/tracking/suggestion", &body).await.expect(200);
    let list = app.head().await.get("/api/v1/publication-suggestions").await.expect(200).json;
    (id, list["items"][0]["id"].as_str().unwrap().to_owned())
}

async fn what_was_supplied_is_published_by_a_second_person_and_read_by_everybody(app: TestApp) {
    let (case, id) = published(&app).await;
    let anon = app.anon();
    let found = anon.get("/api/v1/public-information?q=老旧小区").await.expect(200).json;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let entry = anon.get(&format!("/api/v1/public-information/{id}")).await.expect(200);
    assert_eq!(entry.json["head"]["index_number"], "00001234-5/2026-00017");
    assert_eq!(entry.json["publisher"], "青云县财政局");
    assert_eq!(entry.json["published_on"], "2026-09-14");
    // Nothing leads back to the request or to whoever asked
    let text = entry.json.to_string();
    for trace in [case.id.as_str(), case.number.as_str(), "王小明"] {
        assert!(!text.contains(trace), "{trace} in {text}");
    }
    let file = anon.get(entry.json["files"][0]["href"].as_str().unwrap()).await.expect(200);
    assert_eq!(file.bytes, BYTES);
    let none = anon.get("/api/v1/public-information?q=100%25").await.expect(200).json;
    assert_eq!(none["items"], json!([]));

    // Taken down with a reason, nobody reads it any more
    let bare = json!({ "step": "withdraw", "reason": " " });
    assert_eq!(step(&app, "head", "head", &id, bare).await.fault().1, "text_missing");
    let down = json!({ "step": "withdraw", "reason": "附件有误，更正后重新公开" });
    step(&app, "head", "head", &id, down).await.expect(200);
    for path in ["", "/files/1"] {
        let path = format!("/api/v1/public-information/{id}{path}");
        assert_eq!(anon.get(&path).await.status, 404, "{path}");
    }
    let found = anon.get("/api/v1/public-information").await.expect(200).json;
    assert_eq!(found["items"], json!([]));
    assert_eq!(view(&app, &id).await["history"][4]["reason"], "附件有误，更正后重新公开");
}

async fn nobody_fetches_what_is_not_published(app: TestApp) {
    let (_case, id) = reviewed(&app).await;
    for who in [app.anon(), app.officer().await] {
        for path in ["", "/files/1", "/files/0", "/files/2"] {
            let reply = who.get(&format!("/api/v1/public-information/{id}{path}")).await;
            assert_eq!(reply.status, 404, "{path}");
            assert!(!reply.bytes.windows(4).any(|bytes| bytes == b"%PDF"));
        }
        let found = who.get("/api/v1/public-information").await.expect(200).json;
        assert_eq!(found["items"], json!([]));
    }
}

async fn nobody_publishes_what_they_wrote(app: TestApp) {
    let (case, file) = supplied(&app, Case::filed(&app).await, "分配表.pdf").await;
    let draft = drafted(&app, &case, head(), &[&file]).await.expect(201).json;
    let id = draft["id"].as_str().unwrap().to_owned();
    // A head who wrote at it is an author, too
    let path = format!("/api/v1/publications/{id}");
    let form = json!({ "head": head(), "files": [file] });
    app.head().await.put(&path, 1, &form).await.expect(200);
    step(&app, "officer", "officer", &id, submit()).await.expect(200);
    let own = step(&app, "head", "head", &id, review()).await;
    assert_eq!(own.refusal(), (422, "own_publication"));
    step(&app, "secrecy", "secrecy_reviewer", &id, review()).await.expect(200);
    let publish = json!({ "step": "publish" });
    let own = step(&app, "head", "head", &id, publish.clone()).await;
    assert_eq!(own.refusal(), (422, "own_publication"));
    let role = step(&app, "secrecy", "secrecy_reviewer", &id, publish.clone()).await;
    assert_eq!(role.refusal(), (422, "not_publisher"));
    step(&app, "leader", "leader", &id, publish).await.expect(200);
}

async fn traces_of_people_are_taken_out_or_explained_and_the_applicant_is_never_named(
    app: TestApp,
) {
    let name = "补助１３８-1234-5678_11010519491231002x.pdf";
    let (case, file) = supplied(&app, Case::filed(&app).await, name).await;
    let mut named = head();
    named["summary"] = json!("根据王 小明的申请公开");
    let draft = drafted(&app, &case, named, &[&file]).await.expect(201).json;
    let id = draft["id"].as_str().unwrap().to_owned();
    let kinds: Vec<_> =
        draft["traces"].as_array().unwrap().iter().map(|trace| trace["kind"].clone()).collect();
    assert_eq!(json!(kinds), json!(["applicant", "phone", "identity_number"]));
    assert!(!draft["traces"].to_string().contains("11010519491231002"), "{}", draft["traces"]);

    let mut explained = submit();
    explained["findings_kept"] = json!("系公开的办公电话和示例号码");
    let refused = step(&app, "officer", "officer", &id, explained.clone()).await;
    assert_eq!(refused.refusal(), (422, "names_applicant"));
    let form = json!({ "head": head(), "files": [file] });
    let path = format!("/api/v1/publications/{id}");
    app.officer().await.put(&path, 1, &form).await.expect(200);
    let refused = step(&app, "officer", "officer", &id, submit()).await;
    assert_eq!(refused.refusal(), (422, "personal_traces"));
    step(&app, "officer", "officer", &id, explained).await.expect(200);
}

async fn secrecy_and_attribute_come_before_publication(app: TestApp) {
    let (case, file) = supplied(&app, Case::filed(&app).await, "分配表.pdf").await;
    let mut kept = head();
    kept["attribute"] = json!("on_request");
    let draft = drafted(&app, &case, kept, &[&file]).await.expect(201).json;
    let id = draft["id"].as_str().unwrap().to_owned();
    let publish = json!({ "step": "publish" });
    assert_eq!(
        step(&app, "head", "head", &id, publish.clone()).await.refusal(),
        (422, "wrong_state")
    );
    step(&app, "officer", "officer", &id, submit()).await.expect(200);
    let refused = step(&app, "head", "head", &id, publish.clone()).await;
    assert_eq!(refused.refusal(), (422, "attribute_forbids"));
    let back = json!({ "step": "return", "reason": "属性应为主动公开" });
    step(&app, "head", "head", &id, back).await.expect(200);
    let version = i32::try_from(view(&app, &id).await["version"].as_i64().unwrap()).unwrap();
    let form = json!({ "head": head(), "files": [file] });
    app.officer()
        .await
        .put(&format!("/api/v1/publications/{id}"), version, &form)
        .await
        .expect(200);
    step(&app, "officer", "officer", &id, submit()).await.expect(200);
    let unseen = step(&app, "head", "head", &id, publish.clone()).await;
    assert_eq!(unseen.refusal(), (422, "secrecy_review_missing"));
    let mut secret = review();
    secret["finding"] = json!("secret");
    step(&app, "secrecy", "secrecy_reviewer", &id, secret).await.expect(200);
    let forbidden = step(&app, "head", "head", &id, publish).await;
    assert_eq!(forbidden.refusal(), (422, "secrecy_review_forbids"));
}

async fn two_at_once_publish_it_once(app: TestApp) {
    let (_case, id) = reviewed(&app).await;
    let (head, leader) =
        (app.head().await, app.signed_in("leader", &["leader"], Some(app.agency)).await);
    let version = i32::try_from(view(&app, &id).await["version"].as_i64().unwrap()).unwrap();
    let (path, body) = (format!("/api/v1/publications/{id}/steps"), json!({ "step": "publish" }));
    let (one, other) =
        tokio::join!(head.act(&path, version, &body), leader.act(&path, version, &body));
    let mut status = [one.status, other.status];
    status.sort_unstable();
    assert_eq!(status, [200, 409], "{} {}", one.json, other.json);
    let again = step(&app, "head", "head", &id, body).await;
    assert_eq!(again.refusal(), (422, "wrong_state"));
}

async fn only_files_that_were_supplied_are_published(app: TestApp) {
    let (case, file) = supplied(&app, Case::filed(&app).await, "分配表.pdf").await;
    let (_other, foreign) = supplied(&app, Case::filed(&app).await, "别件.pdf").await;
    for files in [vec![foreign.as_str()], vec![file.as_str(), file.as_str()]] {
        let refused = drafted(&app, &case, head(), &files).await;
        assert_eq!(refused.refusal(), (422, "file_not_publishable"));
    }
    let open = Case::in_processing(&app).await;
    assert_eq!(drafted(&app, &open, head(), &[]).await.refusal(), (422, "not_publishable"));

    // What its case takes back is not handed out, published or not
    let (case, id) = published(&app).await;
    let file = format!("/api/v1/public-information/{id}/files/1");
    app.anon().get(&file).await.expect(200);
    let supplied = app.head().await.get(&case.path("/files")).await.expect(200).json;
    let supplied =
        supplied.as_array().unwrap().iter().find(|f| f["purpose"] == "supplied").unwrap();
    let back = json!({ "action": "withdraw_file", "file": supplied["id"], "reason": "误传" });
    case.does(By::Officer, back).await;
    assert_eq!(app.anon().get(&file).await.status, 404);
}

async fn what_was_withheld_is_published_once_it_may_be_opened(app: TestApp) {
    let (case, assessed) = crate::reassessments::withheld(&app).await;
    assert_eq!(drafted(&app, &case, head(), &[]).await.refusal(), (422, "not_publishable"));
    let path = format!("/api/v1/reassessments/{assessed}/steps");
    let propose = json!({ "step": "propose", "reason": "所涉事项已经办结" });
    app.officer().await.act(&path, 1, &propose).await.expect(200);
    assert_eq!(drafted(&app, &case, head(), &[]).await.refusal(), (422, "not_publishable"));
    let confirm = json!({ "step": "confirm", "reason": "同意公开" });
    app.head().await.act(&path, 2, &confirm).await.expect(200);
    drafted(&app, &case, head(), &[]).await.expect(201);
}

async fn what_several_ask_for_is_a_candidate(app: TestApp) {
    let candidates = "/api/v1/publication-candidates";
    let mut last = None;
    for (n, (name, number)) in [
        ("王小明", "11010519491231002X"),
        ("李小红", "1"),
        ("王小明", "11010519491231002X"),
        ("张小军", "2"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = filing(&app);
        body["application"]["applicant"]["name"] = json!(name);
        if number.len() < 18 {
            body["application"]["applicant"]["credential_kind"] = json!("passport");
        }
        body["application"]["applicant"]["credential_number"] = json!(format!("{number}"));
        let case = Case::filed_with(&app, |form| *form = body["application"].clone()).await;
        let (case, _) = supplied(&app, case, "分配表.pdf").await;
        last = Some(case);
        gongkai::jobs::drain(&app.app).await.unwrap();
        let found = app.officer().await.get(candidates).await.expect(200).json["items"].clone();
        // The same person twice counts once
        assert_eq!(found.as_array().unwrap().len(), usize::from(n == 3), "{n}: {found}");
    }
    let found = app.head().await.get(candidates).await.expect(200).json["items"].clone();
    assert_eq!((&found[0]["applicants"], found.as_array().unwrap().len()), (&json!(3), 1));
    assert_eq!(found[0]["similar"].as_array().unwrap().len(), 3);
    assert!(!found.to_string().contains("王小明"));

    // Once somebody drafts it, it is no candidate any more
    drafted(&app, &last.unwrap(), head(), &[]).await.expect(201);
    let found = app.head().await.get(candidates).await.expect(200).json;
    assert_eq!(found, json!({ "items": [], "next": null }));
}

async fn an_applicant_suggests_and_is_answered(app: TestApp) {
    let early = Case::filed(&app).await;
    let body = |case: &Case<'_>| {
        let mut body = case.ticket();
        body["reason"] = json!("涉及全县居民，需要公众广泛知晓");
        body
    };
    let path = "/api/v1/tracking/suggestion";
    let refused = app.anon().post(path, &body(&early)).await;
    assert_eq!(refused.refusal(), (422, "nothing_supplied"));
    let (case, _) = supplied(&app, early, "分配表.pdf").await;
    let mut wrong = body(&case);
    wrong["code"] = json!("00000000");
    assert_eq!(app.anon().post(path, &wrong).await.status, 404);
    let (one, other) = tokio::join!(async { app.anon().post(path, &body(&case)).await }, async {
        app.anon().post(path, &body(&case)).await
    });
    let mut status = [one.status, other.status];
    status.sort_unstable();
    assert_eq!(status, [200, 409], "{} {}", one.json, other.json);

    let open = "/api/v1/publication-suggestions?open=true";
    let found = app.head().await.get(open).await.expect(200).json;
    let id = found["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/publication-suggestions/{id}/answer");
    let answer = json!({ "accept": true, "answer": "属于主动公开范围，将于近日公开" });
    let officer = app.officer().await.act(&path, 1, &answer).await;
    assert_eq!(officer.status, 403);
    app.head().await.act(&path, 1, &answer).await.expect(200);
    let again = app.head().await.act(&path, 2, &answer).await;
    assert_eq!(again.refusal(), (422, "suggestion_answered"));
    let seen = app.anon().send_json("/api/v1/tracking", &case.ticket()).await.expect(200).json;
    assert_eq!(seen["suggestion"]["state"], "accepted");
    assert_eq!(seen["suggestion"]["answer"], "属于主动公开范围，将于近日公开");
    assert_eq!(app.head().await.get(open).await.expect(200).json["items"], json!([]));
}

async fn another_agency_touches_nothing(app: TestApp) {
    let (case, id) = reviewed(&app).await;
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    let path = format!("/api/v1/publications/{id}");
    assert_eq!(stranger.get(&path).await.status, 404);
    let version = i32::try_from(view(&app, &id).await["version"].as_i64().unwrap()).unwrap();
    let publish = json!({ "step": "publish" });
    assert_eq!(stranger.act(&format!("{path}/steps"), version, &publish).await.status, 404);
    let body = json!({ "request": case.id, "publication": { "head": head(), "files": [] } });
    assert_eq!(stranger.post("/api/v1/publications", &body).await.status, 404);
    let list = stranger.get("/api/v1/publications").await.expect(200).json;
    assert_eq!(list["items"], json!([]));
    assert_eq!(view(&app, &id).await["state"], "submitted");
}

/// Kinds of the numbers that are found in a text.
fn kinds(text: &str) -> Vec<TraceKind> {
    numbers("summary", text).into_iter().map(|trace| trace.kind).collect()
}

#[test]
fn numbers_of_people_are_told_from_other_numbers() {
    use TraceKind::{BankCard, IdentityNumber, Phone};
    assert_eq!(kinds("身份证11010519491231002X。"), [IdentityNumber]);
    assert_eq!(kinds("110105 19491231 002x"), [IdentityNumber]);
    assert_eq!(kinds("电话138-1234-5678、+86 13912345678"), [Phone, Phone]);
    assert_eq!(kinds("１３８１２３４５６７８"), [Phone]);
    assert_eq!(kinds("卡号4111 1111 1111 1111"), [BankCard]);
    // A wrong check digit, a number of a document, money, a landline
    for text in [
        "110105194912310021",
        "青财〔2025〕18号 00001234-5/2026-00017",
        "共12345678.90元",
        "0000-0000000",
        "4111 1111 1111 1112",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}
