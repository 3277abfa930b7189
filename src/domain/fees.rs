//! The information processing fee (信息处理费), by number of requests or by pages.
//!
//! An agency *may* charge where number or frequency clearly exceeds the reasonable, and picks one
//! scale per request. Amounts are 分 (`_fen`).
//!
//! Source: 条例 art. 42; 国办函〔2020〕109号 arts. 3–5; rulebook 6.

mod bill;

pub use bill::{FeeBill, counts, lawful_fen, month_of};

/// Largest number of requests or pages the scales are asked for. Far above any real case; every
/// amount below stays exact in `u64`.
pub const LARGEST_INPUT: u32 = 1_000_000;

const FEN_PER_YUAN: u64 = 100;
/// Requests of a calendar month that are free.
const FREE_REQUESTS: u64 = 10;
/// Last request at the first price.
const FIRST_BAND_END: u64 = 30;
/// Requests in each band above.
const BAND: u64 = 10;
/// First price, and the rise per band, in yuan.
const STEP_YUAN: u64 = 100;
/// `(pages up to which the rate does not apply, what it adds per page in yuan)`: 10 a page from
/// page 31, 20 from page 101, 40 from page 201.
const PAGE_RATES: [(u64, u64); 3] = [(30, 10), (100, 10), (200, 20)];

/// The input is larger than [`LARGEST_INPUT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("数量超过上限{LARGEST_INPUT}")]
pub struct TooMany;

/// Price in fen of the `k`-th request of one applicant to one agency in one calendar month.
///
/// # Errors
///
/// [`TooMany`] above [`LARGEST_INPUT`].
///
/// Source: 国办函〔2020〕109号 art. 4.
pub fn kth_request_fen(k: u32) -> Result<u64, TooMany> {
    Ok(kth_request_yuan(bounded(k)?) * FEN_PER_YUAN)
}

/// Sum in fen of the first `count` requests of one applicant to one agency in one calendar month.
///
/// # Errors
///
/// [`TooMany`] above [`LARGEST_INPUT`].
///
/// Source: 国办函〔2020〕109号 art. 4.
pub fn month_total_fen(count: u32) -> Result<u64, TooMany> {
    let count = bounded(count)?;
    let first_band = count.min(FIRST_BAND_END).saturating_sub(FREE_REQUESTS) * STEP_YUAN;
    let above = count.saturating_sub(FIRST_BAND_END);
    let (bands, rest) = (above / BAND, above % BAND);
    // Full bands cost 200, 300, … a request; the rest costs the price of the next band.
    let full_bands = BAND * STEP_YUAN * (bands + bands * (bands + 1) / 2);
    Ok((first_band + full_bands + rest * STEP_YUAN * (bands + 2)) * FEN_PER_YUAN)
}

/// Fee in fen for `pages` pages supplied on one request; pages of several requests are not added.
///
/// # Errors
///
/// [`TooMany`] above [`LARGEST_INPUT`].
///
/// Source: 国办函〔2020〕109号 art. 5.
pub fn pages_fen(pages: u32) -> Result<u64, TooMany> {
    let pages = bounded(pages)?;
    let yuan: u64 = PAGE_RATES.iter().map(|(free, rate)| pages.saturating_sub(*free) * rate).sum();
    Ok(yuan * FEN_PER_YUAN)
}

/// Whole yuan of an amount in fen; the scales know no smaller unit.
pub fn whole_yuan(fen: u64) -> u64 {
    fen / FEN_PER_YUAN
}

fn kth_request_yuan(k: u64) -> u64 {
    match k {
        0..=FREE_REQUESTS => 0,
        _ => STEP_YUAN * (1 + k.saturating_sub(FIRST_BAND_END).div_ceil(BAND)),
    }
}

fn bounded(input: u32) -> Result<u64, TooMany> {
    if input > LARGEST_INPUT { Err(TooMany) } else { Ok(u64::from(input)) }
}

/// An amount as people read it: whole yuan, or with two places.
#[must_use]
pub fn yuan(fen: i64) -> String {
    match (fen / 100, fen % 100) {
        (yuan, 0) => format!("{yuan}元"),
        (yuan, rest) => format!("{yuan}.{rest:02}元"),
    }
}
