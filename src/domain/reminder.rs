//! Reminders (期限提醒): which limits press on a case, which stage applies on which day, who is told,
//! and what to do next. Pure: reminding twice on one day finds the same stages.
//!
//! The law sets limits and wants them kept; how officers are reminded of them is the office's own
//! affair, hence settings.
//!
//! Source: 条例 art. 33 ¶2, 45 (handling is registered and kept in time), 47, 51; rulebook 3.

mod digest;
mod withdrawal;

use chrono::NaiveDate;

pub use digest::{Line, digest, shown_title};
pub use withdrawal::{Withdrawal, withdrawal};

use super::calendar::Calendar;
use super::case::{Case, Governing};
use super::clock::State as ReadingState;
use super::proposal::Proposal;
use super::state::State;
use super::text_enum::text_enum;
use super::working_days::WorkingDays;

/// No rest is longer than this many days.
const LONGEST_REST: usize = 30;

/// Up to so many working days before a limit the first reminder comes.
const FIVE: u32 = 5;
/// Up to so many the second.
const TWO: u32 = 2;

text_enum!(
    /// What a reminder is about.
    LimitKind {
        /// The last day to reply.
        Reply = "reply", "答复期限";
        /// The safe limit of a request whose day of receipt nobody has confirmed yet.
        UnconfirmedReceipt = "unconfirmed_receipt", "收件日未确认，从严计算的答复期限";
        /// The applicant's time to correct is over: somebody must judge.
        CorrectionOver = "correction_over", "申请人补正期限已过";
        /// The applicant's time to pay is over: somebody must judge.
        PaymentOver = "payment_over", "申请人缴费期限已过";
        /// A consultation ended in silence: somebody must decide.
        SilenceOver = "silence_over", "征求意见期满未获答复";
        /// The last day to answer a review body or court.
        RemedyAnswer = "remedy_answer", "复议答复、诉讼答辩期限";
        /// The general limit of an application for the correction of a record.
        RecordCorrection = "record_correction", "更正申请办理期限";
        /// The agency's day to state its view of a complaint.
        ComplaintStatement = "complaint_statement", "对投诉举报作出说明的期限";
        /// The supervising office's limit of a complaint.
        Complaint = "complaint", "投诉举报办理期限";
        /// The last day to put a bad rating right.
        Rating = "rating", "差评整改反馈期限";
    }
);

text_enum!(
    /// How near a limit is, the most urgent first.
    ReminderStage {
        /// It has passed.
        Overdue = "overdue", "已逾期";
        /// Today is the last working day on which something can be done.
        LastDay = "last_day", "最后一个工作日";
        /// One or two working days are left.
        TwoDays = "two_days", "2个工作日内到期";
        /// Three to five working days are left.
        FiveDays = "five_days", "5个工作日内到期";
    }
);

/// In which part somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Whoever has the matter on the desk: as a rule the officer.
    Handler,
    /// The heads of the disclosure office.
    Head,
    /// Who supervises the agency.
    Supervisor,
}

/// Which stages are told to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// To whoever handles it.
    pub handler: Vec<ReminderStage>,
    /// To the heads.
    pub head: Vec<ReminderStage>,
    /// To supervisors.
    pub supervisor: Vec<ReminderStage>,
}

impl Plan {
    /// Whether an audience is told of a stage.
    #[must_use]
    pub fn tells(&self, audience: Audience, stage: ReminderStage) -> bool {
        let stages = match audience {
            Audience::Handler => &self.handler,
            Audience::Head => &self.head,
            Audience::Supervisor => &self.supervisor,
        };
        stages.contains(&stage)
    }
}

impl LimitKind {
    /// Who can be told of it at all. What the applicant or a third party has let pass is no failure
    /// of the agency: no supervisor hears of it before the limit to reply presses.
    #[must_use]
    pub const fn audiences(self) -> &'static [Audience] {
        match self {
            Self::Reply
            | Self::UnconfirmedReceipt
            | Self::RemedyAnswer
            | Self::RecordCorrection => &[Audience::Handler, Audience::Head, Audience::Supervisor],
            Self::CorrectionOver | Self::PaymentOver | Self::SilenceOver => {
                &[Audience::Handler, Audience::Head]
            }
            Self::ComplaintStatement | Self::Rating => &[Audience::Handler, Audience::Supervisor],
            Self::Complaint => &[Audience::Handler],
        }
    }

    /// What to do next, for a request in `state` (none where it is no request).
    #[must_use]
    pub const fn next_step(self, state: Option<State>) -> &'static str {
        match self {
            Self::UnconfirmedReceipt => "与申请人确认收件日并登记",
            Self::CorrectionOver => "核实补正告知书送达情况，决定是否按逾期不补正处理",
            Self::PaymentOver => "核实收费通知送达情况，决定是否按逾期不缴费处理",
            Self::SilenceOver => "依法决定是否公开，拟写答复",
            Self::RemedyAnswer => "提交书面答复和证据材料，并登记",
            Self::RecordCorrection => "核实后答复申请人，或者转送有权机关并告知",
            Self::ComplaintStatement => "向监督机关书面说明情况",
            Self::Complaint => "作出处理并告知投诉人",
            Self::Rating => "回访、核实、整改并反馈评价人",
            Self::Reply => match state {
                Some(State::Received | State::AwaitingConfirmation) => "与申请人确认收件日并登记",
                Some(State::Registered) => "分派承办人",
                Some(State::Examining) => "完成审核",
                Some(State::SecrecyReview) => "完成保密审查",
                Some(State::ExtensionPending) => "办完延期审批并在期限内告知申请人",
                Some(State::Approval) => "审批并签发答复",
                Some(State::Issued) => "发出答复并登记",
                Some(State::Dispatched | State::ServiceFailed) => {
                    "跟踪送达并取得凭证；退回的，换一种方式重新送达"
                }
                Some(State::ReasonPending) => "核实申请人是否已说明理由",
                _ => "拟写答复并提交审批；确需延期的，在期限内批准并告知申请人",
            },
        }
    }
}

/// A limit that presses on somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Which.
    pub kind: LimitKind,
    /// Its last day.
    pub on: NaiveDate,
    /// Whether that may still change.
    pub provisional: bool,
}

/// What the row of a request tells of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestFacts {
    /// Where it stands.
    pub state: State,
    /// Which date presses.
    pub governing: Option<Governing>,
    /// That date.
    pub queue_on: NaiveDate,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// The safe limit while the receipt date is unconfirmed.
    pub conservative_due_on: Option<NaiveDate>,
    /// Whether the last day may change.
    pub provisional: bool,
    /// Whether the limit is suspended today: then it reminds nobody.
    pub suspended: bool,
    /// A limit of others that is over and waits for a decision.
    pub passed: Option<(Proposal, NaiveDate)>,
}

/// The limits of a request that press on the agency, towards the applicant.
#[must_use]
pub fn limits(facts: &RequestFacts) -> Vec<Limit> {
    let own = match facts.governing {
        _ if facts.suspended => None,
        Some(Governing::Reply) if facts.state.owes_reply(false) => {
            Some((LimitKind::Reply, facts.queue_on))
        }
        _ if !facts.state.awaits_reply() => None,
        Some(Governing::Reply) => None,
        Some(Governing::SafeReply) => Some((LimitKind::UnconfirmedReceipt, facts.queue_on)),
        // While the applicant's own time runs, the agency has none.
        Some(Governing::Correction | Governing::Payment) => None,
        // The answer to a reviewing body is a limit of its own; the reply waits behind it.
        Some(Governing::RemedyAnswer) | None => {
            let safe = facts.conservative_due_on.map(|on| (LimitKind::UnconfirmedReceipt, on));
            facts.due_on.map(|on| (LimitKind::Reply, on)).or(safe)
        }
    };
    let own = own.map(|(kind, on)| Limit { kind, on, provisional: facts.provisional });
    let passed = facts.passed.map(|(proposal, on)| {
        let kind = match proposal {
            Proposal::LapseCorrection => LimitKind::CorrectionOver,
            Proposal::LapseFee => LimitKind::PaymentOver,
            Proposal::DecideAfterSilence => LimitKind::SilenceOver,
        };
        Limit { kind, on, provisional: false }
    });
    own.into_iter().chain(passed).collect()
}

/// Whether the limit of the case is suspended on `today`. A consultation whose time is over, proved
/// or assumed, suspends nothing any more, although the case still waits for it.
///
/// Source: 条例 art. 33 ¶3; rulebook C8, C9.
#[must_use]
pub fn is_suspended(case: &Case, calendar: &Calendar, today: NaiveDate) -> bool {
    case.reading(calendar, today).state == ReadingState::Suspended
}

/// The limit of others that is over and waits for a decision: what is proposed, and its last day.
#[must_use]
pub fn passed(case: &Case) -> Option<(Proposal, NaiveDate)> {
    let proposal = super::sweep::proposal(case)?;
    let on = match proposal {
        Proposal::LapseCorrection => {
            let round = case.corrections.last()?;
            case.clock().correction_on().unwrap_or(round.until)
        }
        Proposal::LapseFee => case.clock().payment_on()?,
        Proposal::DecideAfterSilence => {
            let silent = case.consultations.iter().filter(|c| !c.answered);
            // Silence is on record on the day after the last one to answer.
            silent.filter_map(|c| c.silence?.0.pred_opt()).max()?
        }
    };
    Some((proposal, on))
}

/// The stage of a limit on a day; `None` while it is further away.
///
/// Days of rest after the last working day still belong to it: a limit on a Sunday has its last day
/// on the Friday before.
#[must_use]
pub fn stage(calendar: &Calendar, today: NaiveDate, limit_on: NaiveDate) -> Option<ReminderStage> {
    if today > limit_on {
        return Some(ReminderStage::Overdue);
    }
    match calendar.working_days_between(today, limit_on).ok()?.days {
        0 => Some(ReminderStage::LastDay),
        n if n <= TWO => Some(ReminderStage::TwoDays),
        n if n <= FIVE => Some(ReminderStage::FiveDays),
        _ => None,
    }
}

/// Whether the way from today to the limit leads through days whose arrangement is not published.
#[must_use]
pub fn is_estimated(calendar: &Calendar, today: NaiveDate, limit_on: NaiveDate) -> bool {
    let (first, last) = (today.min(limit_on), today.max(limit_on));
    let counted = calendar.working_days_between(first, last);
    counted.map_or(true, |counted| counted.estimated)
}

/// A day behind which no limit has a stage yet.
#[must_use]
pub fn horizon(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    let beyond = calendar.nth_working_day_after(today, WorkingDays(FIVE + 1));
    beyond.map_or(NaiveDate::MAX, |reached| reached.on)
}

/// Whether reminders are given on a day: nobody reads them on a day of rest.
#[must_use]
pub fn is_given_on(calendar: &Calendar, today: NaiveDate) -> bool {
    calendar.day_kind(today).map_or(true, super::calendar::DayKind::is_worked)
}

/// The last day up to `today` on which reminders are given.
#[must_use]
pub fn last_given_on(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    let given = today.iter_days().rev().take(LONGEST_REST).find(|day| is_given_on(calendar, *day));
    given.unwrap_or(today)
}
