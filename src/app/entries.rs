//! Ledger entries as people and other programs read them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::events::EventRow;

/// One line of a request's ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    /// Position, from 1.
    pub seq: i32,
    /// Kind of the event.
    pub kind: String,
    /// The day it happened (Asia/Shanghai).
    pub on: NaiveDate,
    /// The instant it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub actor: String,
    /// The event.
    pub event: serde_json::Value,
    /// Its hash; each entry's hash covers the one before.
    pub hash: String,
}

impl From<EventRow> for EntryView {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            kind: row.kind,
            on: row.occurred_on,
            recorded_at: row.recorded_at,
            actor: row.actor_label,
            event: row.payload,
            hash: row.hash,
        }
    }
}
