//! Publications as they are kept: sealed with their files and history, found page by page, and not
//! fetched without end.

use gongkai::web::WebConfig;
use gongkai::web::limits::PerMinute;
use serde_json::json;
use uuid::Uuid;

use super::{published, supplied};
use crate::support::cases::{Case, filing};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    whoever_changes_a_publication_in_the_database_is_found_out,
    publications_of_an_earlier_program_are_sealed_at_the_next_start,
    candidates_beyond_the_newest_hundred_stand_on_further_pages,
);

async fn faults(app: &TestApp) -> Vec<String> {
    app.app.verify(false).await.unwrap().faults
}

async fn raw(app: &TestApp, sql: &'static str) {
    app.db_write(move |conn| {
        use diesel::connection::SimpleConnection;
        conn.batch_execute(sql).map_err(gongkai::db::StoreError::from)
    })
    .await;
}

async fn whoever_changes_a_publication_in_the_database_is_found_out(app: TestApp) {
    let (_case, id) = published(&app).await;
    assert_eq!(faults(&app).await, Vec::<String>::new());
    // Who published it, where it stands, which files belong to it: each is covered by the seal
    for (change, back) in [
        (
            "UPDATE publications SET title = title, published_on = '2026-09-13'",
            "UPDATE publications SET published_on = '2026-09-14'",
        ),
        (
            "UPDATE publications SET state = 'withdrawn'",
            "UPDATE publications SET state = 'published'",
        ),
        ("UPDATE publication_files SET n = n + 1", "SELECT 1"),
        ("DELETE FROM publication_files", "SELECT 1"),
    ] {
        raw(&app, change).await;
        let found = faults(&app).await;
        let untouched = change.contains("n + 1");
        assert_eq!(
            found.iter().any(|fault| fault.contains(&id)),
            !untouched,
            "{change}: {found:?}"
        );
        raw(&app, back).await;
    }
}

async fn publications_of_an_earlier_program_are_sealed_at_the_next_start(app: TestApp) {
    let (_case, _) = published(&app).await;
    raw(&app, "UPDATE publications SET seal = ''").await;
    assert!(faults(&app).await[0].contains("尚未封存"));
    let again = app.app.clone();
    tokio::task::spawn_blocking(move || again.seal_existing().unwrap()).await.unwrap();
    assert_eq!(faults(&app).await, Vec::<String>::new());
}

async fn candidates_beyond_the_newest_hundred_stand_on_further_pages(app: TestApp) {
    // Given something that three people asked for, and behind it a hundred other releases
    for (name, number) in [("李小红", "1"), ("王小明", "2"), ("张小军", "3")] {
        let mut body = filing(&app);
        body["application"]["applicant"]["name"] = json!(name);
        body["application"]["applicant"]["credential_kind"] = json!("passport");
        body["application"]["applicant"]["credential_number"] = json!(number);
        let case = Case::filed_with(&app, |form| *form = body["application"].clone()).await;
        supplied(&app, case, "分配表.pdf").await;
    }
    gongkai::jobs::drain(&app.app).await.unwrap();
    let newest = app.officer().await.get("/api/v1/requests?limit=1").await.expect(200).json;
    let id: Uuid = newest["items"][0]["id"].as_str().unwrap().parse().unwrap();
    app.db_write(move |conn| {
        use gongkai::db::{applications, requests};
        let (row, form) = (requests::get(conn, id)?, applications::get(conn, id)?);
        for n in 0..100 {
            let (id, mut row, mut form) = (Uuid::now_v7(), row.clone(), form.clone());
            (row.id, row.number, form.request_id) = (id, format!("copy{n}"), id);
            // Words nobody else used, and nobody else asked
            form.form["title"] = json!(format!("{n}"));
            (form.applicant_key, form.indexed) = (format!("{n:064}"), true);
            requests::insert(conn, row)?;
            applications::insert(conn, form)?;
        }
        Ok::<_, gongkai::db::StoreError>(())
    })
    .await;

    // When the pages are turned, then the second one has it, once
    let head_person = app.head().await;
    let first = head_person.get("/api/v1/publication-candidates").await.expect(200).json;
    assert_eq!(first["items"], json!([]));
    let next = first["next"].as_str().unwrap();
    let path = format!("/api/v1/publication-candidates?cursor={next}");
    let second = head_person.get(&path).await.expect(200).json;
    assert_eq!(second["items"].as_array().unwrap().len(), 1, "{second}");
    assert_eq!((&second["items"][0]["applicants"], &second["next"]), (&json!(3), &json!(null)));
}

#[test]
fn what_is_published_is_not_fetched_without_end() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let few = |config: WebConfig| WebConfig {
            per_minute: PerMinute { reading: 3, ..PerMinute::UNLIMITED },
            ..config
        };
        let app = TestApp::spawn_with(Backend::Sqlite, few).await.unwrap();
        let id = Uuid::now_v7();
        let anon = app.anon();
        anon.get("/api/v1/public-information").await.expect(200);
        anon.get(&format!("/api/v1/public-information/{id}")).await.expect(404);
        anon.get(&format!("/api/v1/public-information/{id}/files/1")).await.expect(404);
        for path in ["", &format!("/{id}"), &format!("/{id}/files/1")] {
            let reply = anon.get(&format!("/api/v1/public-information{path}")).await;
            assert_eq!(reply.refusal(), (429, "too_many_requests"), "{path}");
        }
        // Other public paths are counted for themselves
        let case = Case::filed(&app).await;
        app.anon().send_json("/api/v1/tracking", &case.ticket()).await.expect(200);
    });
}
