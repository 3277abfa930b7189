//! Who asks for a correction and how to reach them: sealed, shown masked, opened field by field.
//!
//! Source: 个人信息保护法 art. 6, 28–30, 51; rulebook 9.1.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    RecordCorrectionForm, RecordCorrectionId, RecordCorrectionRow, UNKNOWN, handles, rows,
};
use crate::app::audit::{self, Note};
use crate::app::ledger;
use crate::app::personal::stated;
use crate::app::{App, AppError, Principal};
use crate::domain::applicant::{mask_name, mask_number};
use crate::domain::personal::mask_contact;
use crate::domain::traces;

/// Entries taken over in one transaction.
const BATCH: i64 = 200;

/// What is sealed of an entry. Fields may be added, never renamed.
#[derive(Default, Serialize, Deserialize)]
struct Sealed {
    number: String,
    name: String,
    contact: String,
}

/// A field that is shown masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordField {
    /// Name of the applicant.
    ApplicantName,
    /// Number of the identity document.
    CredentialNumber,
    /// How to reach them.
    Contact,
}

/// Which field somebody wants to see, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordOpening {
    /// Which field.
    pub field: RecordField,
    /// What for; it is recorded.
    pub purpose: String,
}

/// A field in the clear; stored nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordOpened {
    /// Which field.
    pub field: RecordField,
    /// What was entered.
    pub value: String,
}

impl std::fmt::Debug for RecordOpened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordOpened").field("field", &self.field).finish_non_exhaustive()
    }
}

impl App {
    /// Opens one field of an entry; the opening stands in the audit log in the same transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for anybody who does not handle cases; [`AppError::NotFound`], also
    /// for another agency's; [`AppError::Invalid`] without a purpose.
    pub async fn open_record_field(
        &self,
        who: Principal,
        id: RecordCorrectionId,
        opening: RecordOpening,
    ) -> Result<RecordOpened, AppError> {
        let (agency, purpose) = (handles(&who)?, stated(&opening.purpose)?);
        let app = self.clone();
        self.store
            .write(move |conn| {
                let row = rows::find(conn, id.0)?.filter(|row| row.agency_id == agency.0);
                let form = whole(&app, &row.ok_or(UNKNOWN)?)?;
                let value = match opening.field {
                    RecordField::ApplicantName => form.applicant_name,
                    RecordField::CredentialNumber => form.credential_number,
                    RecordField::Contact => form.contact,
                };
                let detail = serde_json::json!({ "field": opening.field, "purpose": purpose });
                let note = Note { detail, ..Note::done("open_field", "record_correction", id.0) };
                audit::note(conn, &app, Some(&who), note)?;
                Ok(RecordOpened { field: opening.field, value })
            })
            .await
    }

    /// Seals and attests entries made before that was done; returns how many. A start that is killed
    /// here goes on at the next one. Blocks.
    ///
    /// # Errors
    ///
    /// [`AppError::Broken`] for an entry that cannot be opened; failures of the database.
    pub(in crate::app) fn seal_existing_records(&self) -> Result<usize, AppError> {
        let mut taken_over = 0;
        loop {
            let app = self.clone();
            let taken = self.store.write_blocking(move |conn| {
                let found = rows::unattested(conn, BATCH)?;
                for row in &found {
                    let form = whole(&app, row)?;
                    let row = RecordCorrectionRow {
                        identity_cipher: sealed(&app, row.id, &form)?,
                        applicant_name: mask_name(&form.applicant_name),
                        form: stripped(form)?,
                        ..row.clone()
                    };
                    rows::update(conn, attested(&app, row)?)?;
                }
                Ok::<_, AppError>(found.len())
            })?;
            if taken == 0 {
                return Ok(taken_over);
            }
            taken_over += taken;
        }
    }
}

/// What is sealed of a form, bound to its entry.
pub(super) fn sealed(app: &App, id: Uuid, form: &RecordCorrectionForm) -> Result<String, AppError> {
    let data = Sealed {
        number: form.credential_number.trim().to_owned(),
        name: form.applicant_name.trim().to_owned(),
        contact: form.contact.trim().to_owned(),
    };
    let text = serde_json::to_string(&data).map_err(AppError::broken)?;
    Ok(app.keys.seal(&place(id), &text))
}

/// The form without what is sealed, as it is stored.
pub(super) fn stripped(form: RecordCorrectionForm) -> Result<serde_json::Value, AppError> {
    let form = RecordCorrectionForm {
        applicant_name: String::new(),
        credential_number: String::new(),
        contact: String::new(),
        ..form
    };
    serde_json::to_value(form).map_err(AppError::broken)
}

/// The form as it was registered. For the program's own use: what people see of it is [`masked`].
pub(super) fn whole(
    app: &App,
    row: &RecordCorrectionRow,
) -> Result<RecordCorrectionForm, AppError> {
    let mut form: RecordCorrectionForm =
        serde_json::from_value(row.form.clone()).map_err(AppError::broken)?;
    let text = app.keys.open(&place(row.id), &row.identity_cipher).map_err(AppError::broken)?;
    match serde_json::from_str::<Sealed>(&text) {
        Ok(Sealed { number, name, contact }) => {
            form.credential_number = number;
            form.applicant_name = name;
            form.contact = contact;
        }
        // Entered when only the number was sealed.
        Err(_) => {
            form.credential_number = text;
            form.applicant_name = row.applicant_name.clone();
        }
    }
    Ok(form)
}

/// The form as everybody of the agency sees it.
pub(super) fn masked(form: RecordCorrectionForm) -> RecordCorrectionForm {
    RecordCorrectionForm {
        applicant_name: mask_name(&form.applicant_name),
        credential_number: mask_number(&form.credential_number),
        contact: mask_contact(&form.contact),
        error: traces::masked(&form.error),
        evidence: traces::masked(&form.evidence),
        ..form
    }
}

/// The row with the seal that its content must have.
///
/// # Errors
///
/// Those of [`seal_of`].
pub(super) fn attested(
    app: &App,
    row: RecordCorrectionRow,
) -> Result<RecordCorrectionRow, AppError> {
    Ok(RecordCorrectionRow { seal: seal_of(app, &row)?, ..row })
}

/// An HMAC over everything an entry says, the sealed part in the clear: it outlives a change of keys
/// of the cipher. State and dates that follow from the history are left to its replay; the agency
/// may change by a merger.
///
/// # Errors
///
/// [`AppError::Broken`] for an entry that cannot be opened.
pub(in crate::app) fn seal_of(app: &App, row: &RecordCorrectionRow) -> Result<String, AppError> {
    let content = serde_json::json!({
        "id": row.id,
        "number": row.number,
        "received_on": row.received_on,
        "form": whole(app, row)?,
        "history": row.history,
        "recorded_by": row.recorded_by,
    });
    Ok(app.keys.digest("record_corrections.seal", &ledger::digest(&content)))
}

/// Where the sealed text of an entry stands; part of what the cipher binds.
fn place(id: Uuid) -> String {
    format!("record_corrections.identity_cipher/{id}")
}
