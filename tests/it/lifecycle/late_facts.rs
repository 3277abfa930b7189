//! What is recorded late: it takes its place by date, moves what it moves, and never makes the
//! ledger unreadable.

use gongkai::domain::calendar::{Calendar, DayException, ExceptionKind};
use gongkai::domain::case::Case;
use gongkai::domain::clock::State as ClockStanding;
use gongkai::domain::command::{Command, Consult, Dispatch};
use gongkai::domain::consultation::AgencyClock;
use gongkai::domain::event::{Event, Party, ServiceMethod, SilenceEffect};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;

use crate::samples::{case_in, command, remedies};
use crate::story::{Story, day, draft_of, notice, slip};

pub(super) fn consult(on: &str, party: Party, jointly_made: bool) -> Command {
    let id = "c".to_owned();
    Command::Consult(Consult {
        on: day(on),
        id,
        party,
        addressee: "某单位".to_owned(),
        jointly_made,
        items: Vec::new(),
        letter: Default::default(),
        notice: notice(7),
        told: notice(8),
        clock: AgencyClock::default(),
    })
}

fn silence(on: &str) -> Command {
    command(Action::RecordSilence, on)
}

#[test]
fn a_service_slip_found_weeks_later_moves_the_limit() {
    // Received 03-02 (limit 03-30); asked 03-10; service unknown: 15 working days from dispatch.
    let story = Story::in_processing("03-02").on("03-10");
    let story = story.does(consult("03-10", Party::ThirdParty, false));
    assert_eq!(story.due(), Some(day("04-21")));
    let story = story.on("03-27").does(command(Action::RecordConsultationService, "03-13"));
    assert_eq!(story.due(), Some(day("04-24")));
}

#[test]
fn silence_is_recorded_only_after_service_and_fifteen_working_days() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let story = story.on("05-20");
    assert_eq!(story.refuses(&silence("05-20")), "service_unproved");
    let story = story.does(command(Action::RecordConsultationService, "03-09"));
    assert_eq!(story.refuses(&silence("03-30")), "consultation_still_open");
    let story = story.does(silence("03-31"));
    assert_eq!(story.state(), State::Processing);
    assert_eq!(story.refuses(&silence("03-31")), "wrong_state");
}

#[test]
fn silence_is_consent_only_of_an_agency_that_made_the_information_too() {
    use SilenceEffect::{AgencyDecides, DeemedConsent, NoDeemedConsent};
    for (party, jointly_made, expected) in [
        (Party::Agency, true, DeemedConsent),
        (Party::Agency, false, NoDeemedConsent),
        (Party::ThirdParty, false, AgencyDecides),
        (Party::ThirdParty, true, AgencyDecides),
    ] {
        let story = Story::in_processing("03-02").does(consult("03-02", party, jointly_made));
        let story = story.on("04-20").does(command(Action::RecordConsultationService, "03-03"));
        let story = story.does(silence("04-20"));
        let effect = |event: &Event| match event {
            Event::ConsultationLapsed { effect, article, .. } => {
                *effect == expected && article == expected.article()
            }
            _ => false,
        };
        assert!(story.has(effect), "{party} {jointly_made}");
    }
}

#[test]
fn a_letter_that_cannot_be_served_does_not_keep_the_case_for_ever() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let story = story.on("03-06").does(command(Action::AbandonConsultation, "03-06"));
    // Waited for from 03-02 to 03-06: four working days are added back.
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("04-03"))));
    assert_eq!(story.refuses(&command(Action::RecordOpinion, "03-06")), "wrong_state");
    // Once it arrived, silence has its legal effect and giving up has none.
    let served = Story::in_processing("03-02")
        .does(consult("03-02", Party::ThirdParty, false))
        .does(command(Action::RecordConsultationService, "03-02"));
    assert_eq!(served.refuses(&command(Action::AbandonConsultation, "03-02")), "wrong_state");
}

#[test]
fn a_letter_of_an_earlier_limit_can_still_lapse_after_the_correction() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let story = story.on("03-03").does(command(Action::RecordConsultationService, "03-03"));
    let story = story.does(command(Action::AskCorrection, "03-03")).on("04-20");
    let story = story.does(command(Action::RecordCorrection, "03-10"));
    let story = story.does(Command::PassExamination).does(silence("04-20"));
    assert_eq!((story.state(), story.due()), (State::Processing, Some(day("04-08"))));
    let draft = draft_of(1, Outcome::U1);
    assert_eq!(story.does(draft).state(), State::Approval);
}

#[test]
fn a_letter_served_after_the_withdrawal_can_lapse_after_the_remand() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let story = story.on("06-01").does(command(Action::Withdraw, "03-03"));
    let story = story.does(command(Action::RecordConsultationService, "03-05"));
    let story = story.does(remedies::opened("r", day("03-10")));
    let story = story.does(command(Action::DecideRemedy, "04-01")).by_head();
    let story = story.does(command(Action::Remand, "04-01")).by_officer();
    assert_eq!(story.state(), State::ThirdPartyPending);
    assert_eq!(story.refuses(&silence("03-26")), "consultation_still_open");
    assert_eq!(story.does(silence("04-01")).state(), State::Processing);
}

#[test]
fn an_opinion_after_the_reply_is_on_record_and_moves_nothing() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let story = story.on("03-31").does(command(Action::RecordConsultationService, "03-09"));
    let story = story.does(silence("03-31"));
    let story = story.does(draft_of(1, Outcome::U1));
    let story = story.by_head().does(command(Action::ApproveDraft, "03-31"));
    let story = story.does(crate::story::issue(1)).by_officer();
    let story = story.does(command(Action::RecordDispatch, "03-31"));
    let (due, defects) = (story.due(), story.defects());
    let story = story.on("04-15").does(command(Action::RecordOpinion, "04-15"));
    assert!(story.kinds().ends_with(&["consultation_answered"]));
    assert_eq!((story.due(), story.defects()), (due, defects));
    assert_eq!(story.state(), State::Dispatched);
}

#[test]
fn an_opinion_cannot_be_older_than_its_letter() {
    let story = Story::in_processing("03-02").on("03-10");
    let story = story.does(consult("03-10", Party::ThirdParty, false));
    for action in
        [Action::RecordOpinion, Action::RecordConsultationService, Action::AbandonConsultation]
    {
        assert_eq!(story.refuses(&command(action, "03-09")), "date_too_early");
    }
}

#[test]
fn two_consultations_cannot_share_a_name() {
    let story = Story::in_processing("03-02").does(consult("03-02", Party::ThirdParty, false));
    let refusal = story.refusal(&consult("03-02", Party::Agency, true));
    assert_eq!((refusal.code(), refusal.field()), ("duplicate", Some("id")));
}

#[test]
fn a_late_fact_can_void_an_extension_but_never_the_ledger() {
    // Limit 03-30; asked 03-03, so it seemed to run on to 04-21; extended on 04-10.
    let story = Story::in_processing("03-02").on("03-03");
    let story = story.does(consult("03-03", Party::ThirdParty, false)).on("04-10");
    let story = story.does(command(Action::AskExtension, "04-10")).by_head();
    let story = story.does(Command::ConsentExtension);
    let story = story.does(command(Action::TellExtension, "04-10"));
    assert!(story.defects().is_empty());
    // The answer had lain in the mailroom since 03-05: the limit had ended on 04-01.
    let story = story.does(command(Action::RecordOpinion, "03-05"));
    assert_eq!(story.due(), Some(day("04-01")));
    assert_eq!(story.defects(), ["extension_after_limit"]);
    assert_eq!(story.case.clock().extension(), None);
}

#[test]
fn a_corrected_calendar_leaves_every_ledger_readable() {
    // Extended on the very last day, 03-30 …
    let story = Story::in_processing("03-02").on("03-30");
    let story = story.does(command(Action::AskExtension, "03-30")).by_head();
    let story = story.does(Command::ConsentExtension);
    let story = story.does(command(Action::TellExtension, "03-30"));
    // … and then a Saturday before it is declared a working day.
    let work = DayException {
        date: day("03-07"),
        kind: ExceptionKind::Work,
        festival: "调休".to_owned(),
        arranged_for: 2027,
    };
    let corrected = Calendar::built_in().with_exceptions(vec![work]);
    let case = Case::replay(&corrected, &story.ledger).unwrap();
    assert_eq!(case.clock().due_on(), Some(day("03-27")));
    assert_eq!(case.projection(&corrected).defects, ["extension_after_limit"]);
}

#[test]
fn a_message_that_bounced_was_no_reply_and_a_letter_returned_was() {
    let sent = |method| {
        Story::issued("03-02", Outcome::U1).on("03-10").does(Command::RecordDispatch(Dispatch {
            on: day("03-10"),
            method,
            tracking: "1".to_owned(),
            slip: slip(),
            photo: false,
        }))
    };
    let fails = |on| command(Action::RecordServiceFailure, on);
    let bounced = sent(ServiceMethod::Electronic);
    assert_eq!(bounced.state(), State::Served);
    let bounced = bounced.on("03-11").does(fails("03-11"));
    assert_eq!((bounced.state(), bounced.case.outcome), (State::ServiceFailed, None));
    assert_eq!(bounced.case.clock().closing(), None, "the clock runs on");
    let late = bounced.on("04-01").does(command(Action::RecordDispatch, "04-01"));
    assert_eq!(late.defects(), ["reply_late"]);

    let returned = sent(ServiceMethod::Ems).on("03-20").does(fails("03-20"));
    let again = returned.on("04-01").does(command(Action::RecordDispatch, "04-01"));
    assert_eq!(again.case.reply.clone().unwrap().completed_on, Some(day("03-10")));
    assert!(again.defects().is_empty(), "the first posting was in time");
    let served = again.does(command(Action::RecordService, "04-01"));
    assert_eq!(served.refuses(&fails("04-01")), "wrong_state");
}

#[test]
fn a_late_reply_is_recorded_and_is_a_defect() {
    let story = Story::issued("03-02", Outcome::U1).on("03-31");
    let story = story.does(command(Action::RecordDispatch, "03-31"));
    assert_eq!(
        (story.state(), story.defects()),
        (State::Dispatched, vec!["reply_late".to_owned()])
    );
}

#[test]
fn a_dispatch_recorded_a_week_later_counts_on_its_day() {
    let story = Story::issued("03-27", Outcome::U1);
    let story = story.on("04-07").does(command(Action::RecordDispatch, "03-30"));
    let reading = story.case.reading(Calendar::built_in(), day("04-07"));
    assert_eq!(reading.state, ClockStanding::Closed);
    assert!(story.defects().is_empty());
}

#[test]
fn a_calendar_change_is_on_record_with_both_dates() {
    let story = case_in(State::Processing).does(command(Action::AcceptCalendar, "03-20"));
    let told = |event: &Event| {
        matches!(event, Event::CalendarChanged(change)
            if (change.old_due_on, change.new_due_on) == (Some(day("03-30")), Some(day("03-31"))))
    };
    assert!(story.has(told));
}
