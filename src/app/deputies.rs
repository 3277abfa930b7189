//! Deputies (代理): who decides in the place of an absent colleague, from when to when, and who
//! appointed them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::deputyships::{self as rows, DeputyshipRow};
use crate::db::{Conn, users};
use crate::domain::chain::Deputyship;
use crate::domain::ids::{AgencyId, DeputyshipId, UserId};
use crate::domain::policy::{Action, Role};
use crate::domain::text::{self, LINE_MAX};

use super::audit::{self, Note};
use super::once::Once;
use super::sessions;
use super::{App, AppError, Principal};

const UNKNOWN: AppError = AppError::NotFound("该代理安排");

/// An appointment to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// Who is absent.
    pub absent: UserId,
    /// Who acts for them.
    pub deputy: UserId,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Why: leave, mission, illness.
    pub reason: String,
}

/// An appointment on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after db::deputyships::DeputyshipRow")]
pub struct DeputyshipView {
    pub id: DeputyshipId,
    pub agency: AgencyId,
    pub absent: UserId,
    pub deputy: UserId,
    pub from_on: NaiveDate,
    pub until_on: NaiveDate,
    pub reason: String,
    pub appointed_by: UserId,
    /// Day from which it holds no longer, if it was ended early.
    pub ended_on: Option<NaiveDate>,
    pub version: i32,
}

impl App {
    /// Appoints a deputy in the agency of whoever appoints, or for administrators in the agency of
    /// the absent.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for anybody but the head and administrators; [`AppError::Invalid`].
    pub async fn appoint_deputy(
        &self,
        who: Principal,
        once: Option<Once>,
        appointment: Appointment,
    ) -> Result<DeputyshipView, AppError> {
        may_appoint(&who)?;
        self.write_once(once, move |conn, app| {
            let agency = check(conn, app, &who, &appointment)?;
            let now = app.clock.now();
            let row = DeputyshipRow {
                id: Uuid::now_v7(),
                agency_id: agency.0,
                absent_id: appointment.absent.0,
                deputy_id: appointment.deputy.0,
                from_on: appointment.from_on,
                until_on: appointment.until_on,
                reason: appointment.reason.trim().to_owned(),
                appointed_by: who.user.0,
                ended_on: None,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone())?;
            audit::note(conn, app, Some(&who), Note::done("appoint", "deputyship", row.id))?;
            Ok(row.into())
        })
        .await
    }

    /// Ends a deputyship today: from now on it lends nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], also for another agency's;
    /// [`AppError::Store`] when somebody else changed it.
    pub async fn end_deputyship(
        &self,
        who: Principal,
        id: DeputyshipId,
        seen: i32,
    ) -> Result<DeputyshipView, AppError> {
        may_appoint(&who)?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
                if !who.is(Role::Administrator) && who.agency != Some(AgencyId(row.agency_id)) {
                    return Err(UNKNOWN);
                }
                let ended_on = row.ended_on.or(Some(app.today()));
                let updated_at = app.clock.now();
                let row = DeputyshipRow { ended_on, updated_at, version: seen, ..row };
                let row = rows::update(conn, row).map_err(stale)?;
                audit::note(conn, &app, Some(&who), Note::done("end", "deputyship", row.id))?;
                Ok(row.into())
            })
            .await
    }

    /// The deputyships of an agency, past ones too.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for another agency's.
    pub async fn deputyships(
        &self,
        who: &Principal,
        agency: AgencyId,
    ) -> Result<Vec<DeputyshipView>, AppError> {
        if !who.is(Role::Administrator) {
            who.may_see(agency)?;
        }
        let found = self.store.read(move |conn| rows::of_agency(conn, agency.0)).await?;
        Ok(found.into_iter().map(DeputyshipView::from).collect())
    }

    /// The person with what absent colleagues lend them today, where a step may need it.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(super) async fn acting(
        &self,
        principal: Principal,
        action: Option<Action>,
    ) -> Result<Principal, AppError> {
        let by_chain =
            [Action::ApproveDraft, Action::ReturnDraft, Action::Issue].map(Some).contains(&action);
        let enough = action.is_some_and(|action| action.allowed_to_any(&principal.roles));
        if (enough && !by_chain) || principal.agency.is_none() || !principal.works_on_cases() {
            return Ok(principal);
        }
        let app = self.clone();
        self.store.read(move |conn| with_lent(conn, &app, principal)).await
    }
}

fn with_lent(conn: &mut Conn, app: &App, mut principal: Principal) -> Result<Principal, AppError> {
    let own = principal.roles.clone();
    for row in rows::in_force(conn, principal.user.0, app.today())? {
        if Some(AgencyId(row.agency_id)) != principal.agency {
            continue;
        }
        let absent = users::get(conn, row.absent_id)?;
        let mut roles = sessions::roles(conn, row.absent_id)?;
        // Only what decides is lent, and only what the deputy does not bear anyway.
        roles.retain(|role| role.decides() && !own.contains(role));
        principal.roles.extend(roles.iter().copied());
        let deputyship = Deputyship { absent: UserId(absent.id), name: absent.name, roles };
        principal.deputyships.push(deputyship);
    }
    Ok(principal)
}

fn may_appoint(who: &Principal) -> Result<(), AppError> {
    if who.is(Role::Administrator) || who.is(Role::Head) {
        return Ok(());
    }
    Err(AppError::Forbidden("只有公开工作机构负责人和系统管理员可以安排代理"))
}

/// The agency of both; refuses what could not hold.
fn check(
    conn: &mut Conn,
    app: &App,
    who: &Principal,
    appointment: &Appointment,
) -> Result<AgencyId, AppError> {
    let Appointment { absent, deputy, from_on, until_on, reason } = appointment;
    let absent_row = users::find(conn, absent.0)?;
    let agency = absent_row.and_then(|row| row.agency_id).map(AgencyId);
    let agency = agency
        .filter(|agency| who.is(Role::Administrator) || who.agency == Some(*agency))
        .ok_or_else(|| AppError::field("absent", "unknown_officer", "本机关没有这位工作人员"))?;
    // Of an officer nothing is lent that colleagues do not bear: the deputy is told what is due.
    if !sessions::roles(conn, absent.0)?.into_iter().any(Role::works_on_cases) {
        return Err(AppError::field("absent", "invalid", "这位工作人员不办理申请，不需要代理"));
    }
    let deputy_row = users::find(conn, deputy.0)?
        .filter(|row| row.active && row.agency_id == Some(agency.0))
        .ok_or_else(|| AppError::field("deputy", "unknown_officer", "本机关没有这位工作人员"))?;
    if deputy == absent {
        return Err(AppError::field("deputy", "invalid", "代理人不能是本人"));
    }
    let handles = sessions::roles(conn, deputy_row.id)?;
    if !handles.into_iter().any(|role| !matches!(role, Role::Supervisor | Role::Administrator)) {
        return Err(AppError::field("deputy", "invalid", "代理人应当是本机关的办理人员"));
    }
    if until_on < from_on || *until_on < app.today() {
        return Err(AppError::field("until_on", "invalid", "代理的最后一日应不早于第一日和今天"));
    }
    if reason.trim().is_empty() {
        return Err(AppError::field("reason", "required", "请填写代理的原因"));
    }
    if !text::faults(reason, LINE_MAX).is_empty() {
        let message = format!("代理的原因不能超过{LINE_MAX}个字，也不能有无法显示的字符");
        return Err(AppError::field("reason", "invalid", message));
    }
    Ok(agency)
}

fn stale(error: crate::db::StoreError) -> AppError {
    match error {
        crate::db::StoreError::Stale => AppError::Conflict {
            code: "changed",
            message: "代理安排在您查看之后已被他人修改，请刷新后再试".to_owned(),
        },
        other => other.into(),
    }
}

impl From<DeputyshipRow> for DeputyshipView {
    fn from(row: DeputyshipRow) -> Self {
        Self {
            id: DeputyshipId(row.id),
            agency: AgencyId(row.agency_id),
            absent: UserId(row.absent_id),
            deputy: UserId(row.deputy_id),
            from_on: row.from_on,
            until_on: row.until_on,
            reason: row.reason,
            appointed_by: UserId(row.appointed_by),
            ended_on: row.ended_on,
            version: row.version,
        }
    }
}
