//! The statutory clock: real and synthetic cases, every event, every refusal, and properties that
//! restate the statute by another route.

mod consultations;
mod contract;
mod events;
mod properties;
mod refusals;
mod vectors;

use chrono::NaiveDate;
use gongkai::domain::{
    calendar::Calendar,
    clock::{ClockEvent, ClockState, ConsultationId, Party, Reading, replay},
    working_days::WorkingDays,
};

use crate::support::day;

/// Applies `events` with the built-in calendar.
fn state(events: &[ClockEvent]) -> ClockState {
    replay(Calendar::built_in(), events).unwrap()
}

/// Reads the clock on `as_of` with the built-in calendar.
fn read(events: &[ClockEvent], as_of: &str) -> Reading {
    state(events).reading(Calendar::built_in(), day(as_of))
}

/// The last day after `events`.
fn due(events: &[ClockEvent]) -> Option<NaiveDate> {
    state(events).due_on()
}

fn received(on: &str) -> ClockEvent {
    ClockEvent::Received { on: day(on) }
}

fn correction_requested(on: &str, until: Option<&str>) -> ClockEvent {
    ClockEvent::CorrectionRequested { on: day(on), until: until.map(day) }
}

fn correction_received(on: &str) -> ClockEvent {
    ClockEvent::CorrectionReceived { on: day(on) }
}

fn extended(on: &str, working_days: u32) -> ClockEvent {
    ClockEvent::Extended { on: day(on), working_days: WorkingDays(working_days) }
}

fn sent(on: &str, id: &str) -> ClockEvent {
    let id = ConsultationId::from(id);
    ClockEvent::ConsultationSent { on: day(on), id, party: Party::ThirdParty }
}

fn served(on: &str, id: &str) -> ClockEvent {
    ClockEvent::ConsultationServed { on: day(on), id: id.into() }
}

fn answered(on: &str, id: &str) -> ClockEvent {
    ClockEvent::ConsultationAnswered { on: day(on), id: id.into() }
}

fn fee_notified(on: &str, served_on: Option<&str>) -> ClockEvent {
    ClockEvent::FeeNotified { on: day(on), served_on: served_on.map(day) }
}

fn fee_paid(on: &str) -> ClockEvent {
    ClockEvent::FeePaid { on: day(on) }
}

fn deferred(on: &str, until: &str) -> ClockEvent {
    ClockEvent::Deferred { on: day(on), until: day(until) }
}

fn remanded(on: &str, working_days: u32) -> ClockEvent {
    ClockEvent::Remanded { on: day(on), working_days: WorkingDays(working_days) }
}

fn replied(on: &str) -> ClockEvent {
    ClockEvent::Replied { on: day(on) }
}

fn withdrawn(on: &str) -> ClockEvent {
    ClockEvent::Withdrawn { on: day(on) }
}
