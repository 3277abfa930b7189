//! The clock of one case, and what can be read off it without a day.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Consultation, Correction, FeeNotice, period::Period};
use crate::domain::working_days::WorkingDays;

/// A procedural defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefectKind {
    /// The correction notice left after the seventh working day (条例 art. 30).
    CorrectionNoticeLate,
    /// The reply was completed after the limit (条例 art. 33).
    ReplyLate,
    /// The fee notice left after the limit (国办函〔2020〕109号 art. 6).
    FeeNoticeLate,
    /// A consultation was sent after the limit and suspends nothing (条例 art. 33 ¶3).
    SuspensionAfterLimit,
    /// A longer date under art. 35 was told after the limit and has no effect.
    DeferralLate,
}

impl DefectKind {
    /// The stable code of the clock contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CorrectionNoticeLate => "correction_notice_late",
            Self::ReplyLate => "reply_late",
            Self::FeeNoticeLate => "fee_notice_late",
            Self::SuspensionAfterLimit => "suspension_after_limit",
            Self::DeferralLate => "deferral_late",
        }
    }
}

/// A defect and the day it arose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defect {
    /// What is defective.
    pub kind: DefectKind,
    /// Day of the defective act.
    pub on: NaiveDate,
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// By a reply completed on this day.
    Replied(NaiveDate),
    /// By a withdrawal received on this day.
    Withdrawn(NaiveDate),
}

impl Closing {
    /// The day the case ended.
    pub fn on(self) -> NaiveDate {
        match self {
            Self::Replied(on) | Self::Withdrawn(on) => on,
        }
    }
}

/// The clock of one case after some events. `default()` is a case without receipt date.
///
/// Dates are computed when an event is applied; after a change of calendar the events are applied
/// anew to a fresh state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockState {
    pub(super) period: Option<Period>,
    pub(super) consultations: Vec<Consultation>,
    pub(super) defects: Vec<Defect>,
    pub(super) closing: Option<Closing>,
    pub(super) last_on: Option<NaiveDate>,
    pub(super) applied: usize,
}

impl ClockState {
    /// The day the present limit counts from.
    pub fn anchor_on(&self) -> Option<NaiveDate> {
        self.period.map(|period| period.anchor_on)
    }

    /// Last day for the reply, suspensions assumed full; `None` while no limit runs.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.period?.due_on
    }

    /// Last day to ask for a correction.
    pub fn correction_notice_on(&self) -> Option<NaiveDate> {
        self.period?.correction_notice_on
    }

    /// Last day for the applicant to correct, moved off rest days.
    pub fn correction_on(&self) -> Option<NaiveDate> {
        self.period?.correction_on
    }

    /// Last day for the applicant to pay; `None` while service is unknown.
    pub fn payment_on(&self) -> Option<NaiveDate> {
        self.period?.payment_on
    }

    /// The open correction notice.
    pub fn correction(&self) -> Option<Correction> {
        self.period?.correction
    }

    /// The open fee notice.
    pub fn fee_notice(&self) -> Option<FeeNotice> {
        self.period?.fee
    }

    /// The extension of the present period, if one was given.
    pub fn extension(&self) -> Option<WorkingDays> {
        self.period?.extension
    }

    /// The longer date told under art. 35, if one has effect.
    pub fn deferred_until(&self) -> Option<NaiveDate> {
        self.period?.deferred_until
    }

    /// Consultations of the present period in order of dispatch.
    pub fn consultations(&self) -> impl Iterator<Item = &Consultation> {
        let number = self.period.map(|period| period.number);
        self.consultations.iter().filter(move |c| Some(c.period) == number)
    }

    /// Every defect with its day, in the order they arose.
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// How the case ended, unless it is open or was remanded since.
    pub fn closing(&self) -> Option<Closing> {
        self.closing
    }

    /// Day of the reply or withdrawal.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.closing.map(Closing::on)
    }
}
