//! The notices a step tells of: each must leave the house, and counts from the day it left.
//!
//! A notice that is made and lies on the desk has told nobody. Until its dispatch is on record the day
//! of the step stands for it; a later dispatch takes its place, with every consequence it has for the
//! limit. What came back was told on the day it first left.
//!
//! Source: 条例 art. 30, 32, 33 ¶2 (告知); rulebook 1.2 b–e.

use chrono::NaiveDate;

use super::Case;
use crate::domain::clock::ClockEvent;
use crate::domain::event::{Event, Party};
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeKind;
use crate::domain::state::State;

/// A notice that must leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The notice.
    pub notice: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// The day the step gave.
    told_on: NaiveDate,
    /// The day it first left, once that is on record.
    pub sent_on: Option<NaiveDate>,
}

impl Case {
    /// The notices of which nothing shows that they left: neither a dispatch, nor what only follows an
    /// arrival.
    #[must_use]
    pub fn unsent(&self) -> Vec<&Outgoing> {
        let lies = |one: &&Outgoing| one.sent_on.is_none() && !self.has_arrived(one);
        self.outgoing.iter().filter(lies).collect()
    }

    /// Kinds of [`Case::unsent`] without which the case cannot end: what they say has no effect on
    /// whoever was not told.
    ///
    /// Source: 条例 art. 32, 33 ¶2, 35.
    #[must_use]
    pub fn untold(&self) -> Vec<NoticeKind> {
        let needed = [NoticeKind::Extension, NoticeKind::Deferral, NoticeKind::OverrideTold];
        let unsent = self.unsent();
        needed.into_iter().filter(|kind| unsent.iter().any(|one| one.kind == *kind)).collect()
    }

    /// Whether a notice lies in the house and is to leave it: nothing shows that it left, or it came
    /// back and was not sent again.
    #[must_use]
    pub fn is_to_leave(&self, notice: NoticeId, kind: NoticeKind) -> bool {
        if kind == NoticeKind::Reply {
            return matches!(self.phase, State::Issued | State::ServiceFailed);
        }
        let returned = self.last_letter(notice).is_some_and(|letter| letter.returned);
        returned || self.unsent().iter().any(|one| one.notice == notice)
    }

    /// Takes a step into account that tells of a notice, or the way of one.
    pub(super) fn note_outgoing(&mut self, on: NaiveDate, event: &Event) {
        let mut tells = |notice: NoticeId, kind: NoticeKind| {
            self.outgoing.push(Outgoing { notice, kind, told_on: on, sent_on: None });
        };
        match event {
            Event::CorrectionRequested { notice, .. } | Event::CorrectionRenewed { notice, .. } => {
                tells(*notice, NoticeKind::Correction);
            }
            Event::Extended { notice, .. } => tells(*notice, NoticeKind::Extension),
            Event::Deferred { notice: Some(notice), .. } => tells(*notice, NoticeKind::Deferral),
            Event::ReasonsRequested { notice: Some(notice), .. } => {
                tells(*notice, NoticeKind::Reasons);
            }
            Event::ConsultationSent { party, letter: Some(sent), .. } => {
                tells(
                    sent.notice,
                    match party {
                        Party::ThirdParty => NoticeKind::ThirdPartyLetter,
                        Party::Agency => NoticeKind::AgencyLetter,
                    },
                );
                tells(sent.told, NoticeKind::ConsultationTold);
            }
            Event::ObjectionOverridden { notice, .. } => tells(*notice, NoticeKind::OverrideTold),
            Event::FeeNotified { bill: Some(bill), .. } => {
                tells(bill.notice, NoticeKind::FeeNotice);
            }
            Event::CorrectionLapsed { notice: Some(notice), .. }
            | Event::FeeLapsed { notice: Some(notice), .. } => {
                tells(*notice, NoticeKind::NotHandled);
            }
            Event::NoticeDispatched { notice, .. } => self.first_left(*notice, Some(on)),
            Event::NoticeServiceRevoked { notice, .. } if self.last_letter(*notice).is_none() => {
                self.first_left(*notice, None);
            }
            _ => {}
        }
    }

    /// A notice left for the first time, or the record of that was taken back.
    fn first_left(&mut self, notice: NoticeId, on: Option<NaiveDate>) {
        let first =
            |one: &&mut Outgoing| one.notice == notice && (one.sent_on.is_none() || on.is_none());
        let Some(one) = self.outgoing.iter_mut().find(first) else { return };
        let counted = |one: &Outgoing| one.told_on.max(one.sent_on.unwrap_or(one.told_on));
        let from = counted(one);
        one.sent_on = on;
        let (kind, to) = (one.kind, counted(one));
        if from != to {
            self.counts_from(notice, kind, (from, to));
        }
    }

    /// Moves what a notice does to the limit to the day on which it left. What arrived before that day
    /// proves the record of the dispatch wrong, and moves nothing.
    fn counts_from(
        &mut self,
        notice: NoticeId,
        kind: NoticeKind,
        (from, to): (NaiveDate, NaiveDate),
    ) {
        let moved = |on: &mut NaiveDate| *on = to;
        match kind {
            NoticeKind::Extension => self.timeline.iter_mut().for_each(|event| match event {
                ClockEvent::Extended { on, .. } if *on == from => moved(on),
                _ => {}
            }),
            NoticeKind::Correction => {
                let round = self.corrections.iter_mut().find(|round| round.notice == notice);
                let before = |day: Option<NaiveDate>| day.is_some_and(|day| day < to);
                let Some(round) = round.filter(|round| !before(round.received_on)) else { return };
                // Nobody is asked after the last day to answer.
                let asked_on = to.min(round.until);
                round.requested_on = asked_on;
                self.timeline.iter_mut().for_each(|event| match event {
                    ClockEvent::CorrectionRequested { on, .. } if *on == from => *on = asked_on,
                    _ => {}
                });
            }
            NoticeKind::ThirdPartyLetter | NoticeKind::AgencyLetter => {
                let Some(asked) = self.consultation_of(notice) else { return };
                let arrived = asked.served_on.into_iter().chain(asked.answered_on).min();
                if arrived.is_some_and(|day| day < to) {
                    return;
                }
                let of = asked.id.clone();
                self.consultation(&of, |asked| asked.sent_on = to);
                self.timeline.iter_mut().for_each(|event| match event {
                    ClockEvent::ConsultationSent { on, id, .. } if *id == of.as_str().into() => {
                        moved(on);
                    }
                    _ => {}
                });
            }
            _ => {}
        }
    }

    /// Whether something on record can only follow the arrival of a notice.
    fn has_arrived(&self, one: &Outgoing) -> bool {
        match one.kind {
            NoticeKind::Correction => self
                .corrections
                .iter()
                .any(|round| round.notice == one.notice && round.received_on.is_some()),
            NoticeKind::Reasons => self
                .reasons_asked
                .is_some_and(|asked| asked.notice == Some(one.notice) && asked.reached()),
            NoticeKind::ThirdPartyLetter | NoticeKind::AgencyLetter => self
                .consultation_of(one.notice)
                .is_some_and(|asked| asked.served_on.is_some() || asked.answered),
            NoticeKind::FeeNotice => self.fee.as_ref().is_some_and(|fee| {
                let this = fee.bill.as_ref().is_some_and(|bill| bill.notice == one.notice);
                !this || fee.served_on.is_some() || fee.paid_fen > 0
            }),
            _ => false,
        }
    }
}
