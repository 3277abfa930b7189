//! What the agency sees of publications, and how they are kept.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, Principal, findings};
use crate::db::Conn;
use crate::db::publications::{self as rows, PublicationRow};
use crate::domain::event::SecrecyFinding;
use crate::domain::finding::trace_kind;
use crate::domain::ids::{AgencyId, FileId, PublicationId, RequestId, UserId};
use crate::domain::publication::{Head, PublicationState};
use crate::domain::traces::{self, Trace};

use super::{PublicFile, UNKNOWN, public};

/// A draft as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationForm {
    /// The head of the catalogue.
    pub head: Head,
    /// Files among those supplied with the reply.
    #[serde(default)]
    pub files: Vec<FileId>,
}

/// A publication, as the agency sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicationView {
    /// Its id.
    pub id: PublicationId,
    /// The agency that handles it.
    pub agency: AgencyId,
    /// 发布机构.
    pub publisher: String,
    /// The request it comes from; the public never learns of it.
    pub request: RequestId,
    /// The head of the catalogue.
    pub head: Head,
    /// Its files.
    pub files: Vec<PublicFile>,
    /// Traces of people in head and names of files, to be taken out or explained.
    pub traces: Vec<Trace>,
    /// How the content of the files was checked.
    pub content_check: String,
    /// Why the traces are none.
    pub findings_kept: String,
    /// The finding on secrecy.
    pub secrecy: Option<SecrecyFinding>,
    /// Where it stands.
    pub state: PublicationState,
    /// The same in Chinese.
    pub state_label: String,
    /// 发布日期.
    pub published_on: Option<NaiveDate>,
    /// Who did what, oldest first.
    pub history: Vec<PublicationDeed>,
    /// Version, for `If-Match`.
    pub version: i32,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicationDeed {
    /// What, in Chinese.
    pub label: String,
    /// The day.
    pub on: NaiveDate,
    /// Who.
    pub user: UserId,
    /// The same by name.
    pub by: String,
    /// Why, or with which opinion.
    #[serde(default)]
    pub reason: String,
    /// Whether the person wrote at it.
    #[serde(default)]
    pub wrote: bool,
}

/// Which ones.
#[derive(Debug, Clone, Default)]
pub struct PublicationQuery {
    /// Of one agency.
    pub agency: Option<AgencyId>,
    /// In this state.
    pub state: Option<PublicationState>,
    /// With these words in the head.
    pub words: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<PublicationId>,
    /// How many: 1–200, by default 50.
    pub limit: Option<i64>,
}

/// Traces of people in head, names of files, and the files themselves as far as they can be read.
pub(super) fn found(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: &PublicationRow,
) -> Result<Vec<Trace>, AppError> {
    let head = head(row)?;
    let files = rows::files_of(conn, row.id)?;
    let texts = head.texts().into_iter().chain(files.iter().map(|f| ("files", f.name.as_str())));
    let mut traces = Vec::new();
    for (place, text) in texts {
        traces.extend(traces::numbers(place, text));
        traces.extend(traces::name(place, text, &loaded.row.applicant_name));
    }
    for file in &files {
        let known = findings::content(conn, app, file)?.unwrap_or_default();
        traces.extend(known.into_iter().filter_map(|finding| {
            let kind = trace_kind(finding.kind)?;
            let place = format!("{} {}", file.name, finding.place);
            Some(Trace { kind, label: finding.label, place, shown: finding.shown })
        }));
    }
    Ok(traces)
}

pub(super) fn read(conn: &mut Conn, app: &App, id: Uuid) -> Result<PublicationView, AppError> {
    let (row, publisher) = rows::find(conn, id)?.ok_or(UNKNOWN)?;
    let loaded = ledger::load(conn, app, row.request_id)?;
    let traces = found(conn, app, &loaded, &row)?;
    let files = rows::files_of(conn, id)?;
    Ok(PublicationView {
        id: PublicationId(row.id),
        agency: AgencyId(loaded.row.agency_id),
        publisher,
        request: RequestId(row.request_id),
        head: head(&row)?,
        files: public::listed(id, files),
        traces,
        history: history(&row)?,
        content_check: row.content_check,
        findings_kept: row.findings_kept,
        secrecy: row.secrecy,
        state: row.state,
        state_label: row.state.label().to_owned(),
        published_on: row.published_on,
        version: row.version,
    })
}

pub(super) fn head(row: &PublicationRow) -> Result<Head, AppError> {
    serde_json::from_value(row.head.clone()).map_err(AppError::broken)
}

pub(super) fn history(row: &PublicationRow) -> Result<Vec<PublicationDeed>, AppError> {
    serde_json::from_value(row.history.clone()).map_err(AppError::broken)
}

pub(super) fn with(
    past: &[PublicationDeed],
    deed: PublicationDeed,
) -> Result<serde_json::Value, AppError> {
    let all: Vec<&PublicationDeed> = past.iter().chain([&deed]).collect();
    serde_json::to_value(all).map_err(AppError::broken)
}

pub(super) fn deed(
    app: &App,
    who: &Principal,
    label: &str,
    reason: &str,
    wrote: bool,
) -> PublicationDeed {
    PublicationDeed {
        label: label.to_owned(),
        on: app.today(),
        user: who.user,
        by: who.actor().label,
        reason: reason.trim().to_owned(),
        wrote,
    }
}

pub(super) fn words(head: &Head) -> String {
    let texts: Vec<&str> = head.texts().into_iter().map(|(_, text)| text.trim()).collect();
    texts.join("\n")
}
