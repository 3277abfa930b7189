//! HTTP: translates requests into use cases and their results into answers. No rules, no queries.
//!
//! A handler's arguments say who may call it ([`session::Permit`]), how often ([`limits::Limited`]),
//! and what it needs ([`idempotency::Key`], [`precondition::Expected`], [`body::JsonBody`]); what
//! comes first in the list is refused first.

pub mod api;
pub mod assets;
pub mod body;
pub mod client;
pub mod docs;
pub mod download;
pub mod idempotency;
pub mod limits;
mod methods;
pub mod middleware;
mod portal;
pub mod precondition;
pub mod problem;
pub mod query;
pub mod server;
pub mod session;
pub mod shape;
pub mod upload;

pub use body::JsonBody;
pub use idempotency::Key;
pub use precondition::{Expected, Tagged};
pub use problem::ApiError;
pub use query::Query;
pub use server::{Running, WebConfig, server, server_with, stop_signal};
pub use session::Permit;
