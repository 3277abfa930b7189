//! What hangs on the cases of two agencies that are merged beside the cases: assessments of what was
//! withheld, publications, reminders, ratings, open remedies, and an import of the calendar under way.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use gongkai::jobs;
use serde_json::{Value, json};

use super::merge;
use crate::calendar_of_record::{confirmed, prolonged_2026, proposed};
use crate::publications::published;
use crate::reassessments::withheld;
use crate::remedy_cases;
use crate::support::cases::{By, Case};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(a_merger_loses_nothing_that_hangs_on_its_cases,);

/// Every item of these lists as the supervisor of the county reads them, without who keeps them now.
async fn everything(app: &TestApp) -> Vec<(String, Value)> {
    let supervisor = app.supervisor().await;
    let mut all = Vec::new();
    for list in [
        "/api/v1/requests", "/api/v1/reassessments", "/api/v1/publications", "/api/v1/remedies",
        "/api/v1/ratings", "/api/v1/reminders?branch=true", "/api/v1/complaints",
        "/api/v1/public-information",
    ] {
        let page = supervisor.get(list).await.expect(200).json;
        assert_eq!(page["next"], Value::Null, "{list}");
        for mut item in page["items"].as_array().unwrap().clone() {
            let fields = item.as_object_mut().unwrap();
            for kept_by in ["agency", "version", "last_seq", "updated_at"] {
                fields.remove(kept_by);
            }
            all.push((list.to_owned(), item));
        }
    }
    let records = supervisor.get("/api/v1/record-corrections").await.expect(200).json;
    for mut item in records.as_array().unwrap().clone() {
        item.as_object_mut().unwrap().remove("agency");
        all.push(("records".to_owned(), item));
    }
    all.sort_by_key(|(list, item)| (list.clone(), item["id"].to_string(), item["number"].to_string()));
    all
}

/// What an agency has beside its cases, by the ids that are looked for later.
struct World {
    withheld: String,
    publication: String,
    pressing: String,
}

/// Something withheld and queued, something published, a remedy under way, a bad rating, a complaint,
/// an application for correction, and a case on somebody's desk.
async fn world(app: &TestApp, remedy: &str) -> World {
    let (withheld, _) = withheld(app).await;
    let (_, publication) = published(app).await;
    let remedied = remedy_cases::served(app).await;
    remedied.does(By::Clerk, remedy_cases::opened(remedy, "2026-09-14")).await;
    let mut rating = remedied.ticket();
    rating["grade"] = json!("dissatisfied");
    app.anon().post("/api/v1/tracking/rating", &rating).await.expect(200);
    let complaint = json!({
        "agency": app.agency, "received_on": "2026-09-14",
        "form": { "name": "王小明", "contact": "1", "content": "逾期" }
    });
    app.supervisor().await.post("/api/v1/complaints", &complaint).await.expect(201);
    let record = json!({
        "received_on": "2026-09-14",
        "form": {
            "applicant_name": "王小明", "credential_number": "1", "contact": "1",
            "record": "记录", "error": "有误", "evidence": "证据"
        }
    });
    app.clerk().await.post("/api/v1/record-corrections", &record).await.expect(201);
    let pressing = Case::in_processing(app).await;
    World { withheld: withheld.id.clone(), publication, pressing: pressing.id.clone() }
}

/// Which agencies keep what stands in these lists.
async fn keepers(app: &TestApp) -> BTreeSet<String> {
    let supervisor = app.supervisor().await;
    let mut found = BTreeSet::new();
    for list in [
        "/api/v1/requests", "/api/v1/reassessments", "/api/v1/publications", "/api/v1/remedies",
        "/api/v1/ratings", "/api/v1/reminders?branch=true", "/api/v1/complaints",
    ] {
        let page = supervisor.get(list).await.expect(200).json;
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|item| item["agency"].as_str().unwrap().to_owned()));
    }
    let records = supervisor.get("/api/v1/record-corrections").await.expect(200).json;
    let records = records.as_array().unwrap();
    found.extend(records.iter().map(|item| item["agency"].as_str().unwrap().to_owned()));
    found
}

/// Renames the people of the only agency that has any, past the program, so that another may have an
/// officer called officer.
async fn renamed(app: &TestApp) {
    app.db_write(|conn| {
        let sql = "UPDATE users SET login = login || '.first' WHERE agency_id IS NOT NULL";
        Ok(conn.batch_execute(sql)?)
    })
    .await;
}

async fn a_merger_loses_nothing_that_hangs_on_its_cases(mut app: TestApp) {
    // Given two agencies that each have of everything, and people who were reminded
    let first = world(&app, "青复1号").await;
    let agencies = (app.agency, app.other_agency);
    renamed(&app).await;
    (app.agency, app.other_agency) = (agencies.1, agencies.0);
    let second = world(&app, "青复2号").await;
    (app.agency, app.other_agency) = agencies;
    jobs::drain(&app.app).await.unwrap();
    app.app.remind("test").await.unwrap().unwrap();
    // And a year of the calendar that waits for its second person
    let import = proposed(&app, &prolonged_2026()).await;
    let before = everything(&app).await;
    for list in ["reassessments", "publications", "remedies", "ratings", "reminders", "complaints"] {
        assert!(before.iter().filter(|(of, _)| of.contains(list)).count() >= 2, "{list}");
    }
    let both = [agencies.0, agencies.1].map(|id| id.to_string());
    assert_eq!(keepers(&app).await, BTreeSet::from(both));

    // When one is merged into the other
    merge(&app).await.expect(200);
    jobs::drain(&app.app).await.unwrap();

    // Then everything of both is there, with its number and its date, and the successor's
    let after = everything(&app).await;
    for ((list, was), (_, is)) in before.iter().zip(&after) {
        assert_eq!(was, is, "{list}");
    }
    assert_eq!(before.len(), after.len());
    assert_eq!(keepers(&app).await, BTreeSet::from([agencies.1.to_string()]));
    // And the people of either work on with it
    for login in ["head.first", "head"] {
        let head = app.signed_in(login, &[], None).await;
        for World { withheld, publication, .. } in [&first, &second] {
            let found = head.get(&format!("/api/v1/reassessments?request={withheld}")).await;
            assert_eq!(found.expect(200).json["items"].as_array().unwrap().len(), 1);
            let path = format!("/api/v1/publications/{publication}");
            assert_eq!(head.get(&path).await.expect(200).json["state"], "published");
        }
    }
    app.app.queue_withheld().await.unwrap();
    assert_eq!(everything(&app).await.len(), before.len(), "nothing is queued twice");

    // And the import goes in, and moves the dates of what passed over like any other
    confirmed(&app, &import).await;
    jobs::drain(&app.app).await.unwrap();
    for World { pressing, .. } in [&first, &second] {
        let path = format!("/api/v1/requests/{pressing}");
        let view = app.supervisor().await.get(&path).await.expect(200).json;
        let expected = (&json!("2026-10-19"), &json!(app.other_agency));
        assert_eq!((&view["due_on"], &view["agency"]), expected);
    }
    let ratings = app.supervisor().await.get("/api/v1/ratings").await.expect(200).json;
    let due = ratings["items"].as_array().unwrap().iter().map(|rating| &rating["due_on"]);
    assert_eq!(due.collect::<Vec<_>>(), [&json!("2026-10-12"); 2]);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}
