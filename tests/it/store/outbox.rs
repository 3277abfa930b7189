//! Jobs are done once, also when workers race or die.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use gongkai::db::outbox::{self, Claim, NewJob, OutboxKind, OutboxRow, OutboxState, RetryPolicy};
use gongkai::db::{Store, StoreError};
use serde_json::json;
use uuid::Uuid;

use super::fixtures::at;
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    four_workers_never_get_the_same_job,
    a_job_of_a_dead_worker_comes_back_and_the_dead_cannot_end_it,
    a_failing_job_waits_longer_each_time_and_dies,
    a_job_that_kills_its_workers_dies_too,
    the_same_side_effect_is_queued_once,
    jobs_wait_for_their_time_and_kind,
    a_rolled_back_change_queues_nothing,
);

const POLICY: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    first_pause: TimeDelta::seconds(30),
    longest_pause: TimeDelta::hours(1),
};

fn job(kind: OutboxKind) -> NewJob {
    NewJob {
        id: Uuid::now_v7(),
        kind,
        request_id: None,
        notice_id: None,
        recipient: Some("a@example.invalid".to_owned()),
        payload: json!({"template": "receipt"}),
        dedup_key: None,
    }
}

fn enqueue(store: &Store, job: NewJob) -> bool {
    store.write_blocking(move |conn| outbox::enqueue(conn, job, at(0))).unwrap()
}

/// Claims up to `limit` mails at a time so many seconds after the beginning, for one minute.
fn claim(store: &Store, owner: &'static str, seconds: i64, limit: i64) -> Vec<OutboxRow> {
    let claim = Claim {
        kind: OutboxKind::Mail,
        owner,
        now: at(seconds),
        until: at(seconds + 60),
        limit,
        policy: POLICY,
    };
    store.write_blocking(move |conn| outbox::claim(conn, claim)).unwrap()
}

async fn four_workers_never_get_the_same_job(db: TestDb) {
    db.store
        .write(|conn| {
            for _ in 0..500 {
                outbox::enqueue(conn, job(OutboxKind::Mail), at(0))?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let claimed: Vec<Uuid> = std::thread::scope(|scope| {
        let workers: Vec<_> = ["a", "b", "c", "d"]
            .into_iter()
            .map(|owner| {
                let store = db.store.clone();
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    loop {
                        let jobs = claim(&store, owner, 1, 7);
                        if jobs.is_empty() {
                            return mine;
                        }
                        for job in jobs {
                            mine.push(job.id);
                            store.write_blocking(move |c| outbox::done(c, &job, at(2))).unwrap();
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(claimed.len(), 500);
    assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 500);
    let done = db.store.read(|conn| outbox::count(conn, OutboxState::Done)).await;
    assert_eq!(done, Ok(500));
}

async fn a_job_of_a_dead_worker_comes_back_and_the_dead_cannot_end_it(db: TestDb) {
    enqueue(&db.store, job(OutboxKind::Mail));
    let first = claim(&db.store, "sleeper", 1, 10);
    assert_eq!(first.len(), 1);
    // while the lease holds nobody else gets it, and it can be prolonged
    assert_eq!(claim(&db.store, "other", 60, 10), vec![]);
    let kept = first[0].clone();
    db.store.write(move |conn| outbox::renew(conn, &kept, at(100))).await.unwrap();
    assert_eq!(claim(&db.store, "other", 99, 10), vec![]);
    // afterwards another takes over
    let second = claim(&db.store, "other", 100, 10);
    assert_eq!((second.len(), second[0].attempts), (1, 2));
    // and the sleeper, woken up, can neither end it nor prolong it
    let sleeper = first[0].clone();
    let late = db
        .store
        .write(move |conn| {
            let done = outbox::done(conn, &sleeper, at(101));
            let failed = outbox::fail(conn, &sleeper, at(101), "woken up", POLICY);
            let renewed = outbox::renew(conn, &sleeper, at(999));
            Ok::<_, StoreError>((done, failed, renewed))
        })
        .await
        .unwrap();
    assert_eq!(late, (Err(StoreError::Stale), Err(StoreError::Stale), Err(StoreError::Stale)));
    let mine = second[0].clone();
    db.store.write(move |conn| outbox::done(conn, &mine, at(102))).await.unwrap();
    let id = second[0].id;
    let row = db.store.read(move |conn| outbox::get(conn, id)).await.unwrap();
    assert_eq!((row.state, row.done_at, row.lease_owner), (OutboxState::Done, Some(at(102)), None));
}

async fn a_failing_job_waits_longer_each_time_and_dies(db: TestDb) {
    enqueue(&db.store, job(OutboxKind::Mail));
    let mut now = 0;
    for (pause, state) in
        [(30, OutboxState::Queued), (60, OutboxState::Queued), (0, OutboxState::Dead)]
    {
        let jobs = claim(&db.store, "w", now, 10);
        assert_eq!(jobs.len(), 1, "at {now}");
        let failed = jobs[0].clone();
        let after = db
            .store
            .write(move |conn| outbox::fail(conn, &failed, at(now), "no route to host", POLICY))
            .await;
        assert_eq!(after, Ok(state));
        if state == OutboxState::Queued {
            assert_eq!(claim(&db.store, "w", now + pause - 1, 10), vec![]);
        }
        now += pause;
    }
    // then it is visible among the dead, is not claimed, and can be given another chance
    assert_eq!(claim(&db.store, "w", 99_999, 10), vec![]);
    let dead = db.store.read(|conn| outbox::in_state(conn, OutboxState::Dead, 10)).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].last_error.as_deref(), Some("no route to host"));
    let id = dead[0].id;
    db.store.write(move |conn| outbox::requeue(conn, id, at(now))).await.unwrap();
    assert_eq!(claim(&db.store, "w", now, 10)[0].attempts, 1);
    let not_dead = db.store.write(move |conn| outbox::requeue(conn, id, at(now))).await;
    assert_eq!(not_dead, Err(StoreError::NotFound));
}

async fn a_job_that_kills_its_workers_dies_too(db: TestDb) {
    enqueue(&db.store, job(OutboxKind::Mail));
    for attempt in 0..3 {
        assert_eq!(claim(&db.store, "w", attempt * 100, 10).len(), 1, "attempt {attempt}");
    }
    assert_eq!(claim(&db.store, "w", 300, 10), vec![]);
    let dead = db.store.read(|conn| outbox::count(conn, OutboxState::Dead)).await;
    assert_eq!(dead, Ok(1));
}

async fn the_same_side_effect_is_queued_once(db: TestDb) {
    let keyed = |key: &str| NewJob { dedup_key: Some(key.to_owned()), ..job(OutboxKind::Mail) };
    assert!(enqueue(&db.store, keyed("receipt:1")));
    assert!(!enqueue(&db.store, keyed("receipt:1")));
    assert!(enqueue(&db.store, keyed("receipt:2")));
    // without a key, each is its own
    assert!(enqueue(&db.store, job(OutboxKind::Mail)));
    assert!(enqueue(&db.store, job(OutboxKind::Mail)));
    let queued = db.store.read(|conn| outbox::count(conn, OutboxState::Queued)).await;
    assert_eq!(queued, Ok(4));
}

async fn jobs_wait_for_their_time_and_kind(db: TestDb) {
    enqueue(&db.store, job(OutboxKind::Render));
    enqueue(&db.store, job(OutboxKind::Mail));
    assert_eq!(claim(&db.store, "w", -1, 10), vec![]);
    let jobs = claim(&db.store, "w", 0, 10);
    assert_eq!(jobs.iter().map(|job| job.kind).collect::<Vec<_>>(), [OutboxKind::Mail]);
}

async fn a_rolled_back_change_queues_nothing(db: TestDb) {
    let failed: Result<(), StoreError> = db
        .store
        .write(|conn| {
            outbox::enqueue(conn, job(OutboxKind::Mail), at(0))?;
            Err(StoreError::Stale)
        })
        .await;
    assert_eq!(failed, Err(StoreError::Stale));
    assert_eq!(claim(&db.store, "w", 1, 10), vec![]);
}
