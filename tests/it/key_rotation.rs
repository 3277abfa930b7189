//! Keys for fields are changed without losing a text, in the middle of work, and a start with the
//! wrong ones is refused.

use std::sync::Arc;

use gongkai::app::App;
use gongkai::assembly::{AssemblyError, assemble};
use gongkai::clock::ManualClock;
use gongkai::config::Config;
use gongkai::db::{Access, StoreError};
use gongkai::jobs;
use gongkai::keys::{FieldKeySource, Keys};
use serde_json::{Value, json};

use crate::support::cases::{By, Case};
use crate::support::day;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_rotation_seals_everything_anew_while_the_server_works,
    a_rotation_that_was_cut_off_goes_on,
    what_cannot_be_opened_is_told_and_its_key_is_kept,
);

async fn phone(app: &TestApp, case: &Case<'_>) -> Value {
    let body = json!({ "field": "phone", "purpose": "核对身份" });
    let reply = app.officer().await.send_json(&case.path("/personal-data"), &body).await;
    reply.expect(200).json["value"].clone()
}

async fn rotate(app: &App, resume: bool) -> gongkai::app::field_keys::Rotated {
    let app = app.clone();
    tokio::task::spawn_blocking(move || app.rotate_field_keys(resume)).await.unwrap().unwrap()
}

/// Another process on the same folder: it has read the file of keys for itself.
fn beside(app: &TestApp) -> App {
    let secret = std::fs::read_to_string(app.folder.path().join("secret.key")).unwrap();
    let mut bytes = [0_u8; 32];
    hex::decode_to_slice(secret.trim(), &mut bytes).unwrap();
    let file = FieldKeySource::File(app.folder.path().join("field.keys"));
    let keys = Keys::from_secret(&bytes).with_field_keys(file).unwrap();
    App { keys: Arc::new(keys), ..app.app.clone() }
}

async fn a_rotation_seals_everything_anew_while_the_server_works(app: TestApp) {
    // given a case with sealed ledger, sealed person and a mail that waits
    let case = Case::in_processing(&app).await;
    // and an entry in each register that seals who asks
    let (record, complaint) = registers(&app).await;
    let old = app.app.keys.field_key_ids();
    // when another process rotates
    let command = beside(&app);
    let rotated = rotate(&command, false).await;
    // then all is under the new key and nothing under the old
    assert_eq!((rotated.texts, rotated.faults.as_slice()), (5, &[][..]));
    let status = command.field_key_status().unwrap();
    let counts: Vec<(&str, bool, i64)> =
        status.iter().map(|key| (key.id.as_str(), key.active, key.texts)).collect();
    assert_eq!(counts.len(), 2);
    assert!(counts.contains(&(old[0].as_str(), false, 0)));
    assert!(counts.contains(&(rotated.active.as_str(), true, 5)));
    // and the server, not started anew, reads, seals with the new key, sends and verifies
    assert_eq!(phone(&app, &case).await, "13800000000");
    let officer = app.officer().await;
    let entry = format!("/api/v1/record-corrections/{record}");
    let record = officer.get(&entry).await;
    assert!(record.expect(200).json["form"]["credential_number"].as_str().unwrap().contains('*'));
    for (field, value) in [("applicant_name", "王小明"), ("contact", "1")] {
        let opening = json!({ "field": field, "purpose": "核对身份" });
        let opened = officer.send_json(&format!("{entry}/personal-data"), &opening).await;
        assert_eq!(opened.expect(200).json["value"], value);
    }
    officer.get(&format!("{entry}/letters/1")).await.expect(200);
    let complaint = app.supervisor().await.get(&format!("/api/v1/complaints/{complaint}")).await;
    assert_eq!(complaint.expect(200).json["contact"], "13900000000");
    let next = Case::filed(&app).await;
    assert_eq!(phone(&app, &next).await, "13800000000");
    assert!(command.field_key_status().unwrap().iter().all(|key| key.active || key.texts == 0));
    case.does(By::Officer, json!({ "action": "note", "text": "换密钥之后" })).await;
    jobs::drain(&app.app).await.unwrap();
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
    // and what the applicant got still opens the request
    assert_eq!(case.track().await["number"], json!(case.number));
}

/// A correction of a record and a complaint.
async fn registers(app: &TestApp) -> (String, String) {
    let record = json!({
        "received_on": "2026-09-14",
        "form": {
            "applicant_name": "王小明", "credential_number": "11010519491231002X",
            "contact": "1", "record": "记录", "error": "有误", "evidence": "证据"
        }
    });
    let record = app.clerk().await.post("/api/v1/record-corrections", &record).await.expect(201);
    let path = format!("/api/v1/record-corrections/{}", record.json["id"].as_str().unwrap());
    let forward =
        json!({ "step": "forward", "on": "2026-09-14", "agency": "县公安局", "contact": "1" });
    app.officer().await.act(&format!("{path}/steps"), 1, &forward).await.expect(200);
    let complaint = json!({
        "agency": app.agency, "received_on": "2026-09-14",
        "form": { "name": "赵不平", "contact": "13900000000", "content": "逾期" }
    });
    let complaint = app.supervisor().await.post("/api/v1/complaints", &complaint).await.expect(201);
    let id = |json: &Value| json["id"].as_str().unwrap().to_owned();
    (id(&record.json), id(&complaint.json))
}

async fn a_rotation_that_was_cut_off_goes_on(app: TestApp) {
    // given three requests, a new key and a rotation that ended there
    for _ in 0..3 {
        Case::filed(&app).await;
    }
    let command = beside(&app);
    let new = command.keys.add_field_key().unwrap();
    // of which the server at work already seals with it
    Case::filed(&app).await;
    // when it is resumed
    let rotated = rotate(&command, true).await;
    // then the same key is used, and a second time there is nothing to do
    assert_eq!((rotated.active.as_str(), rotated.texts), (new.as_str(), 6));
    assert_eq!(rotate(&command, true).await.texts, 0);
}

async fn what_cannot_be_opened_is_told_and_its_key_is_kept(app: TestApp) {
    Case::filed(&app).await;
    let broken = Case::filed(&app).await;
    let id = uuid::Uuid::parse_str(&broken.id).unwrap();
    app.db_write(move |conn| {
        use diesel::RunQueryDsl;
        let literal = gongkai::db::per_backend::dialect::uuid_literal(conn, id);
        let damage = format!(
            "UPDATE applications SET identity_cipher = substr(identity_cipher, 1, 40) WHERE request_id = {literal}"
        );
        diesel::sql_query(damage).execute(conn)?;
        Ok(())
    })
    .await;

    let rotated = rotate(&beside(&app), false).await;

    assert_eq!((rotated.texts, rotated.faults.len()), (3, 1));
    assert!(rotated.faults[0].contains(&broken.id), "{:?}", rotated.faults);
}

/// An installation on SQLite without a server.
struct Installation(tempfile::TempDir);

impl Installation {
    fn assemble(&self, secret: &str, further: &str) -> Result<App, AssemblyError> {
        let settings = [
            ("GONGKAI_DATA_DIR", self.0.path().display().to_string()),
            ("GONGKAI_SECRET_KEY", secret.to_owned()),
            ("GONGKAI_FIELD_KEYS", further.to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        let config = Config::load(None, settings).unwrap();
        let clock = Arc::new(ManualClock::on(day("2026-09-14")));
        // A start that was refused frees the file when its writer has ended, a moment later.
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            match assemble(&config, Arc::<ManualClock>::clone(&clock), Access::Exclusive) {
                Err(AssemblyError::Store(StoreError::InUse { .. }))
                    if std::time::Instant::now() < deadline =>
                {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                other => return other,
            }
        }
    }
}

/// Frees the database for the next start.
fn close(app: &App) {
    tokio::runtime::Runtime::new().unwrap().block_on(app.store.close());
}

#[test]
fn a_start_with_the_wrong_keys_is_refused() {
    let (ours, other) = ("11".repeat(32), "22".repeat(32));
    let (first, second) = ("33".repeat(32), "44".repeat(32));
    let installation = Installation(tempfile::tempdir().unwrap());
    // given a database written with a secret and a further key
    close(&installation.assemble(&ours, &first).unwrap());
    // when another secret comes, it is refused; and so is the absence of the further key
    assert!(matches!(
        installation.assemble(&other, &first),
        Err(AssemblyError::Keys(gongkai::app::field_keys::KeyFault::OtherInstallation))
    ));
    let missing = installation.assemble(&ours, "").err().unwrap().to_string();
    assert!(missing.contains("缺少") && missing.contains("GONGKAI_FIELD_KEYS"), "{missing}");
    let missing = installation.assemble(&ours, &second).err().unwrap().to_string();
    assert!(missing.contains("缺少"), "{missing}");
    // then with both, in whatever number, it starts
    let app = installation.assemble(&ours, &format!("{first},{second}")).unwrap();
    // and once nothing needs the older key it may go
    assert_eq!(app.rotate_field_keys(true).unwrap().faults.len(), 0);
    let told = app.rotate_field_keys(false).unwrap_err().to_string();
    assert!(told.contains("field_keys"), "{told}");
    close(&app);
    installation.assemble(&ours, &second).unwrap();
}

#[test]
fn a_half_written_line_of_the_key_file_is_never_used_and_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("field.keys");
    let keys = || Keys::from_secret(&[7; 32]).with_field_keys(FieldKeySource::File(path.clone()));
    let first = keys().unwrap().add_field_key().unwrap();
    // given a process that was killed while it appended
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}aes-256-gcm 0123")).unwrap();
    assert_eq!(keys().unwrap().field_key_ids().last(), Some(&first));
    // when the next one appends, both whole keys are there
    let second = keys().unwrap().add_field_key().unwrap();
    assert_eq!(keys().unwrap().field_key_ids()[1..], [first, second]);
    // and a whole line that is no key is refused, as is a file that others may read
    std::fs::write(&path, format!("{whole}aes-256-gcm 01234567 00\n")).unwrap();
    assert!(keys().err().unwrap().to_string().contains("第 2 行"));
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(keys().err().unwrap().to_string().contains("chmod 600"));
}

/// The real program on a folder; with keys in the settings if any are given.
fn gongkai(folder: &std::path::Path, further: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(args)
        .current_dir(crate::support::repository())
        .env_clear()
        .env("GONGKAI_DATA_DIR", folder)
        .env("GONGKAI_FIELD_KEYS", further)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn the_command_rotates_tells_the_keys_and_refuses_what_it_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let (status, told) = gongkai(folder.path(), "", &["keys", "rotate"]);
    assert_eq!((status, told.contains("已重新加密0项")), (Some(0), true), "{told}");
    let (status, told) = gongkai(folder.path(), "", &["keys", "status"]);
    assert_eq!((status, told.lines().count()), (Some(0), 2), "{told}");
    assert_eq!((told.matches("现用").count(), told.matches("旧").count()), (1, 1), "{told}");

    let other = tempfile::tempdir().unwrap();
    let (status, told) = gongkai(other.path(), &"33".repeat(32), &["keys", "rotate"]);
    assert_eq!((status, told.contains(r#""code":"refused""#)), (Some(2), true), "{told}");
    assert!(!told.contains("3333"), "a key is shown: {told}");
    // Without that key the data folder cannot be used, and the message says which key it wants.
    let (status, told) = gongkai(other.path(), "", &["verify"]);
    assert_eq!((status, told.contains("GONGKAI_FIELD_KEYS")), (Some(1), true), "{told}");
}
