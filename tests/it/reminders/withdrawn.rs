//! Reminders of limits that press no more are withdrawn with their reason, and stay on record.

use serde_json::{Value, json};

use super::{mails, people, rounds, told};
use crate::support::cases::{By, Case, g1};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_reminder_is_withdrawn_when_the_reply_is_out,
    a_reminder_is_withdrawn_while_the_limit_rests_and_stands_again_with_it,
    a_reminder_of_a_day_that_moved_says_so,
    the_health_check_tells_whether_reminders_ran,
);

/// The officer's reminders, oldest first: whether told, withdrawn on, why.
async fn all(app: &TestApp, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/reminders{query}");
    let page = app.officer().await.get(&path).await.expect(200).json;
    let mut items = page["items"].as_array().unwrap().clone();
    items.reverse();
    items
}

fn withdrawal(item: &Value) -> (&Value, &Value) {
    (&item["withdrawn_on"], &item["withdrawn_why"])
}

async fn a_reminder_is_withdrawn_when_the_reply_is_out(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    assert!(rounds(&app, "2026-10-10").await.0 > 0);
    assert_eq!(withdrawal(&all(&app, "").await[0]), (&Value::Null, &Value::Null));

    // When the reply leaves the next day, before the next message
    app.set_today("2026-10-12");
    let content = g1();
    let notice = case.issued(&content).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-10-12", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    assert_eq!(rounds(&app, "2026-10-12").await, (0, 0));

    // Then what reminded of it is on record as withdrawn, and no longer waits to be seen
    let reminder = all(&app, "").await.remove(0);
    assert_eq!(withdrawal(&reminder), (&json!("2026-10-12"), &json!("ended")));
    assert_eq!(reminder["withdrawn_label"], "已答复或者已办结");
    assert_eq!(all(&app, "?seen=false").await, Vec::<Value>::new());
}

async fn a_reminder_is_withdrawn_while_the_limit_rests_and_stands_again_with_it(app: TestApp) {
    // Given a request whose officer was reminded
    people(&app).await;
    let case = Case::in_processing(&app).await;
    assert_eq!(rounds(&app, "2026-10-10").await.0, 1);

    // When a third party is asked, the agency's limit stands still
    app.set_today("2026-10-12");
    let ask = json!({
        "action": "consult", "on": "2026-10-12", "id": "1", "party": "third_party",
        "addressee": "某公司", "jointly_made": false
    });
    case.does(By::Officer, ask).await;
    let served = json!({ "action": "record_consultation_service", "on": "2026-10-12", "id": "1" });
    case.does(By::Clerk, served).await;
    assert_eq!(rounds(&app, "2026-10-12").await, (0, 0));
    let resting = all(&app, "").await;
    assert_eq!(resting.len(), 1);
    assert_eq!(withdrawal(&resting[0]), (&json!("2026-10-12"), &json!("at_rest")));

    // When it answers on the same day, so that the limit is the same day as before
    let answer = json!({
        "action": "record_opinion", "on": "2026-10-12", "id": "1", "position": "agrees",
        "text": "同意公开"
    });
    case.does(By::Officer, answer).await;
    assert_eq!(case.view().await["due_on"], resting[0]["limit_on"]);
    assert!(app.app.remind("test").await.unwrap().unwrap().reminders > 0);

    // Then the reminder stands again instead of a second one, and waits to be told
    let again = all(&app, "?seen=false").await;
    assert_eq!(again.len(), 1);
    assert_eq!(
        (&again[0]["id"], withdrawal(&again[0])),
        (&resting[0]["id"], (&Value::Null, &Value::Null))
    );
    assert_eq!(app.app.remind("test").await.unwrap().unwrap().reminders, 0);
}

async fn a_reminder_of_a_day_that_moved_says_so(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    rounds(&app, "2026-10-10").await;
    crate::calendar_of_record::in_force(&app, &crate::calendar_of_record::prolonged_2026()).await;
    gongkai::jobs::drain(&app.app).await.unwrap();
    let due = case.view().await["due_on"].clone();
    assert_eq!(due, "2026-10-19");

    rounds(&app, "2026-10-12").await;

    let items = all(&app, "").await;
    assert_eq!(withdrawal(&items[0]), (&json!("2026-10-12"), &json!("moved")));
    assert_eq!((&items[1]["limit_on"], &items[1]["withdrawn_on"]), (&due, &Value::Null));
    assert_eq!(told(&app.officer().await).await.len(), items.len());
    assert!(!mails(&app).await.is_empty());
}

async fn the_health_check_tells_whether_reminders_ran(app: TestApp) {
    let check = async || {
        let ready = app.anon().get("/readyz").await.expect(200).json;
        let checks = ready["checks"].as_array().unwrap().clone();
        let check = checks.into_iter().find(|check| check["name"] == "reminders").unwrap();
        assert_eq!((&ready["ready"], &check["needed"]), (&json!(true), &json!(false)));
        (check["ok"].as_bool().unwrap(), check["detail"].as_str().unwrap().to_owned())
    };
    assert!(!check().await.0, "never ran");
    rounds(&app, "2026-09-18").await;
    assert!(check().await.0);
    // On the day of rest that follows nobody misses it; on the next working day somebody must
    app.set_today("2026-09-19");
    assert!(check().await.0);
    app.set_today("2026-09-22");
    let (ok, detail) = check().await;
    assert!(!ok && detail.contains("2026-09-18") && detail.contains("2026-09-22"), "{detail}");
    rounds(&app, "2026-09-22").await;
    assert!(check().await.0);
}
