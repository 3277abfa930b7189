//! Taking a step on a case: permission, decision, ledger, and what follows – in one transaction.

mod building;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::events::{self, EventRow};
use crate::db::{Conn, StoreError, agencies as agency_rows, applications};
use crate::domain::command::{AskReasons, Command, LinkRequest, NotifyFee};
use crate::domain::decide::{self, Context, Decision};
use crate::domain::event::{Actor, Event};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Role;
use crate::domain::request::Application;

use super::calendar::refold;
use super::entries::EntryView;
use super::ledger::{self, Loaded};
use super::notices::{self, Receipt};
use super::once::Once;
use super::outbox;
use super::requests::RequestView;
use super::{
    App, AppError, Principal, agencies, consultations, fees, files, items, joint, numbering,
    other_ends, personal, reason_texts, related,
};

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
        if command.notice_kind().is_some() {
            self.rehearse(principal.clone(), id, seen, command.clone()).await?;
        }
        self.write_step(once, id, seen, move |conn, app| {
            let loaded = open_for(conn, app, &principal, id, seen, &command)?;
            let actor = principal.actor_for(command.action());
            let loaded = step(conn, app, loaded, &actor, &principal.roles, command)?;
            Ok(app.view_of(loaded))
        })
        .await
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
                let context = app.context(&principal);
                let decision = rehearsed(conn, &app, &loaded, command, &context)?;
                let agency = agencies::agency(agency_rows::get(conn, agency.0)?)?;
                for built in building::build(&app, &agency, &loaded, &decision)? {
                    notices::proof(&app, &built.notice)?;
                }
                Ok(())
            })
            .await
    }

    /// Writes a step on a request that the person saw at ledger position `seen`. Whoever was beaten
    /// to it in the same moment hears by what; if that was only the program's own bookkeeping, the
    /// step is taken once more instead, and a second time nobody is that unlucky.
    ///
    /// # Errors
    ///
    /// What `work` returns; [`AppError::Changed`] when somebody else was first.
    pub(super) async fn write_step<T, F>(
        &self,
        once: Option<Once>,
        id: RequestId,
        seen: i32,
        work: F,
    ) -> Result<T, AppError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Clone + Send + 'static,
    {
        match self.write_once(once.clone(), work.clone()).await {
            Err(AppError::Store(StoreError::Stale)) => {}
            other => return other,
        }
        let since = self.since(id, seen).await?;
        // Without an entry it was another row that changed, such as the draft: that is news.
        if since.is_empty() || since.iter().any(is_news) {
            return Err(changed(since, seen));
        }
        match self.write_once(once, work).await {
            Err(AppError::Store(StoreError::Stale)) => {
                Err(changed(self.since(id, seen).await?, seen))
            }
            other => other,
        }
    }

    /// Writes what an applicant does, or a file that joins the case: they name no version, and what
    /// is there now is what they act on. Beaten to it in the same moment, they try once more.
    ///
    /// # Errors
    ///
    /// What `work` returns.
    pub(super) async fn write_unseen<T, F>(
        &self,
        once: Option<Once>,
        work: F,
    ) -> Result<T, AppError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Clone + Send + 'static,
    {
        match self.write_once(once.clone(), work.clone()).await {
            Err(AppError::Store(StoreError::Stale)) => self.write_once(once, work).await,
            other => other,
        }
    }

    /// The entries of a ledger after position `seen`.
    async fn since(&self, id: RequestId, seen: i32) -> Result<Vec<EventRow>, AppError> {
        let rows = self.store.read(move |conn| events::after(conn, id.0, seen)).await;
        rows.map_err(AppError::Store)
    }
}

/// Whether an entry is news to whoever acts: that the worker has frozen a document is none. What
/// cannot be read is.
fn is_news(row: &EventRow) -> bool {
    ledger::entry(row).map_or(true, |entry| !entry.event.is_bookkeeping())
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
        None => refold::caught_up(conn, app, loaded),
    }
}

/// What happened since ledger position `seen`, if it is any news to whoever acts.
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
    let any = loaded.row.last_seq < seen || rows.iter().any(is_news);
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
    let command = named(conn, app, &loaded, command)?;
    if let Some((field, file)) = command.proof_file() {
        files::of_request(conn, loaded.row.id, field, file)?;
    }
    let decision = decided(conn, app, &loaded, &command, &app.context_of(actor.id, roles))?;
    let draft = loaded.case.draft.as_ref().map(|draft| draft.notice);
    let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
    for happening in &decision.happenings {
        if let Event::PaperNoticeRecorded(paper) = &happening.event {
            numbering::take(conn, app, &agency, &paper.number)?;
        }
    }
    let now_received = ledger::projected(loaded.row.clone(), &decision.case, &app.calendar);
    let loaded = if loaded.row.received_on.is_none() && now_received.received_on.is_some() {
        let application = application(conn, app, &loaded)?;
        let (decision, receipt) = Receipt::draw_up(app, &now_received, actor, &agency, decision)?;
        let loaded = ledger::append(conn, app, loaded, actor, decision)?;
        receipt.keep(conn, app, &loaded, &application)?;
        loaded
    } else {
        let built = building::build(app, &agency, &loaded, &decision)?;
        notices::issue_with(conn, app, loaded, actor, &agency, (decision, built))?
    };
    if let Some(draft) = draft.filter(|_| loaded.case.draft.is_none()) {
        notices::drafts::let_go(conn, app, draft)?;
    }
    joint::regroup(conn, app, actor, &loaded)?;
    Ok(loaded)
}

/// Decides a step without taking it.
///
/// # Errors
///
/// [`AppError::Refused`] and failures of the database.
pub(super) fn rehearsed(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    command: Command,
    context: &Context<'_>,
) -> Result<Decision, AppError> {
    let command = named(conn, app, loaded, command)?;
    decided(conn, app, loaded, &command, context)
}

/// Fills in what people do not enter: the name of the officer, the counts of a high volume, the
/// applicant's month.
fn named(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    command: Command,
) -> Result<Command, AppError> {
    if let Command::DecideItem { content, .. } = &command {
        reason_texts::check(conn, AgencyId(loaded.row.agency_id), content)?;
    }
    match command {
        Command::NotifyFee(NotifyFee {
            on,
            scale,
            amount_fen,
            served_on,
            units,
            pages,
            why,
            notice,
            ..
        }) => {
            let before = fees::units_before(conn, app, loaded)?;
            Ok(Command::NotifyFee(NotifyFee {
                on,
                scale,
                amount_fen,
                served_on,
                units,
                pages,
                why,
                before,
                notice,
            }))
        }
        Command::Assign { officer, reason, .. } => {
            let agency = AgencyId(loaded.row.agency_id);
            let officer_name = App::officer_name(conn, officer, agency)?;
            Ok(Command::Assign { officer, reason, officer_name })
        }
        Command::LinkRequest(link) => {
            let known = items::earlier(conn, loaded, link.number.trim())?.map(Box::new);
            Ok(Command::LinkRequest(LinkRequest { known, ..link }))
        }
        Command::Consult(consult) => {
            Ok(Command::Consult(consultations::filled(conn, app, loaded, consult)?))
        }
        Command::OverrideObjection(told) => {
            consultations::kept_from_third_party(conn, app, loaded, &told)?;
            Ok(Command::OverrideObjection(told))
        }
        Command::AskReasons(AskReasons { on, until, notice, .. }) => {
            let volume = related::volume(conn, app, &loaded.row)?;
            let clock = app.settings.reason_request_clock;
            Ok(Command::AskReasons(AskReasons { on, until, notice, clock, volume }))
        }
        other => other_ends::filled(conn, loaded, other),
    }
}

/// Decides a command. A step on an item of a request that nobody has taken apart lists its one item
/// first: what the applicant wrote.
fn decided(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    command: &Command,
    context: &Context<'_>,
) -> Result<Decision, AppError> {
    if !loaded.case.items.is_empty() || !command.speaks_of_items() {
        return Ok(decide::decide(&loaded.case, command, context)?);
    }
    let list = Command::ListItems { items: vec![items::only_item(conn, app, loaded)?] };
    let listed = decide::decide(&loaded.case, &list, context)?;
    let next = decide::decide(&listed.case, command, context)?;
    Ok(listed.then(next))
}

/// The complete application of a loaded request. For the program's own use: nothing of it may go
/// into an answer, a log or a queue unmasked or unsealed.
pub(super) fn application(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
) -> Result<Application, AppError> {
    personal::complete(app, &applications::get(conn, loaded.row.id)?)
}

/// Queues the mail that brings a notice to the applicant, if they gave an address.
pub(super) fn mail_notice(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    notice: crate::domain::ids::NoticeId,
    kind: NoticeKind,
) -> Result<(), AppError> {
    let to = application(conn, app, loaded)?.applicant.email.trim().to_owned();
    if to.is_empty() {
        return Ok(());
    }
    outbox::queue_mail(conn, app, loaded, notice, kind, to)
}
