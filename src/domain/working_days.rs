//! Working days (工作日) as a type, and the table that counts them in constant time.
//!
//! The table knows nothing of law: it is told for each day whether it is worked and whether that
//! is certain, and keeps running totals and their inverse.

use std::{fmt, ops::Add};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A length of time in working days (工作日); never calendar days.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct WorkingDays(pub u32);

impl WorkingDays {
    /// No working day at all.
    pub const ZERO: Self = Self(0);
}

impl Add for WorkingDays {
    type Output = Self;

    /// Saturates: no limit comes near the end of `u32`, and a calendar ends long before.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}个工作日", self.0)
    }
}

/// A number of working days, and whether counting them needed an estimated day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many working days.
    pub days: u32,
    /// True if any day of the span belongs to a year whose arrangement is not known.
    pub estimated: bool,
}

/// A day found by counting, and whether finding it needed an estimated day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The day.
    pub on: NaiveDate,
    /// True if any day on the way belongs to a year whose arrangement is not known.
    pub estimated: bool,
}

/// Running totals over consecutive days, addressed by the day's position.
#[derive(Debug, Clone)]
pub(super) struct CountTable {
    /// Working days up to and including each day.
    worked: Box<[u16]>,
    /// Estimated days up to and including each day.
    estimated: Box<[u16]>,
    /// Date and position of the first, second, third … working day.
    nth: Box<[(NaiveDate, u16)]>,
}

impl CountTable {
    /// Builds the totals from `(date, is worked, is estimated)` of each day in order.
    ///
    /// Positions fit `u16`: the caller covers one century, 36,525 days.
    pub(super) fn build(days: impl Iterator<Item = (NaiveDate, bool, bool)>) -> Self {
        let (mut worked, mut estimated) = (0u16, 0u16);
        let mut table = (vec![], vec![], vec![]);
        for (position, (date, is_worked, is_estimated)) in (0u16..).zip(days) {
            worked += u16::from(is_worked);
            estimated += u16::from(is_estimated);
            table.0.push(worked);
            table.1.push(estimated);
            if is_worked {
                table.2.push((date, position));
            }
        }
        Self { worked: table.0.into(), estimated: table.1.into(), nth: table.2.into() }
    }

    /// Working days `d` with `after < d <= upto` (positions); zero when the span is empty.
    /// `None` outside the table.
    pub(super) fn between(&self, after: usize, upto: usize) -> Option<Counted> {
        let days = self.worked.get(upto)?.saturating_sub(*self.worked.get(after)?);
        Some(Counted { days: u32::from(days), estimated: self.is_estimated(after, upto)? })
    }

    /// The `n`-th working day after the position `anchor`, `n >= 1`. `None` past the table's end.
    pub(super) fn nth_after(&self, anchor: usize, n: u32) -> Option<Reached> {
        let before = usize::from(*self.worked.get(anchor)?);
        let rank = before.checked_add(usize::try_from(n).ok()?)?.checked_sub(1)?;
        let (on, position) = *self.nth.get(rank)?;
        Some(Reached { on, estimated: self.is_estimated(anchor, usize::from(position))? })
    }

    /// Whether any day `d` with `after < d <= upto` is estimated.
    fn is_estimated(&self, after: usize, upto: usize) -> Option<bool> {
        Some(self.estimated.get(upto)? > self.estimated.get(after)?)
    }
}
