//! What a request tells beside its row: whose turn a draft reply is, which date presses.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RequestView;
use crate::app::ledger::Loaded;
use crate::app::{App, AppError, Principal};
use crate::db::requests::RequestRow;
use crate::db::standings::StandingRow;
use crate::domain::case::Draft;
use crate::domain::chain::{Stage, Turns};
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Role;

/// Where a draft reply stands in its approval chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalView {
    /// The draft.
    pub notice: NoticeId,
    /// Its outcome.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Its author.
    #[serde(default)]
    pub drafter: Option<UserId>,
    /// The chain it goes through.
    pub chain: Vec<Stage>,
    /// How many steps are taken.
    pub taken: usize,
    /// The step it waits for; absent when all are taken and it waits for its number.
    pub stage: Option<Stage>,
    /// Whose turn it is.
    pub turn: Role,
    /// The same in Chinese.
    pub turn_label: String,
    /// Since when.
    pub since: NaiveDate,
}

impl From<&Draft> for ApprovalView {
    fn from(draft: &Draft) -> Self {
        Self {
            notice: draft.notice,
            outcome: Some(draft.outcome),
            drafter: draft.drafter,
            chain: draft.chain.stages.clone(),
            taken: draft.approvals.len(),
            stage: draft.stage(),
            turn: draft.turn(),
            turn_label: draft.turn().label().to_owned(),
            since: draft.since,
        }
    }
}

impl App {
    /// The row as people see it today, with what its standing tells.
    pub(super) fn viewed(&self, row: RequestRow, standing: Option<StandingRow>) -> RequestView {
        let governing_on = row.queue_on;
        let view = self.view(row);
        let Some(standing) = standing else { return view };
        RequestView {
            governing: standing.governing,
            governing_on: standing.governing.map(|_| governing_on),
            no_date: standing.no_date,
            approval: standing.draft.and_then(|draft| serde_json::from_value(draft).ok()),
            ..view
        }
    }

    /// The same of a request that is loaded anyway.
    pub(in crate::app) fn view_of(&self, loaded: Loaded) -> RequestView {
        let projection = loaded.case.projection(&loaded.calendar);
        let draft = loaded.case.draft.as_ref().filter(|_| projection.open);
        RequestView {
            governing: projection.governing,
            governing_on: projection.queue_on,
            no_date: projection.no_date,
            approval: draft.map(ApprovalView::from),
            remedy_due_on: loaded.case.remedy_due(&loaded.calendar).map(|due| due.on),
            ..self.view(loaded.row)
        }
    }

    /// Whose turns a person may take today.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(super) async fn turns(&self, principal: &Principal) -> Result<Turns, AppError> {
        let acting = self.acting(principal.clone(), None).await?;
        Ok(Turns::new(acting.user, &acting.roles, &acting.deputyships))
    }
}
