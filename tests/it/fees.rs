//! The fee scales against the tables of the rulebook and against summing one by one.

mod month;

use gongkai::domain::fees::{
    LARGEST_INPUT, TooMany, kth_request_fen, month_total_fen, pages_fen, whole_yuan,
};
use proptest::prelude::*;

#[test]
fn the_month_total_agrees_with_the_published_table() {
    let table = [
        (0, 0),
        (10, 0),
        (11, 100),
        (12, 200),
        (24, 1400),
        (30, 2000),
        (31, 2200),
        (35, 3000),
        (40, 4000),
        (41, 4300),
        (45, 5500),
        (50, 7000),
        (51, 7400),
        (60, 11000),
        (100, 37000),
    ];
    for (count, yuan) in table {
        assert_eq!(month_total_fen(count), Ok(yuan * 100), "{count} requests");
    }
}

#[test]
fn the_page_fee_agrees_with_the_published_table() {
    let table = [
        (0, 0),
        (30, 0),
        (31, 10),
        (68, 380),
        (100, 700),
        (101, 720),
        (150, 1700),
        (200, 2700),
        (201, 2740),
        (250, 4700),
        (300, 6700),
    ];
    for (pages, yuan) in table {
        assert_eq!(pages_fen(pages), Ok(yuan * 100), "{pages} pages");
    }
}

#[test]
fn the_price_of_the_kth_request_rises_by_bands() {
    let prices = [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300)];
    for (k, yuan) in prices {
        assert_eq!(kth_request_fen(k).map(whole_yuan), Ok(yuan), "request {k}");
    }
}

#[test]
fn absurd_amounts_are_refused_and_the_largest_is_exact() {
    for fee in [kth_request_fen, month_total_fen, pages_fen] {
        assert!(fee(LARGEST_INPUT).is_ok());
        assert_eq!(fee(LARGEST_INPUT + 1), Err(TooMany));
        assert_eq!(fee(u32::MAX), Err(TooMany));
    }
    let one_by_one: u64 = (1..=LARGEST_INPUT).map(|k| kth_request_fen(k).unwrap()).sum();
    assert_eq!(month_total_fen(LARGEST_INPUT), Ok(one_by_one));
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_the_prices(count in 0u32..2_000) {
        let sum: u64 = (1..=count).map(|k| kth_request_fen(k).unwrap()).sum();
        prop_assert_eq!(month_total_fen(count), Ok(sum));
    }

    #[test]
    fn more_pages_never_cost_less(pages in 0u32..2_000) {
        prop_assert!(pages_fen(pages + 1).unwrap() >= pages_fen(pages).unwrap());
    }
}
