//! Templates, editions and their differences as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::differences::{self, LineChange, WordingLine};
use crate::app::{App, AppError};
use crate::db::editions::{self as rows, EditionRow};
use crate::db::{Conn, users};
use crate::documents::wording::{Field, FieldType, Template};
use crate::domain::edition::{self, EditionState};
use crate::domain::ids::{AgencyId, EditionId, UserId};

/// A template with what an agency has of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateView {
    /// Stable name, such as `correction`.
    pub code: String,
    /// Title of the document.
    pub title: String,
    /// Short name by which people tell it from others of the same title.
    pub label: String,
    /// Number in the catalogue, such as `F04`.
    pub catalogue: Option<String>,
    /// Version of the built-in text.
    pub version: u32,
    /// The built-in text.
    pub body: String,
    /// What it rests on.
    pub basis: Vec<String>,
    /// When to use it and what to mind.
    pub guide: String,
    /// The fields the text must use, and no others.
    pub fields: Vec<FieldView>,
    /// Number of the agency's edition that holds today; none: the built-in text holds.
    pub edition: Option<i32>,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// Number of an edition that will hold from a later day.
    pub next_edition: Option<i32>,
    /// From when.
    pub next_from: Option<NaiveDate>,
    /// Editions that wait for a second person.
    pub waiting: usize,
    /// Whether the built-in text was renewed since the agency's edition was written.
    pub outdated: bool,
}

/// A field of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldView {
    /// Its name in the text: `{{ 名称 }}`.
    pub name: String,
    /// What it takes, in Chinese.
    pub kind: String,
    /// Whether it always has a value.
    pub required: bool,
    /// Help.
    pub guide: String,
}

/// An edition of an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EditionView {
    /// Its id.
    pub id: EditionId,
    /// Whose.
    pub agency: AgencyId,
    /// Code of the template.
    pub template: String,
    /// Short name of the template.
    pub label: String,
    /// Number of the edition, from 1.
    pub n: i32,
    /// Where it stands.
    pub state: EditionState,
    /// The same in Chinese.
    pub state_label: String,
    /// The text; none: back to the built-in one.
    pub body: Option<String>,
    /// Version of the built-in text it was written from.
    pub base: i32,
    /// Whether that was renewed since.
    pub outdated: bool,
    /// What is changed, and why.
    pub why: String,
    /// Who drafted it.
    pub drafted_by: UserId,
    /// By name.
    pub drafted_by_name: String,
    /// Who approved or returned it.
    pub decided_by: Option<UserId>,
    /// By name.
    pub decided_by_name: Option<String>,
    /// Why it was returned.
    pub return_reason: Option<String>,
    /// First day on which notices are made with it.
    pub from_on: Option<NaiveDate>,
    /// Whether notices are made with it today.
    pub in_force: bool,
    /// Version for compare-and-set.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What an edition changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EditionDiff {
    /// Whether both say the same.
    pub same: bool,
    /// All lines.
    pub lines: Vec<WordingLine>,
}

pub(super) fn diff(old: &str, new: &str) -> EditionDiff {
    let lines = differences::lines(old, new);
    EditionDiff { same: lines.iter().all(|line| line.change == LineChange::Same), lines }
}

/// The approved ones among an agency's editions of a template, in the order of their approval.
fn approved<'r>(own: &'r [EditionRow], template: &str) -> Vec<(NaiveDate, &'r EditionRow)> {
    let of = own.iter().filter(|row| row.template == template && row.seq.is_some());
    let mut approved: Vec<_> = of.filter_map(|row| Some((row.from_on?, row))).collect();
    approved.sort_by_key(|(_, row)| row.seq);
    approved
}

pub(super) fn template(app: &App, template: &Template, own: &[EditionRow]) -> TemplateView {
    let approved = approved(own, &template.code);
    let today = app.today();
    let now = edition::in_force(&approved, |(from, _)| *from, today);
    let own_now = now.filter(|(_, row)| row.body.is_some());
    let later = approved.iter().filter(|(from, _)| *from > today).min_by_key(|(from, _)| *from);
    let waiting = own
        .iter()
        .filter(|row| row.template == template.code && row.state == EditionState::Submitted);
    TemplateView {
        code: template.code.clone(),
        title: template.title.clone(),
        label: template.label.clone(),
        catalogue: template.catalogue.clone(),
        version: template.version,
        body: app.wording.body(&template.code).unwrap_or_default().to_owned(),
        basis: template.basis.clone(),
        guide: template.guide.clone(),
        fields: template.fields.iter().map(field).collect(),
        edition: own_now.map(|(_, row)| row.n),
        since: own_now.map(|(from, _)| *from),
        next_edition: later.map(|(_, row)| row.n),
        next_from: later.map(|(from, _)| *from),
        waiting: waiting.count(),
        outdated: own_now.is_some_and(|(_, row)| outdated(row, template.version)),
    }
}

fn outdated(row: &EditionRow, version: u32) -> bool {
    row.body.is_some() && i64::from(row.base) < i64::from(version)
}

fn field(field: &Field) -> FieldView {
    let kind = match field.kind {
        FieldType::Date => "日期",
        FieldType::Text => "文字",
        FieldType::List => "多行文字",
        FieldType::Int => "数字",
        FieldType::Choice => "选项",
        FieldType::Table => "表格",
    };
    FieldView {
        name: field.name.clone(),
        kind: kind.to_owned(),
        required: field.required,
        guide: field.guide.clone(),
    }
}

pub(super) fn edition(
    conn: &mut Conn,
    app: &App,
    row: EditionRow,
) -> Result<EditionView, AppError> {
    let template = app.wording.template(&row.template);
    let (label, version) = template.map_or_else(
        |_| (row.template.clone(), 0),
        |template| (template.label.clone(), template.version),
    );
    let all = rows::of_agency(conn, row.agency_id, Some(&row.template))?;
    let approved = approved(&all, &row.template);
    let now = edition::in_force(&approved, |(from, _)| *from, app.today());
    let mut name = |id| users::find(conn, id).map(|found| found.map(|user| user.name));
    Ok(EditionView {
        id: EditionId(row.id),
        agency: AgencyId(row.agency_id),
        label,
        n: row.n,
        state: row.state,
        state_label: row.state.label().to_owned(),
        base: row.base,
        outdated: outdated(&row, version),
        drafted_by: UserId(row.drafted_by),
        drafted_by_name: name(row.drafted_by)?.unwrap_or_default(),
        decided_by: row.decided_by.map(UserId),
        decided_by_name: row.decided_by.map(&mut name).transpose()?.flatten(),
        return_reason: row.return_reason,
        from_on: row.from_on,
        in_force: now.is_some_and(|(_, one)| one.id == row.id),
        template: row.template,
        body: row.body,
        why: row.why,
        version: row.version,
        updated_at: row.updated_at,
    })
}
