//! Who may open a database, and what for.

use gongkai::db::{Access, DbSettings, DbUrl, Store, StoreError, agencies};

use super::fixtures::{agency, texts};
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    a_reader_sees_what_a_server_wrote_and_cannot_write,
    a_closed_store_finishes_its_writes
);

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let db = TestDb::sqlite();
    let second = Store::open(&db.settings);
    assert!(matches!(second, Err(StoreError::InUse { .. })), "{:?}", second.err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_can_be_served_again_after_closing() {
    let db = TestDb::sqlite();
    db.store.close().await;
    let again = Store::open(&db.settings).unwrap();
    assert_eq!(again.migrate(), Ok(vec![]));
}

#[test]
fn looking_does_not_create_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    let settings = DbSettings::new(DbUrl::Sqlite(path.clone())).with_access(Access::ReadOnly);
    assert!(matches!(Store::open(&settings), Err(StoreError::Unavailable(_))));
    assert!(!path.exists());
}

#[test]
fn a_server_that_is_not_there_is_told_at_once() {
    let settings = DbSettings::new("postgres://nobody@127.0.0.1:1/none".parse().unwrap());
    assert!(matches!(Store::open(&settings), Err(StoreError::Unavailable(_))));
}

#[test]
fn a_file_that_is_no_database_is_called_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.db");
    std::fs::write(&path, "此致敬礼".repeat(500)).unwrap();
    let opened = Store::open(&DbSettings::new(DbUrl::Sqlite(path)));
    assert!(matches!(opened, Err(StoreError::Corrupt(_))), "{:?}", opened.err());
}

#[test]
fn a_short_command_writes_beside_a_running_server() {
    // given a server
    let db = TestDb::sqlite();
    // when a command opens the same file to write a little
    let command = Store::open(&db.settings.clone().with_access(Access::Shared)).unwrap();
    command.write_blocking(|conn| agencies::insert(conn, agency(7))).unwrap();
    // then the server sees it; and migrating is left to the server
    assert_eq!(db.store.read_blocking(|conn| agencies::list(conn, true)).unwrap().len(), 1);
    assert_eq!(command.migrate(), Err(StoreError::ReadOnly));
}

#[test]
fn sqlite_connections_are_set_up_for_legal_records() {
    let db = TestDb::sqlite();
    let pragmas = |conn: &mut gongkai::db::Conn| {
        Ok::<_, StoreError>(texts(
            conn,
            "SELECT journal_mode AS v FROM pragma_journal_mode UNION ALL \
             SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous UNION ALL \
             SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys UNION ALL \
             SELECT CAST(trusted_schema AS TEXT) FROM pragma_trusted_schema UNION ALL \
             SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout",
        ))
    };
    // synchronous 2 is FULL
    assert_eq!(db.store.write_blocking(pragmas).unwrap(), ["wal", "2", "1", "0", "5000"]);
    assert_eq!(db.store.read_blocking(pragmas).unwrap(), ["wal", "2", "1", "0", "5000"]);
}

async fn a_reader_sees_what_a_server_wrote_and_cannot_write(db: TestDb) {
    // given a running server with an agency
    db.store.write(|conn| agencies::insert(conn, agency(1))).await.unwrap();
    // when another opens the database to look
    let reader = Store::open(&db.settings.clone().with_access(Access::ReadOnly)).unwrap();
    // then it sees the agency, also one written later, and may not write or migrate
    assert_eq!(reader.read(|conn| agencies::list(conn, false)).await.unwrap().len(), 1);
    db.store.write(|conn| agencies::insert(conn, agency(2))).await.unwrap();
    assert_eq!(reader.read(|conn| agencies::list(conn, false)).await.unwrap().len(), 2);
    let refused = reader.write(|conn| agencies::insert(conn, agency(3))).await;
    assert_eq!(refused, Err(StoreError::ReadOnly));
    let smuggled = reader.read(|conn| agencies::insert(conn, agency(3))).await;
    assert_eq!(smuggled, Err(StoreError::ReadOnly));
    assert_eq!(reader.migrate(), Err(StoreError::ReadOnly));
    assert!(reader.schema_status().unwrap().is_current());
    reader.ping().await.unwrap();
}

async fn a_closed_store_finishes_its_writes(db: TestDb) {
    // given writes on their way
    let writes: Vec<_> = (1..=50)
        .map(|serial| {
            let store = db.store.clone();
            tokio::spawn(async move {
                store.write(move |conn| agencies::insert(conn, agency(serial))).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    // when the store is closed
    db.store.close().await;
    // then every write is either there or was refused as a whole
    let mut acknowledged = 0;
    for write in writes {
        match write.await.unwrap() {
            Ok(()) => acknowledged += 1,
            Err(error) => assert_eq!(error, StoreError::Closed),
        }
    }
    let there = db.store.read(|conn| agencies::list(conn, false)).await.unwrap().len();
    assert_eq!(there, acknowledged);
    if db.is_sqlite() {
        let late = db.store.write(|conn| agencies::insert(conn, agency(99))).await;
        assert_eq!(late, Err(StoreError::Closed));
        let at_all = db.store.write_blocking(|conn| agencies::insert(conn, agency(98)));
        assert_eq!(at_all, Err(StoreError::Closed));
    }
}
