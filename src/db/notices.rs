//! Notices (文书), from draft to frozen document.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::notices;
use super::types::{DbAt, DbDoc, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::outcome::Outcome;

/// A row of `notices`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notices, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct NoticeRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Kind.
    pub kind: NoticeKind,
    /// Where it stands.
    pub status: NoticeStatus,
    /// Outcome, for replies.
    pub outcome: Option<Outcome>,
    /// Title.
    pub title: String,
    /// The structured notice as it was issued; an empty object before.
    #[diesel(serialize_as = DbDoc)]
    pub content: Value,
    /// What the officer entered.
    #[diesel(serialize_as = DbDoc)]
    pub fields: Value,
    /// Wording template.
    pub template_code: String,
    /// Its version.
    pub template_version: String,
    /// Series of its number.
    pub series: Option<String>,
    /// 文号 as printed.
    pub number: Option<String>,
    /// Year of the number.
    pub number_year: Option<i32>,
    /// Running number.
    pub number_n: Option<i32>,
    /// Who drafted it; none for what the program issues by itself.
    pub drafted_by: Maybe<Uuid>,
    /// When it went to the approver.
    pub submitted_at: Maybe<DateTime<Utc>>,
    /// Who approved it.
    pub approved_by: Maybe<Uuid>,
    /// When.
    pub approved_at: Maybe<DateTime<Utc>>,
    /// Why it was sent back.
    pub return_reason: Option<String>,
    /// Who issued it.
    pub issued_by: Maybe<Uuid>,
    /// 成文日期.
    pub issued_on: Option<NaiveDate>,
    /// SHA-256 of the canonical structured notice.
    pub content_sha256: Option<String>,
    /// Where the PDF is stored.
    pub pdf_key: Option<String>,
    /// Its SHA-256.
    pub pdf_sha256: Option<String>,
    /// Its size.
    pub pdf_bytes: Option<i64>,
    /// Where the DOCX is stored.
    pub docx_key: Option<String>,
    /// Its SHA-256.
    pub docx_sha256: Option<String>,
    /// Its size.
    pub docx_bytes: Option<i64>,
    /// When the bytes were frozen.
    pub rendered_at: Maybe<DateTime<Utc>>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was begun.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// Enters a notice.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown request.
pub fn insert(conn: &mut Conn, row: NoticeRow) -> Result<(), StoreError> {
    diesel::insert_into(notices::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: NoticeRow) -> Result<NoticeRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = NoticeRow { version: read + 1, ..row };
    let changed = diesel::update(notices::table.find(DbId(id)))
        .filter(notices::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The notice with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<NoticeRow, StoreError> {
    find(conn, id)?.ok_or(StoreError::NotFound)
}

/// The notice with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<NoticeRow>, StoreError> {
    let found = notices::table.find(DbId(id)).select(NoticeRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The notices of a request in the order they were begun.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_request(conn: &mut Conn, request: Uuid) -> Result<Vec<NoticeRow>, StoreError> {
    Ok(notices::table
        .filter(notices::request_id.eq(DbId(request)))
        .order(notices::id.asc())
        .select(NoticeRow::as_select())
        .load(conn)?)
}
