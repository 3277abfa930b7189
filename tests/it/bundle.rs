//! The bundle of a case: what a stranger can do with it alone, who may have it, and what it says of
//! files that are lost.

mod hostile;
mod tampering;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gongkai::app::bundle::check::{BundleReport, verify_bundle};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use uuid::Uuid;
use zip::ZipArchive;

use crate::support::cases::{By, Case, assert_says, g2, pdf_text, sha256};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_stranger_rebuilds_the_case_from_its_bundle_alone,
    the_same_case_gives_the_same_bytes,
    the_agency_itself_checks_the_seals_too,
    what_is_lost_or_spoilt_on_disk_is_named_in_the_bundle,
    what_was_not_cleared_for_release_does_not_leave_as_evidence,
    the_officer_of_the_case_heads_and_supervisors_get_it_and_nobody_else,
    an_export_is_on_record_with_its_purpose_and_what_it_opened,
    the_operator_exports_beside_the_running_server_and_overwrites_nothing,
    the_volume_holds_its_table_of_contents_and_remarks,
    a_case_of_many_files_is_exported_and_checked_whole,
    a_signed_in_applicants_text_cannot_become_a_page,
);

/// A case that was extended, replied to and served, with a file of each side.
pub async fn served(app: &TestApp) -> Case<'_> {
    let case = Case::in_processing(app).await;
    attached(&case, "受理现场.jpg", b"\xFF\xD8\xFF\xE0 not much of a picture", "receipt_evidence")
        .await;
    app.set_today("2026-09-21");
    let ask = json!({ "action": "ask_extension", "working_days": 20, "reason": "需要逐卷检索" });
    case.does(By::Officer, ask).await;
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    case.does(By::Officer, json!({ "action": "tell_extension", "on": "2026-09-21" })).await;
    case.handed_over("extension", "2026-09-21").await;
    case.reviewed().await;
    app.set_today("2026-09-28");
    let reply = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({
        "step": "sent", "on": "2026-09-28", "method": "ems", "tracking": "1234567890123",
        "evidence": "邮政回执"
    });
    case.serve(&reply, sent).await.expect(200);
    app.set_today("2026-09-30");
    case.serve(&reply, json!({ "step": "served", "on": "2026-09-30", "evidence": "邮政回执", "slip": { "receiver": "王小明" } })).await.expect(200);
    case
}

pub async fn attached(case: &Case<'_>, name: &str, bytes: &[u8], purpose: &str) -> Value {
    let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let form = Form::new().text("purpose", purpose.to_owned()).part("file", file);
    let officer = case.app.officer().await;
    let request = officer.request(Method::POST, &case.path("/files"));
    let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
    officer.send(request.multipart(form)).await.expect(201).json
}

pub async fn asked(case: &Case<'_>, who: &Client, form: &str) -> Reply {
    let order = json!({ "form": form, "purpose": "（2026）青复12号行政复议答复" });
    who.post(&case.path("/bundle"), &order).await
}

pub async fn exported(case: &Case<'_>) -> Vec<u8> {
    let reply = asked(case, &case.app.officer().await, "evidence").await.expect(200);
    assert_eq!(reply.header("content-type"), "application/zip");
    reply.bytes
}

/// A file of the bundle.
pub fn member(bundle: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(std::io::Cursor::new(bundle)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

pub fn json_of(bundle: &[u8], name: &str) -> Value {
    serde_json::from_slice(&member(bundle, name)).unwrap()
}

pub fn report(bundle: &[u8]) -> BundleReport {
    verify_bundle(std::io::Cursor::new(bundle), None).unwrap()
}

/// The real program, without settings, database or network, in an empty folder.
fn stranger(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(args)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

async fn a_stranger_rebuilds_the_case_from_its_bundle_alone(app: TestApp) {
    let case = served(&app).await;
    let view = case.view().await;
    let bundle = exported(&case).await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("bundle.zip", &bundle);
    for name in ["calendar.csv", "clock.json"] {
        write(name, &member(&bundle, name));
    }

    // The whole is sound
    let checked = stranger(folder.path(), &["verify", "--bundle", "bundle.zip"], b"");
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    assert_says(&said(&checked), &["全部一致", &case.number, "青云县财政局"]);
    assert!(!folder.path().join("data").exists(), "nothing was made for the check");

    // The last day follows from the question and the calendar inside
    let question = member(&bundle, "clock.json");
    let answered = stranger(folder.path(), &["clock", "--calendar", "calendar.csv"], &question);
    let answer: Value = serde_json::from_str(&said(&answered)).unwrap();
    assert_eq!(answer, json_of(&bundle, "clock-answer.json"));
    assert_eq!(answer["due_on"], view["due_on"]);
    assert!(answer["due_on"].is_string());

    // Who did what when, entry by entry as the ledger has it
    let ledger = case.ledger().await;
    let acts = json_of(&bundle, "chronology.json");
    assert_eq!(acts.as_array().unwrap().len(), ledger.len());
    for (act, entry) in acts.as_array().unwrap().iter().zip(&ledger) {
        assert_eq!((&act["on"], &act["who"]), (&entry["on"], &entry["actor"]));
        assert!(!act["act"].as_str().unwrap().is_empty());
    }
    let page = String::from_utf8(member(&bundle, "index.html")).unwrap();
    assert_says(
        &page,
        &[
            "王小明",
            "2025年度老旧小区改造补助资金分配表",
            "告知申请人延长答复期限",
            "需要逐卷检索",
            "测试officer",
            "邮件号码：1234567890123",
            "送达方式：EMS",
            view["due_on"].as_str().unwrap(),
        ],
    );
    assert!(!page.contains("测试clerk 测试"), "names are not doubled");

    // Every document is there, numbered, with pages, source and what it proves
    let evidence = json_of(&bundle, "evidence.json");
    let list = evidence.as_array().unwrap();
    assert_eq!(
        list.iter().map(|e| e["no"].as_u64().unwrap()).collect::<Vec<_>>(),
        (1..=5).collect::<Vec<_>>()
    );
    let reply = list.iter().find(|e| e["title"] == "政府信息公开申请答复书").unwrap();
    assert!(reply["pages"].as_u64().unwrap() >= 1, "{reply}");
    assert_says(reply["proves"].as_str().unwrap(), &["条例第三十六条"]);
    let pdf =
        reply["files"].as_array().unwrap().iter().find(|f| f.as_str().unwrap().ends_with(".pdf"));
    let pdf = member(&bundle, pdf.unwrap().as_str().unwrap());
    assert_says(&pdf_text(&pdf), &[reply["number"].as_str().unwrap()]);
    let catalogue = pdf_text(&member(&bundle, "catalogue.pdf"));
    assert_says(&catalogue, &["证据目录", "受理现场.jpg", "证明目的", "来源"]);
}

async fn the_same_case_gives_the_same_bytes(app: TestApp) {
    let case = served(&app).await;
    let first = exported(&case).await;
    app.set_today("2026-10-20");
    let head = app.head().await;
    let second = asked(&case, &head, "evidence").await.expect(200).bytes;
    assert_eq!(sha256(&first), sha256(&second));
}

async fn the_agency_itself_checks_the_seals_too(app: TestApp) {
    let case = served(&app).await;
    let bundle = exported(&case).await;
    let read =
        |bundle: &[u8], keys| verify_bundle(std::io::Cursor::new(bundle), Some(keys)).unwrap();

    let own = read(&bundle, &app.app.keys);
    assert_eq!(own.faults, Vec::<String>::new());
    assert!(own.seals);

    let foreign = gongkai::keys::Keys::from_secret(&[9; 32]);
    let faults = read(&bundle, &foreign).faults;
    assert_says(
        &faults.join("\n"),
        &["台账第1条记录的封印不是本系统所加", "manifest.json）的封印"],
    );

    // The same at the command line, with the settings of the installation
    let path = app.folder.path().join("bundle.zip");
    std::fs::write(&path, &bundle).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["verify", "--seals", "--bundle"])
        .arg(&path)
        .env_clear()
        .env("GONGKAI_DATA_DIR", app.folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!said(&output).contains("没有核对封印"), "{}", said(&output));
}

async fn what_is_lost_or_spoilt_on_disk_is_named_in_the_bundle(app: TestApp) {
    let case = served(&app).await;
    attached(&case, "录音.pdf", b"%PDF-1.7 spoilt later", "other").await;
    let id = Uuid::parse_str(&case.id).unwrap();
    let rows =
        app.app.store.read(move |conn| gongkai::db::files::of_request(conn, id)).await.unwrap();
    let path = |n: usize| app.folder.path().join("files").join(&rows[n].storage_key);
    std::fs::remove_file(path(0)).unwrap();
    std::fs::write(path(1), b"something else").unwrap();

    let bundle = exported(&case).await;

    let report = report(&bundle);
    assert_eq!(report.faults, Vec::<String>::new());
    assert_says(
        &report.missing.join("\n"),
        &["受理现场.jpg：文件在存储中不见了", "录音.pdf：文件内容与登记时的摘要不符"],
    );
    let catalogue = pdf_text(&member(&bundle, "catalogue.pdf"));
    assert_says(&catalogue, &["没有随本目录提交", "录音.pdf"]);
    let page = String::from_utf8(member(&bundle, "index.html")).unwrap();
    assert_says(&page, &["未收入：文件在存储中不见了"]);
}

async fn what_was_not_cleared_for_release_does_not_leave_as_evidence(app: TestApp) {
    let case = served(&app).await;
    let secret = attached(&case, "未审查.pdf", b"%PDF-1.7 not reviewed", "supplied").await;

    let evidence = exported(&case).await;
    assert_says(&report(&evidence).missing.join("\n"), &["未审查.pdf：尚未经过保密审查"]);
    assert_eq!(report(&evidence).faults, Vec::<String>::new());
    let marker = b"not reviewed";
    assert!(!evidence.windows(marker.len()).any(|bytes| bytes == marker));

    // The archive keeps it
    let volume = asked(&case, &app.head().await, "volume").await.expect(200).bytes;
    assert_eq!(report(&volume).missing, Vec::<String>::new());
    assert!(volume.windows(marker.len()).any(|bytes| bytes == marker), "{secret}");
}

async fn the_officer_of_the_case_heads_and_supervisors_get_it_and_nobody_else(app: TestApp) {
    let case = served(&app).await;
    let other = app.signed_in("officer2", &["officer"], Some(app.agency)).await;
    let foreign = app.signed_in("head2", &["head"], Some(app.other_agency)).await;
    for (who, status) in [
        (app.clerk().await, 403),
        (app.reviewer().await, 403),
        (app.admin().await, 403),
        (other, 403),
        (foreign, 404),
        (app.anon(), 401),
    ] {
        assert_eq!(asked(&case, &who, "evidence").await.status, status);
        assert_eq!(who.get(&case.path("/bundle")).await.status, status);
    }
    let number = b"11010519491231002X";
    let holds = |bundle: &[u8]| {
        member(bundle, "application.json").windows(number.len()).any(|w| w == number)
    };

    assert!(holds(&exported(&case).await));
    let head = app.head().await;
    assert!(holds(&asked(&case, &head, "evidence").await.expect(200).bytes));
    let plan = head.get(&case.path("/bundle")).await.expect(200).json;
    assert_says(&plan["opens"].to_string(), &["申请人证件号码", "联系电话"]);

    // Supervisors see every case, but no personal data
    let supervisor = app.supervisor().await;
    let masked = asked(&case, &supervisor, "evidence").await.expect(200).bytes;
    assert!(!holds(&masked));
    assert_eq!(report(&masked).faults, Vec::<String>::new());
    assert_eq!(supervisor.get(&case.path("/bundle")).await.expect(200).json["opens"], json!([]));
}

async fn an_export_is_on_record_with_its_purpose_and_what_it_opened(app: TestApp) {
    let case = served(&app).await;
    let officer = app.officer().await;
    let bare = officer.post(&case.path("/bundle"), &json!({ "purpose": " " })).await;
    assert_eq!(bare.fault(), (422, "invalid_input", "purpose"));
    let order = json!({ "purpose": "（2026）青行初3号" });
    let key = Uuid::now_v7().to_string();
    for _ in 0..2 {
        officer.post_once(&case.path("/bundle"), &order, &key).await.expect(200);
    }

    let openings = app.head().await.get(&case.path("/personal-data")).await.expect(200).json;
    let openings = openings.as_array().unwrap();
    let of_number = openings.iter().filter(|o| o["field"] == "identity_number").collect::<Vec<_>>();
    assert_eq!(of_number.len(), 1, "sent twice, recorded once: {openings:?}");
    assert_says(of_number[0]["purpose"].as_str().unwrap(), &["证据材料", "（2026）青行初3号"]);
    let id = Uuid::parse_str(&case.id).unwrap();
    let filter = gongkai::db::audit::AuditFilter { object_id: Some(id), ..Default::default() };
    let rows = app
        .app
        .store
        .read(move |conn| gongkai::db::audit::page(conn, &filter, None, 100))
        .await
        .unwrap();
    let export = rows.iter().find(|row| row.action == "bundle.export").unwrap();
    assert_eq!(export.detail["purpose"], "（2026）青行初3号");
    assert_says(&export.actor_label, &["测试officer"]);
}

async fn the_volume_holds_its_table_of_contents_and_remarks(app: TestApp) {
    let case = served(&app).await;
    let volume = asked(&case, &app.head().await, "volume").await.expect(200).bytes;
    assert_eq!(report(&volume).faults, Vec::<String>::new());
    let contents = pdf_text(&member(&volume, "volume-contents.pdf"));
    assert_says(&contents, &["卷内目录", "政府信息公开申请答复书", &case.number]);
    let remarks = pdf_text(&member(&volume, "volume-remarks.pdf"));
    assert_says(&remarks, &["卷内备考表", "材料件数", "5件", "没有缺件"]);
    for name in ["catalogue.pdf", "volume-contents.pdf"] {
        assert_says(&String::from_utf8_lossy(&member(&volume, name)), &["pdfaid:part>2"]);
    }
}

async fn a_case_of_many_files_is_exported_and_checked_whole(app: TestApp) {
    let case = Case::in_processing(&app).await;
    for n in 0..500 {
        let bytes =
            format!("%PDF-1.7 /Type /Page /Type /Pages /Type/Page {n} {}", "x".repeat(20_000));
        attached(&case, &format!("材料{n}.pdf"), bytes.as_bytes(), "other").await;
    }
    let bundle = exported(&case).await;
    let report = report(&bundle);
    assert_eq!((report.faults, report.missing), (vec![], vec![]));
    let evidence = json_of(&bundle, "evidence.json");
    let added = evidence
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["title"].as_str().unwrap().starts_with("材料"));
    let pages: Vec<u64> = added.map(|e| e["pages"].as_u64().unwrap()).collect();
    assert_eq!(pages, vec![2; 500]);
}

async fn a_signed_in_applicants_text_cannot_become_a_page(app: TestApp) {
    let case = Case::filed_with(&app, |form| {
        form["title"] = json!("<script>alert(1)</script>\u{1F600}");
    })
    .await;
    case.assigned().await;
    let bundle = exported(&case).await;
    let page = String::from_utf8(member(&bundle, "index.html")).unwrap();
    assert!(!page.contains("<script>"), "{page}");
    assert_says(&page, &["&lt;script&gt;"]);
    assert_eq!(report(&bundle).faults, Vec::<String>::new());
}

async fn the_operator_exports_beside_the_running_server_and_overwrites_nothing(app: TestApp) {
    let case = served(&app).await;
    let path = app.folder.path().join("out.zip");
    let export = |number: &str| {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["bundle", "export", number, "--purpose", "（2026）青行初3号", "--out"])
            .arg(&path)
            .current_dir(crate::support::repository())
            .env_clear()
            .env("GONGKAI_DATA_DIR", app.folder.path())
            .env("GONGKAI_DATABASE_URL", app.database_url())
            .output()
            .unwrap()
    };
    let unknown = export("202699999999");
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert!(!path.exists());

    let done = export(&case.number);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let bundle = std::fs::read(&path).unwrap();
    assert_eq!(report(&bundle).faults, Vec::<String>::new());
    assert_eq!(sha256(&bundle), sha256(&exported(&case).await));

    let again = export(&case.number);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    assert_eq!(sha256(&std::fs::read(&path).unwrap()), sha256(&bundle));
}
