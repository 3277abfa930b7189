//! Instants: `timestamptz` on PostgreSQL, fixed-width RFC 3339 text in UTC on SQLite.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{SqlOrd, SqlType, Text, Timestamptz};
use diesel::sqlite::Sqlite;

/// SQL type of an instant; its Rust value is `DateTime<Utc>`, kept to the microsecond.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct DbTs;

/// Allows `max()` and `min()` on instants.
impl SqlOrd for DbTs {}

super::through_multi_backend!(DbTs, DateTime<Utc>);

/// An instant on its way into a column that must have one.
#[derive(AsExpression, Clone, Copy, Debug, PartialEq, Eq)]
#[diesel(sql_type = DbTs)]
pub struct DbAt(pub DateTime<Utc>);

super::written_as!(DbAt, DateTime<Utc>, DbTs);

/// Cuts an instant to what the database keeps, so that what was written equals what is read.
#[must_use]
pub fn to_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

impl ToSql<DbTs, Pg> for DateTime<Utc> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(self, out)
    }
}

impl FromSql<DbTs, Pg> for DateTime<Utc> {
    fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <Self as FromSql<Timestamptz, Pg>>::from_sql(bytes)
    }
}

impl ToSql<DbTs, Sqlite> for DateTime<Utc> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        // The same width for every value: the order of the texts is the order of the instants.
        out.set_value(self.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<DbTs, Sqlite> for DateTime<Utc> {
    fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(bytes)?;
        Ok(DateTime::parse_from_rfc3339(&text)?.with_timezone(&Utc))
    }
}
