//! The approval chain: set by the administrator, walked step by step, four eyes, deputies.

mod authors;
mod rules;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g1, u2};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_reply_walks_the_whole_chain_and_the_request_tells_whose_turn_it_is,
    the_default_chain_is_the_heads_alone,
    only_administrators_set_a_chain_and_the_head_of_the_agency_reads_it,
    a_chain_that_cannot_be_walked_is_refused_with_every_fault,
    a_draft_on_its_way_keeps_its_chain,
    a_returned_draft_begins_the_chain_anew,
    an_author_takes_a_draft_back_at_any_step_and_nobody_else_does,
    a_deputy_acts_in_the_place_of_the_absent_for_the_days_appointed,
    a_deputy_of_the_author_approves_nothing_of_theirs,
    an_ended_deputyship_lends_nothing,
    the_responsible_agency_is_chosen_from_the_county,
);

const FULL: [&str; 4] = ["office", "legal", "leader", "sign"];

async fn set_chain(app: &TestApp, stages: &[&str]) -> Value {
    let path = format!("/api/v1/agencies/{}/approval-chains", app.agency);
    let admin = app.admin().await;
    let version = admin.get(&path).await.expect(200).version();
    admin.put(&path, version, &json!({ "stages": stages })).await.expect(200).json
}

async fn legal(app: &TestApp) -> Client {
    app.signed_in("legal", &["legal_reviewer"], Some(app.agency)).await
}

async fn leader(app: &TestApp) -> Client {
    app.signed_in("leader", &["leader"], Some(app.agency)).await
}

async fn signer(app: &TestApp) -> Client {
    app.signed_in("signer", &["signer"], Some(app.agency)).await
}

/// A draft with the approvers.
async fn submitted(case: &Case<'_>) -> String {
    let draft = case.drafted(&g1()).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    draft
}

async fn step(case: &Case<'_>, who: &Client, draft: &str, step: &str) -> Reply {
    let version = case.version().await;
    let body = match step {
        "return" => json!({ "step": "return", "reason": "请补充理由" }),
        step => json!({ "step": step }),
    };
    who.act(&format!("/api/v1/notices/{draft}/steps"), version, &body).await
}

async fn turn(case: &Case<'_>) -> (Value, Value, Value) {
    let approval = case.view().await["approval"].clone();
    (approval["stage"].clone(), approval["turn"].clone(), approval["since"].clone())
}

async fn a_reply_walks_the_whole_chain_and_the_request_tells_whose_turn_it_is(app: TestApp) {
    set_chain(&app, &FULL).await;
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;
    assert_eq!(turn(&case).await, (json!("office"), json!("head"), json!("2026-09-14")));

    // Nobody jumps the queue
    let early = step(&case, &legal(&app).await, &draft, "approve").await;
    assert_eq!(early.refusal(), (422, "not_your_step"));
    app.set_today("2026-09-15");
    step(&case, &app.head().await, &draft, "approve").await.expect(200);
    assert_eq!(turn(&case).await, (json!("legal"), json!("legal_reviewer"), json!("2026-09-15")));
    step(&case, &legal(&app).await, &draft, "approve").await.expect(200);
    let twice = step(&case, &legal(&app).await, &draft, "approve").await;
    assert_eq!(twice.refusal(), (422, "not_your_step"));
    let unsigned = step(&case, &signer(&app).await, &draft, "issue").await;
    assert_eq!(unsigned.refusal(), (422, "wrong_state"));
    let approved = step(&case, &leader(&app).await, &draft, "approve").await.expect(200).json;
    assert_eq!(approved["status"], "approved");
    assert_eq!(turn(&case).await, (Value::Null, json!("signer"), json!("2026-09-15")));

    // With a signer in the chain the head no longer issues
    let by_head = step(&case, &app.head().await, &draft, "issue").await;
    assert_eq!(by_head.refusal(), (422, "not_your_step"));
    let issued = step(&case, &signer(&app).await, &draft, "issue").await.expect(200).json;
    assert_eq!(issued["number"], "青财依复〔2026〕第1号");

    let stages: Vec<Value> = case
        .ledger()
        .await
        .iter()
        .filter(|entry| entry["kind"] == "draft_approved")
        .map(|entry| entry["event"]["stage"].clone())
        .collect();
    assert_eq!(stages, ["office", "legal", "leader"]);
}

async fn the_default_chain_is_the_heads_alone(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;

    let of_legal = step(&case, &legal(&app).await, &draft, "approve").await;
    assert_eq!(of_legal.refusal(), (422, "not_your_step"));
    step(&case, &app.head().await, &draft, "approve").await.expect(200);
    step(&case, &app.head().await, &draft, "issue").await.expect(200);
}

async fn only_administrators_set_a_chain_and_the_head_of_the_agency_reads_it(app: TestApp) {
    let path = format!("/api/v1/agencies/{}/approval-chains", app.agency);
    let head = app.head().await;
    let read = head.get(&path).await.expect(200);
    assert_eq!(
        (read.json["version"].as_i64(), &read.json["chains"]["stages"]),
        (Some(0), &json!(["office"]))
    );
    let body = json!({ "stages": ["office", "leader"] });
    assert_eq!(head.put(&path, 0, &body).await.refusal(), (403, "forbidden"));

    let admin = app.admin().await;
    let set = admin.put(&path, 0, &body).await.expect(200).json;
    assert_eq!(set["version"], 1);
    assert_eq!(set["changed_by"], json!(app.db_user("admin").await.unwrap().id));
    assert_eq!(admin.put(&path, 0, &body).await.refusal(), (409, "changed"));
    assert_eq!(head.get(&path).await.expect(200).json, set);

    // Others, and heads of other agencies, see nothing of it
    assert_eq!(app.officer().await.get(&path).await.refusal(), (403, "forbidden"));
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.get(&path).await.refusal(), (404, "not_found"));
}

async fn a_chain_that_cannot_be_walked_is_refused_with_every_fault(app: TestApp) {
    let path = format!("/api/v1/agencies/{}/approval-chains", app.agency);
    let body = json!({
        "stages": ["sign", "office"],
        "rules": [
            { "outcomes": [], "stages": ["sign"] },
            { "outcomes": ["O1", "G1", "G1"], "stages": ["office", "office"] }
        ]
    });

    let refused = app.admin().await.put(&path, 0, &body).await;

    assert_eq!(refused.refusal(), (422, "invalid_input"));
    let fields: Vec<&str> = refused.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "stages",
            "rules.stages",
            "rules.outcomes",
            "rules.stages",
            "rules.outcomes",
            "rules.outcomes"
        ]
    );
}

async fn a_draft_on_its_way_keeps_its_chain(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;
    set_chain(&app, &FULL).await;

    step(&case, &app.head().await, &draft, "approve").await.expect(200);
    assert_eq!(turn(&case).await.1, "head");
    step(&case, &app.head().await, &draft, "issue").await.expect(200);
}

async fn a_returned_draft_begins_the_chain_anew(app: TestApp) {
    set_chain(&app, &["office", "legal"]).await;
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;
    step(&case, &app.head().await, &draft, "approve").await.expect(200);

    let early = step(&case, &leader(&app).await, &draft, "return").await;
    assert_eq!(early.refusal(), (422, "not_your_step"));
    let back = step(&case, &legal(&app).await, &draft, "return").await.expect(200).json;
    assert_eq!(
        (&back["status"], &back["return_reason"]),
        (&json!("returned"), &json!("请补充理由"))
    );
    assert_eq!(case.view().await["approval"], Value::Null);
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    assert_eq!(turn(&case).await.0, "office");
}

async fn an_author_takes_a_draft_back_at_any_step_and_nobody_else_does(app: TestApp) {
    set_chain(&app, &["office", "legal"]).await;
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;
    let colleague = app.signed_in("colleague", &["officer"], Some(app.agency)).await;
    let theirs = step(&case, &colleague, &draft, "recall").await;
    assert_eq!(theirs.refusal(), (422, "not_own_draft"));
    step(&case, &app.head().await, &draft, "approve").await.expect(200);
    step(&case, &legal(&app).await, &draft, "approve").await.expect(200);

    // Even when everybody has approved it
    let back = step(&case, &app.officer().await, &draft, "recall").await.expect(200).json;
    assert_eq!((&back["status"], &back["approved_by"]), (&json!("draft"), &Value::Null));
    assert_eq!(case.view().await["state"], "processing");
}

/// The id of somebody, entered if need be.
async fn id(app: &TestApp, login: &str) -> Uuid {
    app.db_user(login).await.unwrap().id
}

async fn appoint(app: &TestApp, absent: &str, deputy: &str) -> Value {
    let body = json!({
        "absent": id(app, absent).await, "deputy": id(app, deputy).await,
        "from_on": "2026-09-15", "until_on": "2026-09-16", "reason": "出差"
    });
    app.head().await.post("/api/v1/deputies", &body).await.expect(201).json
}

async fn a_deputy_acts_in_the_place_of_the_absent_for_the_days_appointed(app: TestApp) {
    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    app.head().await;
    let made = appoint(&app, "head", "deputy").await;
    assert_eq!(made["appointed_by"], json!(id(&app, "head").await));
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;

    // The day before they are nobody
    let early = step(&case, &deputy, &draft, "approve").await;
    assert_eq!(early.refusal(), (403, "forbidden"));
    app.set_today("2026-09-15");
    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    let offered = deputy.get(&case.path("/actions")).await.expect(200).json;
    assert!(offered.as_array().unwrap().iter().any(|s| s["action"] == "approve_draft"));
    step(&case, &deputy, &draft, "approve").await.expect(200);

    let ledger = case.ledger().await;
    let entry = ledger.iter().find(|entry| entry["kind"] == "draft_approved").unwrap();
    assert_eq!(entry["event"]["on_behalf_of"], json!(id(&app, "head").await));
    assert!(entry["actor"].as_str().unwrap().contains("（代测试head）"), "{entry}");
    // The day after they are nobody again
    app.set_today("2026-09-17");
    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    assert_eq!(step(&case, &deputy, &draft, "issue").await.refusal(), (403, "forbidden"));
}

async fn a_deputy_of_the_author_approves_nothing_of_theirs(app: TestApp) {
    // given a head who drafts, and a deputy for the head
    app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    app.head().await;
    appoint(&app, "head", "deputy").await;
    let case = Case::in_processing(&app).await;
    app.set_today("2026-09-15");
    let head = app.head().await;
    let draft = head.post(&case.path("/notices"), &g1()).await.expect(201).json["id"].clone();
    let draft = draft.as_str().unwrap();
    step(&case, &head, draft, "submit").await.expect(200);

    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    let refused = step(&case, &deputy, draft, "approve").await;

    assert_eq!(refused.refusal(), (422, "own_draft"));
}

async fn an_ended_deputyship_lends_nothing(app: TestApp) {
    app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    app.head().await;
    let made = appoint(&app, "head", "deputy").await;
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;
    app.set_today("2026-09-15");
    let path = format!("/api/v1/deputies/{}/end", made["id"].as_str().unwrap());
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.put(&path, 1, &json!({})).await.refusal(), (404, "not_found"));
    let ended = app.head().await.put(&path, 1, &json!({})).await.expect(200).json;
    assert_eq!(ended["ended_on"], "2026-09-15");

    let deputy = app.signed_in("deputy", &["officer"], Some(app.agency)).await;
    assert_eq!(step(&case, &deputy, &draft, "approve").await.refusal(), (403, "forbidden"));

    // Nobody is lent what nobody bears, nor to strangers, nor to oneself
    let head = app.head().await;
    app.signed_in("keeper", &["administrator"], Some(app.agency)).await;
    let bodies = [
        ("keeper", "deputy", "absent"),
        ("head", "head", "deputy"),
        ("head", "stranger", "deputy"),
    ];
    for (absent, deputy, field) in bodies {
        let body = json!({
            "absent": id(&app, absent).await, "deputy": id(&app, deputy).await,
            "from_on": "2026-09-15", "until_on": "2026-09-16", "reason": "休假"
        });
        let refused = head.post("/api/v1/deputies", &body).await;
        assert_eq!(refused.fault(), (422, "invalid_input", field), "{absent} {deputy}");
    }
    // That an officer is away is put on record as well: the deputy is told what is due
    appoint(&app, "officer", "deputy").await;
}

async fn the_responsible_agency_is_chosen_from_the_county(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let mut content = u2();
    content["responsible_agency_id"] = json!(app.other_agency);

    let draft = case.drafted(&content).await;

    let path = format!("/api/v1/notices/{draft}");
    let fields = app.officer().await.get(&path).await.expect(200).json["fields"].clone();
    let other = app.anon().get(&format!("/api/v1/agencies/{}", app.other_agency)).await.json;
    assert_eq!(fields["responsible_agency"], other["name"]);
    let contact = fields["responsible_contact"].as_str().unwrap();
    assert!(contact.contains(other["phone"].as_str().unwrap()), "{contact}");
    content["responsible_agency_id"] = json!(Uuid::now_v7());
    let unknown = app.officer().await.post(&case.path("/notices"), &content).await;
    assert_eq!(unknown.fault(), (422, "invalid_input", "responsible_agency_id"));
}
