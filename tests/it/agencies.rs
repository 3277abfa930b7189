//! The agencies: a public guide, kept by administrators.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    anybody_reads_the_guide,
    an_administrator_enters_an_agency_under_the_next_serial,
    the_same_post_twice_enters_one_agency,
    every_fault_of_an_agency_is_named_at_once,
    a_name_belongs_to_one_agency,
    an_agency_is_changed_from_the_version_that_was_read,
    an_inactive_agency_leaves_the_guide,
);

pub(crate) fn profile(name: &str) -> Value {
    json!({
        "name": name, "short_name": "水务局", "code_word": "青水", "level": "department",
        "region": "青云县", "office_name": "青云县水务局办公室", "address": "青云县河滨路2号",
        "postcode": "000000", "phone": "0000-0000001", "fax": "", "email": "",
        "office_hours": "工作日 9:00–17:00", "review_body": "青云县人民政府",
        "court": "青云县人民法院", "review_online_url": null,
        "number_pattern": "{代字}{系列}〔{年}〕第{号}号"
    })
}

async fn anybody_reads_the_guide(app: TestApp) {
    let guide = app.anon().get("/api/v1/agencies").await.expect(200);

    let names: Vec<_> = guide.json.as_array().unwrap().iter().map(|a| a["name"].clone()).collect();
    assert_eq!(names, ["青云县财政局", "青云县教育局"]);
    let one = app.anon().get(&format!("/api/v1/agencies/{}", app.agency)).await.expect(200);
    assert_eq!(one.json, guide.json[0]);
    assert_eq!(one.version(), 1);
    let nowhere = app.anon().get(&format!("/api/v1/agencies/{}", Uuid::now_v7())).await;
    assert_eq!(nowhere.refusal(), (404, "not_found"));
}

async fn an_administrator_enters_an_agency_under_the_next_serial(app: TestApp) {
    let admin = app.admin().await;

    let new = admin.post("/api/v1/agencies", &profile("青云县水务局")).await.expect(201);

    assert_eq!(new.json["serial"], 3);
    assert_eq!(new.json["active"], true);
    let stored = app.anon().get(new.header("location")).await.expect(200);
    assert_eq!(stored.json, new.json);
}

async fn the_same_post_twice_enters_one_agency(app: TestApp) {
    let admin = app.admin().await;
    let body = profile("青云县水务局");

    let first = admin.post_once("/api/v1/agencies", &body, "key-number-1").await.expect(201);
    let again = admin.post_once("/api/v1/agencies", &body, "key-number-1").await.expect(201);

    assert_eq!(first.json, again.json);
    assert_eq!(app.anon().get("/api/v1/agencies").await.json.as_array().unwrap().len(), 3);
}

async fn every_fault_of_an_agency_is_named_at_once(app: TestApp) {
    let admin = app.admin().await;
    let mut body = profile("");
    body["postcode"] = json!("12345");
    body["number_pattern"] = json!("没有序号");

    let reply = admin.post("/api/v1/agencies", &body).await;

    assert_eq!(reply.refusal(), (422, "invalid_input"));
    let errors = reply.json["errors"].as_array().unwrap();
    let fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "postcode", "number_pattern"]);
}

async fn a_name_belongs_to_one_agency(app: TestApp) {
    let reply = app.admin().await.post("/api/v1/agencies", &profile("青云县财政局")).await;

    assert_eq!(reply.fault(), (422, "invalid_input", "name"));
}

async fn an_agency_is_changed_from_the_version_that_was_read(app: TestApp) {
    let admin = app.admin().await;
    let path = format!("/api/v1/agencies/{}", app.agency);
    let change = json!({ "profile": profile("青云县财政和水务局"), "active": true });

    let changed = admin.put(&path, 1, &change).await.expect(200);

    assert_eq!(changed.version(), 2);
    assert_eq!(changed.json["serial"], 1);
    assert_eq!(app.anon().get(&path).await.json, changed.json);
    let stale = admin.put(&path, 1, &change).await;
    assert_eq!(stale.refusal(), (409, "changed"));
}

async fn an_inactive_agency_leaves_the_guide(app: TestApp) {
    let admin = app.admin().await;
    let path = format!("/api/v1/agencies/{}", app.agency);
    let change = json!({ "profile": profile("青云县财政局"), "active": false });

    admin.put(&path, 1, &change).await.expect(200);

    let count = |json: &Value| json.as_array().unwrap().len();
    assert_eq!(count(&app.anon().get("/api/v1/agencies").await.json), 1);
    assert_eq!(count(&app.anon().get("/api/v1/agencies?inactive=true").await.json), 2);
}
