//! Complaints to the supervising office (举报投诉, 条例 art. 47, 51).

use gongkai::domain::complaint::{ComplaintState, ComplaintStep, Finding, Measure, decide};
use serde_json::{Value, json};

use crate::story::day;
use crate::support::cases::Case;
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_complaint_is_heard_found_and_closed,
    the_agency_learns_what_it_is_asked_and_never_who_complains,
    an_agency_that_says_nothing_does_not_stop_the_office,
    faulty_registrations_and_steps_are_refused_at_their_field,
);

const PATH: &str = "/api/v1/complaints";

fn registration(app: &TestApp) -> Value {
    json!({
        "agency": app.agency, "received_on": "2026-09-14",
        "form": { "name": "赵不平", "contact": "13900000000", "content": "赵不平投诉：逾期三个月不答复" }
    })
}

fn ask() -> Value {
    json!({ "step": "ask", "on": "2026-09-14", "until": "2026-09-21", "question": "请说明办理经过" })
}

async fn registered(app: &TestApp) -> String {
    let entry = app.supervisor().await.post(PATH, &registration(app)).await.expect(201).json;
    assert_eq!(entry["number"], "青财投诉〔2026〕第1号");
    entry["id"].as_str().unwrap().to_owned()
}

async fn step(who: &Client, id: &str, version: i32, body: &Value) -> crate::support::client::Reply {
    who.act(&format!("{PATH}/{id}/steps"), version, body).await
}

async fn a_complaint_is_heard_found_and_closed(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut body = registration(&app);
    body["request_number"] = json!(case.number);
    let supervisor = app.supervisor().await;
    let entry = supervisor.post(PATH, &body).await.expect(201).json;
    assert_eq!((&entry["state"], &entry["request"]), (&json!("received"), &json!(case.id)));
    // The fourteenth is a Saturday
    assert_eq!(entry["due_on"], "2026-11-16", "two months: the general duty to act");
    let id = entry["id"].as_str().unwrap();

    // Nobody is found wrong unheard
    let founded = json!({
        "step": "conclude", "on": "2026-09-14", "finding": "founded", "measure": "rectification",
        "text": "逾期属实"
    });
    let refused = step(&supervisor, id, 1, &founded).await;
    assert_eq!(refused.fault(), (422, "agency_unheard", "finding"));
    step(&supervisor, id, 1, &ask()).await.expect(200);
    let head = app.head().await;
    let statement = json!({ "on": "2026-09-14", "text": "因人员调动延误" });
    let path = format!("{PATH}/{id}/statement");
    let stated = head.act(&path, 2, &statement).await.expect(200).json;
    assert_eq!((&stated["state"], &stated["statement_late"]), (&json!("stated"), &json!(false)));
    // A measure belongs to what proves true, and only to that
    let mut wrong = founded.clone();
    wrong["measure"] = json!("none");
    let refused = step(&supervisor, id, 3, &wrong).await;
    assert_eq!(refused.fault(), (422, "measure_unfit", "measure"));
    assert_eq!(step(&supervisor, id, 2, &founded).await.refusal(), (409, "changed"));
    let ended = step(&supervisor, id, 3, &founded).await.expect(200).json;
    assert_eq!(
        (&ended["finding"], &ended["concluded_on"]),
        (&json!("founded"), &json!("2026-09-14"))
    );
    assert_eq!(step(&supervisor, id, 4, &ask()).await.refusal(), (422, "wrong_state"));
    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
}

async fn the_agency_learns_what_it_is_asked_and_never_who_complains(app: TestApp) {
    let id = registered(&app).await;
    let (head, supervisor) = (app.head().await, app.supervisor().await);
    // Before it is asked, there is nothing to be seen
    assert_eq!(head.get(PATH).await.expect(200).json["items"], json!([]));
    assert_eq!(head.get(&format!("{PATH}/{id}")).await.refusal(), (404, "not_found"));
    step(&supervisor, &id, 1, &ask()).await.expect(200);
    for seen in [PATH.to_owned(), format!("{PATH}/{id}")] {
        let answer = head.get(&seen).await.expect(200).json.to_string();
        assert!(answer.contains("请说明办理经过"), "{answer}");
        for secret in ["赵", "不平", "13900000000"] {
            assert!(!answer.contains(secret), "{secret} in {answer}");
        }
    }
    let full = supervisor.get(&format!("{PATH}/{id}")).await.expect(200).json;
    assert_eq!(full["contact"], "13900000000");
    assert_ne!(full["complainant"], "赵不平", "masked");
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.get(PATH).await.expect(200).json["items"], json!([]));
    let statement = json!({ "on": "2026-09-14", "text": "冒名" });
    let path = format!("{PATH}/{id}/statement");
    assert_eq!(stranger.act(&path, 2, &statement).await.refusal(), (404, "not_found"));
    assert_eq!(head.post(PATH, &registration(&app)).await.refusal(), (403, "forbidden"));
    // The statement is the agency's, not the office's
    let state = json!({ "step": "state", "on": "2026-09-14", "text": "代说明" });
    assert_eq!(step(&supervisor, &id, 2, &state).await.refusal(), (403, "forbidden"));
}

async fn an_agency_that_says_nothing_does_not_stop_the_office(app: TestApp) {
    let id = registered(&app).await;
    step(&app.supervisor().await, &id, 1, &ask()).await.expect(200);
    app.set_today("2026-11-17");
    let supervisor = app.supervisor().await;
    let seen = supervisor.get(&format!("{PATH}/{id}")).await.expect(200).json;
    assert_eq!((&seen["statement_late"], &seen["overdue"]), (&json!(true), &json!(true)));
    let ended = json!({
        "step": "conclude", "on": "2026-11-16", "finding": "founded", "measure": "criticism",
        "text": "逾期未说明，通报批评"
    });
    let ended = step(&supervisor, &id, 2, &ended).await.expect(200).json;
    assert_eq!((&ended["statement_late"], &ended["state"]), (&json!(true), &json!("concluded")));
}

async fn faulty_registrations_and_steps_are_refused_at_their_field(app: TestApp) {
    let supervisor = app.supervisor().await;
    let refused = |change: fn(&mut Value)| {
        let (mut body, supervisor) = (registration(&app), supervisor.clone());
        change(&mut body);
        async move { supervisor.post(PATH, &body).await }
    };
    let empty = refused(|body| body["form"]["content"] = json!(" ")).await;
    assert_eq!((empty.status, &empty.json["errors"][0]["field"]), (422, &json!("content")));
    let unreachable = refused(|body| body["form"]["contact"] = json!("")).await;
    assert_eq!(unreachable.json["errors"][0]["field"], "contact");
    let tomorrow = refused(|body| body["received_on"] = json!("2026-09-15")).await;
    assert_eq!(tomorrow.fault(), (422, "date_in_future", "received_on"));
    let unknown = refused(|body| body["request_number"] = json!("202600109999")).await;
    assert_eq!(unknown.blamed(), ("request_number", "unknown_request"));
    let nowhere = refused(|body| body["agency"] = json!(uuid::Uuid::now_v7())).await;
    assert_eq!(nowhere.refusal(), (404, "not_found"));
    // Without a name it is a complaint all the same
    let anonymous = refused(|body| body["form"] = json!({ "content": "电话打不通" })).await;
    let id = anonymous.expect(201).json["id"].as_str().unwrap().to_owned();
    let mut early = ask();
    early["until"] = json!("2026-09-13");
    assert_eq!(step(&supervisor, &id, 1, &early).await.fault(), (422, "date_too_early", "until"));
}

/// Whatever is tried in whatever order: a finding on the merits follows a question to the agency.
#[test]
fn no_finding_on_the_merits_without_a_question() {
    let on = day("2026-09-14");
    let text = || "文".to_owned();
    for from in ComplaintState::ALL {
        for finding in Finding::ALL {
            for measure in Measure::ALL {
                let (finding, measure) = (*finding, *measure);
                let end = ComplaintStep::Conclude { on, finding, measure, text: text() };
                let Ok(next) = decide(*from, on, &end, on) else { continue };
                assert_eq!(next, ComplaintState::Concluded);
                assert_ne!(*from, ComplaintState::Concluded);
                assert_eq!(finding.is_founded(), measure != Measure::None);
                let merits = finding.is_founded() || finding == Finding::Unfounded;
                assert!(!(merits && *from == ComplaintState::Received), "{finding}");
            }
        }
    }
}
