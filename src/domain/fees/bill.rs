//! What may be asked for one request: its place in the month, its units or pages, the amount.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{TooMany, month_total_fen, pages_fen};
use crate::domain::event::FeeScale;
use crate::domain::ids::NoticeId;
use crate::domain::outcome::Outcome;

/// How the amount of a fee notice was found, as it is kept in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeBill {
    /// Units of the applicant's month before this request.
    pub before: u32,
    /// By number: the units of this request. Empty: the request is one unit.
    pub units: Vec<String>,
    /// By pages: how many.
    pub pages: Option<u32>,
    /// The most the scale allows, in 分.
    pub lawful_fen: i64,
    /// Why number or frequency clearly exceed the reasonable.
    pub why: String,
    /// 收费通知.
    pub notice: NoticeId,
}

impl FeeBill {
    /// How many units of the month this request takes up.
    #[must_use]
    pub fn unit_count(&self) -> u32 {
        u32::try_from(self.units.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// The most that may be asked for a request, in 分: by number, the price of its units after `before`
/// units of the month; by pages, the price of its pages.
///
/// # Errors
///
/// [`TooMany`] above the largest input of the scales.
///
/// Source: 国办函〔2020〕109号 art. 3–5; rulebook 6.
pub fn lawful_fen(
    scale: FeeScale,
    before: u32,
    units: u32,
    pages: Option<u32>,
) -> Result<i64, TooMany> {
    let fen = match scale {
        FeeScale::Items => {
            let upto = before.checked_add(units).ok_or(TooMany)?;
            month_total_fen(upto)? - month_total_fen(before)?
        }
        FeeScale::Pages => pages_fen(pages.unwrap_or_default())?,
    };
    i64::try_from(fen).map_err(|_too_large| TooMany)
}

/// Whether a request takes part in the month's count. One that was withdrawn or lapsed was not
/// handled to its end; whether it counts is contested, and `count_unhandled` decides.
///
/// Source: 国办函〔2020〕109号 art. 4; rulebook 6 (U).
#[must_use]
pub const fn counts(outcome: Option<Outcome>, count_unhandled: bool) -> bool {
    count_unhandled || !matches!(outcome, Some(Outcome::O1 | Outcome::O2 | Outcome::O3))
}

/// First and last day of the calendar month in which a request received on `received_on` counts.
///
/// Source: 国办函〔2020〕109号 art. 4 (当月); rulebook 6 (the receipt date puts a request into a month).
#[must_use]
pub fn month_of(received_on: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = received_on.with_day(1).unwrap_or(received_on);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    (first, next.pred_opt().unwrap_or(first))
}
