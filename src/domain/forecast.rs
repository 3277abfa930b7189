//! What-if: the dates a step would lead to, before it is taken. The same `decide` and the same
//! clock as the step itself; nothing is written.
//!
//! Source: 条例 art. 30, 32–35 (what stops, moves and ends the limit); rulebook 3.

use chrono::NaiveDate;
use uuid::Uuid;

use super::calendar::Calendar;
use super::case::{Case, Extension, Governing, NoDate};
use super::clock::{LONGEST_EXTENSION, State as ClockState};
use super::command::{
    AskReasons, Command, Consult, CorrectionDefect, DefectKind, Dispatch, Withdraw,
};
use super::consultation::{AgencyClock, Letter};
use super::decide::{self, Context};
use super::event::{Authentication, Party, Position, ServiceMethod};
use super::ids::{NoticeId, UserId};
use super::policy::Action;
use super::refusal::Refusal;
use super::service::Slip;
use super::state::State;
use super::text_enum::text_enum;
use super::volume::{ReasonRequestClock, Volume};
use super::working_days::WorkingDays;

text_enum!(
    /// What a step does to the limit.
    Effect {
        /// Nothing.
        None = "none", "不影响期限";
        /// A limit that was not known begins.
        Begins = "begins", "期限开始计算";
        /// The last day becomes another.
        Moves = "moves", "期限改变";
        /// The limit stands still until somebody else acts.
        Stops = "stops", "期限停止计算";
        /// It runs on, or anew.
        Resumes = "resumes", "期限恢复计算";
        /// There is nothing left to be kept.
        Ends = "ends", "期限终止";
    }
);

/// The dates of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Where it stands.
    pub state: State,
    /// How the clock stands.
    pub clock: ClockState,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// Whether that may still change.
    pub provisional: bool,
    /// Which date presses.
    pub governing: Option<Governing>,
    /// That date.
    pub governing_on: Option<NaiveDate>,
    /// Why none does.
    pub no_date: Option<NoDate>,
}

impl Dates {
    /// The dates of a case on a day.
    #[must_use]
    pub fn of(case: &Case, calendar: &Calendar, today: NaiveDate) -> Self {
        let projection = case.projection(calendar);
        Self {
            state: projection.state,
            clock: case.reading(calendar, today).state,
            due_on: projection.due_on,
            provisional: projection.provisional,
            governing: projection.governing,
            governing_on: projection.queue_on,
            no_date: projection.no_date,
        }
    }

    /// Whether the agency's limit to reply runs.
    fn runs(&self) -> bool {
        self.state.awaits_reply() && self.clock == ClockState::Running
    }

    /// Whether it stands still.
    fn rests(&self) -> bool {
        use ClockState as C;
        let waits = matches!(self.clock, C::AwaitingCorrection | C::Suspended | C::AwaitingPayment);
        self.state.awaits_reply() && waits
    }
}

/// A step, rehearsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Before it.
    pub before: Dates,
    /// After it, on the same day.
    pub after: Dates,
    /// Once an extension that it leaves open is consented to and told, on the same day.
    pub once_told: Option<Dates>,
}

impl Forecast {
    /// What it does to the limit.
    #[must_use]
    pub fn effect(&self) -> Effect {
        let (before, after) = (&self.before, &self.after);
        match () {
            () if before.state.awaits_reply() && !after.state.awaits_reply() => Effect::Ends,
            () if !before.rests() && after.rests() => Effect::Stops,
            () if before.rests() && after.runs() => Effect::Resumes,
            () if !before.runs() && after.runs() => Effect::Begins,
            () if before.governing_on != after.governing_on || before.due_on != after.due_on => {
                Effect::Moves
            }
            () => Effect::None,
        }
    }
}

/// Rehearses a command.
///
/// # Errors
///
/// The refusal the step itself would meet.
pub fn forecast(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Forecast, Refusal> {
    let decision = decide::decide(case, command, ctx)?;
    Ok(between(case, &decision.case, ctx))
}

/// What lies between a case and the same case after a decision.
#[must_use]
pub fn between(case: &Case, next: &Case, ctx: &Context<'_>) -> Forecast {
    Forecast {
        before: Dates::of(case, ctx.calendar, ctx.today),
        after: Dates::of(next, ctx.calendar, ctx.today),
        once_told: extended(next, ctx).map(|told| Dates::of(&told, ctx.calendar, ctx.today)),
    }
}

/// The case once the extension that is asked for, or consented to, has been told to the applicant.
///
/// Source: 条例 art. 33 ¶2 (it takes effect by being told within the limit).
fn extended(case: &Case, ctx: &Context<'_>) -> Option<Case> {
    let consented = match case.extension.as_ref()? {
        Extension::Asked { .. } => {
            // Whoever looks, it is somebody else who consents.
            let anybody = Context { actor: None, ..*ctx };
            decide::decide(case, &Command::ConsentExtension, &anybody).ok()?.case
        }
        Extension::Consented { .. } => case.clone(),
    };
    let tell = Command::TellExtension { on: ctx.today, notice: NoticeId::new() };
    decide::decide(&consented, &tell, ctx).ok().map(|decision| decision.case)
}

/// What the office proposes where a step wants an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// Time to correct.
    pub correction: WorkingDays,
    /// Whether the limit runs while reasons are awaited.
    pub reasons: ReasonRequestClock,
}

/// The step taken today with the input that would usually be entered; `None` where the date depends
/// on what is entered, and there is nothing usual.
#[must_use]
pub fn usual(action: Action, case: &Case, ctx: &Context<'_>, usual: Usual) -> Option<Command> {
    let on = ctx.today;
    let text = || "试算".to_owned();
    let waits = || case.consultations.iter().filter(|c| c.open);
    let until = |days| ctx.calendar.nth_working_day_after(on, days).ok().map(|reached| reached.on);
    Some(match action {
        Action::ConfirmReceipt => Command::ConfirmReceipt { on, evidence: text() },
        // Whoever it is given to.
        Action::Assign => Command::Assign {
            officer: UserId(Uuid::nil()),
            reason: text(),
            officer_name: String::new(),
        },
        Action::PassExamination => Command::PassExamination,
        Action::AskCorrection => Command::AskCorrection {
            on,
            until: until(usual.correction)?,
            defects: vec![CorrectionDefect { kind: DefectKind::Content, guidance: text() }],
            approval: text(),
            notice: NoticeId::new(),
        },
        Action::RecordCorrection => Command::RecordCorrection { on, text: text() },
        Action::RenewCorrection => {
            Command::RenewCorrection { until: until(usual.correction)?, notice: NoticeId::new() }
        }
        Action::ProposeLapse => Command::ProposeLapse,
        Action::AskReasons => Command::AskReasons(AskReasons {
            on,
            until: until(usual.correction)?,
            notice: NoticeId::new(),
            clock: usual.reasons,
            volume: Volume::default(),
        }),
        Action::RecordReasons => Command::RecordReasons { on, text: text() },
        Action::RecordFeeService => Command::RecordFeeService { on, proof: text() },
        Action::RecordPayment => Command::RecordPayment {
            on,
            amount_fen: case.fee_open_fen?,
            proof: text(),
            remark: String::new(),
        },
        Action::RevokeLapse => Command::RevokeLapse { reason: text() },
        Action::Consult => Command::Consult(Consult {
            on,
            id: NoticeId::new().to_string(),
            party: Party::ThirdParty,
            addressee: text(),
            jointly_made: false,
            items: Vec::new(),
            letter: Letter::default(),
            notice: NoticeId::new(),
            told: NoticeId::new(),
            clock: AgencyClock::default(),
        }),
        Action::RecordConsultationService => Command::RecordConsultationService {
            on,
            id: case.consultations.iter().find(|c| c.may_be_served())?.id.clone(),
        },
        Action::RecordOpinion => Command::RecordOpinion {
            on,
            id: waits().next()?.id.clone(),
            position: Position::Agrees,
            text: text(),
            slip: None,
        },
        Action::RecordSilence => Command::RecordSilence { on, id: waits().next()?.id.clone() },
        Action::AbandonConsultation => {
            Command::AbandonConsultation { on, id: waits().next()?.id.clone(), why: text() }
        }
        Action::OpenSecrecyReview => Command::OpenSecrecyReview { question: text() },
        Action::AskExtension => Command::AskExtension {
            working_days: u16::try_from(LONGEST_EXTENSION.0).ok()?,
            reason: text(),
        },
        Action::RefuseExtension => Command::RefuseExtension { reason: text() },
        Action::ConsentExtension => Command::ConsentExtension,
        Action::TellExtension => Command::TellExtension { on, notice: NoticeId::new() },
        Action::RecallDraft => Command::RecallDraft { notice: case.draft.as_ref()?.notice },
        Action::ReturnDraft => {
            Command::ReturnDraft { notice: case.draft.as_ref()?.notice, reason: text() }
        }
        Action::ApproveDraft => Command::ApproveDraft { notice: case.draft.as_ref()?.notice },
        Action::RecordDispatch => Command::RecordDispatch(Dispatch {
            on,
            method: ServiceMethod::Ems,
            tracking: text(),
            slip: Slip::default(),
            photo: false,
        }),
        Action::Withdraw => Command::Withdraw(Withdraw {
            on,
            statement: text(),
            authentication: Some(Authentication::Signed),
            proof_file: None,
        }),
        Action::DeclineEnd => Command::DeclineEnd { reason: text() },
        Action::Close => Command::Close,
        action if moves_nothing(action) => Command::Note { text: text() },
        _ => return None,
    })
}

/// Whether the step moves no date and leaves the case where it stands, whatever is entered: what it
/// leads to is what any entry of today leads to.
#[must_use]
pub const fn moves_nothing(action: Action) -> bool {
    matches!(
        action,
        Action::ListItems
            | Action::AnswerReview
            | Action::RecordSearch
            | Action::DecideItem
            | Action::LinkRequest
            | Action::WaiveConsultation
            | Action::OverrideObjection
            | Action::RefundFee
            | Action::HandOver
            | Action::RecordAssistance
            | Action::AddFile
            | Action::WithdrawFile
            | Action::ConfirmFindings
            | Action::AcknowledgeFinding
            | Action::ProposeEnd
            | Action::Note
    )
}
