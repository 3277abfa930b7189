//! How requests come in by every channel, and on which day they count as received.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, registration};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_registered_letter_counts_from_the_signature_of_the_mailroom,
    an_ordinary_letter_waits_for_confirmation,
    an_ordinary_letter_confirmed_late_counts_from_then_with_a_defect,
    a_confirmation_that_does_not_stand_names_the_field_of_the_step,
    a_fax_counts_from_the_confirmation,
    a_request_spoken_at_the_counter_counts_from_the_signed_form,
    a_date_without_proof_does_not_stand,
    nobody_of_the_agency_registers_what_the_portal_receives,
    without_the_calendar_of_next_year_no_last_day_is_printed,
);

async fn a_registered_letter_counts_from_the_signature_of_the_mailroom(app: TestApp) {
    // Given a letter signed for on Friday and registered on Monday
    app.set_today("2026-09-14");
    let body = registration("registered_post", "2026-09-11", "EMS EA987654321CN，收发室张三签收");

    let case = Case::registered(&app, &body).await;

    assert_eq!(case.filed["received_on"], "2026-09-11");
    assert_eq!(case.filed["due_on"], "2026-10-15");
    assert_eq!(case.view().await["receipt_basis"], "signed");
    let receipt = case.pdf(&case.notice("receipt").await).await;
    assert_says(&receipt, &["☑信函", "2026年9月11日", "2026年10月15日"]);
    let received = &case.ledger().await[1];
    assert_eq!(received["event"]["evidence"], "EMS EA987654321CN，收发室张三签收");
    assert!(received["actor"].as_str().unwrap().starts_with("登记员"));
}

async fn an_ordinary_letter_waits_for_confirmation(app: TestApp) {
    let body = registration("ordinary_post", "2026-09-14", "");
    let case = Case::registered(&app, &body).await;
    assert_eq!(case.filed["state"], "awaiting_confirmation");
    for unknown in ["received_on", "due_on", "receipt"] {
        assert_eq!(case.filed[unknown], Value::Null, "{unknown}");
    }
    // The safe limit is shown beside, and nothing can be done yet.
    let view = case.view().await;
    assert_eq!(view["conservative_due_on"], "2026-10-16");
    let early = case.act(By::Clerk, json!({ "action": "assign", "officer": app.agency })).await;
    assert!(matches!(early.status, 422), "{early:?}");
    assert_eq!(case.track().await["documents"], json!([]));

    let confirm = json!({
        "action": "confirm_receipt", "on": "2026-09-14", "evidence": "电话13800000000，10时，本人确认"
    });
    let view = case.does(By::Clerk, confirm).await;

    assert_eq!((&view["state"], &view["due_on"]), (&json!("registered"), &json!("2026-10-16")));
    assert_eq!((&view["receipt_basis"], &view["defects"]), (&json!("confirmed"), &json!([])));
    let receipt = case.pdf(&case.notice("receipt").await).await;
    assert_says(&receipt, &[&case.number, &case.code, "2026年10月16日"]);
}

async fn an_ordinary_letter_confirmed_late_counts_from_then_with_a_defect(app: TestApp) {
    let case = Case::registered(&app, &registration("ordinary_post", "2026-09-14", "")).await;

    app.set_today("2026-09-16");
    let confirm =
        json!({ "action": "confirm_receipt", "on": "2026-09-16", "evidence": "多次致电后接通" });
    let view = case.does(By::Clerk, confirm).await;

    assert_eq!(
        (&view["received_on"], &view["due_on"]),
        (&json!("2026-09-16"), &json!("2026-10-20"))
    );
    assert_eq!(view["defects"], json!(["receipt_confirmation_late"]));
}

async fn a_confirmation_that_does_not_stand_names_the_field_of_the_step(app: TestApp) {
    let case = Case::registered(&app, &registration("ordinary_post", "2026-09-11", "")).await;
    let confirm =
        |on: &str, by: &str| json!({ "action": "confirm_receipt", "on": on, "evidence": by });

    let early = case.act(By::Clerk, confirm("2026-09-10", "电话")).await;
    assert_eq!(early.fault(), (422, "confirmed_before_arrival", "on"));
    let unproved = case.act(By::Clerk, confirm("2026-09-14", " ")).await;
    assert_eq!(unproved.fault(), (422, "receipt_evidence_missing", "evidence"));
}

async fn a_fax_counts_from_the_confirmation(app: TestApp) {
    app.set_today("2026-09-15");
    let mut body = registration("fax", "2026-09-14", "传真日志第12页，9月15日电话确认");
    body["confirmed_on"] = json!("2026-09-15");

    let case = Case::registered(&app, &body).await;

    assert_eq!(case.filed["received_on"], "2026-09-15");
    assert_eq!(case.filed["due_on"], "2026-10-19");
    assert_eq!(case.view().await["defects"], json!([]));
    assert_says(&case.pdf(&case.notice("receipt").await).await, &["☑传真"]);
}

async fn a_request_spoken_at_the_counter_counts_from_the_signed_form(app: TestApp) {
    let mut body = registration("oral", "2026-09-14", "口头申请记录，王小明签名");
    let clerk = app.clerk().await;
    let unsigned = clerk.post("/api/v1/registrations", &body).await;
    assert_eq!(unsigned.fault(), (422, "invalid_input", "oral"));
    body["oral"] = json!({ "taken_by": "张华", "read_back": true, "signed": false });
    let unsigned = clerk.post("/api/v1/registrations", &body).await;
    assert_eq!(unsigned.fault(), (422, "invalid_input", "oral"));
    body["oral"]["signed"] = json!(true);

    let case = Case::registered(&app, &body).await;

    assert_eq!(case.filed["received_on"], "2026-09-14");
    assert_eq!(case.view().await["receipt_basis"], "oral_form_signed");
    assert_says(&case.pdf(&case.notice("receipt").await).await, &["☑当面"]);
}

async fn a_date_without_proof_does_not_stand(app: TestApp) {
    let clerk = app.clerk().await;
    for channel in ["registered_post", "in_person", "oral"] {
        let mut body = registration(channel, "2026-09-14", "  ");
        if channel == "oral" {
            body["oral"] = json!({ "taken_by": "张华", "read_back": true, "signed": true });
        }
        let refused = clerk.post("/api/v1/registrations", &body).await;
        assert_eq!(refused.fault(), (422, "receipt_evidence_missing", "evidence"), "{channel}");
    }
}

/// Source: 指导案例26号; rulebook 2: online, staff do not choose the date.
async fn nobody_of_the_agency_registers_what_the_portal_receives(app: TestApp) {
    let body = registration("internet", "2026-09-01", "申请人在线提交");

    let refused = app.clerk().await.post("/api/v1/registrations", &body).await;

    assert_eq!(refused.fault(), (422, "invalid_input", "channel"));
    assert_eq!(refused.json["errors"][0]["code"], "portal_only");
}

async fn without_the_calendar_of_next_year_no_last_day_is_printed(app: TestApp) {
    app.set_today("2026-12-10");
    let case = Case::filed(&app).await;

    assert_eq!(case.filed["provisional"], true);
    let receipt = case.pdf(&case.notice("receipt").await).await;
    assert_says(&receipt, &["2026年12月10日"]);
    assert!(!receipt.contains("2027年"), "{receipt}");

    case.processed_now_for_extension().await;
    let extension = case.pdf(&case.notice("extension").await).await;
    assert_says(&extension, &["延长期限为20个工作日"]);
    assert!(!extension.contains("2027年"), "{extension}");
    assert_eq!(case.track().await["provisional"], true);
}

impl Case<'_> {
    async fn processed_now_for_extension(&self) {
        self.assigned().await;
        self.does(By::Officer, json!({ "action": "pass_examination" })).await;
        let ask = json!({ "action": "ask_extension", "working_days": 20, "reason": "档案较多" });
        self.does(By::Officer, ask).await;
        self.does(By::Head, json!({ "action": "consent_extension" })).await;
        self.does(By::Officer, json!({ "action": "tell_extension", "on": "2026-12-10" })).await;
    }
}
