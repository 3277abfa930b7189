//! Applies events to the clock, one at a time, and refuses what the law makes impossible.
//!
//! What happened late is recorded and becomes a [`Defect`] (程序瑕疵); refused is only what cannot
//! have legal effect at all.

use chrono::NaiveDate;

use super::{
    ClockEvent, ClockRefusal, ClockState, Closing, Consultation, ConsultationId, Correction,
    Defect, DefectKind, FeeNotice, LONGEST_EXTENSION, REPLY, RefusalReason as R,
    period::{Period, Phase},
};
use crate::domain::{
    calendar::{Calendar, CalendarError},
    working_days::WorkingDays,
};

impl ClockState {
    /// Applies one event. On a refusal the state is as before.
    ///
    /// # Errors
    ///
    /// The reason, with the number of events applied before as its index.
    pub fn apply(&mut self, calendar: &Calendar, event: &ClockEvent) -> Result<(), ClockRefusal> {
        let mut next = self.clone();
        next.step(calendar, event)
            .map_err(|reason| ClockRefusal { reason, event: Some(self.applied) })?;
        *self = next;
        Ok(())
    }

    fn step(&mut self, calendar: &Calendar, event: &ClockEvent) -> Result<(), R> {
        check_values(calendar, event)?;
        let on = event.on();
        if let Some(last) = self.last_on.filter(|last| on < *last) {
            return Err(R::BackInTime { on, last });
        }
        let period = match (self.period, event) {
            (None, ClockEvent::Received { .. }) => Period::starting(on),
            (None, _) => return Err(R::BeforeReceipt),
            (Some(period), _) => self.change(calendar, period, event)?,
        };
        let period = self.period.insert(period);
        period.settle(calendar, &self.consultations).map_err(outside)?;
        self.last_on = Some(on);
        self.applied += 1;
        Ok(())
    }

    /// The period after `event`. Dates of the result are settled by the caller.
    fn change(
        &mut self,
        calendar: &Calendar,
        now: Period,
        event: &ClockEvent,
    ) -> Result<Period, R> {
        let remanded = matches!(event, ClockEvent::Remanded { .. });
        if let Some(closing) = self.closing.filter(|_| !remanded) {
            return Err(R::AlreadyClosed { on: closing.on() });
        }
        match event {
            ClockEvent::Received { .. } => Err(R::SecondReceipt),
            ClockEvent::CorrectionRequested { on, until } => self.ask_correction(now, *on, *until),
            ClockEvent::CorrectionReceived { on } => match now.correction {
                None => Err(R::NoCorrectionOpen),
                Some(Correction { late: true, .. }) => Ok(Period { correction: None, ..now }),
                Some(_) => Ok(Period { notice_anchor_on: *on, ..now.next(*on, REPLY) }),
            },
            ClockEvent::Extended { on, working_days } => extend(now, *on, *working_days),
            ClockEvent::ConsultationSent { .. }
            | ClockEvent::ConsultationServed { .. }
            | ClockEvent::ConsultationAnswered { .. } => {
                self.consult(calendar, now, event)?;
                Ok(now)
            }
            ClockEvent::FeeNotified { on, served_on } => self.ask_fee(now, *on, *served_on),
            ClockEvent::FeePaid { on } => match now.fee {
                None => Err(R::NoFeeNotice),
                Some(_) => Ok(now.next(*on, REPLY)),
            },
            ClockEvent::Deferred { on, until } => self.defer(now, *on, *until),
            ClockEvent::Replied { on } => {
                self.note_if_late(now, *on, DefectKind::ReplyLate);
                self.closing = Some(Closing::Replied(*on));
                Ok(now)
            }
            ClockEvent::Withdrawn { on } => {
                self.closing = Some(Closing::Withdrawn(*on));
                Ok(now)
            }
            ClockEvent::Remanded { on, working_days } => {
                // Silence that was ordered to end stays on record as what it was.
                if self.closing.take().is_none() {
                    self.note_if_late(now, *on, DefectKind::ReplyLate);
                }
                Ok(now.next(*on, *working_days))
            }
        }
    }

    /// In time, the clock waits for the correction; later, it runs on and the delay is a defect.
    ///
    /// Source: 条例 art. 30.
    fn ask_correction(
        &mut self,
        now: Period,
        on: NaiveDate,
        until: Option<NaiveDate>,
    ) -> Result<Period, R> {
        if now.correction.is_some() {
            return Err(R::CorrectionOpen);
        }
        require_running(now)?;
        let late = now.correction_notice_on.is_some_and(|limit| on > limit);
        let correction = Some(Correction { asked_on: on, until, late });
        if late {
            self.defects.push(Defect { kind: DefectKind::CorrectionNoticeLate, on });
            return Ok(Period { correction, ..now });
        }
        let phase = Phase::AwaitingCorrection;
        Ok(Period { correction, phase, stopped_on: Some(on), ..now })
    }

    /// Source: 国办函〔2020〕109号 art. 6.
    fn ask_fee(
        &mut self,
        now: Period,
        on: NaiveDate,
        served_on: Option<NaiveDate>,
    ) -> Result<Period, R> {
        require_running(now)?;
        self.note_if_late(now, on, DefectKind::FeeNoticeLate);
        let fee = Some(FeeNotice { notified_on: on, served_on });
        Ok(Period { fee, phase: Phase::AwaitingPayment, stopped_on: Some(on), ..now })
    }

    /// Source: 条例 art. 35.
    fn defer(&mut self, now: Period, on: NaiveDate, until: NaiveDate) -> Result<Period, R> {
        require_running(now)?;
        if self.note_if_late(now, on, DefectKind::DeferralLate) {
            return Ok(now);
        }
        Ok(Period { deferred_until: now.deferred_until.max(Some(until)), ..now })
    }

    /// Source: 条例 arts. 32, 33 ¶3, 34; rulebook C6, C7, C9.
    fn consult(&mut self, calendar: &Calendar, now: Period, event: &ClockEvent) -> Result<(), R> {
        match event {
            ClockEvent::ConsultationSent { on, id, party } => {
                if self.consultations.iter().any(|known| known.id == *id) {
                    return Err(R::malformed(format_args!("征求意见的 id“{id}”重复")));
                }
                let late = self.note_if_late(now, *on, DefectKind::SuspensionAfterLimit);
                let mut consultation = Consultation {
                    id: id.clone(),
                    party: *party,
                    sent_on: *on,
                    served_on: None,
                    answered_on: None,
                    due_on: None,
                    ends_on: None,
                    end_assumed: false,
                    period: now.number,
                    effective: now.phase == Phase::Running && !late,
                    estimated: false,
                };
                consultation.settle(calendar).map_err(outside)?;
                self.consultations.push(consultation);
                Ok(())
            }
            ClockEvent::ConsultationServed { on, id } => {
                let consultation = self.consultation_mut(id)?;
                if consultation.served_on.replace(*on).is_some() {
                    return Err(R::ServedTwice(id.clone()));
                }
                consultation.settle(calendar).map_err(outside)
            }
            ClockEvent::ConsultationAnswered { on, id } => {
                let consultation = self.consultation_mut(id)?;
                if consultation.answered_on.replace(*on).is_some() {
                    return Err(R::AnsweredTwice(id.clone()));
                }
                consultation.settle(calendar).map_err(outside)
            }
            _ => Ok(()),
        }
    }

    fn consultation_mut(&mut self, id: &ConsultationId) -> Result<&mut Consultation, R> {
        let mut known = self.consultations.iter_mut();
        known.find(|known| known.id == *id).ok_or_else(|| R::UnknownConsultation(id.clone()))
    }

    /// Records a defect if `on` lies after the limit; tells whether it did.
    fn note_if_late(&mut self, now: Period, on: NaiveDate, kind: DefectKind) -> bool {
        let late = now.due_on.is_some_and(|limit| on > limit);
        if late {
            self.defects.push(Defect { kind, on });
        }
        late
    }
}

/// Checks what an event claims by itself, whatever happened before.
fn check_values(calendar: &Calendar, event: &ClockEvent) -> Result<(), R> {
    calendar.day(event.on()).map_err(outside)?;
    if let Some((field, date)) = event.other_date() {
        calendar.day(date).map_err(outside)?;
        if date < event.on() {
            return Err(R::malformed(format_args!("{field} {date} 早于 on {}", event.on())));
        }
    }
    if event.working_days() == Some(WorkingDays::ZERO) {
        return Err(R::malformed("working_days 至少为1"));
    }
    Ok(())
}

/// Too long, not running, repeated, after the limit: refused in this order.
///
/// Source: 条例 art. 33 ¶2; rulebook C7.
fn extend(now: Period, on: NaiveDate, working_days: WorkingDays) -> Result<Period, R> {
    if working_days > LONGEST_EXTENSION {
        return Err(R::ExtensionTooLong { asked: working_days });
    }
    require_running(now)?;
    if now.extension.is_some() {
        return Err(R::ExtensionRepeated);
    }
    if let Some(limit) = now.due_on.filter(|limit| on > *limit) {
        return Err(R::ExtensionAfterLimit { on, limit });
    }
    Ok(Period { extension: Some(working_days), ..now })
}

fn require_running(now: Period) -> Result<(), R> {
    if now.phase == Phase::Running { Ok(()) } else { Err(R::NoLimitRuns) }
}

fn outside(error: CalendarError) -> R {
    R::malformed(error)
}
