//! The audit log of what stands in no ledger: sign-ins, changes of agencies and people, the reading
//! of personal data.

use serde_json::Value;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::audit::{self, AuditRow};

use super::{App, AppError, Principal};

/// What happened to what.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// Verb, such as `sign_in`.
    pub action: &'a str,
    /// Kind of the object, such as `user`.
    pub object_kind: &'a str,
    /// The object.
    pub object_id: Option<Uuid>,
    /// `ok`, `refused` or `failed`.
    pub outcome: &'a str,
    /// Further facts; never personal data.
    pub detail: Value,
}

impl<'a> Note<'a> {
    /// Something that was done, without further facts.
    #[must_use]
    pub fn done(action: &'a str, object_kind: &'a str, object: Uuid) -> Self {
        let detail = Value::Object(serde_json::Map::new());
        Self { action, object_kind, object_id: Some(object), outcome: "ok", detail }
    }
}

/// Writes a line of the audit log in the caller's transaction, with the request id of the HTTP call
/// that `app` works for.
///
/// # Errors
///
/// Only failures of the database.
pub fn note(
    conn: &mut Conn,
    app: &App,
    who: Option<&Principal>,
    note: Note<'_>,
) -> Result<(), AppError> {
    // Without a call it was a command of the operator or the worker, as the ledger calls them.
    let nobody = if app.call.is_some() { "未登录" } else { "系统" };
    let row = AuditRow {
        id: Uuid::now_v7(),
        at: app.clock.now(),
        actor_id: who.map(|p| p.user.0),
        actor_label: who.map_or_else(|| nobody.to_owned(), |p| p.actor().label),
        action: note.action.to_owned(),
        object_kind: note.object_kind.to_owned(),
        object_id: note.object_id,
        outcome: note.outcome.to_owned(),
        detail: note.detail,
        request_id_header: app.call.as_deref().map(ToOwned::to_owned),
    };
    audit::append(conn, row)?;
    Ok(())
}
