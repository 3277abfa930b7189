//! Items of a request in the ledger: listed, searched for, decided, reviewed, split.

use gongkai::domain::calendar::Calendar;
use gongkai::domain::command::{Command, Consult, LinkRequest, ReferSecrecy};
use gongkai::domain::consultation::AgencyClock;
use gongkai::domain::decide::split;
use gongkai::domain::event::{Event, SecrecyFinding};
use gongkai::domain::ids::RequestId;
use gongkai::domain::item::{EarlierRequest, RightsCheck, SplitChild};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::state::State;
use uuid::Uuid;

use crate::samples::{command, content, items, released, search};
use crate::story::{Story, assign, day, draft_of, head, issue, notice, reviewer};

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

#[test]
fn a_reply_waits_until_every_item_is_decided_and_counts_what_they_amount_to() {
    let story = two_items();
    assert_eq!(story.refuses(&submit(Outcome::G2)), "items_undecided");
    let story = story.does(decide(1, Outcome::G2));
    let refusal = story.refusal(&submit(Outcome::G2));
    assert_eq!(refusal.to_string(), "还有事项没有确定处理结果：第2项");
    let story = story.does(decide(2, Outcome::N6));
    // 区分处理的，只计这一情形.
    for wrong in [Outcome::G2, Outcome::N6] {
        let refusal = story.refusal(&submit(wrong));
        assert_eq!(
            (refusal.code(), refusal.field()),
            ("outcome_contradicts_items", Some("outcome"))
        );
        assert_eq!(refusal.article(), Some("《政府信息公开条例》第三十七条"));
    }
    let story = story.does(released(&[1])).does(submit(Outcome::P1));
    let story = story.by_head().does(approve()).does(issue(1)).by_officer();
    let story = story.does(command(Action::RecordDispatch, "03-03"));
    assert_eq!(story.case.outcome, Some(Outcome::P1));
}

#[test]
fn only_what_is_released_needs_its_review_and_each_item_its_own() {
    let story = two_items().does(decide(1, Outcome::G2)).does(decide(2, Outcome::G2));
    let story = story.does(submit(Outcome::G2)).by_head();
    // The review of one item says nothing of the other.
    let story = story.does(released(&[1]));
    let refusal = story.refusal(&approve());
    assert_eq!(refusal.code(), "secrecy_review_missing");
    assert_eq!(refusal.article(), Some("《政府信息公开条例》第十七条"));
    let story = story.does(released(&[2])).does(approve());
    assert!(story.case.draft.as_ref().is_some_and(|draft| draft.approved));
    // A refusal hands over nothing.
    let story = two_items().does(decide(1, Outcome::N5)).does(decide(2, Outcome::N6));
    let story = story.does(submit(Outcome::N5)).by_head().does(approve());
    assert!(story.case.draft.is_some());
}

#[test]
fn rights_of_others_keep_an_item_in_the_house() {
    let review = |third_party, personal_data| Command::ReviewRelease {
        items: vec![1],
        finding: SecrecyFinding::Releasable,
        opinion: "逐件审查".to_owned(),
        third_party,
        personal_data,
    };
    let story = two_items().does(decide(1, Outcome::G2)).does(decide(2, Outcome::N6));
    let story = story.does(submit(Outcome::P1)).by_head();
    for (third_party, personal_data) in [
        (RightsCheck::Withheld, RightsCheck::NotConcerned),
        (RightsCheck::Redacted, RightsCheck::Withheld),
    ] {
        let story = story.clone().does(review(third_party, personal_data));
        assert_eq!(story.refuses(&approve()), "rights_forbid_release");
    }
    // nor is a consent believed that nobody gave, or an objection overruled that nobody heard
    for unheard in [RightsCheck::Consented, RightsCheck::Overridden] {
        let review = review(unheard, RightsCheck::Redacted);
        assert_eq!(story.refuses(&review), "third_party_unheard");
    }
    let story = story.does(review(RightsCheck::Redacted, RightsCheck::Redacted));
    assert!(story.tries(&approve()).is_ok());
}

#[test]
fn nobody_reviews_the_release_of_an_own_reply() {
    // Given a head who reviews, and whose own draft it is
    let mut story = two_items().does(decide(1, Outcome::G2)).does(decide(2, Outcome::N6));
    story = story.does(released(&[1]));
    (story.actor, story.roles) = (Some(reviewer()), vec![Role::Head]);
    let mut story = story.does(submit(Outcome::P1));
    (story.actor, story.roles) = (Some(head()), vec![Role::Head]);
    // Then the reply cannot be approved, whoever approves
    assert_eq!(story.refuses(&approve()), "own_secrecy_review");
    // And at the counter nobody hands over what they reviewed themselves
    let mut story = Story::received("03-02").by_officer().does(assign());
    story = story.does(crate::story::reviewed());
    let answer = Command::AnswerOnTheSpot {
        on: day("03-02"),
        outcome: Outcome::G2,
        text: "当场提供复印件".to_owned(),
        proof: "签字的答复记录".to_owned(),
    };
    assert!(story.tries(&answer).is_ok());
    story.actor = Some(reviewer());
    assert_eq!(story.refuses(&answer), "own_secrecy_review");
}

#[test]
fn what_was_laid_before_the_authority_waits_for_its_answer_and_stays_within_it() {
    let refer = |id: &str| {
        Command::ReferSecrecy(ReferSecrecy {
            on: day("03-03"),
            id: id.to_owned(),
            items: vec![1],
            authority: "宁安县国家保密局".to_owned(),
            question: "附图能否公开".to_owned(),
            notice: notice(4),
        })
    };
    let ruled = |finding| Command::RecordSecrecyRuling {
        on: day("03-03"),
        id: "s".to_owned(),
        finding,
        opinion: "经审查".to_owned(),
    };
    let story = two_items().does(decide(1, Outcome::G2)).does(decide(2, Outcome::G1));
    // A doubt takes an earlier finding back.
    let story = story.does(released(&[1])).does(refer("s"));
    assert_eq!(story.state(), State::SecrecyReview);
    assert_eq!(story.refuses(&refer("s")), "duplicate");
    let story = story.does(submit(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "secrecy_referral_open");
    let secret = story.clone().does(ruled(SecrecyFinding::Secret));
    assert_eq!(secret.refuses(&approve()), "secrecy_review_missing");
    let refusal = secret.refusal(&released(&[1]));
    assert_eq!((refusal.code(), refusal.field()), ("secrecy_ruling_forbids", Some("finding")));
    let story = story.does(ruled(SecrecyFinding::Releasable)).does(released(&[1]));
    assert!(story.tries(&approve()).is_ok());
    assert_eq!(story.refuses(&ruled(SecrecyFinding::Secret)), "wrong_state", "answered already");
}

#[test]
fn nothing_is_said_not_to_exist_without_a_search_on_record() {
    let story = two_items();
    let refusal = story.refusal(&decide(2, Outcome::U1));
    assert_eq!((refusal.code(), refusal.field()), ("search_record_missing", Some("search")));
    assert_eq!(refusal.article(), Some("《政府信息公开条例》第三十六条第四项"));
    let plain = Story::in_processing("03-02").on("03-03");
    let submitted = plain.tries_alone(&submit(Outcome::U1)).err().map(|refusal| refusal.code());
    assert_eq!(submitted, Some("search_record_missing"));
    // A search for another item is none for this one.
    let record = |item, search| Command::RecordSearch { item, search };
    let story = story.does(record(Some(1), search()));
    assert_eq!(story.refuses(&decide(2, Outcome::U1)), "search_record_missing");
    let story = story.does(record(Some(2), search())).does(decide(2, Outcome::U1));
    // And the reply says what the record says.
    let decided = story.case.item(2).and_then(|item| item.decision.clone()).unwrap();
    assert_eq!(decided.search, Some(search()));
    // Half a record is none.
    let mut half = search();
    half.keywords.clear();
    let refusal = story.refusal(&record(None, half));
    assert_eq!((refusal.code(), refusal.field()), ("text_missing", Some("search.keywords")));
}

#[test]
fn a_correction_and_a_remand_take_back_what_was_found_but_not_the_list() {
    let found = two_items().does(command(Action::RecordSearch, "03-03"));
    let found = found.does(decide(1, Outcome::G2)).does(released(&[1]));
    let asked = found.does(command(Action::AskCorrection, "03-03"));
    let story = asked.does(command(Action::RecordCorrection, "03-03"));
    assert_eq!(story.case.items.len(), 2);
    let item = story.case.item(1).unwrap();
    assert_eq!((item.outcome(), &item.clearance), (None, &None));
    assert!(story.case.searched(Some(1)).is_none());
}

#[test]
fn an_item_listed_anew_with_the_same_words_keeps_what_was_found() {
    let story = two_items().does(decide(1, Outcome::G1)).does(decide(2, Outcome::N6));
    let mut list = items();
    list[1].title = "会议纪要".to_owned();
    let story = story.does(Command::ListItems { items: list });
    let outcomes: Vec<_> = story.case.items.iter().map(|item| item.outcome()).collect();
    assert_eq!(outcomes, [Some(Outcome::G1), None]);
}

#[test]
fn a_repeated_request_names_the_earlier_reply_and_an_open_one_is_no_ground() {
    let link = |replied_on| {
        Command::LinkRequest(LinkRequest {
            relation: gongkai::domain::item::Relation::Repeats,
            number: "202600100001".to_owned(),
            reply_number: String::new(),
            replied_on: None,
            evidence_file: None,
            known: Some(Box::new(EarlierRequest {
                request: Some(RequestId(Uuid::from_u128(7))),
                number: "202600100001".to_owned(),
                reply_number: "宁财依复〔2026〕第9号".to_owned(),
                replied_on,
                same_applicant: Some(true),
                evidence_file: None,
            })),
        })
    };
    let mut repeated = content(Outcome::X2);
    repeated.earlier_reply.clear();
    let decide = Command::DecideItem { item: 1, content: Box::new(repeated) };
    let open = two_items().does(link(None));
    assert_eq!(open.refuses(&decide), "repeat_unfounded");
    let story = two_items().does(link(Some(day("02-10")))).does(decide);
    let decided = story.case.item(1).and_then(|item| item.decision.clone()).unwrap();
    let words = "2026年2月10日作出的答复（宁财依复〔2026〕第9号，登记编号202600100001）";
    assert_eq!(decided.earlier_reply, words);
    assert_eq!(story.refuses(&link(None)), "duplicate");
}

fn child(items: &[u16]) -> SplitChild {
    SplitChild {
        request: RequestId(Uuid::from_u128(8)),
        number: "202600100002".to_owned(),
        items: items.to_vec(),
    }
}

#[test]
fn a_split_leaves_something_and_moves_nothing_twice() {
    let split = |parts: &[&[u16]]| Command::SplitOff {
        children: parts.iter().map(|items| child(items)).collect(),
    };
    let story = two_items();
    for parts in [&[][..], &[&[][..]], &[&[1, 2]], &[&[2], &[2]]] {
        let refusal = story.refusal(&split(parts));
        assert_eq!((refusal.code(), refusal.field()), ("split_unfit", Some("parts")), "{parts:?}");
    }
    assert_eq!(story.refuses(&split(&[&[3]])), "unknown_item");
    let consulting = story.clone().does(command(Action::Consult, "03-03"));
    assert_eq!(consulting.refuses(&split(&[&[2]])), "split_too_late");
    let story = story.does(split(&[&[2]]));
    assert_eq!(story.case.items.iter().map(|item| item.n).collect::<Vec<_>>(), [1]);
    assert_eq!(story.refuses(&split(&[&[1]])), "wrong_state", "one item cannot be split");
}

#[test]
fn every_part_of_a_split_keeps_receipt_date_and_limit_of_the_whole() {
    // Given a request whose limit was moved by a correction, a consultation and an extension
    let mut story = Story::in_processing("03-02").on("03-03");
    for action in [Action::AskCorrection, Action::RecordCorrection] {
        story = story.does(command(action, "03-03"));
    }
    story = story.does(Command::PassExamination).does(Command::Consult(Consult {
        on: day("03-03"),
        id: "c".to_owned(),
        party: gongkai::domain::event::Party::ThirdParty,
        addressee: "某公司".to_owned(),
        jointly_made: false,
        items: Vec::new(),
        letter: gongkai::domain::consultation::Letter::default(),
        notice: notice(7),
        told: notice(8),
        clock: AgencyClock::default(),
    }));
    story = story.on("03-05").does(command(Action::RecordOpinion, "03-05"));
    story = story.does(command(Action::AskExtension, "03-05")).by_head();
    story = story.does(Command::ConsentExtension).does(command(Action::TellExtension, "03-05"));
    story = story.does(Command::ListItems { items: items() });
    // When its second item becomes a request of its own
    let origin = split::Origin {
        request: RequestId(Uuid::from_u128(7)),
        number: "202600100001".to_owned(),
        case: &story.case,
        entries: &story.ledger,
        moved: &[2],
    };
    let part = split::child(&origin, items()[1..].to_vec(), &story.context()).unwrap().case;
    // Then all its dates are those of the request it came from
    let (whole, part) =
        (story.case.projection(Calendar::built_in()), part.projection(Calendar::built_in()));
    assert_eq!(whole.received_on, Some(day("03-02")));
    assert_ne!(whole.due_on, Some(day("03-30")), "the limit was moved");
    assert_eq!(
        (part.received_on, part.anchor_on, part.due_on, part.state, part.officer, part.defects),
        (
            whole.received_on,
            whole.anchor_on,
            whole.due_on,
            whole.state,
            whole.officer,
            whole.defects
        )
    );
}

/// As offices entered it before: one finding for the whole request.
pub fn reviewed_for_secrecy_alone() -> Story {
    Story::in_processing("03-02").recorded(Event::SecrecyReviewed {
        finding: SecrecyFinding::Releasable,
        opinion: "逐件审查，不涉密".to_owned(),
    })
}

#[test]
fn an_old_ledger_with_one_finding_on_secrecy_is_read_and_wants_the_rights_of_others_reviewed() {
    let story = reviewed_for_secrecy_alone();
    assert!(story.has(|event| matches!(event, Event::SecrecyReviewed { .. })));
    assert_eq!(story.case.secrecy_finding, Some(SecrecyFinding::Releasable));
    let story = story.does(submit(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "rights_review_missing");
}
