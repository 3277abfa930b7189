//! The audit log: who did what, also what was refused. Nothing here changes or deletes an entry.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::audit_log;
use super::types::{DbAt, DbDoc, DbId};
use super::{Conn, MultiBackend, StoreError};

/// A row of `audit_log`.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct AuditRow {
    /// UUID v7: the log is read in the order of its ids.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// When.
    #[diesel(serialize_as = DbAt)]
    pub at: DateTime<Utc>,
    /// Who, if a person of ours.
    pub actor_id: Option<Uuid>,
    /// Who, in words.
    pub actor_label: String,
    /// What, a stable name such as `notice.issue`.
    pub action: String,
    /// What kind of thing it was done to.
    pub object_kind: String,
    /// To which.
    pub object_id: Option<Uuid>,
    /// `ok`, `refused` or `failed`.
    pub outcome: String,
    /// More about it; no personal data.
    #[diesel(serialize_as = DbDoc)]
    pub detail: Value,
    /// The request id of the HTTP call, to find it in the log files.
    pub request_id_header: Option<String>,
}

/// What to list; everything that is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only about this kind of thing.
    pub object_kind: Option<String>,
    /// Only about this thing.
    pub object_id: Option<Uuid>,
    /// Only by this person.
    pub actor_id: Option<Uuid>,
    /// Not before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
}

/// Adds an entry, usually in the transaction it tells about.
///
/// # Errors
///
/// [`StoreError::CheckViolation`] for an unknown outcome.
pub fn append(conn: &mut Conn, row: AuditRow) -> Result<(), StoreError> {
    diesel::insert_into(audit_log::table).values(row).execute(conn)?;
    Ok(())
}

/// One page, newest first. `before` is the id of the last entry of the page before.
///
/// # Errors
///
/// Only failures of the database.
pub fn page(
    conn: &mut Conn,
    filter: &AuditFilter,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let mut query = audit_log::table.select(AuditRow::as_select()).into_boxed::<MultiBackend>();
    if let Some(kind) = filter.object_kind.clone() {
        query = query.filter(audit_log::object_kind.eq(kind));
    }
    if filter.object_id.is_some() {
        query = query.filter(audit_log::object_id.eq(filter.object_id));
    }
    if filter.actor_id.is_some() {
        query = query.filter(audit_log::actor_id.eq(filter.actor_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_log::at.ge(DbAt(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_log::at.lt(DbAt(until)));
    }
    if let Some(before) = before {
        query = query.filter(audit_log::id.lt(DbId(before)));
    }
    Ok(query.order(audit_log::id.desc()).limit(limit).load(conn)?)
}
