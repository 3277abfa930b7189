//! Values come back as they went in, on both backends.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use gongkai::db::per_backend::dialect;
use gongkai::db::types::{DbAt, DbDoc, DbId, DbJson, DbTs, DbUuid, to_micros};
use gongkai::db::{Conn, StoreError};
use gongkai::domain::state::State;
use serde_json::{Value, json};
use uuid::Uuid;

use super::fixtures::at;
use crate::support::backends::{TestDb, each_backend};

each_backend!(
    ids_instants_and_documents_return_unchanged,
    nothing_is_stored_finer_than_microseconds,
    an_enum_of_the_domain_is_stored_by_its_name,
);

#[derive(QueryableByName, Debug, PartialEq)]
struct Values {
    #[diesel(sql_type = DbUuid)]
    id: Uuid,
    #[diesel(sql_type = DbTs)]
    at: DateTime<Utc>,
    #[diesel(sql_type = DbJson)]
    doc: Value,
    #[diesel(sql_type = Nullable<DbUuid>)]
    none: Option<Uuid>,
}

fn round_trip(conn: &mut Conn, id: Uuid, at: DateTime<Utc>, doc: Value) -> Values {
    // A table of the server's own types, so that the values really go through the disk format.
    let (uuid, ts, json) = match dialect::name(conn) {
        "postgresql" => ("uuid", "timestamptz", "jsonb"),
        _ => ("BLOB", "TEXT", "TEXT"),
    };
    let table = format!("CREATE TEMPORARY TABLE t (id {uuid}, at {ts}, doc {json}, none {uuid})");
    diesel::sql_query(table).execute(conn).unwrap();
    let sql = dialect::sql(conn, "INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING *");
    diesel::sql_query(sql)
        .bind::<DbUuid, _>(DbId(id))
        .bind::<DbTs, _>(DbAt(at))
        .bind::<DbJson, _>(DbDoc(doc))
        .bind::<Nullable<DbUuid>, _>(None::<Uuid>)
        .get_result(conn)
        .unwrap()
}

async fn ids_instants_and_documents_return_unchanged(db: TestDb) {
    let given = Values {
        id: Uuid::now_v7(),
        at: at(0),
        doc: json!({"姓名": "张三", "n": [1, 2.5, null, true], "": "\"'\\"}),
        none: None,
    };
    let (id, instant, doc) = (given.id, given.at, given.doc.clone());
    let back: Result<Values, StoreError> =
        db.store.write(move |conn| Ok(round_trip(conn, id, instant, doc))).await;
    assert_eq!(back.unwrap(), given);
}

async fn nothing_is_stored_finer_than_microseconds(db: TestDb) {
    let fine = DateTime::from_timestamp_nanos(1_795_370_400_123_456_789);
    assert_eq!(to_micros(fine), fine.trunc_subsecs(6));
    let back: Result<Values, StoreError> =
        db.store.write(move |conn| Ok(round_trip(conn, Uuid::nil(), fine, json!(1)))).await;
    assert_eq!(back.unwrap().at, to_micros(fine));
}

/// What `stored_as_text!` makes of an enum that knows nothing of diesel; the macro is used here on
/// a type of this crate because the orphan rule wants one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stored(State);

impl Stored {
    fn as_str(self) -> &'static str {
        self.0.as_str()
    }
}

impl std::str::FromStr for Stored {
    type Err = <State as std::str::FromStr>::Err;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self)
    }
}

gongkai::stored_as_text!(Stored);

#[derive(QueryableByName, Debug)]
struct OneState {
    #[diesel(sql_type = Text)]
    v: Stored,
}

async fn an_enum_of_the_domain_is_stored_by_its_name(db: TestDb) {
    db.store
        .read(|conn| {
            let cast = dialect::sql(conn, "SELECT CAST($1 AS TEXT) AS v");
            for state in State::ALL {
                let row: OneState =
                    diesel::sql_query(&cast).bind::<Text, _>(Stored(*state)).get_result(conn)?;
                assert_eq!(row.v, Stored(*state));
            }
            let unknown =
                diesel::sql_query("SELECT 'no_such_state' AS v").get_result::<OneState>(conn);
            let error = StoreError::from(unknown.unwrap_err());
            assert!(matches!(&error, StoreError::Corrupt(text) if text.contains("no_such_state")));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}
