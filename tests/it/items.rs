//! Examination item by item over HTTP: review, search, decision, secrecy, reply, split.

mod joint;

use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_letter_with_three_wishes_gets_one_reply_that_counts_as_partial,
    an_item_is_reviewed_question_by_question,
    a_request_nobody_took_apart_is_one_item,
    a_doubtful_item_is_laid_before_the_authority_and_the_applicant_learns_nothing_of_the_letter,
    the_reviewer_reviews_and_does_nothing_else,
    a_letter_is_split_and_every_part_keeps_its_receipt_date,
    a_repeated_request_takes_the_earlier_reply_from_the_system,
    a_draft_follows_its_items_and_is_not_edited,
    several_requests_are_answered_in_one_document_and_each_is_counted,
);

/// The case with items of these titles.
async fn listed(case: &Case<'_>, titles: &[&str]) {
    let items: Vec<Value> = titles.iter().map(|title| json!({ "title": title })).collect();
    case.does(By::Officer, json!({ "action": "list_items", "items": items })).await;
}

async fn decided(case: &Case<'_>, item: u16, content: Value) -> Value {
    case.does(By::Officer, json!({ "action": "decide_item", "item": item, "content": content }))
        .await
}

async fn items(case: &Case<'_>) -> Value {
    case.app.head().await.get(&case.path("/items")).await.expect(200).json
}

/// Takes a step as the reviewer of secrecy.
async fn reviewer_acts(case: &Case<'_>, body: &Value) -> crate::support::client::Reply {
    let version = case.version().await;
    case.app.reviewer().await.act(&case.path("/actions"), version, body).await
}

fn cleared(items: &[u16]) -> Value {
    json!({
        "action": "review_release", "items": items, "finding": "releasable",
        "opinion": "逐件审查，不涉及国家秘密", "third_party": "not_concerned",
        "personal_data": "redacted"
    })
}

fn search() -> Value {
    json!({
        "systems": "综合档案室\n电子公文系统", "keywords": "验收报告", "by": "办公室李明",
        "on": "2026-09-14", "result": "未查找到", "found": false
    })
}

async fn a_letter_with_three_wishes_gets_one_reply_that_counts_as_partial(app: TestApp) {
    let case = Case::in_processing(&app).await;
    listed(&case, &["2025年补助资金分配表", "方案论证会讨论记录", "2019年验收报告"]).await;
    decided(&case, 1, json!({ "outcome": "G2", "attachments": ["分配表（共3页）"] })).await;
    decided(&case, 2, json!({ "outcome": "N6", "reasons": "方案尚未定稿" })).await;

    // Without a search nothing is said not to exist
    let missing = json!({ "action": "decide_item", "item": 3, "content": { "outcome": "U1" } });
    let refused = case.act(By::Officer, missing.clone()).await;
    assert_eq!(refused.fault(), (422, "search_record_missing", "search"));
    assert_eq!(refused.json["article"], "《政府信息公开条例》第三十六条第四项");
    let search = json!({ "action": "record_search", "item": 3, "search": search() });
    case.does(By::Officer, search).await;

    // Nor is the reply put together while an item is open
    let officer = app.officer().await;
    let early = officer.post(&case.path("/assembled-reply"), &json!({})).await;
    assert_eq!(early.refusal(), (422, "items_undecided"));
    case.does(By::Officer, missing).await;

    let seen = items(&case).await;
    assert_eq!((&seen["counted"], &seen["row"]), (&json!("P1"), &json!(4)));
    assert_eq!(seen["items"][1]["ground"], "第十六条第二款、第三十六条第三项");

    // Its draft is approved only after the review of what is handed over, and of that alone
    let draft = officer.post(&case.path("/assembled-reply"), &json!({})).await.expect(201).json;
    assert_eq!(draft["outcome"], "P1");
    let notice = draft["id"].as_str().unwrap();
    case.step(By::Officer, notice, json!({ "step": "submit" })).await.expect(200);
    let early = case.step(By::Head, notice, json!({ "step": "approve" })).await;
    assert_eq!(early.refusal(), (422, "secrecy_review_missing"));
    reviewer_acts(&case, &cleared(&[1])).await.expect(200);
    case.step(By::Head, notice, json!({ "step": "approve" })).await.expect(200);
    let issued = case.step(By::Head, notice, json!({ "step": "issue" })).await.expect(200).json;

    // It answers each item by its own words and tells each its own remedy
    let text = case.pdf(&issued).await;
    assert_says(
        &text,
        &[
            "申请公开下列3项信息：",
            "关于第1项“2025年补助资金分配表”",
            "本机关决定予以公开，提供下列政府信息：",
            "分配表（共3页）",
            "关于第2项“方案论证会讨论记录”",
            "第十六条第二款、第三十六条第三项的规定，本机关决定不予公开。",
            "关于第3项“2019年验收报告”",
            "办公室李明于2026年9月14日在综合档案室、电子公文系统中进行了检索",
            "对第1、3项的答复：如不服本答复，可以自收到本答复之日起60日内",
            "对第2项的答复：如不服本决定，应当先自收到本决定之日起60日内",
        ],
    );
    assert!(!text.contains("{{") && !text.contains("救济"), "{text}");
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    let view = case.serve(notice, sent).await.expect(200).json;
    assert_eq!(view["outcome"], "P1");
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn an_item_is_reviewed_question_by_question(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let path = case.path("/items/1/review");
    let first = app.officer().await.get(&path).await.expect(200).json;
    assert_eq!((&first["next"]["question"], &first["proposal"]), (&json!("clear"), &Value::Null));
    assert_eq!(first["next"]["step_label"], "补不补");
    assert_eq!(first["next"]["choices"][1]["article"], "第三十条");

    for (question, answer, next) in
        [("clear", "yes", json!("information")), ("information", "petition", Value::Null)]
    {
        let version = case.version().await;
        let body = json!({ "question": question, "answer": answer, "note": "依据申请书" });
        let told = app.officer().await.act(&path, version, &body).await.expect(200).json;
        assert_eq!(told["next"]["question"], next);
    }
    let review = app.officer().await.get(&path).await.expect(200).json;
    assert_eq!(review["proposal"]["outcome"], "X1");
    assert_eq!(review["proposal"]["article"], "第三十九条第一款");
    assert_eq!(review["answered"][1]["note"], "依据申请书");

    // An answer to another question is none
    let (version, body) =
        (case.version().await, json!({ "question": "held", "answer": "petition" }));
    let refused = app.officer().await.act(&path, version, &body).await;
    assert_eq!(refused.fault(), (422, "answer_unfit", "answer"));

    // And a decision against the answers is taken, and told
    decided(&case, 1, json!({ "outcome": "U3", "reasons": "没有汇总表" })).await;
    let review = app.officer().await.get(&path).await.expect(200).json;
    assert_eq!(review["findings"][0]["code"], "review_contradicts");
    // Nobody asks about an item that is not there.
    let none = app.officer().await.get(&case.path("/items/9/review")).await;
    assert_eq!(none.refusal(), (404, "not_found"));
}

async fn a_request_nobody_took_apart_is_one_item(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let seen = items(&case).await;
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["title"], "2025年度老旧小区改造补助资金分配表");

    decided(&case, 1, json!({ "outcome": "X3", "place": "县图书馆" })).await;

    let kinds: Vec<String> = case.story().await;
    assert!(kinds[kinds.len() - 2].ends_with("items_listed"), "{kinds:?}");
    assert_eq!(items(&case).await["counted"], "X3");
    let unknown = json!({ "action": "decide_item", "item": 2, "content": { "outcome": "X3" } });
    assert_eq!(case.act(By::Officer, unknown).await.fault(), (422, "unknown_item", "item"));
    // What an outcome must contain is asked for item by item.
    let empty = json!({ "action": "decide_item", "item": 1, "content": { "outcome": "N2" } });
    assert_eq!(case.act(By::Officer, empty).await.fault(), (422, "required", "content.statute"));
}

async fn a_doubtful_item_is_laid_before_the_authority_and_the_applicant_learns_nothing_of_the_letter(
    app: TestApp,
) {
    let case = Case::in_processing(&app).await;
    let refer = json!({
        "action": "refer_secrecy", "on": "2026-09-14", "id": "1", "items": [1],
        "authority": "青云县国家保密局", "question": "附图标注了管线，不能确定能否公开"
    });
    let view = case.does(By::Officer, refer).await;
    assert_eq!(view["state"], "secrecy_review");

    let letter = case.notice("secrecy_referral").await;
    assert_eq!(letter["number"], "青财依审〔2026〕第1号");
    let text = case.pdf(&letter).await;
    assert_says(&text, &["青云县国家保密局：", "第十七条", "附图标注了管线", "分配表"]);
    assert!(!text.contains("王小明"), "the authority need not know the applicant: {text}");
    let track = case.track().await;
    assert_eq!(track["documents"].as_array().unwrap().len(), 1, "the receipt alone");
    assert!(!track["timeline"].to_string().contains("送审"), "{track}");
    app.app.mail_due("test", 10).await.unwrap();
    let mails = std::fs::read_dir(app.folder.path().join("mail")).unwrap().count();
    assert_eq!(mails, 1, "the receipt alone");

    let notice = case.drafted(&crate::support::cases::g2()).await;
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    let early = case.step(By::Head, &notice, json!({ "step": "approve" })).await;
    assert_eq!(early.refusal(), (422, "secrecy_referral_open"));
    assert_eq!(early.json["article"], "《政府信息公开条例》第十七条");
    let ruling = json!({
        "action": "record_secrecy_ruling", "on": "2026-09-14", "id": "1", "finding": "releasable",
        "opinion": "可以公开"
    });
    case.does(By::Clerk, ruling).await;
    reviewer_acts(&case, &cleared(&[1])).await.expect(200);
    case.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
}

async fn the_reviewer_reviews_and_does_nothing_else(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let offered = app.reviewer().await.get(&case.path("/actions")).await.expect(200).json;
    let offered: Vec<&str> =
        offered.as_array().unwrap().iter().map(|step| step["action"].as_str().unwrap()).collect();
    let wanted = ["review_release", "refer_secrecy", "add_file", "note"];
    assert_eq!(offered, wanted);
    let reply =
        app.reviewer().await.post(&case.path("/notices"), &crate::support::cases::g1()).await;
    assert_eq!(reply.refusal(), (403, "forbidden"));
    // And the officer who handles the case does not review it
    let own = case.act(By::Officer, cleared(&[])).await;
    assert_eq!(own.refusal(), (403, "forbidden"));
    reviewer_acts(&case, &cleared(&[])).await.expect(200);
}

async fn a_letter_is_split_and_every_part_keeps_its_receipt_date(app: TestApp) {
    let case = Case::in_processing(&app).await;
    listed(&case, &["甲表", "乙表", "丙表"]).await;
    app.set_today("2026-09-21");
    let (version, path) = (case.version().await, case.path("/split"));
    let all = json!({ "parts": [{ "items": [1, 2] }, { "items": [3] }] });
    let refused = app.officer().await.act(&path, version, &all).await;
    assert_eq!(refused.fault(), (422, "split_unfit", "parts"));

    let parts = json!({ "parts": [{ "items": [2] }, { "items": [3] }] });
    let split = app.officer().await.act(&path, version, &parts).await.expect(200).json;

    let children = split["children"].as_array().unwrap();
    assert_eq!(children.len(), 2);
    assert_eq!(
        (&children[0]["number"], &children[1]["number"]),
        (&json!("202600100002"), &json!("202600100003"))
    );
    for (child, title) in children.iter().zip(["乙表", "丙表"]) {
        for key in ["received_on", "due_on", "state", "officer", "applicant"] {
            assert_eq!(child[key], split["request"][key], "{key}");
        }
        assert_eq!(child["received_on"], "2026-09-14");
        assert_eq!(child["title"], title);
        let id = child["id"].as_str().unwrap();
        let head = app.head().await;
        let ledger = head.get(&format!("/api/v1/requests/{id}/events")).await.expect(200).json;
        assert!(
            ledger.to_string().contains(&format!("\"number\":\"{}\"", case.number)),
            "{ledger}"
        );
        let form = head.get(&format!("/api/v1/requests/{id}/application")).await.expect(200).json;
        assert_eq!(form["application"]["applicant"]["name"], "王*明");
        assert!(
            form["application"]["applicant"]["credential_number"].as_str().unwrap().ends_with('X')
        );
        let notices = head.get(&format!("/api/v1/requests/{id}/notices")).await.expect(200).json;
        assert_eq!(notices[0]["kind"], "receipt");
    }
    let left = items(&case).await;
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert!(case.track().await["timeline"].to_string().contains("202600100002、202600100003"));
    app.app.render_due("test", 20).await.unwrap();
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_repeated_request_takes_the_earlier_reply_from_the_system(app: TestApp) {
    let earlier = Case::in_processing(&app).await;
    let link =
        |number: &str| json!({ "action": "link_request", "relation": "repeats", "number": number });
    let case = Case::in_processing(&app).await;
    let own = case.act(By::Officer, link(&case.number)).await;
    assert_eq!(own.fault(), (422, "invalid_input", "number"));
    // Given the earlier request was answered
    let reply = earlier.issued(&crate::support::cases::g1()).await;
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    earlier.serve(reply["id"].as_str().unwrap(), sent).await.expect(200);

    case.does(By::Officer, link(&earlier.number)).await;
    let issued = case.issued(&json!({ "outcome": "X2", "items": ["同一分配表"] })).await;

    let text = case.pdf(&issued).await;
    let said =
        "本机关已经答复：2026年9月14日作出的答复（青财依复〔2026〕第1号，登记编号202600100001）";
    assert_says(&text, &[said, "不予重复处理", "第三十六条第六项"]);
    assert_eq!(items(&case).await["links"], json!([earlier.number]));
}

async fn a_draft_follows_its_items_and_is_not_edited(app: TestApp) {
    let case = Case::in_processing(&app).await;
    listed(&case, &["甲", "乙"]).await;
    for item in [1, 2] {
        decided(&case, item, json!({ "outcome": "X1", "reasons": "属于投诉" })).await;
    }
    let officer = app.officer().await;
    // A reply to several items is not written by hand
    let body = json!({ "outcome": "X1", "items": ["甲、乙"], "reasons": "属于投诉" });
    let written = officer.post(&case.path("/notices"), &body).await;
    assert_eq!(written.refusal(), (409, "assembled_reply_needed"));
    let draft = officer.post(&case.path("/assembled-reply"), &json!({})).await.expect(201).json;
    let id = draft["id"].as_str().unwrap();
    let path = format!("/api/v1/notices/{id}");
    let edited = officer.put(&path, 1, &body).await;
    assert_eq!(edited.refusal(), (409, "reply_follows_items"));
    // An item decided otherwise makes it another reply
    decided(&case, 2, json!({ "outcome": "U3", "reasons": "没有汇总表" })).await;
    case.step(By::Officer, id, json!({ "step": "submit" })).await.expect(200);
    let notice = app.head().await.get(&path).await.expect(200).json;
    assert_eq!((&notice["outcome"], &notice["status"]), (&json!("U3"), &json!("submitted")));
    // What is with the approver stands still
    let content = json!({ "outcome": "X1", "reasons": "属于投诉" });
    let late = json!({ "action": "decide_item", "item": 2, "content": content });
    assert_eq!(case.act(By::Officer, late).await.refusal(), (422, "wrong_state"));
}

async fn several_requests_are_answered_in_one_document_and_each_is_counted(app: TestApp) {
    // Given two requests of one applicant, a week apart, and one of somebody else
    let first = Case::in_processing(&app).await;
    app.set_today("2026-09-21");
    let lead = Case::in_processing(&app).await;
    let stranger = Case::filed_with(&app, |form| {
        form["applicant"]["credential_number"] = json!("110105198001010010");
    });
    let stranger = stranger.await.processed().await;
    let bind = |others: Value| json!({ "requests": others });
    let path = lead.path("/joint-reply");
    let officer = app.officer().await;
    let wrong = officer.act(&path, lead.version().await, &bind(json!([stranger.id]))).await;
    assert_eq!(wrong.fault(), (422, "invalid_input", "requests"));

    // When they are answered together
    let bound = bind(json!([first.id]));
    officer.act(&path, lead.version().await, &bound).await.expect(200);
    decided(&lead, 1, json!({ "outcome": "X1", "reasons": "属于投诉" })).await;
    let early = officer.post(&lead.path("/assembled-reply"), &json!({})).await.expect(201).json;
    let notice = early["id"].as_str().unwrap().to_owned();
    let refused = lead.step(By::Officer, &notice, json!({ "step": "submit" })).await;
    assert_eq!(refused.refusal(), (422, "items_undecided"), "the other one is open");
    decided(&first, 1, json!({ "outcome": "U3", "reasons": "没有汇总表" })).await;
    lead.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    let own = officer.post(&first.path("/assembled-reply"), &json!({})).await;
    assert_eq!(own.refusal(), (409, "answered_with_lead"));

    // Then the document cannot say otherwise than what was submitted
    let content = json!({ "outcome": "U3", "reasons": "没有按社区汇总的表" });
    decided(&first, 1, content).await;
    let changed = lead.step(By::Head, &notice, json!({ "step": "approve" })).await;
    assert_eq!(changed.refusal(), (409, "joint_reply_changed"));
    let back = json!({ "step": "return", "reason": "请重新提交" });
    lead.step(By::Head, &notice, back).await.expect(200);
    lead.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
    lead.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
    let issued = lead.step(By::Head, &notice, json!({ "step": "issue" })).await.expect(200).json;
    let text = lead.pdf(&issued).await;
    assert_says(&text, &["一并答复", &first.number, "没有按社区汇总的表", "属于投诉"]);

    // And one dispatch completes both, each by its own limit and in its own row
    assert_eq!(first.view().await["state"], "issued");
    let queue = app.head().await.get("/api/v1/requests").await.expect(200).json;
    let listed: Vec<&Value> = queue["items"].as_array().unwrap().iter().collect();
    let place = |case: &Case<'_>| listed.iter().position(|row| row["id"] == json!(case.id));
    assert!(place(&lead) < place(&stranger), "the earliest limit governs: {queue}");
    app.set_today("2026-10-19");
    let sent = json!({ "step": "sent", "on": "2026-10-19", "method": "in_person", "slip": { "receiver": "本人" } });
    lead.serve(&notice, sent).await.expect(200);
    // Whoever follows either request can read the document.
    let seen = first.track().await;
    assert!(seen["documents"].to_string().contains(&notice), "{seen}");
    let (one, other) = (lead.view().await, first.view().await);
    assert_eq!((&one["outcome"], &other["outcome"]), (&json!("X1"), &json!("U3")));
    assert_eq!((&one["defects"], &other["defects"]), (&json!([]), &json!(["reply_late"])));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
