//! What only the ledger tells of a request: whose turn a draft reply is, which date presses.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RequestView;
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, Principal};
use crate::domain::case::Draft;
use crate::domain::chain::Stage;
use crate::domain::ids::{NoticeId, RequestId};
use crate::domain::policy::Role;

/// Where a draft reply stands in its approval chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalView {
    /// The draft.
    pub notice: NoticeId,
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
    /// The same with what only the ledger tells.
    pub(in crate::app) fn view_of(&self, loaded: Loaded) -> RequestView {
        let projection = loaded.case.projection(&self.calendar);
        RequestView {
            governing: projection.governing,
            governing_on: projection.queue_on,
            no_date: projection.no_date,
            approval: loaded.case.draft.as_ref().map(ApprovalView::from),
            ..self.view(loaded.row)
        }
    }

    /// One request with everything its ledger tells.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn request_in_full(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<RequestView, AppError> {
        let app = self.clone();
        self.request(principal, id).await?;
        let loaded = self.store.read(move |conn| ledger::load(conn, &app, id.0)).await?;
        Ok(self.view_of(loaded))
    }
}
