//! Complaints to the supervising office (举报投诉): registered and found by supervisors, stated on
//! by the agency. The agency learns what it is asked, never who complains.
//!
//! Source: 条例 art. 47 ¶2, 51; 个人信息保护法 art. 25.

mod views;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::complaints::{self as rows, ComplaintRow};
use crate::db::{Conn, StoreError, requests as request_rows};
use crate::domain::complaint::{
    self as domain, ComplaintDeed, ComplaintForm, ComplaintState, ComplaintStep,
};
use crate::domain::dates;
use crate::domain::ids::{AgencyId, ComplaintId};
use crate::domain::notice::Series;
use crate::domain::policy::Role;
use crate::domain::refusal::Refusal;

use super::audit::{self, Note};
use super::once::Once;
use super::requests::Page;
use super::{App, AppError, Principal, numbering};

pub use views::ComplaintView;
use views::{Complainant, history, place};

const UNKNOWN: AppError = AppError::NotFound("该投诉");

/// A complaint to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintRegistration {
    /// The agency complained about.
    pub agency: AgencyId,
    /// Day it came.
    #[serde(deserialize_with = "dates::deserialize")]
    pub received_on: NaiveDate,
    /// Number of the request it is about, if it is about one.
    #[serde(default)]
    pub request_number: String,
    /// Who complains, and about what.
    pub form: ComplaintForm,
}

/// What the agency answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// When.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// Its view.
    pub text: String,
}

impl App {
    /// Enters a complaint under the next number of the register.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for everybody but supervisors; [`AppError::Invalid`] with every
    /// fault; [`AppError::NotFound`] for an unknown agency; [`AppError::Refused`] for a date after
    /// today.
    pub async fn register_complaint(
        &self,
        who: Principal,
        once: Option<Once>,
        registration: ComplaintRegistration,
    ) -> Result<ComplaintView, AppError> {
        supervises(&who)?;
        let ComplaintRegistration { agency, received_on, request_number, form } = registration;
        if !who.scope()?.includes(agency) {
            return Err(AppError::NotFound("该机关"));
        }
        let faults = form.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        if received_on > self.today() {
            return Err(Refusal::InFuture { field: "received_on", on: received_on }.into());
        }
        self.write_once(once, move |conn, app| {
            let (id, now) = (Uuid::now_v7(), app.clock.now());
            let complainant = Complainant {
                name: form.name.trim().to_owned(),
                contact: form.contact.trim().to_owned(),
            };
            let complainant = serde_json::to_string(&complainant).map_err(AppError::broken)?;
            let row = ComplaintRow {
                id,
                agency_id: agency.0,
                number: numbering::next(conn, app, Series::Complaint, agency)?,
                state: ComplaintState::Received,
                received_on,
                due_on: domain::due_on(received_on),
                statement_due_on: None,
                request_id: about(conn, agency, request_number.trim())?,
                complainant_cipher: app.keys.seal(&place(id), &complainant),
                content: form.content.trim().to_owned(),
                history: serde_json::json!([]),
                finding: None,
                concluded_on: None,
                recorded_by: who.user.0,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone())?;
            audit::note(conn, app, Some(&who), Note::done("create", "complaint", id))?;
            Ok(app.complaint_view(&who, row)?.without_complainant())
        })
        .await
    }

    /// Takes a step of the supervising office on an entry seen at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Refused`]; [`AppError::Conflict`] `changed`.
    pub async fn complaint_step(
        &self,
        who: Principal,
        once: Option<Once>,
        id: ComplaintId,
        seen: i32,
        step: ComplaintStep,
    ) -> Result<ComplaintView, AppError> {
        supervises(&who)?;
        if step.is_the_agencys() {
            return Err(AppError::Forbidden("情况说明由被投诉机关提交"));
        }
        self.step_on_complaint(who, once, (id, seen), step).await
    }

    /// The agency states its view on an entry seen at version `seen`.
    ///
    /// # Errors
    ///
    /// As [`App::complaint_step`]; [`AppError::NotFound`] also before the agency was asked.
    pub async fn state_on_complaint(
        &self,
        who: Principal,
        once: Option<Once>,
        id: ComplaintId,
        seen: i32,
        statement: Statement,
    ) -> Result<ComplaintView, AppError> {
        if ![Role::Officer, Role::Head].into_iter().any(|role| who.is(role)) {
            return Err(AppError::Forbidden("您的岗位不能提交情况说明"));
        }
        let Statement { on, text } = statement;
        self.step_on_complaint(who, once, (id, seen), ComplaintStep::State { on, text }).await
    }

    async fn step_on_complaint(
        &self,
        who: Principal,
        once: Option<Once>,
        (id, seen): (ComplaintId, i32),
        step: ComplaintStep,
    ) -> Result<ComplaintView, AppError> {
        self.write_once(once, move |conn, app| {
            let row = visible(conn, &who, id)?;
            if step.is_the_agencys() && who.agency != Some(AgencyId(row.agency_id)) {
                return Err(UNKNOWN);
            }
            if row.version != seen {
                return Err(changed());
            }
            let mut history = history(&row)?;
            let last_on = history.last().map_or(row.received_on, |deed| deed.step.on());
            let state = domain::decide(row.state, last_on, &step, app.today())?;
            let statement_due_on = match &step {
                ComplaintStep::Ask { until, .. } => Some(*until),
                _ => row.statement_due_on,
            };
            let (finding, concluded_on) = match &step {
                ComplaintStep::Conclude { finding, on, .. } => (Some(*finding), Some(*on)),
                _ => (row.finding, row.concluded_on),
            };
            history.push(ComplaintDeed { by: who.actor().label, step });
            let row = ComplaintRow {
                state,
                statement_due_on,
                history: serde_json::to_value(&history).map_err(AppError::broken)?,
                finding,
                concluded_on,
                updated_at: app.clock.now(),
                ..row
            };
            let row = rows::update(conn, row).map_err(|error| match error {
                StoreError::Stale => changed(),
                other => other.into(),
            })?;
            audit::note(conn, app, Some(&who), Note::done("step", "complaint", id.0))?;
            Ok(app.complaint_view(&who, row)?.without_complainant())
        })
        .await
    }

    /// A page of the register, newest first: all of it for supervisors, for an agency what it was
    /// asked about.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without cases; [`AppError::Invalid`] for a bad cursor.
    pub async fn complaints(
        &self,
        who: &Principal,
        cursor: Option<String>,
        limit: Option<i64>,
    ) -> Result<Page<ComplaintView>, AppError> {
        let (scope, asked) = (who.scope()?.ids(), !who.is(Role::Supervisor));
        let bad =
            |_| AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开");
        let after = cursor.map(|cursor| cursor.parse::<Uuid>()).transpose().map_err(bad)?;
        let limit = limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let read = move |conn: &mut Conn| rows::list(conn, scope, asked, (after, limit + 1));
        let mut found = self.store.read(read).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|row| row.id.to_string());
        let views = found.into_iter().map(|row| self.complaint_view(who, row));
        Ok(Page { items: views.collect::<Result<_, _>>()?, next })
    }

    /// One entry.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's and before the agency was asked.
    pub async fn complaint(
        &self,
        who: &Principal,
        id: ComplaintId,
    ) -> Result<ComplaintView, AppError> {
        let reader = who.clone();
        let row = self.store.read(move |conn| visible(conn, &reader, id)).await?;
        self.complaint_view(who, row)
    }
}

/// The entry, if the person may know of it.
fn visible(conn: &mut Conn, who: &Principal, id: ComplaintId) -> Result<ComplaintRow, AppError> {
    let scope = who.scope()?;
    let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
    let asked = who.is(Role::Supervisor) || row.statement_due_on.is_some();
    if scope.includes(AgencyId(row.agency_id)) && asked { Ok(row) } else { Err(UNKNOWN) }
}

/// The request a complaint names by its number.
fn about(conn: &mut Conn, agency: AgencyId, number: &str) -> Result<Option<Uuid>, AppError> {
    if number.is_empty() {
        return Ok(None);
    }
    let found = request_rows::find_by_number(conn, number)?;
    let found = found.filter(|row| row.agency_id == agency.0).map(|row| row.id);
    found.map(Some).ok_or_else(|| {
        AppError::field("request_number", "unknown_request", "被投诉机关没有这个编号的申请")
    })
}

fn supervises(who: &Principal) -> Result<(), AppError> {
    if who.is(Role::Supervisor) {
        return Ok(());
    }
    Err(AppError::Forbidden("投诉举报由政府信息公开工作主管部门登记和处理"))
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该投诉在您查看之后已有变化，请刷新后再办".to_owned(),
    }
}
