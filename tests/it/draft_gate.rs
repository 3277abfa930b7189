//! The gate before approval: what is wrong with a draft although every field is filled in.

use gongkai::domain::old_law;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1, u2};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_late_reply_is_answered_for_before_it_is_submitted,
    a_rule_that_has_passed_away_is_found_and_may_stand_for_a_reason,
    a_blank_of_a_form_never_goes_out,
    reasons_under_another_article_than_the_outcomes_are_found,
);

/// Drafts a reply and tries to submit it.
async fn submitted(case: &Case<'_>, notice: &str) -> crate::support::client::Reply {
    case.step(By::Officer, notice, json!({ "step": "submit" })).await
}

async fn findings(case: &Case<'_>, notice: &str) -> Vec<Value> {
    let path = format!("/api/v1/notices/{notice}/findings");
    let found = case.app.head().await.get(&path).await.expect(200).json;
    found.as_array().unwrap().clone()
}

fn acknowledge(finding: &Value, reason: &str) -> Value {
    json!({
        "action": "acknowledge_finding", "finding": finding["kind"], "excerpt": finding["excerpt"],
        "reason": reason
    })
}

async fn a_late_reply_is_answered_for_before_it_is_submitted(app: TestApp) {
    // Given a reply that is drafted on its last day and submitted on the next working day
    let case = Case::in_processing(&app).await;
    app.set_today("2026-10-16");
    let notice = case.drafted(&g1()).await;
    assert_eq!(findings(&case, &notice).await, Vec::<Value>::new());
    app.set_today("2026-10-19");
    let refused = submitted(&case, &notice).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "on"));
    assert_eq!(refused.blamed(), ("on", "overdue"));
    assert!(refused.json.to_string().contains("2026年10月16日"), "{}", refused.json);

    // When the officer says why
    let late = findings(&case, &notice).await.pop().unwrap();
    assert_eq!((&late["blocks"], &late["acknowledged"]), (&json!(false), &Value::Null));
    let silent = case.act(By::Officer, acknowledge(&late, " ")).await;
    assert_eq!(silent.fault(), (422, "text_missing", "reason"));
    case.does(By::Officer, acknowledge(&late, "等待档案馆调卷")).await;

    // Then it goes on, and the approver reads who answered for it
    submitted(&case, &notice).await.expect(200);
    let late = findings(&case, &notice).await.pop().unwrap();
    assert_eq!(late["acknowledged"]["reason"], "等待档案馆调卷");
    assert_eq!(late["acknowledged"]["on"], "2026-10-19");
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_rule_that_has_passed_away_is_found_and_may_stand_for_a_reason(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut content = u2();
    content["reasons"] = json!("本机关应当在15个工作日内答复。您可以在三个月内向人民法院起诉。");
    let notice = case.drafted(&content).await;
    let refused = submitted(&case, &notice).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "reasons"));
    let found = findings(&case, &notice).await;
    let articles: Vec<_> = found.iter().map(|f| f["article"].as_str().unwrap()).collect();
    assert_eq!(articles, ["《政府信息公开条例》第三十三条第二款", "《行政诉讼法》第四十六条"]);
    // One that is answered for does not excuse the other, nor other words
    case.does(By::Officer, acknowledge(&found[0], "引用申请人原文")).await;
    submitted(&case, &notice).await.expect(422);
    case.does(By::Officer, acknowledge(&found[1], "引用申请人原文")).await;
    submitted(&case, &notice).await.expect(200);
}

async fn a_blank_of_a_form_never_goes_out(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut content = g1();
    content["place"] = json!("请登录____网站查阅");
    let notice = case.drafted(&content).await;
    assert_eq!(submitted(&case, &notice).await.fault(), (422, "invalid_input", "place"));
    let blank = findings(&case, &notice).await.pop().unwrap();
    assert_eq!(blank["blocks"], json!(true));
    let excused = case.act(By::Officer, acknowledge(&blank, "没关系")).await;
    assert_eq!(excused.fault(), (422, "finding_blocks", "finding"));
    submitted(&case, &notice).await.expect(422);
}

async fn reasons_under_another_article_than_the_outcomes_are_found(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let content = json!({
        "outcome": "N5", "items": ["人事任免讨论记录"],
        "reasons": "根据《中华人民共和国政府信息公开条例》第十五条、第三十六条第三项，不予公开。"
    });
    let notice = case.drafted(&content).await;
    assert_eq!(submitted(&case, &notice).await.fault(), (422, "invalid_input", "reasons"));
    let found = findings(&case, &notice).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["kind"], &found[0]["excerpt"]),
        (&json!("ground_mismatch"), &json!("第十五条"))
    );
}

/// Sentences of the law of 2007 and of today's.
#[test]
fn the_law_of_2007_is_told_from_todays() {
    for old in [
        "行政机关应当自收到申请之日起１５个工作日内予以答复",
        "延长答复的期限最长不得超过15个工作日",
        "因不符合自身生产、生活、科研等特殊需要，不予提供",
        "可以自收到本答复之日起三个月内向人民法院提起行政诉讼",
        "请缴纳检索费、复制费",
        "也可以向监察机关举报",
        "可以向上一级主管部门申请行政复议",
        "根据法释〔2011〕17号第二条",
        "根据《政府信息公开条例》第二十一条第三项，告知您该信息不存在",
        "根据条例第二十四条，答复期限为",
        "根据《条例》第十七条，由制作该信息的机关负责公开",
        "根据条例第二十二条作区分处理",
        "根据条例第二十三条，应征求第三方的意见",
        "根据《政府信息公开条例》第十三条，申请获取相关信息",
    ] {
        assert_eq!(old_law::found(old).len(), 1, "{old}");
    }
    for today in [
        "第三方应当自收到征求意见书之日起15个工作日内提出意见，再予答复",
        "被征求意见的机关应当在15个工作日内反馈意见",
        "自收到申请之日起20个工作日内予以答复，延长期限最长不超过20个工作日",
        "本机关提供政府信息，不收取检索费、复制费、邮寄费",
        "根据《政府信息公开条例》第十七条，公开前进行保密审查，该信息由本机关制作",
        "自知道或者应当知道之日起6个月内向人民法院提起行政诉讼",
        "不服税务机关的，向上一级主管部门申请行政复议（税务）",
    ] {
        assert_eq!(old_law::found(today), [], "{today}");
    }
}

#[test]
fn no_wording_of_ours_states_a_rule_that_has_passed_away() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/notices");
    let mut looked = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(old_law::found(&text), [], "{}", path.display());
        looked += 1;
    }
    assert!(looked > 30, "{looked}");
}
