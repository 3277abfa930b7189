//! What a stranger types first: make, set-up, compose. The files hold together and hold no secret.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use gongkai::config::{Config, SETTINGS};
use tempfile::TempDir;

use crate::support::{read, repository};

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).current_dir(repository()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every `GONGKAI_…` name in a text.
fn variables(text: &str) -> BTreeSet<&str> {
    let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.match_indices("GONGKAI_")
        .map(|(at, _)| &text[at..])
        .map(|rest| &rest[..rest.find(|c| !part(c)).unwrap_or(rest.len())])
        .filter(|name| *name != "GONGKAI_")
        .collect()
}

#[test]
fn files_beside_the_program_name_only_settings_that_exist() {
    let known: BTreeSet<String> = SETTINGS.iter().map(|setting| setting.env()).collect();
    for path in [
        "Makefile",
        "Dockerfile",
        "docker-compose.yml",
        ".env.example",
        "README.md",
        "README.zh-CN.md",
        "scripts/fonts.sh",
    ] {
        let Ok(text) = fs::read_to_string(repository().join(path)) else { continue };
        for name in variables(&text) {
            let apart = name == "GONGKAI_CONFIG" || name.starts_with("GONGKAI_TEST_");
            assert!(apart || known.contains(name), "{path} names {name}, which is no setting");
        }
    }
}

#[test]
fn make_alone_lists_its_commands_and_continuous_integration_runs_make_test() {
    let help = run("make", &[]);
    assert!(help.status.success(), "{}", text(&help.stderr));
    for command in ["run", "test", "bench", "release", "fmt", "lint", "clean-data"] {
        let listed = text(&help.stdout).contains(&format!("  make {command} "));
        assert!(listed, "{command} is not in:\n{}", text(&help.stdout));
    }

    let commands: Vec<String> =
        read(".ci/run").lines().filter(|l| !l.starts_with('#')).map(str::to_owned).collect();
    assert_eq!(commands, ["cd \"$(dirname \"$0\")/..\" && exec make test"]);
}

#[test]
fn every_script_is_executable_and_parses() {
    for path in [".ci/run", "scripts/setup.sh", "scripts/env.sh", "scripts/test-postgres.sh"] {
        let mode = fs::metadata(repository().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{path} is not executable");
        let checked = run("bash", &["-n", path]);
        assert!(checked.status.success(), "{}", text(&checked.stderr));
    }
}

#[test]
fn set_up_without_a_purpose_says_how_to_call_it() {
    let output = run("scripts/setup.sh", &[]);

    assert!(!output.status.success());
    assert_eq!(text(&output.stderr), "setup: usage: scripts/setup.sh run|test|peers\n");
}

#[test]
fn make_env_fills_every_secret_differently_and_never_overwrites() {
    // Given a copy of the folder's relevant part
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("scripts")).unwrap();
    for path in ["scripts/env.sh", ".env.example"] {
        fs::copy(repository().join(path), dir.path().join(path)).unwrap();
    }
    let make_env = || Command::new(dir.path().join("scripts/env.sh")).output().unwrap();

    // When it is run twice
    assert!(make_env().status.success());
    let first = fs::read_to_string(dir.path().join(".env")).unwrap();
    assert!(make_env().status.success());

    // Then every secret that compose insists on is there, all different, for the owner only
    assert_eq!(fs::read_to_string(dir.path().join(".env")).unwrap(), first);
    let secrets: Vec<(&str, &str)> = first
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .collect();
    let compose = read("docker-compose.yml");
    let demanded: BTreeSet<&str> = compose
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once(":?"))
        .map(|(name, _)| name)
        .filter(|name| !name.contains('}'))
        .collect();
    assert_eq!(secrets.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), demanded);
    assert_eq!(secrets.iter().map(|(_, v)| *v).collect::<BTreeSet<_>>().len(), secrets.len());
    let mode = fs::metadata(dir.path().join(".env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // And the key is one the program takes
    let own = secrets.iter().filter(|(name, _)| name.starts_with("GONGKAI_"));
    Config::load(None, own.map(|(n, v)| (n.to_string(), v.to_string()))).unwrap();
}

#[test]
fn no_password_stands_in_the_compose_file_or_the_example() {
    for line in read("docker-compose.yml").lines() {
        let Some((name, value)) = line.trim().split_once(": ") else { continue };
        let secret =
            ["PASSWORD", "SECRET_KEY", "SECRET_ACCESS_KEY"].iter().any(|end| name.ends_with(end));
        assert!(!secret || value.starts_with("${"), "a default secret: {line}");
    }
    for line in read(".env.example").lines().filter(|line| !line.starts_with('#')) {
        assert!(line.is_empty() || line.ends_with('='), "a default secret: {line}");
    }
}
