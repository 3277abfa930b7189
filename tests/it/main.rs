//! One test binary; each module tests one noun.

mod calendar;
mod cli;
mod clock;
mod fees;
mod keys;
mod mail;
mod passwords;
mod storage;
mod support;
