//! Runs a test on SQLite and on PostgreSQL, each time on a database of its own.
//!
//! Write the test as `async fn what_must_hold(db: TestDb)` and list it in `each_backend!`: it
//! becomes the two tests `what_must_hold::sqlite` and `what_must_hold::postgres`.

use gongkai::db::{DbSettings, DbUrl, Store};

use super::postgres::{Database, fresh_database};

/// Makes two tests of each async function named.
macro_rules! each_backend {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use $crate::support::backends::{TestDb, run};

            #[test]
            fn sqlite() {
                run(TestDb::sqlite(), super::$name);
            }

            #[test]
            fn postgres() {
                // Where there is none, that has been said already.
                let Some(db) = TestDb::postgres() else { return };
                run(db, super::$name);
            }
        })+
    };
}
pub(crate) use each_backend;

/// Runs a test body on a runtime with two threads.
pub fn run<F: Future<Output = ()>>(db: TestDb, body: fn(TestDb) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(body(db));
}

/// A migrated database that vanishes with this value.
pub struct TestDb {
    /// The store on it, opened to serve.
    pub store: Store,
    /// How it was opened.
    pub settings: DbSettings,
    _home: Home,
}

/// What must live as long as the database; dropped after the store.
enum Home {
    Folder { _folder: tempfile::TempDir },
    Server { _database: Database },
}

impl TestDb {
    /// On a file of its own.
    pub fn sqlite() -> Self {
        Self::sqlite_with(|settings| settings)
    }

    /// On a file of its own, with other settings.
    pub fn sqlite_with(change: impl FnOnce(DbSettings) -> DbSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DbUrl::Sqlite(folder.path().join("gongkai.db"));
        Self::migrated(change(DbSettings::new(url)), Home::Folder { _folder: folder })
    }

    /// On a database of its own on the suite's server, or `None` where there is no PostgreSQL.
    pub fn postgres() -> Option<Self> {
        let database = fresh_database()?;
        let settings = DbSettings::new(database.url().parse().unwrap());
        Some(Self::migrated(settings, Home::Server { _database: database }))
    }

    fn migrated(settings: DbSettings, home: Home) -> Self {
        let store = Store::open(&settings).unwrap();
        store.migrate().unwrap();
        Self { store, settings, _home: home }
    }

    /// Whether it is SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.settings.url, DbUrl::Sqlite(_))
    }
}
