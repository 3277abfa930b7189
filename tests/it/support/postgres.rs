//! Databases on a throw-away PostgreSQL server, one for each test that asks.
//!
//! Under nextest a set-up script has started the server and `GONGKAI_TEST_POSTGRES_URL` names it;
//! under plain `cargo test` the first test that asks starts it with the same script. Either way a
//! watchdog stops it when the run ends. See `scripts/test-postgres.sh`.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use uuid::Uuid;

use super::repository;
use super::variables::test_variable;

/// The database every other is copied from: all migrations run, no rows.
const TEMPLATE: &str = "gongkai_template";

/// A database of one test; dropped with this guard.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Where it is, as libpq reads it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let dropped = PgConnection::establish(server().unwrap_or_default()).map(|mut admin| {
            admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
        });
        if !matches!(dropped, Ok(Ok(()))) && !std::thread::panicking() {
            panic!("could not drop {}: {dropped:?}", self.name);
        }
    }
}

/// A migrated database of its own, or `None` (said on standard error) where there is no PostgreSQL.
///
/// Panics instead if `GONGKAI_TEST_POSTGRES=require`, as `make test` sets it.
pub fn fresh_database() -> Option<Database> {
    create(Some(TEMPLATE))
}

/// Like [`fresh_database`], but with nothing in it: for tests of the migrations themselves.
pub fn empty_database() -> Option<Database> {
    create(None)
}

fn create(template: Option<&str>) -> Option<Database> {
    let Some(server) = server() else {
        eprintln!("skipped: PostgreSQL is not installed (scripts/setup.sh test)");
        return None;
    };
    let mut admin = PgConnection::establish(server).unwrap();
    if template.is_some() {
        make_template_once(&mut admin, server);
    }
    let name = format!("test_{}", Uuid::new_v4().simple());
    let template = template.unwrap_or("template0");
    admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
    let url = beside(server, &name);
    Some(Database { name, url })
}

/// Migrates the template in whichever process comes first; the others wait for it.
fn make_template_once(admin: &mut PgConnection, server: &str) {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        admin.batch_execute("SELECT pg_advisory_lock(4701)").unwrap();
        let sql = format!("SELECT FROM pg_database WHERE datname = '{TEMPLATE}'");
        if diesel::sql_query(sql).execute(admin).unwrap() == 0 {
            // Under another name until it is complete: a failed migration leaves no half template.
            let draft = format!("draft_{}", Uuid::new_v4().simple());
            admin.batch_execute(&format!("CREATE DATABASE {draft} TEMPLATE template0")).unwrap();
            migrate(&beside(server, &draft));
            admin.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {TEMPLATE}")).unwrap();
        }
        admin.batch_execute("SELECT pg_advisory_unlock(4701)").unwrap();
    });
}

fn migrate(url: &str) {
    let folder = repository().join("migrations/postgres");
    if folder.exists() {
        let migrations = FileBasedMigrations::from_path(folder).unwrap();
        let mut connection = PgConnection::establish(url).unwrap();
        connection.run_pending_migrations(migrations).unwrap();
    }
}

/// The maintenance database of the server, which is started if need be.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    let url = SERVER.get_or_init(|| test_variable("GONGKAI_TEST_POSTGRES_URL").or_else(start));
    url.as_deref()
}

fn start() -> Option<String> {
    let output = Command::new(repository().join("scripts/test-postgres.sh"))
        .arg(std::process::id().to_string())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "PostgreSQL is required, but could not be started");
    let url = String::from_utf8(output.stdout).unwrap();
    let url = url.trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// The URL of another database on the same server.
fn beside(server: &str, database: &str) -> String {
    let (head, _) = server.rsplit_once('/').unwrap();
    format!("{head}/{database}")
}
