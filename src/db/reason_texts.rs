//! The library of reasons, and which issued replies used which entry.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::schema::{notices, reason_texts, reason_uses, remedies, requests};
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::command::{RemedyKindOpened, RemedyResult};
use crate::domain::notice::NoticeStatus;
use crate::domain::outcome::Outcome;

/// A row of `reason_texts`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reason_texts, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ReasonTextRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency whose entry it is; none for the whole county.
    pub agency_id: Maybe<Uuid>,
    /// The outcome it gives reasons for.
    pub outcome: Outcome,
    /// The provisions it rests on.
    pub article: String,
    /// What sort of case it is for.
    pub title: String,
    /// The wording.
    pub wording: String,
    /// When to use it.
    pub notes: String,
    /// The entry it replaces.
    pub replaces: Maybe<Uuid>,
    /// Day it was retired.
    pub retired_on: Option<NaiveDate>,
    /// Why.
    pub retired_why: String,
    /// Who added it.
    #[diesel(serialize_as = DbId)]
    pub added_by: Uuid,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was added.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// A row of `reason_uses`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reason_uses, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ReasonUseRow {
    /// The entry.
    #[diesel(serialize_as = DbId)]
    pub reason_id: Uuid,
    /// The reply.
    #[diesel(serialize_as = DbId)]
    pub notice_id: Uuid,
    /// The request it lies with.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Day it was issued.
    pub issued_on: NaiveDate,
}

/// Adds an entry.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown agency or predecessor.
pub fn insert(conn: &mut Conn, row: ReasonTextRow) -> Result<(), StoreError> {
    diesel::insert_into(reason_texts::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody else was first, [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: ReasonTextRow) -> Result<ReasonTextRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = ReasonTextRow { version: read + 1, ..row };
    let changed = diesel::update(reason_texts::table.find(DbId(id)))
        .filter(reason_texts::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The entry with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<ReasonTextRow>, StoreError> {
    let found =
        reason_texts::table.find(DbId(id)).select(ReasonTextRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// Which entries a list shows.
#[derive(Debug, Clone, Default)]
pub struct ReasonTextFilter {
    /// Only those of these agencies and of the whole county.
    pub agencies: Option<Vec<Uuid>>,
    /// Only for this outcome.
    pub outcome: Option<Outcome>,
    /// Retired ones as well.
    pub retired: bool,
    /// Only with these words in title, wording, provisions or notes.
    pub words: Option<String>,
    /// Only those older than this one.
    pub after: Option<Uuid>,
    /// How many at most.
    pub limit: i64,
}

/// A page of the library, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, filter: &ReasonTextFilter) -> Result<Vec<ReasonTextRow>, StoreError> {
    let mut query =
        reason_texts::table.select(ReasonTextRow::as_select()).into_boxed::<MultiBackend>();
    if let Some(agencies) = &filter.agencies {
        let ids: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        let own = reason_texts::agency_id.assume_not_null().eq_any(ids);
        query = query.filter(reason_texts::agency_id.is_null().or(own));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(reason_texts::outcome.eq(outcome));
    }
    if !filter.retired {
        query = query.filter(reason_texts::retired_on.is_null());
    }
    if let Some(words) = &filter.words {
        let like = format!("%{}%", literal(words));
        query = query.filter(
            reason_texts::title
                .like(like.clone())
                .escape('!')
                .or(reason_texts::wording.like(like.clone()).escape('!'))
                .or(reason_texts::article.like(like.clone()).escape('!'))
                .or(reason_texts::notes.like(like).escape('!')),
        );
    }
    if let Some(after) = filter.after {
        query = query.filter(reason_texts::id.lt(DbId(after)));
    }
    Ok(query.order(reason_texts::id.desc()).limit(filter.limit).load(conn)?)
}

/// Words as they stand, whatever signs of a pattern are among them.
fn literal(words: &str) -> String {
    words.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Puts on record which entries an issued reply used.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for one that is on record already.
pub fn record_uses(conn: &mut Conn, rows: Vec<ReasonUseRow>) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(reason_uses::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// A use with the reply's number, and agency and number of its request.
pub type Use = (ReasonUseRow, Option<String>, Uuid, String);

/// The replies in force that used these entries, newest first. A voided number is no use.
///
/// # Errors
///
/// Only failures of the database.
pub fn uses(conn: &mut Conn, reasons: &[Uuid]) -> Result<Vec<Use>, StoreError> {
    let ids: Vec<DbId> = reasons.iter().copied().map(DbId).collect();
    Ok(reason_uses::table
        .inner_join(notices::table.on(notices::id.eq(reason_uses::notice_id)))
        .inner_join(requests::table.on(requests::id.eq(reason_uses::request_id)))
        .filter(reason_uses::reason_id.eq_any(ids))
        .filter(notices::status.eq(NoticeStatus::Issued))
        .order((reason_uses::issued_on.desc(), reason_uses::notice_id.desc()))
        .select((ReasonUseRow::as_select(), notices::number, requests::agency_id, requests::number))
        .load(conn)?)
}

/// A remedy against a reply that used an entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[diesel(check_for_backend(MultiBackend))]
pub struct Fared {
    /// The entry.
    pub reason_id: Uuid,
    /// The reply.
    pub notice_id: Uuid,
    /// Which remedy.
    pub kind: RemedyKindOpened,
    /// Review body or court.
    pub body: String,
    /// Its case number.
    pub case_number: String,
    /// Day it was announced.
    pub opened_on: NaiveDate,
    /// Day of its end.
    pub decided_on: Option<NaiveDate>,
    /// Its end.
    pub result: Option<RemedyResult>,
}

/// The remedies against the replies that used these entries.
///
/// # Errors
///
/// Only failures of the database.
pub fn fared(conn: &mut Conn, reasons: &[Uuid]) -> Result<Vec<Fared>, StoreError> {
    let ids: Vec<DbId> = reasons.iter().copied().map(DbId).collect();
    Ok(reason_uses::table
        .inner_join(remedies::table.on(remedies::against.eq(reason_uses::notice_id.nullable())))
        .filter(reason_uses::reason_id.eq_any(ids))
        .order((remedies::opened_on.asc(), remedies::request_id.asc(), remedies::n.asc()))
        .select((
            reason_uses::reason_id,
            reason_uses::notice_id,
            remedies::kind,
            remedies::body,
            remedies::case_number,
            remedies::opened_on,
            remedies::decided_on,
            remedies::result,
        ))
        .load(conn)?)
}
