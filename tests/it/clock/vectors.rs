//! Real cases V1–V14 and synthetic ones S1–S10 of the rulebook, section 3.

use gongkai::domain::{
    calendar::Calendar,
    clock::{DefectKind, State},
    working_days::WorkingDays,
};

use super::*;

/// Last day of a limit of `n` working days, by the calendar alone (15 under the 2007 law).
fn limit(anchor: &str, n: u32) -> String {
    let reached = Calendar::built_in().nth_working_day_after(day(anchor), WorkingDays(n)).unwrap();
    assert!(!reached.estimated);
    reached.on.to_string()
}

#[test]
fn v1_guiding_case_26() {
    assert_eq!(limit("2011-06-01", 15), "2011-06-23");
}

#[test]
fn v2_national_holiday_with_both_weekend_days_worked() {
    assert_eq!(limit("2022-09-30", 20), "2022-11-02");
    assert_eq!(due(&[received("2022-09-30")]), Some(day("2022-11-02")));
}

#[test]
fn v4_the_day_of_service_counts_not_the_printed_date() {
    assert_eq!(limit("2014-02-17", 15), "2014-03-10");
    let used = |upto: &str| {
        let counted = Calendar::built_in().working_days_between(day("2014-02-17"), day(upto));
        counted.unwrap().days
    };
    assert_eq!((used("2014-03-07"), used("2014-03-18")), (14, 21));
}

#[test]
fn v7_dated_in_time_and_posted_a_day_late() {
    assert_eq!(limit("2016-12-27", 15), "2017-01-18");
}

#[test]
fn v8_received_on_a_sunday_stays_received_on_the_sunday() {
    assert_eq!(limit("2017-06-18", 15), "2017-07-07");
    assert_eq!(limit("2017-06-19", 15), "2017-07-10");
}

#[test]
fn v9_the_day_of_receipt_is_not_counted() {
    assert_eq!(due(&[received("2025-02-20")]), Some(day("2025-03-20")));
}

#[test]
fn v11_the_choice_of_receipt_date_decides_the_case() {
    let by_submission = [received("2021-11-24"), replied("2021-12-28")];
    let by_confirmation = [received("2021-12-02"), replied("2021-12-28")];
    let submission = read(&by_submission, "2022-01-10");
    let confirmation = read(&by_confirmation, "2022-01-10");
    assert_eq!((submission.due_on, submission.used), (Some(day("2021-12-22")), 24));
    assert_eq!((confirmation.due_on, confirmation.used), (Some(day("2021-12-30")), 18));
    assert_eq!(submission.defects, [DefectKind::ReplyLate]);
    assert_eq!(confirmation.defects, []);
}

#[test]
fn v14_a_fee_notice_after_the_limit_is_a_defect() {
    assert_eq!(due(&[received("2022-08-18")]), Some(day("2022-09-16")));
    let reading = read(&[received("2022-08-18"), fee_notified("2022-09-22", None)], "2022-09-22");
    assert_eq!(reading.defects, [DefectKind::FeeNoticeLate]);
    assert_eq!(reading.used, 24);
}

#[test]
fn s1_make_up_days_and_the_national_holiday() {
    let plain = state(&[received("2026-09-14")]);
    assert_eq!(plain.correction_notice_on(), Some(day("2026-09-22")));
    assert_eq!(plain.due_on(), Some(day("2026-10-16")));
    let longer = [received("2026-09-14"), extended("2026-10-16", 20)];
    assert_eq!(due(&longer), Some(day("2026-11-13")));
}

#[test]
fn s2_across_the_spring_festival() {
    let plain = state(&[received("2026-02-10")]);
    assert_eq!(plain.correction_notice_on(), Some(day("2026-02-26")));
    assert_eq!(plain.due_on(), Some(day("2026-03-16")));
    assert_eq!(due(&[received("2026-02-10"), extended("2026-03-16", 20)]), Some(day("2026-04-14")));
}

#[test]
fn s3_a_correction_starts_the_limit_anew() {
    let mut events = vec![received("2026-03-30")];
    assert_eq!(state(&events).correction_notice_on(), Some(day("2026-04-09")));
    events.push(correction_requested("2026-04-09", None));
    assert_eq!(read(&events, "2026-04-10").state, State::AwaitingCorrection);
    events.push(correction_received("2026-04-20"));
    assert_eq!(due(&events), Some(day("2026-05-20")));
    events.push(extended("2026-05-20", 20));
    assert_eq!(due(&events), Some(day("2026-06-17")));
}

#[test]
fn s4_the_time_of_a_consultation_is_added_back() {
    let mut events = vec![received("2026-05-11")];
    assert_eq!(due(&events), Some(day("2026-06-08")));
    events.extend([sent("2026-05-18", "甲"), served("2026-05-20", "甲")]);
    let asked = read(&events, "2026-05-21");
    assert_eq!(asked.limits.consultations[0].due_on, Some(day("2026-06-10")));
    events.push(answered("2026-06-02", "甲"));
    let reading = read(&events, "2026-06-02");
    assert_eq!((reading.allowance.suspended, reading.due_on), (11, Some(day("2026-06-24"))));
    events.push(extended("2026-06-24", 20));
    assert_eq!(due(&events), Some(day("2026-07-22")));
}

#[test]
fn s9_without_next_years_table_the_date_is_provisional() {
    let reading = read(&[received("2026-12-10")], "2026-12-10");
    assert_eq!((reading.due_on, reading.provisional), (Some(day("2027-01-08")), true));
    assert_eq!(reading.limits.correction_notice_on, Some(day("2026-12-21")));
}

#[test]
fn s10_an_extension_told_the_day_after_the_limit_is_refused() {
    let events = [received("2026-09-14"), extended("2026-10-17", 20)];
    let refusal = replay(Calendar::built_in(), &events).unwrap_err();
    assert_eq!((refusal.code(), refusal.event), ("extension_after_limit", Some(1)));
}
