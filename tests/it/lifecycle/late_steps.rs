//! Steps that come late, or after the end: what can still be done, and what it does to the limit.

use gongkai::domain::command::{AskReasons, Command, Consult, ProposeEnd};
use gongkai::domain::consultation::{AgencyClock, Letter};
use gongkai::domain::event::{Event, Party, Position};
use gongkai::domain::item::ItemText;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;
use gongkai::domain::volume::{ReasonRequestClock, Volume};

use super::guards::{approve, draft};
use crate::samples::{case_in, command, content, released};
use crate::story::{Story, assign, day, issue, notice};

fn ask_reasons(on: &str, until: &str, clock: ReasonRequestClock) -> Command {
    Command::AskReasons(AskReasons {
        on: day(on),
        until: day(until),
        notice: notice(17),
        clock,
        volume: Volume::default(),
    })
}

fn examining() -> Story {
    Story::received("03-02").by_officer().does(assign()).on("03-03")
}

/// 条例 33 ¶2.
#[test]
fn while_the_limit_runs_it_can_be_extended_whatever_is_waited_for() {
    let extended = |story: Story| {
        let story = story.by_officer().does(command(Action::AskExtension, "03-20")).by_head();
        let story = story.does(Command::ConsentExtension);
        let today = story.today.to_string();
        story.does(command(Action::TellExtension, &today))
    };
    // A correction asked late and reasons asked by the running clock leave the limit running.
    let late = examining().on("03-12").does(command(Action::AskCorrection, "03-12"));
    let reasons = examining().does(ask_reasons("03-03", "03-13", ReasonRequestClock::Runs));
    for story in [late, reasons] {
        assert_eq!(story.due(), Some(day("03-30")));
        let state = story.state();
        let story = extended(story);
        assert_eq!((story.state(), story.due()), (state, Some(day("04-28"))));
    }
    // Where the limit stands, there is nothing to extend.
    let asked = ask_reasons("03-03", "03-13", ReasonRequestClock::AsCorrection);
    for story in [case_in(State::CorrectionPending), examining().does(asked)] {
        assert_eq!(story.refuses(&command(Action::AskExtension, "03-20")), "wrong_state");
    }
}

/// 条例 33, 35.
#[test]
fn reasons_are_not_asked_for_until_after_the_limit_that_runs() {
    let story = examining();
    let ask = |until, clock| ask_reasons("03-03", until, clock);
    let refusal = story.refusal(&ask("03-31", ReasonRequestClock::Runs));
    assert_eq!((refusal.code(), refusal.field()), ("reasons_beyond_limit", Some("until")));
    assert!(refusal.article().unwrap().contains("第三十五条"));
    assert!(story.tries(&ask("03-30", ReasonRequestClock::Runs)).is_ok());
    // Where it waits for them, and where it is over anyway, any day is possible.
    assert!(story.tries(&ask("03-31", ReasonRequestClock::AsCorrection)).is_ok());
    let late = ask_reasons("04-01", "04-10", ReasonRequestClock::Runs);
    assert!(story.on("04-01").tries(&late).is_ok());
}

#[test]
fn a_longer_date_for_volume_needs_accepted_reasons_and_must_be_longer() {
    let defer = |until| Command::Defer {
        on: day("03-20"),
        until: day(until),
        why: "数量较多".to_owned(),
        notice: notice(8),
    };
    assert_eq!(case_in(State::Processing).refuses(&defer("06-30")), "wrong_state");
    let [record, judge] =
        [Action::RecordReasons, Action::JudgeReasons].map(|step| command(step, "03-20"));
    let unheard = case_in(State::ReasonPending).does(judge.clone());
    assert_eq!(unheard.refuses(&defer("06-30")), "reasons_not_given");
    let story = case_in(State::ReasonPending).does(record).does(judge);
    assert_eq!(story.clone().by_officer().refuses(&defer("06-30")), "own_judgement");
    let (story, refusal) = (story.clone().by_head(), story.by_head().refusal(&defer("03-25")));
    assert_eq!((refusal.code(), refusal.field()), ("date_too_early", Some("until")));
    let story = story.does(defer("06-30"));
    assert_eq!((story.state(), story.due()), (State::Deferred, Some(day("06-30"))));
    // A draft sent back leads back here, not to the state before.
    let story = story.does(draft(Outcome::U1)).does(Command::RecallDraft { notice: notice(1) });
    assert_eq!(story.state(), State::Deferred);
}

/// 条例 35.
#[test]
fn a_longer_date_told_too_late_is_a_defect_and_moves_nothing() {
    let story = examining().does(command(Action::AskReasons, "03-03"));
    let story = story.does(command(Action::RecordReasons, "03-03"));
    let story = story.does(command(Action::JudgeReasons, "03-03")).on("04-01").by_head();
    let story = story.does(command(Action::Defer, "04-01"));
    assert_eq!(story.defects(), ["deferral_late"]);
    assert_eq!((story.state(), story.due()), (State::Deferred, Some(day("03-30"))));
}

/// 条例 35.
#[test]
fn reasons_come_after_they_were_asked_for_and_are_judged_after_they_came() {
    let asked = case_in(State::ReasonPending);
    let record = |on| command(Action::RecordReasons, on);
    let judge = |on| command(Action::JudgeReasons, on);
    assert_eq!(asked.refuses(&record("03-02")), "date_too_early");
    assert_eq!(asked.refuses(&judge("03-02")), "date_too_early");
    let heard = asked.does(record("03-05"));
    assert_eq!(heard.refuses(&judge("03-04")), "date_too_early");
    assert_eq!(heard.does(judge("03-05")).state(), State::Processing);
}

/// 109号 8, 9.
#[test]
fn money_that_comes_after_the_end_is_held_and_can_go_back() {
    for end in [command(Action::LapseFee, "04-20"), command(Action::Withdraw, "04-20")] {
        let asked = case_in(State::FeePending).by_officer();
        let asked = asked.does(command(Action::RecordFeeService, "03-03")).on("04-20");
        let ended = asked.does(end);
        let (state, due) = (ended.state(), ended.due());
        let closed = ended.clone().does(Command::Close);
        for story in [ended, closed] {
            let before = story.state();
            let story = story.does(command(Action::RecordPayment, "04-20"));
            assert_eq!((story.state(), story.due()), (before, due), "{state}");
            let story = story.does(command(Action::RefundFee, "04-20"));
            assert_eq!(story.case.fee.as_ref().map(|fee| fee.held_fen()), Some(0));
        }
    }
    // Where no fee was asked, none can come.
    let pay = command(Action::RecordPayment, "03-20");
    assert_eq!(case_in(State::Withdrawn).refuses(&pay), "wrong_state");
}

/// 条例 30 (无正当理由).
#[test]
fn a_justified_delay_takes_the_lapse_back_and_buys_the_agency_nothing() {
    let revoke = command(Action::RevokeLapse, "04-20");
    let lapsed = case_in(State::CorrectionLapsed).on("03-23");
    assert_eq!(lapsed.refuses(&Command::RevokeLapse { reason: " ".to_owned() }), "text_missing");
    let story = lapsed.clone().does(Command::Close).does(revoke.clone());
    assert_eq!(
        (story.state(), story.case.outcome, story.case.closed_on),
        (State::CorrectionPending, None, None)
    );
    // Nobody is told again that the limit has passed, and the correction counts from its day.
    let sweep = |story: &Story| {
        let calendar = gongkai::domain::calendar::Calendar::built_in();
        gongkai::domain::sweep::due(&story.case, calendar, story.today)
    };
    assert_eq!(sweep(&story), []);
    let corrected = story.does(command(Action::RecordCorrection, "03-18"));
    assert_eq!((corrected.state(), corrected.due()), (State::Examining, Some(day("04-16"))));

    // A notice that went out late never stopped the limit: it is simply over.
    let late = examining().on("03-12").does(command(Action::AskCorrection, "03-12"));
    let lapse = Command::LapseCorrection {
        on: day("03-24"),
        notice_served_on: day("03-13"),
        proof: "EMS回执".to_owned(),
        proof_file: None,
        notice: notice(4),
    };
    let late = late.on("03-24").does(lapse);
    let late = late.on("04-02").by_head().does(revoke.clone());
    assert_eq!(late.due(), Some(day("03-30")));

    // A fee that was paid in full meanwhile starts the limit on its own day.
    let unpaid = case_in(State::FeeLapsed);
    assert_eq!(unpaid.clone().does(revoke.clone()).state(), State::FeePending);
    let paid = unpaid.on("04-23").does(command(Action::RecordPayment, "04-22"));
    let paid = paid.does(revoke.clone());
    // 20 working days from 2026-04-22, 1–5 May off, 9 May worked.
    assert_eq!((paid.state(), paid.due()), (State::Processing, Some(day("05-22"))));
    // Nothing else that ended is revived.
    for state in [State::Withdrawn, State::Closed] {
        assert_eq!(case_in(state).refuses(&revoke), "wrong_state", "{state}");
    }
}

/// 行政复议法 77; rulebook 1.2 q.
#[test]
fn the_limit_that_a_decision_set_is_not_lengthened() {
    let decided = case_in(State::UnderRemedy).does(command(Action::DecideRemedy, "03-20"));
    let remanded = decided.by_head().does(command(Action::Remand, "03-20"));
    let ask = command(Action::AskExtension, "03-20");
    assert_eq!(remanded.refuses(&ask), "remand_limit_fixed");
}

/// 条例 33 ¶3; 109号 6.
#[test]
fn no_fee_is_asked_while_others_are_consulted() {
    let story = case_in(State::ThirdPartyPending);
    let ask = command(Action::NotifyFee, "03-20");
    assert_eq!(story.refuses(&ask), "consultation_open");
    let answered = story.does(command(Action::RecordOpinion, "03-20"));
    assert_eq!(answered.does(ask).state(), State::FeePending);
}

/// 条例 32, 34.
#[test]
fn the_slip_of_a_letter_may_come_back_after_its_answer() {
    let answered = case_in(State::ThirdPartyPending).does(command(Action::RecordOpinion, "03-17"));
    let slip = |on| command(Action::RecordConsultationService, on);
    let refusal = answered.refusal(&slip("03-18"));
    assert_eq!((refusal.code(), refusal.field()), ("served_after_answer", Some("on")));
    let served = answered.does(slip("03-05"));
    assert_eq!(served.case.consultations[0].served_on, Some(day("03-05")));
    assert_eq!(served.refuses(&slip("03-05")), "wrong_state");
    // One that was given up never arrived.
    let given_up = case_in(State::ThirdPartyPending);
    let given_up = given_up.does(command(Action::AbandonConsultation, "03-17"));
    assert_eq!(given_up.refuses(&slip("03-05")), "wrong_state");
}

/// A letter that nobody could serve suspends until it is given up, and no longer.
#[test]
fn a_letter_given_up_suspends_no_longer() {
    let story = case_in(State::ThirdPartyPending);
    let story = story.does(command(Action::AbandonConsultation, "03-05"));
    // Sent on the 3rd, given up on the 5th: two working days.
    assert_eq!(story.due(), Some(day("04-01")));
}

/// 条例 15, 32.
#[test]
fn an_objection_that_came_after_the_number_keeps_the_reply_in_the_house() {
    let silent = case_in(State::ThirdPartyPending);
    let silent = silent.does(command(Action::RecordConsultationService, "03-04")).on("03-27");
    let silent = silent.does(command(Action::RecordSilence, "03-26"));
    let story = silent.does(crate::story::reviewed()).by_officer().does(draft(Outcome::G2));
    let issued = story.by_head().does(approve()).does(issue(1));
    let objects = |on| Command::RecordOpinion {
        on: day(on),
        id: "c".to_owned(),
        position: Position::Objects,
        text: "涉及商业秘密".to_owned(),
        slip: None,
    };
    let dispatch = command(Action::RecordDispatch, "03-27");
    assert!(issued.tries(&dispatch).is_ok());
    let refused = issued.clone().does(objects("03-27"));
    assert_eq!(refused.refuses(&dispatch), "objection_stands");
    // What had left before the objection came is recorded as it was.
    let left = issued.on("03-30").does(objects("03-30"));
    assert_eq!(left.does(dispatch).state(), State::Dispatched);
}

fn two_items() -> Story {
    let items = ["补助资金分配表", "投标文件"];
    let items = items.map(|title| ItemText { title: title.to_owned(), description: String::new() });
    Story::in_processing("03-02").on("03-03").does(Command::ListItems { items: items.to_vec() })
}

fn consult(items: &[u16]) -> Command {
    Command::Consult(Consult {
        on: day("03-03"),
        id: "c".to_owned(),
        party: Party::ThirdParty,
        addressee: "某公司".to_owned(),
        jointly_made: false,
        items: items.to_vec(),
        letter: Letter::default(),
        notice: notice(7),
        told: notice(8),
        clock: AgencyClock::default(),
    })
}

fn decide(item: u16, outcome: Outcome) -> Command {
    Command::DecideItem { item, content: Box::new(content(outcome)) }
}

fn objected(items: &[u16]) -> Story {
    let opinion = Command::RecordOpinion {
        on: day("03-03"),
        id: "c".to_owned(),
        position: Position::Objects,
        text: "涉及商业秘密".to_owned(),
        slip: None,
    };
    two_items().does(consult(items)).does(opinion)
}

/// 条例 15, 32, 37.
#[test]
fn a_third_party_is_heard_about_the_items_it_was_asked_about() {
    assert_eq!(two_items().refuses(&consult(&[3])), "unknown_item");
    // Heard about the one, not about the other.
    let story = objected(&[2]);
    assert_eq!(story.refuses(&decide(1, Outcome::N4)), "consultation_missing");
    let kept = story.clone().does(decide(2, Outcome::N4)).does(decide(1, Outcome::G2));
    assert!(kept.tries(&draft(Outcome::P1)).is_ok());
    // What it objects to does not pass inside a partial release.
    let passed = story.does(decide(2, Outcome::G2)).does(decide(1, Outcome::N6));
    assert_eq!(passed.refuses(&draft(Outcome::P1)), "objection_stands");
    let overridden = passed.by_head().does(command(Action::OverrideObjection, "03-03"));
    assert!(overridden.does(released(&[2])).tries(&draft(Outcome::P1)).is_ok());

    // Asked about the whole, it is not known which it means: something must be kept back.
    let whole = objected(&[]).does(decide(1, Outcome::G2));
    let kept = whole.clone().does(decide(2, Outcome::N4));
    assert!(kept.tries(&draft(Outcome::P1)).is_ok());
    let none = whole.does(decide(2, Outcome::U3));
    assert_eq!(none.refuses(&draft(Outcome::P1)), "objection_stands");
}

/// The number of an item may change; what was asked about it does not.
#[test]
fn a_consultation_follows_its_item_through_a_new_list() {
    let story = objected(&[2]);
    let mut list: Vec<ItemText> = story.case.items.iter().map(|item| item.text.clone()).collect();
    list.reverse();
    let turned = story.does(Command::ListItems { items: list });
    assert_eq!(turned.case.consultations[0].items, [1]);
    assert_eq!(turned.refuses(&decide(2, Outcome::N4)), "consultation_missing");
}

/// 条例 17: a review opened for the whole is closed item by item.
#[test]
fn a_review_opened_before_a_second_item_was_listed_is_no_dead_end() {
    let story = Story::in_processing("03-02").on("03-03");
    let story = story.does(command(Action::OpenSecrecyReview, "03-03"));
    let story = story.does(command(Action::ListItems, "03-03"));
    let story = story.does(decide(1, Outcome::G2)).does(decide(2, Outcome::N6));
    let story = story.does(released(&[1])).does(draft(Outcome::P1)).by_head();
    assert!(story.tries(&approve()).is_ok());
}

/// 条例 silent; 30号 row 23.
#[test]
fn a_request_whose_applicant_died_is_ended_by_the_head_with_proof() {
    let end = |reason: &str, proof: &str| match command(Action::ProposeEnd, "03-20") {
        Command::ProposeEnd(end) => Command::ProposeEnd(ProposeEnd {
            reason: reason.to_owned(),
            proof: proof.to_owned(),
            ..end
        }),
        other => other,
    };
    let confirm = || command(Action::ConfirmEnd, "03-20");
    for state in [State::Registered, State::CorrectionPending, State::FeePending, State::Approval] {
        let story = case_in(state);
        assert_eq!(story.refusal(&end("申请人死亡", " ")).field(), Some("proof"));
        assert_eq!(story.refuses(&confirm()), "wrong_state");
        let story = story.does(end("申请人死亡", "居民死亡医学证明"));
        assert_eq!(story.refuses(&confirm()), "own_end_proposal");
        let story = story.by_second_head().does(confirm());
        assert_eq!((story.state(), story.case.outcome), (State::Closed, Some(Outcome::O3)));
        assert_eq!(story.case.closed_on, Some(day("03-20")));
        assert!(story.has(|event| matches!(event, Event::EndedOtherwise(_))));
        assert!(story.tries(&command(Action::Archive, "03-20")).is_ok());
    }
    // Where nothing was ever confirmed, no clock ran that it could stop.
    let unconfirmed = case_in(State::AwaitingConfirmation);
    let unconfirmed = unconfirmed.does(end("申请人死亡", "证明")).by_second_head();
    assert_eq!(unconfirmed.does(confirm()).state(), State::Closed);
}
