//! What an extension does to the last day to reply, as the slip for its approval shows it.
//!
//! Source: 条例 art. 33 ¶2; rulebook 5.3 (F44).

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::case::{Case, ReplayError};
use super::event::{Entry, Event};
use super::ids::NoticeId;

/// The last day to reply without and with the extension that was last asked for or told. A day that
/// is not certain yet is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtendedLimit {
    /// Without it.
    pub before: Option<NaiveDate>,
    /// With it; none where nobody has asked for one, or it would not be lawful any more.
    pub after: Option<NaiveDate>,
}

/// Reads the limits from the ledger.
///
/// # Errors
///
/// [`ReplayError`] where the ledger does not stand.
pub fn limits(entries: &[Entry], calendar: &Calendar) -> Result<ExtendedLimit, ReplayError> {
    let certain = |case: &Case| {
        let row = case.projection(calendar);
        row.due_on.filter(|_| !row.provisional)
    };
    let is_told = |entry: &Entry| matches!(entry.event, Event::Extended { .. });
    if let Some(told) = entries.iter().rposition(is_told) {
        let upto = |end| entries.get(..end).unwrap_or(entries);
        let before = Case::replay(calendar, upto(told))?;
        let after = Case::replay(calendar, upto(told + 1))?;
        return Ok(ExtendedLimit { before: certain(&before), after: certain(&after) });
    }
    let case = Case::replay(calendar, entries)?;
    let asked = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::ExtensionAsked { working_days, .. }
        | Event::ExtensionConsented { working_days, .. } => Some(*working_days),
        _ => None,
    });
    let after = asked.zip(entries.last()).and_then(|(working_days, last)| {
        let notice = NoticeId::new();
        let event = Event::Extended { working_days, reason: String::new(), notice };
        let told = Entry { seq: last.seq + 1, event, ..last.clone() };
        case.with(calendar, &[told]).ok().as_ref().and_then(certain)
    });
    Ok(ExtendedLimit { before: certain(&case), after })
}
