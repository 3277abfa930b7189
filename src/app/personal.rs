//! Personal data of applicants and agents: sealed on its way in, put back where a notice needs it,
//! masked for everybody else, and opened field by field for a stated purpose that is put on record.
//!
//! Source: 个人信息保护法 art. 6, 28–30, 51; rulebook 9.1.

pub mod existing;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::applications::{self, ApplicationRow};
use crate::db::audit::{self as log, AuditFilter};
use crate::db::{Conn, requests};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::personal::{PersonalData, PersonalField};
use crate::domain::request::Application;
use crate::domain::text::{self, LINE_MAX};

use super::audit::{self, Note};
use super::{App, AppError, Principal};

/// The action under which an opening stands in the audit log.
pub(super) const OPENED: &str = "personal_data.open";

/// Openings listed at most.
const LISTED: i64 = 500;

/// What of an application is stored how.
pub(super) struct Kept {
    /// The form without what is sealed.
    pub form: serde_json::Value,
    /// What is sealed.
    pub cipher: String,
    /// Keyed digests, for finding the same again.
    pub identity: String,
    /// Of the telephone, if one was given.
    pub phone: Option<String>,
    /// Of the postal address, if one was given.
    pub address: Option<String>,
    /// Of the agent's number, if there is an agent.
    pub agent: Option<String>,
}

/// Takes personal data out of a complete form and seals it for the row of `request`.
///
/// # Errors
///
/// [`AppError::Broken`] when it cannot be written as JSON.
pub(super) fn keep(app: &App, request: Uuid, application: &Application) -> Result<Kept, AppError> {
    let digest = |column: &str, text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| app.keys.digest(&format!("applications.{column}"), text))
    };
    let applicant = &application.applicant;
    let digits: String = applicant.phone.chars().filter(char::is_ascii_digit).collect();
    let agent = application.agent.as_ref().map(|agent| agent.credential_number.as_str());
    let mut form = application.clone();
    let taken = PersonalData::taken_from(&mut form);
    let taken = serde_json::to_string(&taken).map_err(AppError::broken)?;
    let number = applicant.credential_number.trim();
    Ok(Kept {
        form: serde_json::to_value(&form).map_err(AppError::broken)?,
        cipher: app.keys.seal(&place(request), &taken),
        identity: app.keys.digest("applications.identity_digest", number),
        phone: digest("phone_digest", &digits),
        address: digest("address_digest", &applicant.address),
        agent: agent.and_then(|number| digest("agent_digest", number)),
    })
}

/// The complete form of a row, as it was submitted. For the program's own use: what people see of
/// it goes through [`crate::domain::personal::masked`].
///
/// # Errors
///
/// [`AppError::Broken`] when the sealed text cannot be opened.
pub(super) fn complete(app: &App, row: &ApplicationRow) -> Result<Application, AppError> {
    let mut form: Application =
        serde_json::from_value(row.form.clone()).map_err(AppError::broken)?;
    if let Some(sealed) = &row.identity_cipher {
        let opened = app.keys.open(&place(row.request_id), sealed).map_err(AppError::broken)?;
        let data: PersonalData = serde_json::from_str(&opened).map_err(AppError::broken)?;
        data.put_into(&mut form);
    }
    Ok(form)
}

/// Where a sealed text stands; part of what the cipher binds.
fn place(request: Uuid) -> String {
    format!("applications.identity_cipher/{request}")
}

/// What somebody wants to see, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Which field.
    pub field: PersonalField,
    /// What for; it is recorded.
    pub purpose: String,
}

/// A field in the clear. It is stored nowhere else, not even as the answer to a repeated call.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Opened {
    /// Which field.
    pub field: PersonalField,
    /// The same in Chinese.
    pub label: String,
    /// What the applicant entered.
    pub value: String,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("field", &self.field).finish_non_exhaustive()
    }
}

/// One opening on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OpeningView {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: role and name.
    pub who: String,
    /// Which field.
    pub field: PersonalField,
    /// The same in Chinese.
    pub label: String,
    /// The purpose stated.
    pub purpose: String,
}

impl App {
    /// Opens one field of an application. The opening stands in the audit log in the same
    /// transaction: no value without its entry.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for anybody but the people of the agency who handle its cases;
    /// [`AppError::Invalid`] without a purpose; [`AppError::NotFound`] where the form has nothing
    /// there, and for another agency's request.
    ///
    /// Source: 个人信息保护法 art. 51 (2), (4); rulebook 9.1.
    pub async fn open_personal_data(
        &self,
        principal: Principal,
        id: RequestId,
        opening: Opening,
    ) -> Result<Opened, AppError> {
        let purpose = stated(&opening.purpose)?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let agency = seen(conn, &principal, id)?;
                if principal.agency != Some(agency) {
                    // Supervisors see every case, but no personal data.
                    return Err(AppError::Forbidden(
                        "只有受理机关的办理人员可以查看完整的个人信息",
                    ));
                }
                let row = applications::get(conn, id.0)?;
                let value = opening.field.of(&complete(&app, &row)?);
                let value = value.ok_or(AppError::NotFound("该项信息，申请表中没有填写"))?;
                let detail = serde_json::json!({ "field": opening.field, "purpose": purpose });
                let note = Note { detail, ..Note::done(OPENED, "request", id.0) };
                audit::note(conn, &app, Some(&principal), note)?;
                let label = opening.field.label().to_owned();
                Ok(Opened { field: opening.field, label, value })
            })
            .await
    }

    /// Who opened what of an application, and what for; newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's request.
    pub async fn openings(
        &self,
        principal: Principal,
        id: RequestId,
    ) -> Result<Vec<OpeningView>, AppError> {
        let rows = self
            .store
            .read(move |conn| {
                seen(conn, &principal, id)?;
                let filter = AuditFilter {
                    object_kind: Some("request".to_owned()),
                    object_id: Some(id.0),
                    ..AuditFilter::default()
                };
                Ok::<_, AppError>(log::page(conn, &filter, None, LISTED)?)
            })
            .await?;
        Ok(rows.into_iter().filter(|row| row.action == OPENED).filter_map(opening_view).collect())
    }
}

/// The agency of a request that the person may see.
fn seen(conn: &mut Conn, principal: &Principal, id: RequestId) -> Result<AgencyId, AppError> {
    let row = requests::find(conn, id.0)?.ok_or(AppError::NotFound("该申请"))?;
    let agency = AgencyId(row.agency_id);
    principal.may_see(agency)?;
    Ok(agency)
}

/// Fewest signs of a purpose that says something.
const PURPOSE_MIN: usize = 4;

/// A purpose is stated, in one line that says something.
pub(super) fn stated(purpose: &str) -> Result<String, AppError> {
    let purpose = purpose.trim();
    if purpose.is_empty() {
        return Err(AppError::field("purpose", "required", "请填写查看该项个人信息的目的"));
    }
    if text::substance(purpose) < PURPOSE_MIN {
        return Err(AppError::field(
            "purpose",
            "purpose_unclear",
            "请具体写明查看的目的（不少于4个字），例如“电话通知补正”",
        ));
    }
    match text::faults(purpose, LINE_MAX).first() {
        None => Ok(purpose.to_owned()),
        Some(_) => {
            Err(AppError::field("purpose", "too_long", "查看目的请用一行文字说明，不超过200字"))
        }
    }
}

fn opening_view(row: log::AuditRow) -> Option<OpeningView> {
    let field = serde_json::from_value(row.detail.get("field")?.clone());
    let field: PersonalField = field.ok()?;
    let purpose = row.detail.get("purpose")?.as_str()?.to_owned();
    let label = field.label().to_owned();
    Some(OpeningView { at: row.at, who: row.actor_label, field, label, purpose })
}
