//! The row that queues and searches read: a pure function of ledger and calendar.

use chrono::NaiveDate;

use super::Case;
use crate::domain::calendar::Calendar;
use crate::domain::clock::{self, ClockEvent};
use crate::domain::ids::UserId;
use crate::domain::outcome::Outcome;
use crate::domain::proposal::Proposal;
use crate::domain::receipt::{Channel, ReceiptBasis};
use crate::domain::state::State;
use crate::domain::sweep;
use crate::domain::text_enum::text_enum;

text_enum!(
    /// Which date presses on an open case.
    Governing {
        /// The last day to reply.
        Reply = "reply", "答复期限";
        /// The last day to reply, counted from arrival while the receipt date is unconfirmed.
        SafeReply = "safe_reply", "按收到之日从严计算的答复期限";
        /// The applicant's last day to correct.
        Correction = "correction", "申请人补正期限";
        /// The applicant's last day to pay.
        Payment = "payment", "申请人缴费期限";
        /// The last day to answer a review body or court.
        RemedyAnswer = "remedy_answer", "向复议机关、法院提交答复和证据的期限";
    }
);

text_enum!(
    /// Why no date presses on an open case.
    NoDate {
        /// The fee notice has not reached the applicant: the time to pay has not begun.
        FeeNoticeUnserved = "fee_notice_unserved", "收费通知尚未送达，缴费期限尚未起算";
        /// The reply has left in time or late; what is missing is the proof of service.
        Replied = "replied", "答复已作出，待取得送达凭证";
        /// The request has ended without a reply and waits to be closed.
        Ended = "ended", "申请已终止办理，待办结";
        /// Reconsideration or suit runs; its dates are the reviewing body's.
        UnderRemedy = "under_remedy", "复议、诉讼程序中，等待复议机关、法院的决定";
        /// The calendar cannot count that far.
        Uncountable = "uncountable", "所需年份超出可计算范围";
    }
);

/// What is stored of a case beside its ledger. `gongkai verify` recomputes and compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Where it stands.
    pub state: State,
    /// Channel of arrival.
    pub channel: Option<Channel>,
    /// Day of arrival.
    pub arrived_on: Option<NaiveDate>,
    /// Receipt date.
    pub received_on: Option<NaiveDate>,
    /// Its ground.
    pub receipt_basis: Option<ReceiptBasis>,
    /// Day zero of the running clock.
    pub anchor_on: Option<NaiveDate>,
    /// Last day to reply; `None` while correction or payment is awaited, and when it is over.
    pub due_on: Option<NaiveDate>,
    /// Whether the last day rests on an estimate.
    pub provisional: bool,
    /// The last day if the day of arrival were the receipt date, while that is unconfirmed.
    pub conservative_due_on: Option<NaiveDate>,
    /// Codes of the procedural defects (程序瑕疵), in the order they arose.
    pub defects: Vec<String>,
    /// Result.
    pub outcome: Option<Outcome>,
    /// The day that counts for the agency.
    pub completed_on: Option<NaiveDate>,
    /// The day that counts for the applicant.
    pub served_on: Option<NaiveDate>,
    /// Day of closing.
    pub closed_on: Option<NaiveDate>,
    /// Responsible officer.
    pub officer: Option<UserId>,
    /// Whether anybody still owes a step.
    pub open: bool,
    /// What the program proposes because a limit has passed.
    pub proposal: Option<Proposal>,
    /// The first day on which the passing of time calls for a step; `None` while none can.
    pub watch_on: Option<NaiveDate>,
    /// The day that orders the queue: the last day to reply, the safe guess at it, or the day the
    /// applicant's own time runs out. `None` when no date presses.
    pub queue_on: Option<NaiveDate>,
    /// Which date that is.
    pub governing: Option<Governing>,
    /// Why there is none, for an open case: exactly one of the two is set.
    pub no_date: Option<NoDate>,
}

impl Case {
    /// The projection of the case.
    #[must_use]
    pub fn projection(&self, calendar: &Calendar) -> Projection {
        let state = self.state();
        let as_of = self.last_on.or(self.arrived_on).unwrap_or_default();
        let reading = self.reading(calendar, as_of);
        let mut defects: Vec<String> = self.own_defects.iter().map(|d| (*d).to_owned()).collect();
        if !self.void_extensions.is_empty() {
            defects.push("extension_after_limit".to_owned());
        }
        defects.extend(reading.defects.iter().map(|d| d.as_str().to_owned()));
        defects.extend(self.remedy_defects(calendar));
        let lapsed = matches!(self.outcome, Some(Outcome::O1 | Outcome::O2));
        let due_on = reading.due_on.filter(|_| !lapsed);
        let conservative_due_on = self.conservative_due_on(calendar);
        // Towards the body that reviews it a case has a limit of its own, whatever else it waits for.
        let answer = self.remedy_due(calendar).map(|due| (Governing::RemedyAnswer, due.on));
        let own = self.governing(state, due_on, conservative_due_on);
        let governing = own.into_iter().chain(answer).min_by_key(|(_, on)| *on);
        Projection {
            state,
            channel: self.channel,
            arrived_on: self.arrived_on,
            received_on: self.received_on,
            receipt_basis: self.receipt_basis,
            anchor_on: reading.anchor_on,
            due_on,
            provisional: reading.provisional,
            conservative_due_on,
            defects,
            outcome: self.outcome,
            completed_on: self.reply.as_ref().and_then(|r| r.completed_on),
            served_on: self.reply.as_ref().and_then(|r| r.served_on),
            closed_on: self.closed_on,
            officer: self.officer,
            open: state.is_open(),
            proposal: sweep::proposal(self),
            watch_on: sweep::watch_on(self, calendar),
            queue_on: governing.map(|(_, on)| on),
            governing: governing.map(|(which, _)| which),
            no_date: (state.is_open() && governing.is_none()).then(|| self.no_date(state)),
        }
    }

    fn no_date(&self, state: State) -> NoDate {
        match state {
            State::UnderRemedy => NoDate::UnderRemedy,
            State::Withdrawn | State::CorrectionLapsed | State::FeeLapsed => NoDate::Ended,
            State::FeePending if self.fee_served_on.is_none() => NoDate::FeeNoticeUnserved,
            state if state.awaits_reply() => NoDate::Uncountable,
            _ => NoDate::Replied,
        }
    }

    fn governing(
        &self,
        state: State,
        due_on: Option<NaiveDate>,
        conservative_due_on: Option<NaiveDate>,
    ) -> Option<(Governing, NaiveDate)> {
        let replied = self.reply.as_ref().is_some_and(|reply| reply.completed_on.is_some());
        if !state.owes_reply(replied) {
            return None;
        }
        let dates = [
            (Governing::Reply, due_on),
            (Governing::SafeReply, conservative_due_on),
            (Governing::Correction, self.correction_on()),
            (Governing::Payment, self.payment_on()),
        ];
        let own = dates.into_iter().find_map(|(which, on)| on.map(|on| (which, on)));
        // In one document with others, the earliest limit governs. Source: rulebook 1.2 k.
        let joint = self.together.as_ref().and_then(|together| together.governing_on);
        let joint = joint.filter(|_| state.awaits_reply()).map(|on| (Governing::Reply, on));
        own.into_iter().chain(joint).min_by_key(|(_, on)| *on)
    }

    /// The safe limit of a letter whose date is not yet confirmed: counted from its arrival.
    ///
    /// Source: rulebook section 2 (D).
    fn conservative_due_on(&self, calendar: &Calendar) -> Option<NaiveDate> {
        let on = self.arrived_on.filter(|_| self.received_on.is_none())?;
        let reading = clock::fold(calendar, &[ClockEvent::Received { on }], on).ok()?;
        reading.due_on
    }
}
