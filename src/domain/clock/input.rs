//! Reads a question in the format of the clock contract.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::{ClockEvent, ClockRefusal, malformed};
use crate::domain::dates;

/// Most events of one question. A case has some dozens; the bound keeps an absurd question cheap.
const MOST_EVENTS: usize = 2_000;

/// The question: what happened, and on which day the clock is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockInput {
    /// Day of the reading; today if absent.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub as_of: Option<NaiveDate>,
    /// Events in the order they happened.
    pub events: Vec<ClockEvent>,
}

impl ClockInput {
    /// Reads one JSON object.
    ///
    /// # Errors
    ///
    /// `malformed_input`, with the index of the first event that cannot be read if the fault lies
    /// in an event: unknown kinds or fields, missing fields, impossible dates. Also for more than
    /// 2,000 events.
    pub fn from_json(text: &str) -> Result<Self, ClockRefusal> {
        let malformed =
            |error: serde_json::Error| ClockRefusal::malformed(None, malformed::of_text(&error));
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let shape: Value = serde_json::from_str(text).map_err(malformed)?;
        if !shape.is_object() {
            return Err(ClockRefusal::malformed(None, "应为一个 JSON 对象"));
        }
        let events = shape.get("events").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if events.len() > MOST_EVENTS {
            let problem = format!("事项超过{MOST_EVENTS}项");
            return Err(ClockRefusal::malformed(Some(MOST_EVENTS), problem));
        }
        for (index, event) in events.iter().enumerate() {
            let Some(members) = event.as_object() else {
                return Err(ClockRefusal::malformed(Some(index), "事项应为一个 JSON 对象"));
            };
            ClockEvent::deserialize(event).map_err(|error| {
                ClockRefusal::malformed(Some(index), malformed::of_event(members, &error))
            })?;
        }
        // Read again from the text: only there a field given twice is noticed.
        serde_json::from_str(text).map_err(malformed)
    }
}
