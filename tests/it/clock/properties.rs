//! The statute restated by other routes: counting day by day, sets instead of intervals.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use gongkai::domain::{
    calendar::{Calendar, DayException, ExceptionKind},
    clock::{ClockEvent, Party, State, TraceKind, replay},
    working_days::WorkingDays,
};
use proptest::prelude::*;

use crate::{calendar::any_calendar, support::day};

fn on(n: u64) -> NaiveDate {
    day("2026-01-01") + Days::new(n)
}

/// Receipt and, if not zero, an extension told on the same day.
fn case(start: u64, extension: u32) -> Vec<ClockEvent> {
    let received = ClockEvent::Received { on: on(start) };
    let working_days = WorkingDays(extension);
    let extended = ClockEvent::Extended { on: on(start), working_days };
    if extension == 0 { vec![received] } else { vec![received, extended] }
}

fn due(calendar: &Calendar, events: &[ClockEvent]) -> NaiveDate {
    replay(calendar, events).unwrap().due_on().unwrap()
}

/// Consultations as (sent, served, answered) in days after the one before.
fn any_letters() -> impl Strategy<Value = Vec<(u64, Option<u64>, Option<u64>)>> {
    let later = || prop::option::of(0u64..40);
    prop::collection::vec((0u64..12, later(), later()), 0..5)
}

/// Events of the letters in order of time, the receipt first.
fn with_letters(start: u64, letters: &[(u64, Option<u64>, Option<u64>)]) -> Vec<ClockEvent> {
    let mut events = case(start, 0);
    let mut sent = start;
    for (n, (gap, served, answered)) in (0i64..).zip(letters) {
        sent += gap;
        let id = || n.into();
        events.push(ClockEvent::ConsultationSent { on: on(sent), id: id(), party: Party::Agency });
        if let Some(served) = served {
            events.push(ClockEvent::ConsultationServed { on: on(sent + served), id: id() });
        }
        if let Some(answered) = answered {
            events.push(ClockEvent::ConsultationAnswered { on: on(sent + answered), id: id() });
        }
    }
    events.sort_by_key(ClockEvent::on); // stable: a letter stays before its answer
    events
}

fn any_event() -> impl Strategy<Value = ClockEvent> {
    let date = || (0u64..300).prop_map(on);
    let id = || (0i64..3).prop_map(Into::into);
    let days = || (0u32..25).prop_map(WorkingDays);
    let party = Party::ThirdParty;
    prop_oneof![
        date().prop_map(|on| ClockEvent::Received { on }),
        (date(), prop::option::of(date()))
            .prop_map(|(on, until)| ClockEvent::CorrectionRequested { on, until }),
        date().prop_map(|on| ClockEvent::CorrectionReceived { on }),
        (date(), days()).prop_map(|(on, working_days)| ClockEvent::Extended { on, working_days }),
        (date(), id()).prop_map(move |(on, id)| ClockEvent::ConsultationSent { on, id, party }),
        (date(), id()).prop_map(|(on, id)| ClockEvent::ConsultationServed { on, id }),
        (date(), id()).prop_map(|(on, id)| ClockEvent::ConsultationAnswered { on, id }),
        (date(), prop::option::of(date()))
            .prop_map(|(on, served_on)| ClockEvent::FeeNotified { on, served_on }),
        date().prop_map(|on| ClockEvent::FeePaid { on }),
        (date(), date()).prop_map(|(on, until)| ClockEvent::Deferred { on, until }),
        (date(), days()).prop_map(|(on, working_days)| ClockEvent::Remanded { on, working_days }),
        date().prop_map(|on| ClockEvent::Replied { on }),
        date().prop_map(|on| ClockEvent::Withdrawn { on }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn exactly_the_granted_working_days_lie_between_receipt_and_due(
        calendar in any_calendar(), start in 0u64..400, extension in 0u32..=20,
    ) {
        let due = due(&calendar, &case(start, extension));
        let counted = on(start).iter_days().skip(1).take_while(|d| *d <= due)
            .filter(|d| calendar.day_kind(*d).unwrap().is_worked()).count();
        prop_assert_eq!(counted, 20 + extension as usize);
        prop_assert!(calendar.day_kind(due).unwrap().is_worked(), "due on a day off");
    }

    #[test]
    fn a_later_receipt_is_never_due_earlier(
        calendar in any_calendar(), start in 0u64..400, later in 0u64..60, extension in 0u32..=20,
    ) {
        let early = due(&calendar, &case(start, extension));
        prop_assert!(early <= due(&calendar, &case(start + later, extension)));
    }

    #[test]
    fn another_day_off_never_brings_a_date_forward(
        calendar in any_calendar(), start in 0u64..400, off in 0u64..600, letters in any_letters(),
    ) {
        let day_off = DayException {
            date: on(off), kind: ExceptionKind::Off, festival: "添".into(),
            arranged_for: on(off).year(),
        };
        let harder = Calendar::from_exceptions(calendar.exceptions().cloned().chain([day_off]));
        let events = case(start, 20);
        prop_assert!(due(&calendar, &events) <= due(&harder, &events));
        // With answered letters too: fewer working days are suspended, but none is lost
        let answered: Vec<_> = letters.into_iter().take(1)
            .map(|(gap, served, _)| (gap, served, Some(3))).collect();
        let events = with_letters(start, &answered);
        prop_assert!(due(&calendar, &events) <= due(&harder, &events));
    }

    #[test]
    fn the_suspended_days_are_the_union_of_the_letters(
        calendar in any_calendar(), start in 0u64..200, letters in any_letters(),
    ) {
        let events = with_letters(start, &letters);
        let state = replay(&calendar, &events).unwrap();
        // The same as a set of days, built letter by letter
        let mut suspended = BTreeSet::new();
        for letter in state.consultations().filter(|letter| letter.ends_on.is_some()) {
            let from = letter.served_on.unwrap_or(letter.sent_on);
            let fifteenth = from.iter_days().skip(1)
                .filter(|d| calendar.day_kind(*d).unwrap().is_worked()).nth(14).unwrap();
            let end = letter.answered_on.map_or(fifteenth, |answer| answer.min(fifteenth));
            suspended.extend(letter.sent_on.iter_days().skip(1).take_while(|d| *d <= end));
        }
        suspended.retain(|d| calendar.day_kind(*d).unwrap().is_worked());
        let reading = state.reading(&calendar, on(start));
        prop_assert_eq!(reading.allowance.suspended as usize, suspended.len());
        let due = on(start).iter_days().skip(1)
            .filter(|d| calendar.day_kind(*d).unwrap().is_worked())
            .nth(19 + suspended.len());
        prop_assert_eq!(reading.due_on, due);
        let traced: BTreeSet<_> = state.days(&calendar).into_iter()
            .filter(|d| d.kind == TraceKind::Suspended).map(|d| d.date).collect();
        prop_assert_eq!(traced, suspended);
    }

    #[test]
    fn used_and_left_are_the_numbers_of_the_trace(
        calendar in any_calendar(), start in 0u64..200, letters in any_letters(), at in 0u64..120,
    ) {
        let state = replay(&calendar, &with_letters(start, &letters)).unwrap();
        let as_of = on(start + at);
        let reading = state.reading(&calendar, as_of);
        let (before, after): (Vec<_>, Vec<_>) = state.days(&calendar).into_iter()
            .filter(|d| d.n.is_some()).partition(|d| d.date <= as_of);
        if as_of <= reading.due_on.unwrap() {
            prop_assert_eq!(reading.used as usize, before.len());
            prop_assert_eq!(reading.left, Some(after.len() as i64));
        } else {
            prop_assert!(reading.left <= Some(0) && reading.overdue);
        }
    }

    #[test]
    fn any_history_is_applied_or_refused_without_trace(
        events in prop::collection::vec(any_event(), 0..40), at in 0u64..300,
    ) {
        let calendar = Calendar::built_in();
        let mut events = events;
        events.sort_by_key(ClockEvent::on);
        events.insert(0, ClockEvent::Received { on: on(0) });
        let mut state = gongkai::domain::clock::ClockState::default();
        let mut applied = Vec::new();
        for event in events {
            let before = state.clone();
            match state.apply(calendar, &event) {
                Ok(()) => applied.push(event),
                Err(refusal) => {
                    prop_assert_eq!(refusal.event, Some(applied.len()));
                    prop_assert_eq!(&state, &before);
                }
            }
        }
        // What was accepted gives the same state again, and a reading that fits together
        prop_assert_eq!(&replay(calendar, &applied).unwrap(), &state);
        let reading = state.reading(calendar, on(at));
        let days = state.days(calendar);
        prop_assert_eq!(reading.left.is_some(), reading.due_on.is_some());
        prop_assert_eq!(days.last().map(|d| d.date), reading.due_on);
        prop_assert_eq!(reading.state == State::Closed, state.closed_on().is_some());
    }
}
