//! Addresses and the methods they know: 405 with `Allow` for the others, 404 only where nothing is.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use uuid::Uuid;

use crate::support::test_app::{Backend, TestApp};
use crate::support::{files_below, read};

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_an_address_does_not_know_is_refused_with_those_it_knows() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    for (method, path, allowed) in [
        (Method::DELETE, "/api/v1/requests", "GET, POST"),
        (Method::GET, "/api/v1/registrations", "POST"),
        (Method::PATCH, "/api/v1/people/00000000-0000-0000-0000-000000000000", "GET, PUT"),
        (Method::POST, "/api/v1/calendar/2026", "GET"),
        (Method::PUT, "/api/v1/openapi.json", "GET"),
        (Method::OPTIONS, "/api/v1/clock", "POST"),
        (Method::POST, "/healthz", "GET"),
        (Method::POST, "/", "GET, HEAD"),
        (Method::PUT, "/track", "GET, HEAD, POST"),
        (Method::PUT, "/track/withdrawal", "GET, HEAD, POST"),
    ] {
        let reply = app.anon().send(app.anon().request(method.clone(), path)).await;
        assert_eq!((reply.status, reply.header("allow")), (405, allowed), "{method} {path}");
        if path.starts_with("/api/") || path == "/healthz" {
            assert_eq!(reply.refusal(), (405, "method_not_allowed"), "{method} {path}");
            assert_eq!(reply.header("content-type"), "application/problem+json");
        } else {
            assert!(reply.header("content-type").starts_with("text/html"), "{method} {path}");
        }
    }
    for path in ["/api/v1/nothing", "/nothing", "/api/v1/requests/x/y/z"] {
        let reply = app.anon().send(app.anon().request(Method::DELETE, path)).await;
        assert_eq!((reply.status, reply.header("allow")), (404, ""), "{path}");
    }
}

/// Every address of the server, one of each pattern, with the methods its handlers take.
fn handlers_in_source() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files_below("src/web", "rs") {
        for line in read(&file).lines() {
            let Some((name, rest)) = line.strip_prefix("#[").and_then(|l| l.split_once("(\""))
            else {
                continue;
            };
            let (path, rest) = rest.split_once('"').unwrap();
            let methods: Vec<String> = match name {
                "get" | "post" | "put" | "delete" | "patch" => vec![name.to_uppercase()],
                "route" => rest.split('"').skip(1).step_by(2).map(str::to_owned).collect(),
                _ => continue,
            };
            let id = Uuid::nil().to_string();
            let path = path
                .replace(
                    "{_step:correction|reasons|rating|withdrawal|files|documents|supplied}",
                    "correction",
                )
                .replace("{hash}/{name}", "0123456789abcdef/app.css")
                .replace("{version}", "1")
                .replace("{year}", "2026")
                .replace("{item}", "1")
                .replace("{n}", "1")
                .replace("{kind}", "application_form")
                .replace("{form}", &id)
                .replace("{template}", "correction")
                .replace("{id}", &id);
            assert!(!path.contains('{'), "{path}");
            found.entry(path).or_default().extend(methods);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_the_server_lists_the_methods_of_its_handlers() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let handlers = handlers_in_source();
    assert!(handlers.len() > 40, "{}", handlers.len());
    for (path, methods) in handlers {
        let reply = app.anon().send(app.anon().request(Method::TRACE, &path)).await;
        let told: BTreeSet<String> = reply.header("allow").split(", ").map(str::to_owned).collect();
        // Pages beside which another page takes the same address' forms list those as well.
        assert_eq!((reply.status, told.is_superset(&methods)), (405, true), "{path}: {told:?}");
        let more: Vec<_> = told.difference(&methods).collect();
        assert!(more.is_empty() || path.starts_with("/track/"), "{path}: {more:?}");
    }
}
