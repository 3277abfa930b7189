//! Table four of the annual report: what it counts, and that its sums hold whatever is on record.

use chrono::{Datelike, Days};
use gongkai::domain::command::{RemedyKindOpened, RemedyResult};
use gongkai::domain::table_four::{CountedRemedy, table_four};
use proptest::prelude::*;

use crate::story::day;

fn remedy(id: &str, opened: &str, decided: Option<(&str, RemedyResult)>) -> CountedRemedy {
    CountedRemedy {
        kind: RemedyKindOpened::Reconsideration,
        body: "宁安县人民政府".to_owned(),
        id: id.to_owned(),
        opened_on: day(opened),
        decided: decided.map(|(on, result)| (day(on), result)),
    }
}

#[test]
fn a_remedy_counts_in_the_year_of_its_end_and_before_it_as_pending() {
    let remedies = [
        remedy("1", "2025-11-03", Some(("2025-12-31", RemedyResult::Upheld))),
        remedy("2", "2025-12-01", Some(("2026-01-05", RemedyResult::Corrected))),
        remedy("3", "2026-12-31", None),
    ];
    let of = |year| table_four(&remedies, year).reconsideration.numbers();
    assert_eq!(of(2024), [0, 0, 0, 0, 0]);
    assert_eq!(of(2025), [1, 0, 0, 1, 2]);
    assert_eq!(of(2026), [0, 1, 0, 1, 2]);
}

#[test]
fn one_case_number_about_two_requests_is_one_remedy_and_ends_with_the_last() {
    let both = |second| {
        let first = Some(("2026-03-02", RemedyResult::Upheld));
        [remedy("1", "2026-01-05", first), remedy("1", "2026-01-05", second)]
    };
    let open = table_four(&both(None), 2026).reconsideration;
    assert_eq!(open.numbers(), [0, 0, 0, 1, 1]);
    let ended = both(Some(("2026-03-03", RemedyResult::Corrected)));
    assert_eq!(table_four(&ended, 2026).reconsideration.numbers(), [0, 1, 0, 0, 1]);
}

/// The test vector of the official form's order: 15 numbers of a prefecture's report of 2025.
#[test]
fn the_fifteen_numbers_stand_in_the_order_of_the_form() {
    let published = [376, 97, 196, 121, 790, 16, 1, 12, 27, 56, 74, 1, 30, 51, 156];
    let mut remedies = Vec::new();
    for (kind, numbers) in RemedyKindOpened::ALL.iter().zip(published.chunks(5)) {
        let results = RemedyResult::ALL.iter().copied().map(Some).chain([None]);
        for (result, n) in results.zip(numbers) {
            remedies.extend((0..*n).map(|i| CountedRemedy {
                kind: *kind,
                body: "某机关".to_owned(),
                id: format!("{result:?} {i}"),
                opened_on: day("2025-02-03"),
                decided: result.map(|result| (day("2025-06-03"), result)),
            }));
        }
    }
    assert_eq!(table_four(&remedies, 2025).numbers(), published);
}

fn any_remedy() -> impl Strategy<Value = CountedRemedy> {
    let result = prop::option::of((0u64..800, 0usize..3));
    (0usize..3, 0u8..12, 0u64..1_000, result).prop_map(|(kind, id, opened, end)| {
        let opened_on = day("2024-01-02") + Days::new(opened);
        CountedRemedy {
            kind: RemedyKindOpened::ALL[kind],
            body: "某机关".to_owned(),
            id: id.to_string(),
            opened_on,
            decided: end.map(|(days, r)| (opened_on + Days::new(days), RemedyResult::ALL[r])),
        }
    })
}

proptest! {
    /// T5, and beyond: a year hands on exactly what it has not ended, and the order of the records
    /// plays no part.
    #[test]
    fn the_sums_hold_and_what_is_pending_is_handed_on(
        remedies in prop::collection::vec(any_remedy(), 0..60),
        year in 2024i32..2029,
    ) {
        let (now, next) = (table_four(&remedies, year), table_four(&remedies, year + 1));
        for five in now.numbers().chunks(5) {
            prop_assert_eq!(five[..4].iter().sum::<u64>(), five[4]);
        }
        let mut reversed = remedies.clone();
        reversed.reverse();
        prop_assert_eq!(table_four(&reversed, year), now);

        // Each case number once, as it was first announced.
        let mut seen = std::collections::BTreeMap::new();
        for r in &remedies {
            let first = seen.entry((r.kind, r.id.clone())).or_insert(r.opened_on);
            *first = r.opened_on.min(*first);
        }
        for (kind, before, after) in [
            (RemedyKindOpened::Reconsideration, now.reconsideration, next.reconsideration),
            (RemedyKindOpened::Suit, now.suit, next.suit),
            (
                RemedyKindOpened::SuitAfterReconsideration,
                now.suit_after_reconsideration,
                next.suit_after_reconsideration,
            ),
        ] {
            let new = seen.iter().filter(|((k, _), on)| *k == kind && on.year() == year + 1);
            let new = u64::try_from(new.count()).unwrap();
            prop_assert_eq!(before.pending + new, after.total());
        }
    }
}
