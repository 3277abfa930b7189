//! The OpenAPI document: complete, true to the server, and a list of who may call what.

use std::collections::BTreeSet;
use std::fmt::Write;

use gongkai::web::docs;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::files_below;
use crate::support::read;
use crate::support::test_app::{Backend, TestApp};

/// Method, path and description of every operation.
fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            found.push((method, path.clone(), operation.clone()));
        }
    }
    found.sort_by_key(|(method, path, _)| (path.clone(), method.to_string()));
    found
}

fn document() -> Value {
    serde_json::to_value(docs::openapi()).unwrap()
}

/// Method and path of every `#[get("…")]` and the like in the source.
fn routes_in_source() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files_below("src/web/api", "rs") {
        for line in read(&file).lines() {
            for method in ["get", "post", "put", "delete", "patch"] {
                let start = format!("#[{method}(\"");
                if let Some(rest) = line.trim().strip_prefix(&start) {
                    let (path, _) = rest.split_once('"').unwrap();
                    found.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
    found
}

#[test]
fn every_route_of_the_api_is_documented_and_nothing_else() {
    let documented: BTreeSet<String> = operations(&document())
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();

    assert_eq!(documented, routes_in_source());
}

/// What the document says may be sent is what the server takes: the stable names, not Rust's.
#[test]
fn enumerations_are_documented_by_the_names_that_are_sent() {
    use gongkai::domain::applicant::ApplicantKind;
    use gongkai::domain::outcome::Outcome;
    use gongkai::domain::receipt::Channel;
    use gongkai::domain::state::State;
    let schemas = document()["components"]["schemas"].clone();
    let listed = |name: &str| schemas[name]["enum"].clone();
    macro_rules! names {
        ($kind:ident) => {
            json!($kind::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>())
        };
    }
    assert_eq!(listed("Channel"), names!(Channel));
    assert_eq!(listed("State"), names!(State));
    assert_eq!(listed("ApplicantKind"), names!(ApplicantKind));
    assert_eq!(listed("Outcome"), names!(Outcome));
}

#[test]
fn every_operation_is_described_and_lists_the_problems_it_may_answer_with() {
    for (method, path, operation) in operations(&document()) {
        let name = format!("{method} {path}");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "{name} has no summary");
        assert!(operation["tags"].is_array(), "{name} has no tag");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["400", "401", "403", "404", "409", "413", "422", "428", "429", "500", "503"]
        {
            assert!(responses.contains_key(status), "{name} does not mention {status}");
        }
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
        for placeholder in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let placeholder = placeholder.trim_end_matches('}');
            let named = operation["parameters"].as_array().is_some_and(|parameters| {
                parameters.iter().any(|p| p["in"] == "path" && p["name"] == placeholder)
            });
            assert!(named, "{name} does not describe {placeholder}");
        }
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(target) if key == "$ref" => {
                            found.insert(target.clone());
                        }
                        other => references(other, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);

    assert!(found.len() > 20, "{found:?}");
    for target in found {
        let pointer = target.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
    }
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

/// What every persona gets from every operation: who may not is told so before anything else is
/// looked at, so an empty body suffices. Review each line that changes.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_call_what() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let served = app.anon().get("/api/v1/openapi.json").await.expect(200).json;
    assert_eq!(served, document());
    let personas = [
        ("anon", app.anon()),
        ("clerk", app.clerk().await),
        ("officer", app.officer().await),
        ("head", app.head().await),
        ("reviewer", app.reviewer().await),
        ("supervisor", app.supervisor().await),
        ("admin", app.admin().await),
    ];
    let mut table = String::new();
    for (method, path, operation) in operations(&served) {
        let concrete = path.replace("{year}", "2026");
        let concrete = concrete
            .split('/')
            .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() })
            .collect::<Vec<_>>()
            .join("/");
        let guarded = operation["security"] == json!([{ "bearer": [] }]);
        write!(table, "{:<6} {path:<42}", method.as_str()).unwrap();
        for (name, client) in &personas {
            let reply = client.send(client.request(method.clone(), &concrete)).await;
            assert!(reply.status < 500, "{name} {method} {path}: {}", reply.json);
            let verdict = match reply.status {
                401 | 403 => reply.status.to_string(),
                _ => "ok".to_owned(),
            };
            assert_eq!(
                guarded && *name == "anon",
                reply.status == 401,
                "{name} {method} {path}: the document and the server disagree"
            );
            write!(table, " {name}:{verdict}").unwrap();
        }
        writeln!(table).unwrap();
    }
    insta::assert_snapshot!(table);
}
