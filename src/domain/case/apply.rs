//! One event, applied: how each kind changes what the case is.

use chrono::NaiveDate;

use super::{Case, Consultation, Correction, Draft, Extension, Reply};
use crate::domain::event::{Entry, Event, ServiceMethod};
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeKind;
use crate::domain::outcome::Outcome;
use crate::domain::state::State;

impl Case {
    /// Takes an entry into account, except for the clock, which is run afterwards over all events.
    pub(super) fn note(&mut self, entry: &Entry) {
        let on = entry.on;
        self.last_seq = entry.seq;
        self.last_on = self.last_on.max(Some(on));
        if let Some(event) = entry.event.on_clock(on) {
            self.clock_events.push(event);
        }
        self.note_intake(on, &entry.event);
        self.note_waiting(on, &entry.event);
        self.note_reply(entry);
        self.note_end(on, &entry.event);
    }

    fn note_intake(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::Filed { channel } => {
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
                // The office must confirm on the day the letter reaches it (条例 art. 31 (2)).
                if self.channel.is_some_and(|c| c.needs_confirmation())
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
            Event::ExaminationPassed => self.phase = State::Processing,
            Event::AnsweredOnTheSpot { outcome, .. } => {
                self.outcome = Some(*outcome);
                self.reply = Some(Reply {
                    completed_on: Some(on),
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

    fn note_waiting(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::CorrectionRequested { until, notice, .. } => {
                self.corrections.push(Correction {
                    requested_on: on,
                    until: *until,
                    notice: *notice,
                    served_on: None,
                    received_on: None,
                });
                self.extension = None;
                self.phase = State::CorrectionPending;
            }
            Event::CorrectionReceived { .. } => {
                if let Some(round) = self.corrections.last_mut() {
                    round.received_on = Some(on);
                }
                self.phase = State::Examining;
            }
            Event::CorrectionLapsed { .. } => {
                self.outcome = Some(Outcome::O1);
                self.phase = State::CorrectionLapsed;
            }
            Event::ReasonsRequested { .. } => {
                self.reasons_accepted = None;
                self.phase = State::ReasonPending;
            }
            Event::ReasonsJudged { accepted, .. } => {
                self.reasons_accepted = Some(*accepted);
                self.phase = State::Processing;
            }
            Event::Deferred { .. } => self.phase = State::Deferred,
            Event::FeeNotified { amount_fen, served_on, .. } => {
                self.fee_open_fen = Some(*amount_fen);
                self.fee_served_on = *served_on;
                self.extension = None;
                self.phase = State::FeePending;
            }
            Event::FeePaid { .. } => {
                self.fee_open_fen = None;
                self.phase = State::Processing;
            }
            Event::FeeLapsed { .. } => {
                self.outcome = Some(Outcome::O2);
                self.phase = State::FeeLapsed;
            }
            Event::ConsultationSent { id, party, jointly_made, .. } => {
                self.consultations.push(Consultation {
                    id: id.clone(),
                    party: *party,
                    jointly_made: *jointly_made,
                    open: true,
                });
            }
            Event::ConsultationAnswered { id, .. } | Event::ConsultationLapsed { id, .. } => {
                for consultation in self.consultations.iter_mut().filter(|c| c.id == *id) {
                    consultation.open = false;
                }
            }
            Event::SecrecyReviewOpened { .. } => self.secrecy_open = true,
            Event::SecrecyReviewed { finding, .. } => {
                self.secrecy_open = false;
                self.secrecy_finding = Some(*finding);
            }
            Event::ExtensionAsked { working_days, reason } => {
                self.extension =
                    Some(Extension::Asked { working_days: *working_days, reason: reason.clone() });
            }
            Event::ExtensionConsented { working_days, reason } => {
                self.extension = Some(Extension::Consented {
                    working_days: *working_days,
                    reason: reason.clone(),
                });
            }
            Event::ExtensionRefused { .. } | Event::Extended { .. } => self.extension = None,
            Event::NoticeServed { notice, notice_kind: NoticeKind::Correction, .. } => {
                for round in self.corrections.iter_mut().filter(|r| r.notice == *notice) {
                    round.served_on = Some(on);
                }
            }
            _ => {}
        }
    }

    fn note_reply(&mut self, entry: &Entry) {
        let on = entry.on;
        match &entry.event {
            Event::DraftSubmitted { notice, outcome } => {
                self.draft = Some(Draft {
                    notice: *notice,
                    outcome: *outcome,
                    drafter: entry.actor.id,
                    approved: false,
                });
                self.phase = State::Approval;
            }
            Event::DraftRecalled { .. } | Event::DraftReturned { .. } => {
                self.draft = None;
                self.phase = State::Processing;
            }
            Event::DraftApproved { .. } => {
                if let Some(draft) = self.draft.as_mut() {
                    draft.approved = true;
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
                self.phase = State::Processing;
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
                }
            }
            Event::ServiceFailed { .. } => self.phase = State::ServiceFailed,
            Event::Served { .. } => {
                if let Some(reply) = self.reply.as_mut() {
                    reply.served_on = Some(on);
                }
                self.phase = State::Served;
            }
            _ => {}
        }
    }

    fn note_end(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::Withdrawn { .. } => {
                self.outcome = Some(Outcome::O3);
                self.draft = None;
                self.phase = State::Withdrawn;
            }
            Event::Closed { outcome } => {
                self.outcome = Some(*outcome);
                self.closed_on = Some(on);
                self.phase = State::Closed;
            }
            Event::Archived { .. } => self.phase = State::Archived,
            Event::RemedyOpened { id, .. } => {
                self.remedies.push((id.clone(), true));
                if !self.phase.awaits_reply() {
                    self.phase = State::UnderRemedy;
                }
            }
            Event::RemedyDecided { id, .. } => {
                for remedy in self.remedies.iter_mut().filter(|r| r.0 == *id) {
                    remedy.1 = false;
                }
                if self.phase == State::UnderRemedy && !self.remedies.iter().any(|r| r.1) {
                    self.closed_on = Some(on);
                    self.phase = State::Closed;
                }
            }
            Event::Remanded { .. } => {
                self.outcome = None;
                self.closed_on = None;
                self.reply = None;
                self.draft = None;
                self.extension = None;
                self.secrecy_finding = None;
                self.phase = State::Processing;
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
        served_on: None,
    }
}
