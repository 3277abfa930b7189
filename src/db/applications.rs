//! The application as submitted, kept unchanged; numbers of identity documents only encrypted.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::applications;
use super::types::{DbAt, DbDoc, DbId};
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
    /// The form without numbers of identity documents.
    #[diesel(serialize_as = DbDoc)]
    pub form: Value,
    /// Name of the applicant.
    pub applicant_name: String,
    /// Telephone, empty when none was given.
    pub phone: String,
    /// E-mail, empty when none was given.
    pub email: String,
    /// The numbers of identity documents, encrypted.
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
