//! The words of requests, for finding those that ask for the same: one row a pair of characters and
//! request. See `domain/similarity.rs` for what a term is.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use super::per_backend::dialect;
use super::types::DbUuid;
use super::{Conn, MultiBackend, StoreError};

/// Enters the terms of a request; those that stand already are left.
///
/// # Errors
///
/// Only failures of the database.
pub fn enter(conn: &mut Conn, request: Uuid, terms: &[i64]) -> Result<(), StoreError> {
    if terms.is_empty() {
        return Ok(());
    }
    // Terms are numbers and the id is one: nothing of a person's text stands in this statement.
    let id = dialect::uuid_literal(conn, request);
    let rows: Vec<String> = terms.iter().map(|term| format!("({term},{id})")).collect();
    let sql = format!(
        "INSERT INTO request_terms (term, request_id) VALUES {} ON CONFLICT DO NOTHING",
        rows.join(",")
    );
    diesel::sql_query(sql).execute(conn)?;
    Ok(())
}

/// How many requests bear each of `terms`, counted up to `most`.
///
/// # Errors
///
/// Only failures of the database.
pub fn frequencies(
    conn: &mut Conn,
    terms: &[i64],
    most: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    // Counting stops at `most`: the pairs that half of all requests bear cost no more than others.
    let counted: Vec<String> = terms
        .iter()
        .map(|term| {
            format!(
                "SELECT CAST({term} AS BIGINT) AS term, (SELECT COUNT(*) FROM (SELECT 1 FROM request_terms \
                 WHERE term = {term} LIMIT {most}) AS bearers) AS requests"
            )
        })
        .collect();
    let found: Vec<Frequency> = diesel::sql_query(counted.join(" UNION ALL ")).load(conn)?;
    Ok(found.into_iter().map(|row| (row.term, row.requests)).collect())
}

/// The requests that bear most of `terms`, best first, at most `limit`; at most `read` entries are
/// looked at.
///
/// # Errors
///
/// Only failures of the database.
pub fn bearing(
    conn: &mut Conn,
    terms: &[i64],
    read: i64,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
    let sql = format!(
        "SELECT request_id AS id, COUNT(*) AS requests FROM (SELECT request_id FROM request_terms \
         WHERE term IN ({}) LIMIT {read}) AS borne GROUP BY request_id ORDER BY 2 DESC, 1 DESC LIMIT {limit}",
        terms.join(",")
    );
    let found: Vec<Bearer> = diesel::sql_query(sql).load(conn)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
struct Frequency {
    #[diesel(sql_type = BigInt)]
    term: i64,
    #[diesel(sql_type = BigInt)]
    requests: i64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
struct Bearer {
    #[diesel(sql_type = DbUuid)]
    id: Uuid,
}
