//! Lives of requests told in sentences, every date right to the day.
//!
//! Vectors S1–S4 of the rulebook (2026), then each guard and each way a case could get stuck.

mod early_ends;
mod guards;
mod items;
mod late_facts;
mod late_steps;
mod loopholes;
mod ordinary;
mod releases;
mod remedies_and_remands;
mod serialized;
mod unsent;
