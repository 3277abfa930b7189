//! The gate before approval: what is wrong with a draft, who answered for what, and no way past it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::db::notices as rows;
use crate::db::{Conn, agencies as agency_rows, events};
use crate::domain::event::{Entry, Event};
use crate::domain::gate::{self, Draft, DraftFinding};
use crate::domain::ids::{AgencyId, NoticeId};
use crate::domain::request::FieldFault;

use super::assembled::{contents, is_assembled};
use super::{NoticeRow, block_changes};
use crate::app::actions::application;
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, Principal, agencies, joint};

/// A finding, and who answered for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DraftFindingView {
    /// What is wrong.
    #[serde(flatten)]
    pub finding: DraftFinding,
    /// Whether the draft cannot be submitted with it, whatever anybody says.
    pub blocks: bool,
    /// Who said why it stands, when, and why; none while nobody did.
    pub acknowledged: Option<Acknowledged>,
}

/// That somebody answered for a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// The day.
    pub on: chrono::NaiveDate,
    /// Why it stands.
    pub reason: String,
}

impl App {
    /// What is wrong with a draft reply, with what was said of it. Nothing for what is no draft.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn draft_findings(
        &self,
        principal: &Principal,
        id: NoticeId,
    ) -> Result<Vec<DraftFindingView>, AppError> {
        let request = self.notice(principal, id).await?.request;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let row = rows::get(conn, id.0)?;
                let loaded = ledger::load(conn, &app, request.0)?;
                let rows = events::of_request(conn, request.0)?;
                let entries: Vec<Entry> =
                    rows.iter().map(ledger::entry).collect::<Result<_, _>>()?;
                let said = |finding: &DraftFinding| {
                    entries.iter().rev().find_map(|entry| match &entry.event {
                        Event::FindingAcknowledged(said)
                            if said.finding == finding.kind
                                && said.excerpt == finding.excerpt.trim() =>
                        {
                            let (by, on) = (entry.actor.label.clone(), entry.on);
                            Some(Acknowledged { by, on, reason: said.reason.clone() })
                        }
                        _ => None,
                    })
                };
                let found = look(conn, &app, &row, &loaded)?;
                let views = found.into_iter().map(|finding| DraftFindingView {
                    blocks: finding.kind.blocks(),
                    acknowledged: said(&finding),
                    finding,
                });
                Ok(views.collect())
            })
            .await
    }
}

/// Refuses a draft with findings that block or that nobody answered for.
///
/// # Errors
///
/// [`AppError::Invalid`] with each of them.
pub(super) fn passed(
    conn: &mut Conn,
    app: &App,
    row: &NoticeRow,
    loaded: &Loaded,
) -> Result<(), AppError> {
    let open = gate::open(&loaded.case, look(conn, app, row, loaded)?);
    if open.is_empty() {
        return Ok(());
    }
    let fault = |finding: DraftFinding| FieldFault {
        field: finding.field,
        code: finding.kind.as_str(),
        message: format!("{}。{}", finding.message, finding.advice),
    };
    Err(AppError::Invalid(open.into_iter().map(fault).collect()))
}

/// Everything that is wrong with the draft.
fn look(
    conn: &mut Conn,
    app: &App,
    row: &NoticeRow,
    loaded: &Loaded,
) -> Result<Vec<DraftFinding>, AppError> {
    let others = if is_assembled(row) { joint::others(conn, app, loaded)? } else { Vec::new() };
    let contents = contents(row, loaded, &others)?;
    let agency = AgencyId(loaded.row.agency_id);
    let agency = agencies::agency(agency_rows::get(conn, agency.0)?)?;
    let changes = block_changes::kept(row);
    let changes: Vec<_> = changes.iter().map(|kept| &kept.change).collect();
    let draft = Draft {
        contents: &contents,
        changes: &changes,
        agency: &agency.profile,
        online: application(conn, app, loaded)?.is_served_online(),
        calendar: &app.calendar,
        today: app.today(),
    };
    Ok(gate::findings(&loaded.case, &draft))
}
