//! Reminders of limits: at five, two and no working days and when overdue, each once, in one
//! message a person and day, whoever makes the round and how often.

mod registers;
mod stages;
mod withdrawn;
mod workers;

use std::sync::Arc;

use gongkai::app::App;
use gongkai::db::users::UserRow;
use gongkai::jobs;
use gongkai::mail::{Mail, MemoryMailer};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, filing};
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    each_stage_is_told_once_to_those_it_is_for,
    a_moved_limit_is_told_anew,
    a_suspended_case_reminds_nobody,
    a_consultation_without_proof_of_service_does_not_silence_the_limit,
    the_message_of_the_day_lists_the_most_urgent_first_and_hides_numbers,
    there_is_one_message_a_person_and_day,
    a_deputy_is_told_as_well,
    a_person_reads_and_marks_only_their_own,
    a_supervisor_reads_those_of_the_branch,
    a_date_that_rests_on_no_published_calendar_is_called_provisional,
);

/// People with addresses: officer, head, clerk of the agency, supervisor of the county.
async fn people(app: &TestApp) {
    for (login, agency) in
        [("officer", true), ("head", true), ("clerk", true), ("supervisor", false)]
    {
        let agency = agency.then_some(app.agency);
        app.db_person(login, &[login], agency, with_address).await;
    }
}

fn with_address(row: UserRow) -> UserRow {
    UserRow { email: Some(format!("{}@office.example", row.login)), ..row }
}

/// Makes a round; how many reminders and messages came of it.
async fn round(app: &TestApp) -> (usize, usize) {
    let report = app.app.remind("test").await.unwrap().unwrap();
    (report.reminders, report.messages)
}

/// Makes the rounds of a day: a second one must find nothing.
async fn rounds(app: &TestApp, today: &str) -> (usize, usize) {
    app.set_today(today);
    app.app.sweep("test").await.unwrap();
    let made = round(app).await;
    assert_eq!(round(app).await, (0, 0), "{today}");
    made
}

/// What somebody was reminded of, oldest first: kind, stage, limit.
async fn told(who: &Client) -> Vec<(String, String, String)> {
    let page = who.get("/api/v1/reminders").await.expect(200).json;
    let mut found: Vec<_> = page["items"].as_array().unwrap().iter().map(line).collect();
    found.reverse();
    found
}

fn line(item: &Value) -> (String, String, String) {
    let text = |key: &str| item[key].as_str().unwrap().to_owned();
    (text("kind"), text("stage"), text("limit_on"))
}

fn lines(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let owned = expected.iter().map(|(a, b, c)| ((*a).into(), (*b).into(), (*c).into()));
    owned.collect()
}

/// The mails of the day to somebody of the office.
async fn mails(app: &TestApp) -> Vec<Mail> {
    let memory = Arc::new(MemoryMailer::default());
    let worker = App { mailer: memory.clone(), ..app.app.clone() };
    jobs::drain(&worker).await.unwrap();
    let sent = memory.sent().into_iter();
    let mut sent: Vec<_> = sent.filter(|mail| mail.to.ends_with("@office.example")).collect();
    sent.sort_by(|a, b| a.to.cmp(&b.to));
    sent
}

fn recipients(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to.split('@').next().unwrap()).collect()
}

async fn each_stage_is_told_once_to_those_it_is_for(app: TestApp) {
    // Given a request of 14 September, whose last day is 16 October
    people(&app).await;
    let case = Case::in_processing(&app).await;
    assert_eq!(case.view().await["due_on"], "2026-10-16");

    // When the days pass; 10 October is worked, 17 and 18 October are not
    assert_eq!(rounds(&app, "2026-10-09").await, (0, 0));
    assert_eq!(rounds(&app, "2026-10-10").await, (1, 1));
    assert_eq!(recipients(&mails(&app).await), ["officer"]);
    assert_eq!(rounds(&app, "2026-10-12").await, (0, 0));
    assert_eq!(rounds(&app, "2026-10-14").await, (2, 2));
    assert_eq!(recipients(&mails(&app).await), ["head", "officer"]);
    assert_eq!(rounds(&app, "2026-10-16").await, (2, 2));
    assert_eq!(recipients(&mails(&app).await), ["head", "officer"]);
    assert_eq!(rounds(&app, "2026-10-17").await, (0, 0));
    assert_eq!(rounds(&app, "2026-10-19").await, (3, 3));
    let overdue = mails(&app).await;
    assert_eq!(recipients(&overdue), ["head", "officer", "supervisor"]);
    assert_eq!(overdue[0].subject, "期限提醒（10月19日）：已逾期1件");
    assert_eq!(rounds(&app, "2026-10-20").await, (0, 0));

    // Then the officer has had every stage, and the others theirs
    let due = "2026-10-16";
    let all = [
        ("reply", "five_days", due),
        ("reply", "two_days", due),
        ("reply", "last_day", due),
        ("reply", "overdue", due),
    ];
    assert_eq!(told(&app.officer().await).await, lines(&all));
    assert_eq!(told(&app.head().await).await, lines(&all[1..]));
    assert_eq!(told(&app.supervisor().await).await, lines(&all[3..]));
    assert_eq!(told(&app.clerk().await).await, []);
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
}

async fn a_moved_limit_is_told_anew(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    assert_eq!(rounds(&app, "2026-10-10").await, (1, 1));
    let ask = json!({ "action": "ask_extension", "working_days": 10, "reason": "逐卷检索" });
    case.does(By::Officer, ask).await;
    case.does(By::Head, json!({ "action": "consent_extension" })).await;
    case.does(By::Officer, json!({ "action": "tell_extension", "on": "2026-10-10" })).await;
    assert_eq!(case.view().await["due_on"], "2026-10-30");

    assert_eq!(rounds(&app, "2026-10-14").await, (0, 0));
    assert_eq!(rounds(&app, "2026-10-23").await, (1, 1));
    let both = [("reply", "five_days", "2026-10-16"), ("reply", "five_days", "2026-10-30")];
    assert_eq!(told(&app.officer().await).await, lines(&both));
}

/// Asks a third party on 15 September; the letter arrives on `served`.
async fn asked(case: &Case<'_>, served: Option<&str>) {
    case.app.set_today("2026-09-15");
    let ask = json!({
        "action": "consult", "on": "2026-09-15", "id": "1", "party": "third_party",
        "addressee": "某公司", "jointly_made": false
    });
    case.does(By::Officer, ask).await;
    case.app.set_today("2026-09-18");
    if let Some(on) = served {
        let served = json!({ "action": "record_consultation_service", "on": on, "id": "1" });
        case.does(By::Clerk, served).await;
    }
}

async fn a_suspended_case_reminds_nobody(app: TestApp) {
    // Given a consultation from 15 September to 13 October: the last day would be near by then
    people(&app).await;
    let case = Case::in_processing(&app).await;
    asked(&case, Some("2026-09-16")).await;
    for today in ["2026-09-30", "2026-10-10", "2026-10-13"] {
        assert_eq!(rounds(&app, today).await, (0, 0), "{today}");
    }

    // When the third party has let its time pass
    assert_eq!(rounds(&app, "2026-10-14").await, (2, 2));

    // Then officer and head hear that they must decide, and not the supervisor
    let over = lines(&[("silence_over", "overdue", "2026-10-13")]);
    assert_eq!(told(&app.officer().await).await, over);
    assert_eq!(told(&app.head().await).await, over);
    assert_eq!(told(&app.supervisor().await).await, []);
    // And the limit that runs again reminds as ever
    let due = case.view().await["due_on"].as_str().unwrap().to_owned();
    rounds(&app, &due).await;
    let last = told(&app.officer().await).await.pop().unwrap();
    assert_eq!(last, ("reply".to_owned(), "last_day".to_owned(), due));
}

async fn a_consultation_without_proof_of_service_does_not_silence_the_limit(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    asked(&case, None).await;

    assert!(rounds(&app, "2026-12-18").await.0 > 0);

    assert_eq!(case.view().await["state"], "third_party_pending");
    let (kind, stage, _) = told(&app.officer().await).await.pop().unwrap();
    assert_eq!((kind.as_str(), stage.as_str()), ("reply", "overdue"));
}

async fn the_message_of_the_day_lists_the_most_urgent_first_and_hides_numbers(app: TestApp) {
    // Given three requests of different days, one with a telephone in its title
    people(&app).await;
    let mut filed = Vec::new();
    for (today, title) in [
        ("2026-09-17", "城东道路改造工程概算"),
        ("2026-09-15", "13800000000的住户反映事项的处理结果"),
        ("2026-09-14", "2025年度老旧小区改造补助资金分配表"),
    ] {
        app.set_today(today);
        let case = Case::filed_with(&app, |form| form["title"] = json!(title)).await;
        filed.push(case.processed().await);
    }

    assert_eq!(rounds(&app, "2026-10-19").await.1, 3);

    let mails = mails(&app).await;
    let officer = mails.iter().find(|mail| mail.to.starts_with("officer")).unwrap();
    assert_eq!(
        officer.subject,
        "期限提醒（10月19日）：已逾期1件，最后一个工作日1件，2个工作日内到期1件"
    );
    let [two, last, over] = [0, 1, 2].map(|n: usize| filed[n].number.as_str());
    let expected = format!(
        "测试officer：\n\n截至2026年10月19日（周一），下列事项的期限需要您留意，按紧急程度排列。\n\n\
         【已逾期】共1件\n1. {over}《2025年度老旧小区改造补助资金分配表》\n   \
         答复期限：2026年10月16日（周五）\n   \
         下一步：拟写答复并提交审批；确需延期的，在期限内批准并告知申请人\n\n\
         【最后一个工作日】共1件\n1. {last}《***********的住户反映事项的处理结果》\n   \
         答复期限：2026年10月19日（周一）\n   \
         下一步：拟写答复并提交审批；确需延期的，在期限内批准并告知申请人\n\n\
         【2个工作日内到期】共1件\n1. {two}《城东道路改造工程概算》\n   \
         答复期限：2026年10月21日（周三）\n   \
         下一步：拟写答复并提交审批；确需延期的，在期限内批准并告知申请人\n\n\
         请登录系统办理：https://gk.example.cn\n\n\
         本邮件由系统自动发出，请勿直接回复。同一事项同一阶段只提醒一次。\n"
    );
    assert_eq!(officer.body_text, expected);
    assert_eq!(officer.attachments, []);
    for mail in &mails {
        assert!(!mail.body_text.contains("王小明"), "{}", mail.body_text);
    }
}

async fn there_is_one_message_a_person_and_day(app: TestApp) {
    // Given an officer who has had today's message
    people(&app).await;
    Case::in_processing(&app).await;
    assert_eq!(rounds(&app, "2026-10-14").await, (2, 2));
    assert_eq!(mails(&app).await.len(), 2);

    // When another limit presses later on the same day
    app.set_today("2026-09-14");
    let late = Case::in_processing(&app).await;
    app.set_today("2026-10-14");
    assert_eq!(round(&app).await, (2, 0));

    // Then it can be read at once, and is told on the next working day
    let page = app.officer().await.get("/api/v1/reminders").await.expect(200).json;
    let newest = &page["items"][0];
    assert_eq!((&newest["number"], &newest["told"]), (&json!(late.number), &json!(false)));
    assert_eq!(mails(&app).await.len(), 0);
    assert_eq!(rounds(&app, "2026-10-15").await, (0, 2));
    let next = mails(&app).await;
    assert_eq!(recipients(&next), ["head", "officer"]);
    assert!(next.iter().all(|mail| mail.body_text.contains(&late.number)));
    assert_eq!(rounds(&app, "2026-10-15").await, (0, 0));
}

async fn a_deputy_is_told_as_well(app: TestApp) {
    people(&app).await;
    let deputy = app.db_person("deputy", &["officer"], Some(app.agency), with_address).await;
    Case::in_processing(&app).await;
    app.set_today("2026-10-14");
    let head = app.db_user("head").await.unwrap().id;
    let appointment = json!({
        "absent": head, "deputy": deputy, "from_on": "2026-10-14", "until_on": "2026-10-15",
        "reason": "出差"
    });
    app.head().await.post("/api/v1/deputies", &appointment).await.expect(201);

    // While the head is away
    assert_eq!(rounds(&app, "2026-10-14").await, (3, 3));
    let told = mails(&app).await;
    assert_eq!(recipients(&told), ["deputy", "head", "officer"]);
    assert!(told[0].body_text.contains("（代测试head）"), "{}", told[0].body_text);
    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    let page = deputy.get("/api/v1/reminders").await.expect(200).json;
    assert_eq!(page["items"][0]["on_behalf_of"], "测试head");
    // And not afterwards
    assert_eq!(rounds(&app, "2026-10-16").await, (2, 2));
}

async fn a_person_reads_and_marks_only_their_own(app: TestApp) {
    people(&app).await;
    Case::in_processing(&app).await;
    rounds(&app, "2026-10-14").await;
    let (officer, head) = (app.officer().await, app.head().await);
    let id = async |who: &Client| {
        let page = who.get("/api/v1/reminders?seen=false").await.expect(200).json;
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        page["items"][0]["id"].clone()
    };
    let (own, other) = (id(&officer).await, id(&head).await);

    // Another's reminder cannot be marked, nor one's own together with it
    for ids in [json!([other]), json!([own, other]), json!([Uuid::now_v7()])] {
        let refused = officer.post("/api/v1/reminders/seen", &json!({ "ids": ids })).await;
        assert_eq!(refused.status, 404, "{}", refused.json);
    }
    assert_eq!(id(&officer).await, own);
    let seen = officer.post("/api/v1/reminders/seen", &json!({ "ids": [own, own] })).await;
    assert_eq!(seen.expect(200).json, json!({ "seen": 1 }));
    let unseen = officer.get("/api/v1/reminders?seen=false").await.expect(200).json;
    assert_eq!(unseen["items"], json!([]));
    let kept = officer.get("/api/v1/reminders?seen=true").await.expect(200).json;
    assert_eq!(kept["items"][0]["id"], own);
    assert_eq!(id(&head).await, other);

    // Pages follow each other
    let bad = officer.get("/api/v1/reminders?limit=0").await;
    assert_eq!(bad.status, 422, "{}", bad.json);
    rounds(&app, "2026-10-16").await;
    let officer = app.officer().await;
    let first = officer.get("/api/v1/reminders?limit=1").await.expect(200).json;
    let next = format!("/api/v1/reminders?limit=1&cursor={}", first["next"].as_str().unwrap());
    let second = officer.get(&next).await.expect(200).json;
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&own, &Value::Null));
}

async fn a_supervisor_reads_those_of_the_branch(app: TestApp) {
    people(&app).await;
    Case::in_processing(&app).await;
    let mut body = filing(&app);
    body["agency"] = json!(app.other_agency);
    app.anon().post("/api/v1/requests", &body).await.expect(201);
    app.db_person("other", &["head"], Some(app.other_agency), with_address).await;
    app.db_person("own.supervisor", &["supervisor"], Some(app.agency), with_address).await;
    // Given an officer, a head here, and a head there, whose case nobody has taken
    assert_eq!(rounds(&app, "2026-10-14").await, (3, 3));

    let (officer, supervisor) = (app.officer().await, app.supervisor().await);
    let refused = officer.get("/api/v1/reminders?branch=true").await;
    assert_eq!(refused.status, 403, "{}", refused.json);
    let people = |page: Value| {
        let items = page["items"].as_array().unwrap().clone();
        let mut names: Vec<_> =
            items.iter().map(|i| i["recipient_name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let all = supervisor.get("/api/v1/reminders?branch=true").await.expect(200).json;
    assert_eq!(people(all), ["测试head", "测试officer", "测试other"]);
    let one = format!("/api/v1/reminders?branch=true&agency={}", app.other_agency);
    assert_eq!(people(supervisor.get(&one).await.expect(200).json), ["测试other"]);

    // The supervisor of one agency does not see the other, nor hear of it
    let own = app.signed_in("own.supervisor", &["supervisor"], Some(app.agency)).await;
    let seen = own.get("/api/v1/reminders?branch=true").await.expect(200).json;
    assert_eq!(people(seen), ["测试head", "测试officer"]);
    assert_eq!(own.get(&one).await.status, 404);
    rounds(&app, "2026-10-19").await;
    let own = app.signed_in("own.supervisor", &["supervisor"], Some(app.agency)).await;
    assert_eq!(told(&own).await.len(), 1);
    assert_eq!(told(&app.supervisor().await).await.len(), 2);
}

async fn a_date_that_rests_on_no_published_calendar_is_called_provisional(app: TestApp) {
    people(&app).await;
    app.set_today("2026-12-21");
    let case = Case::in_processing(&app).await;
    let view = case.view().await;
    assert_eq!(view["provisional"], true);
    let due = view["due_on"].as_str().unwrap().to_owned();

    rounds(&app, &due).await;

    let page = app.officer().await.get("/api/v1/reminders").await.expect(200).json;
    assert_eq!(page["items"][0]["provisional"], true);
    let sent = mails(&app).await;
    assert!(sent[0].body_text.contains("（暂定，可能变动）"), "{}", sent[0].body_text);
}
