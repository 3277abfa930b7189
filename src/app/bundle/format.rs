//! The form of a bundle: which files it has and what stands in those that programs read. A later
//! version may add files and fields; what is here stays, for bundles lie in courts' files for years.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::events::EventRow;
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::clock::ClockEvent;
use crate::domain::evidence::BundleForm;

/// Version of the form.
pub const FORMAT: u32 = 1;

/// Every file with size and SHA-256.
pub const MANIFEST: &str = "manifest.json";
/// HMAC of the manifest under the key of the installation.
pub const SEAL: &str = "manifest.seal";
/// What to do with the bundle.
pub const README: &str = "README.txt";
/// The chronology, to be read.
pub const STORY: &str = "index.html";
/// The same for programs.
pub const CHRONOLOGY: &str = "chronology.json";
/// The ledger, an entry a line.
pub const LEDGER: &str = "ledger.jsonl";
/// What follows from the ledger: state, dates, result.
pub const PROJECTION: &str = "projection.json";
/// The question to `gongkai clock`.
pub const CLOCK: &str = "clock.json";
/// Its answer.
pub const ANSWER: &str = "clock-answer.json";
/// The calendar it was answered by.
pub const CALENDAR: &str = "calendar.csv";
/// The application.
pub const APPLICATION: &str = "application.json";
/// The records of service.
pub const DELIVERIES: &str = "deliveries.json";
/// 证据目录, for programs.
pub const EVIDENCE: &str = "evidence.json";
/// 证据目录 (F46).
pub const CATALOGUE: &str = "catalogue.pdf";
/// 卷内目录 (F45).
pub const CONTENTS: &str = "volume-contents.pdf";
/// 备考表 (F45).
pub const REMARKS: &str = "volume-remarks.pdf";

/// The list of everything in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the form.
    pub format: u32,
    /// What it is for.
    pub form: BundleForm,
    /// 受理编号.
    pub number: String,
    /// The agency, by name.
    pub agency: String,
    /// The request.
    pub request: Uuid,
    /// How many entries the ledger has.
    pub entries: usize,
    /// Hash of the last one.
    pub last_hash: String,
    /// Version of the calendar.
    pub calendar: String,
    /// The files, in the order they stand in the bundle; not the manifest and its seal.
    pub files: Vec<Listed>,
    /// What belongs to the case and is not in the bundle, and why.
    pub missing: Vec<Missing>,
}

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name in the bundle.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What it is.
    pub title: String,
    /// The digest on record.
    pub sha256: String,
    /// Why.
    pub why: String,
}

/// A line of the ledger: everything its hash covers, the hash, and the seal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named after db::events::EventRow")]
pub struct Line {
    pub request: Uuid,
    pub seq: i32,
    pub kind: String,
    pub on: NaiveDate,
    pub recorded_at: DateTime<Utc>,
    pub actor_id: Option<Uuid>,
    pub actor: String,
    pub event: Value,
    /// Version of the calendar by which it was decided; none in old ledgers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<i32>,
    pub prev_hash: String,
    pub hash: String,
    pub seal: String,
}

impl From<EventRow> for Line {
    fn from(row: EventRow) -> Self {
        Self {
            request: row.request_id,
            seq: row.seq,
            kind: row.kind,
            on: row.occurred_on,
            recorded_at: row.recorded_at,
            actor_id: row.actor_id,
            actor: row.actor_label,
            event: row.payload,
            calendar: row.calendar_seq,
            prev_hash: row.prev_hash,
            hash: row.hash,
            seal: row.seal,
        }
    }
}

impl From<Line> for EventRow {
    fn from(line: Line) -> Self {
        Self {
            request_id: line.request,
            seq: line.seq,
            kind: line.kind,
            occurred_on: line.on,
            recorded_at: line.recorded_at,
            actor_id: line.actor_id,
            actor_label: line.actor,
            payload: line.event,
            calendar_seq: line.calendar,
            prev_hash: line.prev_hash,
            hash: line.hash,
            seal: line.seal,
        }
    }
}

/// What follows from a ledger, as the bundle states it.
#[must_use]
pub fn projection(case: &Case, calendar: &Calendar) -> Value {
    let p = case.projection(calendar);
    json!({
        "state": p.state, "state_label": p.state.label(), "open": p.open,
        "channel": p.channel, "arrived_on": p.arrived_on, "received_on": p.received_on,
        "receipt_basis": p.receipt_basis, "anchor_on": p.anchor_on, "due_on": p.due_on,
        "provisional": p.provisional, "defects": p.defects,
        "outcome": p.outcome, "outcome_label": p.outcome.map(|outcome| outcome.label()),
        "completed_on": p.completed_on, "served_on": p.served_on, "closed_on": p.closed_on,
        "entries": case.last_seq,
    })
}

/// The question to `gongkai clock` that leads to the last day of the case.
#[must_use]
pub fn clock_question(case: &Case) -> Value {
    let events: &[ClockEvent] = case.clock_events();
    json!({ "as_of": case.last_on, "events": events })
}
