//! The main job through the public door: a request from its filing to the archive, on both
//! databases, every date right to the day, every document readable.

mod intake;
mod replies;
mod service;
mod vectors;

use std::process::Command;

use gongkai::jobs;
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, g2, pdf_text, sha256};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(a_request_lives_its_ordinary_life_from_the_form_to_the_archive);

const REMEDY: &str = "如不服本答复，可以自收到本答复之日起60日内向青云县人民政府申请行政复议，\
                      或者自知道或者应当知道之日起6个月内向青云县人民法院提起行政诉讼。";

async fn a_request_lives_its_ordinary_life_from_the_form_to_the_archive(app: TestApp) {
    // Given a citizen who files online and has a receipt in hand
    app.set_today("2026-09-14");
    let case = Case::filed(&app).await;
    filed_with_a_receipt(&case).await;

    // When a correction is asked for, it comes, and the limit starts anew
    corrected(&case).await;

    // And the search takes longer, so that the head consents to an extension
    extended(&case).await;

    // And the reply is drafted, sent back, approved by somebody else, and issued
    let reply = replied(&case).await;

    // And it is posted, signed for, closed and filed away
    served_and_archived(&case, reply["id"].as_str().unwrap()).await;

    // Then the ledger tells all of it, day by day
    assert_eq!(case.story().await, STORY);
    let supervisor = app.supervisor().await;
    let seen = supervisor.get(&case.path("/events")).await.expect(200).json;
    assert_eq!(seen, json!(case.ledger().await));

    // And every notice was mailed once with its document, except the reply, which went by post
    mails(&case).await;

    // And nothing in the record contradicts anything else, down to the bytes
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!((report.requests, report.files), (1, 8));
}

const STORY: [&str; 25] = [
    "2026-09-14 filed",
    "2026-09-14 received",
    "2026-09-14 notice_issued",
    "2026-09-15 assigned",
    "2026-09-22 correction_requested",
    "2026-09-22 notice_issued",
    "2026-09-30 correction_received",
    "2026-10-08 examination_passed",
    "2026-10-09 release_reviewed",
    "2026-10-30 extension_asked",
    "2026-11-02 extension_consented",
    "2026-11-02 extended",
    "2026-11-02 notice_issued",
    "2026-11-02 notice_dispatched",
    "2026-11-02 notice_served",
    "2026-11-05 draft_submitted",
    "2026-11-05 draft_returned",
    "2026-11-05 draft_submitted",
    "2026-11-05 draft_approved",
    "2026-11-06 issued",
    "2026-11-06 dispatched",
    "2026-11-06 replied",
    "2026-11-09 served",
    "2026-11-10 closed",
    "2026-11-11 archived",
];

async fn filed_with_a_receipt(case: &Case<'_>) {
    let filed = &case.filed;
    assert_eq!(filed["number"], "202600100001");
    assert_eq!(filed["state"], "registered");
    assert_eq!(filed["received_on"], "2026-09-14");
    assert_eq!((&filed["due_on"], &filed["provisional"]), (&json!("2026-10-16"), &json!(false)));
    assert_eq!(filed["warnings"], json!([]));
    let track = case.track().await;
    assert_eq!(track["due_on"], "2026-10-16");
    assert_eq!(track["documents"][0]["id"], filed["receipt"]);

    // The citizen downloads it with number and code; it says all they need.
    let path = format!("/api/v1/tracking/documents/{}", filed["receipt"].as_str().unwrap());
    let receipt = case.app.anon().send_json(&path, &case.ticket()).await.expect(200);
    assert_eq!(receipt.header("content-type"), "application/pdf");
    assert!(receipt.header("content-disposition").starts_with("attachment"));
    assert_says(
        &pdf_text(&receipt.bytes),
        &[
            "政府信息公开申请接受回执",
            "王小明",
            "202600100001",
            &case.code,
            "2026年9月14日",
            "2026年10月16日",
            "☑在线",
            "20个工作日内依法告知",
            "申请人签名",
        ],
    );
}

async fn corrected(case: &Case<'_>) {
    let app = case.app;
    app.set_today("2026-09-15");
    assert_eq!(case.assigned().await["state"], "examining");
    // The last of the seven working days.
    app.set_today("2026-09-22");
    let view = case
        .does(
            By::Officer,
            json!({
                "action": "ask_correction", "on": "2026-09-22", "until": "2026-10-12",
                "defects": [
                    { "kind": "content", "guidance": "请写明所需信息涉及的社区" },
                    { "kind": "identity", "guidance": "居民身份证复印件" }
                ]
            }),
        )
        .await;
    assert_eq!(view["state"], "correction_pending");
    assert_eq!(view["due_on"], Value::Null);
    assert_eq!(view["defects"], json!([]));
    let notice = case.notice("correction").await;
    assert_eq!(notice["number"], "青财依告〔2026〕第1号");
    assert_says(
        &case.pdf(&notice).await,
        &[
            "青财依告〔2026〕第1号",
            "☑申请公开的内容不明确",
            "请写明所需信息涉及的社区",
            "☑缺少身份证明等材料",
            "☐缺少申请书",
            "2026年10月12日前（含当日）",
            "视为放弃申请",
        ],
    );
    let track = case.track().await;
    assert_eq!(track["correct_until"], "2026-10-12");
    assert_eq!(track["may_correct"], true);

    app.set_today("2026-09-30");
    let told = case.applicant("correction", json!({ "text": "城北、城南两个社区" })).await;
    let told = told.expect(200).json;
    // A new full limit from the day of the correction: over the National Day holidays.
    assert_eq!(told["due_on"], "2026-11-03");
    assert_eq!((&told["may_correct"], &told["correct_until"]), (&json!(false), &Value::Null));
    app.set_today("2026-10-08");
    let view = case.does(By::Officer, json!({ "action": "pass_examination" })).await;
    assert_eq!((&view["state"], &view["due_on"]), (&json!("processing"), &json!("2026-11-03")));
    app.set_today("2026-10-09");
    case.reviewed().await;
}

async fn extended(case: &Case<'_>) {
    let app = case.app;
    app.set_today("2026-10-30");
    let ask = json!({
        "action": "ask_extension", "working_days": 20, "reason": "需要逐卷检索三个年度的档案"
    });
    let view = case.does(By::Officer, ask).await;
    assert_eq!(
        (&view["state"], &view["due_on"]),
        (&json!("extension_pending"), &json!("2026-11-03"))
    );
    app.set_today("2026-11-02");
    // Not before the head consented, and the officer is not the head.
    let told = json!({ "action": "tell_extension", "on": "2026-11-02" });
    let early = case.act(By::Officer, told.clone()).await;
    assert_eq!(early.refusal(), (422, "extension_consent_missing"));
    assert!(early.json["article"].as_str().unwrap().contains("第三十三条"));
    let consent = json!({ "action": "consent_extension" });
    assert_eq!(case.act(By::Officer, consent.clone()).await.refusal(), (403, "forbidden"));
    case.does(By::Head, consent).await;
    let view = case.does(By::Officer, told).await;
    assert_eq!((&view["state"], &view["due_on"]), (&json!("processing"), &json!("2026-12-01")));
    let notice = case.notice("extension").await;
    assert_eq!(notice["number"], "青财依延〔2026〕第1号");
    assert_says(
        &case.pdf(&notice).await,
        &[
            "青财依延〔2026〕第1号",
            "因需要逐卷检索三个年度的档案，",
            "延长期限为20个工作日",
            "将于2026年12月1日前（含当日）答复您",
        ],
    );
    case.handed_over("extension", "2026-11-02").await;
}

async fn replied(case: &Case<'_>) -> Value {
    let app = case.app;
    app.set_today("2026-11-05");
    let mut content = g2();
    content["supply"] = json!("另行邮寄");
    let id = case.drafted(&content).await;
    case.step(By::Officer, &id, json!({ "step": "submit" })).await.expect(200);
    let why = json!({ "step": "return", "reason": "请写明提供的形式" });
    let returned = case.step(By::Head, &id, why).await.expect(200);
    assert_eq!(returned.json["return_reason"], "请写明提供的形式");
    let path = format!("/api/v1/notices/{id}");
    let officer = app.officer().await;
    officer.put(&path, returned.version(), &g2()).await.expect(200);
    let preview = officer.get(&format!("{path}/preview")).await.expect(200);
    let preview = pdf_text(&preview.bytes);
    assert_says(&preview, &[REMEDY]);
    assert!(!preview.contains("依复"), "a number before issue: {preview}");
    case.step(By::Officer, &id, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Head, &id, json!({ "step": "approve" })).await.expect(200);
    app.set_today("2026-11-06");
    let issued = case.step(By::Head, &id, json!({ "step": "issue" })).await.expect(200).json;
    assert_eq!(issued["number"], "青财依复〔2026〕第1号");
    assert_eq!(issued["issued_on"], "2026-11-06");
    read_reply(case, &issued).await;
    issued
}

/// Both files are those of the ledger, and say what a reply must say.
async fn read_reply(case: &Case<'_>, reply: &Value) {
    let said = [
        "青财依复〔2026〕第1号",
        "王小明",
        "2026年9月14日",
        "202600100001",
        "2025年度老旧小区改造补助资金分配表（共3页）",
        "第三十六条第二项、第四十条",
        "随本答复书一并寄送纸质复印件",
        REMEDY,
        "2026年11月6日",
    ];
    assert_says(&case.pdf(reply).await, &said);
    let id = reply["id"].as_str().unwrap();
    let head = case.app.head().await;
    let docx = head.get(&format!("/api/v1/notices/{id}/docx")).await.expect(200);
    assert_eq!(case.event_of("rendered", id).await["docx_sha256"], sha256(&docx.bytes));
    assert_says(&docx_text(&docx.bytes), &said);
    // The frozen text is the one of the ledger, too.
    let again = case.notice("reply").await;
    assert_eq!(again["content_sha256"], case.event_of("issued", id).await["content_sha256"]);
}

fn docx_text(docx: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::with_suffix(".docx").unwrap();
    std::io::Write::write_all(&mut file, docx).unwrap();
    let output = Command::new("docx2txt").arg(file.path()).arg("-").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect()
}

async fn served_and_archived(case: &Case<'_>, reply: &str) {
    let app = case.app;
    let sent = json!({
        "step": "sent", "on": "2026-11-06", "method": "ems", "tracking": "EA123456789CN"
    });
    let view = case.serve(reply, sent).await.expect(200).json;
    assert_eq!((&view["state"], &view["replied_on"]), (&json!("dispatched"), &json!("2026-11-06")));
    app.set_today("2026-11-09");
    let served = json!({ "step": "served", "on": "2026-11-09", "evidence": "回执联，本人签收" });
    let view = case.serve(reply, served).await.expect(200).json;
    assert_eq!((&view["state"], &view["served_on"]), (&json!("served"), &json!("2026-11-09")));
    app.set_today("2026-11-10");
    let view = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!((&view["outcome"], &view["closed_on"]), (&json!("G2"), &json!("2026-11-10")));
    app.set_today("2026-11-11");
    let archive = json!({
        "action": "archive", "volume": "2026-GK-001", "reason": "承办人继续跟踪救济期限"
    });
    let view = case.does(By::Officer, archive).await;
    assert_eq!((&view["state"], &view["open"]), (&json!("archived"), &json!(false)));
    assert_eq!(view["defects"], json!([]));
    let deliveries = app.clerk().await.get(&case.path("/deliveries")).await.expect(200).json;
    // The notice of the extension, and the reply
    let deliveries = deliveries.as_array().unwrap();
    assert_eq!(deliveries.len(), 2);
    let deliveries: Vec<_> =
        deliveries.iter().filter(|one| one["tracking_number"].is_string()).collect();
    assert_eq!(deliveries[0]["agency_completion_on"], "2026-11-06");
    assert_eq!(deliveries[0]["served_on"], "2026-11-09");
    assert_eq!(deliveries[0]["tracking_number"], "EA123456789CN");
}

async fn mails(case: &Case<'_>) {
    jobs::drain(&case.app.app).await.unwrap();
    let folder = case.app.folder.path().join("mail");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let raw: Vec<Vec<u8>> = files.map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(raw.len(), 3);
    for kind in ["receipt", "correction", "extension"] {
        let notice = case.notice(kind).await;
        let mail = raw
            .iter()
            .map(|raw| MessageParser::default().parse(raw).unwrap())
            .find(|mail| mail.subject().unwrap().starts_with(notice["title"].as_str().unwrap()))
            .unwrap();
        assert!(mail.subject().unwrap().contains("202600100001"));
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("applicant@example.cn"));
        let text = mail.body_text(0).unwrap();
        assert!(text.contains("https://gk.example.cn/track"), "{text}");
        assert_eq!(text.contains(&case.code), kind == "receipt", "{text}");
        let attachment = mail.attachments().next().unwrap();
        assert!(attachment.attachment_name().unwrap().ends_with(".pdf"));
        assert_eq!(notice["pdf_sha256"], sha256(attachment.contents()), "{kind}");
    }
}
