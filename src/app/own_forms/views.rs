//! Forms that an agency made itself, as they are shown.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::civil_date;
use crate::db::own_forms::{OwnFormRow, OwnFormVersionRow};
use crate::documents::own_form::{Checked, Use, nearest};
use crate::domain::finding::Finding;
use crate::domain::ids::{AgencyId, OwnFormId, UserId};
use crate::domain::own_form::{Fault, Placeholder, RowList, Values};

use crate::app::AppError;

/// A form with its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnFormView {
    /// Identifier.
    pub id: OwnFormId,
    /// Its agency.
    pub agency: AgencyId,
    /// Name, unique in its agency.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// How to use it.
    pub description: String,
    /// Number of the version that is filled.
    pub latest: i32,
    /// Day from which it is offered no more.
    pub retired_on: Option<NaiveDate>,
    /// Version for `If-Match`.
    pub version: i32,
    /// Its versions, the newest first.
    pub versions: Vec<OwnFormVersionView>,
}

/// A version of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnFormVersionView {
    /// Its number, from 1.
    pub n: i32,
    /// File name as it was sent, cleaned.
    pub file_name: String,
    /// SHA-256 of the file as it is kept.
    pub sha256: String,
    /// Its length in bytes.
    pub size: i64,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When.
    pub uploaded_on: NaiveDate,
    /// Its placeholders and what else it carries.
    #[serde(flatten)]
    pub contents: OwnFormContents,
}

/// What was found in a file that was taken.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OwnFormContents {
    /// Its placeholders in the order of the text.
    pub placeholders: Vec<PlaceholderUse>,
    /// What else it carries, such as the name of its author; masked. Nothing is taken out of it.
    pub notes: Vec<Finding>,
}

/// A placeholder where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaceholderUse {
    /// As it is written, without the braces.
    pub text: String,
    /// Where: part, and paragraph or table, row and cell.
    pub place: String,
    /// Its stable name; none if the catalogue does not have it.
    pub name: Option<Placeholder>,
    /// Of one that the catalogue does not have: what may have been meant.
    pub suggestion: Option<Placeholder>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnFormFault {
    /// Stable code.
    pub code: &'static str,
    /// Where, what, and what to do.
    pub message: String,
}

/// A file that was looked into and not kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OwnFormCheck {
    /// Whether it would be taken.
    pub sound: bool,
    /// What keeps it from being taken.
    pub faults: Vec<OwnFormFault>,
    /// Its placeholders, and what else it carries.
    #[serde(flatten)]
    pub contents: OwnFormContents,
}

/// An entry of the catalogue of placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceholderView {
    /// Stable name, to be written as `{{name}}`.
    pub name: Placeholder,
    /// Chinese name, which serves as well.
    pub label: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
    /// An example.
    pub example: &'static str,
    /// The list of which each line has one: it stands in a row of a table, which is repeated.
    pub list: Option<RowList>,
    /// The same in Chinese.
    pub list_label: Option<&'static str>,
}

/// What a case says for a placeholder of a form, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledValue {
    /// The placeholder.
    pub name: Placeholder,
    /// Its Chinese name.
    pub label: &'static str,
    /// What is filled in: one text, or one for each line of its list.
    pub texts: Vec<String>,
    /// Whether something of it, or all, is missing, and a dash is printed there.
    pub empty: bool,
}

impl From<Use> for PlaceholderUse {
    fn from(found: Use) -> Self {
        let suggestion = if found.placeholder.is_none() { nearest(&found.text) } else { None };
        Self { text: found.text, place: found.place, name: found.placeholder, suggestion }
    }
}

impl From<Fault> for OwnFormFault {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code, message: fault.message }
    }
}

impl OwnFormContents {
    pub(super) fn of(uses: Vec<Use>, notes: Vec<Finding>) -> Self {
        Self { placeholders: uses.into_iter().map(PlaceholderUse::from).collect(), notes }
    }
}

impl From<Checked> for OwnFormCheck {
    fn from(checked: Checked) -> Self {
        Self {
            sound: checked.faults.is_empty(),
            faults: checked.faults.into_iter().map(OwnFormFault::from).collect(),
            contents: OwnFormContents::of(checked.uses, checked.notes),
        }
    }
}

impl OwnFormView {
    /// A form with those of the versions that are its own.
    pub(super) fn of(row: OwnFormRow, versions: &[OwnFormVersionRow]) -> Result<Self, AppError> {
        let own = versions.iter().filter(|version| version.form_id == row.id);
        Ok(Self {
            id: OwnFormId(row.id),
            agency: AgencyId(row.agency_id),
            name: row.name,
            purpose: row.purpose,
            description: row.description,
            latest: row.latest,
            retired_on: row.retired_on,
            version: row.version,
            versions: own.map(version).collect::<Result<_, _>>()?,
        })
    }
}

fn version(row: &OwnFormVersionRow) -> Result<OwnFormVersionView, AppError> {
    Ok(OwnFormVersionView {
        n: row.n,
        file_name: row.file_name.clone(),
        sha256: row.sha256.clone(),
        size: row.size_bytes,
        uploaded_by: UserId(row.uploaded_by),
        uploaded_on: civil_date(row.created_at),
        contents: contents(row)?,
    })
}

pub(super) fn contents(row: &OwnFormVersionRow) -> Result<OwnFormContents, AppError> {
    serde_json::from_value(row.contents.clone()).map_err(AppError::broken)
}

/// The catalogue.
pub(super) fn catalogue() -> Vec<PlaceholderView> {
    let view = |one: &Placeholder| {
        let (meaning, example) = one.about();
        PlaceholderView {
            name: *one,
            label: one.label(),
            meaning,
            example,
            list: one.list(),
            list_label: one.list().map(RowList::label),
        }
    };
    Placeholder::ALL.iter().map(view).collect()
}

/// What a case says for these placeholders, each once, in the order of the form.
pub(super) fn filled(used: &[Placeholder], values: &Values) -> Vec<FilledValue> {
    let empty = values.empty_among(used);
    let mut told: Vec<FilledValue> = Vec::new();
    for name in used {
        if told.iter().all(|one| one.name != *name) {
            let (label, texts) = (name.label(), values.texts(*name));
            told.push(FilledValue { name: *name, label, texts, empty: empty.contains(name) });
        }
    }
    told
}
