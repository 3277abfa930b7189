//! One test binary; each module tests one noun.
#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    reason = "clippy exempts test functions but not their helpers; a panic is a failed test"
)]

mod calendar;
mod cli;
mod clock;
mod fees;
mod support;
