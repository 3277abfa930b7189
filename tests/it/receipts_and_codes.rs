//! The receipt bears the query code, with which one acts as the applicant: only those who hand it
//! out get it. And what is handed out are the bytes that were frozen.

use serde_json::json;

use crate::support::cases::{Case, assert_says, g1, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_query_code_goes_to_those_who_hand_out_receipts_and_that_is_on_record,
    a_document_that_was_replaced_is_not_handed_out,
);

/// The receipt of a case.
async fn receipt(case: &Case<'_>) -> String {
    let notices = case.app.clerk().await.get(&case.path("/notices")).await.expect(200).json;
    let all = notices.as_array().unwrap();
    let receipt = all.iter().find(|notice| notice["kind"] == "receipt").unwrap();
    receipt["id"].as_str().unwrap().to_owned()
}

async fn the_query_code_goes_to_those_who_hand_out_receipts_and_that_is_on_record(app: TestApp) {
    let case = Case::filed(&app).await;
    let receipt = receipt(&case).await;
    let path = |format: &str| format!("/api/v1/notices/{receipt}/{format}");

    // Given to the clerk as it was frozen, and on record
    let clerk = app.clerk().await;
    let whole = clerk.get(&path("pdf")).await.expect(200).bytes;
    assert_says(&pdf_text(&whole), &[&case.code, &case.number]);
    let opened = app
        .app
        .store
        .read(|conn| {
            use gongkai::db::audit::{self, AuditFilter};
            let filter =
                AuditFilter { object_kind: Some("notice".to_owned()), ..AuditFilter::default() };
            audit::page(conn, &filter, None, 50)
        })
        .await
        .unwrap();
    assert!(opened.iter().any(|row| row.action == "open_receipt"), "{opened:?}");

    // Everybody else reads the same without the code
    let reviewer = app.signed_in("reviewer", &["secrecy_reviewer"], Some(app.agency)).await;
    for who in [app.supervisor().await, reviewer] {
        let copy = who.get(&path("pdf")).await.expect(200).bytes;
        let text = pdf_text(&copy);
        assert_says(&text, &[&case.number]);
        assert!(!text.contains(&case.code), "{text}");
        let word = who.get(&path("docx")).await.expect(200).bytes;
        assert!(!word.windows(case.code.len()).any(|part| part == case.code.as_bytes()));
    }
    // And the applicant as it was frozen
    let document = format!("/api/v1/tracking/documents/{receipt}");
    let theirs = app.anon().send_json(&document, &case.ticket()).await.expect(200).bytes;
    assert_eq!(theirs, whole);
}

async fn a_document_that_was_replaced_is_not_handed_out(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&reply, sent).await.expect(200);
    let path = format!("/api/v1/notices/{reply}/pdf");
    app.officer().await.get(&path).await.expect(200);

    // When somebody puts another file in its place
    let place = app.folder.path().join(format!("files/notices/{reply}.pdf"));
    std::fs::write(place, b"%PDF-1.4 FORGED").unwrap();

    // Then nobody gets it, and nobody is blamed for asking
    let officer = app.officer().await.get(&path).await;
    assert_eq!(officer.refusal(), (500, "file_lost"));
    let document = format!("/api/v1/tracking/documents/{reply}");
    let applicant = app.anon().send_json(&document, &case.ticket()).await;
    assert_eq!(applicant.refusal(), (500, "file_lost"));
}
