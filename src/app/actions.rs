//! Taking a step on a case: permission, decision, ledger, and what follows – in one transaction.

use crate::db::events::{self, EventRow};
use crate::db::{Conn, StoreError, agencies as agency_rows, applications};
use crate::domain::agency::Agency;
use crate::domain::command::Command;
use crate::domain::decide::{self, Decision};
use crate::domain::event::{Actor, Event};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Role;
use crate::domain::request::Application;

use super::entries::EntryView;
use super::ledger::{self, Loaded};
use super::notices::{self, Built, Receipt};
use super::once::Once;
use super::outbox;
use super::requests::RequestView;
use super::wording::{self, Facts};
use super::{App, AppError, Principal, agencies};

impl App {
    /// Takes the step `command` on a request that the person saw at ledger position `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::Changed`] with what happened meanwhile; [`AppError::Refused`] with the article;
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Unprintable`].
    pub async fn act(
        &self,
        principal: Principal,
        once: Option<Once>,
        id: RequestId,
        seen: i32,
        command: Command,
    ) -> Result<RequestView, AppError> {
        let principal = self.acting(principal, Some(command.action())).await?;
        if issues_notice(&command) {
            self.rehearse(principal.clone(), id, seen, command.clone()).await?;
        }
        let done = self.write_once(once, move |conn, app| {
            let loaded = open_for(conn, app, &principal, id, seen, &command)?;
            let actor = principal.actor_for(command.action());
            let loaded = step(conn, app, loaded, &actor, &principal.roles, command)?;
            Ok(app.view_of(loaded))
        });
        self.told_what_changed(id, seen, done.await).await
    }

    /// Sets the notice of a step once before anything is written, so that a missing glyph is told
    /// to the officer and not found after the number is gone. Somebody who is late, or sends the
    /// same step again, hears so from the write itself.
    async fn rehearse(
        &self,
        principal: Principal,
        id: RequestId,
        seen: i32,
        command: Command,
    ) -> Result<(), AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                let agency = AgencyId(loaded.row.agency_id);
                principal.may(command.action(), agency)?;
                if news(conn, &loaded, seen)?.is_some() {
                    return Ok(());
                }
                let decision = decide::decide(&loaded.case, &command, &app.context(&principal))?;
                let agency = agencies::agency(agency_rows::get(conn, agency.0)?)?;
                match build(&app, &agency, &loaded, &decision)? {
                    Some(built) => notices::proof(&app, &built.notice),
                    None => Ok(()),
                }
            })
            .await
    }

    /// Turns "somebody else was first" into what they did.
    pub(super) async fn told_what_changed<T>(
        &self,
        id: RequestId,
        seen: i32,
        result: Result<T, AppError>,
    ) -> Result<T, AppError> {
        match result {
            Err(AppError::Store(StoreError::Stale)) => {
                let rows = self.store.read(move |conn| events::after(conn, id.0, seen)).await;
                Err(changed(rows.map_err(AppError::Store)?, seen))
            }
            other => other,
        }
    }
}

/// Tells what happened since ledger position `seen`.
fn changed(rows: Vec<EventRow>, seen: i32) -> AppError {
    let version = rows.last().map_or(seen, |row| row.seq);
    AppError::Changed { version, changes: rows.into_iter().map(EntryView::from).collect() }
}

/// Loads a request for a step: permission first, then the version the person saw.
///
/// # Errors
///
/// As [`App::act`].
pub(super) fn open_for(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    id: RequestId,
    seen: i32,
    command: &Command,
) -> Result<Loaded, AppError> {
    let loaded = ledger::load(conn, app, id.0)?;
    principal.may(command.action(), AgencyId(loaded.row.agency_id))?;
    match news(conn, &loaded, seen)? {
        Some(changed) => Err(changed),
        None => Ok(loaded),
    }
}

/// What happened since ledger position `seen`, if it is any news to whoever acts: that the worker
/// has frozen a document meanwhile is none.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn news(
    conn: &mut Conn,
    loaded: &Loaded,
    seen: i32,
) -> Result<Option<AppError>, AppError> {
    if loaded.row.last_seq == seen {
        return Ok(None);
    }
    let rows = events::after(conn, loaded.row.id, seen)?;
    let told = |row: &EventRow| ledger::entry(row).map_or(true, |e| !e.event.is_bookkeeping());
    let any = loaded.row.last_seq < seen || rows.iter().any(told);
    if any { Ok(Some(changed(rows, seen))) } else { Ok(None) }
}

/// Decides and writes one step, with the notice it issues, if any.
///
/// # Errors
///
/// [`AppError::Refused`] and failures of the database.
pub(super) fn step(
    conn: &mut Conn,
    app: &App,
    loaded: Loaded,
    actor: &Actor,
    roles: &[Role],
    command: Command,
) -> Result<Loaded, AppError> {
    let command = named(conn, &loaded, command)?;
    let decision = decide::decide(&loaded.case, &command, &app.context_of(actor.id, roles))?;
    let draft = loaded.case.draft.as_ref().map(|draft| draft.notice);
    let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
    let now_received = ledger::projected(loaded.row.clone(), &decision.case, &app.calendar);
    let loaded = if loaded.row.received_on.is_none() && now_received.received_on.is_some() {
        let application = application(conn, &loaded)?;
        let (decision, receipt) = Receipt::draw_up(app, &now_received, actor, &agency, decision)?;
        let loaded = ledger::append(conn, app, loaded, actor, decision)?;
        receipt.keep(conn, app, &loaded, &application)?;
        loaded
    } else {
        match build(app, &agency, &loaded, &decision)? {
            None => ledger::append(conn, app, loaded, actor, decision)?,
            Some(built) => {
                notices::issue_with(conn, app, loaded, actor, &agency, (decision, built))?
            }
        }
    };
    if let Some(draft) = draft.filter(|_| loaded.case.draft.is_none()) {
        notices::drafts::let_go(conn, app, draft)?;
    }
    Ok(loaded)
}

/// Fills in what people do not enter: the name of the officer.
fn named(conn: &mut Conn, loaded: &Loaded, command: Command) -> Result<Command, AppError> {
    match command {
        Command::Assign { officer, reason, .. } => {
            let agency = AgencyId(loaded.row.agency_id);
            let officer_name = App::officer_name(conn, officer, agency)?;
            Ok(Command::Assign { officer, reason, officer_name })
        }
        other => Ok(other),
    }
}

const fn issues_notice(command: &Command) -> bool {
    matches!(command, Command::AskCorrection { .. } | Command::TellExtension { .. })
}

/// The notice a decision tells the applicant with.
fn build(
    app: &App,
    agency: &Agency,
    loaded: &Loaded,
    decision: &Decision,
) -> Result<Option<Built>, AppError> {
    for happening in &decision.happenings {
        let facts = Facts { agency, row: &loaded.row, date: happening.on };
        match &happening.event {
            Event::CorrectionRequested { until, defects, notice } => {
                let sheet = wording::correction(app, &facts, *until, defects)?;
                let kind = NoticeKind::Correction;
                return Ok(Some(Built { id: *notice, kind, notice: sheet }));
            }
            Event::Extended { working_days, reason, notice } => {
                let projection = decision.case.projection(&app.calendar);
                let until = (projection.due_on, !projection.provisional);
                let sheet = wording::extension(app, &facts, *working_days, reason, until)?;
                let kind = NoticeKind::Extension;
                return Ok(Some(Built { id: *notice, kind, notice: sheet }));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// The application of a loaded request, without numbers of identity documents.
pub(super) fn application(conn: &mut Conn, loaded: &Loaded) -> Result<Application, AppError> {
    let row = applications::get(conn, loaded.row.id)?;
    serde_json::from_value(row.form).map_err(AppError::broken)
}

/// Queues the mail that brings a notice to the applicant, if they gave an address.
pub(super) fn mail_notice(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    notice: crate::domain::ids::NoticeId,
    kind: NoticeKind,
) -> Result<(), AppError> {
    let to = application(conn, loaded)?.applicant.email.trim().to_owned();
    if to.is_empty() {
        return Ok(());
    }
    outbox::queue_mail(conn, app, loaded, notice, kind, to)
}
