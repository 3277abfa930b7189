//! Likeness of Chinese texts: pairs of characters, rare ones counting for more.

use gongkai::domain::similarity::{ALIKE_FROM, Bigram, COMMON, Weights, bigrams, likeness};
use proptest::prelude::*;

fn like(one: &str, other: &str) -> u8 {
    let asked = bigrams(one);
    let weights = Weights::new(asked.iter().map(|pair| (*pair, 1)));
    likeness(&asked, &bigrams(other), &weights)
}

#[test]
fn the_same_wish_in_other_words_is_alike_and_another_is_not() {
    let asked = "2025年度老旧小区改造补助资金分配表";
    for alike in [
        "2025年度老旧小区改造补助资金分配表",
        "２０２５年度　老旧小区改造补助资金分配表。",
        "老旧小区改造补助资金分配表（2025年度）",
        "关于2025年老旧小区改造补助资金的分配表",
    ] {
        assert!(like(asked, alike) >= ALIKE_FROM, "{alike}: {}", like(asked, alike));
    }
    for other in ["城区学校招生计划", "2025年度城区学校招生计划", "", "表"] {
        assert!(like(asked, other) < ALIKE_FROM, "{other}: {}", like(asked, other));
    }
}

#[test]
fn signs_and_width_and_case_do_not_count() {
    assert_eq!(bigrams("ＡＢ"), bigrams("ab"));
    assert_eq!(bigrams("老旧、小区"), [bigrams("老旧"), bigrams("小区")].concat());
    assert_eq!(bigrams("老旧老旧").len(), 2, "each pair once");
    assert!(bigrams("表").is_empty());
}

#[test]
fn a_rare_pair_counts_for_more_than_one_that_everybody_uses() {
    let (rare, common) = (bigrams("塘坝"), bigrams("信息"));
    let asked = [rare.clone(), common.clone()].concat();
    let weights = Weights::new([(rare[0], 1), (common[0], COMMON)]);
    assert!(likeness(&asked, &rare, &weights) > likeness(&asked, &common, &weights));
}

#[test]
fn look_ups_begin_with_the_rarest_and_end_with_the_budget() {
    let pairs = bigrams("一二三四五");
    let counted: Vec<(Bigram, u32)> = pairs.iter().copied().zip([900, 5, 1_500, 20]).collect();
    assert_eq!(Weights::telling(&counted, 1_000), [pairs[1], pairs[3], pairs[0]]);
    assert_eq!(Weights::telling(&counted, 3), [pairs[1]], "one at least");
    assert!(Weights::telling(&[], 3).is_empty());
}

#[test]
fn terms_of_two_agencies_never_meet() {
    let pair = bigrams("\u{10FFFF}老旧")[0];
    assert_ne!(pair.term(1), pair.term(2));
    assert!(pair.term(999) > 0);
}

proptest! {
    #[test]
    fn likeness_is_a_share_and_the_same_text_is_wholly_alike(one in "[一二三四五六]{0,12}", other in "[一二三四五六]{0,12}") {
        let there = like(&one, &other);
        prop_assert!(there <= 100);
        prop_assert_eq!(there, like(&other, &one));
        if !bigrams(&one).is_empty() {
            prop_assert_eq!(like(&one, &one), 100);
        }
    }
}
