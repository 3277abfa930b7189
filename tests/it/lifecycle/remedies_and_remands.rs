//! Reconsideration and suit: opened at any time, never lost, and what an order to reply anew does.

use gongkai::domain::calendar::Calendar;
use gongkai::domain::case::{Case, Governing};
use gongkai::domain::command::{
    AnswerRemedy, Claimant, Command, Consult, DecideRemedy, OpenRemedy, Remand, RemedyEnding,
    RemedyKindOpened, RemedyProcedure, RemedyResult,
};
use gongkai::domain::consultation::AgencyClock;
use gongkai::domain::event::{Event, Party};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::remedy::{AnswerTerm, WindowKind, windows};
use gongkai::domain::state::State;
use serde_json::json;

use crate::samples::remedies::{answered, opened};
use crate::samples::{case_in, command, remedies};
use crate::story::{Story, day, draft_of, notice, reviewed};

fn open(on: &str) -> Command {
    opened("r", day(on))
}

fn decided(on: &str) -> Command {
    remedies::decided("r", day(on), RemedyResult::Corrected)
}

fn remand(on: &str, working_days: u16) -> Command {
    let (decision, remedy) = ("宁复决〔2026〕9号".to_owned(), "r".to_owned());
    Command::Remand(Remand { on: day(on), working_days, decision, remedy })
}

/// The head enters what the decision orders.
fn ordered(story: Story, on: &str, working_days: u16) -> Story {
    story.does(decided(on)).by_head().does(remand(on, working_days))
}

/// The notice of a body, with everything but what matters left as usual.
fn notified(change: impl FnOnce(&mut OpenRemedy)) -> Command {
    let Command::OpenRemedy(mut opened) = open("03-20") else { unreachable!() };
    change(&mut opened);
    Command::OpenRemedy(opened)
}

fn ended(change: impl FnOnce(&mut DecideRemedy)) -> Command {
    let Command::DecideRemedy(mut ended) = decided("03-20") else { unreachable!() };
    change(&mut ended);
    Command::DecideRemedy(ended)
}

#[test]
fn a_remedy_can_be_opened_and_decided_wherever_the_case_stands() {
    for state in State::ALL {
        let story = case_in(*state);
        let story = if *state == State::UnderRemedy { story } else { story.does(open("03-20")) };
        assert_eq!(story.refuses(&open("03-20")), "duplicate");
        let story = story.does(decided("03-20"));
        assert!(!story.case.under_remedy(), "{state}");
        assert_eq!(story.refuses(&decided("03-20")), "wrong_state");
    }
}

#[test]
fn a_remedy_shows_once_nothing_is_left_to_serve_and_does_not_stop_the_work() {
    let posted = case_in(State::Dispatched).does(open("03-20"));
    assert_eq!(posted.state(), State::Dispatched, "proof of service is still owed");
    let served = posted.does(command(Action::RecordService, "03-20"));
    assert_eq!(served.state(), State::UnderRemedy);
    let closed = served.does(Command::Close);
    assert_eq!(closed.state(), State::UnderRemedy);
    assert_eq!(closed.refuses(&command(Action::Archive, "03-20")), "remedy_open");
    let decided = closed.does(decided("03-20"));
    assert_eq!(decided.state(), State::Closed);
    assert_eq!(decided.does(command(Action::Archive, "03-20")).state(), State::Archived);
}

#[test]
fn a_remedy_does_not_close_a_case_that_was_never_served() {
    let story = case_in(State::Dispatched).does(open("03-20")).does(decided("03-20"));
    assert_eq!(story.refuses(&Command::Close), "wrong_state");
}

#[test]
fn a_remedy_brings_the_file_back_from_the_archive() {
    let story = case_in(State::Archived).does(open("03-20"));
    assert_eq!(story.state(), State::UnderRemedy);
    assert_eq!(story.does(decided("03-20")).state(), State::Closed);
}

#[test]
fn an_order_to_reply_anew_has_its_own_allowance_and_starts_over() {
    let story = case_in(State::Closed).does(open("03-20")).on("06-25");
    let story = ordered(story, "06-25", 20);
    // 20 working days from 2026-06-25.
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-23"))));
    assert_eq!((story.case.outcome, story.case.closed_on), (None, None));
    assert_eq!(story.case.reply, None);
    // The old secrecy review does not carry over.
    let story = story.by_officer().does(draft_of(5, Outcome::G2));
    let approve = Command::ApproveDraft { notice: notice(5) };
    assert_eq!(story.by_head().refuses(&approve), "secrecy_review_missing");
}

#[test]
fn an_order_in_an_open_case_replaces_the_limit_and_leaves_nothing_hanging() {
    // A fee is awaited when the order against inaction comes, or a third party is silent.
    let story = Story::in_processing("03-02").does(command(Action::NotifyFee, "03-02"));
    let story = ordered(story.on("06-25").does(open("06-01")), "06-25", 10);
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-09"))));
    assert_eq!(story.case.fee_open_fen, None);
    let asked = Story::in_processing("03-02")
        .does(Command::Consult(Consult {
            on: day("03-02"),
            id: "c".to_owned(),
            party: Party::ThirdParty,
            addressee: "某公司".to_owned(),
            jointly_made: false,
            items: Vec::new(),
            letter: Default::default(),
            notice: notice(7),
            told: notice(8),
            clock: AgencyClock::default(),
        }))
        .on("06-25")
        .does(open("06-01"));
    let story = ordered(asked, "06-25", 10);
    assert_eq!((story.state(), story.due()), (State::ThirdPartyPending, Some(day("07-09"))));
    let story = story.does(command(Action::AbandonConsultation, "06-25")).does(reviewed());
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-09"))));
}

#[test]
fn an_order_is_refused_without_remedy_out_of_range_or_older_than_the_reply() {
    assert_eq!(case_in(State::Closed).refuses(&remand("03-20", 20)), "wrong_state");
    let open = case_in(State::Closed).does(open("03-20"));
    // Nothing is ordered before the body has decided …
    assert_eq!(open.clone().by_head().refuses(&remand("03-20", 20)), "wrong_state");
    // … nor by a decision that upholds the reply
    let upheld = remedies::decided("r", day("03-20"), RemedyResult::Upheld);
    assert_eq!(open.clone().does(upheld).by_head().refuses(&remand("03-20", 20)), "wrong_state");
    let story = open.does(decided("03-20"));
    let story = story.by_head();
    assert_eq!(story.refuses(&remand("03-20", 0)), "out_of_range");
    assert_eq!(story.refuses(&remand("03-20", 241)), "out_of_range");
    // The reply left on 03-03: an order of 03-02 was fulfilled by it.
    assert_eq!(story.refuses(&remand("03-02", 20)), "date_too_early");
    assert_eq!(story.refuses(&remand("03-19", 20)), "date_too_early");
    // One order, one limit
    let story = story.does(remand("03-20", 20));
    assert_eq!(story.refuses(&remand("03-20", 240)), "wrong_state");
    let other = story.does(opened("s", day("03-20"))).does(remedies::decided(
        "s",
        day("03-20"),
        RemedyResult::Corrected,
    ));
    let again = other.refusal(&remand("03-20", 240));
    assert_eq!((again.code(), again.field()), ("no_order", Some("remedy")));
}

#[test]
fn a_suit_over_a_reconsideration_needs_one_and_after_one_no_suit_is_direct() {
    let over = |kind: RemedyKindOpened, id: &str| {
        notified(|opened| (opened.id, opened.remedy) = (id.to_owned(), kind))
    };
    let after = over(RemedyKindOpened::SuitAfterReconsideration, "s");
    let direct = over(RemedyKindOpened::Suit, "s");
    let story = case_in(State::Closed);
    assert_eq!(story.refuses(&after), "reconsideration_missing");
    let running = story.does(open("03-20"));
    assert_eq!(running.refuses(&after), "reconsideration_missing");
    let upheld = running.clone().does(remedies::decided("r", day("03-20"), RemedyResult::Upheld));
    assert_eq!(upheld.refuses(&direct), "reply_already_reviewed");
    assert_eq!(upheld.does(after.clone()).case.remedies.len(), 2);
    // What was never heard on its substance bars no suit.
    let unheard = ended(|end| {
        (end.result, end.ending) = (RemedyResult::Other, Some(RemedyEnding::Inadmissible));
    });
    assert_eq!(running.does(unheard).does(direct).case.remedies.len(), 2);
}

#[test]
fn a_numbered_reply_is_sent_or_voided_before_an_order_is_taken() {
    let story = case_in(State::Issued).does(open("03-20")).does(decided("03-20")).by_head();
    assert_eq!(story.refuses(&remand("03-20", 20)), "wrong_state");
    let story = story.does(command(Action::VoidNumber, "03-20"));
    assert_eq!(story.does(remand("03-20", 20)).state(), State::Processing);
}

#[test]
fn a_decision_cannot_be_older_than_the_remedy() {
    let story = case_in(State::Closed).does(open("03-20"));
    assert_eq!(story.refuses(&decided("03-19")), "date_too_early");
}

/// Source: 行政复议法 art. 48, 54, 88; 行政诉讼法 art. 67.
#[test]
fn each_procedure_has_its_own_time_to_answer() {
    let last = |term: AnswerTerm, on| term.last_day(Calendar::built_in(), day(on)).unwrap().on;
    // Tomb-Sweeping: 4 to 6 April 2026 are off.
    assert_eq!(last(AnswerTerm::SimplifiedReview, "03-30"), day("04-07"));
    assert_eq!(last(AnswerTerm::OrdinaryReview, "03-30"), day("04-14"));
    assert_eq!(last(AnswerTerm::Suit, "03-30"), day("04-14"));
    // Fifteen days that end on a Saturday end on the Monday.
    assert_eq!(last(AnswerTerm::Suit, "03-06"), day("03-23"));
    // Over New Year 2027 nobody has arranged the days off yet.
    assert!(AnswerTerm::Suit.last_day(Calendar::built_in(), day("2026-12-20")).unwrap().estimated);
}

#[test]
fn the_time_to_answer_presses_until_the_answer_is_on_record() {
    let projection = |story: &Story| story.case.projection(Calendar::built_in());
    let served = case_in(State::Served).does(open("03-20"));
    let pressing = projection(&served);
    assert_eq!(pressing.governing, Some(Governing::RemedyAnswer));
    assert_eq!(pressing.queue_on, Some(day("03-27")));
    let answered = served.does(answered("r", day("03-20")));
    assert_eq!((projection(&answered).governing, projection(&answered).defects.len()), (None, 0));
    // In a case that waits for its reply, the earlier of both dates presses.
    let open_case = case_in(State::Processing).does(open("03-20"));
    assert_eq!(projection(&open_case).governing, Some(Governing::RemedyAnswer));
    let later = case_in(State::Processing).does(notified(|opened| {
        opened.procedure = Some(RemedyProcedure::Ordinary);
    }));
    assert_eq!(projection(&later).governing, Some(Governing::Reply), "03-30 before 04-03");
}

#[test]
fn a_late_answer_and_a_missing_one_are_defects_and_no_refusals() {
    // Announced on 03-20, five working days end on 03-27.
    let story = || case_in(State::Closed).does(open("03-20")).on("04-08");
    assert_eq!(story().does(answered("r", day("03-27"))).defects(), [""; 0]);
    let late = story().does(answered("r", day("03-30")));
    assert_eq!(late.defects(), ["remedy_answer_late"]);
    // What is on record stays: nobody answers twice.
    assert_eq!(late.refuses(&answered("r", day("03-27"))), "wrong_state");
    assert_eq!(story().does(decided("04-07")).defects(), ["remedy_answer_missing"]);
    // Whoever withdraws within the time leaves nothing to answer.
    let withdrawn = ended(|end| {
        (end.on, end.result) = (day("03-27"), RemedyResult::Other);
        end.ending = Some(RemedyEnding::Withdrawn);
    });
    assert_eq!(story().does(withdrawn).defects(), [""; 0]);
}

#[test]
fn an_answer_says_what_went_to_the_body_and_is_no_older_than_its_notice() {
    let story = case_in(State::Closed).does(open("03-18"));
    assert_eq!(story.refuses(&answered("r", day("03-17"))), "date_too_early");
    assert_eq!(story.refuses(&answered("other", day("03-18"))), "wrong_state");
    let without = Command::AnswerRemedy(AnswerRemedy {
        on: day("03-18"),
        id: "r".to_owned(),
        document: "答复书".to_owned(),
        evidence: " ".to_owned(),
    });
    assert_eq!(story.refuses(&without), "text_missing");
}

#[test]
fn a_reconsideration_comes_with_its_procedure_and_a_stranger_with_a_name() {
    let story = case_in(State::Closed);
    assert_eq!(story.refuses(&notified(|opened| opened.procedure = None)), "text_missing");
    let third = || notified(|opened| opened.claimant = Some(Claimant::ThirdParty));
    assert_eq!(story.refuses(&third()), "text_missing");
    let suit = notified(|opened| {
        (opened.procedure, opened.remedy) = (None, RemedyKindOpened::Suit);
        // The applicant's name stands in the application; it is not repeated here.
        opened.claimant_name = "王小明".to_owned();
    });
    let story = story.does(suit);
    let remedy = story.case.remedy("r").unwrap();
    assert_eq!((remedy.term, remedy.claimant_name.as_str()), (Some(AnswerTerm::Suit), ""));
}

#[test]
fn remedies_follow_one_another_and_none_is_overwritten() {
    let upheld = ended(|end| end.result = RemedyResult::Upheld);
    let story = case_in(State::Closed).does(open("03-20")).does(answered("r", day("03-20")));
    let story = story.does(upheld).on("04-02");
    let suit = notified(|opened| {
        (opened.id, opened.on) = ("行初1号".to_owned(), day("04-01"));
        opened.remedy = RemedyKindOpened::SuitAfterReconsideration;
    });
    let story = story.does(suit);
    assert_eq!(story.state(), State::UnderRemedy);
    let [first, second] = &story.case.remedies[..] else { panic!("{:?}", story.case.remedies) };
    assert_eq!(first.decided.as_ref().map(|d| d.result), Some(RemedyResult::Upheld));
    assert_eq!((first.against, second.against), (Some(notice(1)), Some(notice(1))));
    assert!(second.is_open());
    // The court annuls: the order stands with the remedy it came from.
    let annulled = ended(|end| {
        (end.id, end.on) = ("行初1号".to_owned(), day("04-02"));
        end.ending = Some(RemedyEnding::Annulled);
    });
    let order = Remand {
        on: day("04-02"),
        working_days: 15,
        decision: "判决书".to_owned(),
        remedy: "行初1号".to_owned(),
    };
    let story = story.does(annulled).by_head();
    let unknown = Remand { remedy: "行初2号".to_owned(), ..order.clone() };
    assert_eq!(story.refuses(&Command::Remand(unknown)), "unknown_remedy");
    let story = story.does(Command::Remand(order));
    assert_eq!(story.case.remedies[0].remanded, None);
    assert_eq!(story.case.remedies[1].remanded, Some((day("04-02"), 15)));
    // A third attack is about the new reply, of which there is none yet.
    let again = notified(|opened| (opened.id, opened.on) = ("复2".to_owned(), day("04-02")));
    assert_eq!(story.does(again).case.remedies[2].against, None);
}

#[test]
fn an_ending_counts_in_its_own_column_of_table_four() {
    let story = case_in(State::Closed).does(open("03-20"));
    for ending in RemedyEnding::ALL {
        for result in RemedyResult::ALL {
            let end = ended(|end| (end.result, end.ending) = (*result, Some(*ending)));
            if ending.result() == *result {
                assert!(!story.clone().does(end).case.under_remedy());
            } else {
                assert_eq!(story.refuses(&end), "ending_unfit");
            }
        }
    }
    for ending in [RemedyEnding::Withdrawn, RemedyEnding::Mediated, RemedyEnding::Inadmissible] {
        assert_eq!(ending.result(), RemedyResult::Other);
    }
}

#[test]
fn the_applicants_own_time_is_shown_with_its_last_days() {
    let shown = |case: &Case, today: &str| {
        let windows = windows(case, Calendar::built_in(), day(today)).into_iter();
        windows.map(|w| (w.kind, w.until, w.provisional)).collect::<Vec<_>>()
    };
    // Served on 3 March: sixty days end on 2 May, a day off; six months on 3 September.
    let open = case_in(State::Closed);
    assert_eq!(
        shown(&open.case, "03-20"),
        [
            (WindowKind::Reconsideration, day("05-06"), false),
            (WindowKind::Suit, day("09-03"), false),
        ]
    );
    // Nothing was answered by 30 March: both ways are open against the silence.
    let silent = case_in(State::Processing);
    assert_eq!(shown(&silent.case, "03-30"), []);
    assert_eq!(
        shown(&silent.case, "03-31"),
        [
            (WindowKind::ReconsiderationOfSilence, day("05-29"), false),
            (WindowKind::SuitOfSilence, day("09-30"), false),
        ]
    );
    // Fifteen days after the decision, from the day it reached the applicant if that is known.
    let after = |served: Option<&str>| {
        let end = ended(|end| end.served_on = served.map(day));
        let story = case_in(State::Closed).does(notified(|o| o.on = day("03-10"))).does(end);
        shown(&story.case, "03-20").pop().unwrap()
    };
    let kind = WindowKind::SuitAfterReconsideration;
    assert_eq!(after(Some("03-19")), (kind, day("04-03"), false));
    assert_eq!(after(None), (kind, day("04-07"), true));
}

#[test]
fn a_ledger_written_before_there_were_terms_reads_as_before() {
    let old: Vec<Event> = [
        json!({"kind": "remedy_opened", "id": "r", "remedy": "suit", "body": "法院"}),
        json!({"kind": "remedy_decided", "id": "r", "result": "upheld"}),
        json!({"kind": "remanded", "working_days": 15, "decision": "判决"}),
    ]
    .into_iter()
    .map(|event| serde_json::from_value(event).unwrap())
    .collect();
    let mut story = case_in(State::Closed);
    for event in old {
        let mut entry = story.ledger.last().unwrap().clone();
        entry.seq += 1;
        (entry.on, entry.event) = (day("04-20"), event);
        story.ledger.push(entry);
    }
    let case = Case::replay(Calendar::built_in(), &story.ledger).unwrap();
    assert_eq!(case.projection(Calendar::built_in()).defects, [""; 0]);
    assert_eq!((case.remedies[0].term, case.remedies[0].is_open()), (None, false));
}
