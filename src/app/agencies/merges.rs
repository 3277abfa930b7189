//! One agency takes over another (机构合并、撤销): its people, its units and every one of its cases.
//!
//! The agency is closed in one transaction; then its cases pass over, each in its own, those that
//! are open first. Whoever is killed in between leaves cases behind that any worker takes up. A
//! case keeps its number and all its dates.
//!
//! Source: 行政诉讼法 art. 26 ¶6 by analogy.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::actions::step;
use crate::app::audit::{self, Note};
use crate::app::ledger;
use crate::app::once::Once;
use crate::app::{App, AppError, Principal};
use crate::db::agencies::{self as rows, AgencyRow};
use crate::db::{Conn, StoreError, refresh_tokens, requests, users};
use crate::domain::agency::{Agency, Succession};
use crate::domain::command::Command;
use crate::domain::dates;
use crate::domain::event::Actor;
use crate::domain::ids::AgencyId;
use crate::domain::text::{self, LINE_MAX};

use super::{UNKNOWN, agency, load, may_keep, taken};

/// Cases that pass over before the call that merges is answered; workers go on with the rest.
const AT_ONCE: usize = 2_000;

/// Cases looked up at a time.
const PAGE: i64 = 100;

/// An agency is taken over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    /// The agency that goes on with its functions.
    pub into: AgencyId,
    /// The day from which it does; not a day to come.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// The document that orders it.
    pub document: String,
}

/// How far a merger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Merged {
    /// The agency that was taken over, as it is now.
    pub agency: Agency,
    /// Cases that passed over with this call.
    pub passed_over: usize,
    /// Whether cases are left for the worker.
    pub more: bool,
}

impl App {
    /// Has an agency taken over by another. Said again, it goes on with what is left.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`];
    /// [`AppError::Conflict`] `agency_merged` when it was taken over before, `changed`.
    pub async fn merge_agency(
        &self,
        who: &Principal,
        once: Once,
        id: AgencyId,
        seen: i32,
        merger: Merger,
    ) -> Result<Merged, AppError> {
        may_keep(who)?;
        let who = who.clone();
        let agency = self
            .write_once(Some(once), move |conn, app| close(conn, app, &who, id, seen, &merger))
            .await?;
        let mut passed_over = 0;
        while passed_over < AT_ONCE {
            match self.pass_over().await? {
                0 => break,
                some => passed_over += some,
            }
        }
        let left = self.store.read(|conn| requests::left_behind(conn, 1)).await?;
        Ok(Merged { agency, passed_over, more: !left.is_empty() })
    }

    /// Passes the next cases of agencies that were taken over to their successors; returns how many.
    /// May be done by several at a time.
    ///
    /// # Errors
    ///
    /// Failures of the database. A case whose ledger does not stand stays behind, and is logged.
    pub async fn pass_over(&self) -> Result<usize, AppError> {
        let page = self.store.read(|conn| requests::left_behind(conn, PAGE)).await?;
        let mut passed = 0;
        for id in page {
            let app = self.clone();
            match self.store.write(move |conn| pass_one(conn, &app, id)).await {
                Ok(()) => passed += 1,
                // Somebody acted on it in the same moment; it is still there the next time.
                Err(AppError::Store(StoreError::Stale)) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::error!(request = %id, %error, "case cannot pass over"),
            }
        }
        Ok(passed)
    }
}

/// Closes an agency in favour of another, and moves its people, units and registers.
fn close(
    conn: &mut Conn,
    app: &App,
    who: &Principal,
    id: AgencyId,
    seen: i32,
    merger: &Merger,
) -> Result<Agency, AppError> {
    let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
    if row.merged_into.is_some() {
        return Err(is_merged());
    }
    let into = successor(conn, app, id, merger)?;
    let document = merger.document.trim();
    let now = app.clock.now();
    // The successor does not lie below what no longer is.
    if into.profile.parent == Some(id) {
        let into = rows::get(conn, into.id.0)?;
        let parent_id = row.parent_id;
        rows::update(conn, AgencyRow { parent_id, updated_at: now, ..into }).map_err(taken)?;
    }
    let next = AgencyRow {
        active: false,
        merged_into: Some(into.id.0),
        merged_on: Some(merger.on),
        merged_by: Some(document.to_owned()),
        version: seen,
        updated_at: now,
        ..row
    };
    let closed = rows::update(conn, next).map_err(taken)?;
    for person in users::list(conn, Some(id.0))? {
        refresh_tokens::revoke_user(conn, person.id, now, "agency_merged")?;
    }
    rows::hand_over_all(conn, id.0, into.id.0, &format!("（原{}）", closed.short_name))?;
    let detail = json!({ "into": into.id, "on": merger.on, "document": document });
    audit::note(conn, app, Some(who), Note { detail, ..Note::done("merge", "agency", id.0) })?;
    agency(closed)
}

/// The agency that takes over; refuses what cannot.
fn successor(
    conn: &mut Conn,
    app: &App,
    id: AgencyId,
    merger: &Merger,
) -> Result<Agency, AppError> {
    let into = load(conn, merger.into)?.filter(|into| into.active && into.merged_into.is_none());
    let into = into.filter(|into| into.id != id).ok_or_else(|| {
        AppError::field("into", "invalid", "请选择另一个仍在受理申请的机关作为承继机关")
    })?;
    if merger.on > app.today() {
        return Err(AppError::field("on", "invalid", "合并生效日不能晚于今天，请在生效当日办理"));
    }
    let document = merger.document.trim();
    if document.is_empty() {
        return Err(AppError::field("document", "required", "请填写机构合并的文件"));
    }
    if !text::faults(document, LINE_MAX).is_empty() {
        let message = format!("文件名称不能超过{LINE_MAX}个字，也不能有无法显示的字符");
        return Err(AppError::field("document", "invalid", message));
    }
    Ok(into)
}

/// Passes one case to the agency that took over the one it lies with.
fn pass_one(conn: &mut Conn, app: &App, id: Uuid) -> Result<(), AppError> {
    let loaded = ledger::load(conn, app, id)?;
    let from = rows::get(conn, loaded.row.agency_id)?;
    // Another worker was faster.
    let Some(successor) = from.merged_into else { return Ok(()) };
    let into = rows::get(conn, successor)?;
    let succession = Succession {
        from: AgencyId(from.id),
        from_name: from.name,
        into: AgencyId(into.id),
        into_name: into.name,
        document: from.merged_by.unwrap_or_default(),
    };
    // A filing that crossed with the merger came after the day it took effect.
    let on = from.merged_on.unwrap_or_else(|| app.today());
    let on = loaded.case.arrived_on.map_or(on, |arrived| arrived.max(on));
    let actor = Actor { id: None, label: "系统".to_owned() };
    let command = Command::Succeed { on, succession: Box::new(succession) };
    step(conn, app, loaded, &actor, &[], command)?;
    Ok(())
}

/// What is said to whoever changes an agency that was taken over.
pub(super) fn is_merged() -> AppError {
    AppError::Conflict {
        code: "agency_merged",
        message: "该机关已并入其他机关，资料不再变更".to_owned(),
    }
}
