//! `gongkai calendar import`: the operator looks and proposes at the machine; a person in the system
//! confirms.

use std::process::{Command, Output};

use gongkai::jobs;
use serde_json::{Value, json};

use super::{confirmed, path, prolonged_2026};
use crate::support::cases::Case;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_operator_looks_first_then_proposes_and_somebody_else_confirms,
    a_file_that_does_not_stand_is_refused_at_the_machine_and_nothing_is_proposed,
);

/// Runs `gongkai calendar` beside the running application.
fn calendar(app: &TestApp, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .arg("calendar")
        .args(arguments)
        .current_dir(crate::support::repository())
        .env_clear()
        .env("GONGKAI_DATA_DIR", app.folder.path())
        .env("GONGKAI_DATABASE_URL", app.database_url())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The stable code of a refusal.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let refusal: Value = serde_json::from_slice(&output.stderr).unwrap();
    refusal["code"].as_str().unwrap_or_else(|| panic!("{refusal}")).to_owned()
}

fn file(app: &TestApp, text: &str) -> String {
    let path = app.folder.path().join("year.csv");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

async fn imports(app: &TestApp) -> Vec<Value> {
    let listed = app.admin().await.get("/api/v1/calendar/imports").await.expect(200).json;
    listed.as_array().unwrap().clone()
}

async fn the_operator_looks_first_then_proposes_and_somebody_else_confirms(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let table = file(&app, prolonged_2026()["text"].as_str().unwrap());
    let number = ["--document", "国办发明电〔2026〕8号", "--document-on", "2024-09-14"];
    let import = [&["import", &table], &number[..]].concat();

    // When the effect is looked at, it is shown and nothing is written
    let shown = said(&calendar(&app, &[&import[..], &["--dry-run"]].concat()));
    assert!(shown.contains("未结申请1件，其中1件的期限会变化"), "{shown}");
    assert!(shown.contains("答复期限 2026-10-16 → 2026-10-19"), "{shown}");
    assert!(shown.contains("提示：2026年工作日合计247天"), "{shown}");
    assert_eq!(imports(&app).await, Vec::<Value>::new());

    // When it is proposed, it waits for a person, and until then no date moves
    let proposed = said(&calendar(&app, &import));
    let listed = imports(&app).await;
    assert_eq!(listed.len(), 1);
    assert!(proposed.contains(listed[0]["id"].as_str().unwrap()), "{proposed}");
    assert_eq!(
        (&listed[0]["state"], &listed[0]["proposed_by"]),
        (&json!("proposed"), &json!("命令行"))
    );
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(case.view().await["due_on"], "2026-10-16");

    // Then it is in force, and the check reads it from the database
    confirmed(&app, &listed[0]).await;
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(case.view().await["due_on"], "2026-10-19");
    let check = said(&calendar(&app, &["check", "--record", "--as-of", "2026-01-05"]));
    assert!(check.starts_with("现行日历第2版"), "{check}");
    // And what holds already is not proposed again
    assert_eq!(refused(&calendar(&app, &import)), "calendar_unchanged");
}

async fn a_file_that_does_not_stand_is_refused_at_the_machine_and_nothing_is_proposed(
    app: TestApp,
) {
    let table = prolonged_2026()["text"].as_str().unwrap().to_owned();
    let number = ["--document", "国办发明电〔2026〕8号", "--document-on", "2024-09-14"];
    for (text, options, code) in [
        (table.replace("2026-10-01,off", "2026-10-01,free"), &number[..], "malformed_table"),
        (
            table.replace("2026-10-01,off,国庆节,2026\n", ""),
            &number[..],
            "statutory_holiday_missing",
        ),
        (table.clone(), &number[..2], "document_date"),
        (table.clone(), &number[2..], "document_number"),
        ("明天放假。".to_owned(), &number[..], "sentence_not_understood"),
    ] {
        let path = file(&app, &text);
        let output = calendar(&app, &[&["import", &path], options].concat());
        assert_eq!(refused(&output), code);
    }
    let nowhere = calendar(&app, &["import", "/nowhere/year.csv"]);
    assert_eq!(refused(&nowhere), "malformed_input");
    assert_eq!(imports(&app).await, Vec::<Value>::new());
    // A proposal that somebody declines leaves nothing behind either
    let path_of = file(&app, &table);
    said(&calendar(&app, &[&["import", &path_of], &number[..]].concat()));
    let import = imports(&app).await.remove(0);
    let why = json!({ "reason": "没有这份通知" });
    app.admin().await.put(&path(&import, "/reject"), 1, &why).await.expect(200);
    let versions = app.anon().get("/api/v1/calendar/versions").await.expect(200).json;
    assert_eq!(versions.as_array().unwrap().len(), 1);
}
