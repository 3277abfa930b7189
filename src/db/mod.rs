//! All SQL: one set of functions for SQLite and PostgreSQL.
//!
//! Functions take `&mut Conn` and return `Result<_, StoreError>`, so that a use case strings them
//! together inside one closure given to [`Store::write`] or [`Store::read`]. Nothing here decides
//! anything about the law. Only the files of `per_backend` know which database is behind a [`Conn`].

pub mod agencies;
pub mod applications;
pub mod approval_chains;
pub mod audit;
pub mod calendar;
mod cas;
pub mod complaints;
pub mod conn;
pub mod deliveries;
pub mod deputyships;
pub mod desks;
pub mod editions;
mod enums;
pub mod error;
pub mod events;
pub mod expired_files;
pub mod file_findings;
pub mod files;
pub mod idempotency;
pub mod items;
pub mod known_keys;
pub mod leases;
pub mod notices;
pub mod numbers;
pub mod outbox;
pub mod own_forms;
pub mod per_backend;
pub mod post;
pub mod publications;
pub mod ratings;
pub mod reason_texts;
pub mod reassessments;
pub mod record_corrections;
pub mod record_letters;
pub mod redactions;
pub mod redating;
pub mod refresh_tokens;
pub mod register;
pub mod remedies;
pub mod reminders;
pub mod requests;
pub mod rounds;
pub mod schema;
pub mod seal_pictures;
pub mod sealed;
pub mod settings;
pub mod standings;
pub mod store;
pub mod suggestions;
pub mod terms;
pub mod types;
pub mod units;
pub mod users;

pub use conn::{Conn, MultiBackend};
pub use error::StoreError;
pub use settings::{Access, DbSettings, DbUrl, Synchronous};
pub use store::Store;
