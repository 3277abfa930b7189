//! Ways around a rule: a ruling masked by another, a review that speaks of something else, money
//! that two requests hold. Each is closed here.

use gongkai::domain::calendar::Calendar;
use gongkai::domain::command::{Command, NotifyFee, ReferSecrecy};
use gongkai::domain::decide::{Decision, split};
use gongkai::domain::event::{Event, FeeScale, SecrecyFinding};
use gongkai::domain::ids::RequestId;
use gongkai::domain::item::SplitChild;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use uuid::Uuid;

use crate::samples::{command, content, items, released};
use crate::story::{Story, day, draft_of, notice};

/// A request in processing, two items listed, on 2026-03-03.
fn two_items() -> Story {
    Story::in_processing("03-02").on("03-03").does(Command::ListItems { items: items() })
}

fn decide(item: u16, outcome: Outcome) -> Command {
    Command::DecideItem { item, content: Box::new(content(outcome)) }
}

fn submit(outcome: Outcome) -> Command {
    draft_of(1, outcome)
}

fn approve() -> Command {
    Command::ApproveDraft { notice: notice(1) }
}

fn refer(id: &str, items: &[u16]) -> Command {
    Command::ReferSecrecy(ReferSecrecy {
        on: day("03-03"),
        id: id.to_owned(),
        items: items.to_vec(),
        authority: "宁安县国家保密局".to_owned(),
        question: "附图能否公开".to_owned(),
        notice: notice(4),
    })
}

fn ruled(id: &str, finding: SecrecyFinding) -> Command {
    Command::RecordSecrecyRuling {
        on: day("03-03"),
        id: id.to_owned(),
        finding,
        opinion: "经审查".to_owned(),
    }
}

/// The items `moved` as the request of their own that a split makes of them.
fn split_off(story: &Story, moved: &[u16]) -> Decision {
    let origin = split::Origin {
        request: RequestId(Uuid::from_u128(7)),
        number: "202600100001".to_owned(),
        case: &story.case,
        entries: &story.ledger,
        moved,
    };
    let texts = moved.iter().map(|n| story.case.item(*n).unwrap().text.clone()).collect();
    split::child(&origin, texts, &story.context()).unwrap()
}

/// The same as a story that goes on.
fn child(story: &Story, moved: &[u16]) -> Story {
    let decision = split_off(story, moved);
    let mut born = story.clone();
    (born.case, born.ledger) = (gongkai::domain::case::Case::empty(), Vec::new());
    born.append(decision);
    born
}

fn split(moved: &[u16]) -> Command {
    Command::SplitOff {
        children: vec![SplitChild {
            request: RequestId(Uuid::from_u128(8)),
            number: "202600100002".to_owned(),
            items: moved.to_vec(),
        }],
    }
}

/// 条例 17 ¶3.
#[test]
fn a_ruling_on_one_item_is_not_masked_by_a_milder_one_on_another() {
    let story = two_items().does(refer("a", &[1])).does(refer("b", &[2]));
    let story = story.does(ruled("a", SecrecyFinding::Secret));
    let story = story.does(ruled("b", SecrecyFinding::Releasable));
    for both in [&[1, 2][..], &[2, 1], &[]] {
        assert_eq!(story.refuses(&released(both)), "secrecy_ruling_forbids", "{both:?}");
    }
    assert!(story.tries(&released(&[2])).is_ok());
    // Asked again, the authority may change its mind, for the item it was asked about.
    let again = story.does(refer("c", &[1])).does(ruled("c", SecrecyFinding::Releasable));
    assert!(again.tries(&released(&[])).is_ok());
}

/// 条例 17 ¶3.
#[test]
fn a_ruling_follows_its_item_through_a_new_list() {
    let story = two_items().does(refer("a", &[1])).does(ruled("a", SecrecyFinding::Secret));
    let mut list = items();
    list.reverse();
    let turned = story.clone().does(Command::ListItems { items: list });
    assert_eq!(turned.refuses(&released(&[2])), "secrecy_ruling_forbids");
    assert!(turned.tries(&released(&[1])).is_ok());
    // In other words it is still what the authority was asked about, as far as anybody can tell.
    let mut list = items();
    list[0].title = "分配表（含附图）".to_owned();
    let reworded = story.does(Command::ListItems { items: list });
    assert_eq!(reworded.refuses(&released(&[1])), "secrecy_ruling_forbids");
}

/// 条例 17 ¶3; rulebook 1.2 k.
#[test]
fn a_split_takes_the_ruling_on_its_item_along_and_waits_for_one() {
    let asked = two_items().does(refer("a", &[2]));
    assert_eq!(asked.refuses(&split(&[2])), "split_too_late");
    let story = asked.does(ruled("a", SecrecyFinding::Secret));
    let part = child(&story, &[2]);
    assert_eq!(part.refuses(&released(&[1])), "secrecy_ruling_forbids");
    assert!(story.tries(&split(&[2])).is_ok());
    // A ruling on another item stays where that is.
    assert!(child(&story, &[1]).tries(&released(&[1])).is_ok());
}

/// 条例 17.
#[test]
fn an_item_listed_after_the_review_is_reviewed_itself() {
    let one = Command::ListItems { items: items()[..1].to_vec() };
    let story = Story::in_processing("03-02").on("03-03").does(one.clone()).does(released(&[1]));
    let kept = story.clone().does(decide(1, Outcome::G2)).does(submit(Outcome::G2)).by_head();
    assert!(kept.tries(&approve()).is_ok());
    // A second one joins, and the first goes its own way: what is left was never looked at.
    let both = story.clone().does(Command::ListItems { items: items() });
    let left = both.does(split(&[1])).does(decide(2, Outcome::G2));
    let left = left.does(submit(Outcome::G2)).by_head();
    assert_eq!(left.refuses(&approve()), "secrecy_review_missing");
    // Or another one takes its place.
    let other = story.does(Command::ListItems { items: items()[1..].to_vec() });
    let other = other.does(decide(1, Outcome::G2)).does(submit(Outcome::G2)).by_head();
    assert_eq!(other.refuses(&approve()), "secrecy_review_missing");
    // What was reviewed as a whole and is then listed as that one item stays reviewed.
    let whole = Story::in_processing("03-02").on("03-03").does(released(&[])).does(one);
    let whole = whole.does(decide(1, Outcome::G2)).does(submit(Outcome::G2)).by_head();
    assert!(whole.tries(&approve()).is_ok());
}

fn fee(amount_fen: i64) -> Command {
    fee_for(amount_fen, &["甲", "乙"])
}

fn fee_for(amount_fen: i64, units: &[&str]) -> Command {
    Command::NotifyFee(NotifyFee {
        on: day("03-03"),
        scale: FeeScale::Items,
        amount_fen,
        served_on: Some(day("03-03")),
        units: units.iter().map(|&unit| unit.to_owned()).collect(),
        pages: None,
        why: String::new(),
        before: 10,
        notice: notice(5),
    })
}

/// 109号 art. 4, 8, 9.
#[test]
fn a_fee_stays_with_the_request_that_paid_it_when_items_are_split_off() {
    let paid = Command::RecordPayment {
        on: day("03-03"),
        amount_fen: 20_000,
        proof: "缴款书".to_owned(),
        remark: String::new(),
    };
    let story = two_items().does(fee(20_000)).does(paid);
    let part = child(&story, &[2]);
    // The limit of the part is that of the whole, anew from the payment
    let due = |story: &Story| story.case.projection(Calendar::built_in()).due_on;
    assert_eq!(due(&part), due(&story));
    assert_eq!(due(&part), Some(day("03-31")));
    // The money is held, and can go back, once; its units are counted once
    let held = |story: &Story| story.case.fee.as_ref().map_or(0, |fee| fee.held_fen());
    assert_eq!((held(&story), held(&part)), (20_000, 0));
    assert_eq!((story.case.fee_units(), part.case.fee_units()), (2, 0));
    assert_eq!(part.refuses(&command(Action::RefundFee, "03-03")), "wrong_state");
    let told = |story: &Story| -> i64 {
        let amount = |event: &Event| match event {
            Event::FeeNotified { amount_fen, .. } | Event::FeePaid { amount_fen, .. } => {
                *amount_fen
            }
            _ => 0,
        };
        story.ledger.iter().map(|entry| amount(&entry.event)).sum()
    };
    assert_eq!((told(&story), told(&part)), (40_000, 0));
    // And nobody is asked to pay for it again
    assert_eq!(part.refuses(&fee_for(10_000, &["乙"])), "fee_above_lawful");
}
