//! What a request may rest on when it ends or is refused: nothing is believed that the record does
//! not bear.

use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, registration};
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_request_ends_without_reply_only_on_a_ground_with_proof_and_by_two,
    what_was_entered_twice_goes_on_under_the_other_number,
    that_it_is_no_request_at_all_needs_a_case_a_reason_and_a_legal_review,
    an_act_below_law_and_regulation_is_named_knowingly,
    a_repeat_rests_on_an_earlier_reply_to_the_same_applicant,
    abuse_of_volume_is_not_found_before_the_question_reached_the_applicant,
    nobody_is_asked_to_correct_a_third_time,
    what_does_not_belong_on_the_bill_or_in_the_log_is_refused,
);

/// Another head of the same office.
async fn second_head(app: &TestApp) -> Client {
    app.signed_in("second_head", &["head"], Some(app.agency)).await
}

fn death(file: &str) -> Value {
    json!({
        "action": "propose_end", "ground": "death", "reason": "申请人已经死亡，近亲属书面表示不再继续",
        "proof": "居民死亡医学证明", "proof_file": file
    })
}

async fn a_request_ends_without_reply_only_on_a_ground_with_proof_and_by_two(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // The old step, by which a head ended a request alone and in any words, is gone.
    let alone = json!({
        "action": "end_otherwise", "on": "2026-09-14", "reason": "不想办", "proof": "无"
    });
    assert_eq!(case.act(By::Head, alone).await.status, 400);
    let unknown = "00000000-0000-7000-8000-000000000000";
    let mut body = death(unknown);
    body["ground"] = json!("too_much_work");
    assert_eq!(case.act(By::Head, body).await.status, 400, "a ground of its own");
    let mut body = death(unknown);
    body.as_object_mut().unwrap().remove("proof_file");
    assert_eq!(case.act(By::Head, body).await.status, 400, "no proof");
    let other = Case::in_processing(&app).await;
    let foreign = other.uploaded("other").await;
    assert_eq!(case.act(By::Head, death(&foreign)).await.blamed(), ("proof_file", "unknown_file"));

    // One proposes, and cannot confirm
    let file = case.uploaded("other").await;
    let view = case.does(By::Head, death(&file)).await;
    assert_eq!((&view["state"], &view["open"]), (&json!("processing"), &json!(true)));
    let confirm = json!({ "action": "confirm_end" });
    assert_eq!(case.act(By::Head, confirm.clone()).await.refusal(), (422, "own_end_proposal"));
    assert_eq!(case.act(By::Officer, confirm.clone()).await.refusal(), (403, "forbidden"));
    assert_eq!(case.act(By::Head, death(&file)).await.refusal(), (422, "wrong_state"));
    // Somebody who does not agree lets the request go on
    let decline = json!({ "action": "decline_end", "reason": "近亲属来电要求继续办理" });
    let colleague = second_head(&app).await;
    case.tried(&colleague, decline).await.expect(200);
    assert_eq!(case.act(By::Head, confirm.clone()).await.refusal(), (422, "wrong_state"));

    // The officer proposes again, the head confirms: closed as 其他处理 with both on record
    case.does(By::Officer, death(&file)).await;
    let view = case.does(By::Head, confirm).await;
    assert_eq!(
        (&view["state"], &view["outcome"], &view["open"]),
        (&json!("closed"), &json!("O3"), &json!(false))
    );
    let ledger = case.ledger().await;
    let last = &ledger.last().unwrap()["event"];
    assert_eq!((&last["ground"], &last["proof_file"]), (&json!("death"), &json!(file)));
    assert_eq!(ledger[ledger.len() - 2]["kind"], "end_proposed");
}

async fn what_was_entered_twice_goes_on_under_the_other_number(app: TestApp) {
    // Given a letter that was entered on two days, and a stranger's request
    let body = registration("in_person", "2026-09-14", "窗口接收");
    let first = Case::registered(&app, &body).await;
    app.set_today("2026-09-16");
    let again = Case::registered(&app, &registration("in_person", "2026-09-16", "收发室")).await;
    let stranger = Case::filed_with(&app, |form| {
        form["applicant"]["name"] = json!("李大山");
        form["applicant"]["credential_number"] = json!("110101194912310059");
    })
    .await;
    let file = again.uploaded("other").await;
    let twice = |number: &str, file: &str| {
        json!({
            "action": "propose_end", "ground": "registered_twice", "goes_on_as": number,
            "reason": "同一封来信由窗口和收发室各登记一次", "proof": "信封和登记簿", "proof_file": file
        })
    };

    // Then only the same applicant's earlier number will do
    for number in ["", "20260101009", &stranger.number, &again.number] {
        let refused = again.act(By::Officer, twice(number, &file)).await;
        let code = if number.is_empty() { "text_missing" } else { "twin_unfit" };
        assert_eq!(refused.fault(), (422, code, "goes_on_as"), "{number}");
    }
    let other_file = first.uploaded("other").await;
    let later = first.act(By::Officer, twice(&again.number, &other_file)).await;
    assert_eq!(later.fault(), (422, "twin_unfit", "goes_on_as"), "the limit would begin anew");

    // And not both of them end in each other's favour
    again.does(By::Officer, twice(&first.number, &file)).await;
    first.does(By::Officer, death(&other_file)).await;
    first.does(By::Head, json!({ "action": "confirm_end" })).await;
    let refused = again.act(By::Head, json!({ "action": "confirm_end" })).await;
    assert_eq!(refused.fault(), (422, "twin_unfit", "goes_on_as"));
    assert_eq!(again.view().await["open"], true);
}

fn o3(change: impl FnOnce(&mut Value)) -> Value {
    let mut content = json!({
        "outcome": "O3", "items": ["今年危房改造怎么申请"], "other_case": "enquiry",
        "reasons": "来信询问危房改造的申请条件和办理地点，可以拨打本机关咨询电话了解"
    });
    change(&mut content);
    content
}

async fn that_it_is_no_request_at_all_needs_a_case_a_reason_and_a_legal_review(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let submit = || json!({ "step": "submit" });
    // A text that says nothing, no case, a procedure of no act: none reaches the approver
    for (content, blamed) in [
        (o3(|c| c["reasons"] = json!("不想答")), ("reasons", "reasons_without_substance")),
        (o3(|c| c["other_case"] = Value::Null), ("other_case", "required")),
        (
            o3(|c| {
                c["other_case"] = json!("other_procedure");
                c["statute"] = json!("有关规定");
            }),
            ("statute", "statute_unnamed"),
        ),
    ] {
        let draft = case.drafted(&content).await;
        let refused = case.step(By::Officer, &draft, submit()).await;
        assert_eq!(refused.blamed(), blamed);
        let item = json!({ "action": "decide_item", "item": 1, "content": content });
        let field = format!("content.{}", blamed.0);
        assert_eq!(case.act(By::Officer, item).await.fault(), (422, blamed.1, field.as_str()));
    }

    // A sound one still goes by the legal reviewer, whatever the agency's chain
    let draft = case.drafted(&o3(|_| {})).await;
    case.step(By::Officer, &draft, submit()).await.expect(200);
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    let early = case.step(By::Head, &draft, json!({ "step": "issue" })).await;
    assert_eq!(early.status, 422, "{}", early.json);
    let legal = app.signed_in("legal", &["legal_reviewer"], Some(app.agency)).await;
    let steps = format!("/api/v1/notices/{draft}/steps");
    let version = case.version().await;
    legal.act(&steps, version, &json!({ "step": "approve" })).await.expect(200);
    let issued = case.step(By::Head, &draft, json!({ "step": "issue" })).await.expect(200).json;
    assert_says(&case.pdf(&issued).await, &["咨询、要求解释说明", "第二条", "危房改造的申请条件"]);
}

async fn an_act_below_law_and_regulation_is_named_knowingly(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let n2 = |statute: &str, note: &str| {
        json!({
            "outcome": "N2", "items": ["执法检查底稿"], "statute": statute,
            "statute_note": note, "reasons": "该规定明确检查底稿不得对外提供"
        })
    };
    let submitted = async |content: Value| {
        let draft = case.drafted(&content).await;
        let reply = case.step(By::Officer, &draft, json!({ "step": "submit" })).await;
        if reply.status == 200 {
            case.step(By::Officer, &draft, json!({ "step": "recall" })).await.expect(200);
        }
        reply
    };
    for low in
        ["《某某检查工作办法（试行）》第九条", "《青云县档案管理条例》第三条", "某某规定第二条"]
    {
        let refused = submitted(n2(low, "。")).await;
        assert_eq!(refused.blamed(), ("statute_note", "statute_rank"), "{low}");
    }
    submitted(n2("《中华人民共和国统计法》第二十八条", "")).await.expect(200);
    let known = "该办法由国务院令公布，属于行政法规";
    submitted(n2("《全国经济普查办法》第十条", known)).await.expect(200);
}

async fn a_repeat_rests_on_an_earlier_reply_to_the_same_applicant(app: TestApp) {
    // Given a request of somebody else that was answered, and an own one that is still open
    let stranger = Case::filed_with(&app, |form| {
        form["applicant"]["name"] = json!("李大山");
        form["applicant"]["credential_number"] = json!("110101194912310059");
    });
    let stranger = stranger.await.processed().await;
    let replied = stranger.issued(&crate::support::cases::g1()).await;
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" }
    });
    stranger.serve(replied["id"].as_str().unwrap(), sent).await.expect(200);
    let own = Case::in_processing(&app).await;
    let case = Case::in_processing(&app).await;
    let link = |relation: &str, number: &str| json!({ "action": "link_request", "relation": relation, "number": number });
    let x2 = json!({
        "outcome": "X2", "items": ["同一分配表"], "earlier_reply": "2020年1月1日作出的答复（某财依复〔2020〕第1号）"
    });
    let unfounded = async || {
        let draft = case.drafted(&x2).await;
        let refused = case.step(By::Officer, &draft, json!({ "step": "submit" })).await;
        assert_eq!(refused.refusal(), (422, "repeat_unfounded"));
        let item = json!({ "action": "decide_item", "item": 1, "content": x2 });
        assert_eq!(case.act(By::Officer, item).await.refusal(), (422, "repeat_unfounded"));
    };

    // Then an invented reply, a stranger's and an open request are no ground
    unfounded().await;
    let refused = case.act(By::Officer, link("repeats", &stranger.number)).await;
    assert_eq!(refused.fault(), (422, "other_applicant", "number"));
    case.does(By::Officer, link("related", &stranger.number)).await;
    unfounded().await;
    case.does(By::Officer, link("repeats", &own.number)).await;
    unfounded().await;

    // And what the system does not know is shown by the reply itself
    let mut old = link("repeats", "2019-17");
    old["reply_number"] = json!("青财依复〔2019〕第17号");
    old["replied_on"] = json!("2019-05-06");
    let refused = case.act(By::Officer, old.clone()).await;
    assert_eq!(refused.fault(), (422, "text_missing", "evidence_file"));
    old["evidence_file"] = json!(case.uploaded("other").await);
    case.does(By::Officer, old).await;
    let issued = case.issued(&x2).await;
    let text = case.pdf(&issued).await;
    assert_says(&text, &["青财依复〔2019〕第17号", "2019年5月6日"]);
    assert!(!text.contains("2020"), "{text}");
}

async fn abuse_of_volume_is_not_found_before_the_question_reached_the_applicant(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-14", "until": "2026-09-21" });
    case.does(By::Officer, ask).await;
    let notice = case.notice("reasons").await["id"].as_str().unwrap().to_owned();
    app.set_today("2026-09-22");
    let judge = json!({
        "action": "judge_reasons", "on": "2026-09-22", "accepted": false, "why": "逾期没有说明"
    });
    assert_eq!(case.act(By::Officer, judge.clone()).await.refusal(), (422, "service_unproved"));
    let sent = json!({
        "step": "sent", "on": "2026-09-22", "method": "registered", "tracking": "XA1",
        "evidence": "回执联"
    });
    // A letter that came when the time was over asked nothing
    case.serve(&notice, sent).await.expect(200);
    let served = json!({ "step": "served", "on": "2026-09-22", "evidence": "回执" });
    case.serve(&notice, served).await.expect(200);
    assert_eq!(case.act(By::Officer, judge.clone()).await.refusal(), (422, "service_unproved"));

    let other = Case::filed(&app).await;
    other.assigned().await;
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-22", "until": "2026-09-28" });
    other.does(By::Officer, ask).await;
    let notice = other.notice("reasons").await["id"].as_str().unwrap().to_owned();
    let by_hand = json!({
        "step": "sent", "on": "2026-09-22", "method": "in_person", "slip": { "receiver": "本人" }
    });
    other.serve(&notice, by_hand).await.expect(200);
    app.set_today("2026-09-29");
    let mut judge = judge;
    judge["on"] = json!("2026-09-29");
    other.does(By::Officer, judge).await;
    let x4 = json!({
        "outcome": "X4", "items": ["分配表"], "volume_record": "一年内提出三十件",
        "reasons": "逾期没有说明理由"
    });
    other.issued(&x4).await;
}

async fn nobody_is_asked_to_correct_a_third_time(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-10-14",
        "approval": "补正后内容仍不明确", "defects": [{ "kind": "content", "guidance": "请写明文件名称" }]
    });
    let correct = json!({ "action": "record_correction", "on": "2026-09-14", "text": "补正如下" });
    for by in [By::Officer, By::Head] {
        case.does(by, ask.clone()).await;
        case.does(By::Clerk, correct.clone()).await;
    }
    let refused = case.act(By::Head, ask).await;
    assert_eq!(refused.refusal(), (422, "corrections_exhausted"));
    let steps = case.app.head().await.get(&case.path("/actions")).await.expect(200).json;
    assert!(!steps.to_string().contains("\"ask_correction\""), "{steps}");
    assert!(steps.to_string().contains("\"pass_examination\""), "{steps}");
}

async fn what_does_not_belong_on_the_bill_or_in_the_log_is_refused(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // Originals pass from one to another
    let hand_over = json!({
        "action": "hand_over", "on": "2026-09-14", "from_unit": "窗口", "giver": "张华",
        "receiver": " 张华 ", "what": "申请表原件1份"
    });
    assert_eq!(case.act(By::Clerk, hand_over).await.fault(), (422, "same_hand", "receiver"));
    // A bill counts by one scale
    let by_items = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "items", "amount_fen": 10_000,
        "pages": 31, "why": "数量明显超过合理范围"
    });
    let refused = case.act(By::Officer, by_items).await;
    assert_eq!(refused.fault(), (422, "other_fee_scale", "pages"));
    let fee = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "pages", "amount_fen": 1000,
        "pages": 31, "why": "数量明显超过合理范围"
    });
    let mut with_units = fee.clone();
    with_units["units"] = json!(["分配表"]);
    let refused = case.act(By::Officer, with_units).await;
    assert_eq!(refused.fault(), (422, "other_fee_scale", "units"));
    case.does(By::Officer, fee).await;
    // Whoever takes more than was asked says why, and it is shown as to be given back
    let mut paid = json!({
        "action": "record_payment", "on": "2026-09-14", "amount_fen": 1500, "proof": "缴款书"
    });
    let refused = case.act(By::Clerk, paid.clone()).await;
    assert_eq!(refused.fault(), (422, "text_missing", "remark"));
    paid["remark"] = json!("申请人转账时多转5元");
    case.does(By::Clerk, paid).await;
    let over = async || {
        let fee = case.app.officer().await.get(&case.path("/fee")).await.expect(200).json;
        fee["asked"]["over_fen"].clone()
    };
    assert_eq!(over().await, json!(500));
    let refund = json!({
        "action": "refund_fee", "on": "2026-09-14", "amount_fen": 500, "why": "多收", "proof": "退款凭证"
    });
    case.does(By::Officer, refund).await;
    assert_eq!(over().await, json!(0));
}
