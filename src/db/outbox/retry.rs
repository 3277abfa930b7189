//! How often and how soon a failed job is tried again.

use chrono::TimeDelta;

/// Pauses double from the first to the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// After this many attempts a job is dead.
    pub max_attempts: i32,
    /// Pause after the first failure.
    pub first_pause: TimeDelta,
    /// No pause is longer.
    pub longest_pause: TimeDelta,
}

/// Twelve attempts over about five hours: a mail server may be down for an afternoon.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 12,
            first_pause: TimeDelta::seconds(30),
            longest_pause: TimeDelta::hours(1),
        }
    }
}

impl RetryPolicy {
    /// The pause after the given number of attempts, counted from 1.
    #[must_use]
    pub fn pause_after(&self, attempts: i32) -> TimeDelta {
        let mut pause = self.first_pause;
        for _ in 1..attempts {
            if pause >= self.longest_pause {
                break;
            }
            pause = pause + pause;
        }
        pause.min(self.longest_pause)
    }
}
