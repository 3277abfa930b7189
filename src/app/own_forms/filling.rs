//! Filling a form for a case: what the case says, masked like every form, and the copy, which stands in
//! the audit log as a printing.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::audit::{self, Note};
use crate::app::findings::read_apart;
use crate::app::forms::{self, PRINTED};
use crate::app::notices::formats::Document;
use crate::app::{App, AppError, Principal};
use crate::db::own_forms::{self as rows, OwnFormRow, OwnFormVersionRow};
use crate::documents::own_form::fill;
use crate::domain::ids::{OwnFormId, RequestId};
use crate::domain::own_form::{Placeholder, Values};

use super::views::{self, FilledValue};
use super::{UNKNOWN, document};

/// A copy filled with what a case says, and the placeholders that had nothing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledCopy {
    /// The file.
    pub document: Document,
    /// Where a dash was printed.
    pub empty: Vec<Placeholder>,
}

/// A form with the version that is filled.
type Latest = (OwnFormRow, OwnFormVersionRow);

impl App {
    /// A form filled with what a case says, masked. It stands in the audit log as a printing.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's case or form; [`AppError::Conflict`]
    /// `form_retired`; [`AppError::Unprintable`]; [`AppError::FileLost`].
    pub async fn filled_own_form(
        &self,
        who: Principal,
        request: RequestId,
        id: OwnFormId,
    ) -> Result<FilledCopy, AppError> {
        let number = self.request(&who, request).await?.number;
        let ((row, version), values) = self.form_for(&who, request, id).await?;
        let used = used(&version)?;
        let empty = values.empty_among(&used);
        let bytes = self.own_form_bytes(&version).await?;
        let filled = read_apart(move || fill(&bytes, &values)).await;
        let filled = filled.ok_or_else(|| unprintable("填写没有完成，可能表格过于复杂"))?;
        let bytes = filled.map_err(|fault| AppError::Unprintable(fault.message))?;
        let (app, n, told) = (self.clone(), version.n, empty.clone());
        self.store
            .write(move |conn| {
                let detail = json!({ "own_form": id, "n": n, "empty": told });
                let note = Note { detail, ..Note::done(PRINTED, "request", request.0) };
                audit::note(conn, &app, Some(&who), note)
            })
            .await?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(FilledCopy {
            document: document(&format!("{}（{number}）", row.name), sha256, bytes),
            empty,
        })
    }

    /// What a case says for the placeholders of a form, masked, without printing it.
    ///
    /// # Errors
    ///
    /// Those of [`App::filled_own_form`].
    pub async fn own_form_values(
        &self,
        who: &Principal,
        request: RequestId,
        id: OwnFormId,
    ) -> Result<Vec<FilledValue>, AppError> {
        let ((_, version), values) = self.form_for(who, request, id).await?;
        Ok(views::filled(&used(&version)?, &values))
    }

    /// The form with what a case of its agency says.
    async fn form_for(
        &self,
        who: &Principal,
        request: RequestId,
        id: OwnFormId,
    ) -> Result<(Latest, Values), AppError> {
        let agency = self.request(who, request).await?.agency;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |conn| {
                let row = rows::find(conn, id.0)?;
                let row = row.filter(|row| row.agency_id == agency.0).ok_or(UNKNOWN)?;
                if row.retired_on.is_some() {
                    let message = format!("表格“{}”已停用，请另选", row.name);
                    return Err(AppError::Conflict { code: "form_retired", message });
                }
                let version = rows::version(conn, row.id, row.latest)?.ok_or(UNKNOWN)?;
                let values = forms::values(conn, &app, &who, request)?;
                Ok(((row, version), values))
            })
            .await
    }
}

/// The placeholders of a version, in the order of the form.
fn used(version: &OwnFormVersionRow) -> Result<Vec<Placeholder>, AppError> {
    let found = views::contents(version)?.placeholders.into_iter();
    Ok(found.filter_map(|one| one.name).collect())
}

fn unprintable(why: &str) -> AppError {
    AppError::Unprintable(why.to_owned())
}
