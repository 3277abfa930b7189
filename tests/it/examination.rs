//! The seven-step review and the counted outcome: pure rules, walked through as a whole.

use std::collections::BTreeSet;

use gongkai::domain::counted::counted;
use gongkai::domain::examination::{
    Answer, Answered, Question, Step, choices, findings, fits, review,
};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use proptest::prelude::*;

fn given(answers: &[(Question, Answer)]) -> Vec<Answered> {
    let answered = |(question, answer): &(Question, Answer)| Answered {
        question: *question,
        answer: *answer,
        note: String::new(),
    };
    answers.iter().map(answered).collect()
}

/// Every way through the review, to its end.
fn ways() -> Vec<Vec<(Question, Answer)>> {
    let (mut open, mut done) = (vec![Vec::new()], Vec::new());
    while let Some(way) = open.pop() {
        match review(&given(&way)).next {
            None => done.push(way),
            Some(question) => {
                for choice in choices(question) {
                    open.push([&way[..], &[(question, choice.answer)]].concat());
                }
            }
        }
    }
    done
}

#[test]
fn every_way_through_the_review_ends_in_a_proposal_with_its_article() {
    let ways = ways();
    assert!(ways.len() > 30, "{}", ways.len());
    for way in &ways {
        let review = review(&given(way));
        let proposal = review.proposal.unwrap_or_else(|| panic!("{way:?} proposes nothing"));
        assert!(proposal.article.starts_with('第'), "{way:?}");
        assert!(proposal.outcome.is_some() || proposal.first.is_some(), "{way:?}");
        assert_eq!(review.path.len(), way.len());
    }
}

#[test]
fn the_steps_come_in_their_order_and_every_outcome_can_be_reached() {
    let mut reached = BTreeSet::new();
    for way in ways() {
        let steps: Vec<Step> = way.iter().map(|(question, _)| question.step()).collect();
        assert!(steps.is_sorted(), "{steps:?}");
        reached.extend(review(&given(&way)).proposal.and_then(|proposal| proposal.outcome));
    }
    let told: BTreeSet<_> = Outcome::ALL.iter().copied().filter(|o| o.is_drafted()).collect();
    assert_eq!(reached, told);
}

#[test]
fn the_review_leads_where_the_statute_does() {
    use Answer as A;
    use Question as Q;
    let held = [
        (Q::Clear, A::Yes),
        (Q::Information, A::Yes),
        (Q::Before, A::No),
        (Q::Responsible, A::Own),
        (Q::Held, A::Yes),
        (Q::Published, A::No),
    ];
    let end = |more: &[(Q, A)]| review(&given(&[&held[..], more].concat())).proposal.unwrap();
    // Nothing against it: released after its secrecy review.
    let released = end(&[(Q::Ground, A::None), (Q::Manner, A::Yes)]);
    assert_eq!(
        (released.outcome, released.first),
        (Some(Outcome::G2), Some(Action::ReviewRelease))
    );
    // A ground against it leads on to what can be given all the same.
    let secret = end(&[(Q::Ground, A::StateSecret), (Q::Separable, A::No)]);
    assert_eq!(
        (secret.outcome, secret.article.as_str()),
        (Some(Outcome::N1), "第十四条、第三十六条第三项")
    );
    let partly = end(&[(Q::Ground, A::StateSecret), (Q::Separable, A::Yes)]);
    assert_eq!((partly.outcome, partly.article.as_str()), (Some(Outcome::P1), "第三十七条"));
    // A third party's objection is weighed before it is a ground.
    let objects = [(Q::Ground, A::Rights), (Q::ThirdParty, A::Objects), (Q::Separable, A::No)];
    assert_eq!(end(&objects).outcome, Some(Outcome::N4));
    // Not found: the search comes before the reply.
    let missing = review(&given(&[&held[..4], &[(Q::Held, A::NotFound)]].concat()));
    let proposal = missing.proposal.unwrap();
    assert_eq!((proposal.outcome, proposal.first), (Some(Outcome::U1), Some(Action::RecordSearch)));
    // Unclear: a correction before any outcome.
    let unclear = review(&given(&[(Q::Clear, A::No)])).proposal.unwrap();
    assert_eq!((unclear.outcome, unclear.first), (None, Some(Action::AskCorrection)));
}

#[test]
fn a_later_answer_replaces_an_earlier_one_and_what_hung_on_it() {
    let answers = given(&[
        (Question::Clear, Answer::Yes),
        (Question::Information, Answer::Petition),
        (Question::Information, Answer::Yes),
    ]);
    let review = review(&answers);
    assert_eq!((review.next, &review.proposal), (Some(Question::Before), &None));
    assert_eq!(review.path.len(), 2);
    assert!(!fits(Question::Clear, Answer::Petition));
}

#[test]
fn a_decision_the_answers_do_not_bear_out_is_told() {
    let code = |answers: &[(Question, Answer)], outcome| {
        let found = findings(&review(&given(answers)), outcome);
        found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let petition = [(Question::Clear, Answer::Yes), (Question::Information, Answer::Petition)];
    assert_eq!(code(&petition, Outcome::X1), Vec::<String>::new());
    assert_eq!(code(&petition, Outcome::N6), ["review_contradicts"]);
    assert_eq!(code(&petition[..1], Outcome::X1), ["review_incomplete"]);
    assert_eq!(code(&[(Question::Clear, Answer::No)], Outcome::U4), ["review_wants_step"]);
    assert_eq!(code(&[], Outcome::G2), Vec::<String>::new(), "nobody reviewed anything");
}

#[test]
fn a_mixed_letter_counts_as_partial_disclosure_only() {
    use Outcome::{G1, G2, N1, N6, P1, U1, U2, X2};
    for (items, count) in [
        (&[G2][..], Some(G2)),
        (&[G1, G2], Some(G2)),
        (&[G1, G1], Some(G1)),
        (&[G2, N1], Some(P1)),
        (&[G1, U1], Some(P1)),
        (&[P1, P1], Some(P1)),
        (&[P1, N6, X2], Some(P1)),
        (&[N6, N1], Some(N1)),
        (&[U1, N6], Some(N6)),
        (&[X2, U2, U1], Some(U1)),
        (&[], None),
    ] {
        assert_eq!(counted(items), count, "{items:?}");
    }
}

proptest! {
    /// Whatever the order of the items, the request stands in one row, and that is a row of an item
    /// or the row of partial disclosure.
    #[test]
    fn the_order_of_the_items_plays_no_part(
        mut items in prop::collection::vec(prop::sample::select(Outcome::ALL), 1..12),
        turn in 0_usize..12,
    ) {
        let count = counted(&items).unwrap();
        prop_assert!(items.contains(&count) || count == Outcome::P1);
        let gives = |o: &Outcome| matches!(o, Outcome::G1 | Outcome::G2 | Outcome::P1);
        let (some, all) = (items.iter().any(gives), items.iter().all(gives));
        prop_assert_eq!(count == Outcome::P1, (some && !all) || items.contains(&Outcome::P1));
        let n = turn % items.len();
        items.rotate_left(n);
        prop_assert_eq!(counted(&items), Some(count));
        items.reverse();
        prop_assert_eq!(counted(&items), Some(count));
    }
}
