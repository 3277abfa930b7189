//! What a reply says for each outcome that has wording; what keeps the others from being issued.

use gongkai::domain::outcome::Outcome;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, g1, g2, u1, u2};
use crate::support::test_app::{TestApp, on_each_backend};

use super::REMEDY;

on_each_backend!(
    what_is_published_is_told_where,
    what_does_not_exist_is_told_with_the_search,
    what_another_agency_holds_is_told_with_its_name_and_telephone,
    what_another_agency_holds_is_told_without_a_name_where_nobody_knows_it,
    an_organisation_is_addressed_as_one,
    nothing_is_said_not_to_exist_without_a_record_of_the_search,
    an_end_that_no_reply_tells_cannot_be_submitted,
    nothing_is_released_before_secrecy_review,
    nobody_approves_their_own_draft,
    a_sign_no_font_has_is_told_to_the_officer_before_anything_is_numbered,
);

/// A case on which such a reply was issued, and what the reply says.
async fn issued<'a>(app: &'a TestApp, content: &Value) -> (Case<'a>, String) {
    let case = Case::in_processing(app).await;
    let reply = case.issued(content).await;
    assert_eq!(reply["number"], "青财依复〔2026〕第1号");
    let text = case.pdf(&reply).await;
    assert_says(&text, &["青财依复〔2026〕第1号", "2026年9月14日", REMEDY]);
    (case, text)
}

async fn what_is_published_is_told_where(app: TestApp) {
    let (case, text) = issued(&app, &g1()).await;

    assert_says(&text, &["青云县人民政府门户网站“财政信息”栏目", "第三十六条第一项"]);
    // At the counter, sending and service are one act.
    let id = case.notice("reply").await["id"].as_str().unwrap().to_owned();
    let handed = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    let view = case.serve(&id, handed).await.expect(200).json;
    assert_eq!((&view["state"], &view["served_on"]), (&json!("served"), &json!("2026-09-14")));
    let view = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!(view["outcome"], "G1");
}

async fn what_does_not_exist_is_told_with_the_search(app: TestApp) {
    app.set_today("2026-09-15");
    let case = Case::in_processing(&app).await;

    let text = case.pdf(&case.issued(&u1()).await).await;

    assert_says(
        &text,
        &[
            "办公室李明于2026年9月15日在本机关综合档案室、电子公文系统中进行了检索",
            "老旧小区、补助资金",
            "第三十六条第四项",
            "不存在",
            REMEDY,
        ],
    );
}

async fn what_another_agency_holds_is_told_with_its_name_and_telephone(app: TestApp) {
    let mut content = u2();
    content["responsible_agency"] = json!("青云县教育局");
    content["responsible_contact"] = json!("电话0000-1111111");

    let (_, text) = issued(&app, &content).await;

    let said = "可以向青云县教育局（电话0000-1111111）提出政府信息公开申请";
    assert_says(&text, &["理由是：该信息由教育行政部门制作并保存。", said]);
}

async fn what_another_agency_holds_is_told_without_a_name_where_nobody_knows_it(app: TestApp) {
    let (_, text) = issued(&app, &u2()).await;

    assert_says(&text, &["不属于本机关负责公开", "第十条、第三十六条第五项"]);
    assert!(!text.contains("可以向"), "{text}");
}

async fn an_organisation_is_addressed_as_one(app: TestApp) {
    let case = Case::filed_with(&app, |form| {
        form["applicant"]["kind"] = json!("commercial");
        form["applicant"]["name"] = json!("青云建筑有限公司");
        form["applicant"]["credential_kind"] = json!("credit_code");
        form["applicant"]["credential_number"] = json!("91350100M000100Y43");
    });
    let case = case.await.processed().await;

    let text = case.pdf(&case.issued(&g1()).await).await;

    assert_says(&text, &["青云建筑有限公司：", "您单位"]);
}

async fn nothing_is_said_not_to_exist_without_a_record_of_the_search(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut content = u1();
    content["search"]["keywords"] = json!(" ");
    for content in [json!({ "outcome": "U1", "items": ["甲"] }), content] {
        let notice = case.drafted(&content).await;

        let refused = case.step(By::Officer, &notice, json!({ "step": "submit" })).await;

        assert_eq!(refused.fault(), (422, "search_record_missing", "search"));
        assert_eq!(refused.json["article"], "《政府信息公开条例》第三十六条第四项");
    }
    assert_eq!(case.view().await["state"], "processing");
}

async fn an_end_that_no_reply_tells_cannot_be_submitted(app: TestApp) {
    let case = Case::in_processing(&app).await;
    for outcome in [Outcome::O1, Outcome::O2] {
        let notice = case.drafted(&complete(outcome.as_str())).await;

        let refused = case.step(By::Officer, &notice, json!({ "step": "submit" })).await;

        assert_eq!(refused.fault(), (422, "invalid_input", "outcome"), "{outcome}");
        assert_eq!(refused.json["errors"][0]["code"], "no_wording", "{outcome}");
    }
    assert_eq!(case.view().await["state"], "processing");
}

/// Everything any outcome could want.
fn complete(outcome: &str) -> Value {
    let mut content = u1();
    content["outcome"] = json!(outcome);
    content["search"]["on"] = json!("2026-09-14");
    for field in [
        "place",
        "supply",
        "withheld",
        "statute",
        "reasons",
        "consultation",
        "responsible_agency",
        "responsible_contact",
        "earlier_reply",
        "correction_history",
        "volume_record",
    ] {
        content[field] = json!("详见案卷");
    }
    content
}

async fn nothing_is_released_before_secrecy_review(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let notice = case.drafted(&g2()).await;
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);

    let early = case.step(By::Head, &notice, json!({ "step": "approve" })).await;

    assert_eq!(early.refusal(), (422, "secrecy_review_missing"));
    assert_eq!(early.json["article"], "《政府信息公开条例》第十七条");
    case.reviewed().await;
    case.step(By::Head, &notice, json!({ "step": "approve" })).await.expect(200);
}

async fn nobody_approves_their_own_draft(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // Given a head who drafts the reply herself
    let head = app.head().await;
    let draft = head.post(&case.path("/notices"), &g1()).await.expect(201);
    let notice = draft.json["id"].as_str().unwrap().to_owned();
    case.step(By::Head, &notice, json!({ "step": "submit" })).await.expect(200);

    // When she approves it, it is refused; nobody else's approval is
    let own = case.step(By::Head, &notice, json!({ "step": "approve" })).await;
    assert_eq!(own.refusal(), (422, "own_draft"));
    let deputy = app.signed_in("deputy", &["head"], Some(app.agency)).await;
    let path = format!("/api/v1/notices/{notice}/steps");
    let version = case.version().await;
    deputy.act(&path, version, &json!({ "step": "approve" })).await.expect(200);

    // And before that, nobody can issue
    let other = Case::in_processing(&app).await;
    let draft = other.drafted(&g1()).await;
    let early = other.step(By::Head, &draft, json!({ "step": "issue" })).await;
    assert_eq!(early.refusal(), (422, "wrong_state"));
}

async fn a_sign_no_font_has_is_told_to_the_officer_before_anything_is_numbered(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut content = g1();
    content["place"] = json!("碑刻𓀀拓片");
    let notice = case.drafted(&content).await;

    let refused = case.step(By::Officer, &notice, json!({ "step": "submit" })).await;

    assert_eq!(refused.refusal(), (422, "unprintable"));
    assert!(refused.json["detail"].as_str().unwrap().contains('𓀀'), "{}", refused.json);
    let officer = app.officer().await;
    let preview = officer.get(&format!("/api/v1/notices/{notice}/preview")).await;
    assert_eq!(preview.refusal(), (422, "unprintable"));
    let officer_again = officer.put(&format!("/api/v1/notices/{notice}"), 1, &g1()).await;
    officer_again.expect(200);
    case.step(By::Officer, &notice, json!({ "step": "submit" })).await.expect(200);
}
