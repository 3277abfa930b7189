//! What-if: each step on offer with the dates it would lead to, and any step with the input somebody
//! means to enter. Decided as the step itself is, and nothing is written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::case::{Governing, NoDate};
use crate::domain::clock::State as ClockState;
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::forecast::{self, Dates, Effect, Forecast, Usual};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::policy::Action;
use crate::domain::state::State;
use crate::domain::working_days::WorkingDays;

use super::{App, AppError, Principal, actions, ledger};

/// A step that can be taken now, and what it would lead to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StepView {
    /// The step.
    pub action: Action,
    /// In Chinese.
    pub label: String,
    /// The dates it would lead to if it were taken today with the usual input.
    pub what_if: Option<WhatIf>,
    /// Why there are none: what they depend on. Ask with the actual input.
    pub needs_input: Option<String>,
}

/// What a step would lead to if it were taken today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WhatIf {
    /// What it does to the limit.
    pub effect: Effect,
    /// The same in Chinese.
    pub effect_label: String,
    /// The dates as they are.
    pub before: DatesView,
    /// The dates as they would be.
    pub after: DatesView,
    /// For an extension that still needs consent or telling: the dates once both are done, today.
    pub once_told: Option<DatesView>,
}

/// The dates of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatesView {
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: String,
    /// How the clock stands today.
    pub clock: ClockState,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// Whether that may still change: an open consultation, an estimated calendar.
    pub provisional: bool,
    /// Which date presses.
    pub governing: Option<Governing>,
    /// The same in Chinese.
    pub governing_label: Option<String>,
    /// That date.
    pub governing_on: Option<NaiveDate>,
    /// Why no date presses.
    pub no_date: Option<NoDate>,
    /// The same in Chinese.
    pub no_date_label: Option<String>,
}

/// What is said of a step whose date nothing usual can tell.
const DEPENDS: &str = "结果取决于填写的内容，请填写后试算";

impl App {
    /// The steps `principal` can take now, each with what it would lead to.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn steps(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<Vec<StepView>, AppError> {
        let app = self.clone();
        let loaded = self.store.read(move |conn| ledger::load(conn, &app, id.0)).await?;
        let agency = AgencyId(loaded.row.agency_id);
        principal.may_see(agency)?;
        if principal.agency != Some(agency) {
            return Ok(Vec::new());
        }
        let principal = self.acting(principal.clone(), None).await?;
        let (case, context) = (&loaded.case, self.context(&principal));
        let usual = Usual {
            correction: WorkingDays(self.settings.correction_period_wd),
            reasons: self.settings.reason_request_clock,
        };
        Ok(decide::offered(case, &principal.roles)
            .into_iter()
            .map(|action| {
                let command = forecast::usual(action, case, &context, usual);
                let foreseen = command.map(|c| forecast::forecast(case, &c, &context));
                let (what_if, needs_input) = match foreseen {
                    Some(Ok(foreseen)) => (Some(WhatIf::from(foreseen)), None),
                    Some(Err(refusal)) => (None, Some(refusal.to_string())),
                    None => (None, Some(DEPENDS.to_owned())),
                };
                StepView { action, label: action.label().to_owned(), what_if, needs_input }
            })
            .collect())
    }

    /// What a step would lead to if it were taken today. Whatever would refuse the step refuses the
    /// question.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] with the article; [`AppError::Forbidden`]; [`AppError::NotFound`].
    pub async fn what_if(
        &self,
        principal: &Principal,
        id: RequestId,
        command: Command,
    ) -> Result<WhatIf, AppError> {
        let principal = self.acting(principal.clone(), Some(command.action())).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                principal.may(command.action(), AgencyId(loaded.row.agency_id))?;
                let context = app.context(&principal);
                let decision = actions::rehearsed(conn, &app, &loaded, command, &context)?;
                Ok(forecast::between(&loaded.case, &decision.case, &context).into())
            })
            .await
    }
}

impl From<Forecast> for WhatIf {
    fn from(foreseen: Forecast) -> Self {
        let effect = foreseen.effect();
        Self {
            effect,
            effect_label: effect.label().to_owned(),
            before: foreseen.before.into(),
            after: foreseen.after.into(),
            once_told: foreseen.once_told.map(DatesView::from),
        }
    }
}

impl From<Dates> for DatesView {
    fn from(dates: Dates) -> Self {
        Self {
            state: dates.state,
            state_label: dates.state.label().to_owned(),
            clock: dates.clock,
            due_on: dates.due_on,
            provisional: dates.provisional,
            governing: dates.governing,
            governing_label: dates.governing.map(|which| which.label().to_owned()),
            governing_on: dates.governing_on,
            no_date: dates.no_date,
            no_date_label: dates.no_date.map(|why| why.label().to_owned()),
        }
    }
}
