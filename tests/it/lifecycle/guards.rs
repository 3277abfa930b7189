//! The illegal transitions of rulebook 1.1 and the guards of 1.2, each refused with its code.

use gongkai::domain::command::{AskReasons, Command, Dispatch, NotifyFee};
use gongkai::domain::event::{Event, Position, ServiceMethod};
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::paper::RecordPaperNotice;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;

use crate::samples::{case_in, command, defects};
use crate::story::{Story, assign, day, draft_of, issue, notice, reviewed, slip};

pub(super) fn draft(outcome: Outcome) -> Command {
    draft_of(1, outcome)
}

/// A notice that was made on paper on a day, put on record afterwards.
fn made_on_paper(notice_kind: NoticeKind, on: &str) -> Command {
    let Command::RecordPaperNotice(paper) = command(Action::RecordPaperNotice, on) else {
        unreachable!()
    };
    Command::RecordPaperNotice(RecordPaperNotice { notice_kind, ..paper })
}

pub(super) fn approve() -> Command {
    Command::ApproveDraft { notice: notice(1) }
}

#[test]
fn nobody_approves_an_own_draft_and_nobody_is_no_approver() {
    let mut story = Story::in_processing("03-02").by_head().does(draft(Outcome::U1));
    assert_eq!(story.refuses(&approve()), "own_draft");
    story.actor = None;
    assert_eq!(story.refuses(&approve()), "own_draft");
    assert_eq!(story.clone().by_officer().refuses(&approve()), "not_your_step");
    assert_eq!(story.by_second_head().does(approve()).state(), State::Approval);
}

#[test]
fn only_an_approved_draft_is_issued_and_only_that_one() {
    let story = case_in(State::Approval);
    assert_eq!(story.refuses(&issue(1)), "wrong_state");
    let story = story.does(approve());
    assert_eq!(story.refuses(&issue(7)), "not_the_draft");
    let recall = Command::RecallDraft { notice: notice(1) };
    assert_eq!(story.refuses(&recall), "not_own_draft");
    assert_eq!(story.clone().by_officer().does(recall).state(), State::Processing);
    let story = story.does(command(Action::ReturnDraft, "03-20"));
    assert_eq!(story.state(), State::Processing);
}

#[test]
fn an_outcome_without_reply_cannot_be_drafted() {
    for outcome in [Outcome::O1, Outcome::O2] {
        assert_eq!(case_in(State::Processing).refuses(&draft(outcome)), "no_reply_outcome");
    }
    // That what was sent is no request is told by a note.
    let story = case_in(State::Processing).does(draft(Outcome::O3));
    assert_eq!(story.state(), State::Approval);
}

#[test]
fn still_unclear_after_correction_needs_a_correction() {
    let story = case_in(State::Processing);
    assert_eq!(story.refuses(&draft(Outcome::U4)), "not_on_record");
    let story = case_in(State::CorrectionPending)
        .does(command(Action::RecordCorrection, "03-20"))
        .does(Command::PassExamination);
    assert_eq!(story.does(draft(Outcome::U4)).state(), State::Approval);
}

#[test]
fn abuse_of_volume_needs_reasons_asked_for_and_found_wanting() {
    let judge = |on, accepted| Command::JudgeReasons {
        on: day(on),
        accepted,
        why: "与生产、生活无关".to_owned(),
    };
    let story = case_in(State::Processing);
    assert_eq!(story.refuses(&draft(Outcome::X4)), "not_on_record");
    // Asked 03-03 until 03-13: no judgement against the applicant before that day is over.
    let asked = case_in(State::ReasonPending);
    assert_eq!(asked.refuses(&judge("03-13", false)), "reasons_still_open");
    let after = asked.clone();
    assert_eq!(after.refuses(&judge("03-16", false)), "service_unproved");
    let served = after.reasons_served("03-05");
    assert_eq!(after.reasons_served("03-13").refuses(&judge("03-16", false)), "service_unproved");
    let after = served.does(judge("03-16", false));
    assert_eq!(after.does(draft(Outcome::X4)).state(), State::Approval);
    let heard = asked.clone().does(command(Action::RecordReasons, "03-05"));
    assert_eq!(heard.does(judge("03-06", false)).state(), State::Processing);
    let accepted = asked.does(judge("03-04", true));
    assert_eq!(accepted.refuses(&draft(Outcome::X4)), "not_on_record");
}

#[test]
fn an_extension_is_asked_consented_and_told_within_the_limit() {
    // Received 03-02: limit 03-30.
    let ask = command(Action::AskExtension, "03-30");
    let tell = |on| command(Action::TellExtension, on);
    let story = Story::in_processing("03-02").on("03-30");
    assert_eq!(story.refuses(&tell("03-30")), "extension_consent_missing");
    assert_eq!(story.clone().on("03-31").refuses(&ask), "extension_after_limit");
    let asked = story.does(ask.clone());
    assert_eq!(asked.refuses(&ask), "wrong_state", "asked once is asked");
    assert_eq!(asked.refuses(&tell("03-30")), "extension_consent_missing");
    let late = asked.clone().on("03-31").by_head();
    assert_eq!(late.refuses(&Command::ConsentExtension), "extension_after_limit");
    let consented = asked.by_head().does(Command::ConsentExtension);
    // Rulebook S10: consented on the last day, posted the day after.
    assert_eq!(consented.clone().on("03-31").refuses(&tell("03-31")), "extension_after_limit");
    // Told before the head consented is not told, on paper or otherwise.
    assert_eq!(consented.refuses(&tell("03-27")), "notice_backdated");
    let paper = consented.clone().does(made_on_paper(NoticeKind::Extension, "03-27"));
    assert_eq!(paper.refuses(&tell("03-27")), "date_too_early");
    let told = consented.does(tell("03-30"));
    assert_eq!(told.due(), Some(day("04-28")));
    assert_eq!(told.refuses(&ask), "extension_repeated");
}

#[test]
fn an_extension_is_between_one_and_twenty_working_days() {
    let ask = |working_days| Command::AskExtension { working_days, reason: "量大".to_owned() };
    let story = case_in(State::Processing);
    assert_eq!(story.refuses(&ask(21)), "extension_too_long");
    assert_eq!(story.refuses(&ask(0)), "out_of_range");
    assert_eq!(story.does(ask(1)).state(), State::ExtensionPending);
}

#[test]
fn a_refused_extension_may_be_asked_for_again() {
    let story = case_in(State::ExtensionPending).does(command(Action::RefuseExtension, "03-20"));
    assert_eq!(story.state(), State::Processing);
    assert_eq!(story.does(command(Action::AskExtension, "03-20")).state(), State::ExtensionPending);
}

#[test]
fn a_consent_is_lost_when_a_correction_restarts_the_clock() {
    let story = Story::in_processing("03-02").on("03-03");
    let story = story.does(command(Action::AskExtension, "03-03")).by_head();
    let story = story.does(Command::ConsentExtension);
    let story = story.does(command(Action::AskCorrection, "03-03")).on("03-10").by_officer();
    let story = story.does(command(Action::RecordCorrection, "03-10"));
    assert_eq!(
        story.refuses(&command(Action::TellExtension, "03-10")),
        "extension_consent_missing"
    );
    // The new limit may be extended in its turn.
    let story = story.does(command(Action::AskExtension, "03-10")).by_head();
    // Nobody consents to what they asked for themselves.
    let alone = Story::in_processing("03-02").by_head();
    let alone = alone.does(command(Action::AskExtension, "03-02"));
    assert_eq!(alone.refuses(&Command::ConsentExtension), "own_extension");
    let story = story.does(Command::ConsentExtension);
    let story = story.does(command(Action::TellExtension, "03-10"));
    assert_eq!(story.due(), Some(day("05-09")));
}

#[test]
fn corrections_are_asked_once_listed_and_with_guidance() {
    let ask = |on: &str, defects| Command::AskCorrection {
        on: day(on),
        until: day("04-30"),
        defects,
        approval: String::new(),
        notice: notice(2),
    };
    let story = case_in(State::Examining).by_officer().on("03-05");
    assert_eq!(story.refuses(&ask("03-05", Vec::new())), "text_missing");
    let mut silent = defects();
    silent[0].guidance.clear();
    assert_eq!(story.refuses(&ask("03-05", silent)), "text_missing");
    let story = story.does(ask("03-05", defects()));
    let story = story.on("03-18").does(command(Action::RecordCorrection, "03-16"));
    // A second round is the head's to decide.
    assert_eq!(story.refuses(&ask("03-18", defects())), "second_correction_needs_approval");
}

#[test]
fn a_second_correction_is_asked_by_the_head_alone_and_with_a_reason_on_record() {
    let ask = |approval: &str| {
        let mut ask = command(Action::AskCorrection, "03-18");
        let Command::AskCorrection { approval: given, .. } = &mut ask else { unreachable!() };
        approval.clone_into(given);
        ask
    };
    // Given one round that was asked without a reason and answered
    let story = case_in(State::Examining).by_officer().on("03-05");
    let story = story.does(command(Action::AskCorrection, "03-05")).on("03-18");
    assert_eq!(approval(&story), "");
    let story = story.does(command(Action::RecordCorrection, "03-16"));

    // Then the officer cannot ask again, with or without a reason, nor the head without one
    assert_eq!(story.refuses(&ask("")), "second_correction_needs_approval");
    assert_eq!(story.refuses(&ask("补正后仍不明确")), "second_correction_needs_approval");
    let story = story.by_head();
    assert_eq!(story.refuses(&ask(" \n ")), "text_missing");
    assert_eq!(story.refuses(&ask(&"长".repeat(5_001))), "too_long");

    // And the reason of the head stands in the ledger
    let asked = story.does(ask(" 补正后仍不明确 "));
    assert_eq!(asked.state(), State::CorrectionPending);
    assert_eq!(approval(&asked), "补正后仍不明确");
}

/// The reason that stands with the last correction notice.
fn approval(story: &Story) -> String {
    let asked = story.ledger.iter().rev().find_map(|entry| match &entry.event {
        Event::CorrectionRequested { approval, .. } => Some(approval.clone()),
        _ => None,
    });
    asked.unwrap()
}

#[test]
fn a_late_correction_notice_is_a_defect_in_examination_and_refused_in_processing() {
    // Received 03-02: the seventh working day is 03-11.
    let ask = command(Action::AskCorrection, "03-12");
    let examining = Story::received("03-02").by_officer().does(assign()).on("03-12");
    let late = examining.clone().does(ask.clone());
    assert_eq!(late.defects(), ["correction_notice_late"]);
    assert_eq!(late.due(), Some(day("03-30")), "the clock runs on");
    let corrected = late.on("03-16").does(command(Action::RecordCorrection, "03-16"));
    assert_eq!(corrected.due(), Some(day("03-30")), "and is not restarted");
    let processing = examining.does(Command::PassExamination);
    assert_eq!(processing.refuses(&ask), "correction_during_processing");
}

#[test]
fn no_reply_is_drafted_while_correction_payment_or_reasons_are_awaited() {
    for state in [State::CorrectionPending, State::FeePending, State::ReasonPending] {
        let story = case_in(state);
        assert_eq!(story.refuses(&draft(Outcome::U1)), "wrong_state");
        assert_eq!(story.refuses(&command(Action::AnswerOnTheSpot, "03-20")), "wrong_state");
    }
}

#[test]
fn refusals_and_partial_refusals_are_never_given_by_word_of_mouth() {
    let answer = |outcome| Command::AnswerOnTheSpot {
        on: day("03-20"),
        outcome,
        text: "当场告知".to_owned(),
        proof: "签字的答复记录".to_owned(),
    };
    let story = case_in(State::Registered);
    for outcome in [Outcome::P1, Outcome::N1, Outcome::N4, Outcome::N7] {
        assert_eq!(story.refuses(&answer(outcome)), "written_reply_needed");
    }
    assert_eq!(story.refuses(&answer(Outcome::O3)), "no_reply_outcome");
    assert_eq!(story.refuses(&answer(Outcome::G2)), "secrecy_review_missing");
    assert_eq!(story.does(reviewed()).does(answer(Outcome::G2)).state(), State::Served);
}

#[test]
fn a_voided_number_leads_back_to_drafting() {
    let story = case_in(State::Issued);
    let story = story.does(command(Action::VoidNumber, "03-20"));
    assert_eq!((story.state(), story.case.reply.clone()), (State::Processing, None));
    assert!(story.kinds().contains(&"number_voided"));
    let story = story.by_officer().does(draft_of(5, Outcome::U1)).by_head();
    let story = story.does(Command::ApproveDraft { notice: notice(5) }).does(issue(5));
    assert_eq!(story.state(), State::Issued);
    let posted = story.does(command(Action::RecordDispatch, "03-20"));
    assert_eq!(posted.refuses(&command(Action::VoidNumber, "03-20")), "wrong_state");
}

#[test]
fn nothing_that_has_not_happened_is_recorded() {
    let story = case_in(State::FeePending);
    let refusal = story.refusal(&command(Action::RecordPayment, "03-21"));
    assert_eq!((refusal.code(), refusal.field()), ("date_in_future", Some("on")));
    let served = Command::NotifyFee(NotifyFee {
        on: day("03-20"),
        scale: gongkai::domain::event::FeeScale::Pages,
        amount_fen: 1_000,
        served_on: Some(day("03-25")),
        units: Vec::new(),
        pages: Some(68),
        why: String::new(),
        before: 0,
        notice: notice(5),
    });
    let refusal = case_in(State::Processing).refusal(&served);
    assert_eq!((refusal.code(), refusal.field()), ("date_in_future", Some("served_on")));
}

#[test]
fn texts_that_no_notice_could_hold_are_refused_with_their_field() {
    let note = |text: String| Command::Note { text };
    let story = case_in(State::Processing);
    let code = |text: String| {
        let refusal = story.refusal(&note(text));
        assert_eq!(refusal.field(), Some("text"));
        refusal.code()
    };
    assert_eq!(code("文".repeat(5_001)), "too_long");
    assert_eq!(code("来电\u{0}".to_owned()), "control_characters");
    assert_eq!(code(" \n ".to_owned()), "text_missing");
    let fine = note(format!("第一行\n第二行{}", "文".repeat(4_900)));
    assert_eq!(story.clone().does(fine).state(), State::Processing);
    // One line is one line.
    let archive =
        Command::Archive { volume: "卷\n1".to_owned(), retention: None, reason: String::new() };
    assert_eq!(case_in(State::Closed).refuses(&archive), "control_characters");
}

#[test]
fn registered_post_needs_its_number_and_no_reply_leaves_before_it_is_issued() {
    let post = |on, method, tracking: &str| {
        Command::RecordDispatch(Dispatch {
            on: day(on),
            method,
            tracking: tracking.to_owned(),
            slip: slip(),
            photo: false,
        })
    };
    let story = Story::issued("03-10", Outcome::U1).on("03-20");
    assert_eq!(story.refuses(&post("03-10", ServiceMethod::Ems, "")), "text_missing");
    assert_eq!(story.refuses(&post("03-10", ServiceMethod::Registered, "")), "text_missing");
    assert_eq!(story.refuses(&post("03-09", ServiceMethod::InPerson, "")), "date_too_early");
    let story = story.does(post("03-12", ServiceMethod::Ems, "1"));
    assert_eq!(
        story.refuses(&Command::RecordService { on: day("03-11"), slip: slip() }),
        "date_too_early"
    );
}

/// Rulebook 4.1 N4; 条例 art. 32.
#[test]
fn nothing_is_withheld_for_a_third_party_that_was_not_heard() {
    let draft = draft(Outcome::N4);
    let story = case_in(State::Processing);
    let refusal = story.refusal(&draft);
    assert_eq!(refusal.code(), "consultation_missing");
    assert!(refusal.article().unwrap().contains("第三十二条"));
    // It was asked: what it said decides.
    let answered = |position| {
        let opinion = Command::RecordOpinion {
            on: day("03-20"),
            id: "c".to_owned(),
            position,
            text: String::new(),
            slip: None,
        };
        case_in(State::ThirdPartyPending).does(opinion)
    };
    assert_eq!(answered(Position::Agrees).refuses(&draft), "consultation_missing");
    assert_eq!(answered(Position::Objects).does(draft.clone()).state(), State::Approval);
    // Or the reason for not asking is on record.
    let waived = story.does(command(Action::WaiveConsultation, "03-20"));
    assert_eq!(waived.does(draft).state(), State::Approval);
}

#[test]
fn the_applicant_always_has_some_time_to_correct_and_to_give_reasons() {
    let examining = Story::received("03-02").does(assign());
    for action in [Action::AskCorrection, Action::AskReasons] {
        let at_once = match command(action, "03-03") {
            Command::AskCorrection { on, defects, approval, notice, .. } => {
                Command::AskCorrection { on, until: on, defects, approval, notice }
            }
            Command::AskReasons(asked) => {
                Command::AskReasons(AskReasons { until: asked.on, ..asked })
            }
            other => panic!("{other:?}"),
        };
        let story = examining.clone().on("03-03");
        let refusal = story.refusal(&at_once);
        assert_eq!(
            (refusal.code(), refusal.field()),
            ("date_too_early", Some("until")),
            "{action:?}"
        );
        assert!(story.tries(&command(action, "03-03")).is_ok(), "{action:?}");
    }
}
