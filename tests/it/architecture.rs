//! The house law of docs/architecture.md, read off the source: which layer may name which, who may
//! know the database, the clock and the environment, and where legal numbers stand.
//!
//! Every rule is a function over source files, so that a made-up file can show that it bites.

use std::collections::BTreeSet;

use crate::support::rust_source::SourceFile;
use crate::support::{files_below, read};

/// What each top-level module may name besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("db", &["domain"]),
    ("documents", &["domain"]),
    ("storage", &["domain"]),
    ("mail", &["domain"]),
    ("signing", &[]),
    ("keys", &["domain"]),
    ("passwords", &[]),
    (
        "app",
        &["domain", "db", "documents", "storage", "mail", "signing", "keys", "passwords", "clock"],
    ),
    ("jobs", &["domain", "app", "config", "clock"]),
    ("web", &["domain", "app", "config", "clock"]),
    ("config", &[]),
    ("clock", &["domain"]),
    ("telemetry", &["config"]),
    ("assembly", EVERYTHING),
    ("cli", EVERYTHING),
    ("main", EVERYTHING),
    ("lib", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "domain",
    "db",
    "documents",
    "storage",
    "mail",
    "signing",
    "app",
    "jobs",
    "web",
    "config",
    "clock",
    "telemetry",
    "keys",
    "passwords",
    "assembly",
    "cli",
];

/// Crates that only some modules may name: they are what the layer is for.
const CRATES: &[(&str, &[&str])] = &[
    ("diesel", &["db"]),
    ("diesel_migrations", &["db"]),
    ("actix_web", &["web", "cli", "main"]),
    ("actix_multipart", &["web"]),
    // Schema derives are declarations, see docs/decisions/0006-schemas.md.
    ("utoipa", &["domain", "app", "web"]),
    ("askama", &["web"]),
    ("typst", &["documents"]),
    ("typst_pdf", &["documents"]),
    ("zip", &["documents"]),
    ("hayro", &["documents"]),
    ("quick_xml", &["documents"]),
    ("exif", &["documents"]),
    ("flate2", &["documents"]),
    ("csv_file", &["documents"]),
    ("object_store", &["storage"]),
    ("lettre", &["mail"]),
    ("clap", &["cli", "main"]),
    ("tracing_subscriber", &["telemetry"]),
];

/// All that the law itself is written with.
const CRATES_OF_DOMAIN: &[&str] = &["chrono", "thiserror", "serde", "serde_json", "utoipa", "uuid"];

/// Where the two databases may be told apart.
const PER_BACKEND: &[&str] = &["src/db/per_backend", "src/db/conn.rs"];

const LONGEST_FILE: usize = 400;

fn arrows_that_do_not_point_down(files: &[SourceFile]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let layer = file.layer();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            found.push(format!("{}: {layer} is no layer of docs/architecture.md", file.path));
            continue;
        };
        for named in file.modules_named() {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == named);
            if is_layer && named != layer && !allowed.contains(&named.as_str()) {
                found.push(format!("{}: {layer} must not name {named}", file.path));
            }
        }
    }
    found
}

fn crates_out_of_place(files: &[SourceFile], dependencies: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (name, layers) in CRATES {
            if !layers.contains(&file.layer()) && file.names_crate(name) {
                found.push(format!("{}: {name} belongs to {}", file.path, layers.join(", ")));
            }
        }
        let foreign = dependencies.iter().filter(|name| !CRATES_OF_DOMAIN.contains(&name.as_str()));
        for name in foreign.filter(|_| file.layer() == "domain") {
            if file.names_crate(name) {
                found.push(format!("{}: the law needs no {name}", file.path));
            }
        }
    }
    found
}

fn readers_of_clock_and_environment(files: &[SourceFile]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let clock = ["Utc", "Local", "SystemTime"];
        if file.path != "src/clock.rs" && clock.iter().any(|t| file.says(&[t, "::", "now"])) {
            found.push(format!("{}: only src/clock.rs reads the clock", file.path));
        }
        let environment = file.says(&["std", "::", "env"])
            || file.says(&["env", "::"])
            || (file.says(&["use", "std", "::", "{"]) && file.says(&["env", ","]));
        if file.path != "src/config.rs" && environment {
            found.push(format!("{}: only src/config.rs reads the environment", file.path));
        }
    }
    found
}

fn backends_told_apart(files: &[SourceFile]) -> Vec<String> {
    let told_apart = |file: &&SourceFile| {
        let within_connection = file.says(&["impl", "Conn"]) || file.says(&["for", "Conn"]);
        file.words().windows(4).any(|words| {
            let connection =
                words[0].ends_with("Conn") || (words[0] == "Self" && within_connection);
            let variant = matches!(words[2].as_str(), "Pg" | "Postgres" | "Sqlite");
            connection && words[1] == "::" && variant && words[3] == "("
        })
    };
    files
        .iter()
        .filter(|file| !PER_BACKEND.iter().any(|place| file.path.starts_with(place)))
        .filter(told_apart)
        .map(|file| format!("{}: only {PER_BACKEND:?} may tell the databases apart", file.path))
        .collect()
}

/// Whether a number stands before the unit somewhere in the text.
fn follows_number(text: &str, unit: &str) -> bool {
    const NUMERALS: &str = "0123456789一二三四五六七八九十百两";
    text.match_indices(unit).any(|(at, _)| {
        let before = text[..at].trim_end().trim_end_matches('个').trim_end();
        before.ends_with(|c| NUMERALS.contains(c))
    })
}

/// Lines of a page or its assets that state a legal number instead of taking it from the domain.
fn legal_numbers_in_page(path: &str, text: &str) -> Vec<String> {
    let legal =
        |line: &&str| ["工作日", "元", "日内"].iter().any(|unit| follows_number(line, unit));
    let told = |line| format!("{path}: legal number in a page: {line}");
    text.lines().map(str::trim).filter(legal).map(told).collect()
}

fn legal_numbers_outside_the_law(files: &[SourceFile]) -> Vec<String> {
    let elsewhere = |file: &&SourceFile| {
        let may = ["domain", "documents", "config", "telemetry"];
        let shown = ["src/web/pages", "src/web/portal"];
        !may.contains(&file.layer()) && !shown.iter().any(|path| file.path.starts_with(path))
    };
    let mut found = Vec::new();
    for file in files.iter().filter(elsewhere) {
        for line in file.without_comments_and_tests().lines() {
            let typed = line
                .split_once("WorkingDays")
                .map(|(_, rest)| rest.trim_start_matches("::new").trim_start_matches('('))
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            if typed || follows_number(line, "工作日") || follows_number(line, "元") {
                found.push(format!("{}: legal number outside domain/: {}", file.path, line.trim()));
            }
        }
    }
    found
}

fn files_without_shape(files: &[SourceFile]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        if !file.text.starts_with("//! ") {
            found.push(format!("{}: must open with //! and what it is for", file.path));
        }
        let lines = file.text.lines().count();
        if lines > LONGEST_FILE {
            found.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", file.path));
        }
    }
    found
}

/// Names of the dependencies of the program, as code writes them.
fn dependencies() -> Vec<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
}

fn assert_none(violations: Vec<String>) {
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn layers_name_only_what_lies_below_them() {
    assert_none(arrows_that_do_not_point_down(&SourceFile::all_below("src")));
}

#[test]
fn each_crate_stays_in_the_layer_it_is_for() {
    assert_none(crates_out_of_place(&SourceFile::all_below("src"), &dependencies()));
}

#[test]
fn one_file_reads_the_clock_and_one_the_environment() {
    assert_none(readers_of_clock_and_environment(&SourceFile::all_below("src")));
}

#[test]
fn the_two_databases_are_told_apart_in_one_place() {
    assert_none(backends_told_apart(&SourceFile::all_below("src")));
}

#[test]
fn legal_numbers_stand_in_the_law_only() {
    assert_none(legal_numbers_outside_the_law(&SourceFile::all_below("src")));
}

#[test]
fn pages_take_legal_numbers_from_the_law() {
    let mut files = files_below("templates", "html");
    for kind in ["css", "js", "svg", "html"] {
        files.extend(files_below("assets/web", kind));
    }
    assert!(files.len() > 8, "{files:?}");
    let found = files.iter().map(|f| legal_numbers_in_page(&f.display().to_string(), &read(f)));
    assert_none(found.flatten().collect());

    let number = |text| legal_numbers_in_page("home.html", text).len();
    assert_eq!(number("<li>20个工作日内答复</li>\n<li>{{ reply_within }}内答复</li>"), 1);
    assert_eq!(number("<p>七日内补正，每件 100 元</p>\n<p>六十日内</p>"), 2);
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    assert_none(files_without_shape(&SourceFile::all_below("src")));
    assert_none(files_without_shape(&SourceFile::all_below("tests")));
}

#[test]
fn both_databases_have_the_same_migrations_each_with_a_way_back() {
    let scripts = |folder: &str| -> BTreeSet<String> {
        let names = files_below(folder, "sql").into_iter();
        names.map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect()
    };
    let (sqlite, postgres) = (scripts("migrations/sqlite"), scripts("migrations/postgres"));

    assert_eq!(sqlite, postgres);
    for up in sqlite.iter().filter(|path| path.ends_with("up.sql")) {
        assert!(sqlite.contains(&up.replace("up.sql", "down.sql")), "{up} has no down.sql");
    }
}

#[test]
fn an_arrow_upwards_sideways_or_to_nowhere_is_found() {
    for (path, text, complaint) in [
        ("src/domain/fees.rs", "use crate::db::fees;", "domain must not name db"),
        ("src/db/fees.rs", "use crate::{domain::Fee, app::{self, fees}};", "db must not name app"),
        ("src/web/api/fees.rs", "fn f() { crate::db::load() }", "web must not name db"),
        ("src/web/api/fees.rs", "use super::super::super::jobs;", "web must not name jobs"),
        ("src/storage.rs", "use super::mail;", "storage must not name mail"),
        ("src/jobs/mod.rs", "use super::super::web;", "jobs must not name web"),
        ("src/helpers.rs", "", "helpers is no layer"),
    ] {
        let found = arrows_that_do_not_point_down(&[SourceFile::new(path, text)]).join("\n");
        assert!(found.contains(complaint), "{path}: {text}: {found:?}");
    }
    for (path, text) in [
        ("src/app/fees.rs", "//! See crate::web.\nuse crate::db; const S: &str = \"crate::web\";"),
        ("src/web/api/fees.rs", "use super::{db, fees}; use super::super::jobs; use crate::app;"),
        ("src/web/problem.rs", "f();\n#[cfg(test)]\nmod tests { use crate::db::StoreError; }"),
        ("src/main.rs", "fn main() { gongkai::cli::run() }"),
    ] {
        assert_none(arrows_that_do_not_point_down(&[SourceFile::new(path, text)]));
    }
}

#[test]
fn a_crate_a_clock_an_environment_or_a_backend_out_of_place_is_found() {
    let file = |path, text| [SourceFile::new(path, text)];
    let dependencies = ["rand".to_owned()];
    let crates = |path, text| crates_out_of_place(&file(path, text), &dependencies).len();
    assert_eq!(crates("src/app/fees.rs", "use diesel::prelude::*;"), 1);
    assert_eq!(crates("src/domain/fees.rs", "fn f() -> u8 { rand::random() }"), 1);
    assert_eq!(crates("src/db/fees.rs", "use diesel::prelude::*;"), 0);

    let readers = |path, text| readers_of_clock_and_environment(&file(path, text)).len();
    assert_eq!(readers("src/app/fees.rs", "let t = chrono::Utc::now();"), 1);
    assert_eq!(readers("src/app/fees.rs", "use std::{env, fs};"), 1);
    assert_eq!(readers("src/app/fees.rs", "let v = std::env::var(\"X\");"), 1);
    assert_eq!(readers("src/app/fees.rs", "let v = env!(\"X\"); clock.now()"), 0);
    assert_eq!(readers("src/clock.rs", "Utc::now()"), 0);

    let backends = |path, text| backends_told_apart(&file(path, text)).len();
    assert_eq!(backends("src/db/fees.rs", "match c { Conn::Pg(c) => 1, _ => 2 }"), 1);
    assert_eq!(
        backends("src/db/fees.rs", "impl Conn { fn f() { let Self::Sqlite(c) = self; } }"),
        1
    );
    assert_eq!(backends("src/db/settings.rs", "impl DbUrl { fn f() { Self::Sqlite(path) } }"), 0);
    assert_eq!(backends("src/db/per_backend/tx.rs", "Conn::Pg(c)"), 0);
}

#[test]
fn a_legal_number_a_mute_file_and_a_long_file_are_found() {
    let numbers = |path, text| legal_numbers_outside_the_law(&[SourceFile::new(path, text)]).len();
    assert_eq!(numbers("src/app/reply.rs", "let s = \"20个工作日\";"), 1);
    assert_eq!(numbers("src/web/api/reply.rs", "let s = \"二十 个 工作日\";"), 1);
    assert_eq!(numbers("src/jobs/sweep.rs", "let d = WorkingDays::new(7);"), 1);
    assert_eq!(numbers("src/db/fees.rs", "let s = \"每件100元\";"), 1);
    assert_eq!(numbers("src/domain/reply.rs", "WorkingDays(20)"), 0);
    assert_eq!(numbers("src/app/reply.rs", "// 20个工作日\nlet s = \"{days}个工作日\";"), 0);
    assert_eq!(numbers("src/app/reply.rs", "f();\n#[cfg(test)]\nmod tests { WorkingDays(20) }"), 0);

    let shape = |text: &str| files_without_shape(&[SourceFile::new("src/app.rs", text)]).len();
    assert_eq!(shape("use std::fs;\n"), 1);
    assert_eq!(shape(&format!("//! Long.\n{}", "\n".repeat(LONGEST_FILE))), 1);
    assert_eq!(shape("//! Short.\n"), 0);
}
