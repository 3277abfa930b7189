//! Agencies as a tree, their units, desks that are handed over, and agencies that are merged.

mod beside_cases;

use std::collections::BTreeMap;

use gongkai::app::intake::Filing;
use gongkai::domain::ids::AgencyId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, application, filing, g1};
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_supervisor_of_an_agency_sees_its_branch_and_nothing_else,
    no_agency_lies_below_itself,
    people_are_placed_in_units_of_their_own_agency,
    a_desk_is_handed_over_with_an_entry_in_every_ledger,
    a_desk_of_somebody_who_left_is_seen_and_handed_over,
    nobody_hands_over_a_desk_to_somebody_who_handles_no_cases,
    a_merged_agency_loses_no_case_no_number_and_no_date,
    the_worker_finishes_a_merger_that_was_cut_short,
    a_merger_that_cannot_be_is_refused_by_its_field,
);

async fn agency(app: &TestApp, id: Uuid) -> Value {
    app.anon().get(&format!("/api/v1/agencies/{id}")).await.expect(200).json
}

/// Puts an agency below another.
async fn place(app: &TestApp, id: Uuid, parent: Value) -> crate::support::client::Reply {
    let before = agency(app, id).await;
    let mut profile = before.clone();
    for key in ["id", "serial", "active", "version", "merged_into", "merged_on", "merged_by"] {
        profile.as_object_mut().unwrap().remove(key);
    }
    profile["parent"] = parent;
    let version = i32::try_from(before["version"].as_i64().unwrap()).unwrap();
    let body = json!({ "profile": profile, "active": true });
    app.admin().await.put(&format!("/api/v1/agencies/{id}"), version, &body).await
}

async fn a_supervisor_of_an_agency_sees_its_branch_and_nothing_else(app: TestApp) {
    // Given an agency with one below it, a third beside them, and a case with each
    let third = Uuid::now_v7();
    app.db_agency(third, 7, "青云县教育局").await;
    place(&app, app.other_agency, json!(app.agency)).await.expect(200);
    let mut cases = BTreeMap::new();
    for id in [app.agency, app.other_agency, third] {
        let mut form = filing(&app);
        form["agency"] = json!(id);
        let filed = app.anon().post("/api/v1/requests", &form).await.expect(201).json;
        cases.insert(id, format!("/api/v1/requests/{}", filed["id"].as_str().unwrap()));
    }

    // Then the supervisor of the upper one sees two of them, in the list and one by one
    let above = app.signed_in("above", &["supervisor"], Some(app.agency)).await;
    let seen = above.get("/api/v1/requests").await.expect(200).json;
    assert_eq!(seen["items"].as_array().unwrap().len(), 2);
    above.get(&cases[&app.agency]).await.expect(200);
    above.get(&cases[&app.other_agency]).await.expect(200);
    assert_eq!(above.get(&cases[&third]).await.refusal(), (404, "not_found"));
    let narrowed = format!("/api/v1/requests?agency={}", app.other_agency);
    assert_eq!(above.get(&narrowed).await.expect(200).json["items"].as_array().unwrap().len(), 1);
    let outside = above.get(&format!("/api/v1/requests?agency={third}")).await;
    assert_eq!(outside.refusal(), (404, "not_found"));

    // The supervisor of the lower one sees one, the county's all, and an officer above only theirs
    let below = app.signed_in("below", &["supervisor"], Some(app.other_agency)).await;
    assert_eq!(below.get(&cases[&app.agency]).await.refusal(), (404, "not_found"));
    below.get(&cases[&app.other_agency]).await.expect(200);
    let county = app.supervisor().await.get("/api/v1/requests").await.expect(200).json;
    assert_eq!(county["items"].as_array().unwrap().len(), 3);
    let officer = app.signed_in("officer.above", &["officer"], Some(app.agency)).await;
    assert_eq!(officer.get(&cases[&app.other_agency]).await.refusal(), (404, "not_found"));

    // And once the lower one stands by itself, it is seen from above no longer
    place(&app, app.other_agency, Value::Null).await.expect(200);
    assert_eq!(above.get(&cases[&app.other_agency]).await.refusal(), (404, "not_found"));
}

async fn no_agency_lies_below_itself(app: TestApp) {
    let itself = place(&app, app.agency, json!(app.agency)).await;
    assert_eq!(itself.fault(), (422, "invalid_input", "parent"));
    place(&app, app.other_agency, json!(app.agency)).await.expect(200);
    let circle = place(&app, app.agency, json!(app.other_agency)).await;
    assert_eq!(circle.fault(), (422, "invalid_input", "parent"));
    let unknown = place(&app, app.agency, json!(Uuid::now_v7())).await;
    assert_eq!(unknown.fault(), (422, "invalid_input", "parent"));
}

async fn people_are_placed_in_units_of_their_own_agency(app: TestApp) {
    let admin = app.admin().await;
    let path = format!("/api/v1/agencies/{}/units", app.agency);
    let unit = admin.post(&path, &json!({ "name": " 预算股 " })).await.expect(201).json;
    assert_eq!(unit["name"], "预算股");
    let again = admin.post(&path, &json!({ "name": "预算股" })).await;
    assert_eq!(again.fault(), (422, "invalid_input", "name"));
    assert_eq!(admin.post(&path, &json!({ "name": " " })).await.fault(), (422, "invalid_input", "name"));

    let person = |login: &str, agency: Uuid| {
        json!({
            "login": login, "name": "周敏", "roles": ["officer"], "agency_id": agency,
            "unit_id": unit["id"]
        })
    };
    let placed = admin.post("/api/v1/people", &person("zhou", app.agency)).await.expect(201).json;
    assert_eq!(placed["person"]["unit_id"], unit["id"]);
    let elsewhere = admin.post("/api/v1/people", &person("zhou2", app.other_agency)).await;
    assert_eq!(elsewhere.fault(), (422, "invalid_input", "unit_id"));
    let colleagues = app.clerk().await.get("/api/v1/colleagues").await.expect(200).json;
    let units: Vec<&Value> = colleagues.as_array().unwrap().iter().map(|c| &c["unit_id"]).collect();
    assert!(units.contains(&&unit["id"]), "{colleagues}");

    // A unit that is closed takes nobody in, and people of other agencies do not see it
    let id = unit["id"].as_str().unwrap();
    let closed = json!({ "name": "预算股", "active": false });
    admin.put(&format!("/api/v1/units/{id}"), 1, &closed).await.expect(200);
    let late = admin.put(&format!("/api/v1/units/{id}"), 1, &closed).await;
    assert_eq!(late.refusal(), (409, "changed"));
    let refused = admin.post("/api/v1/people", &person("zhou3", app.agency)).await;
    assert_eq!(refused.fault(), (422, "invalid_input", "unit_id"));
    let stranger = app.signed_in("stranger", &["clerk"], Some(app.other_agency)).await;
    assert_eq!(stranger.get(&path).await.refusal(), (404, "not_found"));
}

/// Somebody of the agency, with their id.
async fn colleague(app: &TestApp, login: &str, roles: &[&str]) -> (Client, Uuid) {
    let client = app.signed_in(login, roles, Some(app.agency)).await;
    (client, app.db_user(login).await.unwrap().id)
}

async fn a_desk_is_handed_over_with_an_entry_in_every_ledger(app: TestApp) {
    // Given three cases with one officer, one of them closed
    let cases =
        [Case::in_processing(&app).await, Case::in_processing(&app).await, Case::filed(&app).await];
    cases[2].assigned().await;
    let text = json!({ "action": "withdraw", "on": "2026-09-14", "statement": "撤回",
        "authentication": "signed" });
    cases[1].does(By::Clerk, text).await;
    cases[1].does(By::Officer, json!({ "action": "close" })).await;
    let officer = app.db_user("officer").await.unwrap().id;
    let (_, next) = colleague(&app, "next", &["officer"]).await;

    // When the head hands the desk over, and the answer gets lost
    let path = format!("/api/v1/people/{officer}/hand-over");
    let body = json!({ "to": next, "reason": "调离" });
    let head = app.head().await;
    let key = Uuid::now_v7().to_string();
    let first = head.post_once(&path, &body, &key).await.expect(200).json;
    let second = head.post_once(&path, &body, &key).await.expect(200).json;

    // Then both open ones are the next officer's, with the reason, and the closed one stays
    assert_eq!(first, second);
    assert_eq!(first["numbers"], json!([cases[0].number, cases[2].number]));
    for case in [&cases[0], &cases[2]] {
        assert_eq!(case.view().await["officer"], json!(next));
        let entries = head.get(&case.path("/events")).await.expect(200).json;
        let last = entries.as_array().unwrap().last().unwrap().to_string();
        assert!(last.contains("调离"), "{last}");
    }
    assert_eq!(cases[1].view().await["officer"], json!(officer));
    let empty = head.post(&path, &body).await;
    assert_eq!(empty.refusal(), (409, "desk_empty"));
}

async fn a_desk_of_somebody_who_left_is_seen_and_handed_over(app: TestApp) {
    // Given an officer with an open case who is closed on a sudden
    let case = Case::in_processing(&app).await;
    let waiting = Case::filed(&app).await;
    let (head, admin) = (app.head().await, app.admin().await);
    let officer = app.db_user("officer").await.unwrap().id;
    let path = format!("/api/v1/people/{officer}");
    let seen = admin.get(&path).await.expect(200).json;
    assert_eq!(seen["open_cases"], 1);
    let closed = json!({
        "name": seen["name"], "agency_id": app.agency, "roles": ["officer"], "active": false
    });
    let version = i32::try_from(seen["version"].as_i64().unwrap()).unwrap();
    let told = admin.put(&path, version, &closed).await.expect(200).json;

    // Then the administrator is told what lies there, and the head sees it at once
    assert_eq!((&told["active"], &told["open_cases"]), (&json!(false), &json!(1)));
    app.set_today("2026-10-19");
    let desks = head.get("/api/v1/desks").await.expect(200).json;
    let of = |who: Value| desks.as_array().unwrap().iter().find(|d| d["officer"] == who).unwrap();
    let left = of(json!(officer));
    assert_eq!((&left["handles_cases"], &left["open_cases"]), (&json!(false), &json!(1)));
    assert_eq!((&left["overdue"], &of(Value::Null)["open_cases"]), (&json!(1), &json!(1)));

    // When the desk is handed over, it is somebody's who handles cases
    let (_, next) = colleague(&app, "next", &["officer"]).await;
    let body = json!({ "to": next, "reason": "离职" });
    head.post(&format!("{path}/hand-over"), &body).await.expect(200);
    let desks = head.get("/api/v1/desks").await.expect(200).json;
    assert_eq!(desks[0]["officer"], Value::Null);
    assert_eq!((&desks[1]["officer"], &desks[1]["handles_cases"]), (&json!(next), &json!(true)));
    assert_eq!((case.view().await["officer"].clone(), &waiting.view().await["officer"]), (json!(next), &Value::Null));
}

async fn nobody_hands_over_a_desk_to_somebody_who_handles_no_cases(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let officer = app.db_user("officer").await.unwrap().id;
    let (_, reviewer) = colleague(&app, "reviewer", &["legal_reviewer"]).await;
    let stranger = app.db_person("stranger", &["officer"], Some(app.other_agency), |row| row).await;
    let path = format!("/api/v1/people/{officer}/hand-over");
    let head = app.head().await;
    for (to, fault) in [
        (reviewer, (422, "invalid_input", "to")),
        (stranger, (422, "invalid_input", "to")),
        (officer, (422, "invalid_input", "to")),
    ] {
        let refused = head.post(&path, &json!({ "to": to, "reason": "调离" })).await;
        assert_eq!(refused.fault(), fault);
    }
    let silent = head.post(&path, &json!({ "to": reviewer, "reason": " " })).await;
    assert_eq!(silent.fault(), (422, "invalid_input", "reason"));
    assert_eq!(case.view().await["officer"], json!(officer));
}

/// Number → state, last day and officer of every case in the county.
async fn register(app: &TestApp) -> BTreeMap<String, (Value, Value, Value)> {
    let supervisor = app.supervisor().await;
    let mut found = BTreeMap::new();
    for open in [true, false] {
        let mut next = String::new();
        loop {
            let path = format!("/api/v1/requests?limit=200&open={open}{next}");
            let page = supervisor.get(&path).await.expect(200).json;
            for item in page["items"].as_array().unwrap() {
                let number = item["number"].as_str().unwrap().to_owned();
                let facts =
                    (item["state"].clone(), item["due_on"].clone(), item["officer"].clone());
                assert!(found.insert(number, facts).is_none(), "a number twice");
            }
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("&cursor={cursor}");
        }
    }
    found
}

async fn merge(app: &TestApp) -> crate::support::client::Reply {
    let body =
        json!({ "into": app.other_agency, "on": "2026-09-14", "document": "青编〔2026〕3号" });
    let version = agency(app, app.agency).await["version"].as_i64().unwrap();
    let version = i32::try_from(version).unwrap();
    app.admin().await.act(&format!("/api/v1/agencies/{}/merge", app.agency), version, &body).await
}

async fn a_merged_agency_loses_no_case_no_number_and_no_date(app: TestApp) {
    // Given an agency with a thousand open cases, one under way and one answered
    let under_way = Case::in_processing(&app).await;
    let answered = Case::in_processing(&app).await;
    let notice = answered.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    answered.serve(&notice, sent).await.expect(200);
    answered.does(By::Officer, json!({ "action": "close" })).await;
    for _ in 0..999 {
        let application = serde_json::from_value(application()).unwrap();
        let filing = Filing { agency: AgencyId(app.agency), application };
        app.app.file(None, filing).await.unwrap();
    }
    let before = register(&app).await;
    assert_eq!(before.len(), 1_001);

    // When another agency takes it over
    let merged = merge(&app).await.expect(200).json;

    // Then every case is the other's, with its number, its last day and its officer
    assert_eq!((&merged["passed_over"], &merged["more"]), (&json!(1_001), &json!(false)));
    assert_eq!(register(&app).await, before);
    let county = app.supervisor().await;
    let left = county.get(&format!("/api/v1/requests?agency={}", app.agency)).await.expect(200);
    assert_eq!(left.json["items"], json!([]));
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());

    // Its people work on, for the other agency; the applicant is told, and nobody files with it
    let officer = app.signed_in("officer", &[], None).await;
    let seen = officer.get(&under_way.path("")).await.expect(200).json;
    assert_eq!(seen["agency"], json!(app.other_agency));
    let entries = officer.get(&under_way.path("/events")).await.expect(200).json.to_string();
    assert!(entries.contains("青编〔2026〕3号"), "{entries}");
    let tracked = app.anon().send_json("/api/v1/tracking", &under_way.ticket()).await.expect(200);
    assert!(tracked.json.to_string().contains("因机构调整"), "{}", tracked.json);
    let late = app.anon().post("/api/v1/requests", &filing(&app)).await;
    assert!(matches!(late.status, 404 | 409 | 422), "{}", late.json);
    assert_eq!(merge(&app).await.refusal(), (409, "agency_merged"));
    let stale = place(&app, app.agency, Value::Null).await;
    assert_eq!(stale.refusal(), (409, "agency_merged"));
}

async fn the_worker_finishes_a_merger_that_was_cut_short(app: TestApp) {
    // Given an agency that was closed for another, and a process that died before any case moved
    let case = Case::in_processing(&app).await;
    let (id, into) = (app.agency, app.other_agency);
    app.db_write(move |conn| {
        use gongkai::db::agencies::{self, AgencyRow};
        let row = agencies::get(conn, id)?;
        let merged_on = "2026-09-14".parse().ok();
        let merged_by = Some("青编〔2026〕3号".to_owned());
        let row =
            AgencyRow { active: false, merged_into: Some(into), merged_on, merged_by, ..row };
        agencies::update(conn, row).map(|_| ())
    })
    .await;

    // When two workers look at the same time
    let (one, two) = tokio::join!(app.app.pass_over(), app.app.pass_over());

    // Then the case moved once
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!(app.app.pass_over().await.unwrap(), 0);
    let supervisor = app.supervisor().await;
    let view = supervisor.get(&case.path("")).await.expect(200).json;
    assert_eq!(view["agency"], json!(into));
    let entries = supervisor.get(&case.path("/events")).await.expect(200).json;
    let moved = entries.as_array().unwrap().iter().filter(|entry| entry["kind"] == "succeeded");
    assert_eq!(moved.count(), 1);
}

async fn a_merger_that_cannot_be_is_refused_by_its_field(app: TestApp) {
    let admin = app.admin().await;
    let path = format!("/api/v1/agencies/{}/merge", app.agency);
    let sound = json!({ "into": app.other_agency, "on": "2026-09-14", "document": "青编〔2026〕3号" });
    for (field, value, fault) in [
        ("into", json!(app.agency), (422, "invalid_input", "into")),
        ("into", json!(Uuid::now_v7()), (422, "invalid_input", "into")),
        ("on", json!("2026-09-15"), (422, "invalid_input", "on")),
        ("document", json!("  "), (422, "invalid_input", "document")),
    ] {
        let mut body = sound.clone();
        body[field] = value;
        assert_eq!(admin.act(&path, 1, &body).await.fault(), fault, "{body}");
    }
    assert_eq!(admin.act(&path, 9, &sound).await.refusal(), (409, "changed"));
    let head = app.head().await;
    assert_eq!(head.act(&path, 1, &sound).await.refusal(), (403, "forbidden"));
}
