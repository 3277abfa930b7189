//! Agencies' own wording: drafted, tried out, compared, approved by another, in force from a day.

use gongkai::app::App;
use gongkai::documents::wording::Wording;
use gongkai::domain::edition::{EditionForm, faults};
use gongkai::jobs;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says, pdf_text};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    an_own_wording_is_tried_compared_approved_by_another_and_holds_from_its_day,
    the_built_in_wording_is_taken_back_the_same_way,
    a_text_that_would_make_a_defective_notice_is_refused_with_what_is_missing,
    whose_wording_it_is_nobody_else_sees_or_changes,
    of_two_who_act_at_once_one_looks_again,
    another_process_uses_the_new_wording_with_its_next_notice,
    a_reply_is_issued_in_the_words_that_were_approved,
    a_wording_that_the_program_no_longer_takes_gives_way_to_the_built_in_one,
);

/// The built-in text of the correction notice.
fn builtin() -> String {
    Wording::load().unwrap().body("correction").unwrap().to_owned()
}

/// The same with a kinder opening.
fn kinder() -> String {
    builtin().replace("经审查，", "感谢您的来信。经审查，")
}

fn path(app: &TestApp) -> String {
    format!("/api/v1/agencies/{}/wordings/correction", app.agency)
}

fn at(edition: &Value, below: &str) -> String {
    format!("/api/v1/wordings/{}{below}", edition["id"].as_str().unwrap())
}

async fn drafted(app: &TestApp, body: Value) -> Value {
    let form = json!({ "body": body, "why": "语气更亲切" });
    app.head().await.post(&path(app), &form).await.expect(201).json
}

async fn legal(app: &TestApp) -> Client {
    app.signed_in("legal", &["legal_reviewer"], Some(app.agency)).await
}

fn version_of(edition: &Value) -> i32 {
    i32::try_from(edition["version"].as_i64().unwrap()).unwrap()
}

async fn steps(who: &Client, edition: &Value, step: Value) -> Reply {
    who.act(&at(edition, "/steps"), version_of(edition), &step).await
}

/// A draft of the agency, for tests of who reaches what.
pub async fn of_world(app: &TestApp) -> String {
    drafted(app, json!(kinder())).await["id"].as_str().unwrap().to_owned()
}

/// In force from that day, approved by somebody else.
async fn approved(app: &TestApp, body: Value, from: &str) -> Value {
    let draft = drafted(app, body).await;
    let sent = steps(&app.head().await, &draft, json!({ "step": "submit" })).await.expect(200).json;
    let approve = json!({ "step": "approve", "from": from });
    steps(&legal(app).await, &sent, approve).await.expect(200).json
}

/// A correction notice made today: its text and the edition on record.
async fn noticed(app: &TestApp) -> (String, String) {
    let case = Case::filed(app).await;
    case.assigned().await;
    let today = app.app.today();
    let ask = json!({
        "action": "ask_correction", "on": today, "until": "2026-10-16",
        "defects": [{ "kind": "content", "guidance": "请写明年度" }]
    });
    case.does(By::Officer, ask).await;
    jobs::drain(&app.app).await.unwrap();
    let sheet = case.notice("correction").await;
    let id = sheet["id"].as_str().unwrap().parse().unwrap();
    let row = app.app.store.read(move |conn| gongkai::db::notices::find(conn, id)).await;
    (case.pdf(&sheet).await, row.unwrap().unwrap().template_version)
}

async fn an_own_wording_is_tried_compared_approved_by_another_and_holds_from_its_day(app: TestApp) {
    let (before, version) = noticed(&app).await;
    assert!(!before.contains("感谢您的来信"));
    // Given a text of the head's, given back once
    let draft = drafted(&app, json!(kinder())).await;
    assert_eq!(
        (&draft["n"], &draft["state_label"], &draft["in_force"]),
        (&json!(1), &json!("起草"), &json!(false))
    );
    let head = app.head().await;
    let trial = head.get(&at(&draft, "/trial")).await.expect(200);
    assert_says(&pdf_text(&trial.bytes), &["感谢您的来信", "请写明所需文件的名称"]);
    head.get(&at(&draft, "/trial?format=docx")).await.expect(200);
    let diff = head.get(&at(&draft, "/diff")).await.expect(200).json;
    let lines = diff["lines"].as_array().unwrap();
    let of = |change: &str| lines.iter().filter(|line| line["change"] == change).count();
    assert_eq!((of("removed"), of("added")), (1, 1));
    let added = lines.iter().find(|line| line["change"] == "added").unwrap();
    let changed: String = added["words"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|word| word[0] == true)
        .map(|word| word[1].as_str().unwrap())
        .collect();
    assert_eq!(changed, "感谢您的来信。");
    let sent = steps(&head, &draft, json!({ "step": "submit" })).await.expect(200).json;
    let legal = legal(&app).await;
    let unsaid = steps(&legal, &sent, json!({ "step": "return", "reason": " " })).await;
    assert_eq!(unsaid.fault(), (422, "text_missing", "reason"));
    let back = json!({ "step": "return", "reason": "请说明理由" });
    let back = steps(&legal, &sent, back).await.expect(200).json;
    assert_eq!((&back["state"], &back["return_reason"]), (&json!("draft"), &json!("请说明理由")));
    let form = json!({ "body": kinder(), "why": "申请人反映语气生硬" });
    let anew = head.put(&at(&back, ""), version_of(&back), &form).await;
    let anew = anew.expect(200).json;
    // When it is submitted again, whoever wrote it does not approve it, nor from a day gone by
    let sent = steps(&head, &anew, json!({ "step": "submit" })).await.expect(200).json;
    let from = |day: &str| json!({ "step": "approve", "from": day });
    assert_eq!(steps(&head, &sent, from("2026-09-15")).await.refusal(), (422, "own_edition"));
    let past = steps(&legal, &sent, from("2026-09-13")).await;
    assert_eq!(past.fault(), (422, "date_too_early", "from"));
    let done = steps(&legal, &sent, from("2026-09-15")).await.expect(200).json;
    assert_eq!((&done["state"], &done["in_force"]), (&json!("approved"), &json!(false)));

    // Then it holds from its day, and what was made before keeps its words
    let (today, unchanged) = noticed(&app).await;
    assert!(!today.contains("感谢您的来信"));
    assert_eq!(unchanged, version);
    app.set_today("2026-09-15");
    let (text, own) = noticed(&app).await;
    assert_says(&text, &["感谢您的来信"]);
    assert_eq!(own, format!("{version}/1"));
    let listed = app.admin().await;
    let listed = listed.get(&format!("/api/v1/agencies/{}/wordings", app.agency)).await;
    let listed = listed.expect(200).json;
    let of = |code: &str| {
        listed.as_array().unwrap().iter().find(|one| one["code"] == code).unwrap().clone()
    };
    assert_eq!(
        (&of("correction")["edition"], &of("receipt")["edition"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn the_built_in_wording_is_taken_back_the_same_way(app: TestApp) {
    approved(&app, json!(kinder()), "2026-09-14").await;
    assert!(noticed(&app).await.0.contains("感谢您的来信"));
    let reset = approved(&app, Value::Null, "2026-09-14").await;
    assert_eq!((&reset["n"], &reset["in_force"]), (&json!(2), &json!(true)));
    let (text, version) = noticed(&app).await;
    assert!(!text.contains("感谢您的来信") && !version.contains('/'), "{version}: {text}");
    let against = app.head().await.get(&at(&reset, "/diff?edition=1")).await.expect(200).json;
    assert_eq!(against["same"], false);
    let builtin = app.head().await.get(&at(&reset, "/diff")).await.expect(200).json;
    assert_eq!(builtin["same"], true);
}

async fn a_text_that_would_make_a_defective_notice_is_refused_with_what_is_missing(app: TestApp) {
    let head = app.head().await;
    let long = "长".repeat(20_001);
    for (body, code, says) in [
        (builtin().replace("{{ 登记编号 }}", "本件"), "wording_broken", "登记编号"),
        (
            builtin().replace("{{ 登记编号 }}", "{% if 1 == 2 %}{{ 登记编号 }}{% endif %}"),
            "wording_broken",
            "看不到",
        ),
        (builtin() + "\n{{ 密码 }}", "wording_broken", "密码"),
        (builtin() + "\n{% if 称谓 %}", "wording_broken", "正文"),
        (
            builtin()
                + "\n{% for 甲 in range(9999) %}{% for 乙 in range(9999) %}甲{% endfor %}{% endfor %}",
            "wording_broken",
            "正文",
        ),
        (builtin() + "\n| 甲 | 乙 |", "wording_broken", "表格"),
        (builtin().replace("第二十九条、", ""), "article_missing", "第二十九条"),
        (builtin() + "\n如不服，可以申请行政复议。", "remedy_typed", "复议"),
        (builtin() + "\n\u{7}", "control_characters", "U+0007"),
        (builtin() + "\n请在15个工作日内等候答复期限届满。", "old_law", "失效"),
        (long, "too_long", "20000"),
        (" \n".to_owned(), "required", "正文"),
    ] {
        let form = json!({ "body": body, "why": "试" });
        let refused = head.post(&path(&app), &form).await;
        assert_eq!(refused.blamed(), ("body", code), "{says}: {}", refused.json);
        assert!(refused.json.to_string().contains(says), "{says}: {}", refused.json);
    }
    let unsaid = head.post(&path(&app), &json!({ "body": kinder(), "why": "" })).await;
    assert_eq!(unsaid.blamed(), ("why", "required"));
    let unknown = format!("/api/v1/agencies/{}/wordings/nothing", app.agency);
    let unknown = head.post(&unknown, &json!({ "body": "甲", "why": "试" })).await;
    assert_eq!(unknown.refusal(), (404, "not_found"));
}

async fn whose_wording_it_is_nobody_else_sees_or_changes(app: TestApp) {
    let draft = drafted(&app, json!(kinder())).await;
    let form = json!({ "body": builtin(), "why": "改回" });
    // Another agency learns nothing
    let other = app.signed_in("other-head", &["head"], Some(app.other_agency)).await;
    for hidden in [at(&draft, ""), at(&draft, "/trial"), at(&draft, "/diff"), path(&app)] {
        assert_eq!(other.get(&hidden).await.refusal(), (404, "not_found"), "{hidden}");
    }
    assert_eq!(other.post(&path(&app), &form).await.refusal(), (404, "not_found"));
    assert_eq!(other.put(&at(&draft, ""), 1, &form).await.refusal(), (404, "not_found"));
    // A reviewer reads, and writes nothing; others have nothing to do with it
    let legal = legal(&app).await;
    legal.get(&at(&draft, "")).await.expect(200);
    assert_eq!(legal.post(&path(&app), &form).await.refusal(), (403, "forbidden"));
    assert_eq!(legal.put(&at(&draft, ""), 1, &form).await.refusal(), (422, "not_drafter"));
    let submit = json!({ "step": "submit" });
    assert_eq!(steps(&legal, &draft, submit.clone()).await.refusal(), (422, "not_drafter"));
    assert_eq!(app.officer().await.get(&path(&app)).await.refusal(), (403, "forbidden"));
    // What is not submitted is not approved, what is given up does not come back
    let approve = json!({ "step": "approve", "from": "2026-09-14" });
    assert_eq!(steps(&legal, &draft, approve.clone()).await.refusal(), (422, "wrong_state"));
    let head = app.head().await;
    let gone = steps(&head, &draft, json!({ "step": "discard" })).await.expect(200).json;
    assert_eq!(steps(&head, &gone, submit).await.refusal(), (422, "wrong_state"));
    // An administrator drafts for any agency, and the head may approve that
    let admin = app.admin().await;
    let theirs = json!({ "body": kinder(), "why": "统一用语" });
    let theirs = admin.post(&path(&app), &theirs).await.expect(201).json;
    assert_eq!(theirs["n"], 2);
    let sent = steps(&admin, &theirs, json!({ "step": "submit" })).await.expect(200).json;
    assert_eq!(steps(&admin, &sent, approve.clone()).await.refusal(), (422, "own_edition"));
    steps(&head, &sent, approve).await.expect(200);
}

async fn of_two_who_act_at_once_one_looks_again(app: TestApp) {
    let (one, two) = (drafted(&app, json!(kinder())).await, drafted(&app, Value::Null).await);
    let head = app.head().await;
    let submit = json!({ "step": "submit" });
    let one = steps(&head, &one, submit.clone()).await.expect(200).json;
    assert_eq!(
        steps(&head, &json!({ "id": one["id"], "version": 1 }), submit.clone()).await.refusal(),
        (409, "changed")
    );
    let two = steps(&head, &two, submit).await.expect(200).json;
    // Two different ones approved in the same moment both stand, one after the other
    let (legal, admin) = (legal(&app).await, app.admin().await);
    let approve = json!({ "step": "approve", "from": "2026-09-14" });
    let (a, b) = futures_util::join!(
        steps(&legal, &one, approve.clone()),
        steps(&admin, &two, approve.clone())
    );
    let done = [&a, &b].into_iter().filter(|reply| reply.status == 200).count();
    assert!(done >= 1, "{} {}", a.json, b.json);
    assert!(
        [&a, &b].iter().all(|reply| [200, 409].contains(&reply.status)),
        "{} {}",
        a.json,
        b.json
    );
    // And a retried approval is the same approval
    let again = steps(&legal, &one, approve).await;
    assert!([409, 422].contains(&again.status), "{}", again.json);
}

async fn another_process_uses_the_new_wording_with_its_next_notice(app: TestApp) {
    let other =
        App { editions: Default::default(), known_editions: Default::default(), ..app.app.clone() };
    approved(&app, json!(kinder()), "2026-09-14").await;
    let code = "correction";
    let agency = gongkai::domain::ids::AgencyId(app.agency);
    let today = app.app.today();
    assert!(other.editions.of(agency, code, today).is_none());
    let refreshed = other.refreshed().await.unwrap();
    assert!(refreshed.editions.of(agency, code, today).is_some());
    // And once known, reads use it too
    assert!(other.current().editions.of(agency, code, today).is_some());
}

async fn a_reply_is_issued_in_the_words_that_were_approved(app: TestApp) {
    // Given a reply that was approved
    let case = Case::in_processing(&app).await;
    let draft =
        case.drafted(&json!({ "outcome": "X1", "items": ["分配表"], "reasons": "属于投诉" })).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    // When the agency words replies otherwise before it is issued
    let wording = Wording::load().unwrap();
    let body = wording.body("reply_x1").unwrap().replace("现答复如下", "现将结果答复如下");
    assert_ne!(body, wording.body("reply_x1").unwrap());
    let path = format!("/api/v1/agencies/{}/wordings/reply_x1", app.agency);
    let form = json!({ "body": body, "why": "统一用语" });
    let own = app.admin().await.post(&path, &form).await.expect(201).json;
    let sent = steps(&app.admin().await, &own, json!({ "step": "submit" })).await.expect(200).json;
    let approve = json!({ "step": "approve", "from": "2026-09-14" });
    steps(&legal(&app).await, &sent, approve).await.expect(200);
    // Then it goes back and is read again
    let issue = json!({ "step": "issue" });
    let refused = case.step(By::Head, &draft, issue.clone()).await;
    assert_eq!(refused.refusal(), (409, "wording_changed"));
    let back = json!({ "step": "return", "reason": "用语更新" });
    case.step(By::Head, &draft, back).await.expect(200);
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    case.step(By::Head, &draft, json!({ "step": "approve" })).await.expect(200);
    case.step(By::Head, &draft, issue).await.expect(200);
    jobs::drain(&app.app).await.unwrap();
    assert_says(&case.pdf(&case.notice("reply").await).await, &["现将结果答复如下"]);
}

async fn a_wording_that_the_program_no_longer_takes_gives_way_to_the_built_in_one(app: TestApp) {
    let own = approved(&app, json!(kinder()), "2026-09-14").await;
    let id: uuid::Uuid = own["id"].as_str().unwrap().parse().unwrap();
    // Given a newer program whose template has a field that the approved text does not know
    let row = app.app.store.write(move |conn| {
        let row = gongkai::db::editions::find(conn, id)?.unwrap();
        let body = row.body.clone().map(|body| body.replace("{{ 登记编号 }}", ""));
        gongkai::db::editions::update(conn, gongkai::db::editions::EditionRow { body, ..row })
    });
    row.await.unwrap();
    let app_anew =
        App { editions: Default::default(), known_editions: Default::default(), ..app.app.clone() };
    let readiness = app_anew.readiness().await;
    let check = readiness.checks.iter().find(|check| check.name == "wordings").unwrap();
    assert!(!check.ok && !check.needed && check.detail.contains("correction"), "{check:?}");
    let now = app_anew.refreshed().await.unwrap();
    let agency = gongkai::domain::ids::AgencyId(app.agency);
    assert!(now.editions.of(agency, "correction", app.app.today()).is_none());
}

/// Each built-in text would be taken as an agency's own: the rules ask for nothing that ours lacks.
#[test]
fn every_built_in_text_would_stand_as_an_edition() {
    let wording = Wording::load().unwrap();
    for template in wording.templates() {
        let body = wording.body(&template.code).unwrap();
        let form = EditionForm { body: Some(body.to_owned()), why: "试".to_owned() };
        assert_eq!(faults(&form, body), [], "{}", template.code);
        if let Err(errors) = wording.edited(&template.code, 1, body) {
            panic!("{errors:?}");
        }
    }
}
