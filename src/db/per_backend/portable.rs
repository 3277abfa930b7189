//! Statements that are valid on both backends but that diesel's neutral dialect forbids.

use diesel::connection::Connection;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl, Selectable};

use crate::db::{Conn, MultiBackend};

/// Lets a statement through that is a statement of PostgreSQL *and* of SQLite, above all
/// `INSERT … ON CONFLICT`: `Portable(insert_into(t).values(&row).on_conflict(t::k).do_nothing())`.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Portable<T>(pub T);

impl<T> QueryFragment<MultiBackend> for Portable<T>
where
    T: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<T: Query> Query for Portable<T> {
    type SqlType = T::SqlType;
}

impl<T> RunQueryDsl<Conn> for Portable<T> where Conn: Connection {}

/// A statement whose text never depends on its values, so that the database prepares it once.
///
/// diesel prepares every `UPDATE` and `ON CONFLICT DO UPDATE` anew, because a changeset could leave
/// columns out. Ours never do (`treat_none_as_null`), and preparing cost a third of such a write.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct Cached<T>(pub T);

impl<T> QueryFragment<MultiBackend> for Cached<T>
where
    T: QueryFragment<MultiBackend>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &MultiBackend) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T: Query> Query for Cached<T> {
    type SqlType = T::SqlType;
}

impl<T> RunQueryDsl<Conn> for Cached<T> where Conn: Connection {}

/// The columns of a row type as a plain tuple, for `RETURNING` on a `Conn`, where
/// `Row::as_returning()` does not compile.
#[must_use]
pub fn cols<T: Selectable<MultiBackend>>() -> T::SelectExpression {
    T::construct_selection()
}
