//! Archived cases whose period is over: listed for the archivist, and never destroyed.

use std::process::Command;

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    what_was_kept_long_enough_is_listed_and_nothing_is_destroyed,
    the_list_is_the_agencys_own,
    the_archivist_has_the_list_at_the_machine_beside_the_running_server,
);

/// A case answered and filed away on 14 September 2026 under this number, for this long.
async fn archived<'a>(app: &'a TestApp, volume: &str, retention: &str) -> Case<'a> {
    app.set_today("2026-09-14");
    let case = Case::in_processing(app).await;
    let notice = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    case.does(By::Officer, json!({ "action": "close" })).await;
    let archive = json!({
        "action": "archive", "volume": volume, "retention": retention,
        "reason": "复议、诉讼期限由承办人跟踪"
    });
    case.does(By::Officer, archive).await;
    case
}

async fn listed(app: &TestApp, today: &str) -> Vec<Value> {
    app.set_today(today);
    let page = app.head().await.get("/api/v1/expired-files").await.expect(200).json;
    assert_eq!(page["next"], Value::Null);
    page["items"].as_array().unwrap().clone()
}

fn volumes(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["volume"].as_str().unwrap()).collect()
}

async fn what_was_kept_long_enough_is_listed_and_nothing_is_destroyed(app: TestApp) {
    // Given three cases of 2026, kept for ten years, thirty years and for ever
    let ten = archived(&app, "2026-1", "years_10").await;
    archived(&app, "2026-2", "years_30").await;
    archived(&app, "2026-3", "permanent").await;

    // The years run from the first day of 2027: on the last day of 2036 the period still runs
    assert_eq!(listed(&app, "2036-12-31").await, Vec::<Value>::new());
    let after_ten = listed(&app, "2037-01-01").await;
    assert_eq!(volumes(&after_ten), ["2026-1"]);
    assert_eq!(
        (&after_ten[0]["ended_on"], &after_ten[0]["years"], &after_ten[0]["retention_label"]),
        (&json!("2036-12-31"), &json!(10), &json!("10年"))
    );
    assert_eq!(after_ten[0]["number"], ten.view().await["number"]);
    assert_eq!(after_ten[0]["title"], ten.view().await["title"]);
    assert_eq!(
        (&after_ten[0]["closed_on"], &after_ten[0]["assumed"]),
        (&json!("2026-09-14"), &json!(false))
    );
    // What is kept for ever never comes up
    assert_eq!(volumes(&listed(&app, "2056-12-31").await), ["2026-1"]);
    assert_eq!(volumes(&listed(&app, "2057-01-01").await), ["2026-1", "2026-2"]);
    // The program itself destroys nothing, whatever its workers do
    gongkai::jobs::drain(&app.app).await.unwrap();
    app.app.forget_expired("test").await.unwrap();
    assert_eq!(ten.view().await["state"], "archived");
    let all = app.app.all_expired_files().await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn the_list_is_the_agencys_own(app: TestApp) {
    archived(&app, "2026-1", "years_10").await;
    app.set_today("2037-01-01");
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    let theirs = stranger.get("/api/v1/expired-files").await.expect(200).json;
    assert_eq!(theirs["items"], json!([]));
    let other = format!("/api/v1/expired-files?agency={}", app.agency);
    assert_eq!(stranger.get(&other).await.refusal(), (404, "not_found"));
    let county = app.supervisor().await.get(&other).await.expect(200).json;
    assert_eq!(county["items"].as_array().unwrap().len(), 1);
    let bad = app.head().await.get("/api/v1/expired-files?cursor=x").await;
    assert_eq!(bad.blamed(), ("cursor", "malformed_cursor"));
}

async fn the_archivist_has_the_list_at_the_machine_beside_the_running_server(app: TestApp) {
    let list = || {
        let done = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["archive", "expired"])
            .current_dir(crate::support::repository())
            .env_clear()
            .env("GONGKAI_DATA_DIR", app.folder.path())
            .env("GONGKAI_DATABASE_URL", app.database_url())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let case = archived(&app, "2026-1", "years_10").await;
    archived(&app, "2026-2", "permanent").await;
    assert!(list().starts_with("共0卷"));
    // The command goes by the day it is; the cases are put back by more than ten years
    app.db_write(|conn| {
        let sql = "UPDATE requests SET closed_on = '2010-05-05' WHERE closed_on IS NOT NULL";
        Ok(conn.batch_execute(sql)?)
    })
    .await;
    let told = list();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    for part in ["2026-1", case.number.as_str(), "10年", "2020-12-31期满"] {
        assert!(lines[0].contains(part), "{part} in {told}");
    }
    assert!(lines[1].starts_with("共1卷"));
}
