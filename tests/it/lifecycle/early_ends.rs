//! Ends without a reply: withdrawal, lapse of a correction, lapse of a fee.

use gongkai::domain::command::{Command, Withdraw};
use gongkai::domain::event::Authentication;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::receipt::Channel;
use gongkai::domain::state::State;

use crate::samples::{case_in, command};
use crate::story::{Story, day};

#[test]
fn a_withdrawal_is_taken_until_the_reply_is_issued_even_after_approval() {
    let approved = case_in(State::Approval).does(command(Action::ApproveDraft, "03-20"));
    let story = approved.does(command(Action::Withdraw, "03-20"));
    assert_eq!((story.state(), story.case.outcome), (State::Withdrawn, Some(Outcome::O3)));
    assert_eq!(story.case.draft, None);
    assert_eq!(story.does(Command::Close).state(), State::Closed);

    let issued = case_in(State::Issued);
    assert_eq!(issued.refuses(&command(Action::Withdraw, "03-20")), "wrong_state");
}

#[test]
fn a_withdrawal_needs_a_recorded_statement() {
    let withdraw = |statement: &str, authentication| {
        Command::Withdraw(Withdraw {
            on: day("03-20"),
            statement: statement.to_owned(),
            authentication: Some(authentication),
            proof_file: None,
        })
    };
    let refused = |command: &Command| {
        let refusal = case_in(State::Processing).refusal(command);
        (refusal.code(), refusal.field())
    };
    let unsaid = withdraw(" ", Authentication::Signed);
    assert_eq!(refused(&unsaid), ("text_missing", Some("statement")));
    // A call leaves nothing in the file but what is written down of it
    let called = withdraw("撤回", Authentication::Recorded);
    assert_eq!(refused(&called), ("withdrawal_unproved", Some("proof_file")));
}

#[test]
fn a_letter_whose_date_was_never_confirmed_can_be_withdrawn() {
    let story = Story::arrived(Channel::OrdinaryPost, "03-02", false).on("03-05");
    let story = story.does(command(Action::Withdraw, "03-05"));
    assert_eq!((story.state(), story.due()), (State::Withdrawn, None));
    assert_eq!(story.by_officer().does(Command::Close).state(), State::Closed);
}

#[test]
fn a_withdrawal_cannot_lie_before_what_happened_since() {
    let story = case_in(State::FeePending);
    assert_eq!(story.refuses(&command(Action::Withdraw, "03-02")), "date_too_early");
}

#[test]
fn a_correction_lapses_only_after_its_day_and_with_proof_of_service() {
    let lapse = |on: &str, served: &str, proof: &str| Command::LapseCorrection {
        on: day(on),
        notice_served_on: day(served),
        proof: proof.to_owned(),
        proof_file: None,
        notice: crate::story::notice(4),
    };
    // Asked 03-03 until 03-13 (case_in); a Friday.
    let story = case_in(State::CorrectionPending).on("03-13");
    assert_eq!(story.refuses(&lapse("03-13", "03-04", "EMS")), "correction_still_open");
    let story = story.on("03-16");
    assert_eq!(story.refuses(&lapse("03-16", "03-04", "")), "text_missing");
    assert_eq!(story.refuses(&lapse("03-16", "03-02", "EMS")), "date_too_early");
    assert_eq!(
        story.clone().on("03-20").refuses(&lapse("03-20", "03-19", "EMS")),
        "service_unproved"
    );
    let story = story.does(lapse("03-16", "03-04", "EMS"));
    assert_eq!((story.state(), story.case.outcome), (State::CorrectionLapsed, Some(Outcome::O1)));
    assert_eq!(story.does(Command::Close).state(), State::Closed);
}

#[test]
fn a_fee_lapses_only_after_twenty_working_days_from_service() {
    let story = case_in(State::FeePending).on("05-29");
    let lapse = |on| command(Action::LapseFee, on);
    // Nobody knows when the notice arrived: nothing can lapse …
    assert_eq!(story.refuses(&lapse("05-29")), "service_unproved");
    // … until service is recorded, however late; then 20 working days from the day after.
    let story = story.does(command(Action::RecordFeeService, "03-09"));
    assert_eq!(story.case.clock().payment_on(), Some(day("04-07")));
    assert_eq!(story.refuses(&command(Action::RecordFeeService, "03-09")), "wrong_state");
    assert_eq!(story.clone().on("04-07").refuses(&lapse("04-07")), "payment_still_open");
    let story = story.on("04-08").does(lapse("04-08"));
    assert_eq!((story.state(), story.case.outcome), (State::FeeLapsed, Some(Outcome::O2)));
    assert_eq!(story.does(Command::Close).state(), State::Closed);
}

#[test]
fn payment_in_full_starts_a_new_limit_and_part_payment_does_not() {
    let story = case_in(State::FeePending);
    let pay = |amount_fen| Command::RecordPayment {
        on: day("03-12"),
        amount_fen,
        proof: "缴款书".to_owned(),
        remark: String::new(),
    };
    for impossible in [i64::MIN, -1, 0, 1_000_000_001, i64::MAX] {
        let refusal = story.refusal(&pay(impossible));
        assert_eq!((refusal.code(), refusal.field()), ("out_of_range", Some("amount_fen")));
    }
    // A part is held, and the rest is still asked for.
    let part = story.clone().does(pay(30_000));
    assert_eq!((part.state(), part.due()), (State::FeePending, None));
    assert_eq!(part.case.fee_open_fen, Some(8_000));
    let still = part.clone().does(pay(7_999));
    assert_eq!((still.state(), still.case.fee_open_fen), (State::FeePending, Some(1)));
    for story in [story.does(pay(38_000)), part.does(pay(8_000))] {
        // 20 working days from 2026-03-12, Qingming off.
        assert_eq!((story.state(), story.due()), (State::Processing, Some(day("04-10"))));
        assert_eq!(story.case.fee.as_ref().map(|fee| fee.held_fen()), Some(38_000));
    }
}

#[test]
fn what_lapsed_has_no_last_day_any_more() {
    let projection =
        |story: Story| story.case.projection(gongkai::domain::calendar::Calendar::built_in());
    // The notice went out late, so the reply clock never stopped.
    let late = Story::received("03-02").by_officer().does(crate::story::assign()).on("03-12");
    let story = late.does(command(Action::AskCorrection, "03-12")).on("03-24");
    assert_eq!(story.defects(), ["correction_notice_late"]);
    assert!(projection(story.clone()).due_on.is_some());
    let served = Command::LapseCorrection {
        on: day("03-24"),
        notice_served_on: day("03-13"),
        proof: "EMS".to_owned(),
        proof_file: None,
        notice: crate::story::notice(4),
    };
    let story = story.does(served).does(Command::Close);
    assert_eq!(projection(story).due_on, None);
}
