//! The law as pure functions: no input or output, no clock, no randomness.

pub mod calendar;
pub mod clock;
pub mod dates;
pub mod fees;
pub mod festivals;
pub mod working_days;
