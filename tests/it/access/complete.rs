//! The table of the routes is complete: what the source serves is in it, and nothing else. A route
//! without its line fails here, whether or not it is documented.

use std::collections::BTreeSet;

use gongkai::web::docs;

use super::routes::{PAGES, ROUTES};
use crate::support::rust_source::SourceFile;

/// Method and path of every handler: `#[get("…")]` and the like, over one line or several.
fn served(files: &[SourceFile]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files {
        let code = file.without_comments_and_tests();
        for attribute in code.split("#[").skip(1) {
            let Some((kind, rest)) = attribute.split_once('(') else { continue };
            let known = ["get", "post", "put", "delete", "patch", "head", "options", "route"];
            if !known.contains(&kind) {
                continue;
            }
            let Some((arguments, _)) = rest.split_once(")]") else { continue };
            let literals: Vec<&str> = arguments.split('"').skip(1).step_by(2).collect();
            let (path, methods) = literals.split_first().unwrap();
            match kind {
                "route" => found.extend(methods.iter().map(|method| format!("{method} {path}"))),
                method => {
                    found.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
    found
}

fn table() -> BTreeSet<String> {
    let routes = ROUTES.iter().map(|(route, ..)| (*route).to_owned());
    let table: BTreeSet<String> = routes.chain(PAGES.iter().map(|p| (*p).to_owned())).collect();
    assert_eq!(table.len(), ROUTES.len() + PAGES.len(), "no route twice");
    table
}

/// What the table and the source do not have in common.
fn differences(served: &BTreeSet<String>, table: &BTreeSet<String>) -> Vec<String> {
    let bare = served.difference(table).map(|route| format!("{route} has no line in the table"));
    bare.chain(table.difference(served).map(|route| format!("{route} is not served"))).collect()
}

#[test]
fn every_route_is_in_the_table_and_no_other() {
    let found = differences(&served(&SourceFile::all_below("src/web")), &table());
    assert_eq!(found, Vec::<String>::new(), "see tests/it/access/routes.rs");
}

#[test]
fn every_documented_route_is_in_the_table() {
    let document = serde_json::to_value(docs::openapi()).unwrap();
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            documented.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let routes: BTreeSet<String> = ROUTES.iter().map(|(route, ..)| (*route).to_owned()).collect();
    assert_eq!(differences(&documented, &routes), Vec::<String>::new());
}

#[test]
fn a_route_without_a_line_fails() {
    // given the source with one more handler of each form, documented or not
    let more = [
        ("#[get(\"/api/v1/secrets\")] async fn a() {}", vec!["GET /api/v1/secrets"]),
        ("#[post(\n    \"/leak/{id}\"\n)]\nasync fn b() {}", vec!["POST /leak/{id}"]),
        (
            "#[route(\"/both\", method = \"GET\", method = \"HEAD\")] async fn c() {}",
            vec!["GET /both", "HEAD /both"],
        ),
    ];
    for (code, routes) in more {
        let mut files = SourceFile::all_below("src/web");
        files.push(SourceFile::new("src/web/api/new.rs", code));
        let wanted: Vec<String> =
            routes.iter().map(|route| format!("{route} has no line in the table")).collect();
        assert_eq!(differences(&served(&files), &table()), wanted);
    }
    // and each line of the table is needed: without it the suite fails
    let served = served(&SourceFile::all_below("src/web"));
    for route in table() {
        let mut shorter = table();
        shorter.remove(&route);
        let wanted = vec![format!("{route} has no line in the table")];
        assert_eq!(differences(&served, &shorter), wanted);
    }
}

#[test]
fn routes_are_served_by_attribute_only() {
    // What is registered in another way would escape the reading above.
    for file in SourceFile::all_below("src/web") {
        let code = file.without_comments_and_tests();
        for way in [".route(", "resource(", "scope(", "Files::new"] {
            assert!(!code.contains(way), "{}: {way}", file.path);
        }
    }
}
