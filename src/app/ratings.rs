//! Ratings of the service (好差评): given by applicants with number and query code, read and put
//! right by heads, overseen by supervisors. Officers do not read who rated them how.
//!
//! Source: 国办发〔2019〕51号; rulebook 7.

mod dates;

pub use dates::RatingDueChange;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::ratings::{self as rows, Rated, RatingFilter, RatingRow};
use crate::db::{Conn, StoreError};
use crate::domain::ids::{AgencyId, RatingId, RequestId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Role;
use crate::domain::rating::{self as domain, Finding, Grade, Handling, RatingState, RatingStep};
use crate::domain::working_days::WorkingDays;

use super::audit::{self, Note};
use super::ledger::Loaded;
use super::once::Once;
use super::requests::Page;
use super::tracking::{self, Ticket, TrackView};
use super::{App, AppError, Principal};

const UNKNOWN: AppError = AppError::NotFound("该评价");

/// A rating, as those who oversee the service see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RatingView {
    /// Its id.
    pub id: RatingId,
    /// The request.
    pub request: RequestId,
    /// Its number.
    pub number: String,
    /// Its agency.
    pub agency: AgencyId,
    /// The officer who handled it.
    pub officer: Option<UserId>,
    /// Result of the request when it was rated: refusals are counted apart.
    pub outcome: Option<Outcome>,
    /// The grade.
    pub grade: Grade,
    /// The same in Chinese.
    pub grade_label: String,
    /// What the applicant wrote.
    pub comment: String,
    /// The day.
    pub rated_on: NaiveDate,
    /// Where the handling stands.
    pub state: RatingState,
    /// The same in Chinese.
    pub state_label: String,
    /// Last day to put it right and tell the applicant.
    pub due_on: Option<NaiveDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Each time another calendar moved that day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub due_changes: Vec<RatingDueChange>,
    /// The steps taken, oldest first.
    pub history: Vec<RatingDeed>,
    /// Version, for `If-Match`.
    pub version: i32,
}

/// A step that was taken, with the person who took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingDeed {
    /// Who.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub step: RatingStep,
}

/// What the applicant reads of their rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackRating {
    /// The grade they gave.
    pub grade: Grade,
    /// The same in Chinese.
    pub label: String,
    /// What the agency told them about it.
    pub feedback: Option<String>,
}

/// Which ratings.
#[derive(Debug, Clone, Default)]
pub struct RatingQuery {
    /// Of one agency.
    pub agency: Option<AgencyId>,
    /// Only bad ones that are not put right yet.
    pub open: bool,
    /// Where the page before ended.
    pub cursor: Option<RatingId>,
    /// How many: 1–200, by default 50.
    pub limit: Option<i64>,
}

impl App {
    /// Takes an applicant's rating.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for a wrong number or code alike; [`AppError::Refused`]
    /// `rating_not_yet`; [`AppError::Conflict`] `already_rated`.
    pub async fn rate(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        grade: Grade,
        comment: String,
    ) -> Result<TrackView, AppError> {
        self.write_once(once, move |conn, app| {
            let loaded = tracking::unlock(conn, app, &ticket)?;
            let comment = domain::given(loaded.case.state(), &comment)?;
            let (rated_on, now) = (app.today(), app.clock.now());
            let within = WorkingDays(app.settings.rating_fix_wd);
            let row = RatingRow {
                id: Uuid::now_v7(),
                request_id: loaded.row.id,
                grade,
                comment,
                outcome: loaded.row.outcome,
                rated_on,
                state: if grade.is_bad() { RatingState::Open } else { RatingState::Noted },
                due_on: domain::due_on(grade, rated_on, within, &app.calendar),
                history: serde_json::json!([]),
                closed_on: None,
                version: 1,
                created_at: now,
                updated_at: now,
                calendar_seq: app.calendar.record(),
                due_changes: serde_json::json!([]),
            };
            rows::insert(conn, row).map_err(|error| match error {
                StoreError::UniqueViolation { .. } => AppError::Conflict {
                    code: "already_rated",
                    message: "这件申请已经评价过，每件申请评价一次".to_owned(),
                },
                other => other.into(),
            })?;
            tracking::seen_by_applicant(conn, &loaded)
        })
        .await
    }

    /// A page of ratings, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency that is not theirs to oversee.
    pub async fn ratings(
        &self,
        who: &Principal,
        query: RatingQuery,
    ) -> Result<Page<RatingView>, AppError> {
        let scope = overseen(who)?.narrowed(query.agency).ok_or(AppError::NotFound("该机关"))?;
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let filter = RatingFilter {
            agencies: scope.ids(),
            open: query.open,
            before: query.cursor.map(|id| id.0),
            limit: limit + 1,
        };
        let mut found = self.store.read(move |conn| rows::list(conn, &filter)).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|(row, _)| row.id.to_string());
        let items =
            found.into_iter().map(|rated| self.rating_view(rated)).collect::<Result<_, _>>();
        Ok(Page { items: items?, next })
    }

    /// One rating.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn rating(&self, who: &Principal, id: RatingId) -> Result<RatingView, AppError> {
        let scope = overseen(who)?;
        let found = self.store.read(move |conn| rows::find(conn, id.0)).await?;
        let found = found.filter(|(_, (agency, ..))| scope.includes(AgencyId(*agency)));
        self.rating_view(found.ok_or(UNKNOWN)?)
    }

    /// Takes a step in the handling of a bad rating that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refused`];
    /// [`AppError::Conflict`] `changed`.
    pub async fn handle_rating(
        &self,
        who: Principal,
        once: Once,
        id: RatingId,
        seen: i32,
        step: RatingStep,
    ) -> Result<RatingView, AppError> {
        let own = who.agency.filter(|_| who.is(Role::Head)).ok_or(NOT_THEIRS)?;
        self.write_once(Some(once), move |conn, app| {
            let found = rows::find(conn, id.0)?.filter(|(_, (agency, ..))| *agency == own.0);
            let (row, rated) = found.ok_or(UNKNOWN)?;
            if row.version != seen {
                return Err(changed());
            }
            let mut history = history(&row)?;
            let handling = Handling {
                state: row.state,
                finding: finding(&history),
                last_on: history.last().map_or(row.rated_on, |deed| deed.step.on()),
                officer: rated.2.map(UserId),
            };
            let state = domain::decide(handling, &step, who.user, app.today())?;
            let closed_on = (state == RatingState::Closed).then(|| step.on());
            history.push(RatingDeed { by: who.actor().label, step });
            let row = RatingRow {
                state,
                history: serde_json::to_value(&history).map_err(AppError::broken)?,
                closed_on,
                updated_at: app.clock.now(),
                ..row
            };
            let row = rows::update(conn, row).map_err(|error| match error {
                StoreError::Stale => changed(),
                other => other.into(),
            })?;
            audit::note(conn, app, Some(&who), Note::done("handle", "rating", id.0))?;
            app.rating_view((row, rated))
        })
        .await
    }

    fn rating_view(&self, (row, (agency, number, officer)): Rated) -> Result<RatingView, AppError> {
        let open = !matches!(row.state, RatingState::Noted | RatingState::Closed);
        Ok(RatingView {
            history: history(&row)?,
            due_changes: dates::changes(&row)?,
            id: RatingId(row.id),
            request: RequestId(row.request_id),
            number,
            agency: AgencyId(agency),
            officer: officer.map(UserId),
            outcome: row.outcome,
            grade: row.grade,
            grade_label: row.grade.label().to_owned(),
            comment: row.comment,
            rated_on: row.rated_on,
            state: row.state,
            state_label: row.state.label().to_owned(),
            overdue: open && row.due_on.is_some_and(|due| due < self.today()),
            due_on: row.due_on,
            version: row.version,
        })
    }
}

const NOT_THEIRS: AppError = AppError::Forbidden("评价由公开工作机构负责人处理，监督员可以查看");

/// Whose ratings the person reads.
fn overseen(who: &Principal) -> Result<super::principal::Scope, AppError> {
    if who.is(Role::Head) || who.is(Role::Supervisor) { who.scope() } else { Err(NOT_THEIRS) }
}

/// What the applicant of a request reads of their rating.
pub(super) fn told(conn: &mut Conn, loaded: &Loaded) -> Result<Option<TrackRating>, AppError> {
    let Some(row) = rows::of_request(conn, loaded.row.id)? else { return Ok(None) };
    let feedback = history(&row)?.into_iter().rev().find_map(|deed| match deed.step {
        RatingStep::Tell { text, .. } => Some(text),
        _ => None,
    });
    Ok(Some(TrackRating { grade: row.grade, label: row.grade.label().to_owned(), feedback }))
}

fn history(row: &RatingRow) -> Result<Vec<RatingDeed>, AppError> {
    serde_json::from_value(row.history.clone()).map_err(AppError::broken)
}

fn finding(history: &[RatingDeed]) -> Option<Finding> {
    history.iter().rev().find_map(|deed| match deed.step {
        RatingStep::Check { finding, .. } => Some(finding),
        _ => None,
    })
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该评价在您查看之后已被他人处理，请刷新后再试".to_owned(),
    }
}
