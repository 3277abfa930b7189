//! What was withheld is assessed again: the queue the program keeps, and the steps people take.
//!
//! Source: 条例 art. 18.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::reassessments::{
    self as rows, Assessed, DeedRow, ReassessmentFilter, ReassessmentRow,
};
use crate::db::{Conn, StoreError};
use crate::domain::ids::{AgencyId, ReassessmentId, RequestId, UserId};
use crate::domain::item::NO_ITEM;
use crate::domain::outcome::Outcome;
use crate::domain::reassessment::{
    self as domain, Assessing, AssessmentState, AssessmentStep, Assessor, Standing,
};

use super::audit::{self, Note};
use super::once::Once;
use super::requests::Page;
use super::{App, AppError, Principal, ledger};

const UNKNOWN: AppError = AppError::NotFound("该评估事项");

/// Cases looked at in one transaction.
const BATCH: i64 = 50;

/// Something withheld, and where its assessment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReassessmentView {
    /// Its id.
    pub id: ReassessmentId,
    /// The request that was answered.
    pub request: RequestId,
    /// Its number.
    pub number: String,
    /// Its agency.
    pub agency: AgencyId,
    /// The item; none for the request as a whole.
    pub item: Option<u16>,
    /// What was withheld.
    pub title: String,
    /// On which ground.
    pub outcome: Outcome,
    /// The same in Chinese.
    pub outcome_label: String,
    /// Day of the reply.
    pub withheld_on: NaiveDate,
    /// Day of the next assessment.
    pub due_on: NaiveDate,
    /// Whether that day has come and it is not assessed yet.
    pub due: bool,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Where it stands.
    pub state: AssessmentState,
    /// The same in Chinese.
    pub state_label: String,
    /// What was done, oldest first; only where one is read.
    #[serde(default)]
    pub history: Vec<AssessmentDeed>,
    /// Version, for `If-Match`.
    pub version: i32,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssessmentDeed {
    /// What.
    pub step: AssessmentStep,
    /// The same in Chinese.
    pub label: String,
    /// The day.
    pub on: NaiveDate,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Which ones.
#[derive(Debug, Clone, Default)]
pub struct ReassessmentQuery {
    /// Of one agency.
    pub agency: Option<AgencyId>,
    /// Of one request.
    pub request: Option<RequestId>,
    /// In this state.
    pub state: Option<AssessmentState>,
    /// On this ground.
    pub outcome: Option<Outcome>,
    /// Only whose day has come.
    pub due: bool,
    /// Only whose day has passed.
    pub overdue: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many: 1–200, by default 50.
    pub limit: Option<i64>,
}

impl App {
    /// Enters what closed cases withhold into the queue and takes out what was answered anew;
    /// returns how many rows changed. Doing it twice, or by several workers, comes to the same: a
    /// withheld item stands in the queue once for each closing.
    ///
    /// # Errors
    ///
    /// Failures of the database. A case whose ledger does not stand is left out, and logged.
    pub async fn queue_withheld(&self) -> Result<usize, AppError> {
        let mut changed = self.supersede().await?;
        let mut after = None;
        loop {
            let page = self.store.read(move |conn| rows::unqueued(conn, after, BATCH)).await?;
            let Some(last) = page.last().copied() else { return Ok(changed) };
            let app = self.clone();
            let entered = self.store.write(move |conn| {
                let mut entered = 0;
                for id in &page {
                    match enter(conn, &app, *id) {
                        Ok(rows) => entered += rows,
                        Err(AppError::Store(error)) => return Err(AppError::Store(error)),
                        Err(error) => tracing::error!(request = %id, %error, "not queued"),
                    }
                }
                Ok(entered)
            });
            match entered.await {
                // Another worker was at it in the same moment: look again at what is left.
                Err(AppError::Store(StoreError::UniqueViolation { .. })) => continue,
                other => changed += other?,
            }
            after = Some(last);
        }
    }

    async fn supersede(&self) -> Result<usize, AppError> {
        let app = self.clone();
        let taken = self.store.write(move |conn| {
            let outdated = rows::outdated(conn, BATCH)?;
            for row in &outdated {
                let (state, updated_at) = (AssessmentState::Superseded, app.clock.now());
                rows::update(conn, ReassessmentRow { state, updated_at, ..row.clone() })?;
            }
            Ok::<_, AppError>(outdated.len())
        });
        match taken.await {
            // Somebody acts on one of them; the next sweep sees what is left.
            Err(AppError::Store(StoreError::Stale)) => Ok(0),
            other => other,
        }
    }

    /// A page of the queue, the earliest day first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see.
    pub async fn reassessments(
        &self,
        who: &Principal,
        query: ReassessmentQuery,
    ) -> Result<Page<ReassessmentView>, AppError> {
        let scope = who.scope()?.narrowed(query.agency).ok_or(AppError::NotFound("该机关"))?;
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let today = self.today();
        let filter = ReassessmentFilter {
            agencies: scope.ids(),
            state: query.state,
            outcome: query.outcome,
            due_until: match (query.due, query.overdue) {
                (_, true) => today.checked_sub_days(Days::new(1)),
                (true, false) => Some(today),
                (false, false) => None,
            },
            request: query.request.map(|id| id.0),
            after: query.cursor.as_deref().map(place).transpose()?,
            limit: limit + 1,
        };
        let mut found = self.store.read(move |conn| rows::list(conn, &filter)).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let last = found.last().filter(|_| more);
        let next = last.map(|(row, _)| format!("{}_{}", row.due_on, row.id));
        Ok(Page { items: found.into_iter().map(|row| view(row, &[], today)).collect(), next })
    }

    /// One of the queue, with what was done.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn reassessment(
        &self,
        who: &Principal,
        id: ReassessmentId,
    ) -> Result<ReassessmentView, AppError> {
        let (scope, today) = (who.scope()?, self.today());
        self.store
            .read(move |conn| {
                let found = rows::find(conn, id.0)?;
                let found = found.filter(|(_, (agency, _))| scope.includes(AgencyId(*agency)));
                let found = found.ok_or(UNKNOWN)?;
                Ok(view(found, &rows::deeds(conn, id.0)?, today))
            })
            .await
    }

    /// Takes a step in an assessment that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], [`AppError::Refused`]; [`AppError::Conflict`] `changed`.
    pub async fn assess(
        &self,
        who: Principal,
        once: Option<Once>,
        id: ReassessmentId,
        seen: i32,
        assessing: Assessing,
    ) -> Result<ReassessmentView, AppError> {
        let own = who.handles_for()?;
        self.write_once(once, move |conn, app| {
            let found = rows::find(conn, id.0)?.filter(|(_, (agency, _))| *agency == own.0);
            let (row, of) = found.ok_or(UNKNOWN)?;
            if row.version != seen {
                return Err(changed());
            }
            let deeds = rows::deeds(conn, id.0)?;
            let proposal = deeds.iter().rfind(|deed| deed.step == AssessmentStep::Propose);
            let now = Standing {
                state: row.state,
                due_on: row.due_on,
                proposed_by: proposal.map(|deed| UserId(deed.actor_id)),
            };
            let by = Assessor {
                user: who.user,
                roles: &who.roles,
                today: app.today(),
                months: app.settings.reassess_months,
            };
            let (state, due_on, reason) = domain::decide(now, &assessing, by)?;
            let updated_at = app.clock.now();
            let n = i32::try_from(deeds.len()).map_err(AppError::broken)? + 1;
            let deed = DeedRow {
                reassessment_id: row.id,
                n,
                step: assessing.step,
                done_on: app.today(),
                actor_id: who.user.0,
                actor_label: who.actor().label,
                reason,
                recorded_at: updated_at,
            };
            let row = rows::update(conn, ReassessmentRow { state, due_on, updated_at, ..row });
            let row = row.map_err(|error| match error {
                StoreError::Stale => changed(),
                other => other.into(),
            })?;
            rows::record(conn, deed)?;
            audit::note(conn, app, Some(&who), Note::done("assess", "reassessment", id.0))?;
            Ok(view((row, of), &rows::deeds(conn, id.0)?, app.today()))
        })
        .await
    }
}

/// Enters what one case withholds; returns how much.
fn enter(conn: &mut Conn, app: &App, id: Uuid) -> Result<usize, AppError> {
    let loaded = ledger::load(conn, app, id)?;
    let Some(closed_on) = loaded.case.closed_on else { return Ok(0) };
    let reply = loaded.case.reply.as_ref();
    let withheld_on = reply.map_or(closed_on, |reply| reply.issued_on);
    let found = domain::withheld(&loaded.case);
    let now = app.clock.now();
    for withheld in &found {
        rows::insert(
            conn,
            ReassessmentRow {
                id: Uuid::now_v7(),
                request_id: id,
                item: i32::from(withheld.item),
                closed_on,
                title: withheld.title.clone().unwrap_or_else(|| loaded.row.title.clone()),
                outcome: withheld.outcome,
                withheld_on,
                due_on: domain::next_on(withheld_on, app.settings.reassess_months),
                state: AssessmentState::Waiting,
                version: 1,
                created_at: now,
                updated_at: now,
            },
        )?;
    }
    Ok(found.len())
}

fn view(
    (row, (agency, number)): Assessed,
    deeds: &[DeedRow],
    today: NaiveDate,
) -> ReassessmentView {
    let open = matches!(row.state, AssessmentState::Waiting | AssessmentState::Proposed);
    let told = |deed: &DeedRow| AssessmentDeed {
        step: deed.step,
        label: deed.step.label().to_owned(),
        on: deed.done_on,
        by: deed.actor_label.clone(),
        reason: deed.reason.clone(),
    };
    ReassessmentView {
        id: ReassessmentId(row.id),
        request: RequestId(row.request_id),
        number,
        agency: AgencyId(agency),
        item: u16::try_from(row.item).ok().filter(|item| *item != NO_ITEM),
        title: row.title,
        outcome: row.outcome,
        outcome_label: row.outcome.label().to_owned(),
        withheld_on: row.withheld_on,
        due_on: row.due_on,
        due: open && row.due_on <= today,
        overdue: open && row.due_on < today,
        state: row.state,
        state_label: row.state.label().to_owned(),
        history: deeds.iter().map(told).collect(),
        version: row.version,
    }
}

/// The place a cursor names.
fn place(cursor: &str) -> Result<(NaiveDate, Uuid), AppError> {
    let parts = cursor.split_once('_');
    let read = parts.and_then(|(on, id)| Some((on.parse().ok()?, id.parse().ok()?)));
    read.ok_or_else(|| {
        AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开")
    })
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该评估事项在您查看之后已被他人处理，请刷新后再试".to_owned(),
    }
}
