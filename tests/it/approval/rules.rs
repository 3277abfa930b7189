//! The rules of the chain alone: four eyes on every chain, deputies, ledgers from before.

use gongkai::domain::calendar::Calendar;
use gongkai::domain::case::Case;
use gongkai::domain::chain::{ApprovalChains, Chain, ChainRule, Deputyship, Stage};
use gongkai::domain::command::Command;
use gongkai::domain::event::{Entry, Event, Written};
use gongkai::domain::ids::UserId;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Role;
use proptest::prelude::*;
use uuid::Uuid;

use crate::story::{Story, issue, notice, reviewed};

fn person(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn by(mut story: Story, n: u128, roles: &[Role]) -> Story {
    (story.actor, story.roles) = (Some(person(n)), roles.to_vec());
    story
}

fn chains(stages: &[Stage], several: bool) -> Option<ApprovalChains> {
    Some(ApprovalChains {
        stages: stages.to_vec(),
        rules: Vec::new(),
        one_person_may_hold_several: several,
    })
}

fn drafted(stages: &[Stage], several: bool) -> Story {
    let mut story = Story::in_processing("03-02");
    story.chains = chains(stages, several);
    story.does(reviewed()).does(Command::SubmitDraft {
        notice: notice(1),
        outcome: Outcome::G1,
        written: Written::default(),
    })
}

const APPROVE: Command =
    Command::ApproveDraft { notice: gongkai::domain::ids::NoticeId(Uuid::from_u128(0x0101)) };

#[test]
fn one_person_takes_two_steps_only_where_the_agency_allows_it() {
    let all = [Role::Head, Role::LegalReviewer, Role::Leader, Role::Signer];
    let strict = by(drafted(&[Stage::Office, Stage::Leader], false), 7, &all).does(APPROVE);
    assert_eq!(strict.refuses(&APPROVE), "same_approver");
    let allowed = by(drafted(&[Stage::Office, Stage::Leader], true), 7, &all).does(APPROVE);
    assert!(allowed.does(APPROVE).case.draft.unwrap().approved);
    // Legal review has a person of its own, whatever the setting says, before and after
    for stages in [[Stage::Office, Stage::Legal], [Stage::Legal, Stage::Leader]] {
        let story = by(drafted(&stages, true), 7, &all).does(APPROVE);
        assert_eq!(story.refuses(&APPROVE), "same_approver", "{stages:?}");
    }
    // Signing is a step of the chain
    let signing = by(drafted(&[Stage::Office, Stage::Sign], false), 7, &all).does(APPROVE);
    assert_eq!(signing.refuses(&issue(1)), "same_approver");
    by(signing, 8, &all).does(issue(1));
}

#[test]
fn nobody_stands_in_for_the_author() {
    let mut story = by(drafted(&[Stage::Office], false), 7, &[Role::Officer, Role::Head]);
    let author = story.case.draft.as_ref().unwrap().drafter.unwrap();
    let lent = |absent| Deputyship { absent, name: "某人".to_owned(), roles: vec![Role::Head] };
    story.deputyships = vec![lent(author)];
    assert_eq!(story.refuses(&APPROVE), "own_draft");
    story.deputyships = vec![lent(person(9))];
    let story = story.does(APPROVE);
    let approval = &story.case.draft.as_ref().unwrap().approvals[0];
    assert_eq!((approval.by, approval.on_behalf_of), (Some(person(7)), Some(person(9))));
}

#[test]
fn the_rule_of_an_outcome_goes_before_the_common_chain() {
    let chains = ApprovalChains {
        rules: vec![ChainRule {
            outcomes: vec![Outcome::N1, Outcome::N2],
            stages: vec![Stage::Office, Stage::Legal],
        }],
        ..ApprovalChains::default()
    };
    assert_eq!(chains.faults(), []);
    assert_eq!(chains.chain(Outcome::N2).stages, [Stage::Office, Stage::Legal]);
    assert_eq!(chains.chain(Outcome::G1), Chain::default());
}

/// Entries as they were written before there were chains.
#[test]
fn ledgers_from_before_the_chain_replay() {
    let mut story = drafted(&[Stage::Office], false).by_head().does(APPROVE).does(issue(1));
    for entry in &mut story.ledger {
        let mut stored = serde_json::to_value(&entry.event).unwrap();
        for field in ["chain", "stage", "on_behalf_of"] {
            stored.as_object_mut().unwrap().remove(field);
        }
        let event: Event = serde_json::from_value(stored).unwrap();
        *entry = Entry { event, ..entry.clone() };
    }
    let again = Case::replay(Calendar::built_in(), &story.ledger).unwrap();
    assert_eq!(again.state(), story.state());
    assert_eq!(again.reply, story.case.reply);
    // Half way, it waits for its number as it always did
    story.ledger.pop();
    let half = Case::replay(Calendar::built_in(), &story.ledger).unwrap().draft.unwrap();
    assert!(half.approved && half.turn() == Role::Head);
}

proptest! {
    /// However the chain is set and whoever tries: a draft gets its number only after every step was
    /// taken by somebody with its role, never by its author, and nobody took two steps that must be
    /// apart.
    #[test]
    fn four_eyes_hold_on_every_chain(
        picked in proptest::sample::subsequence(Stage::ALL, 1..=4),
        several in any::<bool>(),
        tries in proptest::collection::vec((2u128..7, 0usize..4, any::<bool>()), 0..30),
    ) {
        prop_assume!(chains(&picked, several).unwrap().faults().is_empty());
        let mut story = drafted(&picked, several);
        let author = story.case.draft.as_ref().unwrap().drafter;
        for (who, role, issues) in tries {
            let roles = [[Role::Head], [Role::LegalReviewer], [Role::Leader], [Role::Signer]];
            // The first of them is the author's own account.
            story = by(story, if who == 2 { 1 } else { who }, &roles[role]);
            let command = if issues { issue(1) } else { APPROVE };
            if let Ok(decision) = story.tries(&command) {
                prop_assert!(issues || story.actor != author);
                story.append(decision);
            }
            let Some(draft) = &story.case.draft else { break };
            let taken: Vec<Stage> = draft.approvals.iter().map(|a| a.stage).collect();
            let wanted: Vec<Stage> = draft.chain.approvals().take(taken.len()).collect();
            prop_assert_eq!(taken, wanted);
            for (n, one) in draft.approvals.iter().enumerate() {
                for other in draft.approvals.iter().skip(n + 1) {
                    let apart = !several || [one, other].iter().any(|a| a.stage == Stage::Legal);
                    prop_assert!(!apart || one.by != other.by);
                }
            }
        }
        if let Some(reply) = &story.case.reply {
            let approved = story.ledger.iter().filter(|e| matches!(e.event, Event::DraftApproved { .. }));
            prop_assert_eq!(approved.count(), picked.iter().filter(|s| **s != Stage::Sign).count());
            prop_assert_eq!(reply.notice, Some(notice(1)));
        }
    }
}
