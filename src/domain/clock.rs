//! The statutory clock (答复期限): from what happened to the last day for a reply.
//!
//! Events are applied one by one to a [`ClockState`]; a [`Reading`] tells how the clock stands on
//! a day. Nothing here knows today's date. The format of `gongkai clock` and `POST /api/v1/clock`
//! is [`answer`] over [`ClockInput`]; choices the statute leaves open are explained in
//! `docs/decisions/0003-clock-semantics.md`.
//!
//! Source: 政府信息公开条例 (2019) arts. 30, 32–35, 42; 国办函〔2020〕109号 art. 6; rulebook 3.

mod events;
mod fold;
mod input;
mod malformed;
mod period;
mod reading;
mod refusal;
mod state;
mod trace;

use chrono::NaiveDate;
use serde::Serialize;

pub use self::{
    events::{ClockEvent, ConsultationId, Party},
    input::ClockInput,
    period::{Consultation, Correction, FeeNotice},
    reading::{Allowance, ConsultationLimit, Limits, Reading, State},
    refusal::{ClockRefusal, RefusalReason},
    state::{ClockState, Closing, Defect, DefectKind},
    trace::{TraceDay, TraceKind},
};
use super::{calendar::Calendar, working_days::WorkingDays};

/// Time for a reply. Source: 条例 art. 33 ¶2.
pub const REPLY: WorkingDays = WorkingDays(20);
/// Longest extension, in sum. Source: 条例 art. 33 ¶2.
pub const LONGEST_EXTENSION: WorkingDays = WorkingDays(20);
/// Time to tell the applicant what to correct. Source: 条例 art. 30.
pub const CORRECTION_NOTICE: WorkingDays = WorkingDays(7);
/// Time a third party or a consulted agency has to answer. Source: 条例 arts. 32, 34.
pub const CONSULTATION: WorkingDays = WorkingDays(15);
/// Time the applicant has to pay. Source: 国办函〔2020〕109号 art. 6.
pub const FEE_PAYMENT: WorkingDays = WorkingDays(20);

/// The answer of `gongkai clock`: a reading and the day-by-day trace that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ClockAnswer {
    /// How the clock stands.
    #[serde(flatten)]
    pub reading: Reading,
    /// Every day from the day after the anchor to `due_on`; empty while there is no `due_on`.
    pub days: Vec<TraceDay>,
}

/// Applies `events` in order and reads the clock on `as_of`.
///
/// # Errors
///
/// The refusal of the first event that cannot have happened, with its index.
pub fn fold(
    calendar: &Calendar,
    events: &[ClockEvent],
    as_of: NaiveDate,
) -> Result<Reading, ClockRefusal> {
    Ok(replay(calendar, events)?.reading(calendar, as_of))
}

/// Applies `events` in order to a fresh clock.
///
/// # Errors
///
/// As [`fold()`].
pub fn replay(calendar: &Calendar, events: &[ClockEvent]) -> Result<ClockState, ClockRefusal> {
    let mut state = ClockState::default();
    for event in events {
        state.apply(calendar, event)?;
    }
    Ok(state)
}

/// Answers one question of the clock contract; `today` is used when it names no `as_of`.
///
/// # Errors
///
/// As [`fold()`]; `malformed_input` if the day asked for lies outside the calendar.
pub fn answer(
    calendar: &Calendar,
    input: &ClockInput,
    today: NaiveDate,
) -> Result<ClockAnswer, ClockRefusal> {
    let as_of = input.as_of.unwrap_or(today);
    calendar.day(as_of).map_err(|error| ClockRefusal::malformed(None, error))?;
    let state = replay(calendar, &input.events)?;
    Ok(ClockAnswer { reading: state.reading(calendar, as_of), days: state.days(calendar) })
}
