//! Officers change the words of a draft, and whoever approves sees what they changed.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, g1, pdf_text};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    what_was_changed_is_printed_and_shown_to_the_approver,
    law_remedy_request_and_facts_stay,
    what_is_written_passes_the_gate,
    a_change_of_words_that_are_gone_is_told_and_never_printed,
    two_officers_do_not_change_the_same_words_unseen,
    whoever_changed_a_word_does_not_approve,
    a_reply_by_item_is_changed_in_its_words_too,
);

fn n6() -> Value {
    json!({
        "outcome": "N6", "items": ["方案论证会记录"],
        "reasons": "该信息为方案论证会的讨论记录，方案尚未定稿，法律、法规、规章没有规定应当公开"
    })
}

fn path(notice: &str) -> String {
    format!("/api/v1/notices/{notice}/blocks")
}

async fn blocks(case: &Case<'_>, notice: &str) -> Value {
    case.app.officer().await.get(&path(notice)).await.expect(200).json
}

async fn previewed(case: &Case<'_>, notice: &str) -> String {
    let path = format!("/api/v1/notices/{notice}/preview?format=html");
    String::from_utf8(case.app.officer().await.get(&path).await.expect(200).bytes).unwrap()
}

/// The number and text of the block that says `words`.
fn block(view: &Value, words: &str) -> (usize, String) {
    let blocks = view["blocks"].as_array().unwrap();
    let at = blocks.iter().position(|block| block["text"].as_str().unwrap().contains(words));
    let at = at.unwrap_or_else(|| panic!("{words}: {view}"));
    (at + 1, blocks[at]["text"].as_str().unwrap().to_owned())
}

/// The change of the block that says `words` to what `change` makes of it.
fn change(view: &Value, words: &str, change: impl Fn(&str) -> String) -> Value {
    let (block, was) = block(view, words);
    let text = change(&was);
    json!({ "block": block, "was": was, "text": text, "why": "与申请人沟通后补充说明" })
}

/// A paragraph after the block that says `words`.
fn after(view: &Value, words: &str, added: &str) -> Value {
    change(view, words, |was| format!("{was}\n{added}"))
}

async fn changed(case: &Case<'_>, notice: &str, changes: &[Value]) -> Reply {
    let officer = case.app.officer().await;
    let seen = officer.get(&path(notice)).await.expect(200).json["version"].as_i64().unwrap();
    let body = json!({ "changes": changes });
    officer.put(&path(notice), i32::try_from(seen).unwrap(), &body).await
}

async fn what_was_changed_is_printed_and_shown_to_the_approver(app: TestApp) {
    // Given a draft in which a paragraph says how the applicant can be helped
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&n6()).await;
    let view = blocks(&case, &notice).await;
    let (first, _) = block(&view, "答复如下");
    let said = "方案定稿后将在本机关网站公布，届时您可以直接查阅。";
    let reworded = change(&view, "过程性信息", |was| {
        was.replace("形成的过程性信息", "形成的过程性的信息")
    });
    changed(&case, &notice, &[reworded, after(&view, "决定", said)]).await.expect(200);

    // When the approver looks
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    let head = app.head().await;
    let draft = head.get(&format!("/api/v1/notices/{notice}")).await.expect(200).json;
    assert_eq!(draft["changed_blocks"], 2);
    assert_eq!(draft["fields"]["changes"], Value::Null);
    let view = head.get(&path(&notice)).await.expect(200).json;
    let marked = &view["blocks"].as_array().unwrap()[first];
    assert_eq!((&marked["changed"], &marked["protection"]), (&json!(true), &Value::Null));
    let told = &view["changes"][0];
    assert_eq!(
        (&told["why"], &told["outdated"]),
        (&json!("与申请人沟通后补充说明"), &json!(false))
    );
    let lines = told["lines"].as_array().unwrap();
    let words = |n: usize, differs: bool| -> String {
        let words = lines[n]["words"].as_array().unwrap().iter();
        words.filter(|w| w[0] == differs).map(|w| w[1].as_str().unwrap()).collect()
    };
    assert_eq!((&lines[0]["change"], &lines[1]["change"]), (&json!("removed"), &json!("added")));
    assert_eq!(words(1, true), "的");
    assert!(previewed(&case, &notice).await.contains(said));
    let sheet = head.get(&case.path("/forms/handling_sheet")).await.expect(200);
    assert_says(&pdf_text(&sheet.bytes), &["正文改动2处"]);

    // Then it goes out as it was approved, and says afterwards what was changed
    case.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
    let issued = case.step(By::Head, &notice, json!({ "step": "issue" })).await.expect(200).json;
    let text = case.pdf(&issued).await;
    assert_says(&text, &[said, "过程性的信息", "第十六条第二款", "行政复议"]);
    let view = head.get(&path(&notice)).await.expect(200).json;
    assert_eq!((&view["blocks"], &view["changes"][1]["by_name"]), (&json!([]), &told["by_name"]));
    let late = app.officer().await;
    let late = late.put(&path(&notice), 4, &json!({ "changes": [] })).await;
    assert_eq!(late.refusal(), (409, "notice_not_editable"));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn law_remedy_request_and_facts_stay(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&n6()).await;
    let view = blocks(&case, &notice).await;
    let protections: Vec<_> =
        view["blocks"].as_array().unwrap().iter().map(|b| b["protection"].clone()).collect();
    assert_eq!(
        protections,
        [json!("request"), json!("request"), Value::Null, json!("decision"), json!("remedy")]
    );
    let left_out = |words: &str| change(&view, words, |_| String::new());
    let faulty = [
        (left_out("决定"), "changes.text", "block_protected"),
        (
            change(&view, "决定", |was| was.replace("第二款", "第一款")),
            "changes.text",
            "block_protected",
        ),
        (
            change(&view, "复议", |was| was.replace("60日", "30日")),
            "changes.text",
            "block_protected",
        ),
        (left_out("登记编号"), "changes.text", "block_protected"),
        (left_out("过程性信息"), "changes.text", "fact_changed"),
        (
            change(&view, "过程性信息", |was| was.replace("讨论记录", "录音")),
            "changes.text",
            "fact_changed",
        ),
        (after(&view, "过程性信息", "您也可以直接提起诉讼。"), "changes.text", "remedy_typed"),
        (after(&view, "过程性信息", "您也可以向法院起 诉。"), "changes.text", "remedy_typed"),
        (change(&view, "过程性信息", str::to_owned), "changes.text", "unchanged"),
        (after(&view, "过程性信息", "\u{202e}反写"), "changes.text", "control_characters"),
        (
            json!({ "block": 3, "was": "没有这一段", "text": "新", "why": "补充" }),
            "changes.was",
            "block_unknown",
        ),
    ];
    for (change, field, code) in faulty {
        let refused = changed(&case, &notice, &[change]).await;
        assert_eq!(refused.fault().0, 422, "{}", refused.json);
        assert_eq!(refused.blamed(), (field, code));
    }
    let mut silent = after(&view, "过程性信息", "方案定稿后另行公布。");
    silent["why"] = json!("  ");
    let refused = changed(&case, &notice, &[silent]).await;
    assert_eq!(refused.blamed(), ("changes.why", "required"));
    let twice = after(&view, "过程性信息", "方案定稿后另行公布。");
    let refused = changed(&case, &notice, &[twice.clone(), twice]).await;
    assert_eq!(refused.blamed(), ("changes.was", "block_unknown"));
    // Nothing of it is in the draft
    assert_eq!(blocks(&case, &notice).await, view);
}

async fn what_is_written_passes_the_gate(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&n6()).await;
    let view = blocks(&case, &notice).await;
    let submit = json!({ "step": "submit" });
    for (written, code) in [
        ("附件见____。", "placeholder"),
        ("本机关应当在15个工作日内答复。", "old_law"),
        ("根据《中华人民共和国政府信息公开条例》第十五条，涉及商业秘密。", "ground_mismatch"),
        ("依据条例第15条处理。", "ground_mismatch"),
        ("该记录的附件不 存\u{200b}在。", "decision_typed"),
        ("该记录的附件不存在。", "decision_typed"),
    ] {
        changed(&case, &notice, &[after(&view, "过程性信息", written)]).await.expect(200);
        let refused = case.step(By::Officer, &notice, submit.clone()).await;
        assert_eq!(refused.blamed(), ("changes", code), "{written}");
    }
    // One that may stand is answered for
    let acknowledge = json!({
        "action": "acknowledge_finding", "finding": "decision_typed", "excerpt": "不存在",
        "reason": "只是说明没有附件"
    });
    case.does(By::Officer, acknowledge).await;
    case.step(By::Officer, &notice, submit).await.expect(200);
}

async fn a_change_of_words_that_are_gone_is_told_and_never_printed(app: TestApp) {
    // Given a change of a paragraph whose facts are then written anew
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&n6()).await;
    let view = blocks(&case, &notice).await;
    let added = after(&view, "过程性信息", "方案定稿后另行公布。");
    changed(&case, &notice, &[added]).await.expect(200);
    let mut content = n6();
    content["reasons"] = json!("该信息为会议纪要的过程稿，法律、法规、规章没有规定应当公开");
    let officer = app.officer().await;
    let saved = officer.put(&format!("/api/v1/notices/{notice}"), 2, &content).await.expect(200);
    assert_eq!(saved.json["changed_blocks"], 1);

    // Then the draft does not go on with a change that is not printed
    let view = blocks(&case, &notice).await;
    assert_eq!(view["changes"][0]["outdated"], true);
    assert!(!previewed(&case, &notice).await.contains("另行公布"));
    let refused = case.step(By::Officer, &notice, json!({ "step": "submit" })).await;
    assert_eq!(refused.refusal(), (409, "changes_outdated"));
    assert!(refused.json.to_string().contains("第3段"), "{}", refused.json);

    // And goes on when it was changed again, or the change was taken back
    let again = after(&view, "过程性信息", "方案定稿后另行公布。");
    changed(&case, &notice, &[again]).await.expect(200);
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Officer, &notice, json!({ "step": "recall" })).await.expect(200);
    let view = changed(&case, &notice, &[]).await.expect(200).json;
    assert_eq!(view["changes"], json!([]));
}

async fn two_officers_do_not_change_the_same_words_unseen(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&n6()).await;
    let view = blocks(&case, &notice).await;
    let officer = app.officer().await;
    let body = json!({ "changes": [after(&view, "过程性信息", "方案定稿后另行公布。")] });
    officer.put(&path(&notice), 1, &body).await.expect(200);
    let second = officer.put(&path(&notice), 1, &body).await;
    assert_eq!(second.refusal(), (409, "draft_changed"));
    // Another agency's officer sees nothing of it
    let stranger = app.signed_in("stranger", &["officer"], Some(app.other_agency)).await;
    stranger.get(&path(&notice)).await.expect(404);
}

async fn whoever_changed_a_word_does_not_approve(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&g1()).await;
    let view = blocks(&case, &notice).await;
    let (n, was) = block(&view, "答复如下");
    let body = json!({ "changes": [{
        "block": n, "was": was, "text": format!("{was}\n感谢您的关注。"), "why": "礼貌用语"
    }] });
    app.head().await.put(&path(&notice), 1, &body).await.expect(200);
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    let own = case.step(By::Head, &notice, json!({ "step": "approve" })).await;
    assert_eq!(own.refusal().1, "own_draft");
}

async fn a_reply_by_item_is_changed_in_its_words_too(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let items =
        json!({ "action": "list_items", "items": [{ "title": "甲表" }, { "title": "乙表" }] });
    case.does(By::Officer, items).await;
    for item in [1, 2] {
        let content = json!({ "outcome": "U3", "reasons": "没有汇总表" });
        let decide = json!({ "action": "decide_item", "item": item, "content": content });
        case.does(By::Officer, decide).await;
    }
    let officer = app.officer().await;
    let draft = officer.post(&case.path("/assembled-reply"), &json!({})).await.expect(201).json;
    let notice = draft["id"].as_str().unwrap();
    let view = blocks(&case, notice).await;
    let heading = change(&view, "关于第2项", |was| was.replace("乙表", "丙表"));
    let refused = changed(&case, notice, &[heading]).await;
    assert_eq!(refused.blamed(), ("changes.text", "block_protected"));
    // When the head changes a word, the head is one of its authors
    let said = "现有的分户表可以依申请查阅。";
    let body = json!({ "changes": [after(&view, "没有汇总表", said)] });
    app.head().await.put(&path(notice), 1, &body).await.expect(200);
    case.step(By::Officer, notice, json!({ "step": "submit" })).await.expect(200);
    let own = case.step(By::Head, notice, json!({ "step": "approve" })).await;
    assert_eq!(own.refusal().1, "own_draft");
    assert_eq!(previewed(&case, notice).await.matches(said).count(), 1);
}
