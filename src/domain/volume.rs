//! Volume (大量、反复申请): how many requests of the same person came over a period, as it is told in the
//! 说明理由告知书. Counting decides nothing: whether a number is beyond the reasonable is for the agency
//! to judge and to give reasons for.
//!
//! Source: 条例 art. 35; rulebook 1.2 f.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::text_enum::text_enum;

text_enum!(
    /// What the limit does while reasons are awaited. The Regulation gives no rule; the setting
    /// `reason_request_clock` chooses. Source: rulebook 1.2 f, appendix A (U).
    ReasonRequestClock {
        /// It runs on: the safe reading.
        Runs = "runs", "期限继续计算";
        /// As for a correction: it waits, and begins anew when the reasons come.
        AsCorrection = "as_correction", "比照补正，收到说明之日重新起算";
    }
);

impl Default for ReasonRequestClock {
    /// The safe reading; also that of every entry from before the setting.
    fn default() -> Self {
        Self::Runs
    }
}

/// Days after it is told by which a deferred reply must be due, where the installation sets nothing
/// else. The Regulation asks for a 合理期限 and names no number (U).
pub const LONGEST_DEFERRAL_DAYS: u32 = 180;

/// Requests listed at most; the counts go on.
pub const LISTED: usize = 100;

/// How many requests came over a period, and which.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Counts, the shortest period first. The first day of each counts.
    pub periods: Vec<PeriodCount>,
    /// The newest requests of the longest period, newest first, at most [`LISTED`].
    pub requests: Vec<VolumeItem>,
}

/// Requests since a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodCount {
    /// First day.
    pub since: NaiveDate,
    /// How many, the present one included.
    pub count: u32,
}

/// One of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeItem {
    /// 受理编号.
    pub number: String,
    /// The day it arrived.
    pub arrived_on: NaiveDate,
    /// What was asked for.
    pub title: String,
}

impl Volume {
    /// Counts `requests` (those since `since`) as they stand on `today`: in the calendar month, in
    /// the calendar year, and since `since`. Periods that begin before `since` are left out: not
    /// everything in them was looked at.
    #[must_use]
    pub fn counted(mut requests: Vec<VolumeItem>, since: NaiveDate, today: NaiveDate) -> Self {
        let mut starts: Vec<NaiveDate> = [today.with_day(1), today.with_ordinal(1), Some(since)]
            .into_iter()
            .flatten()
            .filter(|start| *start >= since)
            .collect();
        starts.sort_unstable_by(|a, b| b.cmp(a));
        starts.dedup();
        let count = |start: NaiveDate| {
            let within = requests.iter().filter(|item| item.arrived_on >= start).count();
            u32::try_from(within).unwrap_or(u32::MAX)
        };
        let periods = starts
            .into_iter()
            .map(|start| PeriodCount { since: start, count: count(start) })
            .collect();
        requests.sort_by(|a, b| (b.arrived_on, &b.number).cmp(&(a.arrived_on, &a.number)));
        requests.truncate(LISTED);
        Self { periods, requests }
    }
}
