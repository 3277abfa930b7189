//! The way of a reply as it was recorded, step by step: what a wrong record is taken back to.
//!
//! Source: 国办公开办函〔2016〕235号; rulebook 5.5 (D: a wrong record is taken back by the head for a
//! reason; nothing is erased).

use super::{Case, Reply};
use crate::domain::clock::ClockEvent;
use crate::domain::event::Event;
use crate::domain::outcome::Outcome;
use crate::domain::service::DayRule;
use crate::domain::state::State;

/// What a record of the way says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayStep {
    /// It left, and with some methods arrived by that.
    Sent,
    /// It arrived.
    Served,
    /// It came back.
    Returned,
}

/// Where the reply stood before a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    step: WayStep,
    phase: State,
    reply: Reply,
    outcome: Option<Outcome>,
}

impl Case {
    /// The last record of the reply's way, if there is one that can be taken back.
    #[must_use]
    pub fn last_way_step(&self) -> Option<WayStep> {
        self.way.last().map(|way| way.step)
    }

    /// Keeps where the reply stands before a record changes it, or goes back to it. A record may be
    /// several events: the first of them counts.
    pub(super) fn note_way(&mut self, event: &Event) {
        match event {
            Event::Dispatched { .. } => self.keep_way(WayStep::Sent),
            Event::ServiceFailed { .. } => self.keep_way(WayStep::Returned),
            Event::Replied { .. } if self.counts_when_signed() => self.keep_way(WayStep::Served),
            Event::Served { method, .. }
                if method.applicant_day() != DayRule::Sent && !self.just_replied() =>
            {
                self.keep_way(WayStep::Served);
            }
            Event::Issued { .. } | Event::Remanded { .. } => self.way.clear(),
            Event::ServiceRevoked { .. } => self.go_back(),
            _ => {}
        }
    }

    fn keep_way(&mut self, step: WayStep) {
        let (phase, outcome) = (self.phase, self.outcome);
        self.way.extend(self.reply.clone().map(|reply| Way { step, phase, reply, outcome }));
    }

    /// Whether the reply goes by a way that counts for the agency only on arrival.
    fn counts_when_signed(&self) -> bool {
        let method = self.reply.as_ref().and_then(|reply| reply.method);
        method.is_some_and(|method| method.agency_day() != DayRule::Sent)
    }

    /// Whether the arrival that is recorded now has completed the reply a moment ago.
    fn just_replied(&self) -> bool {
        let completed = self.reply.as_ref().is_some_and(|reply| reply.completed_on.is_some());
        let before = |way: &Way| way.step == WayStep::Served && way.reply.completed_on.is_none();
        completed && self.counts_when_signed() && self.way.last().is_some_and(before)
    }

    /// Goes back to where the reply stood; the clock hears of its completion what holds then.
    fn go_back(&mut self) {
        let Some(before) = self.way.pop() else { return };
        let completed = self.reply.as_ref().and_then(|reply| reply.completed_on);
        match (completed, before.reply.completed_on) {
            (Some(_), None) => {
                let replied = |event: &ClockEvent| matches!(event, ClockEvent::Replied { .. });
                if let Some(last) = self.timeline.iter().rposition(replied) {
                    self.timeline.remove(last);
                }
            }
            (None, Some(on)) => self.timeline.push(ClockEvent::Replied { on }),
            _ => {}
        }
        self.phase = before.phase;
        self.reply = Some(before.reply);
        self.outcome = before.outcome;
    }
}
