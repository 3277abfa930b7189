//! Secrecy review (保密审查): nothing leaves the house before it, and nobody reviews an own reply.
//!
//! Source: 条例 art. 15, 17; 保密法 art. 35; 保密法实施条例 art. 42; rulebook 5.3 F43.

use super::{Context, Happening, line, not_before, on, text, today, wrong_state};
use crate::domain::case::Case;
use crate::domain::command::{Command, ReferSecrecy};
use crate::domain::event::{Event, SecrecyFinding};
use crate::domain::ids::UserId;
use crate::domain::item::{Clearance, Referral};
use crate::domain::outcome::Outcome;
use crate::domain::refusal::Refusal;

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
        Command::RecordSecrecyReview { finding, opinion } => {
            if case.items.len() > 1 {
                return Err(Refusal::SecrecyReviewPerItem);
            }
            within_ruling(case, &[], *finding)?;
            let opinion = text("opinion", "保密审查意见", opinion)?.to_owned();
            Ok(today(ctx, Event::SecrecyReviewed { finding: *finding, opinion }))
        }
        Command::ReviewRelease { items, finding, opinion, third_party, personal_data } => {
            known(case, items)?;
            within_ruling(case, items, *finding)?;
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
    let touches = |referral: &&Referral| {
        items.is_empty() || items.iter().any(|item| referral.concerns(*item))
    };
    let last =
        case.referrals.iter().filter(touches).filter_map(|referral| referral.ruling).next_back();
    match last {
        Some(ruling) if openness(finding) > openness(ruling) => {
            Err(Refusal::SecrecyRulingForbids(ruling.label()))
        }
        _ => Ok(()),
    }
}

/// Whether everything a reply of this outcome hands over has been reviewed, found releasable, and
/// that by somebody else than its `author`.
///
/// Source: 条例 art. 15, 17; 保密法实施条例 art. 42.
pub(super) fn cleared_for_release(
    case: &Case,
    outcome: Outcome,
    author: Option<UserId>,
) -> Result<(), Refusal> {
    if !case.answers_by_item() {
        let own = case.items.first().and_then(|item| item.clearance.as_ref());
        return match outcome.rule().releases {
            true => cleared(case, None, case.clearance.as_ref().or(own), outcome, author),
            false => Ok(()),
        };
    }
    for item in &case.items {
        let Some(outcome) = item.outcome().filter(|outcome| outcome.rule().releases) else {
            continue;
        };
        // One item that was reviewed before it was listed is still the same item.
        let whole = case.clearance.as_ref().filter(|_| case.items.len() == 1);
        cleared(case, Some(item.n), item.clearance.as_ref().or(whole), outcome, author)?;
    }
    Ok(())
}

fn cleared(
    case: &Case,
    item: Option<u16>,
    clearance: Option<&Clearance>,
    outcome: Outcome,
    author: Option<UserId>,
) -> Result<(), Refusal> {
    let waits = |referral: &Referral| {
        referral.ruling.is_none() && item.is_none_or(|item| referral.concerns(item))
    };
    if case.referrals.iter().any(waits) {
        return Err(Refusal::SecrecyReferralOpen);
    }
    if case.secrecy_open {
        return Err(Refusal::SecrecyReviewMissing);
    }
    let clearance = clearance.ok_or(Refusal::SecrecyReviewMissing)?;
    if clearance.rights_forbid() {
        return Err(Refusal::RightsForbid);
    }
    match clearance.finding {
        SecrecyFinding::Releasable => {}
        SecrecyFinding::Partly if outcome == Outcome::P1 => {}
        _ => return Err(Refusal::SecrecyReviewForbids),
    }
    if clearance.by.is_some() && clearance.by == author {
        return Err(Refusal::OwnSecrecyReview);
    }
    Ok(())
}
