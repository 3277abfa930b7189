//! What the applicant sees and does with number and query code, without an account.
//!
//! A wrong code and an unknown number get the same answer: nobody learns whether a request exists.

mod supplied;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::{Conn, agencies as agency_rows, events, notices, requests as request_rows};
use crate::domain::command::{Command, Withdraw};
use crate::domain::decide;
use crate::domain::event::Actor;
use crate::domain::ids::{NoticeId, RequestId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::policy::Action;
use crate::domain::rating;
use crate::domain::receipt::ReceiptBasis;
use crate::domain::state::State;
use crate::domain::timeline;

use super::actions::step;
use super::ledger::{self, Loaded};
use super::notices::formats::{Document, Format};
use super::once::Once;
use super::ratings::{self, TrackRating};
use super::suggestions::{self, TrackSuggestion};
use super::{App, AppError};

pub use supplied::TrackFile;

/// What shows that a request is one's own.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// 受理编号.
    pub number: String,
    /// 查询码.
    pub code: String,
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").field("number", &self.number).finish_non_exhaustive()
    }
}

/// A request as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrackView {
    /// 受理编号.
    pub number: String,
    /// Name of the agency.
    pub agency: String,
    /// Telephone of its office.
    pub phone: String,
    /// What was asked for.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: String,
    /// 收到申请之日.
    pub received_on: Option<NaiveDate>,
    /// Its ground.
    #[serde(default)]
    pub receipt_basis: Option<ReceiptBasis>,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// Whether that rests on an estimate.
    pub provisional: bool,
    /// Last day to correct, while a correction is awaited.
    pub correct_until: Option<NaiveDate>,
    /// Last day to give reasons, while they are awaited.
    #[serde(default)]
    pub reasons_until: Option<NaiveDate>,
    /// Whether reasons came already; more may be added until they are judged.
    #[serde(default)]
    pub reasons_given: bool,
    /// The processing fee that is to be paid.
    #[serde(default)]
    pub fee: Option<TrackFee>,
    /// Why the limit does not run now, in Chinese.
    #[serde(default)]
    pub waiting: Option<String>,
    /// What happened, in plain words.
    pub timeline: Vec<TimelineItem>,
    /// Notices that can be downloaded.
    pub documents: Vec<TrackDocument>,
    /// Files supplied with the reply.
    #[serde(default)]
    pub supplied: Vec<TrackFile>,
    /// How the applicant rated the service, once they did.
    #[serde(default)]
    pub rating: Option<TrackRating>,
    /// What the applicant suggested to publish, and what became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<TrackSuggestion>,
    /// Whether the applicant can rate the service now.
    #[serde(default)]
    pub may_rate: bool,
    /// Whether the applicant can give reasons now.
    #[serde(default)]
    pub may_give_reasons: bool,
    /// Whether the applicant can send a correction now.
    pub may_correct: bool,
    /// Whether the applicant can withdraw now.
    pub may_withdraw: bool,
    /// Position of the ledger.
    pub version: i32,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineItem {
    /// The day.
    pub on: NaiveDate,
    /// In plain words.
    pub text: String,
}

/// A notice for the applicant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrackDocument {
    /// The notice.
    pub id: NoticeId,
    /// Its title.
    pub title: String,
    /// Its number, if it has one of its own.
    pub number: Option<String>,
    /// Its date.
    pub issued_on: Option<NaiveDate>,
}

/// The fee as the applicant owes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrackFee {
    /// In 分.
    pub amount_fen: i64,
    /// Last day to pay; none until it is on record that the notice arrived.
    pub pay_until: Option<NaiveDate>,
}

impl App {
    /// Shows a request to its applicant.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for a wrong number or a wrong code alike.
    pub async fn track(&self, ticket: Ticket) -> Result<TrackView, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = unlock(conn, &app, &ticket)?;
                seen_by_applicant(conn, &loaded)
            })
            .await
    }

    /// Takes the applicant's correction.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Refused`] when no correction is awaited.
    ///
    /// Source: 条例 art. 30.
    pub async fn track_correct(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        text: String,
    ) -> Result<TrackView, AppError> {
        let on = self.today();
        self.track_step(once, ticket, Command::RecordCorrection { on, text }).await
    }

    /// Takes the applicant's reasons for a high volume. They may come late, and be added to until
    /// they are judged.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Refused`] when no reasons are awaited.
    ///
    /// Source: 条例 art. 35.
    pub async fn track_reasons(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        text: String,
    ) -> Result<TrackView, AppError> {
        let on = self.today();
        self.track_step(once, ticket, Command::RecordReasons { on, text }).await
    }

    /// Takes the applicant's withdrawal.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Refused`] once the reply is issued.
    pub async fn track_withdraw(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        statement: String,
    ) -> Result<TrackView, AppError> {
        let on = self.today();
        let withdraw = Withdraw { on, statement, authentication: None, proof_file: None };
        self.track_step(once, ticket, Command::Withdraw(withdraw)).await
    }

    async fn track_step(
        &self,
        once: Option<Once>,
        ticket: Ticket,
        command: Command,
    ) -> Result<TrackView, AppError> {
        self.write_unseen(once, move |conn, app| {
            let loaded = unlock(conn, app, &ticket)?;
            let actor = Actor { id: None, label: "申请人".to_owned() };
            let loaded = step(conn, app, loaded, &actor, &[], command)?;
            seen_by_applicant(conn, &loaded)
        })
        .await
    }

    /// A notice for its applicant.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for notices of other requests and for drafts.
    pub async fn track_document(
        &self,
        ticket: Ticket,
        notice: NoticeId,
        format: Format,
    ) -> Result<Document, AppError> {
        let view = self.track(ticket.clone()).await?;
        if !view.documents.iter().any(|document| document.id == notice) {
            return Err(AppError::NotFound("该文书"));
        }
        self.document_of(notice, None, format).await
    }

    /// The request a ticket opens.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for a wrong number or a wrong code alike.
    pub async fn ticket_request(&self, ticket: Ticket) -> Result<RequestId, AppError> {
        let app = self.clone();
        let loaded = self.store.read(move |conn| unlock(conn, &app, &ticket)).await?;
        Ok(RequestId(loaded.row.id))
    }
}

/// Opens a request with number and code, in the same time whether or not the number exists.
pub(super) fn unlock(conn: &mut Conn, app: &App, ticket: &Ticket) -> Result<Loaded, AppError> {
    let number: String = ticket.number.chars().filter(char::is_ascii_digit).collect();
    let row = request_rows::find_by_number(conn, &number)?;
    let id = row.as_ref().map_or_else(RequestId::new, |row| RequestId(row.id));
    if app.keys.verify_query_code(id, &ticket.code) && row.is_some() {
        return ledger::load(conn, app, id.0);
    }
    Err(AppError::NotFound("申请，受理编号或者查询码不正确"))
}

pub(super) fn seen_by_applicant(conn: &mut Conn, loaded: &Loaded) -> Result<TrackView, AppError> {
    let row = &loaded.row;
    let agency = agency_rows::get(conn, row.agency_id)?;
    let entries = events::of_request(conn, row.id)?;
    let entries = entries.iter().map(ledger::entry).collect::<Result<Vec<_>, _>>()?;
    let told = timeline::told(&entries).into_iter();
    let timeline = told.map(|(on, text)| TimelineItem { on, text }).collect();
    let dispatched = loaded.case.reply.as_ref().is_some_and(|reply| reply.dispatched_on.is_some());
    let mut issued = notices::of_request(conn, row.id)?;
    // A reply to several requests lies with the first of them.
    if let Some(notice) = loaded.case.reply.as_ref().and_then(|reply| reply.notice)
        && issued.iter().all(|known| known.id != notice.0)
    {
        issued.extend(notices::find(conn, notice.0)?);
    }
    let documents = issued
        .into_iter()
        .filter(|notice| notice.status == NoticeStatus::Issued)
        .filter(|notice| notice.kind.is_to_applicant())
        // A reply that has not left the agency is not told yet.
        .filter(|notice| notice.kind != NoticeKind::Reply || dispatched)
        .map(|notice| TrackDocument {
            id: NoticeId(notice.id),
            title: notice.title,
            number: notice.number,
            issued_on: notice.issued_on,
        })
        .collect();
    let supplied = supplied::listed(conn, loaded)?;
    let rated = ratings::told(conn, loaded)?;
    let suggestion = suggestions::of_request(conn, row.id)?;
    let case = &loaded.case;
    let awaited = |phase| case.phase() == phase;
    let asked = case.reasons_asked.filter(|_| awaited(State::ReasonPending));
    let fee = case.fee_open_fen.filter(|_| awaited(State::FeePending));
    let may = |action| decide::precondition(&loaded.case, action).is_ok();
    Ok(TrackView {
        number: row.number.clone(),
        agency: agency.name,
        phone: agency.phone,
        title: row.title.clone(),
        state: timeline::public_state(row.state),
        state_label: timeline::public_state(row.state).label().to_owned(),
        received_on: row.received_on,
        receipt_basis: row.receipt_basis,
        due_on: row.due_on,
        provisional: row.provisional,
        correct_until: awaited(State::CorrectionPending).then(|| case.correction_on()).flatten(),
        reasons_until: asked.map(|asked| asked.until),
        reasons_given: asked.is_some_and(|asked| asked.received_on.is_some()),
        fee: fee.map(|amount_fen| TrackFee { amount_fen, pay_until: case.payment_on() }),
        waiting: timeline::pause(case).map(ToOwned::to_owned),
        timeline,
        documents,
        supplied,
        suggestion,
        may_rate: rated.is_none() && rating::may_rate(case.state()),
        rating: rated,
        may_give_reasons: may(Action::RecordReasons),
        may_correct: may(Action::RecordCorrection),
        may_withdraw: may(Action::Withdraw),
        version: row.last_seq,
    })
}
