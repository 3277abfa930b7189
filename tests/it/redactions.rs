//! 区分处理: what is masked is gone from the copy, the rest is there, the original stays, and a second
//! person looks before anything goes out.

mod pages;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g2, pdf_text, sha256};
use crate::support::client::{Client, Reply};
use crate::support::made_files::{Around, PLAIN_PDF, docx, drawn, text_at};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_masked_copy_holds_nothing_of_what_it_hides_and_goes_out_after_a_second_look,
    nobody_confirms_a_copy_they_made,
    of_two_at_once_one_confirms,
    a_copy_made_or_confirmed_twice_with_one_key_is_one,
    a_copy_that_is_thrown_away_is_gone,
    what_cannot_be_masked_is_refused_with_its_reason,
    another_agency_sees_no_copy,
);

const SECRET: &str = "11010519491231002X";

/// A table with a number of a person in it.
fn table() -> Vec<u8> {
    let first = [text_at(20, 150, "Community East"), text_at(20, 100, &format!("ID {SECRET} end"))];
    drawn(&[&first.concat(), &text_at(20, 100, "Total 300")], &Around::default())
}

async fn upload(case: &Case<'_>, purpose: &str, name: &str, bytes: Vec<u8>) -> String {
    let file = Part::bytes(bytes).file_name(name.to_owned());
    let form = Form::new().text("purpose", purpose.to_owned()).part("file", file);
    let officer = case.app.officer().await;
    let request = officer
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", Uuid::now_v7().to_string());
    let reply = officer.send(request.multipart(form)).await.expect(201);
    reply.json["id"].as_str().unwrap().to_owned()
}

async fn make(who: &Client, file: &str, form: &Value) -> Reply {
    who.post(&format!("/api/v1/files/{file}/redactions"), form).await
}

fn masks() -> Value {
    json!({
        "words": [{ "text": SECRET, "ground": "article_15_privacy" }],
        "masks": [{ "page": 2, "x": 10, "y": 80, "width": 100, "height": 30, "ground": "article_16_internal" }]
    })
}

/// A copy that waits for a second look.
async fn draft(case: &Case<'_>) -> Value {
    let file = upload(case, "other", "名单.pdf", table()).await;
    make(&case.app.officer().await, &file, &masks()).await.expect(201).json
}

async fn step(who: &Client, copy: &Value, body: &Value) -> Reply {
    let path = format!("/api/v1/redactions/{}/steps", copy["id"].as_str().unwrap());
    who.act(&path, 1, body).await
}

fn confirm() -> Value {
    json!({ "step": "confirm" })
}

/// Every stream of a PDF, inflated where it is compressed.
fn inflated(pdf: &[u8]) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, pdf).unwrap();
    let qpdf = std::process::Command::new("qpdf")
        .args(["--qdf", "--object-streams=disable"])
        .args([file.path().to_str().unwrap(), "-"])
        .output()
        .unwrap();
    assert!(qpdf.status.success(), "{}", String::from_utf8_lossy(&qpdf.stderr));
    qpdf.stdout
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

async fn a_masked_copy_holds_nothing_of_what_it_hides_and_goes_out_after_a_second_look(
    app: TestApp,
) {
    let case = Case::in_processing(&app).await;
    let original = upload(&case, "other", "名单.pdf", table()).await;
    let copy = make(&app.officer().await, &original, &masks()).await.expect(201).json;
    assert_eq!((copy["state"].as_str(), copy["pages"].as_i64()), (Some("draft"), Some(3)));
    assert_eq!(copy["name"], "名单（区分处理）.pdf");
    let grounds: Vec<_> = copy["masks"].as_array().unwrap().iter().map(|m| &m["ground"]).collect();
    assert_eq!(grounds, ["article_15_privacy", "article_16_internal"]);
    // a draft is no file of the case yet
    let files = app.head().await.get(&case.path("/files")).await.expect(200).json;
    assert_eq!(files.as_array().unwrap().len(), 1);
    // the second person looks at every page
    let head = app.head().await;
    for page in 1..=3 {
        let path = format!("/api/v1/redactions/{}/pages/{page}", copy["id"].as_str().unwrap());
        let picture = head.get(&path).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/png");
        assert!(picture.bytes.starts_with(b"\x89PNG"));
    }
    let path = format!("/api/v1/redactions/{}/pages/4", copy["id"].as_str().unwrap());
    assert_eq!(head.get(&path).await.refusal(), (404, "not_found"));
    // and confirms
    let done = step(&head, &copy, &confirm()).await.expect(200).json;
    assert_eq!(done["state"], "confirmed");
    let file = done["result"].as_str().unwrap().to_owned();
    let bytes = head.get(&format!("/api/v1/files/{file}")).await.expect(200).bytes;
    assert_eq!(sha256(&bytes), copy["sha256"].as_str().unwrap());
    // then nothing that was masked can be got out of it, nor anything else as text but the list
    let text = pdf_text(&bytes);
    assert!(text.contains("遮盖清单") && text.contains("个人隐私"), "{text}");
    let whole = inflated(&bytes);
    for gone in [SECRET, "110105", "Total", "Community", "Helvetica"] {
        assert!(!text.contains(gone) && !holds(&bytes, gone) && !holds(&whole, gone), "{gone}");
    }
    // the file is looked into as any other, and the ledger says where it comes from
    let files = head.get(&case.path("/files")).await.expect(200).json;
    let added =
        files.as_array().unwrap().iter().find(|known| known["id"] == file.as_str()).unwrap();
    assert_eq!((&added["purpose"], &added["found"]), (&json!("supplied"), &json!([])));
    let entries = case.ledger().await;
    let entry = &entries.iter().find(|entry| entry["kind"] == "file_redacted").unwrap()["event"];
    assert_eq!(entry["from"], original.as_str());
    assert_eq!(
        entry["masks"],
        json!([
            { "ground": "article_15_privacy", "count": 1 }, { "ground": "article_16_internal", "count": 1 }
        ])
    );
    // the original is as it was
    let kept = head.get(&format!("/api/v1/files/{original}")).await.expect(200).bytes;
    assert_eq!(kept, table());
    // and the copy goes out with the reply
    case.reviewed().await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    let path = format!("/api/v1/tracking/supplied/{file}");
    assert_eq!(app.anon().send_json(&path, &case.ticket()).await.expect(200).bytes, bytes);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn nobody_confirms_a_copy_they_made(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let copy = draft(&case).await;
    let own = step(&app.officer().await, &copy, &confirm()).await;
    assert_eq!(own.refusal(), (422, "own_redaction"));
    let clerk = step(&app.clerk().await, &copy, &confirm()).await;
    assert_eq!(clerk.refusal(), (422, "not_redaction_confirmer"));
    let unknown = json!({ "step": "confirm", "item": 7 });
    assert_eq!(step(&app.head().await, &copy, &unknown).await.refusal(), (422, "unknown_item"));
    step(&app.reviewer().await, &copy, &confirm()).await.expect(200);
    assert_eq!(step(&app.head().await, &copy, &confirm()).await.refusal(), (422, "wrong_state"));
}

async fn of_two_at_once_one_confirms(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let copy = draft(&case).await;
    let (head, reviewer) = (app.head().await, app.reviewer().await);
    let body = confirm();
    let (one, two) = tokio::join!(step(&head, &copy, &body), step(&reviewer, &copy, &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert!(matches!(statuses, [200, 409 | 422]), "{one:?} {two:?}");
    let files = head.get(&case.path("/files")).await.expect(200).json;
    assert_eq!(files.as_array().unwrap().len(), 2, "the original and one copy");
}

async fn a_copy_made_or_confirmed_twice_with_one_key_is_one(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let file = upload(&case, "other", "名单.pdf", table()).await;
    let (officer, key) = (app.officer().await, Uuid::now_v7().to_string());
    let path = format!("/api/v1/files/{file}/redactions");
    let again = || {
        let request = officer.request(Method::POST, &path).header("Idempotency-Key", &key);
        officer.send(request.json(&masks()))
    };
    let (first, second) = (again().await.expect(201).json, again().await.expect(201).json);
    assert_eq!(first, second);
    let list = officer.get(&case.path("/redactions")).await.expect(200).json;
    assert_eq!(list, json!([first]));
    // the bytes of the second attempt were not left behind
    let old = app.app.orphans().await.unwrap();
    assert_eq!(old, Vec::<String>::new());
    let (head, key) = (app.head().await, Uuid::now_v7().to_string());
    let path = format!("/api/v1/redactions/{}/steps", first["id"].as_str().unwrap());
    let again = || {
        let request = head.request(Method::POST, &path).header("Idempotency-Key", &key);
        head.send(request.header("If-Match", "\"1\"").json(&confirm()))
    };
    let (first, second) = (again().await.expect(200).json, again().await.expect(200).json);
    assert_eq!(first, second);
    let files = head.get(&case.path("/files")).await.expect(200).json;
    assert_eq!(files.as_array().unwrap().len(), 2);
}

async fn a_copy_that_is_thrown_away_is_gone(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let copy = draft(&case).await;
    let head = app.head().await;
    let bare = json!({ "step": "reject", "reason": " " });
    assert_eq!(step(&head, &copy, &bare).await.fault(), (422, "text_missing", "reason"));
    let reject = json!({ "step": "reject", "reason": "第2页漏遮一处" });
    let done = step(&head, &copy, &reject).await.expect(200).json;
    assert_eq!((&done["state"], &done["reason"]), (&json!("rejected"), &json!("第2页漏遮一处")));
    let path = format!("/api/v1/redactions/{}/pages/1", copy["id"].as_str().unwrap());
    assert_eq!(head.get(&path).await.refusal(), (404, "not_found"));
    let old = app.app.orphans().await.unwrap();
    assert_eq!(old, Vec::<String>::new(), "its bytes are gone");
    let files = head.get(&case.path("/files")).await.expect(200).json;
    assert_eq!(files.as_array().unwrap().len(), 1);
}

async fn what_cannot_be_masked_is_refused_with_its_reason(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let officer = app.officer().await;
    let file = upload(&case, "other", "名单.pdf", table()).await;
    let mask = |page: usize, x: f64, width: f64| {
        json!({ "masks": [{
            "page": page, "x": x, "y": 10, "width": width, "height": 10, "ground": "article_14"
        }] })
    };
    let words = |text: &str| json!({ "words": [{ "text": text, "ground": "article_14" }] });
    for (form, code, field) in [
        (json!({}), "no_masks", "masks"),
        (mask(3, 10.0, 10.0), "mask_outside_page", "masks"),
        (mask(0, 10.0, 10.0), "mask_outside_page", "masks"),
        (mask(1, 301.0, 10.0), "mask_outside_page", "masks"),
        (mask(1, 10.0, 0.0), "mask_outside_page", "masks"),
        (mask(1, -20.0, 10.0), "mask_outside_page", "masks"),
        (words("王小明"), "words_not_found", "words"),
        (words("x"), "too_many_masks", "masks"),
    ] {
        assert_eq!(make(&officer, &file, &form).await.fault(), (422, code, field), "{form}");
    }
    let mut many = vec![""; 2000];
    many[0] = "0 g 10 10 10 10 re f";
    let around =
        |page: &'static str, trailer: &'static str| Around { page, trailer, ..Around::default() };
    for (name, bytes) in [
        ("二千页.pdf", drawn(&many, &Around::default())),
        ("无页.pdf", crate::support::made_files::pdf(&[b"<</Type /Catalog>>".to_vec()], "")),
        ("加密.pdf", drawn(&[""], &around("", "/Encrypt <</Filter /Standard>>"))),
        ("巨幅.pdf", drawn(&[""], &around("/MediaBox [0 0 90000 90000]", ""))),
        ("坏.pdf", b"%PDF-1.7 broken".to_vec()),
        ("坏.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09".to_vec()),
        ("巨幅.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\x7F\0\0\0\x7F\0\0\0".to_vec()),
        ("坏.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec()),
        ("文.docx", docx("", &[])),
    ] {
        let file = upload(&case, "other", name, bytes).await;
        let refused = make(&officer, &file, &mask(1, 1.0, 5.0)).await;
        assert_eq!(refused.refusal(), (422, "file_not_maskable"), "{name} {}", refused.json);
    }
}

async fn another_agency_sees_no_copy(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let copy = draft(&case).await;
    let foreign = app.signed_in("head2", &["head"], Some(app.other_agency)).await;
    let id = copy["id"].as_str().unwrap();
    for path in [format!("/api/v1/redactions/{id}"), format!("/api/v1/redactions/{id}/pages/1")] {
        assert_eq!(foreign.get(&path).await.refusal(), (404, "not_found"), "{path}");
    }
    assert_eq!(step(&foreign, &copy, &confirm()).await.refusal(), (404, "not_found"));
    let file = upload(&case, "other", "b.pdf", PLAIN_PDF.to_vec()).await;
    assert_eq!(make(&foreign, &file, &masks()).await.refusal(), (404, "not_found"));
    // nor does the applicant
    assert!(!case.track().await.to_string().contains("遮盖"));
    case.does(By::Officer, json!({ "action": "note", "text": "备注" })).await;
}
