//! Decides what a command does to a case: events, or a refusal with its article. Pure: reads no
//! clock, writes nothing. The same function answers "may I, and which date would that give?".
//!
//! Reality is recorded, never refused: what happened late becomes a defect. Refused is what the
//! law makes impossible and what contradicts the record.

mod approval;
mod consult;
mod correction;
mod ending;
mod fees;
mod items;
mod letters;
mod remedies;
mod reply;
pub mod secrecy;
pub mod split;
mod time;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::archiving::RetentionRules;
use super::calendar::{Calendar, YEARS};
use super::case::{Case, Consultation, Letter, Remedy};
use super::chain::Approvals;
use super::command::Command;
use super::event::{Actor, Entry, Event};
use super::file::Supplied;
use super::ids::UserId;
use super::outcome::Outcome;
use super::paper;
use super::policy::{Action, Role};
use super::receipt::{self, Arrival};
use super::refusal::Refusal;
use super::state::State;
use super::text::{LINE_MAX, TEXT_MAX, required, sound};

/// What a decision may know beside case and command.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The calendar of record.
    pub calendar: &'a Calendar,
    /// Today in Asia/Shanghai.
    pub today: NaiveDate,
    /// The account that acts, if a person of the agency does.
    pub actor: Option<UserId>,
    /// Its roles in the agency.
    pub roles: &'a [Role],
    /// Chains and deputyships, for decisions about drafts.
    pub approvals: Approvals<'a>,
    /// How long cases are kept, as the installation has set it.
    pub retention: RetentionRules,
    /// Days after it is told by which a deferred reply must be due, as the installation has set it.
    pub longest_deferral_days: u32,
}

/// An event with the civil date it happened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Civil date, Asia/Shanghai.
    pub on: NaiveDate,
    /// What happened.
    pub event: Event,
}

/// A decision: what happened, and the case as it is then.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The events to append, in order.
    pub happenings: Vec<Happening>,
    /// The case with them.
    pub case: Case,
}

impl Decision {
    /// Two decisions as one step: `next` was decided on the case that this one leaves.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self { happenings: [self.happenings, next.happenings].concat(), case: next.case }
    }
}

/// Decides `command` on `case`.
///
/// # Errors
///
/// [`Refusal`] with code, article and field. Nothing has changed then.
///
/// Source: rulebook sections 1.1 (states, illegal transitions), 1.2 (guards), 3 (C4, C7, C9).
pub fn decide(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    precondition(case, command.action())?;
    if let Some(on) = command.on().filter(|on| *on > ctx.today) {
        return Err(Refusal::InFuture { field: "on", on });
    }
    paper::dated(case, command, ctx.today)?;
    if let Some(on) = command.until().filter(|until| !YEARS.contains(&until.year())) {
        return Err(Refusal::OutsideCalendar { field: "until", on });
    }
    let happenings = events(case, command, ctx)?;
    let entries = provisional_entries(case, &happenings, ctx);
    let case = case.with(ctx.calendar, &entries)?;
    Ok(Decision { happenings, case })
}

/// Whether the step belongs to where the case stands, whatever is entered later.
///
/// # Errors
///
/// [`Refusal::WrongState`], or the guard that no input could satisfy.
pub fn precondition(case: &Case, action: Action) -> Result<(), Refusal> {
    if !action.phases().contains(&case.phase()) {
        return Err(wrong_state(case, action));
    }
    match action {
        Action::RecordConsultationService
        | Action::RecordOpinion
        | Action::RecordSilence
        | Action::AbandonConsultation => consult::waits(case, action),
        Action::RecordSecrecyRuling if !case.referral_open() => Err(wrong_state(case, action)),
        Action::SplitOff if case.items.len() < 2 => Err(wrong_state(case, action)),
        Action::OverrideObjection
            if !case.consultations.iter().any(Consultation::objection_stands) =>
        {
            Err(wrong_state(case, action))
        }
        Action::WithdrawFile if case.supplied.iter().all(|file| file.withdrawn) => {
            Err(wrong_state(case, action))
        }
        Action::ConfirmFindings if !case.supplied.iter().any(Supplied::is_doubtful) => {
            Err(wrong_state(case, action))
        }
        Action::ProposeLapse if case.lapse_proposed => Err(wrong_state(case, action)),
        Action::RefundFee if case.fee.as_ref().is_none_or(|fee| fee.held_fen() <= 0) => {
            Err(wrong_state(case, action))
        }
        Action::AnswerTogether if case.together.is_some() => Err(wrong_state(case, action)),
        Action::IssueWithLead if case.together.is_none() => Err(wrong_state(case, action)),
        // The time a fee buys would run while others are still asked.
        Action::IssueWithLead | Action::NotifyFee if case.consulting() => {
            Err(Refusal::ConsultationOpen)
        }
        Action::RecordFeeService if case.fee_served_on.is_some() => Err(wrong_state(case, action)),
        Action::AskCorrection => correction::may_ask(case),
        Action::AskExtension => time::may_ask_extension(case),
        Action::RecordPayment if case.phase() != State::FeePending && case.fee.is_none() => {
            Err(wrong_state(case, action))
        }
        Action::RevokeLapse if !matches!(case.outcome, Some(Outcome::O1 | Outcome::O2)) => {
            Err(wrong_state(case, action))
        }
        Action::RefuseExtension | Action::ConsentExtension => time::extension_is_asked(case),
        Action::TellExtension => time::consented(case).map(|_| ()),
        Action::SubmitDraft if case.consulting() => Err(Refusal::ConsultationOpen),
        Action::ApproveDraft | Action::ReturnDraft | Action::RecallDraft => {
            approval::draft_pending(case, action)
        }
        Action::Issue => approval::may_issue(case),
        Action::VoidNumber => reply::may_void(case),
        Action::RecordServiceFailure => reply::may_fail(case),
        Action::RevokeService => reply::may_revoke(case),
        Action::RenewCorrection => correction::may_renew(case),
        Action::RecordNoticeReturn if !case.letters.iter().any(Letter::is_under_way) => {
            Err(wrong_state(case, action))
        }
        Action::Defer if case.reasons_accepted != Some(true) => Err(wrong_state(case, action)),
        Action::AnswerRemedy if case.remedies.iter().all(|remedy| remedy.answer.is_some()) => {
            Err(wrong_state(case, action))
        }
        Action::DecideRemedy if !case.under_remedy() => Err(wrong_state(case, action)),
        Action::ProposeEnd if case.end_proposed.is_some() => Err(wrong_state(case, action)),
        Action::ConfirmEnd | Action::DeclineEnd if case.end_proposed.is_none() => {
            Err(wrong_state(case, action))
        }
        Action::Remand if !case.remedies.iter().any(Remedy::orders_anew) => {
            Err(wrong_state(case, action))
        }
        Action::Archive if case.under_remedy() => Err(Refusal::RemedyOpen),
        _ => Ok(()),
    }
}

pub(super) fn wrong_state(case: &Case, action: Action) -> Refusal {
    Refusal::WrongState { from: case.state(), action: action.label() }
}

/// The steps that can be taken from here by somebody with `roles`: what the pages offer.
#[must_use]
pub fn offered(case: &Case, roles: &[Role]) -> Vec<Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(|action| action.allowed_to_any(roles) && precondition(case, *action).is_ok())
        .collect()
}

fn events(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::ConfirmReceipt { on, evidence } => confirm_receipt(case, *on, evidence, ctx),
        Command::Assign { officer, reason, officer_name } => {
            let label = "分办、移交的理由";
            // A case that passes from one officer to another passes with its reason.
            let passes = case.officer.is_some_and(|present| present != *officer);
            let reason = if passes {
                text("reason", label, reason)?
            } else {
                optional("reason", label, reason)?
            };
            let (officer, officer_name) = (*officer, officer_name.clone());
            let reason = reason.to_owned();
            Ok(today(ctx, Event::Assigned { officer, officer_name, reason }))
        }
        Command::PassExamination => Ok(today(ctx, Event::ExaminationPassed)),
        Command::AskCorrection { .. }
        | Command::RenewCorrection { .. }
        | Command::RecordCorrection { .. }
        | Command::LapseCorrection { .. } => correction::decide(case, command, ctx),
        Command::AcknowledgeFinding(finding) => {
            Ok(today(ctx, Event::FindingAcknowledged(finding.checked()?)))
        }
        Command::RecordPaperNotice(paper) => {
            Ok(on(paper.on, Event::PaperNoticeRecorded(paper.entry(case)?)))
        }
        Command::AskReasons { .. }
        | Command::RecordReasons { .. }
        | Command::JudgeReasons { .. }
        | Command::Defer { .. }
        | Command::AskExtension { .. }
        | Command::RefuseExtension { .. }
        | Command::ConsentExtension
        | Command::TellExtension { .. } => time::decide(case, command, ctx),
        Command::NotifyFee { .. }
        | Command::RecordFeeService { .. }
        | Command::RecordPayment { .. }
        | Command::LapseFee { .. }
        | Command::RefundFee { .. } => fees::decide(case, command, ctx),
        Command::Consult { .. }
        | Command::RecordConsultationService { .. }
        | Command::RecordOpinion { .. }
        | Command::RecordSilence { .. }
        | Command::AbandonConsultation { .. }
        | Command::WaiveConsultation { .. }
        | Command::OverrideObjection { .. } => consult::decide(case, command, ctx),
        Command::ListItems { .. }
        | Command::AnswerReview { .. }
        | Command::RecordSearch { .. }
        | Command::DecideItem { .. }
        | Command::LinkRequest { .. }
        | Command::SplitOff { .. }
        | Command::AnswerTogether { .. } => items::decide(case, command, ctx),
        Command::OpenSecrecyReview { .. }
        | Command::ReviewRelease { .. }
        | Command::ReferSecrecy { .. }
        | Command::RecordSecrecyRuling { .. } => secrecy::decide(case, command, ctx),
        Command::SubmitDraft { .. }
        | Command::RecallDraft { .. }
        | Command::ReturnDraft { .. }
        | Command::ApproveDraft { .. }
        | Command::Issue { .. }
        | Command::IssueWithLead { .. } => approval::decide(case, command, ctx),
        Command::VoidNumber { .. }
        | Command::RecordDispatch { .. }
        | Command::RecordServiceFailure { .. }
        | Command::RecordService { .. }
        | Command::RevokeService { notice: None, .. }
        | Command::AnswerOnTheSpot { .. } => reply::decide(case, command, ctx),
        Command::RecordNoticeService { .. }
        | Command::RecordNoticeDispatch { .. }
        | Command::RecordNoticeReturn { .. }
        | Command::RevokeService { notice: Some(_), .. } => letters::decide(case, command, ctx),
        Command::OpenRemedy(_)
        | Command::AnswerRemedy(_)
        | Command::DecideRemedy(_)
        | Command::Remand(_) => remedies::decide(case, command, ctx),
        _ => ending::decide(case, command, ctx),
    }
}

fn confirm_receipt(
    case: &Case,
    on: NaiveDate,
    evidence: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let (Some(channel), Some(arrived_on)) = (case.channel, case.arrived_on) else {
        return Err(wrong_state(case, Action::ConfirmReceipt));
    };
    let evidence = optional("evidence", "收件依据", evidence)?;
    let arrival =
        Arrival { channel, arrived_on, confirmed_on: Some(on), evidence: evidence.to_owned() };
    let receipt = receipt::receipt(&arrival, ctx.today)
        .map_err(Refusal::Confirmation)?
        .ok_or_else(|| wrong_state(case, Action::ConfirmReceipt))?;
    let event = Event::Received { basis: receipt.basis, evidence: evidence.to_owned() };
    Ok(vec![Happening { on: receipt.on, event }])
}

/// One event on the day of the command.
fn on(on: NaiveDate, event: Event) -> Vec<Happening> {
    vec![Happening { on, event }]
}

/// One event today.
fn today(ctx: &Context<'_>, event: Event) -> Vec<Happening> {
    on(ctx.today, event)
}

/// A text of several lines that must be there.
fn text<'t>(field: &'static str, label: &'static str, text: &'t str) -> Result<&'t str, Refusal> {
    required(field, label, text, TEXT_MAX)
}

/// A text of one line that must be there.
fn line<'t>(field: &'static str, label: &'static str, text: &'t str) -> Result<&'t str, Refusal> {
    required(field, label, text, LINE_MAX)
}

/// A text of several lines that may be empty.
fn optional<'t>(
    field: &'static str,
    label: &'static str,
    text: &'t str,
) -> Result<&'t str, Refusal> {
    sound(field, label, text, TEXT_MAX)
}

/// Refuses a date before the one it must follow.
fn not_before(
    field: &'static str,
    date: NaiveDate,
    after: Option<NaiveDate>,
    what: &'static str,
) -> Result<(), Refusal> {
    match after {
        Some(after) if date < after => Err(Refusal::TooEarly { field, on: date, after, what }),
        _ => Ok(()),
    }
}

/// The happenings as entries, so that the case can be looked at with them. Who and when are for
/// the store to fill in; only the account matters to the case.
fn provisional_entries(case: &Case, happenings: &[Happening], ctx: &Context<'_>) -> Vec<Entry> {
    (case.last_seq + 1..)
        .zip(happenings)
        .map(|(seq, happening)| Entry {
            seq,
            on: happening.on,
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
            actor: Actor { id: ctx.actor, label: String::new() },
            event: happening.event.clone(),
        })
        .collect()
}

/// The first events of a case: its arrival, and its receipt where the channel fixes the date.
///
/// # Errors
///
/// [`Refusal::Receipt`] when dates or proof do not stand.
///
/// Source: 条例 art. 31.
pub fn open(arrival: &Arrival, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    let evidence = optional("evidence", "收件依据", &arrival.evidence)?.to_owned();
    let receipt = receipt::receipt(arrival, ctx.today)?;
    let filed = Event::Filed { channel: arrival.channel, registered: None };
    let mut happenings = on(arrival.arrived_on, filed);
    if let Some(receipt) = receipt {
        happenings.push(Happening {
            on: receipt.on,
            event: Event::Received { basis: receipt.basis, evidence },
        });
    }
    let case = Case::empty();
    let entries = provisional_entries(&case, &happenings, ctx);
    let case = case.with(ctx.calendar, &entries)?;
    Ok(Decision { happenings, case })
}
