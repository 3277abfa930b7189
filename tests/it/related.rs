//! What else came from the same people and what else asks for the same: shown, linked, never acted
//! upon.

use gongkai::jobs;
use serde_json::{Value, json};

use crate::support::cases::Case;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    requests_of_the_same_people_are_counted_and_linked,
    requests_that_ask_for_the_same_are_found_the_applicants_own_first,
    what_another_agency_got_is_not_counted,
);

/// A request by somebody else from elsewhere.
fn somebody_else(form: &mut Value) {
    form["applicant"]["name"] = json!("李四");
    form["applicant"]["credential_number"] = json!("110101199003071233");
    form["applicant"]["phone"] = json!("13911112222");
    form["applicant"]["address"] = json!("青云县城关镇建设路9号");
}

fn tie<'a>(view: &'a Value, by: &str) -> &'a Value {
    let ties = view["ties"].as_array().unwrap();
    ties.iter().find(|tie| tie["by"] == by).unwrap_or_else(|| panic!("no {by} in {view}"))
}

async fn related(app: &TestApp, case: &Case<'_>) -> Value {
    jobs::drain(&app.app).await.unwrap();
    app.officer().await.get(&case.path("/related")).await.expect(200).json
}

async fn requests_of_the_same_people_are_counted_and_linked(app: TestApp) {
    // given two of the same person, one by somebody else with the same telephone typed otherwise,
    // and one from more than a year ago
    app.set_today("2025-09-01");
    let _long_ago = Case::filed(&app).await;
    app.set_today("2026-09-14");
    let first = Case::filed(&app).await;
    let tied_by_phone = Case::filed_with(&app, |form| {
        somebody_else(form);
        form["applicant"]["phone"] = json!("138 0000-0000");
    })
    .await;
    let case = Case::filed_with(&app, |form| {
        form["applicant"]["credential_number"] = json!("１１０１０５１９４９１２３１００２ｘ");
    })
    .await;
    // when the officer looks
    let view = related(&app, &case).await;
    // then each tie is counted over the period and leads to the others
    assert_eq!((&view["since"], &view["until"]), (&json!("2025-09-14"), &json!("2026-09-14")));
    let by_person = tie(&view, "applicant");
    assert_eq!(by_person["count"], 2);
    assert_eq!(by_person["requests"][0]["number"], json!(first.number));
    let href = by_person["requests"][0]["href"].as_str().unwrap();
    assert_eq!(app.officer().await.get(href).await.expect(200).json["id"], json!(first.id));
    let by_phone = tie(&view, "phone");
    assert_eq!(by_phone["count"], 3);
    let numbers: Vec<&Value> =
        by_phone["requests"].as_array().unwrap().iter().map(|r| &r["number"]).collect();
    assert!(numbers.contains(&&json!(tied_by_phone.number)));
    assert_eq!(by_phone["requests"][0]["applicant"].as_str().unwrap().chars().nth(1), Some('*'));
    assert_eq!(tie(&view, "address")["count"], 2);
    assert!(!view["ties"].to_string().contains("\"agent\""), "nobody acted for the applicant");
}

async fn requests_that_ask_for_the_same_are_found_the_applicants_own_first(app: TestApp) {
    // given the same wish by the same person long ago, by somebody else, and another wish
    app.set_today("2024-09-02");
    let own = Case::filed_with(&app, |form| {
        form["title"] = json!("老旧小区改造补助资金的分配表（2025年度）");
    })
    .await;
    app.set_today("2026-09-14");
    let other = Case::filed_with(&app, somebody_else).await;
    let another_wish = Case::filed_with(&app, |form| {
        somebody_else(form);
        form["title"] = json!("城区学校招生计划");
        form["description"] = json!("");
    })
    .await;
    let case = Case::filed(&app).await;
    // when the officer looks
    let view = related(&app, &case).await;
    // then both are found, the applicant's own first though the other is more alike
    let found: Vec<(&str, bool)> = view["similar"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["request"]["number"].as_str().unwrap(), s["same_applicant"].as_bool().unwrap()))
        .collect();
    assert_eq!(found, [(own.number.as_str(), true), (other.number.as_str(), false)], "{view}");
    assert_eq!(view["similar"][1]["likeness"], 100);
    assert!(view["similar"][0]["likeness"].as_u64().unwrap() < 100);
    // and whoever looks from the other wish finds nothing
    assert_eq!(related(&app, &another_wish).await["similar"], json!([]));
    // and nothing was refused or changed because of it
    assert_eq!(case.view().await["state"], "registered");
}

async fn what_another_agency_got_is_not_counted(app: TestApp) {
    let mut elsewhere = crate::support::cases::filing(&app);
    elsewhere["agency"] = json!(app.other_agency);
    app.anon().post("/api/v1/requests", &elsewhere).await.expect(201);
    let case = Case::filed(&app).await;

    let view = related(&app, &case).await;

    assert_eq!(tie(&view, "applicant")["count"], 1);
    assert_eq!(view["similar"], json!([]));
}
