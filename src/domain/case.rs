//! A case: what the ledger of one request amounts to. Built by replay, never stored.

mod apply;
mod consultation;
mod effect;
mod ends;
mod fee;
mod items;
mod letters;
mod outgoing;
mod paper;
mod parts;
mod projection;
mod remedies;
mod way;

use chrono::NaiveDate;

use effect::{came_after_the_end, is_void_extension};
pub use fee::Fee;
pub use outgoing::Outgoing;
use parts::Told;
pub use parts::{Consultation, Correction, Draft, Extension, Letter, ReasonsAsked, Reply};
pub use projection::{Governing, NoDate, Projection};
pub use remedies::{Remedy, RemedyAnswer, RemedyDecision};
use way::Way;
pub use way::WayStep;

use super::calendar::Calendar;
use super::clock::{ClockEvent, ClockRefusal, ClockState, Reading};
use super::event::{Entry, Event, Party, SecrecyFinding};
use super::file::Supplied;
use super::gate::DraftFindingKind;
use super::ids::{AgencyId, UserId};
use super::item::{Clearance, EarlierRequest, Item, Referral, Relation, Search, Together};
use super::other_end::EndProposal;
use super::outcome::Outcome;
use super::paper::PaperNotice;
use super::receipt::{Channel, ReceiptBasis};
use super::state::State;

/// A case as its ledger tells it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Base state; [`Case::state`] adds the views 42–45 and 97.
    pub(super) phase: State,
    /// Channel of arrival.
    pub channel: Option<Channel>,
    /// Day of arrival.
    pub arrived_on: Option<NaiveDate>,
    /// Receipt date, once fixed.
    pub received_on: Option<NaiveDate>,
    /// Its ground.
    pub receipt_basis: Option<ReceiptBasis>,
    /// The agency that goes on with the case, where the one it came to was taken over.
    pub successor: Option<AgencyId>,
    /// Responsible officer.
    pub officer: Option<UserId>,
    /// Correction rounds.
    pub corrections: Vec<Correction>,
    /// Reasons for a high volume, if they were asked for.
    pub reasons_asked: Option<ReasonsAsked>,
    /// Whether reasons for a high volume were accepted.
    pub reasons_accepted: Option<bool>,
    /// Whether a longer date was told under art. 35.
    pub(super) deferred: bool,
    /// Amount of the open fee notice in 分.
    pub fee_open_fen: Option<i64>,
    /// Day the open fee notice reached the applicant.
    pub fee_served_on: Option<NaiveDate>,
    /// The fee, once one was asked.
    pub fee: Option<Fee>,
    /// Whether the lapse of the present wait has been proposed.
    pub lapse_proposed: bool,
    /// Whether the lapse of the present wait was taken back: nobody proposes it again.
    pub lapse_revoked: bool,
    /// Whether a consultation ended in silence and no draft has followed.
    pub silence_unanswered: bool,
    /// Whether a reason for asking no third party is on record.
    pub consultation_waived: bool,
    /// Dates of their own that applicants were told before a calendar moved them nearer.
    pub(super) told: Told,
    /// Consultations.
    pub consultations: Vec<Consultation>,
    /// Whether secrecy review is open.
    pub secrecy_open: bool,
    /// Last finding of secrecy review.
    pub secrecy_finding: Option<SecrecyFinding>,
    /// The items, once they are listed; until then the request is one item.
    pub items: Vec<Item>,
    /// Searches on record.
    pub searches: Vec<Search>,
    /// The review of the request as a whole, where it is one item.
    pub clearance: Option<Clearance>,
    /// Doubtful items laid before the competent authority.
    pub referrals: Vec<Referral>,
    /// Files to be supplied with the reply.
    pub supplied: Vec<Supplied>,
    /// Earlier requests this one belongs to.
    pub links: Vec<(Relation, EarlierRequest)>,
    /// The requests it is answered together with, if it is.
    pub together: Option<Together>,
    /// Extension under way.
    pub extension: Option<Extension>,
    /// Draft reply under way.
    pub draft: Option<Draft>,
    /// Attempts to serve other notices than the reply.
    pub letters: Vec<Letter>,
    /// The notices its steps told of, in that order.
    pub outgoing: Vec<Outgoing>,
    /// The reply.
    pub reply: Option<Reply>,
    /// Where the reply stood before each record of its way, so that a wrong one can be taken back.
    way: Vec<Way>,
    /// An end without reply that waits for somebody else's confirmation.
    pub end_proposed: Option<EndProposal>,
    /// Result, once there is one.
    pub outcome: Option<Outcome>,
    /// Day of closing.
    pub closed_on: Option<NaiveDate>,
    /// How often originals changed hands on record.
    pub handovers: u32,
    /// Remedies on record.
    pub remedies: Vec<Remedy>,
    /// A notice made on paper, with its day, whose step has not followed yet.
    paper: Option<(NaiveDate, PaperNotice)>,
    /// Findings of the gate before approval that somebody answered for, with the words they quote.
    acknowledged: Vec<(DraftFindingKind, String)>,
    /// Procedural defects that are not the clock's.
    pub(super) own_defects: Vec<&'static str>,
    /// Position of the last entry.
    pub last_seq: i32,
    /// Latest civil date on record.
    pub last_on: Option<NaiveDate>,
    /// Everything the clock was told, in the order it happened.
    timeline: Vec<ClockEvent>,
    /// The part of it that has effect.
    clock_events: Vec<ClockEvent>,
    /// Extensions that turned out to be told after the limit.
    void_extensions: Vec<ClockRefusal>,
    clock: ClockState,
}

/// A ledger that contradicts itself: it was not written by this program, or it was altered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The clock refuses the events.
    #[error("the ledger contradicts the statutory clock: {0:?}")]
    Clock(ClockRefusal),
    /// Positions are not 1, 2, 3 …
    #[error("entry {found} follows entry {after}")]
    Gap {
        /// Position found.
        found: i32,
        /// Position before it.
        after: i32,
    },
}

impl Case {
    /// A case without any event.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            phase: State::Received,
            channel: None,
            arrived_on: None,
            received_on: None,
            receipt_basis: None,
            successor: None,
            officer: None,
            corrections: Vec::new(),
            reasons_asked: None,
            reasons_accepted: None,
            deferred: false,
            fee_open_fen: None,
            fee_served_on: None,
            fee: None,
            lapse_proposed: false,
            lapse_revoked: false,
            silence_unanswered: false,
            consultation_waived: false,
            told: Told::default(),
            consultations: Vec::new(),
            secrecy_open: false,
            secrecy_finding: None,
            items: Vec::new(),
            searches: Vec::new(),
            clearance: None,
            referrals: Vec::new(),
            supplied: Vec::new(),
            links: Vec::new(),
            together: None,
            extension: None,
            draft: None,
            letters: Vec::new(),
            outgoing: Vec::new(),
            reply: None,
            way: Vec::new(),
            end_proposed: None,
            outcome: None,
            closed_on: None,
            handovers: 0,
            remedies: Vec::new(),
            paper: None,
            acknowledged: Vec::new(),
            own_defects: Vec::new(),
            last_seq: 0,
            last_on: None,
            timeline: Vec::new(),
            clock_events: Vec::new(),
            void_extensions: Vec::new(),
            clock: ClockState::default(),
        }
    }

    /// Replays a ledger.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] when the ledger has gaps or contradicts the clock.
    pub fn replay(calendar: &Calendar, entries: &[Entry]) -> Result<Self, ReplayError> {
        let mut case = Self::empty();
        for entry in entries {
            if entry.seq != case.last_seq + 1 {
                return Err(ReplayError::Gap { found: entry.seq, after: case.last_seq });
            }
            case.note(entry);
        }
        case.refold(calendar).map_err(ReplayError::Clock)?;
        Ok(case)
    }

    /// The case with further entries.
    ///
    /// # Errors
    ///
    /// [`ClockRefusal`] when the statutory clock does not allow them.
    pub fn with(&self, calendar: &Calendar, entries: &[Entry]) -> Result<Self, ClockRefusal> {
        let mut case = self.clone();
        for entry in entries {
            case.note(entry);
        }
        case.refold(calendar)?;
        // What later facts may do to an extension on record, a new one must not suffer.
        let extends = entries.iter().any(|e| matches!(e.event, Event::Extended { .. }));
        match case.void_extensions.last() {
            Some(refusal) if extends && case.void_extensions.len() > self.void_extensions.len() => {
                Err(refusal.clone())
            }
            _ => Ok(case),
        }
    }

    /// Runs the clock over its events in the order they happened. What is recorded late takes its
    /// place by date, so a service slip found a week later moves the limit as it should.
    ///
    /// A fact recorded late, or a corrected calendar, may bring the limit before an extension that
    /// is on record. The record stands and must stay readable: the extension is then without
    /// effect, which is a defect. Source: rulebook C7, C11.
    fn refold(&mut self, calendar: &Calendar) -> Result<(), ClockRefusal> {
        self.timeline.sort_by_key(ClockEvent::on);
        self.clock_events.clear();
        self.void_extensions.clear();
        let mut clock = ClockState::default();
        for event in &self.timeline {
            match clock.apply(calendar, event) {
                Ok(()) => self.clock_events.push(event.clone()),
                Err(refusal) if came_after_the_end(event, &refusal.reason) => {}
                Err(refusal) if is_void_extension(event, &refusal.reason) => {
                    self.void_extensions.push(refusal);
                }
                Err(refusal) => return Err(refusal),
            }
        }
        self.clock = clock;
        Ok(())
    }

    /// Where the request stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.under_remedy() && self.reply_is_over() {
            return State::UnderRemedy;
        }
        if !matches!(self.phase, State::Processing | State::Deferred) {
            return match (&self.extension, self.phase) {
                (Some(_), State::Examining) => State::ExtensionPending,
                (_, phase) => phase,
            };
        }
        let waits_for = |party| self.consultations.iter().any(|c| c.open && c.party == party);
        if waits_for(Party::ThirdParty) {
            State::ThirdPartyPending
        } else if waits_for(Party::Agency) {
            State::AgencyPending
        } else if self.secrecy_open || self.referral_open() {
            State::SecrecyReview
        } else if self.extension.is_some() {
            State::ExtensionPending
        } else {
            self.phase
        }
    }

    /// Whether nothing is left to be made, sent or served.
    const fn reply_is_over(&self) -> bool {
        matches!(
            self.phase,
            State::Served
                | State::Withdrawn
                | State::CorrectionLapsed
                | State::FeeLapsed
                | State::Closed
                | State::Archived
        )
    }

    /// The base state without the views 42–45 and 97.
    #[must_use]
    pub const fn phase(&self) -> State {
        self.phase
    }

    /// The statutory clock of the case.
    #[must_use]
    pub const fn clock(&self) -> &ClockState {
        &self.clock
    }

    /// What the clock says on a day.
    #[must_use]
    pub fn reading(&self, calendar: &Calendar, as_of: NaiveDate) -> Reading {
        self.clock.reading(calendar, as_of)
    }

    /// The day the present application came or the present limit began, whichever is later. What
    /// stops or moves the limit cannot lie before it.
    #[must_use]
    pub fn limit_since(&self) -> Option<NaiveDate> {
        let corrected_on = self.corrections.iter().filter_map(|round| round.received_on).max();
        self.clock.anchor_on().max(corrected_on)
    }

    /// The applicant's last day to correct: never before the one they were told.
    ///
    /// Source: rulebook C11; 行政诉讼法解释 art. 48 (limits count by the calendar that holds), read with
    /// 信赖保护 – a date the agency itself told does not move against the applicant.
    #[must_use]
    pub fn correction_on(&self) -> Option<NaiveDate> {
        Some(self.clock.correction_on()?.max(self.told.correction_on.unwrap_or_default()))
    }

    /// The applicant's last day to pay: never before the one they were told.
    #[must_use]
    pub fn payment_on(&self) -> Option<NaiveDate> {
        Some(self.clock.payment_on()?.max(self.told.payment_on.unwrap_or_default()))
    }

    /// The day of the latest event with effect on the clock.
    #[must_use]
    pub fn last_clock_on(&self) -> Option<NaiveDate> {
        self.clock_events.last().map(ClockEvent::on)
    }

    /// Whether the present limit is the one that a decision or judgment set.
    #[must_use]
    pub fn is_remand_period(&self) -> bool {
        let anchor = self.clock_events.iter().rev().find(|event| event.is_anchor());
        matches!(anchor, Some(ClockEvent::Remanded { .. }))
    }

    /// The events with effect on the clock, in the order they happened.
    #[must_use]
    pub fn clock_events(&self) -> &[ClockEvent] {
        &self.clock_events
    }

    /// Whether any consultation waits for an answer.
    #[must_use]
    pub fn consulting(&self) -> bool {
        self.consultations.iter().any(|c| c.open)
    }
}
