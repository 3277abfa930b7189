//! How the clock stands on a day.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    ClockState, Consultation, ConsultationId, DefectKind, Party, REPLY,
    period::{Period, Phase},
};
use crate::domain::{calendar::Calendar, working_days::WorkingDays};

/// State of the clock, not of the case.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClockState)]
pub enum State {
    /// The receipt date is not fixed yet.
    Unconfirmed,
    /// The limit runs.
    Running,
    /// Waiting for a correction; no limit.
    AwaitingCorrection,
    /// A consultation is open and its time is not over.
    Suspended,
    /// Waiting for a fee; no limit.
    AwaitingPayment,
    /// Replied or withdrawn.
    Closed,
}

/// Working days that make up the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Allowance {
    /// Twenty, or what a remanding decision gave.
    pub base: WorkingDays,
    /// Added by extension.
    pub extension: WorkingDays,
    /// Added by consultations, open ones with their whole time.
    pub suspended: u32,
}

/// Last days of the present period besides the reply limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Limits {
    /// For the agency to ask for a correction.
    pub correction_notice_on: Option<NaiveDate>,
    /// For the applicant to correct, moved off rest days; while a correction is open.
    pub correction_on: Option<NaiveDate>,
    /// For the applicant to pay; while a fee notice is open and its service known.
    pub payment_on: Option<NaiveDate>,
    /// Consultations sent in the present period.
    pub consultations: Vec<ConsultationLimit>,
}

/// A consultation and its limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ConsultationLimit {
    /// Its name.
    #[schema(value_type = String)]
    pub id: ConsultationId,
    /// Who is asked.
    pub party: Party,
    /// Day of dispatch.
    pub sent_on: NaiveDate,
    /// Day of service.
    pub served_on: Option<NaiveDate>,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// The addressee's last day; null while service is unknown.
    pub due_on: Option<NaiveDate>,
    /// Last suspended day, perhaps assumed; null if nothing is suspended.
    pub ends_on: Option<NaiveDate>,
}

/// The clock on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reading {
    /// State on the day.
    pub state: State,
    /// The event day the limit counts from.
    pub anchor_on: Option<NaiveDate>,
    /// Last day for the reply; `None` while no limit runs.
    pub due_on: Option<NaiveDate>,
    /// True if a date may still change: open consultation, unknown service, estimated calendar.
    /// Documents then print no absolute date.
    pub provisional: bool,
    /// What the limit is made of.
    pub allowance: Allowance,
    /// Working days used, suspended ones not counted.
    pub used: u32,
    /// Working days left, suspended ones not counted; 0 on the last day and on days of rest right
    /// after it, then negative. Whether it is overdue, `overdue` tells.
    pub left: Option<i64>,
    /// True if the last day has passed without a reply or withdrawal.
    pub overdue: bool,
    /// Other last days.
    pub limits: Limits,
    /// Defects in the order they first arose, each named once.
    pub defects: Vec<DefectKind>,
}

impl ClockState {
    /// Reads the clock on `as_of`. Events after that day are not undone: a closed case reads
    /// closed. `calendar` must be the one the events were applied with.
    pub fn reading(&self, calendar: &Calendar, as_of: NaiveDate) -> Reading {
        let Some(period) = self.period else { return unconfirmed() };
        let last = self.closed_on().map_or(as_of, |closed| as_of.min(closed));
        let state = self.state_on(&period, as_of);
        let assumed = period.due_on.is_some() && self.consultations().any(|c| c.end_assumed);
        let estimated = period.estimated || self.consultations().any(|c| c.estimated);
        Reading {
            state,
            anchor_on: Some(period.anchor_on),
            due_on: period.due_on,
            provisional: state == State::Suspended || assumed || estimated,
            allowance: Allowance {
                base: period.base,
                extension: period.extension.unwrap_or_default(),
                suspended: period.suspended,
            },
            used: self.counted(calendar, &period, last.min(period.stopped_on.unwrap_or(last))),
            left: period.due_on.map(|due| self.left(calendar, &period, last, due)),
            overdue: period.due_on.is_some_and(|due| last > due),
            limits: Limits {
                correction_notice_on: period.correction_notice_on,
                correction_on: period.correction_on,
                payment_on: period.payment_on,
                consultations: self.consultations().map(ConsultationLimit::from).collect(),
            },
            defects: self.defect_kinds(),
        }
    }

    fn state_on(&self, period: &Period, as_of: NaiveDate) -> State {
        match period.phase {
            _ if self.closing.is_some() => State::Closed,
            Phase::AwaitingCorrection => State::AwaitingCorrection,
            Phase::AwaitingPayment => State::AwaitingPayment,
            Phase::Running if self.consultations().any(|c| c.is_waiting(as_of)) => State::Suspended,
            Phase::Running => State::Running,
        }
    }

    /// Working days of `(anchor, upto]` that are not suspended.
    fn counted(&self, calendar: &Calendar, period: &Period, upto: NaiveDate) -> u32 {
        let worked = calendar.clamped_between(period.anchor_on, upto);
        worked.saturating_sub(period.suspended_within(calendar, &self.consultations, upto))
    }

    /// Working days not suspended from `last` to `due`; negative past `due`.
    fn left(&self, calendar: &Calendar, period: &Period, last: NaiveDate, due: NaiveDate) -> i64 {
        let counted = |upto| i64::from(self.counted(calendar, period, upto));
        counted(due) - counted(last)
    }

    fn defect_kinds(&self) -> Vec<DefectKind> {
        let mut kinds = Vec::new();
        for defect in &self.defects {
            if !kinds.contains(&defect.kind) {
                kinds.push(defect.kind);
            }
        }
        kinds
    }
}

impl From<&Consultation> for ConsultationLimit {
    fn from(consultation: &Consultation) -> Self {
        Self {
            id: consultation.id.clone(),
            party: consultation.party,
            sent_on: consultation.sent_on,
            served_on: consultation.served_on,
            answered_on: consultation.answered_on,
            due_on: consultation.due_on,
            ends_on: consultation.ends_on,
        }
    }
}

fn unconfirmed() -> Reading {
    Reading {
        state: State::Unconfirmed,
        anchor_on: None,
        due_on: None,
        provisional: false,
        allowance: Allowance { base: REPLY, extension: WorkingDays::ZERO, suspended: 0 },
        used: 0,
        left: None,
        overdue: false,
        limits: Limits {
            correction_notice_on: None,
            correction_on: None,
            payment_on: None,
            consultations: Vec::new(),
        },
        defects: Vec::new(),
    }
}
