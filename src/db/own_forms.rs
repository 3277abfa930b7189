//! Forms that an agency made itself (自制表格) and their versions. The bytes lie in the file store under
//! their digest, for good.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{own_form_versions, own_forms};
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError, cas};

/// A row of `own_forms`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = own_forms, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct OwnFormRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// The agency it belongs to.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Name, unique in its agency.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// How to use it; may be empty.
    pub description: String,
    /// Number of the latest version, from 1.
    pub latest: i32,
    /// Day from which it is offered no more.
    pub retired_on: Option<NaiveDate>,
    /// Version of this row, from 1.
    pub version: i32,
    /// When the first version came.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[diesel(serialize_as = DbAt)]
    pub updated_at: DateTime<Utc>,
}

/// A row of `own_form_versions`. Rows do not change.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = own_form_versions, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct OwnFormVersionRow {
    /// The form.
    #[diesel(serialize_as = DbId)]
    pub form_id: Uuid,
    /// Number of the version, from 1.
    pub n: i32,
    /// File name as the sender gave it, cleaned.
    pub file_name: String,
    /// SHA-256 of the file that is kept, 64 hex digits.
    pub sha256: String,
    /// Its length in bytes.
    pub size_bytes: i64,
    /// Its placeholders with their places, and what else it carries.
    #[diesel(serialize_as = DbDoc)]
    pub contents: Value,
    /// Who uploaded it.
    #[diesel(serialize_as = DbId)]
    pub uploaded_by: Uuid,
    /// When.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
}

/// Enters a form.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] `own_forms_agency_id_name_key`.
pub fn insert(conn: &mut Conn, row: OwnFormRow) -> Result<(), StoreError> {
    diesel::insert_into(own_forms::table).values(row).execute(conn)?;
    Ok(())
}

/// Replaces the row that was read with `row.version`; returns it with its new version.
///
/// # Errors
///
/// [`StoreError::Stale`], [`StoreError::NotFound`].
pub fn update(conn: &mut Conn, row: OwnFormRow) -> Result<OwnFormRow, StoreError> {
    let (id, read) = (row.id, row.version);
    let next = OwnFormRow { version: read + 1, ..row };
    let changed = diesel::update(own_forms::table.find(DbId(id)))
        .filter(own_forms::version.eq(read))
        .set(next.clone())
        .execute(conn)?;
    cas::one_row(changed, || find(conn, id).map(|row| row.is_some()))?;
    Ok(next)
}

/// The form with this id, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> Result<Option<OwnFormRow>, StoreError> {
    let found = own_forms::table.find(DbId(id)).select(OwnFormRow::as_select()).get_result(conn);
    Ok(found.optional()?)
}

/// The form of an agency with this name, if there is one.
///
/// # Errors
///
/// Only failures of the database.
pub fn named(conn: &mut Conn, agency: Uuid, name: &str) -> Result<Option<OwnFormRow>, StoreError> {
    let found = own_forms::table
        .filter(own_forms::agency_id.eq(DbId(agency)))
        .filter(own_forms::name.eq(name))
        .select(OwnFormRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}

/// The forms of an agency in the order they were entered, retired ones too.
///
/// # Errors
///
/// Only failures of the database.
pub fn of_agency(conn: &mut Conn, agency: Uuid) -> Result<Vec<OwnFormRow>, StoreError> {
    Ok(own_forms::table
        .filter(own_forms::agency_id.eq(DbId(agency)))
        .order(own_forms::id.asc())
        .select(OwnFormRow::as_select())
        .load(conn)?)
}

/// Enters a version.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] for a number that is taken.
pub fn insert_version(conn: &mut Conn, row: OwnFormVersionRow) -> Result<(), StoreError> {
    diesel::insert_into(own_form_versions::table).values(row).execute(conn)?;
    Ok(())
}

/// The versions of these forms, of each the newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn versions(conn: &mut Conn, forms: &[Uuid]) -> Result<Vec<OwnFormVersionRow>, StoreError> {
    let ids: Vec<DbId> = forms.iter().copied().map(DbId).collect();
    Ok(own_form_versions::table
        .filter(own_form_versions::form_id.eq_any(ids))
        .order((own_form_versions::form_id.asc(), own_form_versions::n.desc()))
        .select(OwnFormVersionRow::as_select())
        .load(conn)?)
}

/// One version of a form, if there is one of this number.
///
/// # Errors
///
/// Only failures of the database.
pub fn version(
    conn: &mut Conn,
    form: Uuid,
    n: i32,
) -> Result<Option<OwnFormVersionRow>, StoreError> {
    let found = own_form_versions::table
        .find((DbId(form), n))
        .select(OwnFormVersionRow::as_select())
        .get_result(conn);
    Ok(found.optional()?)
}

/// Name, number and digest of every version there is.
///
/// # Errors
///
/// Only failures of the database.
pub fn all_versions(conn: &mut Conn) -> Result<Vec<(String, i32, String)>, StoreError> {
    let forms = own_forms::table.order(own_forms::id.asc());
    let forms: Vec<OwnFormRow> = forms.select(OwnFormRow::as_select()).load(conn)?;
    let mut found = Vec::new();
    for form in forms {
        let own = versions(conn, &[form.id])?.into_iter();
        found.extend(own.map(|version| (form.name.clone(), version.n, version.sha256)));
    }
    Ok(found)
}
