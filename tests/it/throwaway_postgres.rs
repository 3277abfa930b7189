//! The suite's own PostgreSQL: databases are separate, migrated alike, and gone afterwards.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::support::files_below;
use crate::support::postgres::{empty_database, fresh_database};

fn count(connection: &mut PgConnection, from_where: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let sql = format!("SELECT count(*) AS n FROM {from_where}");
    diesel::sql_query(sql).get_result::<Row>(connection).unwrap().n
}

#[test]
fn what_one_test_writes_no_other_sees() {
    // Given two databases
    let (Some(ours), Some(theirs)) = (fresh_database(), fresh_database()) else { return };
    let mut here = PgConnection::establish(ours.url()).unwrap();
    let mut there = PgConnection::establish(theirs.url()).unwrap();

    // When a table is made in one
    here.batch_execute("CREATE TABLE mark (n bigint); INSERT INTO mark VALUES (1)").unwrap();

    // Then only that one has it
    assert_eq!(count(&mut here, "mark"), 1);
    assert_eq!(count(&mut there, "pg_class WHERE relname = 'mark'"), 0);
}

#[test]
fn a_fresh_database_has_every_migration_and_an_empty_one_has_none() {
    let (Some(fresh), Some(empty)) = (fresh_database(), empty_database()) else { return };
    let mut fresh = PgConnection::establish(fresh.url()).unwrap();
    let mut empty = PgConnection::establish(empty.url()).unwrap();
    let migrations = files_below("migrations/postgres", "sql")
        .iter()
        .filter(|path| path.ends_with("up.sql"))
        .count();

    let ran = match count(&mut fresh, "pg_class WHERE relname = '__diesel_schema_migrations'") {
        0 => 0,
        _ => count(&mut fresh, "__diesel_schema_migrations"),
    };

    assert_eq!(usize::try_from(ran).unwrap(), migrations);
    assert_eq!(count(&mut empty, "pg_tables WHERE schemaname = 'public'"), 0);
}

#[test]
fn a_database_is_gone_when_its_test_is_over() {
    let Some(witness) = fresh_database() else { return };
    let mut witness = PgConnection::establish(witness.url()).unwrap();
    let passing = fresh_database().unwrap();
    let name = passing.url().rsplit_once('/').unwrap().1.to_owned();
    let mut still_connected = PgConnection::establish(passing.url()).unwrap();
    assert_eq!(count(&mut still_connected, "pg_class WHERE relname = 'nothing'"), 0);

    drop(passing);

    assert_eq!(count(&mut witness, &format!("pg_database WHERE datname = '{name}'")), 0);
}

#[test]
fn the_server_does_not_run_as_root_and_hears_no_network() {
    let Some(database) = fresh_database() else { return };
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection.batch_execute("CREATE TABLE who (name text)").unwrap();
    connection.batch_execute("COPY who FROM PROGRAM 'id -un'").unwrap();

    assert_eq!(count(&mut connection, "who WHERE name = 'root'"), 0);
    assert_eq!(count(&mut connection, "who"), 1);
    let silent = "pg_settings WHERE name = 'listen_addresses' AND setting = ''";
    assert_eq!(count(&mut connection, silent), 1);
}
