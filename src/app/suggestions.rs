//! Suggestions of applicants to publish what they were given: taken with number and query code,
//! examined by heads, answered where the applicant tracks the request.
//!
//! Source: 条例 art. 44 ¶2.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::suggestions::{self as rows, Suggested, SuggestionRow};
use crate::db::{Conn, StoreError};
use crate::domain::ids::{AgencyId, RequestId, SuggestionId};
use crate::domain::suggestion::{self as domain, SuggestionAnswer, SuggestionState};

use super::audit::{self, Note};
use super::once::Once;
use super::requests::Page;
use super::tracking::{self, Ticket};
use super::{App, AppError, Principal};

const UNKNOWN: AppError = AppError::NotFound("该建议");

/// A suggestion, as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackSuggestion {
    /// Why everybody should know.
    pub reason: String,
    /// The day.
    pub suggested_on: NaiveDate,
    /// Where it stands.
    pub state: SuggestionState,
    /// The same in Chinese.
    pub label: String,
    /// What the agency says.
    pub answer: String,
}

/// A suggestion, as the agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuggestionView {
    /// Its id.
    pub id: SuggestionId,
    /// The request.
    pub request: RequestId,
    /// Its number.
    pub number: String,
    /// What was asked for.
    pub title: String,
    /// Its agency.
    pub agency: AgencyId,
    /// What was suggested, and what became of it.
    #[serde(flatten)]
    pub suggestion: TrackSuggestion,
    /// Version, for `If-Match`.
    pub version: i32,
}

impl App {
    /// Takes an applicant's suggestion.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for a wrong number or code alike; [`AppError::Refused`]
    /// `nothing_supplied`; [`AppError::Conflict`] `already_suggested`.
    pub async fn suggest(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        reason: String,
    ) -> Result<TrackSuggestion, AppError> {
        self.write_once(once, move |conn, app| {
            let loaded = tracking::unlock(conn, app, &ticket)?;
            let reason = domain::given(&loaded.case, &reason)?;
            let now = app.clock.now();
            let row = SuggestionRow {
                id: Uuid::now_v7(),
                request_id: loaded.row.id,
                reason,
                suggested_on: app.today(),
                state: SuggestionState::Open,
                answer: String::new(),
                answered_on: None,
                answered_by: None,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone()).map_err(|error| match error {
                StoreError::UniqueViolation { .. } => AppError::Conflict {
                    code: "already_suggested",
                    message: "这件申请已经提出过建议，请等待行政机关审核".to_owned(),
                },
                other => other.into(),
            })?;
            Ok(told(row))
        })
        .await
    }

    /// A page of suggestions, oldest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see.
    pub async fn suggestions(
        &self,
        who: &Principal,
        (agency, open): (Option<AgencyId>, bool),
        cursor: Option<SuggestionId>,
        limit: Option<i64>,
    ) -> Result<Page<SuggestionView>, AppError> {
        let scope = who.scope()?.narrowed(agency).ok_or(AppError::NotFound("该机关"))?;
        let limit = super::publications::page_of(limit)?;
        let (of, after) = (scope.ids(), cursor.map(|id| id.0));
        let list = move |conn: &mut Conn| rows::list(conn, of.as_deref(), open, after, limit + 1);
        let mut found = self.store.read(list).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next = found.last().filter(|_| more).map(|(row, _)| row.id.to_string());
        Ok(Page { items: found.into_iter().map(view).collect(), next })
    }

    /// Answers a suggestion that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], [`AppError::Refused`]; [`AppError::Conflict`] `changed`.
    pub async fn answer_suggestion(
        &self,
        who: Principal,
        once: Option<Once>,
        id: SuggestionId,
        seen: i32,
        answer: SuggestionAnswer,
    ) -> Result<SuggestionView, AppError> {
        let own = who.handles_for()?;
        self.write_once(once, move |conn, app| {
            let found = rows::find(conn, id.0)?.filter(|(_, (agency, ..))| *agency == own.0);
            let (row, of) = found.ok_or(UNKNOWN)?;
            if row.version != seen {
                return Err(changed());
            }
            let (state, answer) = domain::decide(row.state, &answer)?;
            let row = SuggestionRow {
                state,
                answer,
                answered_on: Some(app.today()),
                answered_by: Some(who.user.0),
                updated_at: app.clock.now(),
                ..row
            };
            let row = rows::update(conn, row).map_err(|error| match error {
                StoreError::Stale => changed(),
                other => other.into(),
            })?;
            audit::note(conn, app, Some(&who), Note::done("answer", "suggestion", id.0))?;
            Ok(view((row, of)))
        })
        .await
    }
}

/// What the applicant of a request reads of their suggestion.
pub(super) fn of_request(
    conn: &mut Conn,
    request: Uuid,
) -> Result<Option<TrackSuggestion>, AppError> {
    Ok(rows::of_request(conn, request)?.map(told))
}

fn told(row: SuggestionRow) -> TrackSuggestion {
    TrackSuggestion {
        reason: row.reason,
        suggested_on: row.suggested_on,
        state: row.state,
        label: row.state.label().to_owned(),
        answer: row.answer,
    }
}

fn view((row, (agency, number, title)): Suggested) -> SuggestionView {
    SuggestionView {
        id: SuggestionId(row.id),
        request: RequestId(row.request_id),
        number,
        title,
        agency: AgencyId(agency),
        version: row.version,
        suggestion: told(row),
    }
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该建议在您查看之后已被他人处理，请刷新后再试".to_owned(),
    }
}
