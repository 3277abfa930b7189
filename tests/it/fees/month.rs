//! The fee of a request within its month, through the public door: the list, the lawful amount, the
//! notice, payment and refund; and the real story V14 of the rulebook.

use gongkai::domain::event::FeeScale;
use gongkai::domain::fees::{lawful_fen, month_of};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, registration};
use crate::support::day;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    v14_a_letter_of_twenty_four_items_and_a_fee_notice_after_the_limit,
    the_eleventh_request_of_a_month_is_the_first_that_costs,
    one_request_is_never_charged_by_both_scales,
    what_was_split_off_is_charged_with_the_request_it_became,
    the_way_to_pay_is_the_agencys_own,
);

fn by_items(on: &str, yuan: i64, units: usize) -> Value {
    let units: Vec<_> = (1..=units).map(|n| format!("{n}号地块的征收补偿方案")).collect();
    json!({
        "action": "notify_fee", "on": on, "scale": "items", "amount_fen": yuan * 100,
        "served_on": null, "units": units, "why": "一次申请二十四项，明显超过合理范围"
    })
}

fn listed(count: usize) -> Value {
    let items: Vec<_> =
        (1..=count).map(|n| json!({ "title": format!("{n}号地块的征收补偿方案") })).collect();
    json!({ "action": "list_items", "items": items })
}

fn by_pages(on: &str, yuan: i64, pages: u32) -> Value {
    json!({
        "action": "notify_fee", "on": on, "scale": "pages", "amount_fen": yuan * 100,
        "served_on": null, "pages": pages
    })
}

async fn fee(case: &Case<'_>, question: &str) -> Value {
    let officer = case.app.officer().await;
    officer.get(&case.path(&format!("/fee{question}"))).await.expect(200).json
}

async fn v14_a_letter_of_twenty_four_items_and_a_fee_notice_after_the_limit(app: TestApp) {
    // Given a letter signed for on Thursday 2022-08-18, to be answered by 2022-09-16
    app.set_today("2022-08-18");
    let body = registration("registered_post", "2022-08-18", "EMS 1234，收发室签收");
    let case = Case::registered(&app, &body).await.processed().await;
    assert_eq!(case.view().await["due_on"], "2022-09-16");

    // When the agency counts 24 items and sends the fee notice on 2022-09-22
    app.set_today("2022-09-22");
    let preview = fee(&case, "?units=24").await;
    assert_eq!((&preview["month"], &preview["before"]), (&json!("2022-08-01"), &json!(0)));
    assert_eq!(preview["by_items_fen"], 140_000);
    let unlisted = case.act(By::Officer, by_items("2022-09-22", 1_400, 24)).await;
    assert_eq!(unlisted.fault(), (422, "units_beyond_items", "units"));
    case.does(By::Officer, listed(24)).await;
    let mut twice = by_items("2022-09-22", 1, 2);
    twice["units"] = json!(["一号地块", "一号地块"]);
    let twice = case.act(By::Officer, twice).await;
    assert_eq!(twice.fault(), (422, "unit_twice", "units"));
    let over = case.act(By::Officer, by_items("2022-09-22", 1_500, 24)).await;
    assert_eq!(over.fault(), (422, "fee_above_lawful", "amount_fen"));
    assert!(over.json["detail"].as_str().unwrap().contains("1400元"), "{}", over.json);
    assert!(over.json["article"].as_str().unwrap().contains("第四条"), "{}", over.json);
    let view = case.does(By::Officer, by_items("2022-09-22", 1_400, 24)).await;

    // Then the notice stands with its defect, and says how the lawful amount was found
    assert_eq!(
        (&view["state"], &view["defects"]),
        (&json!("fee_pending"), &json!(["fee_notice_late"]))
    );
    let notice = case.notice("fee_notice").await;
    assert_eq!(notice["number"], "青财依费〔2022〕第1号");
    assert_says(
        &case.pdf(&notice).await,
        &[
            "信息处理费1400元",
            "在本申请之前计0件，本申请计24件",
            "1.1号地块的征收补偿方案；",
            "24.24号地块的征收补偿方案。",
            "次日起20个工作日内缴纳",
            "答复期限自完成缴费的次日起重新计算",
        ],
    );

    // And its slip starts the time to pay, and payment in full a new limit
    app.set_today("2022-10-10");
    let sent = json!({ "step": "sent", "on": "2022-09-23", "method": "ems", "tracking": "EA1" });
    case.serve(notice["id"].as_str().unwrap(), sent).await.expect(200);
    let served = json!({ "step": "served", "on": "2022-09-23", "evidence": "回执" });
    case.serve(notice["id"].as_str().unwrap(), served).await.expect(200);
    let asked = fee(&case, "").await["asked"].clone();
    assert_eq!(
        (&asked["served_on"], &asked["pay_by"], &asked["lawful_fen"]),
        (&json!("2022-09-23"), &json!("2022-10-26"), &json!(140_000))
    );
    let pay = json!({
        "action": "record_payment", "on": "2022-10-10", "amount_fen": 140_000, "proof": "缴款书"
    });
    let view = case.does(By::Clerk, pay).await;
    assert_eq!((&view["state"], &view["due_on"]), (&json!("processing"), &json!("2022-11-07")));

    // And nothing more can be asked, but what was wrong can go back, and no more than was paid
    let again = case.act(By::Officer, by_items("2022-10-10", 1, 24)).await;
    assert_eq!(again.refusal(), (422, "fee_above_lawful"));
    let refund = |fen: i64| {
        json!({
            "action": "refund_fee", "on": "2022-10-10", "amount_fen": fen,
            "why": "复议决定认定收费通知逾期", "proof": "退库凭证"
        })
    };
    let over = case.act(By::Officer, refund(140_001)).await;
    assert_eq!(over.fault(), (422, "refund_above_paid", "amount_fen"));
    case.does(By::Officer, refund(140_000)).await;
    let asked = fee(&case, "").await["asked"].clone();
    assert_eq!((&asked["paid_fen"], &asked["refunded_fen"]), (&json!(140_000), &json!(140_000)));
    assert_eq!(case.act(By::Officer, refund(1)).await.refusal(), (422, "wrong_state"));
    let faults = app.app.verify(true).await.unwrap().faults;
    assert_eq!(faults, Vec::<String>::new());
}

async fn the_eleventh_request_of_a_month_is_the_first_that_costs(app: TestApp) {
    // Given eleven requests of one person in one month, one of somebody else, one to another agency
    let mut cases = Vec::new();
    for _ in 0..11 {
        cases.push(Case::filed(&app).await);
    }
    Case::filed_with(&app, |form| {
        form["applicant"]["credential_number"] = json!("11010519491231004X");
    })
    .await;
    let mut elsewhere = crate::support::cases::filing(&app);
    elsewhere["agency"] = json!(app.other_agency);
    app.anon().post("/api/v1/requests", &elsewhere).await.expect(201);
    let last = cases.pop().unwrap().processed().await;

    // Then the eleventh costs 100 yuan, and the list says why
    let view = fee(&last, "").await;
    assert_eq!((&view["before"], &view["by_items_fen"]), (&json!(10), &json!(10_000)));
    let listed = view["requests"].as_array().unwrap();
    assert_eq!((listed.len(), &listed[10]["k"]), (11, &json!(11)));
    let over = last.act(By::Officer, by_items("2026-09-14", 101, 0)).await;
    assert_eq!(over.refusal(), (422, "fee_above_lawful"));

    // When one of them is withdrawn, it does not count, and the last is free
    let statement = json!({ "statement": "不再需要" });
    cases[2].applicant("withdrawal", statement).await.expect(200);
    let view = fee(&last, "").await;
    assert_eq!((&view["before"], &view["by_items_fen"]), (&json!(9), &json!(0)));
    assert_eq!(view["requests"][2]["counts"], false);
    let free = last.act(By::Officer, by_items("2026-09-14", 100, 0)).await;
    assert_eq!(free.refusal(), (422, "fee_above_lawful"));
}

async fn what_was_split_off_is_charged_with_the_request_it_became(app: TestApp) {
    // Given a letter of twelve items, of which eleven become requests of their own
    let case = Case::in_processing(&app).await;
    case.does(By::Officer, listed(12)).await;
    let parts: Vec<_> = (2..=12).map(|n| json!({ "items": [n] })).collect();
    let (version, split) = (case.version().await, json!({ "parts": parts }));
    app.officer().await.act(&case.path("/split"), version, &split).await.expect(200);

    // Then the letter itself is charged for what is left of it
    let refused = case.act(By::Officer, by_items("2026-09-14", 200, 12)).await;
    assert_eq!(refused.fault(), (422, "units_beyond_items", "units"));
    // And the month counts every item once
    let view = fee(&case, "").await;
    let counted: i64 =
        view["requests"].as_array().unwrap().iter().map(|one| one["units"].as_i64().unwrap()).sum();
    assert_eq!(counted, 12, "{view}");
}

async fn one_request_is_never_charged_by_both_scales(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let unsaid = case.act(By::Officer, by_pages("2026-09-14", 380, 0)).await;
    assert_eq!(unsaid.refusal(), (422, "fee_above_lawful"));
    case.does(By::Officer, by_pages("2026-09-14", 380, 68)).await;
    let pay = json!({
        "action": "record_payment", "on": "2026-09-14", "amount_fen": 38_000, "proof": "缴款书"
    });
    case.does(By::Clerk, pay).await;

    let other = case.act(By::Officer, by_items("2026-09-14", 100, 24)).await;

    assert_eq!(other.fault(), (422, "fee_scales_mixed", "scale"));
    assert!(other.json["article"].as_str().unwrap().contains("第三条"), "{}", other.json);
    // More pages of the same request: the difference, and no more.
    let more = case.act(By::Officer, by_pages("2026-09-14", 341, 101)).await;
    assert_eq!(more.refusal(), (422, "fee_above_lawful"));
    case.does(By::Officer, by_pages("2026-09-14", 340, 101)).await;
}

async fn the_way_to_pay_is_the_agencys_own(app: TestApp) {
    // Given an agency that publishes a payment code
    let admin = app.admin().await;
    let path = format!("/api/v1/agencies/{}", app.agency);
    let agency = admin.get(&path).await.expect(200);
    let version = i32::try_from(agency.json["version"].as_i64().unwrap()).unwrap();
    let mut profile = agency.json.clone();
    for key in ["id", "serial", "active", "version", "merged_into", "merged_on", "merged_by"] {
        profile.as_object_mut().unwrap().remove(key);
    }
    profile["payment"] = json!("缴款码：43012400000000000000\n银行转账：县财政非税收入专户");
    let change = json!({ "profile": profile, "active": true });
    let changed = admin.put(&path, version, &change).await.expect(200).json;
    assert!(changed["payment"].as_str().unwrap().starts_with("缴款码"));

    // Then the notice prints it
    let case = Case::in_processing(&app).await;
    case.does(By::Officer, by_pages("2026-09-14", 380, 68)).await;
    let text = case.pdf(&case.notice("fee_notice").await).await;
    assert_says(
        &text,
        &["1.缴款码：43012400000000000000；", "2.银行转账：县财政非税收入专户。", "共68页"],
    );
}

#[test]
fn a_request_counts_in_the_month_of_its_receipt() {
    assert_eq!(month_of(day("2026-02-28")), (day("2026-02-01"), day("2026-02-28")));
    assert_eq!(month_of(day("2024-12-01")), (day("2024-12-01"), day("2024-12-31")));
}

proptest! {
    /// Splitting a letter's units over several notices asks neither more nor less.
    #[test]
    fn units_cost_the_same_together_and_one_by_one(
        before in 0u32..200, first in 0u32..100, second in 0u32..100,
    ) {
        let price = |before, units| lawful_fen(FeeScale::Items, before, units, None).unwrap();
        prop_assert_eq!(
            price(before, first) + price(before + first, second),
            price(before, first + second)
        );
        prop_assert!(price(before + 1, first) >= price(before, first));
    }
}
