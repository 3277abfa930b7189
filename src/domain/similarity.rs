//! How alike two requests are in what they ask for: repeat requests (重复申请) by the words they use.
//!
//! Chinese is written without blanks, so a text is cut into pairs of neighbouring characters
//! (bigrams); two texts are alike as far as they share pairs, rare pairs counting for more. A finding
//! is a hint for the officer, never a decision.
//!
//! Source: 条例 art. 35, 36 (6).

use std::collections::{BTreeMap, BTreeSet};

/// Two neighbouring characters as one number of 42 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bigram(u64);

/// Bits of a character: Unicode ends at 0x10FFFF.
const CHARACTER_BITS: u32 = 21;

/// Pairs kept of a request, in the order of its text: the name of the information comes first.
const PAIRS_KEPT: usize = 48;

/// Requests that bear a pair are counted up to here; a pair in more of them says nothing.
pub const COMMON: u32 = 1_000;

/// Two texts are called alike from here on, in hundredths.
pub const ALIKE_FROM: u8 = 40;

/// The pairs of a text, each once, in the order in which they appear.
///
/// Letters and digits of whatever width and case count as one; everything else separates.
#[must_use]
pub fn bigrams(text: &str) -> Vec<Bigram> {
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    let mut before: Option<char> = None;
    for sign in text.chars().map(plain) {
        let here = sign.is_alphanumeric().then_some(sign);
        if let (Some(first), Some(second)) = (before, here) {
            let pair = u64::from(u32::from(first)) << CHARACTER_BITS | u64::from(u32::from(second));
            if pairs.len() < PAIRS_KEPT && seen.insert(pair) {
                pairs.push(Bigram(pair));
            }
        }
        before = here;
    }
    pairs
}

/// A full-width letter or digit as the plain one, in lower case.
fn plain(sign: char) -> char {
    /// Distance of the full-width signs from the plain ones.
    const OFFSET: u32 = 0xFEE0;
    let narrow = match sign {
        '！'..='～' => char::from_u32(u32::from(sign) - OFFSET).unwrap_or(sign),
        other => other,
    };
    narrow.to_ascii_lowercase()
}

impl Bigram {
    /// The pair as it is looked up among the requests to one agency: agency and pair in one number.
    #[must_use]
    pub fn term(self, agency_serial: i32) -> i64 {
        let serial = u64::try_from(agency_serial).unwrap_or_default();
        i64::try_from(serial << (2 * CHARACTER_BITS) | self.0).unwrap_or_default()
    }
}

/// How much each pair of the text in question says.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    of: BTreeMap<Bigram, f64>,
    other: f64,
}

impl Weights {
    /// From the number of requests that bear each pair, counted up to [`COMMON`].
    ///
    /// A pair that the text in question lacks weighs as much as the average one of it.
    #[must_use]
    pub fn new(frequencies: impl IntoIterator<Item = (Bigram, u32)>) -> Self {
        let weight = |count: u32| (2.0 * f64::from(COMMON) / f64::from(count.max(1))).ln_1p();
        let of: BTreeMap<_, _> = frequencies
            .into_iter()
            .map(|(pair, count)| (pair, weight(count.min(COMMON))))
            .collect();
        let pairs = u32::try_from(of.len()).unwrap_or(u32::MAX).max(1);
        let other = of.values().sum::<f64>() / f64::from(pairs);
        Self { of, other }
    }

    fn weight(&self, pair: Bigram) -> f64 {
        self.of.get(&pair).copied().unwrap_or(self.other)
    }

    /// The pairs worth looking up first: the rarest, until `budget` requests would be looked at.
    /// Pairs that are [`COMMON`] only if there is no other.
    #[must_use]
    pub fn telling(frequencies: &[(Bigram, u32)], budget: u32) -> Vec<Bigram> {
        let mut rarest = frequencies.to_vec();
        rarest.sort_by_key(|(_, count)| *count);
        let mut left = budget;
        let affordable = |(_, count): &(Bigram, u32)| {
            left = left.saturating_sub(*count);
            left > 0
        };
        let mut chosen: Vec<Bigram> = rarest
            .iter()
            .copied()
            .filter(|(_, n)| *n < COMMON)
            .take_while(affordable)
            .map(|(pair, _)| pair)
            .collect();
        if chosen.is_empty() {
            chosen.extend(rarest.first().map(|(pair, _)| *pair));
        }
        chosen
    }
}

/// How alike two texts are, in hundredths: the weight of the pairs they share in that of all pairs
/// of both (weighted Jaccard index). 100 for the same pairs, 0 for none in common.
#[must_use]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1, in hundredths"
)]
pub fn likeness(asked: &[Bigram], other: &[Bigram], weights: &Weights) -> u8 {
    let (asked, other): (BTreeSet<_>, BTreeSet<_>) =
        (asked.iter().copied().collect(), other.iter().copied().collect());
    let weigh =
        |pairs: Vec<Bigram>| pairs.into_iter().map(|pair| weights.weight(pair)).sum::<f64>();
    let shared = weigh(asked.intersection(&other).copied().collect());
    let all = weigh(asked.union(&other).copied().collect());
    if all <= 0.0 {
        return 0;
    }
    (100.0 * shared / all).round().clamp(0.0, 100.0) as u8
}
