//! One test binary; each module tests one noun.
#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a panic here is a failed test; clippy's own exemption does not reach helper functions"
)]

mod architecture;
mod calendar;
mod cli;
mod clock;
mod dependencies;
mod documents;
mod fees;
mod keys;
mod mail;
mod operations;
mod passwords;
mod settings;
mod storage;
mod store;
mod support;
mod telemetry;
mod throwaway_postgres;
