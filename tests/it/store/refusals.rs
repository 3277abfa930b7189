//! The database refuses what must not be, and both backends say it in the same words.

use gongkai::db::per_backend::dialect;
use gongkai::db::{Conn, StoreError, agencies, users};
use uuid::Uuid;

use super::fixtures::{agency, existing_agency, existing_request, existing_user, raw, user};
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    a_taken_name_is_told_by_the_name_of_its_constraint,
    values_outside_the_lists_are_refused,
    rows_must_refer_to_what_exists,
    values_of_the_wrong_type_are_refused,
    missing_values_are_refused,
    the_ledger_cannot_be_rewritten,
);

/// Runs SQL in a transaction of its own and tells what was refused.
async fn refused(db: &TestDb, sql: impl Into<String>) -> StoreError {
    let sql = sql.into();
    let text = sql.clone();
    match db.store.write(move |conn| raw(conn, &sql)).await {
        Ok(()) => panic!("not refused: {text}"),
        Err(error) => error,
    }
}

async fn a_taken_name_is_told_by_the_name_of_its_constraint(db: TestDb) {
    let unique =
        |constraint: &str| StoreError::UniqueViolation { constraint: constraint.to_owned() };
    let (agency_id, user_id) = db
        .store
        .write(|conn| Ok::<_, StoreError>((existing_agency(conn)?, existing_user(conn, "wang")?)))
        .await
        .unwrap();
    // one column
    let twice = db.store.write(|conn| agencies::insert(conn, agency(1))).await;
    assert!(matches!(&twice, Err(StoreError::UniqueViolation { constraint })
        if constraint == "agencies_name_key" || constraint == "agencies_serial_key"));
    let login = db.store.write(|conn| users::insert(conn, user("wang", None), &[])).await;
    assert_eq!(login, Err(unique("users_login_key")));
    // a primary key of one column, and of two
    let mut same_id = user("li", None);
    same_id.id = user_id;
    let id = db.store.write(move |conn| users::insert(conn, same_id, &[])).await;
    assert_eq!(id, Err(unique("users_id_key")));
    let role = db
        .store
        .write(move |conn| {
            users::set_roles(conn, user_id, &["clerk"])?;
            users::insert(conn, user("zhao", None), &["head", "head"])
        })
        .await;
    assert_eq!(role, Err(unique("user_roles_user_id_role_key")));
    // a unique constraint of two columns
    let number = db
        .store
        .write(move |conn| {
            existing_request(conn, agency_id, "20261122-0001")?;
            existing_request(conn, agency_id, "20261122-0001")
        })
        .await;
    assert_eq!(number, Err(unique("requests_agency_id_number_key")));
}

async fn values_outside_the_lists_are_refused(db: TestDb) {
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            existing_user(conn, "wang")?;
            existing_request(conn, agency, "20261122-0001")
        })
        .await
        .unwrap();
    for (sql, constraint) in [
        ("UPDATE agencies SET level = 'province'", "agencies_level_check"),
        ("UPDATE agencies SET version = 0", "agencies_version_check"),
        ("UPDATE users SET login = 'Wang'", "users_login_check"),
        ("UPDATE users SET failed_logins = -1", "users_failed_logins_check"),
        ("UPDATE user_roles SET role = 'King'", "user_roles_role_check"),
        ("UPDATE requests SET state = 'lost'", "requests_state_check"),
        ("UPDATE requests SET applicant_kind = 'robot'", "requests_applicant_kind_check"),
        ("UPDATE requests SET last_seq = -1", "requests_last_seq_check"),
    ] {
        let expected = StoreError::CheckViolation { constraint: constraint.to_owned() };
        assert_eq!(refused(&db, sql).await, expected, "{sql}");
    }
}

async fn rows_must_refer_to_what_exists(db: TestDb) {
    let nowhere = db
        .store
        .write(|conn| users::insert(conn, user("wang", Some(Uuid::now_v7())), &[]))
        .await
        .unwrap_err();
    assert!(matches!(nowhere, StoreError::ForeignKeyViolation { .. }), "{nowhere:?}");
    // and what is referred to stays
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            users::insert(conn, user("wang", Some(agency)), &[])
        })
        .await
        .unwrap();
    let still_used = refused(&db, "DELETE FROM agencies").await;
    assert!(matches!(still_used, StoreError::ForeignKeyViolation { .. }), "{still_used:?}");
}

/// Without STRICT and the CHECKs of shape, SQLite would take all of these.
async fn values_of_the_wrong_type_are_refused(db: TestDb) {
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            existing_request(conn, agency, "20261122-0001")
        })
        .await
        .unwrap();
    for sql in [
        "UPDATE agencies SET version = 'many'",
        "UPDATE agencies SET active = 'perhaps'",
        "UPDATE agencies SET id = 'short'",
        "UPDATE agencies SET settings = '{not json'",
        "UPDATE agencies SET updated_at = 'yesterday evening'",
        "UPDATE agencies SET updated_at = '2026-13-01T00:00:00.000000Z'",
        "UPDATE requests SET arrived_on = '2026-02-30'",
        "UPDATE requests SET due_on = 'soon'",
    ] {
        let error = refused(&db, sql).await;
        assert!(
            matches!(error, StoreError::CheckViolation { .. } | StoreError::Other(_)),
            "{sql}: {error:?}"
        );
    }
    if db.is_sqlite() {
        // would sort wrongly as text
        let error = refused(&db, "UPDATE agencies SET updated_at = '2026-11-22T00:00:00Z'").await;
        assert!(matches!(error, StoreError::CheckViolation { .. }), "{error:?}");
        let error = refused(&db, "UPDATE agencies SET active = 2").await;
        assert!(matches!(error, StoreError::CheckViolation { .. }), "{error:?}");
    }
}

async fn missing_values_are_refused(db: TestDb) {
    db.store.write(existing_agency).await.unwrap();
    let error = refused(&db, "UPDATE agencies SET court = NULL").await;
    assert!(
        matches!(&error, StoreError::NotNullViolation { column } if column.ends_with("court")),
        "{error:?}"
    );
}

async fn the_ledger_cannot_be_rewritten(db: TestDb) {
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            existing_request(conn, agency, "20261122-0001")
        })
        .await
        .unwrap();
    let mut attempts = vec![
        "UPDATE request_events SET payload = '{}'",
        "UPDATE request_events SET hash = prev_hash",
        "DELETE FROM request_events",
    ];
    let postgres =
        db.store.read_blocking(|conn: &mut Conn| Ok::<_, StoreError>(dialect::name(conn))).unwrap();
    if postgres == "postgresql" {
        attempts.push("TRUNCATE request_events");
    }
    for sql in attempts {
        let expected = StoreError::AppendOnly { table: "request_events".to_owned() };
        assert_eq!(refused(&db, sql).await, expected, "{sql}");
    }
}
