//! Ledger entries as people and other programs read them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::events::EventRow;
use crate::domain::traces;

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
    pub event: Value,
    /// Its hash; each entry's hash covers the one before.
    pub hash: String,
}

/// The event with numbers of people masked wherever somebody wrote them into a text. The ledger
/// keeps them; who must know one opens the field of the application, for a purpose on record.
///
/// Source: 个人信息保护法 art. 6, 28, 51; rulebook 9.1.
fn masked(value: Value) -> Value {
    match value {
        Value::String(text) if !is_reference(&text) => Value::String(traces::masked(&text)),
        Value::Array(list) => Value::Array(list.into_iter().map(masked).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, masked(value))).collect())
        }
        other => other,
    }
}

/// Identifiers and digests hold digits by chance.
fn is_reference(text: &str) -> bool {
    text.len() > 31 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

impl From<EventRow> for EntryView {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            kind: row.kind,
            on: row.occurred_on,
            recorded_at: row.recorded_at,
            actor: row.actor_label,
            event: masked(row.payload),
            hash: row.hash,
        }
    }
}
