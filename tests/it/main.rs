//! One test binary; each module tests one noun.
#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a panic here is a failed test; clippy's own exemption does not reach helper functions"
)]

mod access;
mod agencies;
mod applicants;
mod approval;
mod architecture;
mod audit;
mod bad_input;
mod bundle;
mod calendar;
mod calendar_of_record;
mod cli;
mod clock;
mod closing;
mod complaints;
mod concurrency;
mod consultations;
mod crash;
mod demo;
mod dependencies;
mod docs;
mod documents;
mod errors;
mod examination;
mod fees;
mod items;
mod key_rotation;
mod keys;
mod lifecycle;
mod lifecycle_properties;
mod lifecycle_table;
mod mail;
mod main_job;
mod methods;
mod openapi;
mod operations;
mod orphans;
mod outbox;
mod outcomes;
mod passwords;
mod people;
mod personal_data;
mod portal;
mod problems;
mod publications;
mod random_walks;
mod ratings;
mod reason_library;
mod reasons;
mod reassessments;
mod receipt;
mod receipts_and_codes;
mod record_corrections;
mod related;
mod remedies;
mod remedy_cases;
mod reminders;
mod samples;
mod scoping;
mod server;
mod service;
mod sessions;
mod settings;
mod similarity;
mod storage;
mod store;
mod story;
mod supplied;
mod support;
mod sweep;
mod table_four;
mod telemetry;
mod texts;
mod throwaway_postgres;
mod uploads;
mod waiting;
mod what_if;
