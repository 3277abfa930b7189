//! What the database layer makes of messages, addresses and failures, without a database.

use std::path::PathBuf;

use chrono::TimeDelta;
use diesel::result::DatabaseErrorKind;
use gongkai::db::StoreError;
use gongkai::db::error::{from_database, unique_name};
use gongkai::db::outbox::RetryPolicy;
use gongkai::db::settings::{DbSettings, DbUrl};

#[test]
fn columns_become_the_name_postgres_uses() {
    assert_eq!(unique_name("UNIQUE constraint failed: users.login"), "users_login_key");
    assert_eq!(
        unique_name("UNIQUE constraint failed: requests.agency_id, requests.number"),
        "requests_agency_id_number_key"
    );
    assert_eq!(unique_name("UNIQUE constraint failed: index 'a'"), "index 'a'");
}

#[test]
fn messages_without_a_kind_are_told_apart() {
    let unknown = |message| from_database(&DatabaseErrorKind::Unknown, message, None);
    assert_eq!(
        unknown("request_events is append-only"),
        StoreError::AppendOnly { table: "request_events".to_owned() }
    );
    assert!(matches!(unknown("database is locked"), StoreError::Busy(_)));
    assert!(matches!(unknown("deadlock detected"), StoreError::Busy(_)));
    assert!(matches!(unknown("database or disk is full"), StoreError::Unavailable(_)));
    assert!(matches!(unknown("file is not a database"), StoreError::Corrupt(_)));
    assert!(matches!(unknown("syntax error"), StoreError::Other(_)));
}

#[test]
fn pauses_double_up_to_the_longest() {
    let policy = RetryPolicy::default();
    let seconds: Vec<i64> =
        (1..=9).map(|attempts| policy.pause_after(attempts).num_seconds()).collect();
    assert_eq!(seconds, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    assert_eq!(policy.pause_after(i32::MAX), TimeDelta::hours(1));
}

#[test]
fn the_scheme_chooses_the_backend() {
    for (url, path) in [("sqlite:data/a.db", "data/a.db"), ("sqlite:///tmp/a.db", "/tmp/a.db")] {
        assert_eq!(url.parse::<DbUrl>().unwrap(), DbUrl::Sqlite(PathBuf::from(path)));
    }
    for url in ["postgres://u:p@h/d", "postgresql://h/d"] {
        assert_eq!(url.parse::<DbUrl>().unwrap(), DbUrl::Postgres(url.to_owned()));
    }
}

#[test]
fn anything_else_is_refused() {
    for url in ["", "data/a.db", "mysql://h/d", "sqlite:", "sqlite::memory:", "postgres:h"] {
        assert!(matches!(url.parse::<DbUrl>(), Err(StoreError::Settings(_))), "{url}");
    }
}

#[test]
fn the_password_is_never_shown() {
    let url: DbUrl = "postgres://u:secret@h/d".parse().unwrap();
    assert!(!format!("{:?}", DbSettings::new(url)).contains("secret"));
}
