//! Who sees what: an agency its own cases, supervisors all and change nothing, administrators none,
//! applicants theirs and no draft.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, filing, g1};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    nobody_sees_or_touches_what_belongs_to_another_agency,
    supervisors_see_everything_and_change_nothing,
    administrators_see_no_cases,
    nobody_without_a_sign_in_sees_a_case,
    a_wrong_code_and_an_unknown_number_get_the_same_answer,
    an_applicant_sees_no_reply_before_it_leaves_the_agency,
    a_ticket_opens_no_document_of_another_request,
    a_case_goes_to_no_officer_of_another_agency,
);

/// A served case with one file, and every address under which something of it is read.
async fn everything(app: &TestApp) -> (Case<'_>, String, Vec<String>) {
    let case = Case::in_processing(app).await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&reply, sent).await.expect(200);
    let file = upload(&app.clerk().await, &case).await.expect(201).json["id"].clone();
    let below = [
        "",
        "/events",
        "/actions",
        "/application",
        "/related",
        "/deliveries",
        "/notices",
        "/files",
    ];
    let mut paths: Vec<String> = below.iter().map(|below| case.path(below)).collect();
    let of_notice = ["", "/preview", "/pdf", "/docx"];
    paths.extend(of_notice.iter().map(|below| format!("/api/v1/notices/{reply}{below}")));
    paths.push(format!("/api/v1/files/{}", file.as_str().unwrap()));
    (case, reply, paths)
}

async fn upload(who: &Client, case: &Case<'_>) -> Reply {
    let file = Part::bytes(&b"%PDF-1.7 slip"[..]).file_name("slip.pdf");
    let form = Form::new().text("purpose", "service_evidence").part("file", file);
    let request = who
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", Uuid::now_v7().to_string());
    who.send(request.multipart(form)).await
}

/// Every way of changing something of a case.
async fn attempts(who: &Client, case: &Case<'_>, reply: &str) -> Vec<(&'static str, Reply)> {
    let version = case.version().await;
    let notice = |below: &str| format!("/api/v1/notices/{reply}{below}");
    let purpose = json!({ "field": "phone", "purpose": "核对身份" });
    vec![
        ("act", who.act(&case.path("/actions"), version, &json!({"action": "close"})).await),
        ("draft", who.post(&case.path("/notices"), &g1()).await),
        ("save", who.put(&notice(""), 1, &g1()).await),
        ("step", who.act(&notice("/steps"), version, &json!({"step": "recall"})).await),
        (
            "serve",
            who.act(
                &notice("/deliveries"),
                version,
                &json!({"step": "returned", "on": "2026-09-14", "reason": "退回"}),
            )
            .await,
        ),
        ("upload", upload(who, case).await),
        ("open", who.send_json(&case.path("/personal-data"), &purpose).await),
    ]
}

async fn nobody_sees_or_touches_what_belongs_to_another_agency(app: TestApp) {
    let (case, reply, paths) = everything(&app).await;
    let roles = ["clerk", "officer", "head"];
    let stranger = app.signed_in("stranger", &roles, Some(app.other_agency)).await;
    let insider = app.signed_in("insider", &roles, Some(app.agency)).await;

    // What the insider reads, the stranger cannot even learn the existence of
    for path in &paths {
        insider.get(path).await.expect(200);
        let hidden = stranger.get(path).await;
        assert_eq!(hidden.refusal(), (404, "not_found"), "{path}");
        let no_such = path.replace(&case.id, &Uuid::now_v7().to_string());
        if no_such != *path {
            let unknown = stranger.get(&no_such).await;
            assert_eq!(hidden.json["detail"], unknown.json["detail"], "{path}");
        }
    }
    let version = case.version().await;
    for (what, refused) in attempts(&stranger, &case, &reply).await {
        assert_eq!(refused.refusal(), (404, "not_found"), "{what}");
    }

    // Nor does it stand in their queue, whatever they ask for
    for query in ["", "?open=false", "?state=served", &format!("?number={}", case.number)] {
        let list = stranger.get(&format!("/api/v1/requests{query}")).await.expect(200);
        assert_eq!(list.json["items"], json!([]), "{query}");
    }
    let of_agency = format!("/api/v1/requests?agency={}", app.agency);
    assert_eq!(stranger.get(&of_agency).await.refusal(), (404, "not_found"));
    assert_eq!(case.version().await, version);
}

async fn supervisors_see_everything_and_change_nothing(app: TestApp) {
    let (case, reply, paths) = everything(&app).await;
    let mut elsewhere = filing(&app);
    elsewhere["agency"] = json!(app.other_agency);
    app.anon().post("/api/v1/requests", &elsewhere).await.expect(201);
    let supervisor = app.supervisor().await;

    for path in &paths {
        supervisor.get(path).await.expect(200);
    }
    let version = case.version().await;
    assert_eq!(supervisor.get(&case.path("/actions")).await.json, json!([]));
    let all = supervisor.get("/api/v1/requests").await.expect(200).json;
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let one = supervisor.get(&format!("/api/v1/requests?agency={}", app.other_agency)).await;
    assert_eq!(one.json["items"].as_array().unwrap().len(), 1);

    for (what, refused) in attempts(&supervisor, &case, &reply).await {
        assert_eq!(refused.refusal(), (403, "forbidden"), "{what}");
    }
    // A supervisor of another agency does not even see it
    let both = ["supervisor", "officer"];
    let officer = app.signed_in("both", &both, Some(app.other_agency)).await;
    for (what, refused) in attempts(&officer, &case, &reply).await {
        assert_eq!(refused.refusal(), (404, "not_found"), "{what}");
    }
    assert_eq!(case.version().await, version);
}

async fn administrators_see_no_cases(app: TestApp) {
    let (case, reply, paths) = everything(&app).await;
    let admin = app.admin().await;

    for path in paths.iter().map(String::as_str).chain(["/api/v1/requests"]) {
        assert_eq!(admin.get(path).await.refusal(), (403, "forbidden"), "{path}");
    }
    for (what, refused) in attempts(&admin, &case, &reply).await {
        assert_eq!(refused.refusal(), (403, "forbidden"), "{what}");
    }
}

async fn nobody_without_a_sign_in_sees_a_case(app: TestApp) {
    let (case, reply, paths) = everything(&app).await;
    let anon = app.anon();

    for path in paths.iter().map(String::as_str).chain(["/api/v1/requests"]) {
        assert_eq!(anon.get(path).await.refusal(), (401, "not_signed_in"), "{path}");
    }
    for (what, refused) in attempts(&anon, &case, &reply).await {
        assert_eq!(refused.refusal(), (401, "not_signed_in"), "{what}");
    }
}

async fn a_wrong_code_and_an_unknown_number_get_the_same_answer(app: TestApp) {
    let case = Case::filed(&app).await;
    let receipt = case.filed["receipt"].as_str().unwrap();
    let tickets = [
        json!({ "number": case.number, "code": "0000-0000" }),
        json!({ "number": "202600199999", "code": case.code }),
        json!({ "number": "", "code": "" }),
    ];
    let paths = ["/api/v1/tracking", &format!("/api/v1/tracking/documents/{receipt}")];
    for path in paths {
        let mut answers = Vec::new();
        for ticket in &tickets {
            let reply = app.anon().send_json(path, ticket).await.expect(404);
            answers.push(faceless(reply));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{path}: {answers:?}");
    }
    for (verb, field) in [("correction", "text"), ("withdrawal", "statement")] {
        let mut answers = Vec::new();
        for ticket in &tickets {
            let mut body = ticket.clone();
            body[field] = json!("内容");
            let path = format!("/api/v1/tracking/{verb}");
            answers.push(faceless(app.anon().post(&path, &body).await.expect(404)));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{verb}: {answers:?}");
    }
    assert_eq!(case.view().await["state"], "registered");
}

/// Body and header names without what differs from answer to answer.
fn faceless(reply: Reply) -> (Value, Vec<String>) {
    let mut json = reply.json;
    json["request_id"] = Value::Null;
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    (json, names)
}

async fn an_applicant_sees_no_reply_before_it_leaves_the_agency(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let draft = case.drafted(&g1()).await;
    let hidden = |shown: &Value| {
        assert_eq!(shown["state"], "processing");
        let documents = shown["documents"].as_array().unwrap();
        assert!(documents.iter().all(|document| document["id"] != draft), "{documents:?}");
        let told = shown["timeline"].to_string();
        for internal in ["审批", "文稿", "签发", "测试officer"] {
            assert!(!told.contains(internal), "{told}");
        }
    };
    let document = format!("/api/v1/tracking/documents/{draft}");
    hidden(&case.track().await);
    for (by, step) in [(By::Officer, "submit"), (By::Head, "approve"), (By::Head, "issue")] {
        case.step(by, &draft, json!({ "step": step })).await.expect(200);
        hidden(&case.track().await);
        let early = app.anon().send_json(&document, &case.ticket()).await;
        assert_eq!(early.refusal(), (404, "not_found"), "{step}");
    }

    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&draft, sent).await.expect(200);

    let shown = case.track().await;
    assert_eq!(
        (&shown["state"], shown["documents"].as_array().unwrap().len()),
        (&json!("served"), 2)
    );
    app.anon().send_json(&document, &case.ticket()).await.expect(200);
}

async fn a_ticket_opens_no_document_of_another_request(app: TestApp) {
    let (mine, other) = (Case::filed(&app).await, Case::filed(&app).await);
    let path = format!("/api/v1/tracking/documents/{}", other.filed["receipt"].as_str().unwrap());

    let refused = app.anon().send_json(&path, &mine.ticket()).await;

    assert_eq!(refused.refusal(), (404, "not_found"));
    // A slip in one case proves nothing in another.
    let other = other.processed().await;
    let reply = other.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let slip = upload(&app.clerk().await, &mine).await.expect(201).json["id"].clone();
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "in_person", "evidence_file": slip
    });
    let refused = other.serve(&reply, sent).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "evidence_file"));
    assert_eq!(other.view().await["state"], "issued");
}

async fn a_case_goes_to_no_officer_of_another_agency(app: TestApp) {
    let case = Case::filed(&app).await;
    app.signed_in("stranger", &["officer"], Some(app.other_agency)).await;
    let stranger = app.db_user("stranger").await.unwrap().id;

    let refused = case.act(By::Clerk, json!({ "action": "assign", "officer": stranger })).await;

    assert_eq!(refused.fault(), (422, "invalid_input", "officer"));
    assert_eq!(case.view().await["officer"], Value::Null);
}
