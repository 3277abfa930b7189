//! The register of corrections of records (更正申请): no requests for information, a register and
//! numbers of their own.
//!
//! Source: 条例 art. 41; 行政诉讼法 art. 47; rulebook 1.2 m.

pub(super) mod letters;
mod personal;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::StoreError;
use crate::db::record_corrections::{self as rows, RecordCorrectionRow};
use crate::domain::applicant::mask_name;
use crate::domain::ids::{AgencyId, RecordCorrectionId};
use crate::domain::notice::Series;
use crate::domain::policy::Role;
use crate::domain::record_correction::{
    self as domain, RecordCorrectionForm, RecordDeed, RecordStanding, RecordState, RecordStep,
};
use crate::domain::refusal::Refusal;

use super::audit::{self, Note};
use super::once::Once;
use super::{App, AppError, Principal, numbering};

pub(super) use personal::seal_of;
pub use personal::{RecordField, RecordOpened, RecordOpening};

const UNKNOWN: AppError = AppError::NotFound("该更正申请");
/// How many entries of the register one answer holds.
const PAGE: i64 = 200;

/// An application for correction to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRegistration {
    /// Day it came.
    pub received_on: NaiveDate,
    /// What is asked.
    pub form: RecordCorrectionForm,
}

/// An entry of the register. Name and identity number are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecordCorrectionView {
    /// Its id.
    pub id: RecordCorrectionId,
    /// The agency asked.
    pub agency: AgencyId,
    /// Its number in the register.
    pub number: String,
    /// Where it stands.
    pub state: RecordState,
    /// The same in Chinese.
    pub state_label: String,
    /// Day it came.
    pub received_on: NaiveDate,
    /// Last day of the general limit of a duty to act: shown, nothing is refused after it.
    pub due_on: NaiveDate,
    /// Whether it passed without an answer.
    pub overdue: bool,
    /// What was asked.
    pub form: RecordCorrectionForm,
    /// The steps taken, oldest first.
    pub history: Vec<RecordDeed>,
    /// Day of the answer to the applicant.
    pub answered_on: Option<NaiveDate>,
    /// Version of the entry.
    pub version: i32,
}

impl App {
    /// Enters an application for correction under the next number of the register.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people who do not handle cases; [`AppError::Invalid`] with every
    /// fault; [`AppError::Refused`] for a date after today.
    pub async fn register_record_correction(
        &self,
        who: Principal,
        once: Option<Once>,
        registration: RecordRegistration,
    ) -> Result<RecordCorrectionView, AppError> {
        let agency = handles(&who)?;
        let RecordRegistration { received_on, form } = registration;
        let faults = form.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        if received_on > self.today() {
            return Err(Refusal::InFuture { field: "received_on", on: received_on }.into());
        }
        self.write_once(once, move |conn, app| {
            let (id, now) = (Uuid::now_v7(), app.clock.now());
            let row = RecordCorrectionRow {
                id,
                agency_id: agency.0,
                number: numbering::next(conn, app, Series::RecordCorrection, agency)?,
                state: RecordState::Received,
                received_on,
                due_on: domain::due_on(received_on),
                applicant_name: mask_name(form.applicant_name.trim()),
                identity_cipher: personal::sealed(app, id, &form)?,
                form: personal::stripped(form)?,
                history: serde_json::json!([]),
                answered_on: None,
                recorded_by: who.user.0,
                version: 1,
                created_at: now,
                updated_at: now,
                seal: String::new(),
            };
            let row = personal::attested(app, row)?;
            rows::insert(conn, row.clone())?;
            audit::note(conn, app, Some(&who), Note::done("create", "record_correction", id))?;
            app.record_view(row)
        })
        .await
    }

    /// Takes a step on an entry that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Refused`];
    /// [`AppError::Conflict`] `changed`.
    pub async fn record_correction_step(
        &self,
        who: Principal,
        once: Option<Once>,
        id: RecordCorrectionId,
        seen: i32,
        step: RecordStep,
    ) -> Result<RecordCorrectionView, AppError> {
        let agency = handles(&who)?;
        self.write_once(once, move |conn, app| {
            let row = rows::find(conn, id.0)?.filter(|row| row.agency_id == agency.0);
            let row = row.ok_or(UNKNOWN)?;
            if row.version != seen {
                return Err(changed());
            }
            let mut history = history(&row)?;
            let standing = RecordStanding::of(row.state, row.received_on, &history);
            let state = domain::decide(&standing, &step, app.today())?;
            let answered_on = matches!(step, RecordStep::Answer { .. }).then(|| step.on());
            let n = i32::try_from(history.len()).map_err(AppError::broken)? + 1;
            let letter = letters::issue(conn, app, &row, n, &step)?;
            history.push(RecordDeed { by: who.actor().label, step, letter });
            let row = RecordCorrectionRow {
                state,
                history: serde_json::to_value(&history).map_err(AppError::broken)?,
                answered_on: answered_on.or(row.answered_on),
                updated_at: app.clock.now(),
                ..row
            };
            let row =
                rows::update(conn, personal::attested(app, row)?).map_err(|error| match error {
                    StoreError::Stale => changed(),
                    other => other.into(),
                })?;
            audit::note(conn, app, Some(&who), Note::done("step", "record_correction", id.0))?;
            app.record_view(row)
        })
        .await
    }

    /// The newest entries of the register of one's agency, or of the county for supervisors.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without cases.
    pub async fn record_corrections(
        &self,
        who: &Principal,
    ) -> Result<Vec<RecordCorrectionView>, AppError> {
        let scope = who.scope()?.ids();
        let found = self.store.read(move |conn| rows::list(conn, scope, PAGE)).await?;
        found.into_iter().map(|row| self.record_view(row)).collect()
    }

    /// One entry.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn record_correction(
        &self,
        who: &Principal,
        id: RecordCorrectionId,
    ) -> Result<RecordCorrectionView, AppError> {
        let row = self.record_row(who, id).await?;
        self.record_view(row)
    }

    fn record_view(&self, row: RecordCorrectionRow) -> Result<RecordCorrectionView, AppError> {
        let history = history(&row)?;
        let form = personal::masked(personal::whole(self, &row)?);
        let due_on = domain::last_day(row.due_on, &self.calendar);
        Ok(RecordCorrectionView {
            id: RecordCorrectionId(row.id),
            agency: AgencyId(row.agency_id),
            number: row.number,
            state: row.state,
            state_label: row.state.label().to_owned(),
            received_on: row.received_on,
            due_on,
            overdue: row.answered_on.is_none() && self.today() > due_on,
            form,
            history,
            answered_on: row.answered_on,
            version: row.version,
        })
    }
}

/// The agency of somebody who handles cases.
fn handles(who: &Principal) -> Result<AgencyId, AppError> {
    let handles = [Role::Clerk, Role::Officer, Role::Head].into_iter().any(|role| who.is(role));
    who.agency.filter(|_| handles).ok_or(AppError::Forbidden("您的岗位不能办理更正申请"))
}

pub(super) fn history(row: &RecordCorrectionRow) -> Result<Vec<RecordDeed>, AppError> {
    serde_json::from_value(row.history.clone()).map_err(AppError::broken)
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该更正申请在您查看之后已被他人办理，请刷新后再办".to_owned(),
    }
}
