//! The SQLite writer commits many writes at once, and each of them only for itself.

use std::sync::mpsc;
use std::time::Duration;

use gongkai::db::{Access, Store, StoreError, agencies};

use super::fixtures::{agency, raw, texts};
use crate::support::backends::TestDb;

fn serials(store: &Store) -> Vec<String> {
    store
        .read_blocking(|conn| {
            let sql = "SELECT CAST(serial AS TEXT) AS v FROM agencies ORDER BY serial";
            Ok::<_, StoreError>(texts(conn, sql))
        })
        .unwrap()
}

/// Keeps the writer busy until the returned sender is dropped, so that what is queued meanwhile
/// becomes one batch.
async fn hold_the_writer(store: &Store) -> mpsc::Sender<()> {
    let (release, wait) = mpsc::channel::<()>();
    let (busy, is_busy) = tokio::sync::oneshot::channel();
    let store = store.clone();
    tokio::spawn(async move {
        let held = store.write(move |_conn| {
            busy.send(()).unwrap();
            let _ = wait.recv();
            Ok::<_, StoreError>(())
        });
        held.await
    });
    is_busy.await.unwrap();
    release
}

/// Waits until so many writes are queued.
async fn queued(store: &Store, number: usize) {
    for _ in 0..500 {
        if store.waiting_writes() == number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{} instead of {number} writes wait", store.waiting_writes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_and_a_panicking_write_leave_the_others_of_their_batch() {
    let db = TestDb::sqlite();
    let release = hold_the_writer(&db.store).await;
    // given five writes in one batch, one of which fails and one of which panics
    let writes: Vec<_> = (1..=5)
        .map(|serial| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let write = store.write(move |conn| {
                    agencies::insert(conn, agency(serial))?;
                    match serial {
                        2 => Err(StoreError::Stale),
                        4 => panic!("four is unlucky"),
                        _ => Ok(serial),
                    }
                });
                write.await
            })
        })
        .collect();
    queued(&db.store, 5).await;
    drop(release);
    let mut answers = Vec::new();
    for write in writes {
        answers.push(write.await.unwrap());
    }
    assert_eq!(
        answers,
        [
            Ok(1),
            Err(StoreError::Stale),
            Ok(3),
            Err(StoreError::Panicked("four is unlucky".to_owned())),
            Ok(5)
        ]
    );
    assert_eq!(serials(&db.store), ["1", "3", "5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_before_the_commit() {
    let db = TestDb::sqlite();
    // given another connection, which sees only what is committed
    let reader = Store::open(&db.settings.clone().with_access(Access::ReadOnly)).unwrap();
    let writes: Vec<_> = (1..=200)
        .map(|serial| {
            let (store, reader) = (db.store.clone(), reader.clone());
            tokio::spawn(async move {
                store.write(move |conn| agencies::insert(conn, agency(serial))).await.unwrap();
                serials(&reader).contains(&serial.to_string())
            })
        })
        .collect();
    for write in writes {
        assert!(write.await.unwrap(), "acknowledged but not there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_commit_is_told_to_everybody_in_it() {
    let db = TestDb::sqlite();
    let release = hold_the_writer(&db.store).await;
    // given a batch in which one write leaves behind what only the commit will refuse
    let writes: Vec<_> = (1..=3)
        .map(|serial| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let write = store.write(move |conn| {
                    if serial == 2 {
                        raw(conn, "PRAGMA defer_foreign_keys = ON; INSERT INTO user_roles VALUES (randomblob(16), 'clerk')")?;
                    }
                    agencies::insert(conn, agency(serial))
                });
                write.await
            })
        })
        .collect();
    queued(&db.store, 3).await;
    drop(release);
    for write in writes {
        let answer = write.await.unwrap();
        assert!(matches!(answer, Err(StoreError::ForeignKeyViolation { .. })), "{answer:?}");
    }
    // then nothing of it is there, and the writer goes on
    assert_eq!(serials(&db.store), Vec::<String>::new());
    db.store.write(|conn| agencies::insert(conn, agency(9))).await.unwrap();
    assert_eq!(serials(&db.store), ["9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_transaction_fails_what_it_held_and_spares_the_rest() {
    let db = TestDb::sqlite();
    let release = hold_the_writer(&db.store).await;
    // given a batch whose second write ends the common transaction, as a full disk would
    let mut writes = Vec::new();
    for serial in 1..=4 {
        let store = db.store.clone();
        writes.push(tokio::spawn(async move {
            let write = store.write(move |conn| {
                agencies::insert(conn, agency(serial))?;
                if serial == 2 {
                    raw(conn, "ROLLBACK")?;
                }
                Ok::<_, StoreError>(())
            });
            write.await
        }));
        queued(&db.store, usize::try_from(serial).unwrap()).await;
    }
    drop(release);
    let mut answers = Vec::new();
    for write in writes {
        answers.push(write.await.unwrap().is_ok());
    }
    // then those before it are told that nothing was kept, and those after it are written
    assert_eq!(answers, [false, false, true, true]);
    assert_eq!(serials(&db.store), ["3", "4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_survived() {
    let db = TestDb::sqlite();
    db.store.write(|conn| agencies::insert(conn, agency(1))).await.unwrap();
    // given a database that may not grow
    db.store.write(|conn| raw(conn, "PRAGMA max_page_count = 1")).await.unwrap();
    let mut refused = None;
    for serial in 2..200 {
        let mut big = agency(serial);
        big.address = "路".repeat(2000);
        if let Err(error) = db.store.write(move |conn| agencies::insert(conn, big)).await {
            refused = Some((serial, error));
            break;
        }
    }
    let (serial, error) = refused.expect("the disk was never full");
    assert!(matches!(&error, StoreError::Unavailable(text) if text.contains("full")), "{error:?}");
    // when there is room again
    db.store.write(|conn| raw(conn, "PRAGMA max_page_count = 1000000")).await.unwrap();
    // then everything acknowledged is there and writing goes on
    assert_eq!(serials(&db.store).len(), usize::try_from(serial).unwrap() - 1);
    db.store.write(|conn| agencies::insert(conn, agency(500))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_makes_callers_wait_and_loses_nothing() {
    let db =
        TestDb::sqlite_with(|settings| gongkai::db::DbSettings { queue: 4, batch: 2, ..settings });
    let release = hold_the_writer(&db.store).await;
    let writes: Vec<_> = (1..=60)
        .map(|serial| {
            let store = db.store.clone();
            let write = move |conn: &mut gongkai::db::Conn| agencies::insert(conn, agency(serial));
            if serial % 10 == 0 {
                tokio::task::spawn_blocking(move || store.write_blocking(write))
            } else {
                tokio::spawn(async move { store.write(write).await })
            }
        })
        .collect();
    queued(&db.store, 4).await;
    drop(release);
    for write in writes {
        write.await.unwrap().unwrap();
    }
    assert_eq!(serials(&db.store).len(), 60);
}
