//! People and roles: kept by administrators, with a one-time password shown once.

use gongkai::db::users::UserRow;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    an_administrator_enters_a_person_who_signs_in_with_the_password_shown,
    the_password_is_shown_once_even_if_the_answer_was_lost,
    every_fault_of_a_person_is_named_at_once,
    a_login_belongs_to_one_person,
    a_person_is_changed_from_the_version_that_was_read,
    whoever_loses_a_role_must_sign_in_anew,
    the_last_administrator_stays,
    two_administrators_cannot_dismiss_each_other_at_the_same_time,
    a_new_password_unlocks_and_ends_sign_ins,
    only_the_first_administrator_needs_no_administrator,
    a_case_worker_lists_the_colleagues_a_case_can_go_to_and_no_more_of_them_than_needed,
    a_case_goes_to_nobody_who_is_not_listed,
);

fn person(login: &str, roles: &[&str], agency: Option<Uuid>) -> Value {
    json!({ "login": login, "name": "王小明", "agency_id": agency, "roles": roles })
}

async fn an_administrator_enters_a_person_who_signs_in_with_the_password_shown(app: TestApp) {
    let admin = app.admin().await;

    let body = person(" Wang.XM ", &["officer"], Some(app.agency));
    let new = admin.post("/api/v1/people", &body).await.expect(201);

    assert_eq!(new.json["person"]["login"], "wang.xm");
    let path = new.header("location").to_owned();
    let stored = admin.get(&path).await.expect(200);
    assert_eq!(stored.json, new.json["person"]);
    assert_eq!(stored.version(), 1);

    let password = new.json["password"].as_str().unwrap();
    let tokens = app.anon().sign_in("wang.xm", password).await.expect(200);
    assert_eq!(tokens.json["me"]["must_change_password"], true);
    let row = app.db_user("wang.xm").await.unwrap();
    assert!(row.password_hash.starts_with("$argon2id$"), "{}", row.password_hash);
}

async fn the_password_is_shown_once_even_if_the_answer_was_lost(app: TestApp) {
    let admin = app.admin().await;
    let body = person("wang", &["supervisor"], None);

    let first = admin.post_once("/api/v1/people", &body, "key-number-1").await.expect(201);
    let again = admin.post_once("/api/v1/people", &body, "key-number-1").await.expect(201);

    assert_eq!(again.json["person"], first.json["person"]);
    assert_eq!(again.json["password"], Value::Null);
    let other = person("zhang", &["supervisor"], None);
    let reused = admin.post_once("/api/v1/people", &other, "key-number-1").await;
    assert_eq!(reused.refusal(), (409, "idempotency_key_reused"));
}

async fn every_fault_of_a_person_is_named_at_once(app: TestApp) {
    let admin = app.admin().await;
    let body = json!({ "login": "王", "name": " ", "email": "nowhere", "roles": [] });

    let reply = admin.post("/api/v1/people", &body).await;

    assert_eq!(reply.refusal(), (422, "invalid_input"));
    let errors = reply.json["errors"].as_array().unwrap();
    let fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["login", "name", "email", "roles"]);

    for (body, field) in [
        (person("wang", &["clerk"], None), "agency_id"),
        (person("wang", &["clerk"], Some(Uuid::now_v7())), "agency_id"),
    ] {
        let reply = admin.post("/api/v1/people", &body).await;
        assert_eq!(reply.fault(), (422, "invalid_input", field));
    }
}

async fn a_login_belongs_to_one_person(app: TestApp) {
    let admin = app.admin().await;
    admin.post("/api/v1/people", &person("wang", &["supervisor"], None)).await.expect(201);

    let reply = admin.post("/api/v1/people", &person("WANG", &["supervisor"], None)).await;

    assert_eq!(reply.fault(), (422, "invalid_input", "login"));
}

async fn a_person_is_changed_from_the_version_that_was_read(app: TestApp) {
    let admin = app.admin().await;
    let new = admin.post("/api/v1/people", &person("wang", &["supervisor"], None)).await;
    let path = new.header("location").to_owned();
    let change = json!({ "name": "王大明", "roles": ["officer", "clerk", "clerk"],
        "agency_id": app.other_agency, "email": "wang@example.cn", "active": true });

    let changed = admin.put(&path, 1, &change).await.expect(200);

    assert_eq!(changed.version(), 2);
    assert_eq!(changed.json["roles"], json!(["clerk", "officer"]));
    let of_agency = format!("/api/v1/people?agency={}", app.other_agency);
    assert_eq!(admin.get(&of_agency).await.json, json!([changed.json]));
    assert_eq!(admin.put(&path, 1, &change).await.refusal(), (409, "changed"));
    let nobody = format!("/api/v1/people/{}", Uuid::now_v7());
    assert_eq!(admin.put(&nobody, 1, &change).await.refusal(), (404, "not_found"));
}

async fn whoever_loses_a_role_must_sign_in_anew(app: TestApp) {
    let admin = app.admin().await;
    let id = app.db_person("li", &["head"], Some(app.agency), |row| row).await;
    let tokens = app.anon().sign_in("li", crate::support::test_app::PASSWORD).await.expect(200);
    let change = json!({ "name": "李", "roles": ["clerk"], "agency_id": app.agency,
        "active": true });

    admin.put(&format!("/api/v1/people/{id}"), 1, &change).await.expect(200);

    let refresh = json!({ "refresh_token": tokens.json["refresh_token"] });
    let reply = app.anon().post("/api/v1/sessions/refresh", &refresh).await;
    assert_eq!(reply.refusal(), (401, "session_ended"));
}

async fn the_last_administrator_stays(app: TestApp) {
    let admin = app.admin().await;
    let id = app.db_user("admin").await.unwrap().id;
    let path = format!("/api/v1/people/{id}");
    for (roles, active) in [(json!(["supervisor"]), true), (json!(["administrator"]), false)] {
        let change = json!({ "name": "管理员", "roles": roles, "active": active });
        let reply = admin.put(&path, 1, &change).await;
        assert_eq!(reply.refusal(), (409, "last_administrator"));
    }
    assert_eq!(admin.get(&path).await.json["roles"], json!(["administrator"]));

    app.db_person("second", &["administrator"], None, |row| row).await;
    let change = json!({ "name": "管理员", "roles": ["supervisor"], "active": true });
    admin.put(&path, 1, &change).await.expect(200);
}

async fn two_administrators_cannot_dismiss_each_other_at_the_same_time(app: TestApp) {
    let first = app.admin().await;
    let second = app.signed_in("second", &["administrator"], None).await;
    let id = |login: &'static str| async { app.db_user(login).await.unwrap().id };
    let (first_path, second_path) = (
        format!("/api/v1/people/{}", id("admin").await),
        format!("/api/v1/people/{}", id("second").await),
    );
    let change = json!({ "name": "某", "roles": ["supervisor"], "active": true });

    let (one, other) =
        tokio::join!(first.put(&second_path, 1, &change), second.put(&first_path, 1, &change));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.json, other.json);
}

async fn a_new_password_unlocks_and_ends_sign_ins(app: TestApp) {
    let admin = app.admin().await;
    let id = app.db_person("li", &["clerk"], Some(app.agency), |row| row).await;
    let tokens = app.anon().sign_in("li", crate::support::test_app::PASSWORD).await.expect(200);
    for _ in 0..5 {
        app.anon().sign_in("li", "a wrong guess").await.expect(401);
    }
    assert_ne!(
        admin.get(&format!("/api/v1/people/{id}")).await.json["locked_until_at"],
        Value::Null
    );

    let path = format!("/api/v1/people/{id}/password");
    let reset = admin.post_once(&path, &Value::Null, "reset-key-1").await.expect(200);

    let again = admin.post_once(&path, &Value::Null, "reset-key-1").await.expect(200);
    assert_eq!(again.json["password"], Value::Null);
    let password = reset.json["password"].as_str().unwrap();
    app.anon().sign_in("li", password).await.expect(200);
    let refresh = json!({ "refresh_token": tokens.json["refresh_token"] });
    app.anon().post("/api/v1/sessions/refresh", &refresh).await.expect(401);
}

async fn only_the_first_administrator_needs_no_administrator(app: TestApp) {
    let first = app.app.create_first_administrator("root", "首位管理员").await.unwrap();
    app.anon().sign_in(&first.login, &first.password).await.expect(200);

    let second = app.app.create_first_administrator("root2", "第二位").await;

    assert!(second.is_err_and(|error| error.to_string().contains("已有系统管理员")));
    assert!(app.db_user("root2").await.is_none());
}

async fn a_case_worker_lists_the_colleagues_a_case_can_go_to_and_no_more_of_them_than_needed(
    app: TestApp,
) {
    // Given an office of one who handles cases and one who registers, one who left, one who only
    // administers – and others
    let clerk = app.clerk().await;
    let both = ["head", "officer"];
    let wang = app.db_person("wang", &both, Some(app.agency), |row| row).await;
    app.db_person("left", &["officer"], Some(app.agency), |row| row.gone()).await;
    app.db_person("keeper", &["administrator"], Some(app.agency), |row| row).await;
    app.db_person("elsewhere", &["officer"], Some(app.other_agency), |row| row).await;

    // When the clerk asks
    let listed = clerk.get("/api/v1/colleagues").await.expect(200).json;

    // Then the one is told, with name and roles: a clerk can take no step of a handler
    let role = |role: &str, label: &str| json!({ "role": role, "label": label });
    let expected = json!([
        {
            "id": wang, "name": "测试wang", "unit_id": null,
            "roles": [role("officer", "承办人"), role("head", "公开工作机构负责人")]
        },
    ]);
    assert_eq!(listed, expected);
    for client in [app.officer().await, app.head().await] {
        client.get("/api/v1/colleagues").await.expect(200);
    }
    let refused = app.supervisor().await.get("/api/v1/colleagues").await;
    assert_eq!(refused.refusal(), (403, "forbidden"));
}

async fn a_case_goes_to_nobody_who_is_not_listed(app: TestApp) {
    let case = Case::filed(&app).await;
    let keeper = app.db_person("keeper", &["administrator"], Some(app.agency), |row| row).await;
    let left = app.db_person("left", &["officer"], Some(app.agency), |row| row.gone()).await;
    let other = app.db_person("other", &["officer"], Some(app.other_agency), |row| row).await;

    for nobody in [keeper, left, other, Uuid::now_v7()] {
        let assign = json!({ "action": "assign", "officer": nobody });
        let refused = case.act(By::Clerk, assign).await;
        assert_eq!(refused.fault(), (422, "invalid_input", "officer"));
        assert_eq!(refused.json["errors"][0]["code"], "unknown_officer");
    }

    let clerk = app.clerk().await;
    let listed = clerk.get("/api/v1/colleagues").await.expect(200).json;
    let assign = json!({ "action": "assign", "officer": listed[0]["id"] });
    let view = case.does(By::Clerk, assign).await;
    assert_eq!(view["officer"], listed[0]["id"]);
}

trait Gone {
    fn gone(self) -> Self;
}

impl Gone for UserRow {
    fn gone(self) -> Self {
        Self { active: false, ..self }
    }
}
