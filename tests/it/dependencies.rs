//! What we build on: no crate we decided against, no licence we cannot keep. The reasons are in
//! docs/decisions/0004-dependencies.md.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::repository;

/// Crates that must not come back, not even through another crate, with the reason.
const REFUSED: &[(&str, &str, &str)] = &[
    ("h2", "0.3.", "unbounded empty DATA frames, unfixed in 0.3; leave actix-web's http2 off"),
    ("rsa", "", "timing side channel, unfixed; jsonwebtoken must use aws_lc_rs"),
    ("actix-governor", "", "GPL-3.0; governor in a middleware of our own"),
    ("sqlx-core", "", "links a second SQLite"),
    ("openssl", "", "TLS is rustls with aws-lc-rs"),
    ("ring", "", "one provider of cryptography: aws-lc-rs"),
];

/// Licences whose terms a public office and we can keep without asking.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression (with the old `/` for `OR`) can be met with [`LICENCES`] alone.
fn acceptable(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    meets(&words)
}

fn meets(words: &[&str]) -> bool {
    let alternatives = split_outside_parentheses(words, "OR");
    if alternatives.len() > 1 {
        return alternatives.into_iter().any(meets);
    }
    let parts = split_outside_parentheses(words, "AND");
    if parts.len() > 1 {
        return parts.into_iter().all(meets);
    }
    match words {
        ["(", inner @ .., ")"] => meets(inner),
        _ => LICENCES.contains(&words.join(" ").as_str()),
    }
}

fn split_outside_parentheses<'a, 'b>(words: &'a [&'b str], at: &str) -> Vec<&'a [&'b str]> {
    let mut depth = 0;
    let parts = words.split(|word| {
        depth += i32::from(*word == "(") - i32::from(*word == ")");
        depth == 0 && *word == at
    });
    parts.collect()
}

/// Name, version and licence of every crate that is compiled into the program or builds it.
fn compiled_crates() -> Vec<(String, String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges=normal,build"])
        .args(["--prefix=none", "--format={p} {l}"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: BTreeSet<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    let crates: Vec<_> = lines
        .into_iter()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            let (version, licence) = rest.split_once(' ')?;
            let licence = licence.trim_start_matches("(proc-macro) ");
            Some((name.to_owned(), version.to_owned(), licence.to_owned()))
        })
        .filter(|(name, ..)| name != "gongkai")
        .collect();
    assert!(crates.len() > 100, "cargo tree was not understood:\n{text}");
    crates
}

#[test]
fn crates_we_decided_against_stay_out() {
    for (name, version, _) in compiled_crates() {
        for (refused, versions, why) in REFUSED {
            assert!(name != *refused || !version.starts_with(versions), "{name} {version}: {why}");
        }
    }
}

#[test]
fn every_dependency_has_a_licence_we_can_keep() {
    let bad: Vec<_> =
        compiled_crates().into_iter().filter(|(_, _, licence)| !acceptable(licence)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn a_licence_is_acceptable_only_if_every_needed_part_is() {
    for good in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
        assert!(acceptable(good), "{good}");
    }
    for bad in ["GPL-3.0-or-later", "MIT AND GPL-3.0", "(GPL-2.0 OR AGPL-3.0) AND MIT", ""] {
        assert!(!acceptable(bad), "{bad}");
    }
}
