//! Complaints as the supervising office sees them, and as the agency does.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::{App, AppError, Principal};
use crate::db::complaints::ComplaintRow;
use crate::domain::applicant::mask_name;
use crate::domain::complaint::{ComplaintDeed, ComplaintState, Finding};
use crate::domain::ids::{AgencyId, ComplaintId, RequestId};
use crate::domain::policy::Role;
use crate::domain::record_correction;

/// An entry of the register. To the agency, what would tell who complains is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComplaintView {
    /// Its id.
    pub id: ComplaintId,
    /// The agency complained about.
    pub agency: AgencyId,
    /// Its number in the register.
    pub number: String,
    /// Where it stands.
    pub state: ComplaintState,
    /// The same in Chinese.
    pub state_label: String,
    /// Day it came.
    pub received_on: NaiveDate,
    /// Last day of the general limit of a duty to act: shown, nothing is refused after it.
    pub due_on: NaiveDate,
    /// Whether that passed before it was concluded.
    pub overdue: bool,
    /// Last day for the agency's statement.
    pub statement_due_on: Option<NaiveDate>,
    /// Whether the agency did not state its view by then.
    pub statement_late: bool,
    /// The request it is about.
    pub request: Option<RequestId>,
    /// Name of the complainant, masked; supervisors only.
    pub complainant: Option<String>,
    /// How to reach them; supervisors only.
    pub contact: Option<String>,
    /// What is complained about; supervisors only.
    pub content: Option<String>,
    /// The steps taken, oldest first.
    pub history: Vec<ComplaintDeed>,
    /// What was found.
    pub finding: Option<Finding>,
    /// The same in Chinese.
    pub finding_label: Option<String>,
    /// Day it was concluded.
    pub concluded_on: Option<NaiveDate>,
    /// Version of the entry.
    pub version: i32,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Complainant {
    pub(super) name: String,
    pub(super) contact: String,
}

impl ComplaintView {
    /// Without what tells who complains: answers of writes are kept for those who ask twice.
    pub(super) fn without_complainant(self) -> Self {
        Self { complainant: None, contact: None, content: None, ..self }
    }
}

impl App {
    /// The entry as the person may see it.
    pub(super) fn complaint_view(
        &self,
        who: &Principal,
        row: ComplaintRow,
    ) -> Result<ComplaintView, AppError> {
        let history = history(&row)?;
        let today = self.today();
        let sealed = self.keys.open(&place(row.id), &row.complainant_cipher);
        let complainant: Complainant =
            serde_json::from_str(&sealed.map_err(AppError::broken)?).map_err(AppError::broken)?;
        let supervises = who.is(Role::Supervisor);
        let told = |text: String| supervises.then_some(text);
        let waits = row.state == ComplaintState::Asked;
        let stated = history.iter().rfind(|deed| deed.step.is_the_agencys());
        let stated_on = stated.filter(|_| !waits).map(|deed| deed.step.on());
        // While it waits, today counts; once concluded without a statement, that day.
        let by = stated_on.or(row.concluded_on).unwrap_or(today);
        let statement_late = row.statement_due_on.is_some_and(|due| by > due);
        let due_on = record_correction::last_day(row.due_on, &self.calendar);
        Ok(ComplaintView {
            id: ComplaintId(row.id),
            agency: AgencyId(row.agency_id),
            number: row.number,
            state: row.state,
            state_label: row.state.label().to_owned(),
            received_on: row.received_on,
            due_on,
            overdue: row.concluded_on.unwrap_or(today) > due_on,
            statement_due_on: row.statement_due_on,
            statement_late,
            request: row.request_id.map(RequestId),
            complainant: told(mask_name(&complainant.name)),
            contact: told(complainant.contact),
            content: told(row.content),
            history,
            finding: row.finding,
            finding_label: row.finding.map(|finding| finding.label().to_owned()),
            concluded_on: row.concluded_on,
            version: row.version,
        })
    }
}

/// The steps taken.
pub(super) fn history(row: &ComplaintRow) -> Result<Vec<ComplaintDeed>, AppError> {
    serde_json::from_value(row.history.clone()).map_err(AppError::broken)
}

/// Where the sealed complainant stands; part of what the cipher binds.
pub(super) fn place(id: Uuid) -> String {
    format!("complaints.complainant_cipher/{id}")
}
