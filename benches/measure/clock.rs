//! The statutory clock and the calendar, without any database.

use std::hint::black_box;
use std::time::Instant;

use chrono::NaiveDate;
use gongkai::domain::calendar::Calendar;
use gongkai::domain::clock::{ClockEvent, Party, fold};
use gongkai::domain::working_days::WorkingDays;

use super::{human, row, table};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Seconds for one call, the best of seven rounds: noise only ever adds.
fn best_of(rounds: u32, calls: u32, mut call: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            (0..calls).for_each(|_| call());
            begun.elapsed().as_secs_f64() / f64::from(calls)
        })
        .fold(f64::INFINITY, f64::min)
}

pub fn measure() {
    let calendar = Calendar::built_in();
    let plain = [ClockEvent::Received { on: day("2026-09-14") }];
    let five = [
        ClockEvent::Received { on: day("2026-05-11") },
        ClockEvent::ConsultationSent {
            on: day("2026-05-18"),
            id: "a".into(),
            party: Party::ThirdParty,
        },
        ClockEvent::ConsultationServed { on: day("2026-05-20"), id: "a".into() },
        ClockEvent::ConsultationAnswered { on: day("2026-06-02"), id: "a".into() },
        ClockEvent::Extended { on: day("2026-06-10"), working_days: WorkingDays(20) },
    ];
    let as_of = day("2026-06-12");
    table("Statutory clock", &["what", "one call", "goal"]);
    let plain_time = best_of(7, 200_000, || {
        black_box(fold(calendar, black_box(&plain), as_of).unwrap());
    });
    row(&["fold of a plain case, no day trace".into(), human(plain_time), "≤ 1 µs".into()]);
    let five_time = best_of(7, 100_000, || {
        black_box(fold(calendar, black_box(&five), as_of).unwrap());
    });
    row(&["fold with five events, no day trace".into(), human(five_time), "≤ 5 µs".into()]);
    let (from, to) = (day("2008-01-02"), day("2026-12-30"));
    let count = best_of(7, 1_000_000, || {
        black_box(calendar.working_days_between(black_box(from), black_box(to)).unwrap());
    });
    row(&["working days between 2008 and 2026".into(), human(count), "O(1)".into()]);
    let naive = best_of(3, 200, || {
        let mut day = from;
        let mut n = 0;
        while day < to {
            day = day.succ_opt().unwrap();
            n += u32::from(calendar.day_kind(day).unwrap().is_worked());
        }
        black_box(n);
    });
    row(&[
        "the same, day by day".into(),
        human(naive),
        format!("{:.0} times slower", naive / count),
    ]);
}
