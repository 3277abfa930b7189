//! The application as submitted, kept unchanged; personal data only encrypted, with digests that
//! find the same person, telephone or address again.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use serde_json::Value;
use uuid::Uuid;

use super::per_backend::dialect;
use super::schema::applications;
use super::types::{DbAt, DbDoc, DbId, DbUuid};
use super::{Conn, MultiBackend, StoreError};
use crate::domain::applicant::ApplicantKind;

/// A row of `applications`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = applications, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ApplicationRow {
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Column of the annual report.
    pub kind: ApplicantKind,
    /// The form without what is sealed.
    #[diesel(serialize_as = DbDoc)]
    pub form: Value,
    /// Name of the applicant.
    pub applicant_name: String,
    /// Empty; held the telephone in rows that are not sealed yet.
    pub phone: String,
    /// Empty; held the e-mail in rows that are not sealed yet.
    pub email: String,
    /// Numbers of identity documents, ways of contact, agent: encrypted.
    pub identity_cipher: Option<String>,
    /// Keyed digest of the applicant's number, for equality search.
    pub identity_digest: Option<String>,
    /// Keyed digest that stands for the applicant across requests.
    pub applicant_key: String,
    /// Digest of what was asked for.
    pub content_digest: String,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// Whether personal data has left the form for the sealed text.
    pub sealed: bool,
    /// Keyed digest of the telephone.
    pub phone_digest: Option<String>,
    /// Keyed digest of the postal address.
    pub address_digest: Option<String>,
    /// Keyed digest of the agent's number.
    pub agent_digest: Option<String>,
    /// Whether its words can be searched.
    pub indexed: bool,
}

/// What a row becomes when its personal data is sealed.
#[derive(Debug, Clone)]
pub struct Sealing {
    /// The form without what is sealed.
    pub form: Value,
    /// What is sealed.
    pub identity_cipher: String,
    /// See [`ApplicationRow`].
    pub phone_digest: Option<String>,
    /// See [`ApplicationRow`].
    pub address_digest: Option<String>,
    /// See [`ApplicationRow`].
    pub agent_digest: Option<String>,
}

/// Enters an application.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when the request has one already.
pub fn insert(conn: &mut Conn, row: ApplicationRow) -> Result<(), StoreError> {
    diesel::insert_into(applications::table).values(row).execute(conn)?;
    Ok(())
}

/// The application of a request.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, request: Uuid) -> Result<ApplicationRow, StoreError> {
    let found = applications::table
        .find(DbId(request))
        .select(ApplicationRow::as_select())
        .get_result(conn);
    found.optional()?.ok_or(StoreError::NotFound)
}

/// The applications of several requests, in no order.
///
/// # Errors
///
/// Only failures of the database.
pub fn by_requests(conn: &mut Conn, requests: &[Uuid]) -> Result<Vec<ApplicationRow>, StoreError> {
    let ids: Vec<DbId> = requests.iter().copied().map(DbId).collect();
    Ok(applications::table
        .filter(applications::request_id.eq_any(ids))
        .select(ApplicationRow::as_select())
        .load(conn)?)
}

/// Rows whose personal data is not sealed yet, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn unsealed(conn: &mut Conn, limit: i64) -> Result<Vec<ApplicationRow>, StoreError> {
    Ok(applications::table
        .filter(diesel::dsl::not(applications::sealed))
        .order(applications::request_id.asc())
        .limit(limit)
        .select(ApplicationRow::as_select())
        .load(conn)?)
}

/// Replaces what a row holds in the clear by what is sealed; once.
///
/// # Errors
///
/// Only failures of the database.
pub fn seal(conn: &mut Conn, request: Uuid, sealing: Sealing) -> Result<(), StoreError> {
    diesel::update(applications::table.find(DbId(request)))
        .filter(applications::sealed.eq(false))
        .set((
            applications::form.eq(DbDoc(sealing.form)),
            applications::phone.eq(""),
            applications::email.eq(""),
            applications::identity_cipher.eq(Some(sealing.identity_cipher)),
            applications::phone_digest.eq(sealing.phone_digest),
            applications::address_digest.eq(sealing.address_digest),
            applications::agent_digest.eq(sealing.agent_digest),
            applications::sealed.eq(true),
        ))
        .execute(conn)?;
    Ok(())
}

/// Rows whose words cannot be searched yet, oldest first, at most `limit`.
///
/// # Errors
///
/// Only failures of the database.
pub fn unindexed(conn: &mut Conn, limit: i64) -> Result<Vec<ApplicationRow>, StoreError> {
    Ok(applications::table
        .filter(diesel::dsl::not(applications::indexed))
        .order(applications::request_id.asc())
        .limit(limit)
        .select(ApplicationRow::as_select())
        .load(conn)?)
}

/// Marks rows as searchable.
///
/// # Errors
///
/// Only failures of the database.
pub fn mark_indexed(conn: &mut Conn, requests: &[Uuid]) -> Result<(), StoreError> {
    for request in requests {
        diesel::update(applications::table.find(DbId(*request)))
            .set(applications::indexed.eq(true))
            .execute(conn)?;
    }
    Ok(())
}

/// The applications of these requests.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_requests(conn: &mut Conn, requests: &[Uuid]) -> Result<Vec<ApplicationRow>, StoreError> {
    let mut found = Vec::with_capacity(requests.len());
    for request in requests {
        match get(conn, *request) {
            Ok(row) => found.push(row),
            Err(StoreError::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// What two applications can have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// The applicant.
    Applicant,
    /// The telephone.
    Phone,
    /// The postal address.
    Address,
    /// The agent.
    Agent,
}

/// Requests to `agency` that arrived on or after `since` and share `tie` (a digest), newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn tied(
    conn: &mut Conn,
    (tie, digest): (Tie, &str),
    agency: Uuid,
    since: chrono::NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let column = match tie {
        Tie::Applicant => "applicant_key",
        Tie::Phone => "phone_digest",
        Tie::Address => "address_digest",
        Tie::Agent => "agent_digest",
    };
    // CROSS JOIN keeps SQLite to this order: by itself it walks all requests of the agency.
    let sql = dialect::sql(
        conn,
        &format!(
            "SELECT a.request_id AS id FROM applications a CROSS JOIN requests r \
             WHERE r.id = a.request_id AND a.{column} = $1 AND r.agency_id = $2 AND r.arrived_on >= $3 \
             ORDER BY r.arrived_on DESC, r.id DESC LIMIT $4"
        ),
    );
    let found: Vec<Id> = diesel::sql_query(sql)
        .bind::<Text, _>(digest)
        .bind::<DbUuid, _>(DbId(agency))
        .bind::<Date, _>(since)
        .bind::<BigInt, _>(limit)
        .load(conn)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// An id alone.
#[derive(QueryableByName)]
#[diesel(check_for_backend(MultiBackend))]
struct Id {
    #[diesel(sql_type = DbUuid)]
    id: Uuid,
}
