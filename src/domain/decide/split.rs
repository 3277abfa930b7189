//! The first entries of a request that was split off another one.
//!
//! Source: rulebook 1.2 k: every part keeps the receipt date.

use super::{Context, Decision, Happening, provisional_entries};
use crate::domain::case::Case;
use crate::domain::event::{Entry, Event};
use crate::domain::ids::RequestId;
use crate::domain::item::ItemText;
use crate::domain::refusal::Refusal;

/// The request that items were split off.
#[derive(Debug)]
pub struct Origin<'a> {
    /// The request.
    pub request: RequestId,
    /// Its 受理编号.
    pub number: String,
    /// Its ledger.
    pub entries: &'a [Entry],
    /// The items that go, by their numbers there.
    pub moved: &'a [u16],
}

/// The first entries of a part: what fixed receipt date, limit and responsibility of the request it
/// comes from, on the same days; where it comes from; and its items.
///
/// # Errors
///
/// [`Refusal::Clock`] if those entries contradict the clock by themselves.
pub fn child(
    origin: &Origin<'_>,
    items: Vec<ItemText>,
    ctx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let inherited = origin.entries.iter().filter(|entry| is_inherited(entry));
    let mut happenings: Vec<Happening> =
        inherited.map(|entry| Happening { on: entry.on, event: entry.event.clone() }).collect();
    let from = Event::SplitFrom {
        request: origin.request,
        number: origin.number.clone(),
        items: origin.moved.to_vec(),
    };
    for event in [from, Event::ItemsListed { items }] {
        happenings.push(Happening { on: ctx.today, event });
    }
    let case = Case::empty();
    let entries = provisional_entries(&case, &happenings, ctx);
    let case = case.with(ctx.calendar, &entries)?;
    Ok(Decision { happenings, case })
}

/// What moves the clock or says who works on the request since when.
fn is_inherited(entry: &Entry) -> bool {
    matches!(
        entry.event,
        Event::Filed { .. }
            | Event::Assigned { .. }
            | Event::ExaminationPassed
            | Event::ReasonsRequested { .. }
            | Event::ReasonsReceived { .. }
            | Event::ReasonsJudged { .. }
            | Event::ConsultationLapsed { .. }
            | Event::ConsultationAbandoned { .. }
            | Event::FeeNoticeServed { .. }
    ) || entry.event.on_clock(entry.on).is_some()
}
