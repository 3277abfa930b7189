//! The worker puts a document on record in the very moment in which a person acts. Only on
//! PostgreSQL can that happen: SQLite has one writer, who does the one and then the other.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use gongkai::db::{Conn, StoreError};
use gongkai::jobs;
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{Backend, TestApp, run};

#[test]
fn a_step_in_the_moment_in_which_a_document_is_put_on_record_is_taken() {
    run(Backend::Postgres, |app| async move {
        // Given a request that a clerk looks at, and the worker about to record its receipt
        let case = Case::filed(&app).await;
        app.officer().await;
        let officer = app.db_user("officer").await.unwrap().id;
        let (clerk, version) = (app.clerk().await, case.version().await);
        let (held, worker) = worker_about_to_record(&app, &case).await;

        // When the clerk acts before the worker is through
        let (path, assign) =
            (case.path("/actions"), json!({ "action": "assign", "officer": officer }));
        let step = tokio::spawn(async move { clerk.act(&path, version, &assign).await });
        until_waiting(&app, 2).await;
        held.send(()).unwrap();

        // Then both are done, the one after the other
        worker.await.unwrap();
        let done = step.await.unwrap().expect(200);
        assert_eq!(done.version(), version + 2);
        let ledger = case.ledger().await;
        let kinds: Vec<_> = ledger.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["rendered", "assigned"]);
        assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
    });
}

#[test]
fn a_step_on_a_draft_and_a_step_of_the_applicant_are_taken_in_that_moment_too() {
    run(Backend::Postgres, |app| async move {
        let case = Case::in_processing(&app).await;
        let notice = case.drafted(&g1()).await;
        let (officer, version) = (app.officer().await, case.version().await);
        let (held, worker) = worker_about_to_record(&app, &case).await;
        let path = format!("/api/v1/notices/{notice}/steps");
        let submit = json!({ "step": "submit" });
        let step = tokio::spawn(async move { officer.act(&path, version, &submit).await });
        until_waiting(&app, 2).await;
        held.send(()).unwrap();
        worker.await.unwrap();
        assert_eq!(step.await.unwrap().expect(200).json["status"], "submitted");

        let other = Case::filed(&app).await;
        let (held, worker) = worker_about_to_record(&app, &other).await;
        let anon = app.anon();
        let withdraw =
            json!({ "number": other.number, "code": other.code, "statement": "不再需要" });
        let request = anon.request(Method::POST, "/api/v1/tracking/withdrawal");
        let request = request.header("Idempotency-Key", "withdraw-it-once").json(&withdraw);
        let step = tokio::spawn(async move { anon.send(request).await });
        until_waiting(&app, 2).await;
        held.send(()).unwrap();
        worker.await.unwrap();
        assert_eq!(step.await.unwrap().expect(200).json["state"], "withdrawn");
    });
}

#[test]
fn a_step_in_the_moment_of_another_persons_step_still_hears_of_it() {
    run(Backend::Postgres, |app| async move {
        let case = Case::in_processing(&app).await;
        jobs::drain(&app.app).await.unwrap();
        let version = case.version().await;
        let (clerk, officer) = (case.person(By::Clerk).await, case.person(By::Officer).await);
        let held = hold(&app, &case).await;
        let path = case.path("/actions");
        let note = |text: &str| json!({ "action": "note", "text": text });
        let (at, first) = (path.clone(), note("先"));
        let first = tokio::spawn(async move { clerk.act(&at, version, &first).await });
        until_waiting(&app, 1).await;
        let second = note("后");
        let second = tokio::spawn(async move { officer.act(&path, version, &second).await });
        until_waiting(&app, 2).await;

        held.send(()).unwrap();

        first.await.unwrap().expect(200);
        let late = second.await.unwrap();
        assert_eq!(late.refusal(), (409, "changed"));
        assert_eq!(late.json["changes"][0]["event"]["text"], "先");
    });
}

/// A worker that has set the receipt and waits for the row of the request, which we hold.
async fn worker_about_to_record(app: &TestApp, case: &Case<'_>) -> (Sender<()>, JoinHandle<()>) {
    let held = hold(app, case).await;
    let worker = app.app.clone();
    let worker = tokio::spawn(async move {
        jobs::drain(&worker).await.unwrap();
    });
    until_waiting(app, 1).await;
    (held, worker)
}

/// Holds the row of a request, unchanged, until told to let go.
async fn hold(app: &TestApp, case: &Case<'_>) -> Sender<()> {
    let (release, released) = channel::<()>();
    let (taken, is_taken) = tokio::sync::oneshot::channel();
    let (store, id) = (app.app.store.clone(), case.id.clone());
    tokio::spawn(async move {
        let work = move |conn: &mut Conn| -> Result<(), StoreError> {
            diesel::sql_query(format!("SELECT 1 FROM requests WHERE id = '{id}' FOR UPDATE"))
                .execute(conn)?;
            taken.send(()).unwrap();
            let _ = released.recv();
            Ok(())
        };
        store.write(work).await.unwrap();
    });
    is_taken.await.unwrap();
    release
}

/// Waits until as many transactions of our database stand before a lock.
async fn until_waiting(app: &TestApp, many: i64) {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    for _ in 0..1_000 {
        let count = |conn: &mut Conn| -> Result<i64, StoreError> {
            let sql = "SELECT count(*) AS n FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
            Ok(diesel::sql_query(sql).get_result::<Row>(conn)?.n)
        };
        if app.app.store.read(count).await.unwrap() == many {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits");
}
