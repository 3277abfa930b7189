//! The processing fee of a case: asked, served, paid, lapsed, given back.

use chrono::NaiveDate;

use super::Case;
use crate::domain::event::{Event, FeeScale};
use crate::domain::fees::FeeBill;
use crate::domain::outcome::Outcome;
use crate::domain::state::State;

/// What a case has to do with money. Amounts are in 分.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// The scale of the first notice; no other is possible afterwards.
    pub scale: FeeScale,
    /// What the last notice asked.
    pub asked_fen: i64,
    /// What of it came in so far.
    pub part_fen: i64,
    /// Day of the last notice.
    pub notified_on: NaiveDate,
    /// How it was found; none in old ledgers.
    pub bill: Option<FeeBill>,
    /// Day the last notice reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// What was paid in all.
    pub paid_fen: i64,
    /// Day of the last payment.
    pub paid_on: Option<NaiveDate>,
    /// What was given back in all.
    pub refunded_fen: i64,
    /// Whether it was asked of, and paid for, the request this one was split off: the money and
    /// the units are that one's, and nobody pays twice.
    pub carried: bool,
}

impl Fee {
    /// What of the last notice is still to come.
    #[must_use]
    pub fn left_fen(&self) -> i64 {
        self.asked_fen.saturating_sub(self.part_fen).max(0)
    }

    /// What came beyond the last notice and has not gone back.
    #[must_use]
    pub fn over_fen(&self) -> i64 {
        let over = self.part_fen.saturating_sub(self.asked_fen);
        over.saturating_sub(self.refunded_fen).max(0)
    }

    /// What the agency holds: paid and not given back.
    #[must_use]
    pub const fn held_fen(&self) -> i64 {
        self.paid_fen.saturating_sub(self.refunded_fen)
    }
}

impl Case {
    /// How many units of its month the request takes up: those of its fee notice, otherwise one.
    #[must_use]
    pub fn fee_units(&self) -> u32 {
        let Some(fee) = &self.fee else { return 1 };
        if fee.carried && fee.scale == FeeScale::Items {
            return 0;
        }
        fee.bill.as_ref().map_or(1, FeeBill::unit_count)
    }

    /// Takes an event about the fee into account.
    pub(super) fn note_fee(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::FeeNotified { scale, amount_fen, served_on, bill } => {
                self.fee_open_fen = Some(*amount_fen);
                self.fee_served_on = *served_on;
                self.extension = None;
                self.lapse_proposed = false;
                self.lapse_revoked = false;
                self.phase = State::FeePending;
                let before = self.fee.take();
                self.fee = Some(Fee {
                    scale: before.as_ref().map_or(*scale, |fee| fee.scale),
                    asked_fen: *amount_fen,
                    part_fen: 0,
                    notified_on: on,
                    bill: bill.clone(),
                    served_on: *served_on,
                    paid_fen: before.as_ref().map_or(0, |fee| fee.paid_fen),
                    paid_on: before.as_ref().and_then(|fee| fee.paid_on),
                    refunded_fen: before.as_ref().map_or(0, |fee| fee.refunded_fen),
                    carried: before.is_some_and(|fee| fee.carried),
                });
            }
            Event::FeeNoticeServed { .. } => {
                self.set_fee_service(Some(on));
                if let Some(fee) = self.fee.as_mut() {
                    fee.served_on = Some(on);
                }
            }
            Event::FeePaid { amount_fen, held, .. } => {
                if !held {
                    self.fee_open_fen = None;
                    self.fee_served_on = None;
                    self.lapse_proposed = false;
                    self.phase = State::Processing;
                }
                if let Some(fee) = self.fee.as_mut() {
                    fee.paid_fen = fee.paid_fen.saturating_add(*amount_fen);
                    fee.part_fen = fee.part_fen.saturating_add(*amount_fen);
                    if *held && self.phase == State::FeePending {
                        self.fee_open_fen = Some(fee.asked_fen.saturating_sub(fee.part_fen));
                    }
                    fee.paid_on = Some(on);
                }
            }
            // What came before is the other request's.
            Event::SplitFrom { .. } => {
                let paid = self.fee.take().filter(|fee| fee.paid_on.is_some());
                self.fee = paid.map(|fee| Fee {
                    asked_fen: 0,
                    part_fen: 0,
                    bill: None,
                    paid_fen: 0,
                    refunded_fen: 0,
                    carried: true,
                    ..fee
                });
            }
            Event::LapseRevoked { .. } if self.phase == State::FeePending => {
                let rest = |fee: &Fee| fee.asked_fen.saturating_sub(fee.part_fen);
                self.fee_open_fen = self.fee.as_ref().map(rest);
            }
            Event::FeeLapsed { .. } => {
                self.lapse_proposed = false;
                self.outcome = Some(Outcome::O2);
                self.phase = State::FeeLapsed;
            }
            Event::FeeRefunded { amount_fen, .. } => {
                if let Some(fee) = self.fee.as_mut() {
                    fee.refunded_fen = fee.refunded_fen.saturating_add(*amount_fen);
                }
            }
            _ => {}
        }
    }
}
