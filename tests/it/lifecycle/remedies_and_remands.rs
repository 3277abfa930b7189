//! Reconsideration and suit: opened at any time, never lost, and what an order to reply anew does.

use gongkai::domain::command::{Command, Consult, RemedyKindOpened, RemedyResult};
use gongkai::domain::event::Party;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;

use crate::samples::{case_in, command};
use crate::story::{Story, day, notice, reviewed};

fn open(on: &str) -> Command {
    Command::OpenRemedy {
        on: day(on),
        id: "r".to_owned(),
        remedy: RemedyKindOpened::Reconsideration,
        body: "宁安县人民政府".to_owned(),
    }
}

fn decided(on: &str) -> Command {
    Command::DecideRemedy { on: day(on), id: "r".to_owned(), result: RemedyResult::Corrected }
}

fn remand(on: &str, working_days: u16) -> Command {
    Command::Remand { on: day(on), working_days, decision: "宁复决〔2026〕9号".to_owned() }
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
    let story = story.does(remand("06-25", 20));
    // 20 working days from 2026-06-25.
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-23"))));
    assert_eq!((story.case.outcome, story.case.closed_on), (None, None));
    assert_eq!(story.case.reply, None);
    // The old secrecy review does not carry over.
    let story = story.by_officer().does(Command::SubmitDraft {
        notice: notice(5),
        outcome: Outcome::G2,
        authors: Vec::new(),
    });
    let approve = Command::ApproveDraft { notice: notice(5) };
    assert_eq!(story.by_head().refuses(&approve), "secrecy_review_missing");
}

#[test]
fn an_order_in_an_open_case_replaces_the_limit_and_leaves_nothing_hanging() {
    // A fee is awaited when the order against inaction comes, or a third party is silent.
    let story = Story::in_processing("03-02").does(command(Action::NotifyFee, "03-02"));
    let story = story.on("06-25").does(open("06-01")).does(remand("06-25", 10));
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-09"))));
    assert_eq!(story.case.fee_open_fen, None);
    let story = Story::in_processing("03-02")
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
        }))
        .on("06-25")
        .does(open("06-01"))
        .does(remand("06-25", 10));
    assert_eq!((story.state(), story.due()), (State::ThirdPartyPending, Some(day("07-09"))));
    let story = story.does(command(Action::AbandonConsultation, "06-25")).does(reviewed());
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("07-09"))));
}

#[test]
fn an_order_is_refused_without_remedy_out_of_range_or_older_than_the_reply() {
    assert_eq!(case_in(State::Closed).refuses(&remand("03-20", 20)), "wrong_state");
    let story = case_in(State::Closed).does(open("03-20"));
    assert_eq!(story.refuses(&remand("03-20", 0)), "out_of_range");
    assert_eq!(story.refuses(&remand("03-20", 241)), "out_of_range");
    // The reply left on 03-03: an order of 03-02 was fulfilled by it.
    assert_eq!(story.refuses(&remand("03-02", 20)), "date_too_early");
}

#[test]
fn a_numbered_reply_is_sent_or_voided_before_an_order_is_taken() {
    let story = case_in(State::Issued).does(open("03-20"));
    assert_eq!(story.refuses(&remand("03-20", 20)), "wrong_state");
    let story = story.does(command(Action::VoidNumber, "03-20"));
    assert_eq!(story.does(remand("03-20", 20)).state(), State::Processing);
}

#[test]
fn a_decision_cannot_be_older_than_the_remedy() {
    let story = case_in(State::Closed).does(open("03-20"));
    assert_eq!(story.refuses(&decided("03-19")), "date_too_early");
}
