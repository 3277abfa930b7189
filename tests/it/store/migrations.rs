//! The two folders of migrations make the same database, and `schema.rs` describes it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use gongkai::db::per_backend::{dialect, migrations};
use gongkai::db::{Conn, Store, StoreError, schema};
use gongkai::domain::state::State;

use super::fixtures::{existing_agency, existing_request, raw, texts};
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    migrations_can_be_undone_and_done_again,
    the_database_has_the_columns_of_the_schema,
    a_database_of_a_newer_program_is_left_alone,
    every_state_of_the_domain_can_be_stored,
    parallel_starters_migrate_once,
);

/// Tables with their columns in order.
type Columns = BTreeMap<String, Vec<String>>;

async fn migrations_can_be_undone_and_done_again(db: TestDb) {
    let after_up = db.store.read_blocking(|conn| Ok::<_, StoreError>(columns(conn))).unwrap();
    // when all is undone
    let mut undone = db.store.write(migrations::revert_all).await.unwrap();
    undone.sort_unstable();
    // then nothing of ours is left
    let left = db.store.read_blocking(|conn| Ok::<_, StoreError>(columns(conn))).unwrap();
    assert_eq!(left, Columns::new());
    assert_eq!(db.store.schema_status().unwrap().pending, undone);
    // and doing it again gives the same
    assert_eq!(db.store.migrate().unwrap(), undone);
    let again = db.store.read_blocking(|conn| Ok::<_, StoreError>(columns(conn))).unwrap();
    assert_eq!(again, after_up);
    assert!(db.store.schema_status().unwrap().is_current());
}

async fn the_database_has_the_columns_of_the_schema(db: TestDb) {
    db.store
        .read(|conn| {
            let there = columns(conn);
            let mut declared = Columns::new();
            macro_rules! declare {
                ($($table:ident),+ $(,)?) => {$(
                    // Running the query proves that the columns exist with readable names.
                    let query = schema::$table::table.select(schema::$table::all_columns).limit(0);
                    query.execute(conn)?;
                    declared.insert(stringify!($table).to_owned(), selected(&diesel::debug_query::<diesel::sqlite::Sqlite, _>(&query).to_string()));
                )+};
            }
            declare!(
                agencies, applications, approval_chains, audit_log, calendar_changes,
                calendar_imports, calendar_versions, complaints, deliveries, deputyships,
                document_numbers, editions, file_findings, files,
                idempotency_keys, items, known_keys, leases, notices, number_series, outbox, own_form_versions, own_forms,
                publication_files, publication_suggestions, publications, ratings, reason_texts, reason_uses, reassessment_deeds, reassessments, record_corrections, record_letters, redactions, refresh_tokens, remedies, reminder_digests, reminders, request_events, request_terms, requests, rounds, seal_pictures, standing_bars, standings, units, user_roles, users,
            );
            assert_eq!(there, declared);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[test]
fn both_folders_have_migrations_of_the_same_names() {
    let names = |backend: &str| {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// PostgreSQL's names of keys can be made from their columns: `StoreError` relies on it.
#[test]
fn postgres_names_its_keys_after_their_columns() {
    let Some(db) = TestDb::postgres() else { return };
    db.store
        .read_blocking(|conn| {
            let wrong = texts(
                conn,
                "SELECT c.conname || ' on ' || t.relname || '(' || string_agg(a.attname, ', ') || ')' AS v \
                 FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
                 JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public' \
                 JOIN unnest(c.conkey) WITH ORDINALITY k(attnum, place) ON true \
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
                 WHERE c.contype IN ('p', 'u') AND t.relname <> '__diesel_schema_migrations' \
                 GROUP BY c.conname, t.relname \
                 HAVING c.conname <> t.relname || '_' || string_agg(a.attname, '_' ORDER BY k.place) || '_key'",
            );
            assert_eq!(wrong, Vec::<String>::new());
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

async fn a_database_of_a_newer_program_is_left_alone(db: TestDb) {
    db.store
        .write(|conn| {
            raw(conn, "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')")
        })
        .await
        .unwrap();
    let status = db.store.schema_status().unwrap();
    assert_eq!(status.unknown, ["29991231000001"]);
    assert!(!status.is_current());
    assert!(matches!(db.store.migrate(), Err(StoreError::Migration(_))));
}

async fn every_state_of_the_domain_can_be_stored(db: TestDb) {
    db.store
        .write(|conn| {
            let agency = existing_agency(conn)?;
            existing_request(conn, agency, "20261122-0001")?;
            for state in State::ALL {
                raw(conn, &format!("UPDATE requests SET state = '{state}'"))?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn parallel_starters_migrate_once(db: TestDb) {
    // given an empty database
    db.store.write(migrations::revert_all).await.unwrap();
    // when several start at once (one process on SQLite, any number on PostgreSQL)
    let starters: Vec<Store> = if db.is_sqlite() {
        vec![db.store.clone()]
    } else {
        (0..4).map(|_| Store::open(&db.settings).unwrap()).collect()
    };
    let applied: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            starters.iter().map(|store| scope.spawn(|| store.migrate())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    // then one of them did all the work
    assert_eq!(applied.iter().filter(|versions| !versions.is_empty()).count(), 1);
    assert!(db.store.schema_status().unwrap().is_current());
}

/// Every table of ours with its columns in order.
fn columns(conn: &mut Conn) -> Columns {
    let sql = match dialect::name(conn) {
        "postgresql" => {
            "SELECT table_name || '.' || column_name AS v FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
        _ => {
            "SELECT t.name || '.' || c.name AS v FROM pragma_table_list t, pragma_table_info(t.name) c \
             WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
        }
    };
    let mut columns = Columns::new();
    for column in texts(conn, sql) {
        let (table, name) = column.split_once('.').unwrap();
        if table != "__diesel_schema_migrations" {
            columns.entry(table.to_owned()).or_default().push(name.to_owned());
        }
    }
    columns
}

/// The column names out of `SELECT "t"."a", "t"."b" FROM …`, whatever the quotes.
fn selected(sql: &str) -> Vec<String> {
    let sql = sql.replace('`', "\"");
    let list = sql.strip_prefix("SELECT ").unwrap().split(" FROM ").next().unwrap();
    list.split(", ").map(|column| column.rsplit('.').next().unwrap().replace('"', "")).collect()
}
