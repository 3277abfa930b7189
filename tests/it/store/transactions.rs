//! All or nothing, and nothing lost between parallel writers.

use std::sync::Arc;

use diesel::prelude::*;
use gongkai::db::per_backend::tx::{read_tx, write_tx};
use gongkai::db::schema::agencies as table;
use gongkai::db::{Conn, Store, StoreError, agencies, numbers};
use uuid::Uuid;

use super::fixtures::{agency, existing_agency};
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    nothing_is_lost_when_eight_read_and_then_write,
    parallel_issuers_get_every_number_once,
    a_number_of_a_failed_transaction_is_given_out_again,
    a_failed_write_leaves_nothing,
    a_panic_leaves_nothing_and_is_answered,
    inner_transactions_fail_alone,
    a_swallowed_error_never_passes_for_a_commit,
    a_reading_transaction_sees_one_state,
    a_dropped_caller_does_not_stop_its_write,
);

const WORKERS: usize = 8;
const EACH: usize = 200;

/// Reads the agency, then writes it with a counter one higher; again when somebody was faster.
fn count_up(store: &Store, id: Uuid) {
    loop {
        let written = store.write_blocking(move |conn| {
            let mut row = agencies::get(conn, id)?;
            let count: usize = row.phone.parse().unwrap();
            row.phone = (count + 1).to_string();
            agencies::update(conn, row)
        });
        match written {
            Ok(_) => return,
            Err(StoreError::Stale) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

async fn nothing_is_lost_when_eight_read_and_then_write(db: TestDb) {
    let mut row = agency(1);
    row.phone = "0".to_owned();
    let id = row.id;
    db.store.write(move |conn| agencies::insert(conn, row)).await.unwrap();
    let store = Arc::new(db.store.clone());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| (0..EACH).for_each(|_| count_up(&store, id)));
        }
    });
    let row = db.store.read(move |conn| agencies::get(conn, id)).await.unwrap();
    assert_eq!(row.phone, (WORKERS * EACH).to_string());
    assert_eq!(usize::try_from(row.version).unwrap(), WORKERS * EACH + 1);
}

async fn parallel_issuers_get_every_number_once(db: TestDb) {
    let agency = db.store.write(existing_agency).await.unwrap();
    let issuers: Vec<_> = (0..32)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let mut got = Vec::new();
                for _ in 0..5 {
                    let n = store.write(move |conn| numbers::next(conn, agency, "云公开", 2026));
                    got.push(n.await.unwrap());
                }
                got
            })
        })
        .collect();
    let mut all = Vec::new();
    for issuer in issuers {
        all.extend(issuer.await.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (1..=160).collect::<Vec<i32>>());
}

async fn a_number_of_a_failed_transaction_is_given_out_again(db: TestDb) {
    let agency = db.store.write(existing_agency).await.unwrap();
    let next = move |conn: &mut Conn| numbers::next(conn, agency, "云公开", 2026);
    assert_eq!(db.store.write(next).await, Ok(1));
    let failed: Result<(), StoreError> = db
        .store
        .write(move |conn| {
            assert_eq!(next(conn)?, 2);
            Err(StoreError::Stale)
        })
        .await;
    assert_eq!(failed, Err(StoreError::Stale));
    assert_eq!(db.store.write(next).await, Ok(2));
    // other years and series count for themselves
    let other = db.store.write(move |conn| numbers::next(conn, agency, "云公开", 2027)).await;
    assert_eq!(other, Ok(1));
    let other = db.store.write(move |conn| numbers::next(conn, agency, numbers::REQUESTS, 2026));
    assert_eq!(other.await, Ok(1));
}

fn serials(store: &Store) -> Vec<i32> {
    store
        .read_blocking(|conn| {
            Ok::<_, StoreError>(table::table.select(table::serial).order(table::serial).load(conn)?)
        })
        .unwrap()
}

async fn a_failed_write_leaves_nothing(db: TestDb) {
    let failed: Result<(), StoreError> = db
        .store
        .write(|conn| {
            agencies::insert(conn, agency(1))?;
            agencies::insert(conn, agency(2))?;
            Err(StoreError::NotFound)
        })
        .await;
    assert_eq!(failed, Err(StoreError::NotFound));
    assert_eq!(serials(&db.store), Vec::<i32>::new());
}

async fn a_panic_leaves_nothing_and_is_answered(db: TestDb) {
    let panicked: Result<(), StoreError> = db
        .store
        .write(|conn| {
            agencies::insert(conn, agency(1))?;
            write_tx(conn, |conn| {
                agencies::insert(conn, agency(2))?;
                panic!("out of ink")
            })
        })
        .await;
    assert_eq!(panicked, Err(StoreError::Panicked("out of ink".to_owned())));
    assert_eq!(serials(&db.store), Vec::<i32>::new());
    // the store goes on
    db.store.write(|conn| agencies::insert(conn, agency(3))).await.unwrap();
    db.store.write_blocking(|conn| agencies::insert(conn, agency(4))).unwrap();
    assert_eq!(serials(&db.store), [3, 4]);
    let read: Result<(), StoreError> = db.store.read(|_| panic!("no glasses")).await;
    assert_eq!(read, Err(StoreError::Panicked("no glasses".to_owned())));
}

async fn inner_transactions_fail_alone(db: TestDb) {
    db.store
        .write(|conn| {
            agencies::insert(conn, agency(1))?;
            let inner: Result<(), StoreError> = write_tx(conn, |conn| {
                agencies::insert(conn, agency(2))?;
                // a violation aborts a whole PostgreSQL transaction unless a savepoint is round it
                agencies::insert(conn, agency(1))
            });
            assert!(matches!(inner, Err(StoreError::UniqueViolation { .. })), "{inner:?}");
            agencies::insert(conn, agency(3))
        })
        .await
        .unwrap();
    assert_eq!(serials(&db.store), [1, 3]);
}

/// PostgreSQL answers COMMIT with success after an error inside, and has rolled everything back.
async fn a_swallowed_error_never_passes_for_a_commit(db: TestDb) {
    let answered: Result<(), StoreError> = db
        .store
        .write(|conn| {
            agencies::insert(conn, agency(1))?;
            let refused = agencies::insert(conn, agency(1));
            assert!(refused.is_err());
            Ok(())
        })
        .await;
    let there = serials(&db.store);
    assert_eq!(answered.is_ok(), there == [1], "answered {answered:?}, there is {there:?}");
    // the same one level further in
    let answered: Result<(), StoreError> = db
        .store
        .write(|conn| {
            agencies::insert(conn, agency(2))?;
            let inner: Result<(), StoreError> = write_tx(conn, |conn| {
                let refused = agencies::insert(conn, agency(2));
                assert!(refused.is_err());
                Ok(())
            });
            assert_eq!(inner.is_ok(), matches!(conn, Conn::Sqlite(_)), "{inner:?}");
            agencies::insert(conn, agency(3))
        })
        .await;
    assert_eq!(answered, Ok(()));
    assert!(serials(&db.store).ends_with(&[2, 3]));
}

async fn a_reading_transaction_sees_one_state(db: TestDb) {
    db.store.write(|conn| agencies::insert(conn, agency(1))).await.unwrap();
    let store = db.store.clone();
    db.store
        .read_blocking(|conn| {
            read_tx(conn, |conn| {
                let before = agencies::list(conn, false)?.len();
                std::thread::scope(|scope| {
                    let other = || store.write_blocking(|conn| agencies::insert(conn, agency(2)));
                    scope.spawn(other).join().unwrap()
                })?;
                let after = agencies::list(conn, false)?.len();
                assert_eq!((before, after), (1, 1));
                Ok::<_, StoreError>(())
            })
        })
        .unwrap();
    assert_eq!(serials(&db.store), [1, 2]);
}

async fn a_dropped_caller_does_not_stop_its_write(db: TestDb) {
    let (started, wait) = std::sync::mpsc::channel();
    let write = db.store.write(move |conn| {
        started.send(()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(100));
        agencies::insert(conn, agency(1))
    });
    let impatient = tokio::time::timeout(std::time::Duration::from_millis(30), write).await;
    assert!(impatient.is_err());
    wait.recv().unwrap();
    for _ in 0..200 {
        if serials(&db.store) == [1] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the write did not happen");
}
