//! What is published for everybody: drafts, publications, and the files that belong to them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::files::FileRow;
use super::schema::{agencies, files, publication_files, publications, requests};
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError, cas};
use crate::domain::event::SecrecyFinding;
use crate::domain::outcome::Outcome;
use crate::domain::publication::PublicationState;

/// A row of `publications`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = publications, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct PublicationRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency that drafted it, and is named as 发布机构; its successor handles it.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// The request it comes from; never shown to the public.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// 信息名称.
    pub title: String,
    /// What a search looks at.
    pub words: String,
    /// The head of the catalogue.
    #[diesel(serialize_as = DbDoc)]
    pub head: Value,
    /// How the content of the files was checked.
    pub content_check: String,
    /// Why traces of people that were found are none.
    pub findings_kept: String,
    /// Where it stands.
    pub state: PublicationState,
    /// The finding on secrecy of what is submitted.
    pub secrecy: Option<SecrecyFinding>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// Who did what.
    #[diesel(serialize_as = DbDoc)]
    pub history: Value,
    /// Version of this row, from 1.
    pub version: i32,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
    /// An HMAC over what it says and over its history; empty in rows of an earlier program.
    pub seal: String,
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct PublicationFilter {
    /// Only of these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only in this state.
    pub state: Option<PublicationState>,
    /// Only with these words in head.
    pub words: Option<String>,
    /// Only those before this place: the day of publication and the id.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: i64,
}

/// Enters a publication with its files.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert(conn: &mut Conn, row: PublicationRow, files: &[Uuid]) -> Result<(), StoreError> {
    let id = row.id;
    diesel::insert_into(publications::table).values(row).execute(conn)?;
    enter_files(conn, id, files)
}

fn enter_files(conn: &mut Conn, id: Uuid, files: &[Uuid]) -> Result<(), StoreError> {
    for (n, file) in (1_i32..).zip(files) {
        diesel::insert_into(publication_files::table)
            .values((
                publication_files::publication_id.eq(DbId(id)),
                publication_files::n.eq(n),
                publication_files::file_id.eq(DbId(*file)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Replaces the row that was read with `row.version`, and its files where some are given; returns
/// it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(
    conn: &mut Conn,
    row: PublicationRow,
    files: Option<&[Uuid]>,
) -> Result<PublicationRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = PublicationRow { version: read + 1, ..row };
    let changed = diesel::update(publications::table.find(DbId(id)))
        .filter(publications::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|found| found.is_some()))?;
    if let Some(files) = files {
        let old = publication_files::table.filter(publication_files::publication_id.eq(DbId(id)));
        diesel::delete(old).execute(conn)?;
        enter_files(conn, id, files)?;
    }
    Ok(next)
}

/// The one with this id and the name of its agency, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<(PublicationRow, String)>, StoreError> {
    Ok(publications::table
        .inner_join(agencies::table)
        .filter(publications::id.eq(DbId(id)))
        .select((PublicationRow::as_select(), agencies::name))
        .get_result(conn)
        .optional()?)
}

/// Its files, in their order.
///
/// # Errors
///
/// Only failures of the database.
pub fn files_of(conn: &mut Conn, id: Uuid) -> Result<Vec<FileRow>, StoreError> {
    Ok(publication_files::table
        .inner_join(files::table)
        .filter(publication_files::publication_id.eq(DbId(id)))
        .order(publication_files::n.asc())
        .select(FileRow::as_select())
        .load(conn)?)
}

/// The ids of its files, in their order.
///
/// # Errors
///
/// Only failures of the database.
pub fn file_ids(conn: &mut Conn, id: Uuid) -> Result<Vec<Uuid>, StoreError> {
    Ok(publication_files::table
        .filter(publication_files::publication_id.eq(DbId(id)))
        .order(publication_files::n.asc())
        .select(publication_files::file_id)
        .load(conn)?)
}

/// Those after this one, in order of age: for verification in pages.
///
/// # Errors
///
/// Only failures of the database.
pub fn after(conn: &mut Conn, after: Uuid, limit: i64) -> Result<Vec<PublicationRow>, StoreError> {
    Ok(publications::table
        .filter(publications::id.gt(DbId(after)))
        .order(publications::id.asc())
        .limit(limit)
        .select(PublicationRow::as_select())
        .load(conn)?)
}

/// Those without a seal, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn unattested(conn: &mut Conn, limit: i64) -> Result<Vec<PublicationRow>, StoreError> {
    Ok(publications::table
        .filter(publications::seal.eq(""))
        .order(publications::id.asc())
        .limit(limit)
        .select(PublicationRow::as_select())
        .load(conn)?)
}

/// A page of them, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(
    conn: &mut Conn,
    filter: &PublicationFilter,
) -> Result<Vec<(PublicationRow, String)>, StoreError> {
    let mut query = publications::table
        .inner_join(agencies::table)
        .select((PublicationRow::as_select(), agencies::name))
        .into_boxed::<MultiBackend>();
    if let Some(ids) = &filter.agencies {
        let ids: Vec<DbId> = ids.iter().copied().map(DbId).collect();
        // A successor goes on with what a merged agency published.
        let theirs = requests::table.filter(requests::agency_id.eq_any(ids)).select(requests::id);
        query = query.filter(publications::request_id.eq_any(theirs));
    }
    if let Some(state) = filter.state {
        query = query.filter(publications::state.eq(state));
    }
    if let Some(words) = &filter.words {
        let like = words.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        query = query.filter(publications::words.like(format!("%{like}%")).escape('!'));
    }
    if let Some(before) = filter.before {
        query = query.filter(publications::id.lt(DbId(before)));
    }
    Ok(query.order(publications::id.desc()).limit(filter.limit).load(conn)?)
}

/// Requests by which information was released and from which nothing is published or drafted yet,
/// newest first, from the one before `before` on.
///
/// # Errors
///
/// Only failures of the database.
pub fn released(
    conn: &mut Conn,
    of: Option<&[Uuid]>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let published = publications::table
        .filter(publications::request_id.eq(requests::id))
        .filter(publications::state.ne(PublicationState::Withdrawn));
    let mut query = requests::table.select(requests::id).into_boxed::<MultiBackend>();
    query = query
        .filter(requests::outcome.eq_any(vec![Outcome::G2, Outcome::P1]))
        .filter(requests::reply_on.is_not_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(published)));
    if let Some(of) = of {
        let of: Vec<DbId> = of.iter().copied().map(DbId).collect();
        query = query.filter(requests::agency_id.eq_any(of));
    }
    if let Some(before) = before {
        query = query.filter(requests::id.lt(DbId(before)));
    }
    Ok(query.order(requests::id.desc()).limit(limit).load(conn)?)
}

/// Whether something is published or drafted from any of these requests.
///
/// # Errors
///
/// Only failures of the database.
pub fn any_of(conn: &mut Conn, requests: &[Uuid]) -> Result<bool, StoreError> {
    let ids: Vec<DbId> = requests.iter().copied().map(DbId).collect();
    let there = publications::table
        .filter(publications::request_id.eq_any(ids))
        .filter(publications::state.ne(PublicationState::Withdrawn));
    Ok(diesel::select(diesel::dsl::exists(there)).get_result(conn)?)
}
