//! The audit log: what stands in no ledger, and by which call it came to be.

use gongkai::db::audit::{self, AuditFilter, AuditRow};
use reqwest::Method;
use serde_json::json;

use crate::support::cases::Case;
use crate::support::test_app::{PASSWORD, TestApp, on_each_backend};

on_each_backend!(every_line_names_the_call_it_came_by, what_nobody_called_for_names_no_call);

/// The audit log, oldest first.
async fn lines(app: &TestApp) -> Vec<AuditRow> {
    let read = |conn: &mut _| audit::page(conn, &AuditFilter::default(), None, 100);
    let mut rows = app.app.store.read(read).await.unwrap();
    rows.reverse();
    rows
}

async fn every_line_names_the_call_it_came_by(app: TestApp) {
    let (case, admin) = (Case::filed(&app).await, app.admin().await);
    let officer = app.officer().await;
    let before = lines(&app).await.len();
    let calls = [
        (
            app.anon(),
            "/api/v1/sessions".to_owned(),
            json!({ "login": "admin", "password": PASSWORD }),
        ),
        (
            app.anon(),
            "/api/v1/sessions".to_owned(),
            json!({ "login": "admin", "password": "wrong" }),
        ),
        (
            admin,
            "/api/v1/people".to_owned(),
            json!({ "login": "wang", "name": "王", "roles": ["supervisor"] }),
        ),
        (officer, case.path("/personal-data"), json!({ "field": "phone", "purpose": "核对身份" })),
    ];

    for (n, (who, path, body)) in calls.iter().enumerate() {
        let request = who
            .request(Method::POST, path)
            .header("X-Request-Id", format!("call-number-{n}"))
            .header("Idempotency-Key", format!("key-number-{n}"));
        let reply = who.send(request.json(body)).await;
        assert!(reply.status < 500, "{}", reply.json);
    }

    let told: Vec<_> = lines(&app)
        .await
        .into_iter()
        .skip(before)
        .map(|row| (row.action, row.outcome, row.request_id_header.unwrap_or_default()))
        .collect();
    let expected = [
        ("sign_in", "ok", "call-number-0"),
        ("sign_in", "refused", "call-number-1"),
        ("create", "ok", "call-number-2"),
        ("personal_data.open", "ok", "call-number-3"),
    ];
    let expected = expected.map(|(a, o, id)| (a.to_owned(), o.to_owned(), id.to_owned()));
    assert_eq!(told, expected);
}

async fn what_nobody_called_for_names_no_call(app: TestApp) {
    app.app.create_first_administrator("first", "第一人").await.unwrap();

    let lines = lines(&app).await;
    let created = lines.iter().find(|row| row.action == "create").unwrap();
    assert_eq!(
        (created.actor_label.as_str(), created.request_id_header.as_deref()),
        ("系统", None)
    );
}
