//! Document numbers (文号) and request numbers (受理编号): rulebook 5.2.

use gongkai::domain::notice::Series;
use gongkai::domain::number::{
    DEFAULT_PATTERN, DocumentNumber, Pattern, PatternError, request_number,
};
use proptest::prelude::*;

#[test]
fn a_number_is_printed_as_the_specimens_print_it() {
    let number = DocumentNumber { series: Series::Correction, year: 2026, n: 3 };
    let printed = Pattern::parse(DEFAULT_PATTERN).unwrap().print("宁财", &number);
    assert_eq!(printed, "宁财依告〔2026〕第3号");
}

#[test]
fn a_pattern_must_keep_numbers_apart() {
    for (pattern, missing) in [
        ("{系列}〔{年}〕第{号}号", "{代字}"),
        ("{代字}〔{年}〕第{号}号", "{系列}"),
        ("{代字}{系列}第{号}号", "{年}"),
        ("{代字}{系列}〔{年}〕", "{号}"),
    ] {
        assert_eq!(Pattern::parse(pattern), Err(PatternError::Missing(missing)));
    }
    let unknown = Pattern::parse("{代字}{系列}〔{年}〕{月}{号}号");
    assert!(matches!(unknown, Err(PatternError::Unknown(_))));
}

#[test]
fn every_series_has_characters_of_its_own() {
    for (n, series) in Series::ALL.iter().enumerate() {
        for other in &Series::ALL[n + 1..] {
            assert_ne!(series.code_word(), other.code_word());
        }
    }
}

proptest! {
    /// What was printed is read back, and nothing that prints otherwise.
    #[test]
    fn a_number_is_read_as_it_was_printed(series in 0..Series::ALL.len(), year in 2000..2999, n in 1_i64..100_000) {
        let number = DocumentNumber { series: Series::ALL[series], year, n };
        for pattern in [DEFAULT_PATTERN, "{代字}{系列}〔{年}〕{号}号", "{年}-{代字}{系列}{号}"] {
            let pattern = Pattern::parse(pattern).unwrap();
            let printed = pattern.print("宁财", &number);
            prop_assert_eq!(pattern.read("宁财", &printed), Some(number.clone()));
            for other in [format!("{printed}补"), printed.replace(&n.to_string(), &format!("0{n}")), String::new()] {
                let read = pattern.read("宁财", &other);
                prop_assert!(read.is_none_or(|read| pattern.print("宁财", &read) == other));
            }
            prop_assert_eq!(pattern.read("宁民", &printed), None);
        }
    }
}

#[test]
fn a_request_number_is_twelve_digits_to_be_read_out() {
    assert_eq!(request_number(2026, 7, 42), "202600700042");
}
