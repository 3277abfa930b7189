//! A line of the ledger: an event with who recorded it, and when.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Event;
use crate::domain::ids::UserId;

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Account, if it was a person of the agency.
    pub id: Option<UserId>,
    /// Name and role as they were, or `申请人`, `系统`.
    pub label: String,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Position, from 1.
    pub seq: i32,
    /// The day it happened (Asia/Shanghai); may lie before the day it was recorded.
    pub on: NaiveDate,
    /// The instant it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}
