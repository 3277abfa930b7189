//! Every sealed text of the database, wherever it stands: to count them by key, and to replace them
//! when the key changes.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use super::per_backend::dialect;
use super::types::{DbId, DbUuid};
use super::{Conn, MultiBackend, StoreError};

/// A column of sealed texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// Its key.
    pub key: &'static str,
    /// The column; texts in it are bound to the place `<table>.<column>/<key>`.
    pub column: &'static str,
}

/// All columns of sealed texts. A column that is missing here is forgotten at a change of keys.
pub const COLUMNS: [Column; 6] = [
    Column { table: "applications", key: "request_id", column: "identity_cipher" },
    Column { table: "outbox", key: "id", column: "recipient" },
    Column { table: "record_corrections", key: "id", column: "identity_cipher" },
    Column { table: "record_letters", key: "id", column: "content_cipher" },
    Column { table: "complaints", key: "id", column: "complainant_cipher" },
    Column { table: "file_findings", key: "id", column: "findings_cipher" },
];

/// A sealed text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
pub struct SealedText {
    /// Key of the row.
    #[diesel(sql_type = DbUuid)]
    pub id: Uuid,
    /// The text.
    #[diesel(sql_type = Text)]
    pub text: String,
}

/// How many texts begin with the same algorithm and key.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
pub struct Counted {
    /// `gk1.2140542d.`
    #[diesel(sql_type = Text)]
    pub prefix: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub texts: i64,
}

impl Column {
    /// Where the text of a row stands; what its sealing is bound to.
    #[must_use]
    pub fn place(self, id: Uuid) -> String {
        format!("{}.{}/{id}", self.table, self.column)
    }
}

/// Texts after the row `after` that do not begin with `prefix`, in order of their rows.
///
/// # Errors
///
/// Only failures of the database.
pub fn others(
    conn: &mut Conn,
    Column { table, key, column }: Column,
    prefix: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<SealedText>, StoreError> {
    let sql = dialect::sql(
        conn,
        &format!(
            "SELECT {key} AS id, {column} AS text FROM {table} WHERE {key} > $1 AND {column} IS NOT NULL \
             AND substr({column}, 1, 13) <> $2 ORDER BY {key} LIMIT $3"
        ),
    );
    Ok(diesel::sql_query(sql)
        .bind::<DbUuid, _>(DbId(after))
        .bind::<Text, _>(prefix)
        .bind::<BigInt, _>(limit)
        .load(conn)?)
}

/// Replaces the text of a row if it is still the one that was read; says whether it was.
///
/// # Errors
///
/// Only failures of the database.
pub fn replace(
    conn: &mut Conn,
    Column { table, key, column }: Column,
    read: &SealedText,
    text: &str,
) -> Result<bool, StoreError> {
    let sql = dialect::sql(
        conn,
        &format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3"),
    );
    let changed = diesel::sql_query(sql)
        .bind::<Text, _>(text)
        .bind::<DbUuid, _>(DbId(read.id))
        .bind::<Text, _>(&read.text)
        .execute(conn)?;
    Ok(changed == 1)
}

/// Counts the texts of a column by algorithm and key.
///
/// # Errors
///
/// Only failures of the database.
pub fn count(
    conn: &mut Conn,
    Column { table, column, .. }: Column,
) -> Result<Vec<Counted>, StoreError> {
    let sql = format!(
        "SELECT substr({column}, 1, 13) AS prefix, COUNT(*) AS texts FROM {table} \
         WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
    );
    Ok(diesel::sql_query(sql).load(conn)?)
}
