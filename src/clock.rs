//! The only place where the present time enters the program.
//!
//! Everything that needs "now" is given a [`Clock`]; tests give a [`ManualClock`]. Not to be
//! confused with the statutory clock, [`crate::domain::clock`].

use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// Hours that Shanghai is ahead of UTC, all year round.
const SHANGHAI_HOURS: i64 = 8;

/// Tells the present time.
pub trait Clock: Send + Sync {
    /// The present instant in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The present civil date in Asia/Shanghai.
    fn today(&self) -> NaiveDate {
        civil_date(self.now())
    }
}

/// Date and time of an instant as clocks in Asia/Shanghai show it.
#[must_use]
pub fn wall(at: DateTime<Utc>) -> NaiveDateTime {
    (at + TimeDelta::hours(SHANGHAI_HOURS)).naive_utc()
}

/// The civil date in Asia/Shanghai of an instant.
pub fn civil_date(at: DateTime<Utc>) -> NaiveDate {
    wall(at).date()
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one caller of now()")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is set; for tests and demonstrations.
#[derive(Debug)]
pub struct ManualClock(RwLock<DateTime<Utc>>);

impl ManualClock {
    /// A clock standing at `instant`.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(RwLock::new(instant))
    }

    /// A clock standing at nine in the morning, Shanghai time, of `date`.
    pub fn on(date: NaiveDate) -> Self {
        Self::at(morning_of(date))
    }

    /// Sets the clock to `instant`.
    pub fn set(&self, instant: DateTime<Utc>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = instant;
    }

    /// Sets the clock to nine in the morning, Shanghai time, of `date`.
    pub fn set_date(&self, date: NaiveDate) {
        self.set(morning_of(date));
    }

    /// Moves the clock by `step`.
    pub fn advance(&self, step: TimeDelta) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) += step;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn morning_of(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(9 - SHANGHAI_HOURS)
}
