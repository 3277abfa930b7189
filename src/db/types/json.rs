//! JSON documents: `jsonb` on PostgreSQL, checked text on SQLite.
//!
//! `jsonb` sorts the keys of objects and drops repeated ones; nothing may depend on the order of
//! keys in what was written (hashes are taken over a canonical form, not over this column).

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Jsonb, SqlType, Text};
use diesel::sqlite::Sqlite;
use serde_json::Value;

/// SQL type of a JSON document; its Rust value is [`serde_json::Value`].
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct DbJson;

super::through_multi_backend!(DbJson, Value);

/// A JSON document on its way into a column that must have one.
#[derive(AsExpression, Clone, Debug, PartialEq, Eq)]
#[diesel(sql_type = DbJson)]
pub struct DbDoc(pub Value);

super::written_as!(DbDoc, Value, DbJson);

impl ToSql<DbJson, Pg> for Value {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(self, out)
    }
}

impl FromSql<DbJson, Pg> for Value {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <Self as FromSql<Jsonb, Pg>>::from_sql(bytes)
    }
}

impl ToSql<DbJson, Sqlite> for Value {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(self)?);
        Ok(IsNull::No)
    }
}

impl FromSql<DbJson, Sqlite> for Value {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(bytes)?;
        Ok(serde_json::from_str(&text)?)
    }
}
