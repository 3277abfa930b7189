//! One event, applied: how each kind changes what the case is.

use chrono::NaiveDate;

use super::{Case, Correction, Draft, Extension, Governing, ReasonsAsked, Reply};
use crate::domain::chain::{Approval, Stage};
use crate::domain::clock::ClockEvent;
use crate::domain::event::{Entry, Event, ServiceMethod};
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::receipt::Channel;
use crate::domain::state::State;

impl Case {
    /// Takes an entry into account, except for the clock, which is run afterwards over all events.
    pub(super) fn note(&mut self, entry: &Entry) {
        let on = entry.on;
        self.last_seq = entry.seq;
        self.last_on = self.last_on.max(Some(on));
        // Where no receipt date was ever fixed, no clock ran that a withdrawal could stop.
        let unconfirmed = self.received_on.is_none()
            && matches!(entry.event, Event::Withdrawn { .. } | Event::EndedOtherwise(_));
        if !unconfirmed {
            self.tell_clock(on, &entry.event);
        }
        self.note_calendar(&entry.event);
        self.note_paper(on, &entry.event);
        self.note_intake(on, &entry.event);
        self.note_waiting((on, entry.actor.id), &entry.event);
        self.note_items(entry);
        self.note_consultation(on, &entry.event);
        self.note_letter(on, &entry.event);
        self.note_outgoing(on, &entry.event);
        self.note_fee(on, &entry.event);
        self.note_way(&entry.event);
        self.note_reply(entry);
        self.note_remedy(on, &entry.event);
        self.note_end(entry);
    }

    fn note_intake(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::Filed { channel, .. } => {
                self.channel = Some(*channel);
                self.arrived_on = Some(on);
                self.phase = if channel.needs_confirmation() {
                    State::AwaitingConfirmation
                } else {
                    State::Received
                };
            }
            Event::Received { basis, .. } => {
                self.received_on = Some(on);
                self.receipt_basis = Some(*basis);
                self.phase = State::Registered;
                // An ordinary letter must be confirmed on the day it comes (条例 art. 31 (2)); for
                // fax and internet art. 31 (3) names no day.
                if self.channel == Some(Channel::OrdinaryPost)
                    && self.arrived_on.is_some_and(|arrived| on > arrived)
                {
                    self.own_defects.push("receipt_confirmation_late");
                }
            }
            Event::Assigned { officer, .. } => {
                self.officer = Some(*officer);
                if self.phase == State::Registered {
                    self.phase = State::Examining;
                }
            }
            Event::Succeeded { succession } => self.successor = Some(succession.into),
            Event::ExaminationPassed => self.phase = State::Processing,
            Event::AnsweredOnTheSpot { outcome, .. } => {
                self.outcome = Some(*outcome);
                self.reply = Some(Reply {
                    completed_on: Some(on),
                    completed_by: Some(ServiceMethod::InPerson),
                    served_on: Some(on),
                    dispatched_on: Some(on),
                    method: Some(ServiceMethod::InPerson),
                    ..new_reply(None, *outcome, String::new(), on)
                });
                self.phase = State::Served;
            }
            _ => {}
        }
    }

    fn note_waiting(&mut self, (on, actor): (NaiveDate, Option<UserId>), event: &Event) {
        match event {
            Event::CorrectionRequested { until, notice, defects, .. } => {
                self.corrections.push(Correction {
                    requested_on: on,
                    until: *until,
                    defects: defects.clone(),
                    notice: *notice,
                    served_on: None,
                    received_on: None,
                });
                self.extension = None;
                self.lapse_proposed = false;
                self.lapse_revoked = false;
                self.phase = State::CorrectionPending;
            }
            Event::CorrectionRenewed { until, notice, .. } => {
                self.lapse_proposed = false;
                if let Some(round) = self.corrections.last_mut() {
                    (round.requested_on, round.until) = (on, *until);
                    (round.notice, round.served_on) = (*notice, None);
                }
            }
            Event::CorrectionReceived { .. } => {
                if let Some(round) = self.corrections.last_mut() {
                    round.received_on = Some(on);
                }
                // What was reviewed may not be what is asked for now.
                self.secrecy_open = false;
                self.secrecy_finding = None;
                self.forget_findings();
                self.lapse_proposed = false;
                self.phase = State::Examining;
            }
            Event::LapseProposed { .. } => self.lapse_proposed = true,
            Event::LapseRevoked { .. } => {
                self.lapse_revoked = true;
                self.phase = match self.outcome.take() {
                    Some(Outcome::O2) => State::FeePending,
                    _ => State::CorrectionPending,
                };
                self.closed_on = None;
            }
            Event::CorrectionLapsed { .. } => {
                self.lapse_proposed = false;
                self.outcome = Some(Outcome::O1);
                self.phase = State::CorrectionLapsed;
            }
            Event::ReasonsRequested { until, clock, notice, .. } => {
                self.reasons_asked = Some(ReasonsAsked {
                    asked_on: on,
                    until: *until,
                    notice: *notice,
                    served_on: None,
                    received_on: None,
                    clock: *clock,
                    judged_by: None,
                });
                self.reasons_accepted = None;
                self.phase = State::ReasonPending;
            }
            Event::ReasonsReceived { .. } => {
                if let Some(asked) = self.reasons_asked.as_mut() {
                    asked.received_on = Some(on);
                }
            }
            Event::ReasonsJudged { accepted, .. } => {
                self.reasons_accepted = Some(*accepted);
                if let Some(asked) = self.reasons_asked.as_mut() {
                    asked.judged_by = actor;
                }
                self.phase = State::Processing;
            }
            Event::Deferred { .. } => {
                self.deferred = true;
                self.phase = State::Deferred;
            }
            Event::SecrecyReviewOpened { .. } => self.secrecy_open = true,
            Event::SecrecyReviewed { finding, .. } => {
                self.secrecy_open = false;
                self.secrecy_finding = Some(*finding);
            }
            Event::ExtensionAsked { working_days, reason } => {
                let (working_days, reason) = (*working_days, reason.clone());
                self.extension = Some(Extension::Asked { working_days, reason, by: actor });
            }
            Event::ExtensionConsented { working_days, reason } => {
                self.extension = Some(Extension::Consented {
                    working_days: *working_days,
                    reason: reason.clone(),
                    on,
                });
            }
            Event::ExtensionRefused { .. } | Event::Extended { .. } => self.extension = None,
            _ => {}
        }
    }

    /// A date told to the applicant stays when the calendar would move it nearer; a new letter tells
    /// a new one.
    fn note_calendar(&mut self, event: &Event) {
        match event {
            Event::CorrectionRequested { .. } => self.told.correction_on = None,
            Event::CorrectionRenewed { until, .. } => self.told.correction_on = Some(*until),
            Event::FeeNotified { .. } => self.told.payment_on = None,
            Event::CalendarChanged(change) => {
                for limit in change.limits.iter().filter(|limit| limit.was_certain) {
                    match limit.which {
                        Governing::Correction => {
                            self.told.correction_on = self.told.correction_on.max(limit.old);
                        }
                        Governing::Payment => {
                            self.told.payment_on = self.told.payment_on.max(limit.old);
                        }
                        Governing::Reply | Governing::SafeReply | Governing::RemedyAnswer => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// Where drafting goes back to.
    const fn working(&self) -> State {
        if self.deferred { State::Deferred } else { State::Processing }
    }

    /// A message that bounced never reached the system the applicant named: the reply it seemed to
    /// complete is not complete. A returned letter stays posted.
    ///
    /// Source: 国办公开办函〔2016〕235号 part 4; 电子签名法 art. 11; rulebook 5.5.
    fn note_failure(&mut self) {
        self.phase = State::ServiceFailed;
        let Some(reply) = self.reply.as_mut() else { return };
        reply.served_on = None;
        if reply.method == Some(ServiceMethod::Electronic) && reply.completed_by == reply.method {
            reply.completed_on = None;
            reply.completed_by = None;
            self.outcome = None;
            let replied = |event: &ClockEvent| matches!(event, ClockEvent::Replied { .. });
            if let Some(last) = self.timeline.iter().rposition(replied) {
                self.timeline.remove(last);
            }
        }
    }

    fn note_reply(&mut self, entry: &Entry) {
        let on = entry.on;
        match &entry.event {
            Event::DraftSubmitted { notice, outcome, chain, written } => {
                self.silence_unanswered = false;
                let mut authors = written.authors.clone();
                authors.extend(entry.actor.id);
                if self.answers_by_item() {
                    authors.extend(self.item_authors());
                }
                self.draft = Some(Draft {
                    notice: *notice,
                    outcome: *outcome,
                    drafter: entry.actor.id,
                    authors,
                    approved: false,
                    chain: chain.clone(),
                    approvals: Vec::new(),
                    since: on,
                });
                self.phase = State::Approval;
            }
            Event::DraftRecalled { .. } | Event::DraftReturned { .. } => {
                self.draft = None;
                self.phase = self.working();
            }
            Event::DraftApproved { stage, on_behalf_of, .. } => {
                if let Some(draft) = self.draft.as_mut() {
                    draft.approvals.push(Approval {
                        stage: stage.unwrap_or(Stage::Office),
                        by: entry.actor.id,
                        on_behalf_of: *on_behalf_of,
                        on,
                    });
                    draft.since = on;
                    draft.approved = draft.stage().is_none();
                }
            }
            Event::Issued { notice, outcome, number, .. } => {
                self.draft = None;
                self.extension = None;
                self.reply = Some(new_reply(Some(*notice), *outcome, number.clone(), on));
                self.phase = State::Issued;
            }
            Event::NumberVoided { .. } => {
                self.reply = None;
                self.phase = self.working();
            }
            Event::Dispatched { method, .. } => {
                if let Some(reply) = self.reply.as_mut() {
                    reply.dispatched_on = Some(on);
                    reply.method = Some(*method);
                }
                self.phase = State::Dispatched;
            }
            Event::Replied { outcome, .. } => {
                self.outcome = Some(*outcome);
                if let Some(reply) = self.reply.as_mut() {
                    reply.completed_on = Some(on);
                    reply.completed_by = reply.method;
                }
            }
            Event::ServiceFailed { .. } => self.note_failure(),
            Event::Served { .. } => {
                if let Some(reply) = self.reply.as_mut() {
                    reply.served_on = Some(on);
                }
                self.phase = State::Served;
            }
            _ => {}
        }
    }
}

const fn new_reply(
    notice: Option<NoticeId>,
    outcome: Outcome,
    number: String,
    issued_on: NaiveDate,
) -> Reply {
    Reply {
        notice,
        outcome,
        number,
        issued_on,
        dispatched_on: None,
        method: None,
        completed_on: None,
        completed_by: None,
        served_on: None,
    }
}
