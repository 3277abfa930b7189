//! What does not stand is refused with a code, a field and a Chinese sentence, and writes nothing.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, filing, g1, registration};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_form_with_a_fault_is_refused_with_code_and_field,
    every_fault_of_a_form_is_named_at_once,
    a_form_of_the_wrong_shape_is_refused_with_the_path_of_the_field,
    a_wrong_check_digit_of_an_identity_number_is_a_warning,
    a_registration_with_impossible_dates_is_refused,
    a_step_with_impossible_input_is_refused_with_its_field,
    a_reply_with_impossible_input_is_refused_with_its_field,
    a_text_of_twenty_megabytes_is_refused,
    a_null_character_is_refused_wherever_it_stands,
    a_filing_names_its_key_and_a_step_its_version,
    an_expired_token_writes_nothing,
);

/// Fails unless the reply is a problem in Chinese with all a program needs.
fn assert_clear(reply: &Reply) {
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let (problem, detail) = (&reply.json, reply.json["detail"].as_str().unwrap());
    assert!(detail.chars().any(|c| ('一'..='龥').contains(&c)), "{problem}");
    assert_eq!(problem["status"], reply.status);
    assert!(problem["request_id"].is_string(), "{problem}");
}

/// How much is on record.
async fn record(app: &TestApp) -> (usize, usize) {
    let report = app.app.verify(false).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    (report.requests, report.entries)
}

async fn a_form_with_a_fault_is_refused_with_code_and_field(app: TestApp) {
    let long = "长".repeat(5_001);
    for (pointer, value, code) in [
        ("/title", json!(""), "required"),
        ("/title", json!(" \n "), "required"),
        ("/title", json!("资金\u{7}表"), "control_characters"),
        ("/title", json!("表".repeat(201)), "too_long"),
        ("/description", json!(long), "too_long"),
        ("/applicant/name", json!(""), "required"),
        ("/applicant/name", json!("王\u{202}\u{1b}明"), "control_characters"),
        ("/applicant/credential_number", json!(""), "required"),
        ("/applicant/phone", json!("打我手机"), "invalid_phone"),
        ("/applicant/email", json!("applicant@"), "invalid_email"),
        ("/applicant/email", json!("a@b.cn\r\nBcc: all@b.cn"), "invalid_email"),
        ("/applicant/postcode", json!("41010"), "invalid_postcode"),
        ("/applicant/address", json!(""), "required"),
    ] {
        let mut body = filing(&app);
        *body["application"].pointer_mut(pointer).unwrap() = value.clone();

        let refused = app.anon().post("/api/v1/requests", &body).await;

        let field = pointer[1..].replace('/', ".");
        assert_eq!(refused.fault(), (422, "invalid_input", field.as_str()), "{value:.40}");
        assert_eq!(refused.json["errors"][0]["code"], code, "{value:.40}");
        assert_clear(&refused);
    }
    assert_eq!(record(&app).await, (0, 0));
    // No number was used up.
    let first = app.anon().post("/api/v1/requests", &filing(&app)).await.expect(201);
    assert_eq!(first.json["number"], "202600100001");
}

async fn every_fault_of_a_form_is_named_at_once(app: TestApp) {
    let mut body = filing(&app);
    let form = &mut body["application"];
    form["title"] = json!("");
    form["applicant"]["kind"] = json!("commercial");
    form["applicant"]["credential_kind"] = json!("credit_code");
    form["applicant"]["credential_number"] = json!("91350100M000100Y44");
    form["applicant"]["email"] = json!("");
    form["applicant"]["phone"] = json!("");
    form["applicant"]["address"] = json!("");
    form["delivery_way"] = json!("email");

    let refused = app.anon().post("/api/v1/requests", &body).await;

    assert_clear(&refused);
    let errors = refused.json["errors"].as_array().unwrap();
    let mut told: Vec<String> =
        errors.iter().map(|e| format!("{} {}", text(e, "field"), text(e, "code"))).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "applicant.credential_number invalid_credit_code",
            "applicant.email required",
            "applicant.phone contact_missing",
            "title required",
        ]
    );
    assert!(refused.json["detail"].as_str().unwrap().contains('4'));
    assert_eq!(record(&app).await, (0, 0));
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

async fn a_form_of_the_wrong_shape_is_refused_with_the_path_of_the_field(app: TestApp) {
    let with = |pointer: &str, value: Value| {
        let mut body = filing(&app);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        body
    };
    let mut without = filing(&app);
    without["application"].as_object_mut().unwrap().remove("title");
    for (body, code, field) in [
        (with("/purpose", json!("研究")), "unknown_field", "purpose"),
        (with("/application/usage", json!("研究")), "unknown_field", "application.usage"),
        (with("/application/title", json!(17)), "wrong_type", "application.title"),
        (
            with("/application/applicant/kind", json!("king")),
            "unknown_value",
            "application.applicant.kind",
        ),
        (
            with("/application/electronic_service", json!("yes")),
            "wrong_type",
            "application.electronic_service",
        ),
        (with("/agency", json!("青云县财政局")), "invalid_value", "agency"),
        (without, "missing_field", "application.title"),
    ] {
        let refused = app.anon().post("/api/v1/requests", &body).await;
        assert_eq!(refused.fault(), (400, code, field));
        assert_clear(&refused);
    }
    let unknown = with("/agency", json!(Uuid::now_v7()));
    let refused = app.anon().post("/api/v1/requests", &unknown).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "agency"));
    assert_eq!(refused.json["errors"][0]["code"], "unknown_agency");
    assert_eq!(record(&app).await, (0, 0));
}

async fn a_wrong_check_digit_of_an_identity_number_is_a_warning(app: TestApp) {
    let mut body = filing(&app);
    body["application"]["applicant"]["credential_number"] = json!("110105194912310021");

    let filed = app.anon().post("/api/v1/requests", &body).await.expect(201).json;

    let warning = &filed["warnings"][0];
    assert_eq!(warning["field"], "applicant.credential_number");
    assert_eq!(warning["code"], "identity_check_digit");
    assert!(text(warning, "message").contains("核对"));
    // Other documents exist, and are not looked at.
    body["application"]["applicant"]["credential_kind"] = json!("passport");
    let filed = app.anon().post("/api/v1/requests", &body).await.expect(201).json;
    assert_eq!(filed["warnings"], json!([]));
}

async fn a_registration_with_impossible_dates_is_refused(app: TestApp) {
    let clerk = app.clerk().await;
    let with = |arrived: &str, confirmed: Value| {
        let mut body = registration("fax", arrived, "传真日志");
        body["confirmed_on"] = confirmed;
        body
    };
    for (body, status, code, field) in [
        (with("2026-02-30", Value::Null), 400, "impossible_date", "arrived_on"),
        (with("2026/09/14", Value::Null), 400, "impossible_date", "arrived_on"),
        (with("2026-9-14", Value::Null), 400, "impossible_date", "arrived_on"),
        (with("2026-09-14", json!("2026-9-14")), 400, "impossible_date", "confirmed_on"),
        (with("昨天", Value::Null), 400, "impossible_date", "arrived_on"),
        (with("2026-09-14", json!("2026-13-01")), 400, "impossible_date", "confirmed_on"),
        (with("2026-09-14", json!(20260914)), 400, "wrong_type", "confirmed_on"),
        (with("2026-09-15", Value::Null), 422, "receipt_in_future", "arrived_on"),
        (with("2026-09-14", json!("2026-09-15")), 422, "receipt_in_future", "confirmed_on"),
        (with("2026-09-11", json!("2026-09-10")), 422, "confirmed_before_arrival", "confirmed_on"),
        (with("0001-01-01", json!("0001-01-01")), 422, "invalid_input", "arrived_on"),
    ] {
        let refused = clerk.post("/api/v1/registrations", &body).await;
        assert_eq!(refused.fault(), (status, code, field), "{body}");
        assert_clear(&refused);
    }
    assert_eq!(record(&app).await, (0, 0));
}

async fn a_step_with_impossible_input_is_refused_with_its_field(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let before = record(&app).await;
    let correction = |on: &str, until: &str, kind: &str| {
        json!({
            "action": "ask_correction", "on": on, "until": until,
            "defects": [{ "kind": kind, "guidance": "请写明年度" }]
        })
    };
    let extension = |days: Value| json!({ "action": "ask_extension", "working_days": days, "reason": "档案较多" });
    for (body, status, code, field) in [
        (correction("2026-09-31", "2026-10-12", "content"), 400, "impossible_date", "on"),
        (correction("2026-09-14", "soon", "content"), 400, "impossible_date", "until"),
        (correction("2026-9-14", "2026-10-12", "content"), 400, "impossible_date", "on"),
        (correction("2026-09-14", "+10000-01-01", "content"), 400, "impossible_date", "until"),
        (correction("2026-09-14", "2026-10-12", "style"), 400, "unknown_value", "defects"),
        (correction("2026-09-15", "2026-10-12", "content"), 422, "date_in_future", "on"),
        (correction("2026-09-11", "2026-10-12", "content"), 422, "notice_backdated", "on"),
        (correction("2026-09-14", "2026-09-11", "content"), 422, "date_too_early", "until"),
        (correction("2026-09-14", "9999-12-31", "content"), 422, "date_out_of_range", "until"),
        (extension(json!(-1)), 400, "invalid_value", "working_days"),
        (extension(json!(100_000)), 400, "invalid_value", "working_days"),
        (extension(json!("20")), 400, "wrong_type", "working_days"),
        (extension(json!(0)), 422, "out_of_range", "working_days"),
        (extension(json!(21)), 422, "extension_too_long", "working_days"),
        (json!({ "action": "conjure" }), 400, "unknown_value", "action"),
        (
            // Two fields with the same fault: the first is named, not the step.
            json!({
                "action": "review_release", "finding": "releasable", "opinion": "不涉密",
                "third_party": "none", "personal_data": "none"
            }),
            400,
            "unknown_value",
            "personal_data",
        ),
        (json!({ "on": "2026-09-14" }), 400, "missing_field", "action"),
        (json!({ "action": "note" }), 400, "missing_field", "text"),
        (json!({ "action": "note", "text": "" }), 422, "text_missing", "text"),
        (json!({ "action": "note", "text": "铃\u{7}" }), 422, "control_characters", "text"),
        (json!({ "action": "note", "text": "好", "on": "x" }), 400, "unknown_field", "on"),
        (json!({ "action": "pass_examination", "on": "x" }), 400, "unknown_field", "on"),
        // The steps of the program itself are nobody's to take.
        (json!({ "action": "issue", "notice": Uuid::now_v7() }), 400, "unknown_value", "action"),
    ] {
        let refused = case.act(By::Officer, body.clone()).await;
        assert_eq!(refused.fault(), (status, code, field), "{body}");
        assert_clear(&refused);
    }
    assert_eq!(record(&app).await, before);
}

async fn a_reply_with_impossible_input_is_refused_with_its_field(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let officer = app.officer().await;
    let with = |key: &str, value: Value| {
        let mut content = g1();
        content[key] = value;
        content
    };
    for (content, code, field) in [
        (with("outcome", json!("Z9")), "unknown_value", "outcome"),
        (with("items", json!("甲")), "wrong_type", "items"),
        (with("search", json!({ "on": "2026-02-30" })), "impossible_date", "search.on"),
        (with("search", json!({ "on": "2026-9-4" })), "impossible_date", "search.on"),
        (with("remedy", json!("无")), "unknown_field", "remedy"),
    ] {
        let refused = officer.post(&case.path("/notices"), &content).await;
        assert!(refused.status == 400, "{content}");
        assert_eq!((refused.fault().1, refused.fault().2), (code, field), "{content}");
        assert_clear(&refused);
    }
    let notice = case.drafted(&with("place", json!("网站\u{1b}[2J"))).await;
    let refused = case.step(By::Officer, &notice, json!({ "step": "submit" })).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "place"));
    assert_eq!(refused.json["errors"][0]["code"], "control_characters");
    let dance = case.step(By::Officer, &notice, json!({ "step": "dance" })).await;
    assert_eq!(dance.fault(), (400, "unknown_value", "step"));

    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    for (key, value, status, code) in [
        ("on", json!("2026-09-31"), 400, "impossible_date"),
        ("on", json!("2026-9-14"), 400, "impossible_date"),
        ("evidence", json!("铃\u{7}"), 422, "invalid_input"),
        ("evidence", json!("长".repeat(5_001)), 422, "invalid_input"),
        ("evidence_file", json!("slip.pdf"), 400, "invalid_value"),
    ] {
        let mut body = json!({
            "step": "sent", "on": "2026-09-14", "method": "in_person", "evidence": "签收", "slip": { "receiver": "本人" }
        });
        body[key] = value;
        let refused = case.serve(&reply, body).await;
        assert_eq!(refused.fault(), (status, code, key));
        assert_clear(&refused);
    }
    assert_eq!(case.view().await["state"], "issued");
}

async fn a_text_of_twenty_megabytes_is_refused(app: TestApp) {
    let mut body = filing(&app);
    body["application"]["description"] = json!("长".repeat(20 * 1024 * 1024 / 3));

    let refused = app.anon().post("/api/v1/requests", &body).await;

    assert_eq!(refused.refusal(), (413, "body_too_large"));
    assert_clear(&refused);
    assert_eq!(record(&app).await, (0, 0));
}

/// PostgreSQL cannot store it, SQLite can: neither may see it.
async fn a_null_character_is_refused_wherever_it_stands(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let before = record(&app).await;
    let mut body = filing(&app);
    body["application"]["applicant"]["legal_representative"] = json!("王\u{0}");
    let refused = app.anon().post("/api/v1/requests", &body).await;
    let field = "application.applicant.legal_representative";
    assert_eq!(refused.fault(), (400, "control_characters", field));

    let officer = app.officer().await;
    let mut content = g1();
    content["attachments"] = json!(["甲", "乙\u{0}"]);
    let refused = officer.post(&case.path("/notices"), &content).await;
    assert_eq!(refused.fault(), (400, "control_characters", "attachments[1]"));
    let purpose = json!({ "field": "phone", "purpose": "核对\u{0}" });
    let refused = officer.send_json(&case.path("/personal-data"), &purpose).await;
    assert_eq!(refused.fault(), (400, "control_characters", "purpose"));
    let refused = app.anon().sign_in("clerk\u{0}", "password of the clerk").await;
    assert_eq!(refused.fault(), (400, "control_characters", "login"));
    let refused = officer.get("/api/v1/requests?number=%00").await;
    assert_eq!(refused.fault(), (400, "control_characters", "number"));
    assert_clear(&refused);
    assert_eq!(record(&app).await, before);

    // Six characters that only look like one are a text like any other.
    let note = json!({ "action": "note", "text": "路径 C:\\u0000" });
    case.does(By::Officer, note).await;
}

async fn a_filing_names_its_key_and_a_step_its_version(app: TestApp) {
    let anon = app.anon();
    let bare = anon.send_json("/api/v1/requests", &filing(&app)).await;
    assert_eq!(bare.fault(), (400, "idempotency_key_missing", "Idempotency-Key"));
    assert_clear(&bare);
    for key in ["short", "含有中文的编号", &"k".repeat(201), "with blank"] {
        let request = anon
            .request(Method::POST, "/api/v1/requests")
            .header("Idempotency-Key", key.as_bytes())
            .json(&filing(&app));
        let refused = anon.send(request).await;
        assert_eq!(refused.fault(), (400, "idempotency_key_malformed", "Idempotency-Key"));
    }
    let case = Case::filed(&app).await;
    let before = record(&app).await;
    let note = json!({ "action": "note", "text": "好" });
    let refused = app.clerk().await.post(&case.path("/actions"), &note).await;
    assert_eq!(refused.fault(), (428, "precondition_required", "If-Match"));
    assert_clear(&refused);
    assert_eq!(record(&app).await, before);
}

async fn an_expired_token_writes_nothing(app: TestApp) {
    let clerk = app.clerk().await;
    app.clock.advance(TimeDelta::minutes(15));
    let body = registration("in_person", "2026-09-14", "窗口");

    let refused = clerk.post("/api/v1/registrations", &body).await;

    assert_eq!(refused.refusal(), (401, "token_expired"));
    assert!(refused.json["detail"].as_str().unwrap().contains("登录"));
    assert_clear(&refused);
    assert_eq!(record(&app).await, (0, 0));
}
