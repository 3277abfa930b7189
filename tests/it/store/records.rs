//! The generic tables: people, agencies, tokens, keys, leases, files, the register, the audit log.

use gongkai::db::audit::{self, AuditFilter, AuditRow};
use gongkai::db::files::{self, FileRow};
use gongkai::db::idempotency::{self, Attempt, Begun};
use gongkai::db::numbers::{self, DocumentNumberRow};
use gongkai::db::refresh_tokens::{self, Consumed, RefreshTokenRow};
use gongkai::db::{Conn, StoreError, agencies, leases, users};
use serde_json::json;
use uuid::Uuid;

use super::fixtures::{agency, at, existing_agency, existing_request, existing_user, user};
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    an_edit_of_a_stale_row_is_refused,
    people_have_roles_and_count_wrong_passwords,
    a_refresh_token_is_good_once,
    a_revoked_family_is_good_for_nothing,
    of_parallel_uses_of_a_token_one_wins,
    the_same_key_gives_the_same_answer,
    a_lease_passes_on_after_its_time_with_a_rising_epoch,
    a_voided_number_stays_with_its_reason,
    files_are_listed_with_their_request,
    the_audit_log_is_read_newest_first_page_by_page,
);

async fn an_edit_of_a_stale_row_is_refused(db: TestDb) {
    let mut row = agency(1);
    row.review_online_url = Some("https://example.invalid".to_owned());
    let before = row.clone();
    db.store.write(move |conn| agencies::insert(conn, row)).await.unwrap();
    // given two who read the same version
    let id = before.id;
    let read = db.store.read(move |conn| agencies::get(conn, id)).await.unwrap();
    assert_eq!(read, before);
    let (mut first, mut second) = (read.clone(), read);
    first.review_online_url = None;
    second.court = "别处".to_owned();
    // when both write, then the first wins and None is written as NULL
    let first = db.store.write(move |conn| agencies::update(conn, first)).await.unwrap();
    assert_eq!(first.version, 2);
    let second = db.store.write(move |conn| agencies::update(conn, second)).await;
    assert_eq!(second, Err(StoreError::Stale));
    assert_eq!(db.store.read(move |conn| agencies::get(conn, id)).await, Ok(first));
    let nobody = db.store.write(|conn| agencies::update(conn, agency(9))).await;
    assert_eq!(nobody, Err(StoreError::NotFound));
    let by_name = db.store.read(|conn| agencies::find_by_name(conn, "云溪县第1局")).await.unwrap();
    assert_eq!(by_name.map(|row| row.id), Some(id));
}

async fn people_have_roles_and_count_wrong_passwords(db: TestDb) {
    let row = user("wang", None);
    let id = row.id;
    db.store.write(move |conn| users::insert(conn, row, &["officer", "clerk"])).await.unwrap();
    db.store
        .write(move |conn| {
            assert_eq!(users::roles(conn, id)?, ["clerk", "officer"]);
            assert_eq!(users::with_role(conn, "officer")?.len(), 1);
            users::set_roles(conn, id, &["head"])?;
            assert_eq!(users::roles(conn, id)?, ["head"]);
            assert_eq!(users::with_role(conn, "officer")?, vec![]);
            assert_eq!(users::note_sign_in(conn, id, false)?, 1);
            assert_eq!(users::note_sign_in(conn, id, false)?, 2);
            users::lock_until(conn, id, at(60))?;
            let found = users::find_by_login(conn, "wang")?.unwrap();
            assert_eq!((found.failed_logins, found.locked_until_at), (2, Some(at(60))));
            assert_eq!(users::note_sign_in(conn, id, true)?, 0);
            // none of this makes an edit stale
            let mut edited = users::get(conn, id)?;
            assert_eq!((edited.version, edited.locked_until_at), (1, None));
            edited.agency_id = Some(existing_agency(conn)?);
            let edited = users::update(conn, edited)?;
            assert_eq!(users::list(conn, edited.agency_id)?, vec![edited]);
            assert_eq!(users::list(conn, Some(Uuid::nil()))?, vec![]);
            let unknown = users::note_sign_in(conn, Uuid::nil(), false);
            assert_eq!(unknown, Err(StoreError::NotFound));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

fn token(user_id: Uuid, family_id: Uuid, digit: char) -> RefreshTokenRow {
    RefreshTokenRow {
        id: Uuid::now_v7(),
        family_id,
        user_id,
        token_hash: digit.to_string().repeat(64),
        created_at: at(0),
        expires_at: at(1000),
        used_at: None,
        revoked_at: None,
        revoked_reason: None,
    }
}

fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

async fn a_refresh_token_is_good_once(db: TestDb) {
    let family = Uuid::now_v7();
    db.store
        .write(move |conn| {
            let user = existing_user(conn, "wang")?;
            refresh_tokens::insert(conn, token(user, family, 'a'))?;
            // the first use is good, and the next of the family is issued
            let used = refresh_tokens::consume(conn, &hash('a'), at(1))?;
            assert!(
                matches!(&used, Consumed::Fresh(row) if row.used_at == Some(at(1))),
                "{used:?}"
            );
            refresh_tokens::insert(conn, token(user, family, 'b'))?;
            // the second use is noticed
            let again = refresh_tokens::consume(conn, &hash('a'), at(2))?;
            assert!(
                matches!(&again, Consumed::Reused(row) if row.family_id == family),
                "{again:?}"
            );
            // too late is too late
            let late = refresh_tokens::consume(conn, &hash('b'), at(1000))?;
            assert!(matches!(late, Consumed::Expired(_)), "{late:?}");
            assert_eq!(refresh_tokens::consume(conn, &hash('c'), at(3))?, Consumed::Unknown);
            assert_eq!(refresh_tokens::purge(conn, at(1001))?, 2);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn a_revoked_family_is_good_for_nothing(db: TestDb) {
    let (copied, other) = (Uuid::now_v7(), Uuid::now_v7());
    db.store
        .write(move |conn| {
            let user = existing_user(conn, "wang")?;
            refresh_tokens::insert(conn, token(user, copied, 'a'))?;
            refresh_tokens::insert(conn, token(user, copied, 'b'))?;
            refresh_tokens::insert(conn, token(user, other, 'c'))?;
            assert_eq!(refresh_tokens::revoke_family(conn, copied, at(5), "reuse")?, 2);
            assert_eq!(refresh_tokens::revoke_family(conn, copied, at(6), "again")?, 0);
            let dead = refresh_tokens::consume(conn, &hash('b'), at(7))?;
            assert!(
                matches!(&dead, Consumed::Revoked(row) if row.revoked_reason.as_deref() == Some("reuse")
                    && row.revoked_at == Some(at(5))),
                "{dead:?}"
            );
            let alive = refresh_tokens::consume(conn, &hash('c'), at(7))?;
            assert!(matches!(alive, Consumed::Fresh(_)), "{alive:?}");
            assert_eq!(refresh_tokens::revoke_user(conn, user, at(8), "signed out")?, 1);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn of_parallel_uses_of_a_token_one_wins(db: TestDb) {
    db.store
        .write(|conn| {
            let user = existing_user(conn, "wang")?;
            refresh_tokens::insert(conn, token(user, Uuid::now_v7(), 'a'))
        })
        .await
        .unwrap();
    let uses: Vec<_> = (0..16)
        .map(|_| {
            let store = db.store.clone();
            tokio::spawn(async move {
                store.write(|conn| refresh_tokens::consume(conn, &hash('a'), at(1))).await.unwrap()
            })
        })
        .collect();
    let mut fresh = 0;
    for one in uses {
        match one.await.unwrap() {
            Consumed::Fresh(_) => fresh += 1,
            Consumed::Reused(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(fresh, 1);
}

async fn the_same_key_gives_the_same_answer(db: TestDb) {
    let body = hash('a');
    let other_body = hash('b');
    db.store
        .write(move |conn| {
            let attempt = Attempt {
                actor: "u1",
                key: "k1",
                route: "POST /api/v1/requests",
                request_sha256: &body,
            };
            assert_eq!(idempotency::begin(conn, attempt, at(0))?, Begun::New);
            assert_eq!(idempotency::begin(conn, attempt, at(1))?, Begun::InProgress);
            let answer = json!({"number": "20261122-0001"});
            idempotency::complete(conn, "u1", "k1", (201, answer.clone()), at(2))?;
            let again = idempotency::begin(conn, attempt, at(3))?;
            assert_eq!(again, Begun::Answered { status: 201, response: answer });
            // the key with something else is a mistake of the client
            let changed = Attempt { request_sha256: &other_body, ..attempt };
            assert_eq!(idempotency::begin(conn, changed, at(4))?, Begun::Mismatch);
            let elsewhere = Attempt { route: "POST /api/v1/notices", ..attempt };
            assert_eq!(idempotency::begin(conn, elsewhere, at(4))?, Begun::Mismatch);
            // and of somebody else something else
            let other = Attempt { actor: "u2", ..attempt };
            assert_eq!(idempotency::begin(conn, other, at(4))?, Begun::New);
            // an answer is given once
            let twice = idempotency::complete(conn, "u1", "k1", (500, json!({})), at(5));
            assert_eq!(twice, Err(StoreError::NotFound));
            assert_eq!(idempotency::purge(conn, at(1))?, 1);
            assert_eq!(idempotency::find(conn, "u1", "k1")?, None);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn a_lease_passes_on_after_its_time_with_a_rising_epoch(db: TestDb) {
    let take = |conn: &mut Conn, holder: &str, now: i64| {
        leases::acquire(conn, "sweep", holder, at(now), at(now + 30))
    };
    db.store
        .write(move |conn| {
            assert_eq!(take(conn, "a", 0)?, Some(1));
            assert_eq!(take(conn, "b", 10)?, None);
            // the holder renews and keeps its epoch
            assert_eq!(take(conn, "a", 20)?, Some(1));
            assert_eq!(take(conn, "b", 49)?, None);
            leases::check(conn, "sweep", 1)?;
            // after its time another takes over, and the old holder is fenced off
            assert_eq!(take(conn, "b", 50)?, Some(2));
            assert_eq!(leases::check(conn, "sweep", 1), Err(StoreError::Stale));
            leases::check(conn, "sweep", 2)?;
            assert_eq!(take(conn, "a", 60)?, None);
            // given back early, the next need not wait; a stranger cannot give it back
            leases::release(conn, "sweep", "a", at(61))?;
            assert_eq!(take(conn, "a", 62)?, None);
            leases::release(conn, "sweep", "b", at(63))?;
            assert_eq!(take(conn, "a", 63)?, Some(3));
            let row = leases::find(conn, "sweep")?.unwrap();
            assert_eq!((row.holder.as_str(), row.until_at, row.epoch), ("a", at(93), 3));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn a_voided_number_stays_with_its_reason(db: TestDb) {
    db.store
        .write(|conn| {
            let agency_id = existing_agency(conn)?;
            let n = numbers::next(conn, agency_id, "云公开", 2026)?;
            let row = DocumentNumberRow {
                agency_id,
                series: "云公开".to_owned(),
                year: 2026,
                n,
                text: "云公开〔2026〕1号".to_owned(),
                notice_id: None,
                allotted_at: at(0),
                voided_at: None,
                void_reason: None,
                voided_by: None,
            };
            numbers::record(conn, row.clone())?;
            let number = (agency_id, "云公开", 2026, n);
            numbers::void(conn, number, None, at(1), "当事人姓名有误")?;
            let again = numbers::void(conn, number, None, at(2), "again");
            assert_eq!(again, Err(StoreError::NotFound));
            let register = numbers::register(conn, agency_id, "云公开", 2026)?;
            let voided = DocumentNumberRow {
                voided_at: Some(at(1)),
                void_reason: Some("当事人姓名有误".to_owned()),
                ..row
            };
            assert_eq!(register, vec![voided]);
            assert_eq!(numbers::next(conn, agency_id, "云公开", 2026)?, 2);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn files_are_listed_with_their_request(db: TestDb) {
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            let request_id = existing_request(conn, agency, "20261122-0001")?;
            let file = FileRow {
                id: Uuid::now_v7(),
                request_id,
                purpose: "attachment".to_owned(),
                name: "身份证明.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                size_bytes: 5_000_000_000,
                sha256: hash('a'),
                storage_key: "files/1".to_owned(),
                uploaded_by: None,
                created_at: at(0),
            };
            files::insert(conn, file.clone())?;
            assert_eq!(files::of_request(conn, request_id)?, vec![file.clone()]);
            assert_eq!(files::get(conn, file.id)?, file);
            assert!(files::is_known(conn, "files/1")?);
            assert!(!files::is_known(conn, "files/2")?);
            assert_eq!(files::get(conn, Uuid::nil()), Err(StoreError::NotFound));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn the_audit_log_is_read_newest_first_page_by_page(db: TestDb) {
    let object = Uuid::now_v7();
    db.store
        .write(move |conn| {
            for n in 0..5 {
                let row = AuditRow {
                    id: Uuid::now_v7(),
                    at: at(n),
                    actor_id: (n == 3).then_some(object),
                    actor_label: "王".to_owned(),
                    action: format!("act.{n}"),
                    object_kind: if n % 2 == 0 { "request" } else { "notice" }.to_owned(),
                    object_id: Some(object),
                    outcome: "ok".to_owned(),
                    detail: json!({"n": n}),
                    request_id_header: None,
                };
                audit::append(conn, row)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let page = |filter: AuditFilter, before: Option<Uuid>, limit: i64| {
        let rows =
            db.store.read_blocking(|conn| audit::page(conn, &filter, before, limit)).unwrap();
        let last = rows.last().map(|row| row.id);
        (rows.into_iter().map(|row| row.action).collect::<Vec<_>>(), last)
    };
    let all = AuditFilter::default();
    let (first, last) = page(all.clone(), None, 3);
    assert_eq!(first, ["act.4", "act.3", "act.2"]);
    assert_eq!(page(all.clone(), last, 3).0, ["act.1", "act.0"]);
    let requests = AuditFilter { object_kind: Some("request".to_owned()), ..all.clone() };
    assert_eq!(page(requests, None, 9).0, ["act.4", "act.2", "act.0"]);
    let by = AuditFilter { actor_id: Some(object), object_id: Some(object), ..all.clone() };
    assert_eq!(page(by, None, 9).0, ["act.3"]);
    let between = AuditFilter { from: Some(at(1)), until: Some(at(3)), ..all };
    assert_eq!(page(between, None, 9).0, ["act.2", "act.1"]);
}
