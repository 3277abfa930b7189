//! The ordinary life, from filing to the archive.

use gongkai::domain::command::{Command, Consult, Dispatch};
use gongkai::domain::consultation::AgencyClock;
use gongkai::domain::event::{Party, Position, ServiceMethod};
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::receipt::Channel;
use gongkai::domain::state::State;

use crate::samples::{command, defects};
use crate::story::{Story, assign, day, draft_of, issue, notice, reviewed, slip};

/// Rulebook S3: received 2026-03-30, corrected 04-20, limit 05-20, extended to 06-17.
#[test]
fn a_request_lives_from_filing_to_the_archive_with_every_date_right() {
    // Filed online: the automatic receipt fixes the day.
    let story = Story::arrived(Channel::Internet, "03-30", false);
    assert_eq!(story.state(), State::Registered);
    assert_eq!(story.case.received_on, Some(day("03-30")));
    assert_eq!(story.due(), Some(day("04-28")));
    assert_eq!(story.case.clock().correction_notice_on(), Some(day("04-09")));

    // Correction asked on the last possible day: the clock stands still.
    let story =
        story.by_officer().on("03-31").does(assign()).on("04-09").does(Command::AskCorrection {
            on: day("04-09"),
            until: day("04-30"),
            defects: defects(),
            approval: String::new(),
            notice: notice(2),
        });
    assert_eq!((story.state(), story.due()), (State::CorrectionPending, None));
    assert_eq!(story.case.clock().correction_on(), Some(day("04-30")));

    // Corrected: the limit starts anew.
    let story = story.on("04-20").does(command(Action::RecordCorrection, "04-20"));
    assert_eq!((story.state(), story.due()), (State::Examining, Some(day("05-20"))));
    let story = story.on("04-21").does(Command::PassExamination);
    assert_eq!(story.state(), State::Processing);

    // Extension: asked, consented by the head, told. Only telling moves the limit.
    let story = story.on("05-18").does(command(Action::AskExtension, "05-18"));
    assert_eq!((story.state(), story.due()), (State::ExtensionPending, Some(day("05-20"))));
    let story = story.on("05-19").by_head().does(Command::ConsentExtension).by_officer();
    assert_eq!(story.due(), Some(day("05-20")));
    let story = story.on("05-20").does(command(Action::TellExtension, "05-20"));
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("06-17"))));
    let story = story.posts(NoticeKind::Extension, "05-20");
    assert_eq!(story.due(), Some(day("06-17")));

    // Draft, sent back, submitted again, approved.
    let draft = draft_of;
    let story = story.on("06-10").does(reviewed()).does(draft(1, Outcome::G2));
    assert_eq!(story.state(), State::Approval);
    let story = story.by_head().does(command(Action::ReturnDraft, "06-10"));
    assert_eq!(story.state(), State::Processing);
    let story = story.by_officer().on("06-12").does(draft(4, Outcome::P1)).by_head();
    let story = story.does(Command::ApproveDraft { notice: notice(4) }).on("06-15").does(issue(4));
    assert_eq!(story.state(), State::Issued);
    assert_eq!(story.case.outcome, None, "a reply that has not left decides nothing");

    // Posted on the last day: in time for the agency; served later: that counts for the applicant.
    let story = story.by_officer().on("06-17").does(command(Action::RecordDispatch, "06-17"));
    assert_eq!(story.state(), State::Dispatched);
    let story = story.on("06-22").does(command(Action::RecordService, "06-22"));
    let reply = story.case.reply.clone().unwrap();
    assert_eq!((reply.completed_on, reply.served_on), (Some(day("06-17")), Some(day("06-22"))));
    assert_eq!((story.state(), story.case.outcome), (State::Served, Some(Outcome::P1)));
    assert!(story.defects().is_empty());

    let story = story.does(Command::Close).on("07-01").does(command(Action::Archive, "07-01"));
    assert_eq!(story.state(), State::Archived);
    assert_eq!(story.case.closed_on, Some(day("06-22")));
    assert_eq!(
        story.kinds(),
        [
            "filed",
            "received",
            "assigned",
            "correction_requested",
            "correction_received",
            "examination_passed",
            "extension_asked",
            "extension_consented",
            "extended",
            "notice_dispatched",
            "release_reviewed",
            "draft_submitted",
            "draft_returned",
            "draft_submitted",
            "draft_approved",
            "issued",
            "dispatched",
            "replied",
            "served",
            "closed",
            "archived",
        ]
    );
}

/// Rulebook S1: received Monday 2026-09-14, across two make-up days and the national holiday.
#[test]
fn s1_received_before_the_national_holiday() {
    let story = Story::in_processing("09-14");
    assert_eq!(story.case.clock().correction_notice_on(), Some(day("09-22")));
    assert_eq!(story.due(), Some(day("10-16")));
    assert_eq!(extended(story, "10-16").due(), Some(day("11-13")));
}

/// Rulebook S2: received Tuesday 2026-02-10, across the Spring Festival.
#[test]
fn s2_received_before_the_spring_festival() {
    let story = Story::in_processing("02-10");
    assert_eq!(story.case.clock().correction_notice_on(), Some(day("02-26")));
    assert_eq!(story.due(), Some(day("03-16")));
    assert_eq!(extended(story, "03-16").due(), Some(day("04-14")));
}

/// Rulebook S4: received 2026-05-11, a third party consulted from 05-18 to 06-02.
#[test]
fn s4_eleven_days_of_consultation_are_added_back() {
    let story = Story::in_processing("05-11");
    assert_eq!(story.due(), Some(day("06-08")));
    let story = story.on("05-18").does(Command::Consult(Consult {
        on: day("05-18"),
        id: "c".to_owned(),
        party: Party::ThirdParty,
        addressee: "某公司".to_owned(),
        jointly_made: false,
        items: Vec::new(),
        letter: Default::default(),
        notice: notice(7),
        told: notice(8),
        clock: AgencyClock::default(),
    }));
    assert_eq!(story.state(), State::ThirdPartyPending);
    let story =
        story.on("05-20").does(command(Action::RecordConsultationService, "05-20")).on("06-02");
    let limit = story.case.clock().consultations().next().unwrap().due_on;
    assert_eq!(limit, Some(day("06-10")));
    let draft = draft_of(1, Outcome::G2);
    assert_eq!(story.refuses(&draft), "consultation_open");
    let story = story.does(Command::RecordOpinion {
        on: day("06-02"),
        id: "c".to_owned(),
        position: Position::Objects,
        text: String::new(),
        slip: None,
    });
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("06-24"))));
    assert_eq!(extended(story, "06-24").due(), Some(day("07-22")));
}

#[test]
fn an_answer_at_the_counter_is_reply_and_service_in_one() {
    let story = Story::arrived(Channel::InPerson, "03-02", false).by_officer();
    let story = story.does(command(Action::AnswerOnTheSpot, "03-02"));
    let reply = story.case.reply.clone().unwrap();
    assert_eq!(story.state(), State::Served);
    assert_eq!((reply.completed_on, reply.served_on), (Some(day("03-02")), Some(day("03-02"))));
    assert_eq!(story.does(Command::Close).state(), State::Closed);
}

#[test]
fn each_way_of_service_has_its_two_dates() {
    use ServiceMethod as M;
    // Way, day of dispatch 03-10, day of service recorded 03-16 where it is a separate act.
    for (method, completed, served) in [
        (M::InPerson, "03-10", "03-10"),
        (M::Ems, "03-10", "03-16"),
        (M::Registered, "03-10", "03-16"),
        (M::OrdinaryPost, "03-10", "03-16"),
        (M::Electronic, "03-10", "03-10"),
        (M::ViaAgency, "03-16", "03-16"),
        (M::LeftAtAddress, "03-10", "03-10"),
    ] {
        let story = Story::issued("03-02", Outcome::U1).on("03-10").does(Command::RecordDispatch(
            Dispatch {
                on: day("03-10"),
                method,
                tracking: "XA 1".to_owned(),
                slip: slip(),
                photo: false,
            },
        ));
        let story = match story.state() {
            State::Served => story,
            _ => story.on("03-16").does(command(Action::RecordService, "03-16")),
        };
        let reply = story.case.reply.clone().unwrap();
        assert_eq!(reply.completed_on, Some(day(completed)), "{method}");
        assert_eq!(reply.served_on, Some(day(served)), "{method}");
    }
}

#[test]
fn a_public_notice_is_served_thirty_days_after_publication() {
    // 30 days from Monday 03-02 end on Wednesday 04-01.
    let publish = |on| {
        Command::RecordDispatch(Dispatch {
            on: day(on),
            method: ServiceMethod::PublicNotice,
            tracking: String::new(),
            slip: slip(),
            photo: false,
        })
    };
    let story = Story::issued("03-02", Outcome::U1).does(publish("03-02")).on("06-30");
    assert_eq!(story.case.clock().closed_on(), None, "publication alone completes nothing");
    assert_eq!(
        story.refuses(&Command::RecordService { on: day("03-31"), slip: slip() }),
        "date_too_early"
    );
    assert_eq!(
        story.does(Command::RecordService { on: day("04-01"), slip: slip() }).state(),
        State::Served
    );
    // 30 days from 04-02 end on 05-02, in the Labour Day holiday: 05-06 is the next working day.
    let story = Story::issued("04-02", Outcome::U1).does(publish("04-02")).on("06-30");
    assert_eq!(
        story.refuses(&Command::RecordService { on: day("05-05"), slip: slip() }),
        "date_too_early"
    );
    assert_eq!(
        story.does(Command::RecordService { on: day("05-06"), slip: slip() }).state(),
        State::Served
    );
}

fn extended(story: Story, on: &str) -> Story {
    story
        .on(on)
        .does(command(Action::AskExtension, on))
        .by_head()
        .does(Command::ConsentExtension)
        .by_officer()
        .does(command(Action::TellExtension, on))
}
