//! The forms of a case: filled from its ledger, masked, on record; the empty ones open to all.

use serde_json::json;

use crate::support::cases::{By, Case, assert_says, g1, pdf_text};
use crate::support::client::Reply;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_forms_of_a_case_say_what_is_on_record_and_show_nobodys_numbers,
    the_slip_for_an_extension_shows_both_last_days,
    the_answer_to_a_review_body_tells_the_course_of_the_case,
    a_form_without_anything_to_say_and_a_form_nobody_knows_are_refused,
    whoever_applies_takes_an_empty_form_without_signing_in,
);

async fn form(case: &Case<'_>, kind: &str) -> Reply {
    case.app.officer().await.get(&case.path(&format!("/forms/{kind}"))).await
}

async fn text(case: &Case<'_>, kind: &str) -> String {
    pdf_text(&form(case, kind).await.expect(200).bytes)
}

async fn the_forms_of_a_case_say_what_is_on_record_and_show_nobodys_numbers(app: TestApp) {
    // Given a case whose file was searched for
    let case = Case::in_processing(&app).await;
    let items = json!({ "action": "list_items", "items": [{ "title": "补助资金分配表" }] });
    case.does(By::Officer, items).await;
    let search = json!({
        "action": "record_search", "item": 1, "search": {
            "on": "2026-09-14", "systems": "电子公文系统、业务档案室", "keywords": "老旧小区、补助",
            "by": "刘洋", "result": "查到2份文件", "found": true
        }
    });
    case.does(By::Officer, search).await;
    let number = case.view().await["number"].as_str().unwrap().to_owned();

    // When its forms are printed
    for (kind, facts) in [
        ("application_form", ["王*明", "居民身份证", "青云县财政局"]),
        ("register_sheet", [number.as_str(), "2026年9月14日", "分办"]),
        ("internal_task", [number.as_str(), "2026年10月16日", "检索"]),
        ("handling_sheet", [number.as_str(), "业务档案室", "刘洋"]),
        ("secrecy_sheet", [number.as_str(), "审查", "涉及"]),
        ("withdrawal_confirmation", [number.as_str(), "王小明", "撤回"]),
        ("power_of_attorney", ["委托", "王小明", "青云县财政局"]),
    ] {
        // Then each says what is on record, and no number of a person
        let printed = text(&case, kind).await;
        assert_says(&printed, &facts);
        for secret in ["11010519491231002X", "13812345678"] {
            assert!(!printed.contains(secret), "{kind}: {printed}");
        }
        let word = form(&case, &format!("{kind}?format=docx")).await.expect(200);
        assert!(word.bytes.starts_with(b"PK"), "{kind}");
    }
    // The task for the offices does not say who asks
    assert!(!text(&case, "internal_task").await.contains("王小明"));
    // And each printing is on record
    let log = app.app.store.read(|conn| {
        let filter = gongkai::db::audit::AuditFilter::default();
        gongkai::db::audit::page(conn, &filter, None, 100)
    });
    let printed = log.await.unwrap().into_iter().filter(|note| note.action == "form.print");
    assert_eq!(printed.count(), 15);
    // and nothing is for the eyes of another agency
    let stranger = app.signed_in("stranger", &["officer"], Some(app.other_agency)).await;
    let refused = stranger.get(&case.path("/forms/register_sheet")).await;
    assert_eq!(refused.refusal(), (404, "not_found"));
}

/// 条例 art. 33 ¶2.
async fn the_slip_for_an_extension_shows_both_last_days(app: TestApp) {
    let case = Case::in_processing(&app).await;
    // Before anybody asks there is one last day, and the other is to come
    let empty = text(&case, "extension_sheet").await;
    assert_says(&empty, &["2026年10月16日", "☐同意"]);
    let ask = json!({
        "action": "ask_extension", "working_days": 10, "reason": "需要从12个小区的档案中逐份检索"
    });
    case.does(By::Officer, ask).await;
    let asked = text(&case, "extension_sheet").await;
    assert_says(&asked, &["2026年10月16日", "2026年10月30日", "逐份检索", "10个"]);
    // Once told, both stay what they were
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    case.does(By::Officer, json!({ "action": "tell_extension", "on": "2026-09-14" })).await;
    assert_eq!(case.view().await["due_on"], "2026-10-30");
    let told = text(&case, "extension_sheet").await;
    assert_says(&told, &["2026年10月16日", "2026年10月30日", "同意延长10个工作日"]);
}

/// 行政复议法 art. 48, 54.
async fn the_answer_to_a_review_body_tells_the_course_of_the_case(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let reply = case.issued(&g1()).await;
    let sent = json!({
        "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" }
    });
    case.serve(reply["id"].as_str().unwrap(), sent).await.expect(200);
    let opened = json!({
        "action": "open_remedy", "on": "2026-09-14", "id": "青复〔2026〕9号",
        "remedy": "reconsideration", "body": "青云县人民政府", "procedure": "simplified",
        "claims": "撤销答复并责令重新答复"
    });
    case.does(By::Clerk, opened).await;
    let answer = text(&case, "defence_answer").await;
    let number = reply["number"].as_str().unwrap();
    assert_says(
        &answer,
        &["行政复议答复书", "青云县人民政府", "撤销答复并责令重新答复", number, "王小明"],
    );
}

async fn a_form_without_anything_to_say_and_a_form_nobody_knows_are_refused(app: TestApp) {
    let case = Case::in_processing(&app).await;
    for kind in ["third_party_slip", "agency_slip", "supply_list", "defence_answer"] {
        assert_eq!(form(&case, kind).await.refusal(), (409, "nothing_to_fill_in"), "{kind}");
    }
    for kind in ["receipt", "nothing", "..%2F..%2Fetc"] {
        assert_eq!(form(&case, kind).await.refusal(), (404, "not_found"), "{kind}");
    }
    let odd = form(&case, "register_sheet?format=exe").await;
    assert_eq!(odd.status, 400);
    // A letter makes its slip, which says nothing of whoever applied
    let consult = json!({
        "action": "consult", "on": "2026-09-14", "id": "1", "party": "third_party",
        "addressee": "某某建筑公司", "jointly_made": false, "items": []
    });
    case.does(By::Officer, consult).await;
    let slip = text(&case, "third_party_slip").await;
    assert_says(&slip, &["某某建筑公司", "同意"]);
    assert!(!slip.contains("王小明"), "{slip}");
}

async fn whoever_applies_takes_an_empty_form_without_signing_in(app: TestApp) {
    let agency = app.agency;
    for kind in ["application_form", "power_of_attorney"] {
        let path = format!("/api/v1/agencies/{agency}/forms/{kind}");
        let blank = app.anon().get(&path).await.expect(200);
        assert_says(&pdf_text(&blank.bytes), &["青云县财政局"]);
        let again = app.anon().get(&path).await.expect(200);
        assert_eq!(blank.bytes, again.bytes, "other bytes from the same input");
        let word = app.anon().get(&format!("{path}?format=docx")).await.expect(200);
        assert!(word.bytes.starts_with(b"PK"));
    }
    let inner = format!("/api/v1/agencies/{agency}/forms/handling_sheet");
    assert_eq!(app.anon().get(&inner).await.refusal(), (404, "not_found"));
}
