//! Personal data: sealed in the database, masked for everybody, opened field by field for a purpose
//! that is put on record.

use std::io::{BufRead, BufReader};

use gongkai::db::applications;
use gongkai::domain::personal::{
    PersonalData, PersonalField, mask_address, mask_contact, mask_email, mask_phone,
};
use gongkai::domain::request::Application;
use gongkai::jobs;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{Case, application};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    no_personal_data_stands_in_the_database,
    a_case_page_masks_what_it_shows,
    a_field_is_opened_for_a_stated_purpose_and_that_is_on_record,
    only_case_workers_of_the_agency_open_and_only_overseers_read_the_log,
    rows_from_before_are_sealed_at_the_start,
    a_mail_finds_its_way_from_a_sealed_address,
);

/// What of [`with_agent`] must be found nowhere.
const SECRETS: [&str; 9] = [
    "11010519491231002X",
    "13800000000",
    "applicant@example.cn",
    "和平路8号",
    "110101199003071233",
    "13900001234",
    "代理人赵六",
    "987651",
    "联系人钱七",
];

fn with_agent(form: &mut Value) {
    form["applicant"]["postcode"] = json!("987651");
    form["applicant"]["contact_person"] = json!("联系人钱七");
    form["agent"] = json!({
        "name": "代理人赵六", "credential_number": "110101199003071233", "phone": "13900001234"
    });
}

async fn open(who: &Client, case: &Case<'_>, field: &str, purpose: &str) -> Reply {
    let body = json!({ "field": field, "purpose": purpose });
    who.send_json(&case.path("/personal-data"), &body).await
}

/// Every text and every document of the tables that hold or could hold a form.
async fn everything_stored(app: &TestApp) -> String {
    app.app
        .store
        .read(|conn| {
            use diesel::RunQueryDsl;
            use diesel::sql_types::Text;
            #[derive(diesel::QueryableByName)]
            struct Row {
                #[diesel(sql_type = Text)]
                text: String,
            }
            let mut all = String::new();
            for (table, columns) in [
                ("applications", &["form", "phone", "email", "identity_cipher"][..]),
                ("requests", &["title", "applicant_name"][..]),
                ("outbox", &["recipient", "payload", "last_error", "dedup_key"][..]),
                ("idempotency_keys", &["response"][..]),
                ("audit_log", &["detail", "actor_label"][..]),
                ("request_events", &["payload", "actor_label"][..]),
                ("notices", &["content", "fields"][..]),
            ] {
                for column in columns {
                    let sql = format!(
                        "SELECT CAST({column} AS TEXT) AS text FROM {table} WHERE {column} IS NOT NULL"
                    );
                    let rows: Vec<Row> = diesel::sql_query(sql).load(conn)?;
                    all.extend(rows.into_iter().map(|row| row.text + "\n"));
                }
            }
            Ok::<_, gongkai::db::StoreError>(all)
        })
        .await
        .unwrap()
}

async fn no_personal_data_stands_in_the_database(app: TestApp) {
    // given a request with every kind of personal data, of which a field was opened
    let case = Case::filed_with(&app, with_agent).await;
    jobs::drain(&app.app).await.unwrap();
    open(&app.officer().await, &case, "phone", "核对身份").await.expect(200);
    // when everything stored is read, in SQL and (where it is a file) byte by byte
    let mut stored = everything_stored(&app).await;
    assert!(stored.contains("2025年度老旧小区改造补助资金分配表"), "nothing was read");
    for entry in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            stored.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
    // then nothing personal is found
    for secret in SECRETS {
        assert!(!stored.contains(secret), "{secret} stands in the clear");
    }
}

async fn a_case_page_masks_what_it_shows(app: TestApp) {
    let case = Case::filed_with(&app, with_agent).await;
    for who in [app.clerk().await, app.officer().await, app.supervisor().await] {
        let reply = who.get(&case.path("/application")).await.expect(200);
        let shown = &reply.json["application"];
        let a = &shown["applicant"];
        assert_eq!(
            [&a["name"], &a["credential_number"], &a["phone"], &a["email"], &a["address"]],
            ["王*明", "110***********002X", "138****0000", "a***@example.cn", "青云县****"]
        );
        assert_eq!(shown["agent"]["phone"], "139****1234");
        let text = String::from_utf8_lossy(&reply.bytes).into_owned();
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is shown");
        }
        let fields: Vec<&str> = reply.json["masked"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap())
            .collect();
        assert!(fields.contains(&"agent_phone") && !fields.contains(&"legal_representative"));
    }
}

async fn a_field_is_opened_for_a_stated_purpose_and_that_is_on_record(app: TestApp) {
    let case = Case::filed_with(&app, with_agent).await;
    let officer = app.officer().await;

    let empty = open(&officer, &case, "phone", " ").await;
    assert_eq!(empty.fault(), (422, "invalid_input", "purpose"));
    let absent = open(&officer, &case, "legal_representative", "核对身份").await;
    assert_eq!(absent.refusal(), (404, "not_found"));
    let shown = open(&officer, &case, "identity_number", "核对申请人身份").await.expect(200);
    assert_eq!(shown.json["value"], "11010519491231002X");
    let shown = open(&officer, &case, "address", "邮寄答复书").await.expect(200);
    assert_eq!(shown.json["value"], "青云县城关镇和平路8号 987651");

    // Refused openings showed nothing and are no openings.
    let log = app.head().await.get(&case.path("/personal-data")).await.expect(200).json;
    let told: Vec<_> =
        log.as_array().unwrap().iter().map(|o| (&o["field"], &o["purpose"])).collect();
    assert_eq!(
        told,
        [
            (&json!("address"), &json!("邮寄答复书")),
            (&json!("identity_number"), &json!("核对申请人身份"))
        ]
    );
    assert_eq!(log[0]["who"], "承办人 测试officer");
    assert!(log[0]["at"].is_string());
}

async fn only_case_workers_of_the_agency_open_and_only_overseers_read_the_log(app: TestApp) {
    let case = Case::filed(&app).await;
    let stranger = app.signed_in("stranger", &["officer", "head"], Some(app.other_agency)).await;
    assert_eq!(open(&stranger, &case, "phone", "核对身份").await.refusal(), (404, "not_found"));
    assert_eq!(stranger.get(&case.path("/personal-data")).await.refusal(), (404, "not_found"));
    assert_eq!(open(&app.supervisor().await, &case, "phone", "核对身份").await.status, 403);
    // somebody who oversees another agency does not even see the case
    let both = app.signed_in("both", &["supervisor", "officer"], Some(app.other_agency)).await;
    assert_eq!(open(&both, &case, "phone", "核对身份").await.refusal(), (404, "not_found"));
    assert_eq!(app.clerk().await.get(&case.path("/personal-data")).await.status, 403);
    let log = app.supervisor().await.get(&case.path("/personal-data")).await.expect(200).json;
    assert_eq!(log, json!([]), "a refused opening is none");
}

async fn rows_from_before_are_sealed_at_the_start(app: TestApp) {
    // given a row and a mail as the program before wrote them
    let case = Case::filed_with(&app, with_agent).await;
    let id: Uuid = case.id.parse().unwrap();
    let mut form = application();
    with_agent(&mut form);
    form["applicant"]["credential_number"] = json!("");
    form["agent"]["credential_number"] = json!("");
    let numbers = json!({ "applicant": "11010519491231002X", "agent": "110101199003071233" });
    let place = format!("applications.identity_cipher/{id}");
    let cipher = app.app.keys.seal(&place, &numbers.to_string());
    let plain = form.to_string();
    app.db_write(move |conn| {
        use diesel::RunQueryDsl;
        let document = match &conn {
            gongkai::db::Conn::Pg(_) => "CAST($form$ AS jsonb)",
            gongkai::db::Conn::Sqlite(_) => "$form$",
        };
        let quoted = format!("'{plain}'");
        let document = document.replace("$form$", &quoted);
        diesel::sql_query(format!(
            "UPDATE applications SET sealed = FALSE, form = {document}, phone = '13800000000', \
             email = 'applicant@example.cn', identity_cipher = '{cipher}', phone_digest = NULL"
        ))
        .execute(conn)?;
        diesel::sql_query(
            "UPDATE outbox SET recipient = 'applicant@example.cn' WHERE kind = 'mail'",
        )
        .execute(conn)?;
        Ok(())
    })
    .await;
    assert!(everything_stored(&app).await.contains("13800000000"));
    // when the program starts
    let starting = app.app.clone();
    let seal = move || starting.seal_existing();
    let sealed = tokio::task::spawn_blocking(seal).await.unwrap().unwrap();
    // then nothing is left in the clear, nothing is lost, and the mail can still be sent
    assert_eq!(sealed, 2);
    let stored = everything_stored(&app).await;
    for secret in SECRETS {
        assert!(!stored.contains(secret), "{secret} stands in the clear");
    }
    let officer = app.officer().await;
    for (field, value) in [
        ("identity_number", "11010519491231002X"),
        ("agent_identity_number", "110101199003071233"),
        ("agent_phone", "13900001234"),
        ("email", "applicant@example.cn"),
    ] {
        assert_eq!(open(&officer, &case, field, "核对身份").await.expect(200).json["value"], value);
    }
    let row = app.app.store.read(move |conn| applications::get(conn, id)).await.unwrap();
    assert!(row.phone_digest.is_some() && row.agent_digest.is_some());
    jobs::drain(&app.app).await.unwrap();
    assert!(mails(&app).contains("applicant@example.cn"));
}

async fn a_mail_finds_its_way_from_a_sealed_address(app: TestApp) {
    let _case = Case::filed(&app).await;
    jobs::drain(&app.app).await.unwrap();
    assert!(mails(&app).contains("applicant@example.cn"));
}

/// The mails in the folder, as one text.
fn mails(app: &TestApp) -> String {
    let folder = std::fs::read_dir(app.folder.path().join("mail")).unwrap();
    folder.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap()).collect()
}

#[test]
fn masks_leave_what_tells_people_apart_and_no_more() {
    for (phone, masked) in [
        ("13900001234", "139****1234"),
        ("0591-8765432", "059****5432"),
        ("8765432", "*******"),
        ("", ""),
    ] {
        assert_eq!(mask_phone(phone), masked);
    }
    for (email, masked) in
        [("a@b.cn", "a***@b.cn"), ("王@b.cn", "王***@b.cn"), ("ab", "**"), ("", "")]
    {
        assert_eq!(mask_email(email), masked);
    }
    for (address, masked) in [
        ("福建省福州市鼓楼区五四路1号", "福建省福州市鼓****"),
        ("福建省福州市鼓楼区五四路100号1座2单元301室", "福建省福州市鼓楼区****"),
        ("和平路8号", "和平****"),
        ("县", "****"),
        ("", ""),
    ] {
        assert_eq!(mask_address(address), masked);
    }
    for (contact, masked) in [
        ("13800001234", "138****1234"),
        ("0591-8765 4321", "059****4321"),
        ("wang@b.cn", "w***@b.cn"),
        ("王小明 13800001234", "****"),
        ("云岭镇和平路8号", "****"),
        ("王小明 wang@b.cn", "****"),
        ("", "****"),
    ] {
        assert_eq!(mask_contact(contact), masked);
    }
}

#[test]
fn what_is_taken_out_of_a_form_can_be_put_back() {
    let mut whole = application();
    with_agent(&mut whole);
    let whole: Application = serde_json::from_value(whole).unwrap();
    let mut form = whole.clone();

    let taken = PersonalData::taken_from(&mut form);

    let left = serde_json::to_string(&form).unwrap();
    for secret in SECRETS {
        assert!(!left.contains(secret), "{secret} stayed");
    }
    assert_eq!(format!("{taken:?}"), "PersonalData(…)");
    let stored = serde_json::to_string(&taken).unwrap();
    serde_json::from_str::<PersonalData>(&stored).unwrap().put_into(&mut form);
    assert_eq!(form, whole);
    assert_eq!(PersonalField::Phone.of(&form).as_deref(), Some("13800000000"));
}

/// The real program with a talkative log, while one request is filed and another refused.
#[tokio::test]
async fn no_personal_data_stands_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("serve.log");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["serve", "--demo"])
        .current_dir(crate::support::repository())
        .env_clear()
        .env("GONGKAI_DATA_DIR", folder.path().join("data"))
        .env("GONGKAI_LISTEN", "127.0.0.1:0")
        .env("GONGKAI_LOG_LEVEL", "debug")
        .stdout(std::process::Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| {
        let line = line.unwrap();
        let (_, rest) = line.split_once("http://")?;
        Some(format!("http://{}", rest.split_once('/')?.0))
    });
    let client = Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), url.unwrap());
    let agencies = client.get("/api/v1/agencies").await.expect(200).json;
    let agency = agencies.as_array().unwrap()[0]["id"].clone();
    let mut form = application();
    with_agent(&mut form);
    let body = json!({ "agency": agency, "application": form });
    client.post("/api/v1/requests", &body).await.expect(201);
    let mut faulty = body.clone();
    faulty["application"]["applicant"]["email"] = json!("applicant@example.cn@");
    client.post("/api/v1/requests", &faulty).await.expect(422);
    child.kill().unwrap();
    child.wait().unwrap();

    let log = std::fs::read_to_string(&log).unwrap();
    assert!(log.contains("/api/v1/requests"), "the log says nothing: {log}");
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
}
