//! A year goes in, dates follow, people hear of it, a wrong year comes out again.

use gongkai::jobs;
use serde_json::{Value, json};

use super::{confirmed, in_force, notice_2027, path, prolonged_2026, proposed, supervisor};
use crate::support::cases::Case;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_new_year_makes_estimated_dates_certain_and_moves_those_that_were_wrong,
    a_holiday_prolonged_by_notice_moves_dates_and_people_are_told_once,
    a_wrong_import_is_taken_back_and_every_date_is_as_before,
    nobody_confirms_an_own_proposal_and_nothing_is_confirmed_twice,
    a_dry_run_writes_nothing,
    earlier_versions_of_the_calendar_can_be_read,
    a_case_that_ended_keeps_the_calendar_of_its_time,
    the_health_check_asks_for_the_next_hundred_and_twenty_days,
);

async fn work(app: &TestApp) {
    jobs::drain(&app.app).await.unwrap();
}

async fn verified(app: &TestApp) {
    let report = app.app.verify(false).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
}

fn dates(view: &Value) -> (&str, bool) {
    (view["due_on"].as_str().unwrap(), view["provisional"].as_bool().unwrap())
}

async fn a_new_year_makes_estimated_dates_certain_and_moves_those_that_were_wrong(app: TestApp) {
    // Given two requests received while nobody knew how 2027 would be arranged
    app.set_today("2026-12-10");
    let early = Case::in_processing(&app).await;
    app.set_today("2027-01-18");
    let late = Case::in_processing(&app).await;
    assert_eq!(dates(&early.view().await), ("2027-01-08", true));
    assert_eq!(dates(&late.view().await), ("2027-02-17", true));

    // When the dry run is asked, it names the one whose date moves, and the limits
    let keeper = app.admin().await;
    let preview = keeper.send_json("/api/v1/calendar/preview", &notice_2027()).await;
    let preview = preview.expect(200).json;
    assert_eq!((&preview["year"], &preview["working_days"]), (&json!(2027), &json!(248)));
    assert_eq!(preview["document"], "国办发明电〔2026〕9号");
    assert_eq!((&preview["open_cases"], &preview["changed"]), (&json!(2), &json!(1)));
    let change = &preview["changes"][0];
    assert_eq!(change["number"], late.view().await["number"]);
    let limits = json!([{ "which": "reply", "old": "2027-02-17", "new": "2027-02-20", "was_certain": false }]);
    assert_eq!(change["limits"], limits);

    // And two persons put it in force
    let import = in_force(&app, &notice_2027()).await;
    assert_eq!((&import["state"], &import["calendar_version"]), (&json!("in_force"), &json!(2)));
    work(&app).await;

    // Then both dates are certain, and the one that moved says so in its ledger
    assert_eq!(dates(&early.view().await), ("2027-01-08", false));
    assert_eq!(dates(&late.view().await), ("2027-02-20", false));
    let told = late.ledger().await;
    let entry = told.iter().find(|entry| entry["kind"] == "calendar_changed").unwrap();
    assert_eq!((&entry["kind"], &entry["actor"]), (&json!("calendar_changed"), &json!("系统")));
    let event = &entry["event"];
    assert_eq!(
        (&event["old_due_on"], &event["new_due_on"], &event["reason"]),
        (&json!("2027-02-17"), &json!("2027-02-20"), &json!("国办发明电〔2026〕9号"))
    );
    assert!(early.story().await.iter().all(|kind| !kind.contains("calendar_changed")));
    let seen = keeper.get(&path(&import, "")).await.expect(200).json;
    assert_eq!(seen["changed_cases"], json!(1));
    assert!(seen["refolded_at"].is_string(), "{seen}");
    let changes = keeper.get(&path(&import, "/changes")).await.expect(200).json;
    assert_eq!(changes["changes"][0]["new_on"], "2027-02-20");
    verified(&app).await;
}

async fn a_holiday_prolonged_by_notice_moves_dates_and_people_are_told_once(app: TestApp) {
    // Given a request whose last day was told: in the receipt, and on the progress page
    app.db_person("li", &["officer"], Some(app.agency), |row| gongkai::db::users::UserRow {
        email: Some("officer@example.cn".to_owned()),
        ..row
    })
    .await;
    let case = Case::filed(&app).await;
    let officer = app.db_user("li").await.unwrap().id;
    let assign = json!({ "action": "assign", "officer": officer });
    case.does(crate::support::cases::By::Clerk, assign).await;
    let (due, _) = (case.view().await["due_on"].clone(), ());
    assert_eq!(due, "2026-10-16");
    work(&app).await;
    let before = mails(&app);

    // When the holiday is prolonged by a day
    in_force(&app, &prolonged_2026()).await;
    work(&app).await;
    work(&app).await;

    // Then officer and applicant each hear of both dates, once
    assert_eq!(case.view().await["due_on"], "2026-10-19");
    let new: Vec<String> = mails(&app).into_iter().filter(|mail| !before.contains(mail)).collect();
    assert_eq!(new.len(), 2, "{new:#?}");
    for to in ["officer@example.cn", "applicant@example.cn"] {
        let mail = new.iter().find(|mail| mail.contains(to)).unwrap_or_else(|| panic!("{to}"));
        let read = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
        let text = read.body_text(0).unwrap();
        for said in ["2026年10月16日", "2026年10月19日", "国办发明电〔2026〕8号"] {
            assert!(text.contains(said), "{text}");
        }
        assert!(!text.contains("王小明"), "{text}");
    }
    // And the progress page says it to those without an address
    let progress = case.track().await.to_string();
    assert!(progress.contains("2026年10月19日"), "{progress}");
    verified(&app).await;
}

/// Every mail that was sent, raw.
fn mails(app: &TestApp) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(app.folder.path().join("mail")) else { return Vec::new() };
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        String::from_utf8(std::fs::read(entry.unwrap().path()).unwrap()).unwrap()
    };
    folder.map(read).collect()
}

async fn a_wrong_import_is_taken_back_and_every_date_is_as_before(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let import = in_force(&app, &prolonged_2026()).await;
    work(&app).await;
    assert_eq!(case.view().await["due_on"], "2026-10-19");

    // When it turns out that no such notice exists
    let keeper = app.admin().await;
    let empty = keeper.post(&path(&import, "/reverse"), &json!({ "reason": " " })).await;
    assert_eq!(empty.blamed(), ("reason", "required"));
    let reason = json!({ "reason": "并无延长假期的通知，误将征求意见稿导入" });
    let back = keeper.post(&path(&import, "/reverse"), &reason).await.expect(201).json;
    assert_eq!((&back["format"], &back["reverses"]), (&json!("reversal"), &json!(2)));
    let would = keeper.get(&path(&back, "/changes")).await.expect(200).json;
    assert_eq!(would["changes"][0]["new_on"], "2026-10-16");
    let own = keeper.put(&path(&back, "/confirm"), 1, &json!({})).await;
    assert_eq!(own.refusal(), (409, "second_person_needed"));
    confirmed(&app, &back).await;
    work(&app).await;

    // Then the date is the earlier one, and the ledger tells both changes with their reasons
    assert_eq!(case.view().await["due_on"], "2026-10-16");
    let told: Vec<Value> = case.ledger().await.into_iter().map(|e| e["event"].clone()).collect();
    let changes: Vec<&Value> =
        told.iter().filter(|event| event["kind"] == "calendar_changed").collect();
    assert_eq!(changes.len(), 2);
    assert_eq!(
        (&changes[1]["old_due_on"], &changes[1]["new_due_on"]),
        (&json!("2026-10-19"), &json!("2026-10-16"))
    );
    assert!(changes[1]["reason"].as_str().unwrap().contains("误将征求意见稿导入"));
    let versions = app.anon().get("/api/v1/calendar/versions").await.expect(200).json;
    assert_eq!(versions[0]["digest"], versions[2]["digest"]);
    assert_eq!(versions[0]["source"], "reversal");
    // And what is taken back once is not taken back again
    let again = keeper.post(&path(&import, "/reverse"), &reason).await;
    assert_eq!(again.refusal(), (409, "calendar_superseded"));
    verified(&app).await;
}

async fn nobody_confirms_an_own_proposal_and_nothing_is_confirmed_twice(app: TestApp) {
    app.set_today("2026-11-16");
    let keeper = app.admin().await;
    let import = proposed(&app, &notice_2027()).await;
    let own = keeper.put(&path(&import, "/confirm"), 1, &json!({})).await;
    assert_eq!(own.refusal(), (409, "second_person_needed"));
    let second = supervisor(&app).await;
    assert_eq!(second.put(&path(&import, "/confirm"), 7, &json!({})).await.status, 409);
    let done = second.put(&path(&import, "/confirm"), 1, &json!({})).await.expect(200).json;
    // A second time, the answer lost: the same answer, no second version
    let again = second.put(&path(&import, "/confirm"), 1, &json!({})).await.expect(200).json;
    assert_eq!(done["calendar_version"], again["calendar_version"]);
    let other = keeper.put(&path(&import, "/confirm"), 2, &json!({})).await;
    assert_eq!(other.refusal(), (409, "calendar_decided"));
    // The same year again changes nothing and is refused
    let same = keeper.post("/api/v1/calendar/imports", &notice_2027()).await;
    assert_eq!(same.refusal(), (409, "calendar_unchanged"));
    // A proposal can be declined, with a reason, and is then over
    let import = proposed(&app, &prolonged_2026()).await;
    let why = json!({ "reason": "请先核对文号" });
    second.put(&path(&import, "/reject"), 1, &why).await.expect(200);
    let late = second.put(&path(&import, "/confirm"), 2, &json!({})).await;
    assert_eq!(late.refusal(), (409, "calendar_decided"));
    let listed = keeper.get("/api/v1/calendar/imports").await.expect(200).json;
    let states: Vec<&Value> = listed.as_array().unwrap().iter().map(|i| &i["state"]).collect();
    assert_eq!(states, ["rejected", "in_force"]);
}

async fn a_dry_run_writes_nothing(app: TestApp) {
    let case = Case::in_processing(&app).await;
    work(&app).await;
    let before = (case.view().await, case.ledger().await);
    let preview = app.admin().await.send_json("/api/v1/calendar/preview", &prolonged_2026()).await;
    let preview = preview.expect(200).json;
    assert_eq!(preview["changed"], json!(1));
    assert!(preview["notes"][0].as_str().unwrap().contains("247天"), "{preview}");
    work(&app).await;
    assert_eq!((case.view().await, case.ledger().await), before);
    let versions = app.anon().get("/api/v1/calendar/versions").await.expect(200).json;
    assert_eq!(versions.as_array().unwrap().len(), 1);
}

async fn earlier_versions_of_the_calendar_can_be_read(app: TestApp) {
    in_force(&app, &prolonged_2026()).await;
    let anon = app.anon();
    let days = async |path: &str| {
        let year = anon.get(path).await.expect(200).json;
        (year["calendar_version"].clone(), year["working_days"].clone())
    };
    assert_eq!(days("/api/v1/calendar/2026").await, (json!(2), json!(247)));
    assert_eq!(days("/api/v1/calendar/versions/1/2026").await, (json!(1), json!(248)));
    assert_eq!(anon.get("/api/v1/calendar/versions/9/2026").await.status, 404);
}

async fn a_case_that_ended_keeps_the_calendar_of_its_time(app: TestApp) {
    // Given a request that was withdrawn and closed
    let case = Case::in_processing(&app).await;
    let statement = json!({
        "action": "withdraw", "on": "2026-09-14", "statement": "不再需要",
        "authentication": "signed"
    });
    let withdrawn = case.act(crate::support::cases::By::Officer, statement).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.json);
    case.does(crate::support::cases::By::Officer, json!({ "action": "close" })).await;
    work(&app).await;
    let before = case.view().await;
    // When the calendar changes, nothing happens to it, and its record stands
    in_force(&app, &prolonged_2026()).await;
    work(&app).await;
    assert_eq!(case.view().await, before);
    verified(&app).await;
}

async fn the_health_check_asks_for_the_next_hundred_and_twenty_days(app: TestApp) {
    let check = async |app: &TestApp| {
        let ready = app.anon().get("/readyz").await.expect(200).json;
        let checks = ready["checks"].as_array().unwrap().clone();
        let calendar = checks.into_iter().find(|check| check["name"] == "calendar").unwrap();
        (calendar["ok"].as_bool().unwrap(), calendar["detail"].as_str().unwrap().to_owned())
    };
    app.set_today("2026-09-02");
    assert!(check(&app).await.0);
    app.set_today("2026-11-16");
    let (ok, detail) = check(&app).await;
    assert!(!ok && detail.contains("请导入新一年的放假安排"), "{detail}");
    in_force(&app, &notice_2027()).await;
    let (ok, detail) = check(&app).await;
    assert!(ok && detail.contains("第2版"), "{detail}");
}
