//! The queue of those who decide, and what single reads and lists tell without replaying a ledger.

use gongkai::db::{StoreError, standings};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cases::{By, Case, g1};
use crate::support::client::Client;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_draft_waits_for_those_whose_step_is_next_and_for_nobody_else,
    nobody_finds_an_own_draft_or_a_chain_already_walked_in_the_queue,
    a_deputy_finds_what_waits_for_the_absent_but_not_the_drafts_of_the_absent,
    the_queue_comes_in_pages,
    lists_tell_the_same_of_a_request_as_reading_it_alone,
    requests_of_an_earlier_version_are_folded_once_and_verified,
);

async fn waiting(who: &Client) -> Vec<String> {
    let page = who.get("/api/v1/requests?waits_for=me").await.expect(200).json;
    assert_eq!(page["next"], Value::Null);
    let ids = page["items"].as_array().unwrap().iter();
    ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn submitted(case: &Case<'_>) -> String {
    let draft = case.drafted(&g1()).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    draft
}

async fn set_chain(app: &TestApp, chain: Value) {
    let path = format!("/api/v1/agencies/{}/approval-chains", app.agency);
    app.admin().await.put(&path, 0, &chain).await.expect(200);
}

async fn approve(case: &Case<'_>, who: &Client, draft: &str) {
    let path = format!("/api/v1/notices/{draft}/steps");
    who.act(&path, case.version().await, &json!({ "step": "approve" })).await.expect(200);
}

async fn a_draft_waits_for_those_whose_step_is_next_and_for_nobody_else(app: TestApp) {
    set_chain(&app, json!({ "stages": ["office", "legal", "sign"] })).await;
    let case = Case::in_processing(&app).await;
    assert_eq!(waiting(&app.head().await).await, [""; 0]);
    let draft = submitted(&case).await;

    let legal = app.signed_in("legal", &["legal_reviewer"], Some(app.agency)).await;
    let signer = app.signed_in("signer", &["signer"], Some(app.agency)).await;
    let both = app.signed_in("both", &["supervisor", "head"], Some(app.agency)).await;
    let elsewhere = app.signed_in("elsewhere", &["head"], Some(app.other_agency)).await;
    let supervisor = app.supervisor().await;
    let (officer, head) = (app.officer().await, app.head().await);
    for who in [&head, &both] {
        assert_eq!(waiting(who).await, [case.id.as_str()]);
    }
    for who in [&officer, &legal, &signer, &elsewhere, &supervisor] {
        assert_eq!(waiting(who).await, [""; 0]);
    }

    approve(&case, &head, &draft).await;
    assert_eq!(waiting(&head).await, [""; 0]);
    assert_eq!(waiting(&legal).await, [case.id.as_str()]);
    approve(&case, &legal, &draft).await;
    assert_eq!(waiting(&legal).await, [""; 0]);
    assert_eq!(waiting(&signer).await, [case.id.as_str()]);

    // Sent back, it waits for nobody
    let back = json!({ "step": "return", "reason": "请补充理由" });
    let path = format!("/api/v1/notices/{draft}/steps");
    signer.act(&path, case.version().await, &back).await.expect(200);
    assert_eq!(waiting(&signer).await, [""; 0]);

    let administrator = app.admin().await.get("/api/v1/requests?waits_for=me").await;
    assert_eq!(administrator.refusal(), (403, "forbidden"));
}

async fn nobody_finds_an_own_draft_or_a_chain_already_walked_in_the_queue(app: TestApp) {
    set_chain(&app, json!({ "stages": ["office", "leader"] })).await;
    let case = Case::in_processing(&app).await;
    let draft = submitted(&case).await;

    // The officer becomes a head too: the draft stays the officer's own
    let author = app.db_user("officer").await.unwrap().id;
    app.db_write(move |conn| gongkai::db::users::set_roles(conn, author, &["officer", "head"]))
        .await;
    let author = app.officer().await;
    assert_eq!(waiting(&author).await, [""; 0]);

    let all = app.signed_in("all", &["head", "leader"], Some(app.agency)).await;
    assert_eq!(waiting(&all).await, [case.id.as_str()]);
    approve(&case, &all, &draft).await;
    // One person takes one step of a chain
    assert_eq!(waiting(&all).await, [""; 0]);
    let leader = app.signed_in("leader", &["leader"], Some(app.agency)).await;
    assert_eq!(waiting(&leader).await, [case.id.as_str()]);
}

async fn a_deputy_finds_what_waits_for_the_absent_but_not_the_drafts_of_the_absent(app: TestApp) {
    let case = Case::in_processing(&app).await;
    submitted(&case).await;
    let clerk = app.clerk().await;
    assert_eq!(waiting(&clerk).await, [""; 0]);

    let head = app.head().await;
    let person = |login: &'static str| {
        let app = &app;
        async move { app.db_user(login).await.unwrap().id }
    };
    let lend = |absent: Uuid, deputy: Uuid| {
        json!({
            "absent": absent, "deputy": deputy, "from_on": "2026-09-15", "until_on": "2026-09-16",
            "reason": "出差"
        })
    };
    let body = lend(person("head").await, person("clerk").await);
    head.post("/api/v1/deputies", &body).await.expect(201);
    assert_eq!(waiting(&clerk).await, [""; 0]);
    app.set_today("2026-09-15");
    assert_eq!(waiting(&app.clerk().await).await, [case.id.as_str()]);
    app.set_today("2026-09-17");
    assert_eq!(waiting(&app.clerk().await).await, [""; 0]);

    // The author is a head as well and lends that: nobody stands in for the author
    let author = person("officer").await;
    app.db_write(move |conn| gongkai::db::users::set_roles(conn, author, &["officer", "head"]))
        .await;
    let reviewer = app.signed_in("deputy", &["secrecy_reviewer"], Some(app.agency)).await;
    app.set_today("2026-09-15");
    let body = lend(author, person("deputy").await);
    app.head().await.post("/api/v1/deputies", &body).await.expect(201);
    drop(reviewer);
    let deputy = app.signed_in("deputy", &["secrecy_reviewer"], Some(app.agency)).await;
    assert_eq!(waiting(&deputy).await, [""; 0]);
}

async fn the_queue_comes_in_pages(app: TestApp) {
    let mut drafted = Vec::new();
    for _ in 0..3 {
        let case = Case::in_processing(&app).await;
        submitted(&case).await;
        drafted.push(case.id);
    }
    // One more that waits for nobody
    Case::in_processing(&app).await;
    let head = app.head().await;
    let (mut path, mut seen) = ("/api/v1/requests?waits_for=me&limit=1".to_owned(), Vec::new());
    loop {
        let page = head.get(&path).await.expect(200).json;
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["approval"]["turn"], "head");
            seen.push(item["id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/requests?waits_for=me&limit=1&cursor={next}");
    }
    seen.sort_unstable();
    drafted.sort_unstable();
    assert_eq!(seen, drafted);
}

async fn lists_tell_the_same_of_a_request_as_reading_it_alone(app: TestApp) {
    let case = Case::in_processing(&app).await;
    submitted(&case).await;
    Case::filed(&app).await;
    let head = app.head().await;
    let page = head.get("/api/v1/requests").await.expect(200).json;
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        let path = format!("/api/v1/requests/{}", item["id"].as_str().unwrap());
        assert_eq!(head.get(&path).await.expect(200).json, *item);
        assert_eq!(item["governing"], "reply");
        assert_eq!(item["governing_on"], item["due_on"]);
    }
    let approval = &case.view().await["approval"];
    assert_eq!(approval["outcome"], "G1");
    assert_eq!(approval["drafter"], json!(app.db_user("officer").await.unwrap().id));
}

async fn requests_of_an_earlier_version_are_folded_once_and_verified(app: TestApp) {
    let case = Case::in_processing(&app).await;
    submitted(&case).await;
    Case::filed(&app).await;
    let (before, id) = (case.view().await, Uuid::parse_str(&case.id).unwrap());
    app.db_write(move |conn| standings::replace(conn, id, None)).await;
    let faults = app.app.verify(false).await.unwrap().faults;
    assert_eq!(faults, [format!("{}：办理情况与台账不符", case.number)]);
    assert_eq!(waiting(&app.head().await).await, [""; 0]);

    let program = app.app.clone();
    let folded = tokio::task::spawn_blocking(move || {
        (program.fold_standings().unwrap(), program.fold_standings().unwrap())
    });
    assert_eq!(folded.await.unwrap(), (1, 0));
    assert_eq!(case.view().await, before);
    assert_eq!(waiting(&app.head().await).await, [case.id.as_str()]);
    assert_eq!(app.app.verify(false).await.unwrap().faults, [""; 0]);
    let stored = app.app.store.read(move |conn| standings::find(conn, id)).await;
    assert_eq!(stored.map_err(|error: StoreError| error).unwrap().unwrap().1.len(), 1);
}
