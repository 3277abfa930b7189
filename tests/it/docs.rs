//! The written documentation: every error code is explained, every link leads somewhere, every
//! path of the source that is named exists.

mod codes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::support::rust_source::SourceFile;
use crate::support::{files_below, read, repository};

const ERRORS: &str = "docs/errors.md";

/// Layers whose errors reach a client or the terminal.
const LAYERS_WITH_CODES: [&str; 4] = ["domain", "app", "web", "cli"];

fn codes_in_source() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = Vec::new();
    for layer in LAYERS_WITH_CODES {
        files.extend(SourceFile::all_below(&format!("src/{layer}")));
        let root = format!("src/{layer}.rs");
        files.push(SourceFile::new(&root, &read(&root)));
    }
    codes::codes(&files)
}

/// The rows of the tables that explain codes: code, and the cells behind it.
fn rows(page: &str) -> Vec<(String, Vec<String>)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ");
        let code = cells.next()?.strip_suffix('`')?;
        // A row that explains several members at once is no row of codes.
        let plain = code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        plain.then(|| (code.to_owned(), cells.map(ToOwned::to_owned).collect()))
    };
    let mut in_codes = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.starts_with("| ") && !line.starts_with("| `") {
            in_codes = line.starts_with("| Code |");
        }
        found.extend(row(line).filter(|_| in_codes));
    }
    found
}

#[test]
fn every_error_code_is_explained_and_every_one_explained_exists() {
    let page = read(ERRORS);
    let explained: BTreeSet<String> = rows(&page).into_iter().map(|(code, _)| code).collect();
    let source = codes_in_source();

    let missing: Vec<String> = source
        .iter()
        .filter(|(code, _)| !explained.contains(*code))
        .map(|(code, files)| format!("{code} ({files:?}) is not in {ERRORS}"))
        .collect();
    let gone: Vec<String> = explained
        .iter()
        .filter(|code| !source.contains_key(*code))
        .map(|code| format!("{code} is in {ERRORS} but not in the source"))
        .collect();

    assert!(explained.len() > 90, "the page was read");
    assert!(missing.is_empty() && gone.is_empty(), "{}", [missing, gone].concat().join("\n"));
}

#[test]
fn every_code_has_a_meaning_and_stands_once_in_its_table() {
    let mut seen = BTreeSet::new();
    for (code, cells) in rows(&read(ERRORS)) {
        assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{code} lacks an explanation");
        assert!(seen.insert((code.clone(), cells.len())), "{code} stands twice in a table");
    }
}

/// What the rest of the suite expects of the running server is what the page promises.
#[test]
fn the_status_of_a_code_is_the_one_that_tests_expect() {
    let rows = rows(&read(ERRORS));
    let tests = SourceFile::all_below("tests/it");
    let tests = tests.iter().filter(|test| !test.path.starts_with("tests/it/docs"));
    let expected: BTreeSet<(String, String)> = tests.flat_map(codes::expected).collect();
    let promised = |status: &str, code: &str| {
        rows.iter().any(|(name, cells)| {
            name == code && cells.first().is_some_and(|cell| cell.split(", ").any(|s| s == status))
        })
    };

    let wrong: Vec<String> = expected
        .iter()
        .filter(|(status, code)| !promised(status, code))
        .map(|(status, code)| format!("{code}: tests expect {status}, {ERRORS} does not say so"))
        .collect();

    assert!(expected.len() > 20, "the tests were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pages of the documentation.
fn pages() -> Vec<PathBuf> {
    let mut found = files_below("docs", "md");
    found.extend(["README.md", "README.zh-CN.md"].map(PathBuf::from));
    found
}

/// The text without its blocks of code, where brackets mean something else.
fn without_code_blocks(page: &str) -> String {
    let mut inside = false;
    let mut kept = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// Targets of `[text](target)`.
fn links(page: &str) -> Vec<String> {
    let text = without_code_blocks(page);
    let targets = text.split("](").skip(1);
    targets.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &str) -> BTreeSet<String> {
    let text = without_code_blocks(page);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// `docs` and `../src` make `src`.
fn join(folder: &Path, target: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path
}

/// Why a link of the page at `from` leads nowhere.
fn lost(from: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = from.parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { from.to_path_buf() } else { join(folder, file) };
    if !repository().join(&path).exists() {
        return Some(format!("{}: {target} does not exist", from.display()));
    }
    let found = anchor.is_empty() || anchors(&read(&path)).contains(anchor);
    (!found).then(|| format!("{}: {target} has no such heading", from.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    let mut number = 0;
    for page in pages() {
        for target in links(&read(&page)) {
            number += 1;
            found.extend(lost(&page, &target));
        }
    }
    assert!(number > 30, "the links were read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Paths such as `src/app/ledger.rs` in backticks, and the names behind `::` in them.
fn named(page: &str) -> Vec<(String, Option<String>)> {
    const BELOW: [&str; 7] =
        ["src/", "tests/", "docs/", "migrations/", "assets/", "scripts/", "benches/"];
    // Fetched, not kept in the repository; and an example that means no file.
    const NOT_KEPT: [&str; 2] = ["assets/fonts", "tests/it/a/b.rs"];
    let text = without_code_blocks(page);
    let mut found = Vec::new();
    for word in text.split('`').skip(1).step_by(2) {
        let (path, name) = word.split_once("::").unwrap_or((word, ""));
        let plain = |c: char| c.is_alphanumeric() || "./_-".contains(c);
        let is_path =
            BELOW.iter().any(|folder| path.starts_with(folder)) && path.chars().all(plain);
        if is_path && !NOT_KEPT.contains(&path) {
            let name = name.rsplit("::").next().unwrap_or_default();
            found.push((path.to_owned(), (!name.is_empty()).then(|| name.to_owned())));
        }
    }
    found
}

/// Why what a page names is not there.
fn absent(path: &str, name: Option<&str>) -> Option<String> {
    let place = repository().join(path);
    if !place.exists() {
        return Some(format!("{path} does not exist"));
    }
    let name = name?;
    let text = std::fs::read_to_string(place).unwrap_or_default();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    (!words.contains(name)).then(|| format!("{path} does not say {name}"))
}

#[test]
fn every_path_and_name_of_the_source_that_a_page_names_exists() {
    let mut found = Vec::new();
    let mut number = 0;
    for page in pages() {
        for (path, name) in named(&read(&page)) {
            number += 1;
            let fault = absent(&path, name.as_deref());
            found.extend(fault.map(|fault| format!("{}: {fault}", page.display())));
        }
    }
    assert!(number > 80, "the pages were read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Numbers of decisions are given once.
#[test]
fn no_two_decisions_have_the_same_number() {
    let mut numbers = BTreeSet::new();
    for path in files_below("docs/decisions", "md") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let number = name.split('-').next().unwrap().to_owned();
        assert!(number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()), "{name}");
        assert!(read(&path).starts_with(&format!("# {number} ")), "{name} opens with its number");
        assert!(numbers.insert(number), "{name}: this number is taken");
    }
}

#[test]
fn the_checks_of_the_documentation_bite() {
    let page = "| Code | HTTP | Meaning |\n|---|---|---|\n| `gone` | 410 | away |\n\n\
                | Member | When |\n|---|---|\n| `code` | always |\n";
    assert_eq!(rows(page), [("gone".to_owned(), vec!["410".to_owned(), "away".to_owned()])]);

    let from = Path::new("docs/errors.md");
    assert_eq!(lost(from, "permissions.md"), None);
    assert_eq!(lost(from, "#fields"), None);
    assert_eq!(lost(from, "../README.md"), None);
    assert_eq!(lost(from, "https://example.cn/nowhere.md"), None);
    assert!(lost(from, "nowhere.md").is_some());
    assert!(lost(from, "#nothing").is_some());
    assert_eq!(links("[a](b.md) `x` [c](d.md#e)\n```\n[f](g)\n```\n"), ["b.md", "d.md#e"]);

    assert_eq!(absent("src/app/ledger.rs", Some("append")), None);
    assert!(absent("src/app/ledger.rs", Some("appendix")).is_some());
    assert!(absent("src/app/ledgers.rs", None).is_some());
    let found = named("`src/app/ledger.rs::append`, `App::act`, `src/*.rs`, `src/jobs.rs`");
    let path = |path: &str, name: Option<&str>| (path.to_owned(), name.map(ToOwned::to_owned));
    assert_eq!(found, [path("src/app/ledger.rs", Some("append")), path("src/jobs.rs", None)]);
}
