//! How a case ends, and what begins it anew.

use super::Case;
use crate::domain::event::{Entry, Event};
use crate::domain::other_end::EndProposal;
use crate::domain::outcome::Outcome;
use crate::domain::state::State;

impl Case {
    /// Takes the end of a case into account, and an order to reply anew.
    pub(super) fn note_end(&mut self, entry: &Entry) {
        let on = entry.on;
        match &entry.event {
            Event::EndProposed(end) => {
                let (end, by) = (end.clone(), entry.actor.id);
                self.end_proposed = Some(EndProposal { end, by, on });
            }
            Event::EndDeclined { .. } => self.end_proposed = None,
            Event::Withdrawn { .. } => {
                self.end_proposed = None;
                self.outcome = Some(Outcome::O3);
                self.draft = None;
                self.extension = None;
                self.phase = State::Withdrawn;
            }
            Event::EndedOtherwise(_) => {
                self.end_proposed = None;
                self.outcome = Some(Outcome::O3);
                self.draft = None;
                self.extension = None;
                self.closed_on = Some(on);
                self.phase = State::Closed;
            }
            Event::Closed { outcome } => {
                self.outcome = Some(*outcome);
                self.closed_on = Some(on);
                self.phase = State::Closed;
            }
            Event::HandedOver { .. } => self.handovers = self.handovers.saturating_add(1),
            Event::Archived { .. } => self.phase = State::Archived,
            Event::Remanded { .. } => {
                self.end_proposed = None;
                self.lapse_proposed = false;
                self.silence_unanswered = false;
                self.deferred = false;
                self.fee_open_fen = None;
                self.fee_served_on = None;
                self.secrecy_open = false;
                self.outcome = None;
                self.closed_on = None;
                self.reply = None;
                self.draft = None;
                self.extension = None;
                self.secrecy_finding = None;
                self.forget_findings();
                self.phase = State::Processing;
            }
            _ => {}
        }
    }
}
