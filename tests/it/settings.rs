//! Settings: file and environment, every mistake at once, nothing secret ever shown.

use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use gongkai::config::{
    Config, ConfigError, DatabaseUrl, LogFormat, Network, SETTINGS, SecretKeyError, StorageUrl,
    Value, list, markdown,
};
use tempfile::TempDir;

use crate::support::read;

fn load(file: Option<&Path>, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::load(file, env.iter().map(|(name, value)| (name.to_string(), value.to_string())))
}

fn with_env(env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load(None, env)
}

fn complaint(env: &[(&str, &str)]) -> String {
    with_env(env).unwrap_err().to_string()
}

fn file(text: &str) -> (TempDir, std::path::PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gongkai.toml");
    fs::write(&path, text).unwrap();
    (dir, path)
}

#[test]
fn nothing_set_gives_the_documented_defaults() {
    let config = with_env(&[("PATH", "/usr/bin"), ("GONGKAI_SMTP_URL", "")]).unwrap();

    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(config.database_url, DatabaseUrl::Sqlite("data/gongkai.db".into()));
    assert_eq!(config.storage, StorageUrl::Folder("data/files".into()));
    assert_eq!(config.upload_max_bytes.get(), 20 * 1024 * 1024);
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.smtp_url, None);
    assert!(config.worker_in_serve);
}

#[test]
fn the_environment_weighs_more_than_the_file_and_defaults_follow_the_data_folder() {
    let (_dir, path) = file("listen = \"0.0.0.0:9000\"\ndata_dir = \"/srv/a\"\ndb_pool_size = 3");

    let config = load(Some(&path), &[("GONGKAI_DATA_DIR", "/srv/b")]).unwrap();

    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.db_pool_size.get(), 3);
    assert_eq!(config.database_url.expose(), "sqlite:/srv/b/gongkai.db");
    assert_eq!(config.storage, StorageUrl::Folder("/srv/b/files".into()));
}

#[test]
fn the_environment_can_name_the_file_but_an_argument_weighs_more() {
    let (_a, one) = file("db_pool_size = 1");
    let (_b, two) = file("db_pool_size = 2");
    let env = [("GONGKAI_CONFIG", one.to_str().unwrap())];

    assert_eq!(with_env(&env).unwrap().db_pool_size.get(), 1);
    assert_eq!(load(Some(&two), &env).unwrap().db_pool_size.get(), 2);
    assert!(complaint(&[("GONGKAI_CONFIG", "/nowhere.toml")]).contains("/nowhere.toml: 无法读取"));
}

#[test]
fn every_mistake_is_reported_at_once_with_key_place_and_form() {
    let (_dir, path) = file("listn = \"x\"\nlog_format = \"xml\"\ndb_pool_size = { max = 3 }");
    let env = [
        ("GONGKAI_LISTEN", "8080"),
        ("GONGKAI_LOGIN_LOCK_ATTEMPTS", "0"),
        ("GONGKAI_WORKER", "true"),
        ("GONGKAI_TEST_ANYTHING", "for the suite"),
    ];

    let text = load(Some(&path), &env).unwrap_err().to_string();

    assert!(text.starts_with("6 项设置"), "{text}");
    for part in [
        "listn: ",
        "did you mean) listen / GONGKAI_LISTEN",
        "log_format: ",
        "“xml” 无效，应为 (must be) json / text",
        "db_pool_size: ",
        "listen: GONGKAI_LISTEN 的值 “8080” 无效，应为 (must be) IP 地址:端口，如 127.0.0.1:8080",
        "login_lock_attempts: ",
        "1–100",
        "GONGKAI_WORKER: ",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_the_line() {
    let (_dir, path) = file("listen = \"127.0.0.1:1\"\nlisten = ");

    let text = load(Some(&path), &[]).unwrap_err().to_string();

    assert!(text.contains("不是 TOML") && text.contains("line 2"), "{text}");
}

#[test]
fn values_of_the_wrong_form_are_refused_and_good_ones_taken() {
    for (name, good, bad) in [
        ("GONGKAI_DATABASE_URL", "postgres://u:p@%2Ftmp%2Fx/db", "mysql://x"),
        ("GONGKAI_DATABASE_URL", "sqlite:///var/lib/g.db", "sqlite::memory:"),
        ("GONGKAI_PUBLIC_URL", "https://ysq.example.gov.cn/", "ysq.example.gov.cn"),
        ("GONGKAI_STORAGE", "/srv/files", "ftp://x/y"),
        ("GONGKAI_SMTP_URL", "smtps://u:p@mail.example.cn:465", "mail.example.cn:25"),
        ("GONGKAI_MAIL_FROM", "县政府办 <a@example.cn>", "县政府办"),
        ("GONGKAI_UPLOAD_MAX_BYTES", "512 KiB", "20 MB"),
        ("GONGKAI_UPLOAD_MAX_BYTES", "1048576", "2 GiB"),
        ("GONGKAI_LOG_LEVEL", "warn, gongkai::jobs=debug", "infoo"),
        ("GONGKAI_SQLITE_SYNCHRONOUS", "normal", "off"),
        ("GONGKAI_TRUSTED_PROXIES", "10.0.0.1, fd00::/8", "10.0.0.0/33"),
        ("GONGKAI_WORKER_IN_SERVE", "false", "no"),
        ("GONGKAI_SECRET_KEY", &"ab".repeat(32), "secret"),
    ] {
        with_env(&[(name, good)]).unwrap_or_else(|why| panic!("{name}={good}: {why}"));
        let text = complaint(&[(name, bad)]);
        assert!(text.contains(name), "{name}={bad}: {text}");
    }
}

#[test]
fn an_s3_store_needs_its_keys() {
    let text = complaint(&[("GONGKAI_STORAGE", "s3://gongkai/files/")]);
    assert!(text.contains("s3_access_key") && text.contains("s3_secret_key"), "{text}");

    let config = with_env(&[
        ("GONGKAI_STORAGE", "s3://gongkai/files/"),
        ("GONGKAI_S3_ACCESS_KEY", "id"),
        ("GONGKAI_S3_SECRET_KEY", "key"),
    ]);
    let bucket = StorageUrl::S3 { bucket: "gongkai".into(), prefix: "files".into() };
    assert_eq!(config.unwrap().storage, bucket);
}

#[test]
fn no_secret_is_shown_neither_by_debug_nor_in_a_complaint() {
    let key = "5e".repeat(32);
    let config = with_env(&[
        ("GONGKAI_DATABASE_URL", "postgres://gongkai:hunter2@db/gongkai"),
        ("GONGKAI_SMTP_URL", "smtp://gongkai:hunter2@mail:25"),
        ("GONGKAI_S3_SECRET_KEY", "hunter2"),
        ("GONGKAI_SECRET_KEY", &key),
    ]);
    let shown = format!("{:?}", config.unwrap());
    assert!(!shown.contains("hunter2") && !shown.contains(&key), "{shown}");

    let text = complaint(&[
        ("GONGKAI_DATABASE_URL", "mysql://gongkai:hunter2@db"),
        ("GONGKAI_SMTP_URL", "hunter2"),
        ("GONGKAI_SECRET_KEY", "hunter2"),
    ]);
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn the_signing_key_is_made_once_and_readable_by_its_owner_only() {
    let dir = TempDir::new().unwrap();
    let config = Config::for_tests(&dir.path().join("new")).unwrap();
    let path = config.data_dir.join("secret.key");

    // Sixteen starts at once end with one and the same key
    let keys: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..16).map(|_| scope.spawn(|| config.load_secret_key())).collect();
        starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| key.expose() == keys[0].expose()));
    assert_ne!(keys[0].expose(), &[0; 32]);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&config.data_dir).unwrap().count(), 1, "drafts are left behind");

    // Another folder has another key
    let other = Config::for_tests(&dir.path().join("other")).unwrap().load_secret_key().unwrap();
    assert_ne!(other.expose(), keys[0].expose());
}

#[test]
fn a_signing_key_that_others_can_read_or_that_is_damaged_is_refused() {
    let dir = TempDir::new().unwrap();
    let config = Config::for_tests(dir.path()).unwrap();
    config.load_secret_key().unwrap();
    let path = dir.path().join("secret.key");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = config.load_secret_key().unwrap_err();
    assert!(matches!(refused, SecretKeyError::TooOpen { .. }), "{refused}");
    assert!(refused.to_string().contains("chmod 600"));

    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "abc").unwrap();
    let refused = config.load_secret_key().unwrap_err();
    assert!(matches!(refused, SecretKeyError::Malformed { .. }), "{refused}");
}

#[test]
fn a_network_holds_the_addresses_of_its_head() {
    let holds = |network: &str, address: &str| {
        Network::parse(network).unwrap().contains(address.parse::<IpAddr>().unwrap())
    };
    assert!(holds("10.1.0.0/16", "10.1.255.255") && !holds("10.1.0.0/16", "10.2.0.0"));
    assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
    assert!(holds("fd00::/8", "fdff::1") && !holds("::1", "::2") && holds("::/0", "::2"));
}

#[test]
fn every_setting_is_listed_with_both_meanings_and_a_default_that_holds() {
    let list = list();
    for setting in SETTINGS {
        assert!(list.contains(&format!("{} ({})", setting.key, setting.env())), "{}", setting.key);
        assert!(!setting.zh.is_empty() && !setting.en.is_empty(), "{}", setting.key);
    }
}

#[test]
fn settings_are_documented() {
    assert_eq!(read("docs/settings.md"), markdown(), "run `make settings`");
}

/// `gongkai config …` in an empty folder, with nothing but `env` in the environment.
fn gongkai_config(arguments: &[&str], env: &[(&str, &str)]) -> (Output, String) {
    let dir = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.arg("config").args(arguments).current_dir(&dir).env_clear();
    let output = command.envs(env.iter().copied()).output().unwrap();
    let text = String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap();
    (output, text)
}

#[test]
fn the_program_refuses_bad_settings_with_status_2_and_a_line_for_each() {
    let (output, text) = gongkai_config(&["check"], &[("GONGKAI_LISTEN", "x"), ("GONGKAI_X", "y")]);

    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("\n  listen: GONGKAI_LISTEN 的值 “x” 无效"), "{text}");
}

#[test]
fn the_program_reads_gongkai_toml_where_it_is_started_unless_told_otherwise() {
    let (_dir, path) = file("listen = 1");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).current_dir(path.parent().unwrap()).env_clear();
        command.output().unwrap().status.code()
    };

    assert_eq!(run(&["config", "check"]), Some(2));
    assert_eq!(run(&["--config", "/dev/null", "config", "check"]), Some(0));
}

#[test]
fn the_program_lists_its_settings_on_a_terminal_and_as_markdown() {
    assert_eq!(gongkai_config(&["list"], &[]).1, list());
    assert_eq!(gongkai_config(&["list", "--markdown"], &[]).1, markdown());
}
