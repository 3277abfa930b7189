//! The draft reply on its way through the approval chain, up to its number.
//!
//! Source: 条例 art. 17, 45; rulebook 1.1 state 60.

use super::consult::third_party_told;
use super::items::fit;
use super::secrecy::cleared_for_release;
use super::{Context, Happening, text, today, wrong_state};
use crate::domain::case::{Case, Draft};
use crate::domain::chain::{Chain, Stage};
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::item::Item;
use crate::domain::outcome::Outcome;
use crate::domain::policy::{Action, Role};
use crate::domain::refusal::Refusal;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let event = match command {
        Command::SubmitDraft { notice, outcome, written } => {
            if !outcome.is_drafted() {
                return Err(Refusal::NoReplyOutcome(outcome.label()));
            }
            fit(case, *outcome)?;
            let chain = ctx.approvals.chains.map_or_else(Chain::default, |c| c.chain(*outcome));
            // To say that it is no request for information at all is a question of law.
            let other = |item: &Item| item.outcome() == Some(Outcome::O3);
            let legal = *outcome == Outcome::O3 || case.items.iter().any(other);
            let chain = if legal { chain.with_legal() } else { chain };
            Event::DraftSubmitted {
                notice: *notice,
                outcome: *outcome,
                chain,
                written: written.clone(),
            }
        }
        Command::RecallDraft { notice } => {
            let draft = of(case, *notice)?;
            // Nobody at all is not the author either.
            if draft.drafter != ctx.actor || ctx.actor.is_none() {
                return Err(Refusal::NotOwnDraft);
            }
            Event::DraftRecalled { notice: *notice }
        }
        Command::ReturnDraft { notice, reason } => {
            let draft = of(case, *notice)?;
            // The head keeps the whole procedure: a draft whose next reader is away still comes back.
            if ctx.actor.is_some() && !ctx.roles.contains(&Role::Head) {
                in_turn(draft, ctx)?;
            }
            let reason = text("reason", "退回的理由", reason)?.to_owned();
            Event::DraftReturned { notice: *notice, reason, stage: draft.stage() }
        }
        Command::ApproveDraft { notice } => {
            let draft = of(case, *notice)?;
            let on_behalf_of = in_turn(draft, ctx)?;
            four_eyes(draft, on_behalf_of, ctx)?;
            cleared_for_release(case, draft.outcome, &draft.authors)?;
            Event::DraftApproved { notice: *notice, stage: draft.stage(), on_behalf_of }
        }
        Command::Issue { notice, number, content_sha256 } => {
            let draft = of(case, *notice)?;
            let on_behalf_of = in_turn(draft, ctx)?;
            if draft.chain.issuer() == Role::Signer {
                four_eyes(draft, on_behalf_of, ctx)?;
            }
            // A search cannot get lost between approval and issue, but old drafts may lack one.
            fit(case, draft.outcome)?;
            third_party_told(case, draft.outcome)?;
            cleared_for_release(case, draft.outcome, &draft.authors)?;
            Event::Issued {
                notice: *notice,
                outcome: draft.outcome,
                number: number.clone(),
                content_sha256: content_sha256.clone(),
            }
        }
        Command::IssueWithLead { notice, number, content_sha256, authors } => {
            // The document speaks of decided items only.
            let counted = case.counted_outcome();
            let outcome = counted.ok_or_else(|| Refusal::ItemsUndecided("1".to_owned()))?;
            fit(case, outcome)?;
            third_party_told(case, outcome)?;
            let authors = [authors.clone(), case.item_authors()].concat();
            cleared_for_release(case, outcome, &authors)?;
            Event::Issued {
                notice: *notice,
                outcome,
                number: number.clone(),
                content_sha256: content_sha256.clone(),
            }
        }
        _ => return Err(wrong_state(case, command.action())),
    };
    Ok(today(ctx, event))
}

fn of(case: &Case, notice: NoticeId) -> Result<&Draft, Refusal> {
    case.draft.as_ref().filter(|draft| draft.notice == notice).ok_or(Refusal::NotTheDraft)
}

/// Lets only those act whose turn it is; tells in whose place a deputy acts.
fn in_turn(draft: &Draft, ctx: &Context<'_>) -> Result<Option<UserId>, Refusal> {
    let role = draft.turn();
    let deputyships = ctx.approvals.deputyships;
    let lent = deputyships.iter().find(|deputyship| deputyship.roles.contains(&role));
    match lent {
        // A deputy's roles hold those lent: whose they are is said only where they are not one's own.
        Some(deputyship) => Ok(Some(deputyship.absent)),
        None if ctx.roles.contains(&role) => Ok(None),
        None => Err(Refusal::NotYourStep(draft.stage().map_or("签发", Stage::label))),
    }
}

/// Nobody approves a draft they wrote at, whoever submitted it, nor takes two steps of one chain
/// unless the agency allows it.
///
/// A deputy is nobody else than oneself, and whoever is stood in for is not the author either.
fn four_eyes(
    draft: &Draft,
    on_behalf_of: Option<UserId>,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(actor) = ctx.actor else { return Err(Refusal::OwnDraft) };
    if [Some(actor), on_behalf_of].into_iter().flatten().any(|who| draft.authors.contains(&who)) {
        return Err(Refusal::OwnDraft);
    }
    let mut taken = draft.approvals.iter().filter(|a| a.by == Some(actor) && draft.apart_from(a));
    match taken.next() {
        Some(approval) => Err(Refusal::SameApprover(approval.stage.label())),
        None => Ok(()),
    }
}

pub(super) fn draft_pending(case: &Case, action: Action) -> Result<(), Refusal> {
    match &case.draft {
        Some(draft) if !draft.approved => Ok(()),
        // An approved draft can still come back before it gets its number.
        Some(_) if matches!(action, Action::ReturnDraft | Action::RecallDraft) => Ok(()),
        _ => Err(wrong_state(case, action)),
    }
}

pub(super) fn may_issue(case: &Case) -> Result<(), Refusal> {
    match &case.draft {
        Some(draft) if draft.approved => Ok(()),
        _ => Err(wrong_state(case, Action::Issue)),
    }
}
