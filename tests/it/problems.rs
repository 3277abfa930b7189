//! What the server says when something is wrong with a request – before any use case runs.

use diesel::RunQueryDsl;
use gongkai::web::WebConfig;
use gongkai::web::limits::PerMinute;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::client::{Client, Reply};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    refusals_come_in_a_fixed_order,
    a_step_names_its_key_and_the_version_seen,
    a_problem_says_all_that_a_program_needs,
    a_fault_of_the_server_is_told_to_the_log_only,
);

/// Posts text as it is, with a fresh key.
async fn post_text(client: &Client, path: &str, kind: &str, text: impl Into<String>) -> Reply {
    let request = client.request(Method::POST, path).header(CONTENT_TYPE, kind);
    let request = request.header("Idempotency-Key", "a-key-of-12");
    client.send(request.body(text.into())).await
}

fn run(body: impl AsyncFnOnce(TestApp)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { body(TestApp::spawn(Backend::Sqlite).await.unwrap()).await });
}

async fn refusals_come_in_a_fixed_order(app: TestApp) {
    let (anon, clerk, admin) = (app.anon(), app.clerk().await, app.admin().await);
    let path = "/api/v1/people";
    let bare = |client: &Client| client.request(Method::POST, path);

    // Nothing is right: first who, then whether they may, then the key, then the body.
    let reply = anon.send(bare(&anon).body("nonsense")).await;
    assert_eq!(reply.refusal(), (401, "not_signed_in"));
    let reply = clerk.send(bare(&clerk).body("nonsense")).await;
    assert_eq!(reply.refusal(), (403, "forbidden"));
    let reply = admin.send(bare(&admin).body("nonsense")).await;
    assert_eq!(reply.fault(), (400, "idempotency_key_missing", "Idempotency-Key"));
    for key in ["short", "with a blank", "太短了太短了", &"x".repeat(201)] {
        let reply = admin.send(bare(&admin).header("Idempotency-Key", key).body("nonsense")).await;
        assert_eq!(reply.refusal(), (400, "idempotency_key_malformed"), "{key}");
    }
    let reply = admin.send(bare(&admin).header("Idempotency-Key", "12345678").body("{}")).await;
    assert_eq!(reply.refusal(), (415, "unsupported_media_type"));

    // A change names the version it was made from before anything is said of its body.
    let path = format!("/api/v1/agencies/{}", app.agency);
    let put = || admin.request(Method::PUT, &path).header(CONTENT_TYPE, "application/json");
    let reply = admin.send(put().body("nonsense")).await;
    assert_eq!(reply.fault(), (428, "precondition_required", "If-Match"));
    for tag in ["3", "*", "W/\"1\""] {
        let reply = admin.send(put().header("If-Match", tag).body("nonsense")).await;
        assert_eq!(reply.refusal(), (400, "if_match_malformed"), "{tag}");
    }
    let reply = admin.send(put().header("If-Match", "\"1\"").body("nonsense")).await;
    assert_eq!(reply.refusal(), (400, "malformed_json"));
}

async fn a_step_names_its_key_and_the_version_seen(app: TestApp) {
    let clerk = app.clerk().await;
    let path = format!("/api/v1/requests/{}/actions", Uuid::now_v7());
    let bare = || clerk.request(Method::POST, &path);

    let reply = clerk.send(bare()).await;
    assert_eq!(reply.refusal(), (400, "idempotency_key_missing"));
    let reply = clerk.send(bare().header("Idempotency-Key", "12345678")).await;
    assert_eq!(reply.refusal(), (428, "precondition_required"));
    let reply = clerk.act(&path, 1, &json!({ "action": "conjure" })).await;
    assert_eq!(reply.status, 400, "{}", reply.json);
    let reply = clerk.act(&path, 1, &json!({ "action": "pass_examination" })).await;
    assert_eq!(reply.status, 404, "{}", reply.json);
}

async fn a_problem_says_all_that_a_program_needs(app: TestApp) {
    let request = app.anon().request(Method::GET, "/api/v1/me");
    let reply = app.anon().send(request.header("X-Request-Id", "our-own-id-17")).await;

    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.header("x-request-id"), "our-own-id-17");
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"gongkai\"");
    let expected = json!({
        "type": "urn:gongkai:problem:not_signed_in",
        "title": "需要登录",
        "status": 401,
        "detail": "请先登录",
        "code": "not_signed_in",
        "request_id": "our-own-id-17"
    });
    assert_eq!(reply.json, expected);
}

async fn a_fault_of_the_server_is_told_to_the_log_only(app: TestApp) {
    app.db_write(|conn| {
        diesel::sql_query("ALTER TABLE agencies RENAME TO elsewhere").execute(conn)?;
        Ok(())
    })
    .await;

    let reply = app.anon().get("/api/v1/agencies").await;

    assert_eq!(reply.refusal(), (500, "internal_error"));
    assert_eq!(reply.json["request_id"], reply.header("x-request-id"));
    let text = String::from_utf8(reply.bytes).unwrap();
    assert!(!text.contains("agencies") && !text.contains("elsewhere"), "{text}");
}

#[test]
fn a_body_of_the_wrong_shape_is_refused_with_code_and_field() {
    run(async |app| {
        let admin = app.admin().await;
        let person = json!({ "login": "wang", "name": "王", "roles": ["supervisor"] });
        let with = |field: &str, value: Value| {
            let mut body = person.clone();
            body[field] = value;
            body.to_string()
        };
        let without = json!({ "login": "wang", "roles": ["supervisor"] }).to_string();
        for (text, code, field) in [
            (with("salary", json!(1)), "unknown_field", "salary"),
            (with("name", json!(17)), "wrong_type", "name"),
            (with("roles", json!("supervisor")), "wrong_type", "roles"),
            (with("roles", json!(["supervisor", "king"])), "unknown_value", "roles[1]"),
            (with("agency_id", json!("nowhere")), "invalid_value", "agency_id"),
            (without, "missing_field", "name"),
            ("{\"login\": \"wang\",".to_owned(), "malformed_json", ""),
            (String::new(), "malformed_json", ""),
            (format!("{person} trailing"), "malformed_json", ""),
            ("[]".to_owned(), "wrong_type", ""),
            ("[".repeat(100_000), "malformed_json", ""),
        ] {
            let reply = post_text(&admin, "/api/v1/people", "application/json", &text).await;
            assert_eq!(reply.fault(), (400, code, field), "{:.80}", text);
        }
        assert!(app.db_user("wang").await.is_none());
    });
}

#[test]
fn a_body_that_is_too_long_is_refused_and_the_client_hears_of_it() {
    run(async |app| {
        let admin = app.admin().await;
        for length in [300 * 1024, 20 * 1024 * 1024] {
            let text = format!("{{\"name\": \"{}\"}}", "长".repeat(length / 3));
            let reply = post_text(&admin, "/api/v1/people", "application/json", text).await;
            assert_eq!(reply.refusal(), (413, "body_too_large"), "{length}");
        }
    });
}

#[test]
fn paths_and_queries_of_the_wrong_form_are_refused_with_the_field() {
    run(async |app| {
        let (anon, admin) = (app.anon(), app.admin().await);
        let get = async |client: &Client, path: &str| {
            let reply = client.get(path).await;
            let (status, code, field) = reply.fault();
            format!("{status} {code} {field}")
        };
        assert_eq!(get(&anon, "/api/v1/agencies/17").await, "400 malformed_path id");
        assert_eq!(get(&anon, "/api/v1/calendar/next").await, "400 malformed_path year");
        assert_eq!(get(&anon, "/api/v1/calendar/1999").await, "404 not_found ");
        assert_eq!(get(&anon, "/api/v1/agencies?inactive=1").await, "400 invalid_value inactive");
        assert_eq!(get(&anon, "/api/v1/agencies?colour=red").await, "400 unknown_field colour");
        assert_eq!(get(&admin, "/api/v1/people?agency=x").await, "400 invalid_value agency");
        assert_eq!(get(&anon, "/api/v1/nothing").await, "404 not_found ");
    });
}

#[test]
fn the_clock_refuses_over_http_what_it_refuses_on_the_command_line() {
    run(async |app| {
        let ask = async |question: Value| {
            let text = question.to_string();
            post_text(&app.anon(), "/api/v1/clock", "application/json", text).await
        };
        let received = json!({ "kind": "received", "on": "2026-09-14" });
        let told = json!({ "kind": "extended", "on": "2026-10-10", "working_days": 20 });

        let answer = ask(json!({ "as_of": "2026-10-12", "events": [received, told] })).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json["due_on"], "2026-11-13");
        assert_eq!(answer.json["used"], 16);

        let twice = json!({ "events": [received, told, told] });
        let refused = ask(twice).await;
        assert_eq!(refused.refusal(), (422, "extension_repeated"));
        assert_eq!(refused.json["event"], 2);
        assert_eq!(refused.json["message"], refused.json["detail"]);
        assert!(refused.json["article"].as_str().unwrap().contains("第三十三条"));

        let impossible = json!({ "events": [{ "kind": "received", "on": "2026-02-30" }] });
        let refused = ask(impossible).await;
        assert_eq!(refused.refusal(), (422, "malformed_input"));
        assert_eq!(
            (&refused.json["event"], &refused.json["field"]),
            (&json!(0), &json!("events[0]"))
        );

        let nonsense =
            post_text(&app.anon(), "/api/v1/clock", "application/json", "nonsense").await;
        assert_eq!(nonsense.refusal(), (422, "malformed_input"));
        assert!(nonsense.json.as_object().unwrap().contains_key("event"), "{}", nonsense.json);
        assert_eq!(nonsense.json["event"], Value::Null);
    });
}

#[test]
fn the_calendar_shows_what_the_notice_moved() {
    run(async |app| {
        let year = app.anon().get("/api/v1/calendar/2026").await.expect(200);

        assert_eq!(year.json["working_days"], 248);
        assert_eq!(year.json["arranged"], true);
        let days = year.json["exceptions"].as_array().unwrap();
        let national_day = days.iter().find(|day| day["date"] == "2026-10-01").unwrap();
        assert_eq!(national_day["kind"], "off");
        assert_eq!(app.anon().get("/api/v1/calendar/2050").await.json["arranged"], false);
    });
}

#[test]
fn a_request_id_that_is_not_plain_is_replaced() {
    run(async |app| {
        for given in ["short", "with blanks in it", "<script>alert(1)</script>", &"x".repeat(65)] {
            let request = app.anon().request(Method::GET, "/healthz");
            let reply = app.anon().send(request.header("X-Request-Id", given)).await;
            let id = reply.header("x-request-id");
            assert!(Uuid::parse_str(id).is_ok(), "{given} gave {id}");
        }
    });
}

#[test]
fn every_answer_protects_the_browser() {
    run(async |app| {
        for path in ["/api/v1/agencies", "/api/v1/me", "/api/v1/nothing", "/healthz", "/"] {
            let reply = app.anon().get(path).await;
            let csp = reply.header("content-security-policy");
            assert!(csp.starts_with("default-src 'none'"), "{path}: {csp}");
            assert!(csp.contains("frame-ancestors 'none'"), "{path}: {csp}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
            // The public address of the tests is https.
            assert!(reply.header("strict-transport-security").contains("max-age"), "{path}");
            // Pages may be kept but are asked for again; a health check says nothing worth keeping.
            let kept = match path {
                "/" => "no-cache",
                "/healthz" => "",
                _ => "no-store",
            };
            assert_eq!(reply.header("cache-control"), kept, "{path}");
        }
    });
}

#[test]
fn swagger_ui_is_served_from_here_with_a_policy_of_its_own() {
    run(async |app| {
        let page = app.anon().get("/api/docs").await.expect(200);
        let html = String::from_utf8(page.bytes.clone()).unwrap();

        assert!(html.contains("swagger-ui"), "{html}");
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
        let start = app.anon().get("/api/docs/swagger-initializer.js").await.expect(200);
        let script = String::from_utf8(start.bytes).unwrap();
        assert!(script.contains("/api/v1/openapi.json"), "{script}");
        assert!(script.contains("\"validatorUrl\": \"none\""), "{script}");
        app.anon().get("/api/docs/swagger-ui-bundle.js").await.expect(200);
    });
}

#[test]
fn the_server_says_whether_it_is_alive_and_ready() {
    run(async |app| {
        assert_eq!(app.anon().get("/healthz").await.expect(200).json["status"], "ok");
        let ready = app.anon().get("/readyz").await.expect(200);
        assert_eq!(ready.json["ready"], true);
        let checks = ready.json["checks"].as_array().unwrap();
        let names: Vec<_> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "database",
                "schema",
                "storage",
                "outbox",
                "calendar",
                "reminders",
                "wordings",
                "fonts"
            ]
        );

        // A year that is not arranged is told, but does not stop the work.
        app.set_today("2030-03-01");
        let ready = app.anon().get("/readyz").await.expect(200);
        let calendar = &ready.json["checks"][4];
        assert_eq!((&calendar["ok"], &calendar["needed"]), (&json!(false), &json!(false)));

        // Without its database the server is alive but not ready.
        app.app.store.close().await;
        std::fs::remove_dir_all(app.folder.path().join("files")).unwrap();
        std::fs::write(app.folder.path().join("files"), "in the way").unwrap();
        let ready = app.anon().get("/readyz").await.expect(503);
        assert_eq!(ready.json["ready"], false);
        app.anon().get("/healthz").await.expect(200);
    });
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_back() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let few = |config: WebConfig| WebConfig {
            per_minute: PerMinute { sign_in: 3, ..PerMinute::UNLIMITED },
            ..config
        };
        let app = TestApp::spawn_with(Backend::Sqlite, few).await.unwrap();
        for _ in 0..3 {
            assert_eq!(app.anon().sign_in("nobody", "a wrong guess").await.status, 401);
        }

        let reply = app.anon().sign_in("nobody", "a wrong guess").await;

        assert_eq!(reply.refusal(), (429, "too_many_requests"));
        let wait: u64 = reply.header("retry-after").parse().unwrap();
        assert!((1..=21).contains(&wait), "{wait}");
        // The limit comes even before a look at the body, and other paths are free.
        let request = app.anon().request(Method::POST, "/api/v1/sessions").body("nonsense");
        assert_eq!(app.anon().send(request).await.status, 429);
        app.anon().get("/api/v1/agencies").await.expect(200);
        // Nobody here is a trusted proxy: a made-up address does not help.
        let body = json!({ "login": "nobody", "password": "guess" });
        let request = app.anon().request(Method::POST, "/api/v1/sessions").json(&body);
        let request = request.header("X-Forwarded-For", "203.0.113.7");
        assert_eq!(app.anon().send(request).await.status, 429);
    });
}
