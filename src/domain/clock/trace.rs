//! The day-by-day trace that lets anyone check a last day with a wall calendar.

use chrono::NaiveDate;
use serde::Serialize;

use super::{ClockState, Consultation, period::Period};
use crate::domain::calendar::{Calendar, DayKind};

/// Why a day counts or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TraceKind {
    /// A working day that counts.
    Counted,
    /// A weekend day worked by notice that counts.
    MakeUp,
    /// A Saturday or Sunday.
    Weekend,
    /// A day off by notice or statute.
    Holiday,
    /// A working day that does not count because a consultation is open.
    Suspended,
    /// A day that counts by estimate: its year is not arranged yet.
    Estimated,
}

/// One day of the trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TraceDay {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub kind: TraceKind,
    /// Its number, if it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
}

impl ClockState {
    /// Every day after the anchor up to and including the last day; empty while no limit runs.
    pub fn days(&self, calendar: &Calendar) -> Vec<TraceDay> {
        let Some((period, due)) = self.period.and_then(|p| Some((p, p.due_on?))) else {
            return Vec::new();
        };
        let mut n = 0;
        let after_anchor = period.anchor_on.iter_days().skip(1);
        after_anchor
            .take_while(|date| *date <= due)
            .map(|date| {
                let kind = self.kind_of(calendar, &period, date);
                let counts =
                    matches!(kind, TraceKind::Counted | TraceKind::MakeUp | TraceKind::Estimated);
                n += u32::from(counts);
                TraceDay { date, kind, n: counts.then_some(n) }
            })
            .collect()
    }

    fn kind_of(&self, calendar: &Calendar, period: &Period, date: NaiveDate) -> TraceKind {
        let Ok(day) = calendar.day(date) else { return TraceKind::Weekend };
        let suspends = |c: &Consultation| {
            c.period == period.number && c.sent_on < date && c.ends_on.is_some_and(|e| date <= e)
        };
        match day.kind {
            DayKind::Weekend => TraceKind::Weekend,
            DayKind::Holiday => TraceKind::Holiday,
            _ if self.consultations.iter().any(suspends) => TraceKind::Suspended,
            _ if day.estimated => TraceKind::Estimated,
            DayKind::MakeUp => TraceKind::MakeUp,
            DayKind::Working => TraceKind::Counted,
        }
    }
}
