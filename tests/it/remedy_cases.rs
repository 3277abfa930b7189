//! Reconsiderations and suits through the public door: what comes in, until when the agency must
//! answer, what is late, and the table that follows.

use gongkai::db::{StoreError, remedies};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, u1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_reconsideration_presses_until_it_is_answered_and_counts_when_it_ends,
    an_order_to_reply_anew_gives_the_case_a_new_date_that_governs,
    a_late_answer_is_a_defect_and_several_remedies_stand_side_by_side,
    the_list_has_pages_and_shows_only_the_agencys_own,
    remedies_of_old_ledgers_are_listed_at_the_next_start,
    table_four_of_the_county_is_the_sum_of_its_agencies,
);

/// A reply that left and arrived on Monday 2026-09-14.
pub async fn served(app: &TestApp) -> Case<'_> {
    let case = Case::in_processing(app).await;
    let mut content = u1();
    content["search"]["on"] = json!("2026-09-14");
    let notice = case.issued(&content).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    case
}

pub fn opened(id: &str, on: &str) -> Value {
    json!({
        "action": "open_remedy", "on": on, "id": id, "remedy": "reconsideration",
        "body": "青云县人民政府", "procedure": "simplified", "claims": "撤销答复"
    })
}

pub fn answered(id: &str, on: &str) -> Value {
    json!({
        "action": "answer_remedy", "on": on, "id": id, "document": "行政复议答复书",
        "evidence": "1．申请表；2．检索记录；3．送达回证"
    })
}

fn decided(id: &str, on: &str, result: &str) -> Value {
    json!({
        "action": "decide_remedy", "on": on, "id": id, "result": result, "decision": "青复决1号"
    })
}

async fn listed(app: &TestApp, query: &str) -> Value {
    app.officer().await.get(&format!("/api/v1/remedies{query}")).await.expect(200).json
}

async fn numbers(app: &TestApp, year: i32) -> Value {
    let path = format!("/api/v1/reports/table-four?year={year}");
    app.officer().await.get(&path).await.expect(200).json["numbers"].clone()
}

async fn a_reconsideration_presses_until_it_is_answered_and_counts_when_it_ends(app: TestApp) {
    let case = served(&app).await;
    app.set_today("2026-09-21");
    case.does(By::Clerk, opened("青复1号", "2026-09-18")).await;

    // Then five working days run, the Sunday worked instead counted, the festival not
    let view = case.view().await;
    assert_eq!(view["state"], "under_remedy");
    assert_eq!(
        (&view["governing"], &view["governing_on"]),
        (&json!("remedy_answer"), &json!("2026-09-24"))
    );
    let queue = app.officer().await.get("/api/v1/requests").await.expect(200).json;
    assert_eq!(queue["items"][0]["remedy_due_on"], "2026-09-24");
    let list = listed(&app, "").await;
    let first = &list["items"][0];
    assert_eq!((&first["id"], &first["request_number"]), (&json!("青复1号"), &json!(case.number)));
    assert_eq!((&first["answer_due_on"], &first["overdue"]), (&json!("2026-09-24"), &json!(false)));
    assert_eq!(numbers(&app, 2026).await, json!([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

    // When it is answered, nothing presses any more; the answer cannot be given twice
    case.does(By::Officer, answered("青复1号", "2026-09-21")).await;
    let view = case.view().await;
    assert_eq!((&view["governing"], &view["no_date"]), (&Value::Null, &json!("under_remedy")));
    assert_eq!(view["remedy_due_on"], Value::Null);
    let again = case.act(By::Officer, answered("青复1号", "2026-09-21")).await;
    assert_eq!(again.refusal(), (422, "wrong_state"));

    // When it is upheld, the case is over, and the applicant may still sue
    app.set_today("2026-10-19");
    case.does(By::Officer, decided("青复1号", "2026-10-16", "upheld")).await;
    assert_eq!(listed(&app, "").await["items"], json!([]));
    assert_eq!(listed(&app, "?open=false").await["items"][0]["result"], "upheld");
    assert_eq!(numbers(&app, 2026).await, json!([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(numbers(&app, 2025).await, json!(vec![0; 15]));
    let path = case.path("/remedies");
    let full = app.officer().await.get(&path).await.expect(200).json;
    assert_eq!(full["remedies"][0]["evidence"], "1．申请表；2．检索记录；3．送达回证");
    let kinds: Vec<&Value> =
        full["windows"].as_array().unwrap().iter().map(|w| &w["kind"]).collect();
    // What was reviewed on its substance is attacked by a suit over the decision alone
    assert_eq!(kinds, ["suit_after_reconsideration"]);
    let last = &full["windows"][0];
    // Saturday 31 October rolls to the Monday; nobody knows when the applicant got the decision
    assert_eq!((&last["until"], &last["provisional"]), (&json!("2026-11-02"), &json!(true)));
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn an_order_to_reply_anew_gives_the_case_a_new_date_that_governs(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Clerk, opened("青复1号", "2026-09-14")).await;
    app.set_today("2026-10-19");
    let annulled = json!({
        "action": "decide_remedy", "on": "2026-10-19", "id": "青复1号", "result": "upheld",
        "ending": "annulled", "decision": "青复决1号"
    });
    // A column that contradicts the way it ended is told at the field
    let refused = case.act(By::Officer, annulled.clone()).await;
    assert_eq!(refused.fault(), (422, "ending_unfit", "result"));
    let mut right = annulled;
    right["result"] = json!("corrected");
    case.does(By::Officer, right).await;
    let order = json!({
        "action": "remand", "on": "2026-10-19", "working_days": 15, "decision": "青复决1号",
        "remedy": "青复1号"
    });
    assert_eq!(case.act(By::Officer, order.clone()).await.refusal(), (403, "forbidden"));
    let view = case.does(By::Head, order).await;
    assert_eq!(view["state"], "processing");
    assert_eq!(
        (&view["governing"], &view["governing_on"]),
        (&json!("reply"), &json!("2026-11-09"))
    );
    // Never answered: that is on record
    assert_eq!(view["defects"], json!(["remedy_answer_missing"]));
    let full = app.officer().await.get(&case.path("/remedies")).await.expect(200).json;
    assert_eq!(full["remedies"][0]["remanded_working_days"], 15);
    assert_eq!(numbers(&app, 2026).await[1], 1);
    assert!(case.track().await.to_string().contains("重新答复"));
}

async fn a_late_answer_is_a_defect_and_several_remedies_stand_side_by_side(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Clerk, opened("青复1号", "2026-09-14")).await;
    app.set_today("2026-09-22");
    assert_eq!(listed(&app, "").await["items"][0]["overdue"], true);
    case.does(By::Officer, answered("青复1号", "2026-09-22")).await;
    assert_eq!(case.view().await["defects"], json!(["remedy_answer_late"]));
    let withdrawn = json!({
        "action": "decide_remedy", "on": "2026-09-22", "id": "青复1号", "result": "other",
        "ending": "withdrawn"
    });
    case.does(By::Officer, withdrawn).await;
    // The same number is no second remedy; a suit is, and a third party needs a name
    let refused = case.act(By::Clerk, opened("青复1号", "2026-09-22")).await;
    assert_eq!(refused.fault(), (422, "duplicate", "id"));
    let mut suit = json!({
        "action": "open_remedy", "on": "2026-09-22", "id": "行初1号", "remedy": "suit",
        "body": "青云县人民法院", "claimant": "third_party"
    });
    let refused = case.act(By::Clerk, suit.clone()).await;
    assert_eq!(refused.fault(), (422, "text_missing", "claimant_name"));
    suit["claimant_name"] = json!("青云县某建材有限公司");
    case.does(By::Clerk, suit).await;
    let full = app.officer().await.get(&case.path("/remedies")).await.expect(200).json;
    let told: Vec<_> = full["remedies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["id"].as_str().unwrap(), r["answer_due_on"].as_str().unwrap(), &r["result"]))
        .collect();
    // Fifteen days after 22 September end in the holiday: 8 October.
    assert_eq!(
        told,
        [("青复1号", "2026-09-20", &json!("other")), ("行初1号", "2026-10-08", &Value::Null)]
    );
    let mut without = opened("青复2号", "2026-09-22");
    without.as_object_mut().unwrap().remove("procedure");
    let refused = case.act(By::Clerk, without).await;
    assert_eq!(refused.fault(), (422, "text_missing", "procedure"));
    assert_eq!(numbers(&app, 2026).await, json!([0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]));
}

async fn the_list_has_pages_and_shows_only_the_agencys_own(app: TestApp) {
    let (first, second) = (served(&app).await, served(&app).await);
    app.set_today("2026-09-16");
    second.does(By::Clerk, opened("青复2号", "2026-09-14")).await;
    first.does(By::Clerk, opened("青复1号", "2026-09-15")).await;
    first.does(By::Clerk, opened("青复3号", "2026-09-16")).await;
    let mut seen = Vec::new();
    let mut query = "?limit=1".to_owned();
    loop {
        let page = listed(&app, &query).await;
        seen.push(page["items"][0]["id"].as_str().unwrap().to_owned());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=1&cursor={next}");
    }
    assert_eq!(seen, ["青复2号", "青复1号", "青复3号"], "the next last day first");

    let officer = app.officer().await;
    let bad = officer.get("/api/v1/remedies?cursor=x").await;
    assert_eq!(bad.blamed(), ("cursor", "malformed_cursor"));
    let bad = officer.get("/api/v1/remedies?limit=201").await;
    assert_eq!(bad.blamed(), ("limit", "out_of_range"));
    for year in ["1999", "2027"] {
        let bad = officer.get(&format!("/api/v1/reports/table-four?year={year}")).await;
        assert_eq!(bad.blamed(), ("year", "out_of_range"));
    }
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.get("/api/v1/remedies").await.expect(200).json["items"], json!([]));
    let wanted = format!("/api/v1/remedies?agency={}", app.agency);
    assert_eq!(stranger.get(&wanted).await.refusal(), (404, "not_found"));
    assert_eq!(stranger.get(&first.path("/remedies")).await.refusal(), (404, "not_found"));
    let supervisor = app.supervisor().await;
    let all = supervisor.get(&wanted).await.expect(200).json;
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
}

async fn remedies_of_old_ledgers_are_listed_at_the_next_start(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Clerk, opened("青复1号", "2026-09-14")).await;
    let id: Uuid = case.id.parse().unwrap();
    app.db_write(move |conn| remedies::replace(conn, id, Vec::new())).await;
    let report = app.app.verify(false).await.unwrap();
    assert_eq!(report.faults.len(), 1, "{:?}", report.faults);

    let copy = app.app.clone();
    let listed = tokio::task::spawn_blocking(move || copy.list_existing_remedies()).await.unwrap();
    assert_eq!(listed.unwrap(), 1);
    let rows = app.app.store.read(move |conn| remedies::of_request(conn, id)).await;
    assert_eq!(rows.map_err(|error: StoreError| error).unwrap().len(), 1);
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
    // And a second start finds nothing to do
    let copy = app.app.clone();
    let again = tokio::task::spawn_blocking(move || copy.list_existing_remedies()).await.unwrap();
    assert_eq!(again.unwrap(), 0);
}

async fn table_four_of_the_county_is_the_sum_of_its_agencies(app: TestApp) {
    let case = served(&app).await;
    case.does(By::Clerk, opened("青复1号", "2026-09-14")).await;
    let supervisor = app.supervisor().await;
    let mut sum = [0; 15];
    for agency in [app.agency, app.other_agency] {
        let path = format!("/api/v1/reports/table-four?year=2026&agency={agency}");
        let table = supervisor.get(&path).await.expect(200).json;
        assert_eq!(table["agency"], json!(agency));
        for (cell, n) in sum.iter_mut().zip(table["numbers"].as_array().unwrap()) {
            *cell += n.as_i64().unwrap();
        }
    }
    let county = supervisor.get("/api/v1/reports/table-four?year=2026").await.expect(200).json;
    assert_eq!(county["numbers"], json!(sum));
    assert_eq!((&county["agency"], sum[3]), (&Value::Null, 1));
    let officer = app.officer().await;
    let other = format!("/api/v1/reports/table-four?year=2026&agency={}", app.other_agency);
    assert_eq!(officer.get(&other).await.refusal(), (404, "not_found"));
}
