//! SQL types that mean the same on both backends.
//!
//! | SQL type | Rust value | PostgreSQL | SQLite |
//! |---|---|---|---|
//! | [`DbUuid`] | `uuid::Uuid` | `uuid` | 16-byte `BLOB` |
//! | [`DbTs`] | `DateTime<Utc>` | `timestamptz` | `TEXT`, fixed width, microseconds |
//! | [`DbJson`] | `serde_json::Value` | `jsonb` | `TEXT` |
//!
//! The plain Rust values come out of every column and go into columns that may be null (as an
//! `Option`, also in filters: `.eq(Some(id))`). For a column that must have a value, Rust's orphan
//! rule wants a type of ours: [`DbId`], [`DbAt`] or [`DbDoc`] – `.eq(DbId(id))` in a filter,
//! `#[diesel(serialize_as = DbId)]` on the field of a row. Enums: see
//! [`stored_as_text`](crate::stored_as_text).

mod instant;
mod json;
mod text;
mod uuid;

pub use instant::{DbAt, DbTs, to_micros};
pub use json::{DbDoc, DbJson};
pub use uuid::{DbId, DbUuid};

/// `Option` by another name, for fields of a row that derives `AsChangeset` and whose inner type is
/// `Uuid`, `DateTime<Utc>` or `Value`: diesel's derive (2.3) asks too much of a field it sees to be
/// an `Option`. None is written as NULL.
pub type Maybe<T> = Option<T>;

/// Lets a value of SQL type `$st` pass through the backend-neutral `MultiBackend` by handing it to
/// whichever backend is really there.
macro_rules! through_multi_backend {
    ($st:ty, $rust:ty) => {
        impl diesel::sql_types::HasSqlType<$st> for crate::db::MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$st>(lookup)
            }
        }
        impl diesel::serialize::ToSql<$st, crate::db::MultiBackend> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, crate::db::MultiBackend>,
            ) -> diesel::serialize::Result {
                out.set_value((<$st>::default(), self));
                Ok(diesel::serialize::IsNull::No)
            }
        }
        impl diesel::deserialize::FromSql<$st, crate::db::MultiBackend> for $rust {
            fn from_sql(
                bytes: crate::db::conn::MultiRawValue<'_>,
            ) -> diesel::deserialize::Result<Self> {
                bytes.from_sql::<$rust, $st>()
            }
        }
    };
}
use through_multi_backend;

/// Writes the wrapper `$wrapper` of `$rust` to SQL type `$st` on every backend.
macro_rules! written_as {
    ($wrapper:ident, $rust:ty, $st:ty) => {
        impl From<$rust> for $wrapper {
            fn from(value: $rust) -> Self {
                Self(value)
            }
        }
        impl<DB> diesel::serialize::ToSql<$st, DB> for $wrapper
        where
            DB: diesel::backend::Backend,
            $rust: diesel::serialize::ToSql<$st, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<$st, DB>::to_sql(&self.0, out)
            }
        }
    };
}
use written_as;
