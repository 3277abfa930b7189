//! Stored files that no row names: told by verification, removed by the worker when they are old –
//! and never one that a row names.

use std::fs::File;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::stream;
use gongkai::clock::Clock;
use gongkai::db::audit::{self, AuditFilter};
use gongkai::jobs;
use reqwest::Method;
use reqwest::multipart::{Form, Part};

use crate::support::cases::Case;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    an_old_file_that_nothing_names_is_removed_and_nothing_else,
    orphans_are_swept_once_a_day_whoever_works,
);

const PDF: &[u8] = b"%PDF-1.7\nan upload";

/// Stores bytes as an upload does, and is killed before the commit.
async fn orphan(app: &TestApp, days_old: u64) -> String {
    let source = stream::iter([Ok::<_, String>(Bytes::from_static(PDF))]);
    let stored = app.app.blobs.put_upload("files", "a.pdf", source, 1 << 20).await.unwrap();
    age(app, &stored.0.key, days_old);
    stored.0.key
}

/// Makes a stored file older, by the clock of the tests.
fn age(app: &TestApp, key: &str, days: u64) {
    let file = File::options().write(true).open(app.folder.path().join("files").join(key)).unwrap();
    let now: SystemTime = app.clock.now().into();
    file.set_modified(now - Duration::from_secs(days * 24 * 3600)).unwrap();
}

async fn is_there(app: &TestApp, key: &str) -> bool {
    app.app.blobs.get(key).await.is_ok()
}

/// An attachment of the applicant: named by a row.
async fn attached(case: &Case<'_>) {
    let file = Part::bytes(PDF).file_name("材料.pdf");
    let form = Form::new().text("number", case.number.clone()).text("code", case.code.clone());
    let anon = case.app.anon();
    let request = anon
        .request(Method::POST, "/api/v1/tracking/files")
        .header("Idempotency-Key", "a-key-of-this-file");
    anon.send(request.multipart(form.part("file", file))).await.expect(201);
}

async fn stored(app: &TestApp, folder: &str) -> Vec<String> {
    use futures_util::TryStreamExt;
    let listed: Vec<_> = app.app.blobs.list(folder).unwrap().try_collect().await.unwrap();
    listed.into_iter().map(|file| file.key).collect()
}

async fn an_old_file_that_nothing_names_is_removed_and_nothing_else(app: TestApp) {
    // Given an attachment and documents on record, all very old, and three files nobody knows
    let case = Case::filed(&app).await;
    attached(&case).await;
    jobs::drain(&app.app).await.unwrap();
    let named = [stored(&app, "files").await, stored(&app, "notices").await].concat();
    assert_eq!(named.len(), 3);
    for key in &named {
        age(&app, key, 3_000);
    }
    let (old, young) = (orphan(&app, 31).await, orphan(&app, 29).await);
    let paper = format!("notices/{}.pdf", uuid::Uuid::now_v7());
    app.app.blobs.put_bytes(&paper, "of no notice".into()).await.unwrap();
    age(&app, &paper, 3_000);

    // Then verification tells of them, and calls nothing wrong
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    let mut unnamed = vec![old.clone(), young.clone(), paper.clone()];
    unnamed.sort();
    assert_eq!(report.orphans, unnamed);
    assert_eq!(app.app.verify(false).await.unwrap().orphans, Vec::<String>::new());

    // And the worker removes the old upload, on record, and leaves everything else
    assert_eq!(app.app.sweep_orphans("a worker").await.unwrap(), 1);
    assert!(!is_there(&app, &old).await);
    for key in named.iter().chain([&young, &paper]) {
        assert!(is_there(&app, key).await, "{key}");
    }
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
    let log = app.app.store.read(|conn| audit::page(conn, &AuditFilter::default(), None, 100));
    let log = log.await.unwrap();
    let swept: Vec<_> = log.iter().filter(|row| row.action == "files.sweep").collect();
    assert_eq!(swept.len(), 1);
    assert_eq!(swept[0].detail, serde_json::json!({ "removed": 1 }));
}

async fn orphans_are_swept_once_a_day_whoever_works(app: TestApp) {
    orphan(&app, 40).await;
    assert_eq!(app.app.sweep_orphans("one").await.unwrap(), 1);

    let later = orphan(&app, 40).await;
    assert_eq!(app.app.sweep_orphans("two").await.unwrap(), 0);
    app.clock.advance(TimeDelta::hours(23));
    assert_eq!(app.app.sweep_orphans("one").await.unwrap(), 0);
    assert!(is_there(&app, &later).await);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.app.sweep_orphans("two").await.unwrap(), 1);
}
