//! The way of every notice but the reply: it leaves, comes back, arrives, and a wrong record of that
//! is taken back together with what it began.
//!
//! Source: 国办公开办函〔2016〕235号; rulebook 5.5 (D: nothing is erased, see [`super::way`]).

use chrono::NaiveDate;

use super::{Case, Letter, WayStep};
use crate::domain::clock::ClockEvent;
use crate::domain::event::Event;
use crate::domain::fees::FeeBill;
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeKind;
use crate::domain::service::DayRule;

impl Case {
    /// The last attempt to serve a notice.
    #[must_use]
    pub fn last_letter(&self, notice: NoticeId) -> Option<&Letter> {
        self.letters.iter().rev().find(|letter| letter.notice == notice)
    }

    /// Takes an event about the way of a notice into account.
    pub(super) fn note_letter(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::NoticeDispatched { notice, method, .. } => self.letters.push(Letter {
                notice: *notice,
                method: *method,
                sent_on: on,
                served_on: None,
                returned: false,
            }),
            Event::NoticeReturned { notice, .. } => {
                self.letter(*notice, |letter| letter.returned = true);
            }
            Event::NoticeServed { notice, notice_kind, .. } => {
                self.letter(*notice, |letter| letter.served_on = Some(on));
                self.note_arrival(*notice, *notice_kind, Some(on));
            }
            Event::NoticeServiceRevoked { notice, notice_kind, .. } => {
                self.take_back_letter(*notice, *notice_kind);
            }
            _ => {}
        }
    }

    /// The arrival of what asks the applicant for reasons or corrections.
    fn note_arrival(&mut self, notice: NoticeId, kind: NoticeKind, on: Option<NaiveDate>) {
        if let Some(asked) = self.reasons_asked.as_mut()
            && asked.notice == Some(notice)
        {
            asked.served_on = on;
        }
        if kind == NoticeKind::Correction {
            for round in self.corrections.iter_mut().filter(|round| round.notice == notice) {
                round.served_on = on;
            }
        }
    }

    fn take_back_letter(&mut self, notice: NoticeId, kind: NoticeKind) {
        match self.last_letter(notice).map(Letter::last_step) {
            Some(WayStep::Returned) => self.letter(notice, |letter| letter.returned = false),
            Some(WayStep::Served) => {
                self.letter(notice, |letter| letter.served_on = None);
                self.take_back_arrival(notice, kind);
            }
            Some(WayStep::Sent) => {
                let last = self.letters.iter().rposition(|letter| letter.notice == notice);
                last.map(|last| self.letters.remove(last));
                self.take_back_arrival(notice, kind);
            }
            None => {}
        }
    }

    /// A limit that began with the arrival has not begun.
    fn take_back_arrival(&mut self, notice: NoticeId, kind: NoticeKind) {
        self.note_arrival(notice, kind, None);
        if let Some(id) = self.consultation_of(notice).map(|asked| asked.id.clone()) {
            self.consultation(&id, |asked| asked.served_on = None);
            let served = |event: &ClockEvent| matches!(event, ClockEvent::ConsultationServed { id: of, .. } if *of == id.as_str().into());
            self.timeline.retain(|event| !served(event));
        }
        let billed = |bill: &FeeBill| bill.notice == notice;
        if let Some(fee) = self.fee.as_mut().filter(|fee| fee.bill.as_ref().is_some_and(billed)) {
            fee.served_on = None;
            self.lapse_proposed = false;
            self.set_fee_service(None);
        }
    }

    fn letter(&mut self, notice: NoticeId, change: impl FnOnce(&mut Letter)) {
        if let Some(last) = self.letters.iter_mut().rev().find(|letter| letter.notice == notice) {
            change(last);
        }
    }

    /// The clock is told as if the notice had named the day at once.
    pub(super) fn set_fee_service(&mut self, served: Option<NaiveDate>) {
        self.fee_served_on = served;
        let last = self.timeline.iter_mut().rev();
        let notified = last.filter_map(|event| match event {
            ClockEvent::FeeNotified { served_on, .. } => Some(served_on),
            _ => None,
        });
        if let Some(served_on) = notified.take(1).next() {
            *served_on = served;
        }
    }
}

impl Letter {
    /// What was last recorded of it. What arrives by leaving is one record.
    #[must_use]
    pub const fn last_step(&self) -> WayStep {
        if self.returned {
            WayStep::Returned
        } else if self.served_on.is_some() && !matches!(self.method.applicant_day(), DayRule::Sent)
        {
            WayStep::Served
        } else {
            WayStep::Sent
        }
    }
}
