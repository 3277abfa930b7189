//! `docs/law.md` names functions and tests; a name that leads nowhere fails here.

use std::path::PathBuf;

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// Rows of the tables: article, rule, functions, tests.
fn rows() -> Vec<[String; 4]> {
    let page = read("docs/law.md").unwrap();
    page.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Article"))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split(" | ").collect();
            let cells: [&str; 4] = cells.try_into().unwrap_or_else(|_| panic!("not a row: {line}"));
            cells.map(|cell| cell.trim().to_owned())
        })
        .collect()
}

/// The names in backticks.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Whether `source` declares `name` as a function or a constant.
fn declares(source: &str, name: &str) -> bool {
    let called = |word: &str, end: &str| source.contains(&format!("{word} {name}{end}"));
    ["(", "<"].iter().any(|end| called("fn", end)) || called("const", ":")
}

/// Why a name of the page leads nowhere.
fn missing(function: &str) -> Option<String> {
    let Some((file, name)) = function.split_once("::") else {
        return Some(format!("{function} names no file"));
    };
    match read(&format!("src/domain/{file}")) {
        None => Some(format!("src/domain/{file} does not exist")),
        Some(source) if !declares(&source, name) => Some(format!("{function} is not declared")),
        Some(_) => None,
    }
}

fn missing_test(test: &str) -> Option<String> {
    let Some((module, name)) = test.rsplit_once("::") else {
        return Some(format!("{test} names no module"));
    };
    let file = format!("tests/it/{}.rs", module.replace("::", "/"));
    match read(&file) {
        None => Some(format!("{file} does not exist")),
        Some(source) if !declares(&source, name) => Some(format!("{test} is not in {file}")),
        Some(_) => None,
    }
}

#[test]
fn every_function_and_test_named_here_exists() {
    let mut lost = Vec::new();
    for [article, rule, functions, tests] in rows() {
        assert!(!article.is_empty() && !rule.is_empty());
        assert_ne!(names(&functions).count(), 0, "no function for: {rule}");
        assert_ne!(names(&tests).count(), 0, "no test for: {rule}");
        lost.extend(names(&functions).filter_map(missing));
        lost.extend(names(&tests).filter_map(missing_test));
    }
    assert!(lost.is_empty(), "docs/law.md leads nowhere:\n{}", lost.join("\n"));
}

#[test]
fn the_check_bites() {
    assert_eq!(missing("remedy.rs::paragraph"), None);
    assert!(missing("remedy.rs::paragraphs").is_some());
    assert!(missing("remedies.rs::paragraph").is_some());
    assert_eq!(missing_test("law::the_check_bites"), None);
    assert!(missing_test("law::the_check_sleeps").is_some());
    assert!(rows().len() > 50, "the page was read");
}

/// The articles the procedure stands on have at least one line each.
#[test]
fn the_articles_of_the_procedure_have_a_line() {
    let cited: Vec<String> = rows().into_iter().map(|[article, ..]| article).collect();
    for article in ["17", "29", "30", "31", "32", "33", "34", "35", "36", "45"] {
        let law = format!("条例 {article}");
        assert!(cited.iter().any(|cell| cell.contains(&law)), "{law}");
    }
}

/// Terms of the glossary that claim to be names in the code are.
#[test]
fn names_of_the_glossary_are_names_in_the_code() {
    let page = read("docs/glossary.md").unwrap();
    let mut sources = String::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/domain")];
    while let Some(folder) = folders.pop() {
        for found in std::fs::read_dir(folder).unwrap() {
            let path = found.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Term"));
    for row in rows {
        for name in names(row) {
            let last = name.rsplit("::").next().unwrap();
            assert!(sources.contains(last), "{name} is no name in the code");
        }
    }
}
