//! What a citizen does on the page of their request: reasons, fee, supplied files.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::{Fields, fill, post, send};
use crate::support::cases::{By, Case, g2};
use crate::support::made_files::PLAIN_PDF;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    reasons_are_given_without_losing_a_word,
    a_fee_is_told_with_its_last_day_and_a_supplied_file_is_fetched,
);

async fn reasons_are_given_without_losing_a_word(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-14", "until": "2026-09-30" });
    case.does(By::Officer, ask).await;
    // The page asks, and says until when.
    let seen = post(&app, "/track", &ticket(&case)).await;
    let text = seen.expect(200).page.main();
    assert!(text.contains("请于2026年9月30日（周三）前（含当日）提交"), "{text}");
    assert!(seen.page.id("correction").is_none());
    let form = seen.page.form("/track/reasons");
    let empty = post(&app, "/track/reasons", &form).await;
    assert_eq!(empty.expect(422).page.text_of("text-fault"), "有误：请填写申请人说明的理由");
    // A character no notice could print: what was written stays.
    let bad = fill(form.clone(), &[("text", "课题\n研究\u{7}")]);
    let seen = post(&app, "/track/reasons", &bad).await;
    assert!(seen.expect(422).page.form("/track/reasons")["text"].starts_with("课题\n研究"));
    let typed = fill(seen.page.form("/track/reasons"), &[("text", "课题研究需要")]);
    // Sent twice it counts once, and the field is free for more.
    for _ in 0..2 {
        let seen = post(&app, "/track/reasons", &typed).await;
        let text = seen.expect(200).page.main();
        assert!(text.contains("您说明的理由已经提交") && text.contains("还可以补充"), "{text}");
        assert_eq!(seen.page.form("/track/reasons")["text"], "");
        assert!(seen.page.id("kept").is_none());
    }
    let given = case.ledger().await;
    assert_eq!(given.iter().filter(|entry| entry["kind"] == "reasons_received").count(), 1);
    // Judged while somebody writes: there is no form any more, but the words are.
    let form = post(&app, "/track", &ticket(&case)).await.page.form("/track/reasons");
    let judge =
        json!({ "action": "judge_reasons", "on": "2026-09-14", "accepted": true, "why": "合理" });
    case.does(By::Officer, judge).await;
    let seen = post(&app, "/track/reasons", &fill(form, &[("text", "写了很久")])).await;
    assert_eq!(seen.expect(422).page.text_of("kept-text"), "写了很久");
    assert!(seen.page.id("reasons").is_none());
}

async fn a_fee_is_told_with_its_last_day_and_a_supplied_file_is_fetched(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let fee = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "pages", "amount_fen": 1000,
        "pages": 31, "why": "数量明显超过合理范围"
    });
    case.does(By::Officer, fee).await;
    let text = post(&app, "/track", &ticket(&case)).await.expect(200).page.main();
    assert!(text.contains("10元，缴费期限自您收到收费通知的次日起算"), "{text}");
    assert!(text.contains("现在还不能确定：等待您缴费"), "{text}");
    let served = json!({ "action": "record_fee_service", "on": "2026-09-14", "proof": "当面签收" });
    case.does(By::Officer, served).await;
    let text = post(&app, "/track", &ticket(&case)).await.expect(200).page.main();
    assert!(text.contains("10元，请于2026年10月"), "{text}");
    let paid = json!({
        "action": "record_payment", "on": "2026-09-14", "amount_fen": 1000, "proof": "缴款书"
    });
    case.does(By::Officer, paid).await;
    // The reply with its file.
    let file = Part::bytes(PLAIN_PDF).file_name("分配表.pdf");
    let upload = Form::new().text("purpose", "supplied").part("file", file);
    let officer = app.officer().await;
    let request = officer
        .request(Method::POST, &case.path("/files"))
        .header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
    officer.send(request.multipart(upload)).await.expect(201);
    let review = json!({
        "action": "review_release", "items": [], "finding": "releasable", "opinion": "不涉密",
        "third_party": "not_concerned", "personal_data": "not_concerned"
    });
    case.does(By::Head, review).await;
    let notice = case.issued(&g2()).await["id"].as_str().unwrap().to_owned();
    let seen = post(&app, "/track", &ticket(&case)).await;
    assert!(seen.expect(200).page.id("supplied").is_none(), "before the reply has left");
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    let seen = post(&app, "/track", &ticket(&case)).await;
    let form = seen.expect(200).page.form("/track/supplied");
    let reply = send(&app, "/track/supplied", &form, &[]).await.expect(200);
    assert_eq!(reply.bytes, PLAIN_PDF);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    // What the agency withholds is a page, not a file.
    let none = fill(form, &[("id", &uuid::Uuid::now_v7().to_string())]);
    let seen = post(&app, "/track/supplied", &none).await;
    assert!(seen.expect(404).page.main().contains("没有找到该文件"));
}

fn ticket(case: &Case<'_>) -> Fields {
    [("number".to_owned(), case.number.clone()), ("code".to_owned(), case.code.clone())].into()
}
