//! Limits beside the reply: receipts that nobody confirmed, corrections and fees to be judged,
//! remedies, complaints, corrections of records, bad ratings.

use serde_json::json;

use super::{lines, people, rounds, told};
use crate::support::cases::{By, Case, g1, registration};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    an_unconfirmed_receipt_reminds_by_the_safe_limit,
    a_correction_that_did_not_come_is_to_be_judged,
    the_answer_to_a_review_body_has_reminders_of_its_own,
    complaints_remind_the_agency_and_the_supervising_office,
    a_correction_of_a_record_reminds_whoever_registered_it,
    a_bad_rating_reminds_the_head,
);

/// Two months after 14 September; the last working day before is a Friday.
/// The fourteenth is a Saturday.
const MONDAY: &str = "2026-11-16";

async fn an_unconfirmed_receipt_reminds_by_the_safe_limit(app: TestApp) {
    people(&app).await;
    let case = Case::registered(&app, &registration("ordinary_post", "2026-09-14", "")).await;
    assert_eq!(case.view().await["state"], "awaiting_confirmation");

    // Nobody has the case yet: clerk and head are told in the officer's place
    assert_eq!(rounds(&app, "2026-10-10").await, (2, 2));

    let safe = lines(&[("unconfirmed_receipt", "five_days", "2026-10-16")]);
    assert_eq!(told(&app.clerk().await).await, safe);
    assert_eq!(told(&app.head().await).await, safe);
    let page = app.clerk().await.get("/api/v1/reminders").await.expect(200).json;
    assert_eq!(page["items"][0]["next_step"], "与申请人确认收件日并登记");
}

async fn a_correction_that_did_not_come_is_to_be_judged(app: TestApp) {
    people(&app).await;
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-09-30",
        "defects": [{ "kind": "form", "guidance": "请填写申请书并签名" }]
    });
    case.does(By::Officer, ask).await;

    // While the applicant's time runs nobody is reminded
    for today in ["2026-09-24", "2026-09-28", "2026-09-30"] {
        assert_eq!(rounds(&app, today).await, (0, 0), "{today}");
    }
    assert_eq!(rounds(&app, "2026-10-09").await, (2, 2));

    let over = lines(&[("correction_over", "overdue", "2026-09-30")]);
    assert_eq!(told(&app.officer().await).await, over);
    assert_eq!(told(&app.head().await).await, over);
    assert_eq!(told(&app.supervisor().await).await, []);
    assert_eq!(rounds(&app, "2026-10-12").await, (0, 0));
}

async fn the_answer_to_a_review_body_has_reminders_of_its_own(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    let notice = case.issued(&g1()).await["id"].as_str().unwrap().to_owned();
    let sent = json!({ "step": "sent", "on": "2026-09-14", "method": "in_person", "slip": { "receiver": "本人" } });
    case.serve(&notice, sent).await.expect(200);
    let open = json!({
        "action": "open_remedy", "on": "2026-09-14", "id": "复1号", "remedy": "reconsideration",
        "body": "青云县人民政府", "procedure": "simplified", "claims": "撤销答复"
    });
    case.does(By::Clerk, open).await;

    // Five working days: until 20 September, a Sunday that is worked
    assert_eq!(rounds(&app, "2026-09-14").await.0, 1);
    assert_eq!(rounds(&app, "2026-09-20").await.0, 2);
    let due = "2026-09-20";
    let expected =
        lines(&[("remedy_answer", "five_days", due), ("remedy_answer", "last_day", due)]);
    assert_eq!(told(&app.officer().await).await, expected);
    let answer = json!({
        "action": "answer_remedy", "on": "2026-09-20", "id": "复1号", "document": "答复书",
        "evidence": "检索记录"
    });
    case.does(By::Officer, answer).await;
    assert_eq!(rounds(&app, "2026-09-21").await, (0, 0));
}

async fn complaints_remind_the_agency_and_the_supervising_office(app: TestApp) {
    people(&app).await;
    let supervisor = app.supervisor().await;
    let complaint = json!({
        "agency": app.agency, "received_on": "2026-09-14",
        "form": { "name": "王小明", "contact": "1", "content": "逾期" }
    });
    let reply = supervisor.post("/api/v1/complaints", &complaint).await.expect(201);
    let path = format!("/api/v1/complaints/{}/steps", reply.json["id"].as_str().unwrap());
    let ask = json!({
        "step": "ask", "on": "2026-09-14", "until": "2026-09-21", "question": "请说明"
    });
    supervisor.act(&path, 1, &ask).await.expect(200);

    assert_eq!(rounds(&app, "2026-09-15").await, (1, 1));
    assert_eq!(rounds(&app, "2026-09-22").await, (2, 2));
    let statement = [
        ("complaint_statement", "five_days", "2026-09-21"),
        ("complaint_statement", "overdue", "2026-09-21"),
    ];
    assert_eq!(told(&app.head().await).await, lines(&statement));
    assert_eq!(told(&app.supervisor().await).await, lines(&statement[1..]));
    assert_eq!(told(&app.officer().await).await, []);

    // And the office itself is reminded of its own limit
    assert_eq!(reply.json["due_on"], MONDAY);
    rounds(&app, MONDAY).await;
    let last = told(&app.supervisor().await).await.pop().unwrap();
    assert_eq!([last], *lines(&[("complaint", "last_day", MONDAY)]));
}

async fn a_correction_of_a_record_reminds_whoever_registered_it(app: TestApp) {
    people(&app).await;
    let record = json!({
        "received_on": "2026-09-14",
        "form": {
            "applicant_name": "王小明", "credential_number": "1", "contact": "1",
            "record": "记录", "error": "有误", "evidence": "证据"
        }
    });
    let reply = app.clerk().await.post("/api/v1/record-corrections", &record).await.expect(201);
    assert_eq!(reply.json["due_on"], MONDAY);

    assert_eq!(rounds(&app, "2026-11-14").await, (0, 0));
    assert_eq!(rounds(&app, MONDAY).await, (2, 2));

    let last = lines(&[("record_correction", "last_day", MONDAY)]);
    assert_eq!(told(&app.clerk().await).await, last);
    assert_eq!(told(&app.head().await).await, last);
    assert_eq!(told(&app.officer().await).await, []);
}

async fn a_bad_rating_reminds_the_head(app: TestApp) {
    people(&app).await;
    let case = Case::in_processing(&app).await;
    let withdraw = json!({
        "action": "withdraw", "on": "2026-09-14", "statement": "撤回", "authentication": "signed"
    });
    case.does(By::Clerk, withdraw).await;
    let mut rating = case.ticket();
    rating["grade"] = json!("dissatisfied");
    app.anon().post("/api/v1/tracking/rating", &rating).await.expect(200);
    let listed = app.head().await.get("/api/v1/ratings").await.expect(200).json;
    let due = listed["items"][0]["due_on"].as_str().unwrap().to_owned();

    rounds(&app, &due).await;

    let (kind, stage, on) = told(&app.head().await).await.pop().unwrap();
    assert_eq!((kind.as_str(), stage.as_str(), on), ("rating", "last_day", due));
    // Who rated how is not for the officer
    assert!(told(&app.officer().await).await.iter().all(|(kind, ..)| kind != "rating"));
}
