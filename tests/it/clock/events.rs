//! Each kind of event besides consultations, and what a reading says after it.

use gongkai::domain::{
    calendar::Calendar,
    clock::{Allowance, Closing, Defect, DefectKind, State, TraceKind},
    working_days::WorkingDays,
};

use super::*;

#[test]
fn before_the_receipt_the_clock_says_nothing() {
    let reading = read(&[], "2026-10-12");
    assert_eq!(reading.state, State::Unconfirmed);
    assert_eq!((reading.anchor_on, reading.due_on, reading.left), (None, None, None));
    assert_eq!((reading.used, reading.overdue, reading.provisional), (0, false, false));
    assert_eq!(state(&[]).days(Calendar::built_in()), []);
}

#[test]
fn used_and_left_follow_the_day_of_the_reading() {
    let events = [received("2026-09-14")];
    let on = |as_of: &str| {
        let reading = read(&events, as_of);
        (reading.used, reading.left.unwrap(), reading.overdue)
    };
    assert_eq!(on("2026-09-01"), (0, 20, false));
    assert_eq!(on("2026-09-14"), (0, 20, false));
    assert_eq!(on("2026-09-20"), (5, 15, false));
    assert_eq!(on("2026-10-16"), (20, 0, false));
    assert_eq!(on("2026-10-17"), (20, 0, true), "a Saturday after the last day is too late");
    assert_eq!(on("2026-10-19"), (21, -1, true));
    assert_eq!(on("2026-10-20"), (22, -2, true));
}

#[test]
fn while_a_correction_is_awaited_there_is_no_last_day() {
    let events = [received("2026-09-14"), correction_requested("2026-09-18", Some("2026-10-01"))];
    let reading = read(&events, "2026-11-02");
    assert_eq!(reading.state, State::AwaitingCorrection);
    assert_eq!((reading.due_on, reading.left, reading.overdue), (None, None, false));
    assert_eq!(reading.used, 4, "the clock stopped on the day of the notice");
    assert_eq!(reading.limits.correction_on, Some(day("2026-10-08")), "moved off the holiday");
    assert_eq!(state(&events).days(Calendar::built_in()), []);
}

#[test]
fn a_correction_discards_extension_deferral_and_consultations() {
    let mut events = vec![
        received("2026-05-11"),
        sent("2026-05-12", "甲"),
        extended("2026-05-13", 20),
        deferred("2026-05-14", "2026-12-01"),
        correction_requested("2026-05-18", Some("2026-06-01")),
        correction_received("2026-05-25"),
    ];
    let reading = read(&events, "2026-05-26");
    assert_eq!(reading.state, State::Running);
    assert_eq!(reading.anchor_on, Some(day("2026-05-25")));
    assert_eq!(reading.due_on, Some(day("2026-06-23")));
    assert_eq!(
        reading.allowance,
        Allowance { base: WorkingDays(20), extension: WorkingDays(0), suspended: 0 }
    );
    assert_eq!(reading.limits.consultations, []);
    assert_eq!(reading.limits.correction_on, None);
    assert_eq!(reading.limits.correction_notice_on, Some(day("2026-06-03")));
    // And the old consultation may still be answered, without effect; a new extension is possible
    events.extend([answered("2026-05-27", "甲"), extended("2026-06-23", 5)]);
    assert_eq!(due(&events), Some(day("2026-06-30")));
}

#[test]
fn a_correction_notice_after_the_seventh_day_leaves_the_clock_running() {
    let mut events = vec![received("2026-09-14")];
    events.push(correction_requested("2026-09-23", Some("2026-09-30")));
    let asked = read(&events, "2026-09-23");
    assert_eq!(asked.state, State::Running);
    assert_eq!(asked.defects, [DefectKind::CorrectionNoticeLate]);
    assert_eq!(asked.due_on, Some(day("2026-10-16")));
    assert_eq!(asked.limits.correction_on, Some(day("2026-09-30")));
    assert!(state(&events).correction().unwrap().late);

    events.push(correction_received("2026-09-29"));
    let corrected = read(&events, "2026-09-29");
    assert_eq!(corrected.anchor_on, Some(day("2026-09-14")));
    assert_eq!(corrected.due_on, Some(day("2026-10-16")));
    assert_eq!(corrected.limits.correction_notice_on, Some(day("2026-09-22")));
    assert_eq!(state(&events).correction(), None);
}

#[test]
fn the_seventh_working_day_itself_is_in_time() {
    let events = [received("2026-09-14"), correction_requested("2026-09-22", None)];
    assert_eq!(read(&events, "2026-09-22").state, State::AwaitingCorrection);
}

#[test]
fn a_payment_starts_a_new_full_limit_but_not_new_seven_days() {
    let mut events = vec![received("2026-05-11"), extended("2026-05-12", 20)];
    events.push(fee_notified("2026-05-18", Some("2026-05-20")));
    let waiting = read(&events, "2026-06-30");
    assert_eq!(waiting.state, State::AwaitingPayment);
    assert_eq!((waiting.due_on, waiting.used), (None, 5));
    assert_eq!(waiting.limits.payment_on, Some(day("2026-06-17")));

    events.push(fee_paid("2026-05-25"));
    let paid = read(&events, "2026-05-25");
    assert_eq!(paid.state, State::Running);
    assert_eq!(paid.due_on, Some(day("2026-06-23")));
    assert_eq!(paid.allowance.extension, WorkingDays(0));
    assert_eq!(paid.limits.payment_on, None);
    assert_eq!(paid.limits.correction_notice_on, Some(day("2026-05-20")));
}

#[test]
fn while_service_of_the_fee_notice_is_unknown_there_is_no_last_day_to_pay() {
    let events = [received("2026-05-11"), fee_notified("2026-05-18", None)];
    assert_eq!(read(&events, "2026-05-18").limits.payment_on, None);
    assert_eq!(state(&events).fee_notice().unwrap().notified_on, day("2026-05-18"));
}

#[test]
fn a_late_fee_notice_is_a_defect_and_payment_still_starts_a_new_limit() {
    let events = [
        received("2026-05-11"),
        fee_notified("2026-06-09", Some("2026-06-10")),
        fee_paid("2026-06-15"),
    ];
    let reading = read(&events, "2026-06-15");
    assert_eq!(reading.defects, [DefectKind::FeeNoticeLate]);
    assert_eq!(reading.anchor_on, Some(day("2026-06-15")));
}

#[test]
fn a_deferral_moves_the_last_day_only_if_it_is_later() {
    let short = [received("2026-05-11"), deferred("2026-05-12", "2026-06-01")];
    let long = [received("2026-05-11"), deferred("2026-05-12", "2026-06-30")];
    assert_eq!(due(&short), Some(day("2026-06-08")));
    let reading = read(&long, "2026-06-29");
    assert_eq!(reading.due_on, Some(day("2026-06-30")));
    assert_eq!((reading.left, reading.overdue), (Some(1), false));
    assert_eq!(state(&long).deferred_until(), Some(day("2026-06-30")));
}

#[test]
fn a_deferral_told_after_the_limit_has_no_effect() {
    let events = [received("2026-05-11"), deferred("2026-06-09", "2026-06-30")];
    let reading = read(&events, "2026-06-10");
    assert_eq!(reading.due_on, Some(day("2026-06-08")));
    assert_eq!(reading.defects, [DefectKind::DeferralLate]);
}

#[test]
fn a_reply_on_the_last_day_is_in_time_and_stops_the_count() {
    let events = [received("2026-05-11"), replied("2026-06-08")];
    let reading = read(&events, "2026-07-08");
    assert_eq!(reading.state, State::Closed);
    assert_eq!((reading.used, reading.left, reading.overdue), (20, Some(0), false));
    assert_eq!(reading.defects, []);
    assert_eq!(state(&events).closing(), Some(Closing::Replied(day("2026-06-08"))));
}

#[test]
fn a_reply_a_day_late_is_recorded_with_its_day() {
    let events = [received("2026-05-11"), replied("2026-06-09")];
    let reading = read(&events, "2026-07-08");
    assert_eq!((reading.used, reading.left, reading.overdue), (21, Some(-1), true));
    let defect = Defect { kind: DefectKind::ReplyLate, on: day("2026-06-09") };
    assert_eq!(state(&events).defects(), [defect]);
}

#[test]
fn a_withdrawal_closes_without_a_late_reply() {
    let events = [received("2026-05-11"), withdrawn("2026-06-09")];
    let reading = read(&events, "2026-07-08");
    assert_eq!((reading.state, reading.defects), (State::Closed, vec![]));
    assert_eq!(state(&events).closed_on(), Some(day("2026-06-09")));
}

#[test]
fn a_remand_opens_a_closed_case_with_its_own_allowance() {
    let mut events = vec![
        received("2026-05-11"),
        extended("2026-06-01", 20),
        replied("2026-06-30"),
        remanded("2026-09-01", 10),
    ];
    let reading = read(&events, "2026-09-02");
    assert_eq!(reading.state, State::Running);
    assert_eq!(reading.anchor_on, Some(day("2026-09-01")));
    assert_eq!((reading.used, reading.left), (1, Some(9)));
    assert_eq!(reading.allowance.base, WorkingDays(10));
    assert_eq!(reading.allowance.extension, WorkingDays(0));
    assert_eq!(state(&events).closing(), None);
    events.extend([extended("2026-09-15", 5), replied("2026-09-21")]);
    assert_eq!(read(&events, "2026-09-21").left, Some(0));
}

#[test]
fn a_limit_that_passed_in_silence_stays_a_defect_when_an_answer_is_ordered() {
    let late = |events: &[ClockEvent]| {
        let defects = read(events, "2026-09-01").defects;
        defects.iter().filter(|defect| **defect == DefectKind::ReplyLate).count()
    };
    let (came, ordered) = (received("2026-05-11"), remanded("2026-09-01", 10));
    assert_eq!(late(&[came.clone(), ordered.clone()]), 1);
    assert_eq!(late(&[came.clone(), replied("2026-06-01"), ordered.clone()]), 0);
    assert_eq!(late(&[came.clone(), replied("2026-08-03"), ordered]), 1);
    assert_eq!(late(&[came, remanded("2026-06-01", 10)]), 0);
}

#[test]
fn a_remand_also_ends_the_wait_for_a_correction() {
    let events = [
        received("2026-05-11"),
        correction_requested("2026-05-12", None),
        remanded("2026-06-01", 20),
    ];
    assert_eq!(read(&events, "2026-06-01").state, State::Running);
    assert_eq!(due(&events), Some(day("2026-06-30")));
}

#[test]
fn the_trace_numbers_every_counted_day_up_to_the_last() {
    let days = state(&[received("2026-09-14")]).days(Calendar::built_in());
    let of = |date: &str| {
        let found = days.iter().find(|d| d.date == day(date)).unwrap();
        (found.kind, found.n)
    };
    assert_eq!(days.first().unwrap().date, day("2026-09-15"));
    assert_eq!(days.last().unwrap().date, day("2026-10-16"));
    assert_eq!(days.len(), 32);
    assert_eq!(of("2026-09-15"), (TraceKind::Counted, Some(1)));
    assert_eq!(of("2026-09-19"), (TraceKind::Weekend, None));
    assert_eq!(of("2026-09-20"), (TraceKind::MakeUp, Some(5)));
    assert_eq!(of("2026-10-01"), (TraceKind::Holiday, None));
    assert_eq!(of("2026-10-16"), (TraceKind::Counted, Some(20)));
}

#[test]
fn the_trace_marks_days_that_count_by_estimate() {
    let days = state(&[received("2026-12-10")]).days(Calendar::built_in());
    let marked: Vec<_> = days.iter().filter(|d| d.kind == TraceKind::Estimated).collect();
    assert_eq!(marked.iter().map(|d| d.n.unwrap()).collect::<Vec<_>>(), [16, 17, 18, 19, 20]);
    assert_eq!(marked[0].date, day("2027-01-04"));
}

#[test]
fn a_limit_of_another_act_in_an_estimated_year_makes_the_reading_provisional() {
    let in_2026 = [received("2026-11-20"), correction_requested("2026-11-25", None)];
    let in_2027 = [received("2026-11-20"), correction_requested("2026-11-25", Some("2027-01-01"))];
    assert!(!read(&in_2026, "2026-11-26").provisional);
    assert!(read(&in_2027, "2026-11-26").provisional);
    let fee = [received("2026-11-20"), fee_notified("2026-12-16", Some("2026-12-18"))];
    assert!(read(&fee, "2026-12-18").provisional);
}
