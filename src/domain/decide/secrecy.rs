//! Secrecy review (保密审查): nothing leaves the house before it, and nobody reviews an own reply.
//!
//! Source: 条例 art. 15, 17; 保密法 art. 35; 保密法实施条例 art. 42; rulebook 5.3 F43.

use super::{Context, Happening, line, not_before, on, text, today, wrong_state};
use crate::domain::case::{Case, Consultation};
use crate::domain::command::{Command, ReferSecrecy};
use crate::domain::event::{Event, Party, Position, SecrecyFinding};
use crate::domain::file::{Release, Supplied};
use crate::domain::ids::UserId;
use crate::domain::item::{Clearance, Item, Referral, RightsCheck};
use crate::domain::outcome::Outcome;
use crate::domain::refusal::{OutgoingRefusal, Refusal};

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::OpenSecrecyReview { question } => {
            let question = text("question", "需要保密审查的内容", question)?.to_owned();
            Ok(today(ctx, Event::SecrecyReviewOpened { question }))
        }
        Command::ReviewRelease { items, finding, opinion, third_party, personal_data } => {
            known(case, items)?;
            within_ruling(case, items, *finding)?;
            heard(case, items, *third_party)?;
            let opinion = text("opinion", "保密审查意见", opinion)?.to_owned();
            let event = Event::ReleaseReviewed {
                items: items.clone(),
                finding: *finding,
                opinion,
                third_party: *third_party,
                personal_data: *personal_data,
            };
            Ok(today(ctx, event))
        }
        Command::ReferSecrecy(ReferSecrecy {
            on: date,
            id,
            items,
            authority,
            question,
            notice,
        }) => {
            known(case, items)?;
            not_before("on", *date, case.received_on, "收到申请之日")?;
            let id = line("id", "送审的编号", id)?.to_owned();
            if case.referrals.iter().any(|referral| referral.id == id) {
                let label = "送审的编号";
                return Err(Refusal::Duplicate { field: "id", label, value: id });
            }
            let event = Event::SecrecyReferred {
                id,
                items: items.clone(),
                authority: line("authority", "送审的主管部门", authority)?.to_owned(),
                question: text("question", "需要确定的问题", question)?.to_owned(),
                notice: *notice,
            };
            Ok(on(*date, event))
        }
        Command::RecordSecrecyRuling { on: date, id, finding, opinion } => {
            let open = |referral: &&Referral| referral.id == *id && referral.ruling.is_none();
            let referral = case.referrals.iter().find(open);
            let referral = referral.ok_or_else(|| wrong_state(case, command.action()))?;
            not_before("on", *date, Some(referral.sent_on), "送审函发出之日")?;
            let opinion = text("opinion", "主管部门的意见", opinion)?.to_owned();
            Ok(on(*date, Event::SecrecyRuled { id: id.clone(), finding: *finding, opinion }))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

fn known(case: &Case, items: &[u16]) -> Result<(), Refusal> {
    match items.iter().find(|n| case.item(**n).is_none()) {
        Some(unknown) => Err(Refusal::UnknownItem(*unknown)),
        None => Ok(()),
    }
}

/// Whether what is said of a third party stands on record: its consent in its answer, the public
/// interest in a consultation that it answered or let pass.
///
/// Source: 条例 art. 15, 32: asked in writing before the agency decides.
fn heard(case: &Case, items: &[u16], found: RightsCheck) -> Result<(), Refusal> {
    let touches = |asked: &&Consultation| {
        let of_all = asked.items.is_empty() || items.is_empty();
        asked.party == Party::ThirdParty
            && (of_all || items.iter().any(|item| asked.items.contains(item)))
    };
    let mut asked = case.consultations.iter().filter(touches);
    let on_record = match found {
        RightsCheck::Consented => {
            asked.any(|one| matches!(one.position, Some(Position::Agrees | Position::Partly)))
        }
        RightsCheck::Overridden => {
            asked.any(|one| one.overridden_on.is_some() || one.silence.is_some())
        }
        RightsCheck::NotConcerned | RightsCheck::Redacted | RightsCheck::Withheld => true,
    };
    if on_record { Ok(()) } else { Err(Refusal::ThirdPartyUnheard(found)) }
}

/// How far a finding opens.
const fn openness(finding: SecrecyFinding) -> u8 {
    match finding {
        SecrecyFinding::Secret => 0,
        SecrecyFinding::Partly => 1,
        SecrecyFinding::Releasable => 2,
    }
}

/// The agency may be stricter than the authority it asked, never more open.
///
/// Source: 条例 art. 17 ¶3; 保密法 art. 35.
fn within_ruling(case: &Case, items: &[u16], finding: SecrecyFinding) -> Result<(), Refusal> {
    // Each item has its own last ruling: a milder one on another item says nothing of it.
    let last = |item: Option<u16>| {
        let concerned = |r: &&Referral| item.is_none_or(|item| r.concerns(item));
        case.referrals.iter().filter(concerned).filter_map(|referral| referral.ruling).next_back()
    };
    let meant = |item: &&Item| items.is_empty() || items.contains(&item.n);
    let numbers: Vec<_> = case.items.iter().filter(meant).map(|item| Some(item.n)).collect();
    let rulings =
        if numbers.is_empty() { vec![last(None)] } else { numbers.into_iter().map(last).collect() };
    match rulings.into_iter().flatten().find(|ruling| openness(finding) > openness(*ruling)) {
        Some(ruling) => Err(Refusal::SecrecyRulingForbids(ruling.label())),
        None => Ok(()),
    }
}

/// Whether everything a reply of this outcome hands over has been reviewed – for secrecy and for the
/// rights of others –, found releasable, and that by nobody of its `authors`.
///
/// Source: 条例 art. 15, 17, 32; 保密法实施条例 art. 42.
pub(super) fn cleared_for_release(
    case: &Case,
    outcome: Outcome,
    authors: &[UserId],
) -> Result<(), Refusal> {
    for part in parts(case, None, outcome).iter().filter(|part| part.is_released()) {
        cleared(case, part, authors)?;
    }
    let unreviewed = |file: &&Supplied| reviewed(case, file, outcome) == Release::Unreviewed;
    if let Some(file) = case.supplied.iter().find(unreviewed) {
        return Err(Refusal::SuppliedUnreviewed(file.name.clone()));
    }
    let goes_out = |file: &&Supplied| {
        matches!(reviewed(case, file, outcome), Release::Open | Release::HiddenData)
    };
    case.supplied.iter().filter(goes_out).try_for_each(|file| unhidden(file, authors))
}

/// Whether a file carries nothing unseen, or somebody who neither added it nor wrote the reply has
/// said that it may stay.
fn unhidden(file: &Supplied, authors: &[UserId]) -> Result<(), Refusal> {
    file.free_of_hidden_data()?;
    let confirmed = file.inspection.as_ref().and_then(|seen| seen.confirmed.as_ref());
    match confirmed.and_then(|confirmed| confirmed.by) {
        Some(by) if authors.contains(&by) => Err(OutgoingRefusal::OwnFindings.into()),
        _ => Ok(()),
    }
}

/// Whether the applicant may have a supplied file: the reply it belongs to has left the agency, and
/// everything the file belongs to is released and was cleared after the file joined the case.
///
/// Source: 条例 art. 15, 17, 32, 37; 保密法实施条例 art. 42.
#[must_use]
pub fn release(case: &Case, file: &Supplied) -> Release {
    match case.reply.as_ref().filter(|reply| reply.dispatched_on.is_some()) {
        Some(reply) => reviewed(case, file, reply.outcome),
        None if file.withdrawn => Release::Withdrawn,
        None => Release::NotSent,
    }
}

/// The same for a reply of this outcome, wherever it is. A file that names no item belongs to every
/// item, so that all of them must be released.
fn reviewed(case: &Case, file: &Supplied, outcome: Outcome) -> Release {
    if file.withdrawn {
        return Release::Withdrawn;
    }
    let parts = parts(case, file.item, outcome);
    if parts.is_empty() || !parts.iter().all(Part::is_released) {
        return Release::Withheld;
    }
    let seen = |c: &Clearance| c.seq > file.seq;
    if !parts.iter().all(|part| part.clearance.is_some_and(seen)) {
        return Release::Unreviewed;
    }
    match parts.iter().try_for_each(|part| cleared(case, part, &[])) {
        // What was sent before files were looked into stays as it was.
        Ok(()) if file.is_doubtful() => Release::HiddenData,
        Ok(()) => Release::Open,
        Err(
            Refusal::SecrecyReviewMissing
            | Refusal::RightsUnreviewed
            | Refusal::SecrecyReferralOpen,
        ) => Release::Unreviewed,
        Err(_) => Release::Forbidden,
    }
}

/// A part of the reply with an outcome of its own: an item, or the whole.
struct Part<'a> {
    item: Option<u16>,
    /// `None` while nothing is decided: then nothing is released either.
    outcome: Option<Outcome>,
    clearance: Option<&'a Clearance>,
}

impl Part<'_> {
    fn is_released(&self) -> bool {
        self.outcome.is_some_and(|outcome| outcome.rule().releases)
    }
}

/// The parts of a reply; with a number the one of that item only.
fn parts(case: &Case, only: Option<u16>, outcome: Outcome) -> Vec<Part<'_>> {
    let meant = |n: u16| only.is_none_or(|only| only == n);
    if !case.answers_by_item() {
        let item = case.items.first();
        let part = Part { item: None, outcome: Some(outcome), clearance: latest(case, item) };
        return meant(item.map_or(1, |item| item.n)).then_some(part).into_iter().collect();
    }
    let items = case.items.iter().filter(|item| meant(item.n));
    items
        .map(|item| Part {
            item: Some(item.n),
            outcome: item.outcome(),
            clearance: latest(case, Some(item)),
        })
        .collect()
}

/// The last word on an item. One item that was reviewed before it was listed is still the same.
fn latest<'c>(case: &'c Case, item: Option<&'c Item>) -> Option<&'c Clearance> {
    let whole = case.clearance.as_ref().filter(|_| case.items.len() <= 1);
    let own = item.and_then(|item| item.clearance.as_ref());
    whole.into_iter().chain(own).max_by_key(|clearance| clearance.seq)
}

fn cleared(case: &Case, part: &Part<'_>, authors: &[UserId]) -> Result<(), Refusal> {
    let waits = |referral: &Referral| {
        referral.ruling.is_none() && part.item.is_none_or(|item| referral.concerns(item))
    };
    if case.referrals.iter().any(waits) {
        return Err(Refusal::SecrecyReferralOpen);
    }
    if case.secrecy_open {
        return Err(Refusal::SecrecyReviewMissing);
    }
    let clearance = part.clearance.ok_or(Refusal::SecrecyReviewMissing)?;
    if clearance.rights_forbid() {
        return Err(Refusal::RightsForbid);
    }
    match clearance.finding {
        SecrecyFinding::Releasable => {}
        SecrecyFinding::Partly if part.outcome == Some(Outcome::P1) => {}
        _ => return Err(Refusal::SecrecyReviewForbids),
    }
    // The finding on secrecy alone, as older ledgers hold it, says nothing of the rights of others.
    if !clearance.rights_checked() {
        return Err(Refusal::RightsUnreviewed);
    }
    if clearance.by.is_some_and(|by| authors.contains(&by)) {
        return Err(Refusal::OwnSecrecyReview);
    }
    Ok(())
}
