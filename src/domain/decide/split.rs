//! The first entries of a request that was split off another one.
//!
//! Source: rulebook 1.2 k: every part keeps the receipt date.

use super::{Context, Decision, Happening, provisional_entries};
use crate::domain::case::Case;
use crate::domain::event::{Entry, Event};
use crate::domain::ids::RequestId;
use crate::domain::item::{ItemText, NO_ITEM};
use crate::domain::refusal::Refusal;

/// The request that items were split off.
#[derive(Debug)]
pub struct Origin<'a> {
    /// The request.
    pub request: RequestId,
    /// Its 受理编号.
    pub number: String,
    /// What its ledger amounts to.
    pub case: &'a Case,
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
    let mut happenings: Vec<Happening> = Vec::new();
    for entry in origin.entries {
        happenings.extend(inherited(origin, entry).map(|event| Happening { on: entry.on, event }));
    }
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

/// What a part takes along: what moves the clock, who works on the request since when, and how the
/// competent authority ruled on its items.
fn inherited(origin: &Origin<'_>, entry: &Entry) -> Option<Event> {
    Some(match &entry.event {
        // The money stays where it was paid; only the limit it started anew goes along.
        Event::FeeNotified { scale, served_on, .. } => {
            Event::FeeNotified { scale: *scale, amount_fen: 0, served_on: *served_on, bill: None }
        }
        Event::FeePaid { held: false, .. } => Event::FeePaid {
            remark: String::new(),
            amount_fen: 0,
            proof: format!("已随原申请（{}）缴纳", origin.number),
            held: false,
        },
        // Its time is not counted for any part, whichever it was about.
        Event::ConsultationSent { id, party, addressee, jointly_made, letter, .. } => {
            let asked = origin.case.consultations.iter().find(|letter| letter.id == *id)?;
            Event::ConsultationSent {
                id: id.clone(),
                party: *party,
                addressee: addressee.clone(),
                jointly_made: *jointly_made,
                items: moved(origin, &asked.items).unwrap_or_else(|| vec![NO_ITEM]),
                letter: letter.clone(),
            }
        }
        Event::SecrecyReferred { id, authority, question, notice, .. } => Event::SecrecyReferred {
            id: id.clone(),
            items: taken_along(origin, id)?,
            authority: authority.clone(),
            question: question.clone(),
            notice: *notice,
        },
        Event::SecrecyRuled { id, .. } => taken_along(origin, id).map(|_| entry.event.clone())?,
        event if is_inherited(entry) => event.clone(),
        _ => return None,
    })
}

/// The numbers that the items of a letter to the authority have in the part; none for the whole
/// request. `None` where all of them stay behind.
fn taken_along(origin: &Origin<'_>, id: &str) -> Option<Vec<u16>> {
    let referral = origin.case.referrals.iter().find(|referral| referral.id == *id)?;
    moved(origin, &referral.items)
}

fn moved(origin: &Origin<'_>, items: &[u16]) -> Option<Vec<u16>> {
    if items.is_empty() {
        return Some(Vec::new());
    }
    let concerned = (1..).zip(origin.moved).filter(|(_, n)| items.contains(n));
    let taken: Vec<u16> = concerned.map(|(new, _)| new).collect();
    (!taken.is_empty()).then_some(taken)
}

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
