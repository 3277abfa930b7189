//! One period of the clock: from an anchor to the next, with everything that moves its end.

use chrono::NaiveDate;

use super::{CONSULTATION, CORRECTION_NOTICE, ConsultationId, FEE_PAYMENT, Party, REPLY};
use crate::domain::{
    calendar::{Calendar, CalendarError},
    working_days::{Reached, WorkingDays},
};

/// An open correction notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// Day of dispatch.
    pub asked_on: NaiveDate,
    /// Last day named in the notice.
    pub until: Option<NaiveDate>,
    /// Dispatched after the seventh working day: the clock runs on.
    pub late: bool,
}

/// An open fee notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeNotice {
    /// Day of dispatch.
    pub notified_on: NaiveDate,
    /// Day the applicant received it.
    pub served_on: Option<NaiveDate>,
}

/// One consultation of a third party or another agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Its name.
    pub id: ConsultationId,
    /// Who is asked.
    pub party: Party,
    /// Day of dispatch.
    pub sent_on: NaiveDate,
    /// Day of service.
    pub served_on: Option<NaiveDate>,
    /// Day the answer reached the agency.
    pub answered_on: Option<NaiveDate>,
    /// The addressee's last day, once service is known.
    pub due_on: Option<NaiveDate>,
    /// Last suspended day, assuming a silent addressee uses all its time; `None` if the
    /// consultation does not suspend the clock.
    pub ends_on: Option<NaiveDate>,
    /// True if `ends_on` counts from dispatch because service is unknown, so that it may move.
    pub end_assumed: bool,
    /// Number of the period it was sent in.
    pub(super) period: u32,
    /// Sent while a limit ran and had not passed.
    pub(super) effective: bool,
    /// True if `due_on` or `ends_on` needed an estimated day.
    pub(super) estimated: bool,
}

impl Consultation {
    /// True if the addressee's answer is still awaited on `as_of`.
    pub fn is_waiting(&self, as_of: NaiveDate) -> bool {
        self.answered_on.is_none() && self.ends_on.is_some_and(|end| as_of <= end)
    }

    /// Computes the addressee's limit and the end of the suspension.
    pub(super) fn settle(&mut self, calendar: &Calendar) -> Result<(), CalendarError> {
        let from = self.served_on.unwrap_or(self.sent_on);
        let full = calendar.nth_working_day_after(from, CONSULTATION)?;
        let answered_in_time = self.answered_on.filter(|answered| *answered <= full.on);
        self.due_on = self.served_on.map(|_| full.on);
        self.ends_on = self.effective.then_some(answered_in_time.unwrap_or(full.on));
        self.end_assumed = self.effective && self.served_on.is_none() && answered_in_time.is_none();
        let end_counted = self.effective && answered_in_time.is_none();
        self.estimated = full.estimated && (self.served_on.is_some() || end_counted);
        Ok(())
    }
}

/// What the reply limit is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The limit runs (it may be suspended).
    Running,
    /// Waiting for a correction asked in time.
    AwaitingCorrection,
    /// Waiting for a fee.
    AwaitingPayment,
}

/// The present period. Small and `Copy`: applying an event works on a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub number: u32,
    pub phase: Phase,
    pub anchor_on: NaiveDate,
    pub base: WorkingDays,
    pub extension: Option<WorkingDays>,
    pub deferred_until: Option<NaiveDate>,
    /// Anchor of the seven working days: the last application or corrected application received.
    pub notice_anchor_on: NaiveDate,
    pub correction: Option<Correction>,
    pub fee: Option<FeeNotice>,
    /// Day the clock stopped to wait for a correction or a fee.
    pub stopped_on: Option<NaiveDate>,
    pub suspended: u32,
    pub due_on: Option<NaiveDate>,
    pub correction_notice_on: Option<NaiveDate>,
    pub correction_on: Option<NaiveDate>,
    pub payment_on: Option<NaiveDate>,
    /// True if one of the dates above needed an estimated day.
    pub estimated: bool,
}

impl Period {
    /// The first period, starting with the receipt.
    pub(super) fn starting(on: NaiveDate) -> Self {
        Self {
            number: 1,
            phase: Phase::Running,
            anchor_on: on,
            base: REPLY,
            extension: None,
            deferred_until: None,
            notice_anchor_on: on,
            correction: None,
            fee: None,
            stopped_on: None,
            suspended: 0,
            due_on: None,
            correction_notice_on: None,
            correction_on: None,
            payment_on: None,
            estimated: false,
        }
    }

    /// The next period: a new anchor discards extension, deferral and consultations.
    ///
    /// Source: 条例 art. 30; 国办函〔2020〕109号 art. 6; rulebook C8.
    pub(super) fn next(self, anchor_on: NaiveDate, base: WorkingDays) -> Self {
        let notice_anchor_on = self.notice_anchor_on;
        Self { number: self.number + 1, base, notice_anchor_on, ..Self::starting(anchor_on) }
    }

    /// Computes every date of the period.
    ///
    /// The last day is the `base + extension + suspended`-th working day after the anchor.
    /// Source: 条例 art. 33; rulebook C5.
    pub(super) fn settle(
        &mut self,
        calendar: &Calendar,
        consultations: &[Consultation],
    ) -> Result<(), CalendarError> {
        self.estimated = false;
        let notice = calendar.nth_working_day_after(self.notice_anchor_on, CORRECTION_NOTICE)?;
        self.correction_notice_on = Some(self.note(notice));
        let until = self.correction.and_then(|correction| correction.until);
        self.correction_on = match until {
            Some(until) => Some(self.note(calendar.roll_forward(until)?)),
            None => None,
        };
        let served = self.fee.and_then(|fee| fee.served_on);
        self.payment_on = match served {
            Some(served) => Some(self.note(calendar.nth_working_day_after(served, FEE_PAYMENT)?)),
            None => None,
        };
        self.suspended = self.suspended_within(calendar, consultations, NaiveDate::MAX);
        self.due_on = match self.phase {
            Phase::Running => Some(self.last_day(calendar)?),
            Phase::AwaitingCorrection | Phase::AwaitingPayment => None,
        };
        Ok(())
    }

    fn last_day(&mut self, calendar: &Calendar) -> Result<NaiveDate, CalendarError> {
        let total = self.base + self.extension.unwrap_or_default() + WorkingDays(self.suspended);
        let computed = calendar.nth_working_day_after(self.anchor_on, total)?;
        match self.deferred_until {
            Some(until) if until > computed.on => {
                let counted = calendar.working_days_between(self.anchor_on, until)?;
                Ok(self.note(Reached { on: until, estimated: counted.estimated }))
            }
            _ => Ok(self.note(computed)),
        }
    }

    fn note(&mut self, reached: Reached) -> NaiveDate {
        self.estimated |= reached.estimated;
        reached.on
    }

    /// Suspended working days of this period up to `upto`: the union of `(sent, end]`, overlaps
    /// counted once. `consultations` are in order of dispatch, so one sweep suffices.
    ///
    /// Source: 条例 art. 33 ¶3; rulebook C6.
    pub(super) fn suspended_within(
        &self,
        calendar: &Calendar,
        consultations: &[Consultation],
        upto: NaiveDate,
    ) -> u32 {
        let mut days = 0;
        let mut covered = self.anchor_on;
        for consultation in consultations.iter().filter(|c| c.period == self.number) {
            let Some(end) = consultation.ends_on else { continue };
            let (start, end) = (consultation.sent_on.max(covered), end.min(upto));
            if start < end {
                days += calendar.clamped_between(start, end);
                covered = end;
            }
        }
        days
    }
}
