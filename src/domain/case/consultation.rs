//! The consultations of a case: letter, service, answer, silence, override.

use chrono::NaiveDate;

use super::{Case, Consultation};
use crate::domain::clock::{ClockEvent, ConsultationId, Party as ClockParty};
use crate::domain::consultation::{AgencyClock, LetterSent};
use crate::domain::event::{Event, Party, Position};
use crate::domain::ids::NoticeId;

impl Consultation {
    /// Whether its addressee objects to disclosure, wholly or in part.
    #[must_use]
    pub const fn objects(&self) -> bool {
        matches!(self.position, Some(Position::Objects | Position::Partly))
    }

    /// Whether its service can still be put on record: it has arrived, by the answer or a slip, but
    /// nobody has said when.
    #[must_use]
    pub const fn may_be_served(&self) -> bool {
        self.served_on.is_none() && (!self.answered || self.answered_on.is_some())
    }

    /// Whether it was asked about the item `n`; `None` stands for a reply to the whole request.
    #[must_use]
    pub fn concerns(&self, n: Option<u16>) -> bool {
        self.items.is_empty() || n.is_none_or(|n| self.items.contains(&n))
    }

    /// Whether a third party objects and nobody has found the public interest to outweigh it.
    #[must_use]
    pub fn objection_stands(&self) -> bool {
        self.party == Party::ThirdParty && self.objects() && self.overridden_on.is_none()
    }
}

fn waits_for_writing(party: Party, jointly_made: bool, sent: &LetterSent) -> bool {
    party == Party::Agency && !jointly_made && sent.clock == AgencyClock::WrittenAnswer
}

impl Case {
    /// The consultation whose letter is `notice`.
    #[must_use]
    pub fn consultation_of(&self, notice: NoticeId) -> Option<&Consultation> {
        let wrote = |c: &&Consultation| c.letter.as_ref().is_some_and(|l| l.notice == notice);
        self.consultations.iter().find(wrote)
    }

    /// Tells the clock of an event. Asking an agency that did not make the information stops no
    /// limit, unless it answers in writing before the reply: then the time it took is taken off.
    ///
    /// Source: 条例 art. 11, 33 ¶3, 34; rulebook 1.2 e (U).
    pub(super) fn tell_clock(&mut self, on: NaiveDate, event: &Event) {
        let Some(told) = event.on_clock(on) else { return };
        let id = match event {
            Event::ConsultationSent { party, jointly_made, letter, .. } => {
                let letter = letter.as_ref();
                if letter.is_some_and(|sent| waits_for_writing(*party, *jointly_made, sent)) {
                    return;
                }
                None
            }
            Event::ConsultationServed { id }
            | Event::ConsultationAbandoned { id, .. }
            | Event::ConsultationAnswered { id, .. } => Some(id),
            _ => None,
        };
        if let Some(asked) = self.consultations.iter().find(|c| Some(&c.id) == id)
            && !self.suspends(asked)
        {
            let written = matches!(event, Event::ConsultationAnswered { slip: Some(_), .. });
            let over = |told: &ClockEvent| {
                matches!(told, ClockEvent::Replied { .. } | ClockEvent::Withdrawn { .. })
            };
            if !written || self.timeline.iter().any(over) {
                return;
            }
            let id: ConsultationId = asked.id.as_str().into();
            let (sent_on, served_on) = (asked.sent_on, asked.served_on);
            let party = ClockParty::Agency;
            self.timeline.push(ClockEvent::ConsultationSent { on: sent_on, id: id.clone(), party });
            if let Some(on) = served_on {
                self.timeline.push(ClockEvent::ConsultationServed { on, id });
            }
        }
        self.timeline.push(told);
    }

    /// Whether the time a consultation takes is taken off the limit.
    #[must_use]
    pub fn suspends(&self, asked: &Consultation) -> bool {
        let known = |event: &ClockEvent| matches!(event, ClockEvent::ConsultationSent { id, .. } if *id == asked.id.as_str().into());
        self.timeline.iter().any(known)
    }

    /// Takes an event about a consultation into account.
    pub(super) fn note_consultation(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::ConsultationSent { id, party, addressee, jointly_made, items, letter } => {
                self.consultations.push(Consultation {
                    id: id.clone(),
                    party: *party,
                    addressee: addressee.clone(),
                    jointly_made: *jointly_made,
                    items: items.clone(),
                    letter: letter.clone(),
                    sent_on: on,
                    served_on: None,
                    answered_on: None,
                    position: None,
                    opinion: String::new(),
                    silence: None,
                    overridden_on: None,
                    answered: false,
                    open: true,
                });
            }
            Event::ConsultationServed { id } => self.consultation(id, |c| c.served_on = Some(on)),
            Event::ConsultationLapsed { id, effect, .. } => {
                self.silence_unanswered = true;
                self.consultation(id, |c| {
                    c.open = false;
                    c.silence = Some((on, *effect));
                });
            }
            Event::ConsultationAnswered { id, position, text, .. } => {
                self.consultation(id, |c| {
                    c.open = false;
                    c.answered = true;
                    c.answered_on = Some(on);
                    c.position = Some(*position);
                    c.opinion.clone_from(text);
                });
                self.silence_unanswered =
                    self.consultations.iter().any(|c| c.silence.is_some() && !c.answered);
            }
            Event::ConsultationAbandoned { id, .. } => self.consultation(id, |c| {
                c.open = false;
                c.answered = true;
            }),
            Event::ConsultationWaived { .. } => self.consultation_waived = true,
            Event::ObjectionOverridden { id, .. } => {
                self.consultation(id, |c| c.overridden_on = Some(on));
            }
            _ => {}
        }
    }

    pub(super) fn consultation(&mut self, id: &str, change: impl FnMut(&mut Consultation)) {
        self.consultations.iter_mut().filter(|c| c.id == id).for_each(change);
    }
}
