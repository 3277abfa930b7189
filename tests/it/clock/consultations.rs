//! Consultations suspend the clock: which days, how long, and when they do not.

use gongkai::domain::{
    calendar::Calendar,
    clock::{DefectKind, State, TraceKind},
};

use super::*;

#[test]
fn the_day_of_dispatch_is_used_and_the_day_of_the_answer_is_suspended() {
    let events = [
        received("2026-05-11"),
        sent("2026-05-18", "甲"),
        served("2026-05-20", "甲"),
        answered("2026-06-02", "甲"),
    ];
    let days = state(&events).days(Calendar::built_in());
    let of = |date: &str| days.iter().find(|d| d.date == day(date)).map(|d| (d.kind, d.n));
    assert_eq!(of("2026-05-18"), Some((TraceKind::Counted, Some(5))));
    assert_eq!(of("2026-05-19"), Some((TraceKind::Suspended, None)));
    assert_eq!(of("2026-05-23"), Some((TraceKind::Weekend, None)));
    assert_eq!(of("2026-06-02"), Some((TraceKind::Suspended, None)));
    assert_eq!(of("2026-06-03"), Some((TraceKind::Counted, Some(6))));
    assert_eq!(days.last().map(|d| d.n), Some(Some(20)));
}

#[test]
fn while_it_is_open_the_whole_fifteen_days_are_assumed() {
    let unserved = [received("2026-05-11"), sent("2026-05-18", "甲")];
    let reading = read(&unserved, "2026-05-20");
    assert_eq!((reading.state, reading.provisional), (State::Suspended, true));
    assert_eq!(reading.limits.consultations[0].due_on, None);
    assert_eq!(reading.limits.consultations[0].ends_on, Some(day("2026-06-08")));
    assert_eq!((reading.used, reading.left), (5, Some(15)));
    assert_eq!(reading.due_on, Some(day("2026-06-30")));

    let mut was_served = unserved.to_vec();
    was_served.push(served("2026-05-20", "甲"));
    let reading = read(&was_served, "2026-05-20");
    assert_eq!(reading.limits.consultations[0].ends_on, Some(day("2026-06-10")));
    assert_eq!((reading.allowance.suspended, reading.due_on), (17, Some(day("2026-07-02"))));
}

#[test]
fn a_silent_addressee_ends_the_suspension_after_its_fifteen_days() {
    let events = [received("2026-05-11"), sent("2026-05-18", "甲"), served("2026-05-20", "甲")];
    assert_eq!(read(&events, "2026-06-10").state, State::Suspended);
    let after = read(&events, "2026-06-11");
    assert_eq!((after.state, after.provisional), (State::Running, false));
    assert_eq!((after.used, after.left), (6, Some(14)));
}

#[test]
fn an_unserved_letter_stays_provisional_after_its_assumed_end() {
    let mut events = vec![received("2026-05-11"), sent("2026-05-18", "甲")];
    let silent = read(&events, "2026-06-09");
    assert_eq!((silent.state, silent.provisional), (State::Running, true));
    // An answer before the assumed end settles it, a later one does not
    events.push(answered("2026-06-08", "甲"));
    assert!(!read(&events, "2026-06-09").provisional);
    *events.last_mut().unwrap() = answered("2026-06-09", "甲");
    let late = read(&events, "2026-06-09");
    assert_eq!((late.provisional, late.allowance.suspended), (true, 15));
}

#[test]
fn service_known_late_suspends_the_days_before_it_too() {
    let events = [received("2026-05-11"), sent("2026-05-18", "甲"), served("2026-06-15", "甲")];
    let reading = read(&events, "2026-06-16");
    assert_eq!(reading.state, State::Suspended);
    assert_eq!(reading.limits.consultations[0].ends_on, Some(day("2026-07-07")));
    assert_eq!(reading.used, 5);
}

#[test]
fn an_answer_after_the_fifteen_days_does_not_lengthen_the_suspension() {
    let events = [
        received("2026-05-11"),
        sent("2026-05-18", "甲"),
        served("2026-05-20", "甲"),
        answered("2026-06-15", "甲"),
    ];
    let reading = read(&events, "2026-06-15");
    assert_eq!(reading.limits.consultations[0].ends_on, Some(day("2026-06-10")));
    assert_eq!((reading.allowance.suspended, reading.provisional), (17, false));
}

#[test]
fn overlapping_consultations_count_once() {
    let events = [
        received("2026-05-11"),
        sent("2026-05-18", "甲"),
        sent("2026-05-20", "乙"),
        served("2026-05-20", "甲"),
        served("2026-05-20", "乙"),
        answered("2026-05-26", "乙"),
        answered("2026-06-02", "甲"),
    ];
    let reading = read(&events, "2026-06-03");
    assert_eq!(reading.allowance.suspended, 11, "乙 lies within 甲");
    assert_eq!(reading.due_on, Some(day("2026-06-24")));
    assert_eq!(reading.limits.consultations.len(), 2);
}

#[test]
fn separate_consultations_add_up() {
    let events = [
        received("2026-05-11"),
        sent("2026-05-12", "甲"),
        answered("2026-05-14", "甲"),
        sent("2026-05-18", "乙"),
        answered("2026-05-20", "乙"),
    ];
    assert_eq!(read(&events, "2026-05-20").allowance.suspended, 4);
}

#[test]
fn a_letter_answered_on_the_day_it_was_sent_suspends_nothing() {
    let events = [received("2026-05-11"), sent("2026-05-12", "甲"), answered("2026-05-12", "甲")];
    let reading = read(&events, "2026-05-12");
    assert_eq!((reading.state, reading.allowance.suspended), (State::Running, 0));
}

#[test]
fn a_letter_sent_on_the_last_day_still_suspends() {
    let events = [received("2026-05-11"), sent("2026-06-08", "甲"), answered("2026-06-12", "甲")];
    let reading = read(&events, "2026-06-12");
    assert_eq!((reading.allowance.suspended, reading.due_on), (4, Some(day("2026-06-12"))));
    assert_eq!((reading.used, reading.left, reading.overdue), (20, Some(0), false));
}

#[test]
fn a_letter_sent_after_the_limit_is_a_defect_without_effect() {
    let events = [received("2026-05-11"), sent("2026-06-09", "甲"), served("2026-06-10", "甲")];
    let reading = read(&events, "2026-06-10");
    assert_eq!(reading.defects, [DefectKind::SuspensionAfterLimit]);
    assert_eq!((reading.state, reading.due_on), (State::Running, Some(day("2026-06-08"))));
    assert_eq!(reading.limits.consultations[0].ends_on, None);
    assert_eq!(reading.limits.consultations[0].due_on, Some(day("2026-07-02")));
}

#[test]
fn a_letter_sent_while_no_limit_runs_has_no_effect() {
    let events = [
        received("2026-05-11"),
        correction_requested("2026-05-12", None),
        sent("2026-05-13", "甲"),
    ];
    let reading = read(&events, "2026-05-13");
    assert_eq!((reading.state, reading.provisional), (State::AwaitingCorrection, false));
    assert_eq!(reading.defects, []);
    assert_eq!(reading.limits.consultations[0].ends_on, None);
}

#[test]
fn an_open_consultation_keeps_the_limit_open_for_an_extension() {
    let events = [received("2026-05-11"), sent("2026-06-08", "甲"), extended("2026-06-20", 20)];
    assert_eq!(state(&events).extension().map(|days| days.0), Some(20));
}

#[test]
fn a_name_may_be_text_or_a_number() {
    let events = [
        received("2026-05-11"),
        ClockEvent::ConsultationSent { on: day("2026-05-12"), id: 7.into(), party: Party::Agency },
        answered("2026-05-14", "7"),
    ];
    assert_eq!(read(&events, "2026-05-14").allowance.suspended, 2);
}
