//! A case: what the ledger of one request amounts to. Built by replay, never stored.

mod apply;
mod projection;

use chrono::NaiveDate;

pub use projection::Projection;

use super::calendar::Calendar;
use super::clock::{ClockEvent, ClockRefusal, ClockState, Reading};
use super::event::{Entry, Party, SecrecyFinding};
use super::ids::{NoticeId, UserId};
use super::outcome::Outcome;
use super::receipt::{Channel, ReceiptBasis};
use super::state::State;

/// One round of correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Day the notice was dispatched.
    pub requested_on: NaiveDate,
    /// Last day to correct, as printed.
    pub until: NaiveDate,
    /// The notice.
    pub notice: NoticeId,
    /// Day it reached the applicant, once proved.
    pub served_on: Option<NaiveDate>,
    /// Day the correction came in.
    pub received_on: Option<NaiveDate>,
}

/// One consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Its name within the case.
    pub id: String,
    /// Who was asked.
    pub party: Party,
    /// Whether the information was made jointly with the agency asked: then silence is consent.
    pub jointly_made: bool,
    /// Whether neither answer nor silence is on record.
    pub open: bool,
}

/// Where an extension stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extension {
    /// With the head.
    Asked {
        /// Working days asked for, 1–20.
        working_days: u16,
        /// Why.
        reason: String,
    },
    /// Consented, not yet told.
    Consented {
        /// Working days granted, 1–20.
        working_days: u16,
        /// Why.
        reason: String,
    },
}

/// The draft reply with its approvers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The notice.
    pub notice: NoticeId,
    /// Its outcome.
    pub outcome: Outcome,
    /// Who submitted it.
    pub drafter: Option<UserId>,
    /// Whether it has been approved.
    pub approved: bool,
}

/// The reply, from its number on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The notice; `None` when answered on the spot.
    pub notice: Option<NoticeId>,
    /// Its outcome.
    pub outcome: Outcome,
    /// Its number.
    pub number: String,
    /// Day it was issued.
    pub issued_on: NaiveDate,
    /// Day it left the agency.
    pub dispatched_on: Option<NaiveDate>,
    /// How it went.
    pub method: Option<super::event::ServiceMethod>,
    /// The day that counts for the agency (办结之日): posted, signed for, arrived.
    pub completed_on: Option<NaiveDate>,
    /// The day that counts for the applicant (送达之日).
    pub served_on: Option<NaiveDate>,
}

/// A case as its ledger tells it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Base state; [`Case::state`] adds the views 42–45.
    pub(super) phase: State,
    /// Channel of arrival.
    pub channel: Option<Channel>,
    /// Day of arrival.
    pub arrived_on: Option<NaiveDate>,
    /// Receipt date, once fixed.
    pub received_on: Option<NaiveDate>,
    /// Its ground.
    pub receipt_basis: Option<ReceiptBasis>,
    /// Responsible officer.
    pub officer: Option<UserId>,
    /// Correction rounds.
    pub corrections: Vec<Correction>,
    /// Whether reasons for a high volume were accepted.
    pub reasons_accepted: Option<bool>,
    /// Amount of the open fee notice in 分.
    pub fee_open_fen: Option<i64>,
    /// Day the open fee notice reached the applicant.
    pub fee_served_on: Option<NaiveDate>,
    /// Consultations.
    pub consultations: Vec<Consultation>,
    /// Whether secrecy review is open.
    pub secrecy_open: bool,
    /// Last finding of secrecy review.
    pub secrecy_finding: Option<SecrecyFinding>,
    /// Extension under way.
    pub extension: Option<Extension>,
    /// Draft reply under way.
    pub draft: Option<Draft>,
    /// The reply.
    pub reply: Option<Reply>,
    /// Result, once there is one.
    pub outcome: Option<Outcome>,
    /// Day of closing.
    pub closed_on: Option<NaiveDate>,
    /// Remedies on record: name and whether still open.
    pub remedies: Vec<(String, bool)>,
    /// Procedural defects that are not the clock's.
    pub(super) own_defects: Vec<&'static str>,
    /// Position of the last entry.
    pub last_seq: i32,
    /// Latest civil date on record.
    pub last_on: Option<NaiveDate>,
    clock_events: Vec<ClockEvent>,
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
            officer: None,
            corrections: Vec::new(),
            reasons_accepted: None,
            fee_open_fen: None,
            fee_served_on: None,
            consultations: Vec::new(),
            secrecy_open: false,
            secrecy_finding: None,
            extension: None,
            draft: None,
            reply: None,
            outcome: None,
            closed_on: None,
            remedies: Vec::new(),
            own_defects: Vec::new(),
            last_seq: 0,
            last_on: None,
            clock_events: Vec::new(),
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
        Ok(case)
    }

    /// Runs the clock over its events in the order they happened. What is recorded late takes its
    /// place by date, so a service slip found a week later moves the limit as it should.
    fn refold(&mut self, calendar: &Calendar) -> Result<(), ClockRefusal> {
        self.clock_events.sort_by_key(ClockEvent::on);
        let mut clock = ClockState::default();
        for event in &self.clock_events {
            clock.apply(calendar, event)?;
        }
        self.clock = clock;
        Ok(())
    }

    /// Where the request stands.
    #[must_use]
    pub fn state(&self) -> State {
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
        } else if self.secrecy_open {
            State::SecrecyReview
        } else if self.extension.is_some() {
            State::ExtensionPending
        } else {
            self.phase
        }
    }

    /// The base state without the views 42–45.
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

    /// The events the clock has seen, in the order they happened.
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
