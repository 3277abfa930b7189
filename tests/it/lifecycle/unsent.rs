//! A notice that lies on the desk has told nobody: it counts from the day it left, and without that
//! day nothing ends and nothing is released against an objection.
//!
//! Source: 条例 art. 30, 32, 33 ¶2.

use gongkai::domain::command::Command;
use gongkai::domain::event::{Event, Party};
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;

use super::late_facts::consult;
use crate::samples::command;
use crate::story::{Story, day, draft_of, issue, notice, reviewed};

/// Limit 03-30; more time is told on that day.
fn extended() -> Story {
    let story = Story::in_processing("03-02").on("03-30");
    let story = story.does(command(Action::AskExtension, "03-30")).by_head();
    let story = story.does(Command::ConsentExtension).by_officer();
    story.does(command(Action::TellExtension, "03-30"))
}

fn taken_back(kind: NoticeKind, story: Story) -> Story {
    let told = story.case.outgoing.iter().find(|one| one.kind == kind).unwrap().notice;
    let notice = Some((told, kind));
    story.does(Command::RevokeService { notice, reason: "登记错误".to_owned() })
}

#[test]
fn an_extension_that_left_after_the_limit_gives_no_time() {
    let told = extended();
    let longer = told.due();
    assert!(longer > Some(day("03-30")));
    // Posted on the last day: in time
    assert_eq!(told.clone().posts(NoticeKind::Extension, "03-30").due(), longer);
    // A day later: no extension, and the record says why
    let late = told.on("04-01").posts(NoticeKind::Extension, "04-01");
    assert_eq!(late.due(), Some(day("03-30")));
    assert_eq!(late.defects(), ["extension_after_limit"]);
    // The record of the dispatch was wrong, and the true one is entered
    let mended = taken_back(NoticeKind::Extension, late).posts(NoticeKind::Extension, "03-30");
    assert_eq!((mended.due(), mended.defects().is_empty()), (longer, true));
    // Sent again after it came back: the first day stays
    let again = mended.on("04-10").posts(NoticeKind::Extension, "04-10");
    assert_eq!((again.due(), again.defects().is_empty()), (longer, true));
}

#[test]
fn an_extension_that_left_after_the_reply_makes_the_reply_late() {
    let story = extended().on("04-10").does(reviewed());
    let draft = draft_of(1, Outcome::G2);
    let story = story.does(draft).by_head().does(Command::ApproveDraft { notice: notice(1) });
    let story = story.does(issue(1)).by_officer().does(command(Action::RecordDispatch, "04-10"));
    let story = story.on("04-13").does(command(Action::RecordService, "04-13"));
    // Nothing ends while it lies in the house …
    assert_eq!(story.refuses(&Command::Close), "notice_not_sent");
    let sent = story.posts(NoticeKind::Extension, "04-13");
    // … and sending it now mends nothing.
    let mut defects = sent.defects();
    defects.sort_unstable();
    assert_eq!(defects, ["extension_after_limit", "reply_late"]);
    assert_eq!(sent.does(Command::Close).state(), State::Closed);
}

#[test]
fn the_limit_waits_for_a_correction_from_the_day_the_question_left() {
    let story = Story::in_processing("03-02").on("03-03");
    let asked = story.does(command(Action::AskCorrection, "03-03"));
    assert!(asked.defects().is_empty());
    // The notice had to leave within seven working days: 03-11
    let late = asked.clone().on("03-13").posts(NoticeKind::Correction, "03-13");
    assert_eq!(late.defects(), ["correction_notice_late"]);
    assert_eq!(late.case.corrections[0].requested_on, day("03-13"));
    let back = taken_back(NoticeKind::Correction, late);
    assert!(back.defects().is_empty());
    assert_eq!(back.case.corrections[0].requested_on, day("03-03"));
    // What was answered before cannot have left later
    let answered = asked.on("03-10").does(command(Action::RecordCorrection, "03-10"));
    let due = answered.due();
    assert_eq!(answered.on("03-12").posts(NoticeKind::Correction, "03-12").due(), due);
}

#[test]
fn the_time_of_a_consultation_is_taken_off_from_the_day_the_letter_left() {
    let story = Story::in_processing("03-02").on("03-03");
    let asked = story.does(consult("03-03", Party::ThirdParty, false));
    let opinion = |story: Story| {
        story.on("03-20").does(command(Action::RecordOpinion, "03-20")).due().unwrap()
    };
    let at_once = opinion(asked.clone());
    let later = asked.on("03-12").posts(NoticeKind::ThirdPartyLetter, "03-12");
    assert_eq!(later.case.consultations[0].sent_on, day("03-12"));
    assert!(opinion(later) < at_once);
}

#[test]
fn the_archive_asks_for_every_notice_of_which_nothing_shows_that_it_left() {
    let story = Story::in_processing("03-02").on("03-03");
    let asked = story.does(command(Action::AskCorrection, "03-03"));
    let lying = |story: &Story| story.case.unsent().iter().map(|one| one.kind).collect::<Vec<_>>();
    assert_eq!(lying(&asked), [NoticeKind::Correction]);
    // The answer proves the arrival
    let answered = asked.on("03-10").does(command(Action::RecordCorrection, "03-10"));
    assert_eq!(lying(&answered), []);
    let told = extended();
    assert_eq!(lying(&told), [NoticeKind::Extension]);
    assert_eq!(lying(&told.posts(NoticeKind::Extension, "03-30")), []);
    let consulted = Story::in_processing("03-02").on("03-03");
    let consulted = consulted.does(consult("03-03", Party::Agency, true));
    assert_eq!(lying(&consulted), [NoticeKind::AgencyLetter, NoticeKind::ConsultationTold]);
    assert!(consulted.ledger.iter().any(|e| matches!(e.event, Event::ConsultationSent { .. })));
}
