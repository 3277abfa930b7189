//! The only place that knows which database is behind a [`Conn`](crate::db::Conn).
//!
//! [`tx`]: transactions (`BEGIN IMMEDIATE` on SQLite) and savepoints. [`portable`]: statements that
//! diesel's backend-neutral dialect forbids. [`dialect`]: SQL texts that differ in a word.
//! [`migrations`]: two folders, one list of names. [`many`]: many rows in one statement.

pub mod dialect;
pub mod many;
pub mod migrations;
pub mod portable;
pub mod tx;

/// Runs the same diesel expression on the concrete connection inside a `Conn`.
///
/// For what compiles on both backends but not on the neutral one, above all inserting many rows:
/// `each!(conn, |c| insert_into(t).values(&rows).execute(c))` – one statement on PostgreSQL, one a
/// row on SQLite.
#[macro_export]
macro_rules! each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
