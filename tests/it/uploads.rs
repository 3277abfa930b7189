//! Files of applicants and of the agency: streamed, capped, looked at, hashed into the ledger.

use std::time::Duration;

use gongkai::app::AppError;
use gongkai::storage::StorageError;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::support::cases::{Case, sha256};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    an_applicant_adds_a_file_that_the_officer_downloads,
    the_agency_adds_a_slip,
    a_file_that_is_not_what_its_name_says_is_refused,
    a_file_that_is_too_long_is_refused_and_leaves_nothing,
    an_upload_that_breaks_off_leaves_nothing,
    an_upload_without_its_fields_is_refused_with_the_field,
    the_same_upload_twice_is_one_file,
    an_applicant_cannot_fill_the_store_with_files,
    a_store_that_does_not_answer_is_told_as_something_that_passes,
);

const PDF: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n";
const MEBIBYTE: usize = 1024 * 1024;

fn part(name: &str, bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name(name.to_owned())
}

async fn send(who: &Client, path: &str, form: Form, key: &str) -> Reply {
    let request = who.request(Method::POST, path).header("Idempotency-Key", key);
    who.send(request.multipart(form)).await
}

async fn by_applicant(case: &Case<'_>, file: Part) -> Reply {
    let form = Form::new().text("number", case.number.clone()).text("code", case.code.clone());
    let key = Uuid::now_v7().to_string();
    send(&case.app.anon(), "/api/v1/tracking/files", form.part("file", file), &key).await
}

async fn by_clerk(case: &Case<'_>, purpose: &str, file: Part, key: &str) -> Reply {
    let form = Form::new().text("purpose", purpose.to_owned()).part("file", file);
    send(&case.app.clerk().await, &case.path("/files"), form, key).await
}

/// Everything below the folder of files.
fn stored(app: &TestApp) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![app.folder.path().join("files")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

async fn added(case: &Case<'_>) -> Vec<Value> {
    let entries = case.ledger().await;
    entries.into_iter().filter(|entry| entry["kind"] == "file_added").collect()
}

async fn an_applicant_adds_a_file_that_the_officer_downloads(app: TestApp) {
    let case = Case::filed(&app).await;

    let file = by_applicant(&case, part("../../身份证 复印件.pdf", PDF)).await.expect(201).json;

    assert_eq!(
        (&file["name"], &file["purpose"]),
        (&json!("身份证 复印件.pdf"), &json!("attachment"))
    );
    assert_eq!(
        (&file["media_type"], &file["size"]),
        (&json!("application/pdf"), &json!(PDF.len()))
    );
    assert_eq!(file["sha256"], sha256(PDF));
    let entries = added(&case).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["event"]["sha256"], sha256(PDF));
    assert_eq!(entries[0]["actor"], "申请人");

    let officer = app.officer().await;
    assert_eq!(officer.get(&case.path("/files")).await.expect(200).json, json!([file]));
    let path = format!("/api/v1/files/{}", file["id"].as_str().unwrap());
    let download = officer.get(&path).await.expect(200);
    assert_eq!(download.bytes, PDF);
    // As bytes to be saved, never shown by the browser under this address.
    assert_eq!(download.header("content-type"), "application/octet-stream");
    let disposition = download.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename*=UTF-8''"), "{disposition}");
    assert_eq!(download.header("x-content-type-options"), "nosniff");
    let report = app.app.verify(true).await.unwrap();
    assert_eq!((report.faults, report.files), (Vec::new(), 1));
}

async fn the_agency_adds_a_slip(app: TestApp) {
    let case = Case::filed(&app).await;
    let long = [PDF, &vec![b'.'; 6 * MEBIBYTE]].concat();

    let key = Uuid::now_v7().to_string();
    let file = by_clerk(&case, "service_evidence", part("回执.pdf", long.clone()), &key).await;

    let file = file.expect(201).json;
    assert_eq!((&file["size"], &file["sha256"]), (&json!(long.len()), &json!(sha256(&long))));
    let entry = &added(&case).await[0];
    assert_eq!(entry["event"]["purpose"], "service_evidence");
    assert!(entry["actor"].as_str().unwrap().starts_with("登记员"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_file_that_is_not_what_its_name_says_is_refused(app: TestApp) {
    let case = Case::filed(&app).await;
    let program = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xFF\xFF\x00\x00".to_vec();
    let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    for (name, bytes) in [
        ("申请书.pdf", program.clone()),
        ("setup.exe", PDF.to_vec()),
        ("材料.txt", page),
        ("照片.png", PDF.to_vec()),
        ("压缩.pdf", b"PK\x03\x04\x14\x00\x00\x00\x08\x00secret".to_vec()),
        ("空.pdf", Vec::new()),
    ] {
        let refused = by_applicant(&case, part(name, bytes)).await;
        assert_eq!(refused.fault(), (415, "file_type_refused", "file"), "{name}");
        assert!(!refused.json["detail"].as_str().unwrap().is_empty(), "{name}");
    }
    let key = Uuid::now_v7().to_string();
    let refused = by_clerk(&case, "other", part("材料.pdf", program), &key).await;
    assert_eq!(refused.refusal(), (415, "file_type_refused"));
    assert_eq!((stored(&app), added(&case).await), (Vec::new(), Vec::new()));
}

async fn a_file_that_is_too_long_is_refused_and_leaves_nothing(app: TestApp) {
    let case = Case::filed(&app).await;
    let limit = 20 * MEBIBYTE;
    for length in [limit + 1, limit + 5 * MEBIBYTE] {
        let mut bytes = PDF.to_vec();
        bytes.resize(length, b'.');

        let refused = by_applicant(&case, part("过大.pdf", bytes)).await;

        assert_eq!(refused.fault(), (413, "file_too_large", "file"), "{length}");
        assert!(refused.json["detail"].as_str().unwrap().contains("20MB"), "{}", refused.json);
    }
    assert_eq!((stored(&app), added(&case).await), (Vec::new(), Vec::new()));
    let mut bytes = PDF.to_vec();
    bytes.resize(limit, b'.');
    by_applicant(&case, part("正好.pdf", bytes)).await.expect(201);
}

async fn an_upload_that_breaks_off_leaves_nothing(app: TestApp) {
    let case = Case::filed(&app).await;
    let address = app.url.trim_start_matches("http://").to_owned();
    let mut client = TcpStream::connect(&address).await.unwrap();
    let fields = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n{}\r\n\
         --cut\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n{}\r\n\
         --cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n",
        case.number, case.code
    );
    let head = "POST /api/v1/tracking/files HTTP/1.1\r\nHost: test\r\nIdempotency-Key: breaks-off\r\n\
         Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: 20000000\r\n\r\n";
    client.write_all(format!("{head}{fields}").as_bytes()).await.unwrap();
    client.write_all(PDF).await.unwrap();
    // More than one part of the store has come, so that there is something to leave behind.
    client.write_all(&vec![b'.'; 11 * MEBIBYTE]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;

    drop(client);

    let mut left = stored(&app);
    for _ in 0..50 {
        if left.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = stored(&app);
    }
    assert_eq!((left, added(&case).await), (Vec::new(), Vec::new()));
}

async fn an_upload_without_its_fields_is_refused_with_the_field(app: TestApp) {
    let case = Case::filed(&app).await;
    let (anon, path) = (app.anon(), "/api/v1/tracking/files");
    let file = || part("材料.pdf", PDF);
    let ticket =
        |code: &str| Form::new().text("number", case.number.clone()).text("code", code.to_owned());

    let without = send(&anon, path, Form::new().part("file", file()), "without-a-number").await;
    assert_eq!(without.fault(), (400, "required", "number"));
    let nothing = send(&anon, path, ticket(&case.code), "without-a-file").await;
    assert_eq!(nothing.fault(), (400, "required", "file"));
    let wrong = send(&anon, path, ticket("0000-0000").part("file", file()), "wrong-code").await;
    assert_eq!(wrong.refusal(), (404, "not_found"));
    let key = Uuid::now_v7().to_string();
    let unknown = by_clerk(&case, "souvenir", file(), &key).await;
    assert_eq!(unknown.fault(), (400, "unknown_value", "purpose"));
    let bare = anon.send(anon.request(Method::POST, path).multipart(ticket(&case.code))).await;
    assert_eq!(bare.fault(), (400, "idempotency_key_missing", "Idempotency-Key"));
    assert_eq!((stored(&app), added(&case).await), (Vec::new(), Vec::new()));
}

async fn the_same_upload_twice_is_one_file(app: TestApp) {
    let (case, other) = (Case::filed(&app).await, Case::filed(&app).await);
    let key = "the-slip-sent-twice";
    let first = by_clerk(&case, "service_evidence", part("回执.pdf", PDF), key).await.expect(201);
    let again = by_clerk(&case, "service_evidence", part("回执.pdf", PDF), key).await.expect(201);

    assert_eq!(first.json, again.json);
    assert_eq!((stored(&app).len(), added(&case).await.len()), (1, 1));

    // The key stands for this file, this purpose, this request.
    let bytes = [PDF, b"more"].concat();
    let conflict = (409, "idempotency_key_reused");
    let changed = by_clerk(&case, "service_evidence", part("回执.pdf", bytes), key).await;
    assert_eq!(changed.refusal(), conflict);
    let purpose = by_clerk(&case, "other", part("回执.pdf", PDF), key).await;
    assert_eq!(purpose.refusal(), conflict);
    let elsewhere = by_clerk(&other, "service_evidence", part("回执.pdf", PDF), key).await;
    assert_eq!(elsewhere.refusal(), conflict);
    assert_eq!((stored(&app).len(), added(&other).await.len()), (1, 0));

    // The same of two applicants who happened on the same key.
    let upload = async |case: &Case<'_>| {
        let form = Form::new().text("number", case.number.clone()).text("code", case.code.clone());
        let form = form.part("file", part("材料.pdf", PDF));
        send(&app.anon(), "/api/v1/tracking/files", form, "a-common-key").await
    };
    upload(&case).await.expect(201);
    assert_eq!(upload(&other).await.refusal(), conflict);
}

async fn a_store_that_does_not_answer_is_told_as_something_that_passes(app: TestApp) {
    // Given a file on record, and then a store that is away
    let case = Case::filed(&app).await;
    let file = by_applicant(&case, part("材料.pdf", PDF)).await.expect(201).json;
    let (place, away) = (app.folder.path().join("files"), app.folder.path().join("away"));
    std::fs::rename(&place, &away).unwrap();
    std::fs::write(&place, "in the way").unwrap();

    // When somebody reads or sends a file
    let officer = app.officer().await;
    let read = officer.get(&format!("/api/v1/files/{}", file["id"].as_str().unwrap())).await;
    let key = Uuid::now_v7().to_string();
    let sent = by_clerk(&case, "other", part("回执.pdf", PDF), &key).await;

    // Then they hear when to come back, and nothing was recorded
    for reply in [read, sent] {
        assert_eq!(reply.refusal(), (503, "storage_unavailable"));
        assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
        assert!(!reply.json.to_string().contains("files/"), "{}", reply.json);
    }
    assert_eq!(added(&case).await.len(), 1);
    // Verification tells what it cannot read instead of giving up.
    let faults = app.app.verify(true).await.unwrap().faults.join("\n");
    assert!(faults.contains("文件无法读取") && faults.contains("文件存储无法列出"), "{faults}");

    // And when the store is back, the same upload goes through
    std::fs::remove_file(&place).unwrap();
    std::fs::rename(&away, &place).unwrap();
    by_clerk(&case, "other", part("回执.pdf", PDF), &key).await.expect(201);
}

#[test]
fn the_longest_length_of_a_file_is_told_in_a_unit_that_fits() {
    for (limit, told) in [(20 << 20, "20MB"), (1536 << 10, "1536KB"), (1 << 10, "1KB")] {
        let error = AppError::from(StorageError::TooLarge { limit });
        assert!(error.to_string().contains(told), "{error}");
    }
}

async fn an_applicant_cannot_fill_the_store_with_files(app: TestApp) {
    let case = Case::filed(&app).await;
    for n in 0..30 {
        by_applicant(&case, part(&format!("{n}.pdf"), PDF)).await.expect(201);
    }

    let refused = by_applicant(&case, part("31.pdf", PDF)).await;

    assert_eq!(refused.fault(), (422, "too_many_files", "file"));
    assert!(refused.json["detail"].as_str().unwrap().contains("30个附件"));
    assert_eq!((stored(&app).len(), added(&case).await.len()), (30, 30));
    // the agency's own evidence is another matter
    let key = Uuid::now_v7().to_string();
    by_clerk(&case, "service_evidence", part("回执.pdf", PDF), &key).await.expect(201);
}

#[test]
fn a_file_that_takes_too_long_is_taken_no_further() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let hasty = [("GONGKAI_UPLOAD_SECONDS", "1")];
        let app = TestApp::spawn_set(Backend::Sqlite, &hasty, |config| config).await.unwrap();
        let case = Case::filed(&app).await;
        let drops = futures_util::stream::unfold(0u8, |n| async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let piece = if n == 0 { PDF.to_vec() } else { vec![b'.'; 100] };
            (n < 50).then_some((Ok::<_, std::io::Error>(piece), n + 1))
        });
        let file = Part::stream(reqwest::Body::wrap_stream(drops)).file_name("a.pdf");

        let refused = by_applicant(&case, file).await;

        assert_eq!(refused.fault(), (422, "upload_broken_off", "file"));
        assert!(refused.json["detail"].as_str().unwrap().contains("时间过长"));
        assert!(stored(&app).is_empty() && added(&case).await.is_empty());
    });
}
