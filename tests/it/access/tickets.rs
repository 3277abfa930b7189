//! Every route that opens with number and query code × its own ticket, those of others, a wrong code
//! – of the interface and of the pages alike. Who is signed in makes no difference.

use gongkai::clock::Clock;
use gongkai::domain::policy::Role;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::{NoContext, Timestamp, Uuid};

use super::routes::{PAGES, ROUTES};
use super::{World, persona, verdict};
use crate::support::cases::Case;
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_ticket_opens_its_own_request_and_no_other,
    a_page_opens_its_own_request_and_no_other,
);

/// The routes that open with a ticket.
fn ticketed() -> Vec<&'static str> {
    let routes = ROUTES.iter().map(|(route, ..)| *route);
    let found: Vec<_> = routes.filter(|route| route.contains("/tracking")).collect();
    assert!(found.len() >= 7, "{found:?}");
    found
}

/// Asks a route with a ticket, and with what else its form wants.
async fn asked(world: &World<'_>, who: &Client, route: &str, ticket: &Value) -> Reply {
    let path = world.concrete(route.split_once(' ').unwrap().1);
    if path.ends_with("/files") {
        return who.send(form(world.case.app, who, &path, (ticket, ""))).await;
    }
    let mut body = ticket.clone();
    match path.rsplit('/').next().unwrap() {
        "correction" | "reasons" => body["text"] = json!("说明"),
        "rating" => body["grade"] = json!("satisfied"),
        "suggestion" => body["reason"] = json!("需要公众知晓"),
        "withdrawal" => body["statement"] = json!("撤回"),
        _ => {}
    }
    who.post(&path, &body).await
}

fn form(app: &TestApp, who: &Client, path: &str, (ticket, id): (&Value, &str)) -> RequestBuilder {
    let text = |key: &str| ticket[key].as_str().unwrap().to_owned();
    let mut form = Form::new().text("number", text("number")).text("code", text("code"));
    // A page is as old as its key says.
    let now = u64::try_from(app.clock.now().timestamp()).unwrap();
    let key = Uuid::new_v7(Timestamp::from_unix(NoContext, now, 0)).to_string();
    if !path.starts_with("/api/") {
        form = form.text("key", key.clone());
    }
    for (step, field) in [
        ("correction", "text"),
        ("reasons", "text"),
        ("withdrawal", "statement"),
        ("rating", "comment"),
    ] {
        if path.ends_with(step) {
            form = form.text(field, "说明");
        }
    }
    if path.ends_with("/rating") {
        form = form.text("grade", "satisfied");
    }
    if path.ends_with("/withdrawal") {
        form = form.text("confirm", "yes");
    }
    if !id.is_empty() {
        form = form.text("id", id.to_owned());
    }
    if path.ends_with("/files") {
        form = form.part("file", Part::bytes(&b"%PDF-1.7 mine"[..]).file_name("mine.pdf"));
    }
    who.request(Method::POST, path).header("Idempotency-Key", key).multipart(form)
}

/// The ticket of the world's request, one that is wrong, and that of another applicant.
async fn tickets(world: &World<'_>, app: &TestApp) -> (Value, Value, Value) {
    let other = Case::filed_with(app, |form| form["applicant"]["name"] = json!("李四")).await;
    let (own, theirs) = (world.case.ticket(), other.ticket());
    let mut wrong = own.clone();
    wrong["code"] = theirs["code"].clone();
    (own, wrong, theirs)
}

async fn a_ticket_opens_its_own_request_and_no_other(app: TestApp) {
    let world = World::built(&app).await;
    let (own, wrong, theirs) = tickets(&world, &app).await;
    let entries = world.case.ledger().await.len();
    let mut people = vec![("nobody".to_owned(), app.anon())];
    for own_agency in [true, false] {
        let agency = if own_agency { app.agency } else { app.other_agency };
        for role in Role::ALL {
            let who = persona(&app, Some(*role), agency, own_agency).await;
            people.push((format!("{role:?}, own agency: {own_agency}"), who));
        }
    }
    // Nobody opens it without the code, whoever they are
    for (name, who) in &people {
        for route in ticketed() {
            let name = format!("{route} as {name}, wrong code");
            let reply = asked(&world, who, route, &wrong).await;
            assert_eq!(verdict(&reply, &name), 404, "{name}: {}", reply.json);
            if route.contains("{id}") {
                let reply = asked(&world, who, route, &theirs).await;
                assert_eq!(verdict(&reply, &name), 404, "{name}, another's: {}", reply.json);
            }
        }
    }
    assert_eq!(world.case.ledger().await.len(), entries, "a deny leaves nothing");
    // With it everything is reached: what is refused then is refused by the state it is in
    let anon = app.anon();
    for route in ticketed() {
        let reply = asked(&world, &anon, route, &own).await;
        assert_eq!(verdict(&reply, route), 200, "{route}: {}", reply.json);
        if route.contains("{id}") {
            assert!(reply.bytes.starts_with(b"%PDF"), "{route}");
        }
    }
    // The files of the agency are never the applicant's
    let file = anon.get(&format!("/api/v1/files/{}", world.file)).await;
    assert_eq!(verdict(&file, "file"), 401);
    let path = format!("/api/v1/tracking/supplied/{}", world.file);
    assert_eq!(verdict(&anon.send_json(&path, &own).await, &path), 404);
}

async fn a_page_opens_its_own_request_and_no_other(app: TestApp) {
    let world = World::built(&app).await;
    let (own, wrong, theirs) = tickets(&world, &app).await;
    let anon = app.anon();
    let posts = PAGES.iter().filter_map(|page| page.strip_prefix("POST "));
    let mut walked = 0;
    for path in posts.filter(|path| path.starts_with("/track")) {
        let id = match path.rsplit('/').next().unwrap() {
            "documents" => world.notice.as_str(),
            "supplied" => world.supplied.as_str(),
            _ => "",
        };
        for ticket in [&wrong, &theirs] {
            let others = ticket == &theirs;
            let reply = anon.send(form(&app, &anon, path, (ticket, id))).await;
            let text = String::from_utf8_lossy(&reply.bytes).into_owned();
            let told = text.contains(&world.case.number) && others;
            assert!(!reply.bytes.starts_with(b"%PDF") && !told, "{path}: {text}");
            if !others || !id.is_empty() {
                assert_eq!(reply.status, 404, "{path}: {text}");
                assert!(!text.contains("老旧小区改造") || others, "{path}: {text}");
            }
        }
        let reply = anon.send(form(&app, &anon, path, (&own, id))).await;
        // What can be done once only was done when the world was built.
        assert!(matches!(reply.status, 200 | 409 | 422), "{path}: {}", reply.status);
        assert_eq!(reply.bytes.starts_with(b"%PDF"), !id.is_empty(), "{path}");
        walked += 1;
    }
    assert!(walked >= 7, "{walked}");
}
