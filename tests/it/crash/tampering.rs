//! What somebody with access to database and files changes is found by `gongkai verify`, and named.

use std::path::Path;
use std::process::Output;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Text};
use diesel::sqlite::SqliteConnection;
use gongkai::app::ledger;
use gongkai::db::events::{self, EventRow};
use gongkai::jobs;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::verify;
use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{Backend, TestApp};

/// A case with documents, and everything of the installation copied elsewhere.
struct Copied {
    folder: TempDir,
    /// 受理编号 of the case.
    number: String,
    /// The case.
    id: Uuid,
    /// Its ledger.
    ledger: Vec<EventRow>,
    /// Its reply.
    reply: String,
}

impl Copied {
    async fn new() -> Self {
        let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
        let case = Case::in_processing(&app).await;
        let other = Case::filed(&app).await;
        other.does(By::Clerk, json!({ "action": "note", "text": "另一件" })).await;
        let reply = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
        jobs::drain(&app.app).await.unwrap();
        let id: Uuid = case.id.parse().unwrap();
        let ledger = app.app.store.read(move |conn| events::of_request(conn, id)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (app.folder.path(), folder.path());
        connect(&from.join("gongkai.db"))
            .batch_execute(&format!("VACUUM INTO '{}'", to.join("gongkai.db").display()))
            .unwrap();
        std::fs::copy(from.join("secret.key"), to.join("secret.key")).unwrap();
        copy_all(&from.join("files"), &to.join("files"));
        Self { folder, number: case.number.clone(), id, ledger, reply }
    }

    /// A copy of the copy.
    fn again(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_all(self.folder.path(), folder.path());
        let (number, reply) = (self.number.clone(), self.reply.clone());
        Self { folder, number, id: self.id, ledger: self.ledger.clone(), reply }
    }

    /// The database, without the guards that only hold against mistakes.
    fn database(&self) -> SqliteConnection {
        let mut database = connect(&self.folder.path().join("gongkai.db"));
        database
            .batch_execute(
                "DROP TRIGGER request_events_no_update; DROP TRIGGER request_events_no_delete;",
            )
            .unwrap();
        database
    }

    /// Fails unless verification ends with 1 and names the case and the fault.
    fn assert_found(&self, fault: &str) {
        let output = verify(self.folder.path());
        let told = text(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        let named = |line: &str| line.starts_with("× ") && line.contains(fault);
        let line = told.lines().find(|line| named(line));
        let line = line.unwrap_or_else(|| panic!("“{fault}” is not in:\n{told}"));
        assert!(line.contains(&self.number), "{line} does not name {}", self.number);
    }
}

fn connect(path: &Path) -> SqliteConnection {
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn text(output: &Output) -> String {
    let parts = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(parts).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untouched_installation_verifies() {
    let copied = Copied::new().await;

    let output = verify(copied.folder.path());

    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("全部一致"), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_entry_is_found() {
    let copied = Copied::new().await;
    // Given a receipt that somebody would rather have by another ground
    let changed = copied
        .database()
        .batch_execute(
            "UPDATE request_events SET payload = json_set(payload, '$.evidence', '补记')
             WHERE kind = 'received' AND request_id IN
                 (SELECT id FROM requests WHERE number LIKE '%00001')",
        )
        .is_ok();
    assert!(changed);

    copied.assert_found("第2条记录已被改动");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_off_entry_is_found() {
    let copied = Copied::new().await;
    let last = copied.ledger.last().unwrap().seq;
    let cut = "DELETE FROM request_events WHERE request_id = ? AND seq = ?";
    let deleted = diesel::sql_query(cut)
        .bind::<Binary, _>(copied.id.as_bytes().to_vec())
        .bind::<Integer, _>(last)
        .execute(&mut copied.database())
        .unwrap();
    assert_eq!(deleted, 1);

    copied.assert_found(&format!("应有{last}条记录，实有{}条", last - 1));
}

/// Somebody who knows how entries are hashed, but does not hold the key.
#[tokio::test(flavor = "multi_thread")]
async fn a_rewritten_chain_lacks_the_seal() {
    let copied = Copied::new().await;
    let mut database = copied.database();
    let mut prev = ledger::GENESIS.to_owned();
    for mut row in copied.ledger.clone() {
        if row.kind == "received" {
            row.payload["evidence"] = json!("补记");
        }
        row.prev_hash = prev;
        row.hash = ledger::hash(&row);
        prev = row.hash.clone();
        let sql = "UPDATE request_events SET payload = ?, prev_hash = ?, hash = ?
                   WHERE request_id = ? AND seq = ?";
        diesel::sql_query(sql)
            .bind::<Text, _>(row.payload.to_string())
            .bind::<Text, _>(row.prev_hash)
            .bind::<Text, _>(row.hash)
            .bind::<Binary, _>(row.request_id.as_bytes().to_vec())
            .bind::<Integer, _>(row.seq)
            .execute(&mut database)
            .unwrap();
    }

    copied.assert_found("第2条记录的封印不是本系统所加");
    let told = text(&verify(copied.folder.path()));
    assert!(!told.contains("已被改动") && !told.contains("不衔接"), "a poor forgery: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_byte_of_an_issued_document_is_found() {
    let copied = Copied::new().await;
    let pdf = copied.folder.path().join(format!("files/notices/{}.pdf", copied.reply));
    let mut bytes = std::fs::read(&pdf).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&pdf, bytes).unwrap();

    copied.assert_found("文书“政府信息公开申请答复书”：文件内容与记录的摘要不符");

    std::fs::remove_file(&pdf).unwrap();
    copied.assert_found("文书“政府信息公开申请答复书”：文件无法读取");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_beside_the_ledger_is_found() {
    let copied = Copied::new().await;
    let of_case = format!("number = '{}'", copied.number);
    let of_request = format!("request_id = (SELECT id FROM requests WHERE {of_case})");
    for (change, back, fault) in [
        (
            format!("UPDATE requests SET due_on = date(due_on, '+10 days') WHERE {of_case}"),
            format!("UPDATE requests SET due_on = date(due_on, '-10 days') WHERE {of_case}"),
            "登记内容与台账不符",
        ),
        (
            format!(
                "UPDATE notices SET content = json_set(content, '$.addressee', '李四')
                 WHERE kind = 'reply' AND {of_request}"
            ),
            format!(
                "UPDATE notices SET content = json_set(content, '$.addressee', '王小明')
                 WHERE kind = 'reply' AND {of_request}"
            ),
            "文书“政府信息公开申请答复书”的内容与签发时不符",
        ),
        (
            format!(
                "UPDATE applications SET form = json_set(form, '$.title', '别的') WHERE {of_request}"
            ),
            format!(
                "UPDATE applications SET form = json_set(form, '$.title',
                 '2025年度老旧小区改造补助资金分配表') WHERE {of_request}"
            ),
            "申请内容与提交时不符",
        ),
    ] {
        let mut database = connect(&copied.folder.path().join("gongkai.db"));
        database.batch_execute(&change).unwrap();
        copied.assert_found(fault);
        database.batch_execute(&back).unwrap();
    }
    assert_eq!(verify(copied.folder.path()).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_or_a_request_that_vanished_is_found() {
    let copied = Copied::new().await;
    let mut database = copied.database();
    database.batch_execute("DELETE FROM document_numbers").unwrap();
    let output = verify(copied.folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("文号不连续"), "{}", text(&output));

    // The second request, with everything that is its own
    let own = "(SELECT id FROM requests WHERE number LIKE '%00002')";
    for table in
        ["outbox", "notices", "request_events", "applications", "standing_bars", "standings"]
    {
        let sql = format!("DELETE FROM {table} WHERE request_id = {own}");
        database.batch_execute(&sql).unwrap();
    }
    database.batch_execute("DELETE FROM requests WHERE number LIKE '%00002'").unwrap();
    let output = verify(copied.folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("缺少受理编号：[2]"), "{}", text(&output));
}

/// Every table that says something of a case is held against its ledger: each change is made alone,
/// in a copy of its own.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_beside_the_ledger_is_found() {
    let copied = Copied::new().await;
    let ours = format!("(SELECT id FROM requests WHERE number = '{}')", copied.number);
    let reply = format!("kind = 'reply' AND request_id = {ours}");
    for (sql, fault) in [
        ("UPDATE requests SET title = '别的' WHERE id = OURS", "登记的标题或者申请人与申请表不符"),
        (
            "UPDATE requests SET applicant_name = '李四' WHERE id = OURS",
            "登记的标题或者申请人与申请表不符",
        ),
        ("UPDATE requests SET number = '202600199999' WHERE id = OURS", "受理编号与台账所记的"),
        (
            "UPDATE applications SET form = json_set(form, '$.electronic_service', json('true')) WHERE request_id = OURS",
            "申请表与台账所记的不符",
        ),
        (
            "UPDATE applications SET form = json_set(form, '$.delivery_way', 'fax') WHERE request_id = OURS",
            "申请表与台账所记的不符",
        ),
        (
            "UPDATE applications SET identity_cipher = NULL WHERE request_id = OURS",
            "申请表与台账所记的不符",
        ),
        ("UPDATE applications SET identity_cipher = 'x' WHERE request_id = OURS", "申请表无法打开"),
        ("UPDATE notices SET status = 'voided' WHERE REPLY", "的状态与台账不符"),
        ("UPDATE notices SET title = '别的' WHERE REPLY", "的标题或者种类与签发时不符"),
        ("UPDATE notices SET number = '青财告〔2026〕第99号' WHERE REPLY", "的文号与台账所记的"),
        (
            "UPDATE document_numbers SET voided_at = allotted_at, void_reason = '作废' WHERE notice_id IS NOT NULL",
            "的文号与文号登记簿不符",
        ),
        ("UPDATE document_numbers SET notice_id = NULL", "的文号与文号登记簿不符"),
        ("DELETE FROM number_series WHERE series <> '#request'", "has numbers and no series"),
        ("DELETE FROM number_series WHERE series = '#request'", "的受理编号序列小于已用的编号"),
        (
            "UPDATE number_series SET last_n = last_n - 1 WHERE series = '#request'",
            "的受理编号序列小于已用的编号",
        ),
        (
            "UPDATE requests SET outcome = 'G1' WHERE number LIKE '%00002'; UPDATE notices SET kind = 'receipt' WHERE REPLY",
            "的标题或者种类与签发时不符",
        ),
    ] {
        let copy = copied.again();
        let sql = sql.replace("OURS", &ours).replace("REPLY", &reply);
        copy.database().batch_execute(&sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        let output = verify(copy.folder.path());
        let told = text(&output);
        assert_eq!(output.status.code(), Some(1), "{sql}\n{told}");
        assert!(told.contains(fault), "{sql}: “{fault}” is not in:\n{told}");
    }
}

/// One request that cannot be read at all is named, and the others are looked at.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_does_not_hide_the_others() {
    let copied = Copied::new().await;
    let sql = "PRAGMA ignore_check_constraints = ON;
        UPDATE requests SET outcome = 'ZZ' WHERE number LIKE '%00002';
        UPDATE requests SET title = '别的' WHERE number LIKE '%00001';";
    copied.database().batch_execute(sql).unwrap();
    let told = text(&verify(copied.folder.path()));
    assert!(told.contains("登记无法读取"), "{told}");
    assert!(told.contains("登记的标题或者申请人与申请表不符"), "{told}");
}
