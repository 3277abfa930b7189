//! Properties of every history the program can write: random people take random steps on random
//! days, and what was accepted must hold together.

use chrono::{Days, NaiveDate};
use gongkai::domain::calendar::{Calendar, DayException, ExceptionKind};
use gongkai::domain::case::{Case, Letter};
use gongkai::domain::clock;
use gongkai::domain::command::{
    AnswerRemedy, AskReasons, Command, Consult, DecideRemedy, Dispatch, NotifyFee, OpenRemedy,
    Remand,
};
use gongkai::domain::decide::offered;
use gongkai::domain::event::{SecrecyFinding, ServiceMethod, Written};
use gongkai::domain::item::Item;
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::receipt::Channel;
use gongkai::domain::state::State;
use proptest::prelude::*;

use crate::samples::command;
use crate::story::{Story, day, issue, notice, told};

/// One attempt: which step, how many days later, entered for how many days ago, and a variation.
pub type Attempt = (usize, u64, u64, usize);

pub fn attempts() -> impl Strategy<Value = (usize, Vec<Attempt>)> {
    let attempt = (any::<usize>(), 0u64..9, 0u64..8, any::<usize>());
    (0..Channel::ALL.len(), proptest::collection::vec(attempt, 0..40))
}

/// A step on `story` in the spirit of `attempt`: mostly one that is offered.
fn step(story: &Story, (which, _, ago, variation): Attempt) -> Command {
    let offers = offered(&story.case, Role::ALL);
    let pool = if which.is_multiple_of(5) { Action::ALL } else { offers.as_slice() };
    let action = pool[which / 5 % pool.len()];
    let ago = if variation.is_multiple_of(3) { ago } else { 0 };
    suited(story, action, story.today - Days::new(ago), variation)
}

/// The sample of `action` with names that exist in the case and varied input.
pub fn suited(story: &Story, action: Action, on: NaiveDate, variation: usize) -> Command {
    let case = &story.case;
    let draft = case.draft.as_ref().map_or(notice(1), |draft| draft.notice);
    let consulted = |wanted: &dyn Fn(bool, bool, bool) -> bool| {
        let found =
            case.consultations.iter().find(|c| wanted(c.open, c.served_on.is_some(), c.answered));
        found.map_or_else(|| "c".to_owned(), |c| c.id.clone())
    };
    let mut step = command(action, &on.to_string());
    match &mut step {
        Command::AskCorrection { until, .. } | Command::AskReasons(AskReasons { until, .. }) => {
            *until = on + Days::new(5);
        }
        Command::JudgeReasons { accepted, .. } => *accepted = variation.is_multiple_of(2),
        Command::Defer { until, .. } => *until = on + Days::new(60),
        Command::LapseCorrection { notice_served_on, .. } => {
            let asked = case.corrections.last().map(|round| round.requested_on);
            *notice_served_on = asked.unwrap_or(on);
        }
        Command::NotifyFee(NotifyFee { served_on, .. }) => {
            *served_on = (variation.is_multiple_of(2)).then_some(on)
        }
        Command::Consult(Consult { id, jointly_made, .. }) => {
            *id = format!("c{}", case.consultations.len());
            *jointly_made = variation.is_multiple_of(2);
        }
        Command::Remand(Remand { remedy, .. }) => {
            let orders = case.remedies.iter().find(|one| one.orders_anew());
            *remedy = orders.map_or_else(|| "r".to_owned(), |one| one.id.clone());
        }
        Command::RecordConsultationService { id, .. } => {
            let unserved = case.consultations.iter().find(|c| c.may_be_served());
            *id = unserved.map_or_else(|| "c".to_owned(), |c| c.id.clone());
        }
        Command::RecordOpinion { id, .. } => *id = consulted(&|_, _, answered| !answered),
        Command::RecordSilence { id, .. } => *id = consulted(&|open, _, _| open),
        Command::AbandonConsultation { id, .. } => {
            *id = consulted(&|open, served, _| open && !served)
        }
        Command::ReviewRelease { finding, .. } => {
            *finding = SecrecyFinding::ALL[variation % SecrecyFinding::ALL.len()];
        }
        Command::AskExtension { working_days, .. } => {
            *working_days = u16::try_from(variation % 22).unwrap_or_default();
        }
        Command::SubmitDraft { notice: id, outcome, .. } => {
            *id = notice(u128::try_from(story.ledger.len()).unwrap_or_default() + 100);
            *outcome = Outcome::ALL[variation % Outcome::ALL.len()];
        }
        Command::RecallDraft { notice }
        | Command::ReturnDraft { notice, .. }
        | Command::ApproveDraft { notice }
        | Command::Issue { notice, .. } => *notice = draft,
        Command::VoidNumber { notice: id, .. } => {
            *id = case.reply.as_ref().and_then(|r| r.notice).unwrap_or_else(|| notice(1));
        }
        // What was posted last; the reply where nothing else was.
        Command::RevokeService { notice, .. } => {
            let posted = |letter: &&Letter| letter.method != ServiceMethod::Electronic;
            let last = case.letters.iter().rev().find(posted);
            *notice = last.map(|letter| (letter.notice, NoticeKind::Correction));
        }
        Command::RecordDispatch(Dispatch { method, .. }) => {
            *method = ServiceMethod::ALL[variation % ServiceMethod::ALL.len()];
        }
        Command::AnswerOnTheSpot { outcome, .. } => {
            *outcome = Outcome::ALL[variation % Outcome::ALL.len()];
        }
        Command::OpenRemedy(OpenRemedy { id, .. }) => *id = format!("r{}", case.remedies.len()),
        Command::AnswerRemedy(AnswerRemedy { id, .. }) => {
            let waits = case.remedies.iter().find(|remedy| remedy.answer.is_none());
            *id = waits.map_or_else(|| "r".to_owned(), |remedy| remedy.id.clone());
        }
        Command::DecideRemedy(DecideRemedy { id, .. }) => {
            let open = case.remedies.iter().find(|remedy| remedy.is_open());
            *id = open.map_or_else(|| "r".to_owned(), |remedy| remedy.id.clone());
        }
        _ => {}
    }
    step
}

/// Lives through the attempts, checking every accepted step.
pub fn live((channel, attempts): (usize, Vec<Attempt>)) -> Story {
    let mut story = Story::arrived(Channel::ALL[channel], "2026-01-05", false);
    for attempt in attempts {
        story.today = story.today + Days::new(attempt.1);
        story = if attempt.3.is_multiple_of(2) { story.by_head() } else { story.by_officer() };
        let command = step(&story, attempt);
        let (before, was_offered) = (story.case.clone(), offers(&story, command.action()));
        match story.tries(&command) {
            Ok(decision) => {
                assert!(was_offered || !people_take(command.action()), "{command:?} not offered");
                // Replay equality is checked by `append` after every step.
                story.append(decision);
                check_accepted(&before, &command, &story);
            }
            Err(refusal) if was_offered => {
                assert_ne!(refusal.code(), "wrong_state", "{command:?} was offered");
            }
            Err(_) => {}
        }
    }
    story
}

fn people_take(action: Action) -> bool {
    action.allowed_to_any(Role::ALL)
}

fn offers(story: &Story, action: Action) -> bool {
    offered(&story.case, Role::ALL).contains(&action)
}

fn check_accepted(before: &Case, command: &Command, story: &Story) {
    let cleared = |outcome: Outcome| {
        let released = |item: &&Item| item.outcome().is_some_and(|o| o.rule().releases);
        let mut released = before.items.iter().filter(released);
        match before.answers_by_item() {
            true => released.all(|item| item.clearance.is_some() || before.clearance.is_some()),
            false => {
                !outcome.rule().releases
                    || (before.secrecy_finding.is_some() && !before.secrecy_open)
            }
        }
    };
    match command {
        Command::ApproveDraft { .. } => {
            let drafter = before.draft.as_ref().and_then(|draft| draft.drafter);
            assert_ne!(drafter, story.actor, "an own draft was approved");
        }
        Command::Issue { .. } => {
            let outcome = before.draft.as_ref().map(|draft| draft.outcome);
            assert!(outcome.is_some_and(cleared), "issued without review");
        }
        Command::AnswerOnTheSpot { outcome, .. } => {
            assert!(cleared(*outcome), "released without review");
        }
        Command::Close => {
            let replied = before.reply.as_ref().is_some_and(|reply| reply.served_on.is_some());
            let ended = matches!(
                before.phase(),
                State::Withdrawn | State::CorrectionLapsed | State::FeeLapsed
            );
            assert!(replied || ended, "closed without proof");
        }
        _ => {}
    }
}

/// Takes the first of `wanted` that is offered and accepted; steps that can come only once come
/// first. Tells whether any was.
fn takes_any(story: &mut Story, wanted: &[Action]) -> bool {
    for action in wanted {
        for person in 0..3 {
            let next = story.clone();
            // A second head, since nobody approves an own draft.
            let next = match person {
                0 => next.by_head(),
                1 => next.by_officer(),
                _ => next.by_second_head(),
            };
            let command = finishing(&next, *action);
            let nothing_lies = next.case.unsent().is_empty();
            if !offers(&next, *action) || (*action == Action::RecordNoticeDispatch && nothing_lies)
            {
                continue;
            }
            if let Ok(decision) = next.tries(&command) {
                *story = next;
                story.append(decision);
                return true;
            }
        }
    }
    false
}

/// Like [`suited`], with input that brings a case to its end.
fn finishing(story: &Story, action: Action) -> Command {
    match suited(story, action, story.today, 0) {
        Command::SubmitDraft { notice, .. } => {
            // What waits for nobody's answer and hands over nothing.
            let outcome = if story.case.answers_by_item() { Outcome::N5 } else { Outcome::U1 };
            Command::SubmitDraft { notice, outcome, written: Written::default() }
        }
        Command::DecideItem { .. } => {
            let refused = Some(Outcome::N5);
            let open = story.case.items.iter().find(|item| item.outcome() != refused);
            Command::DecideItem {
                item: open.map_or(0, |item| item.n),
                content: Box::new(crate::samples::content(Outcome::N5)),
            }
        }
        Command::RecordNoticeDispatch { dispatch, notice, notice_kind } => {
            let lies = story.case.unsent().first().map(|one| (one.notice, one.kind));
            let (notice, notice_kind) = lies.unwrap_or((notice, notice_kind));
            Command::RecordNoticeDispatch { dispatch, notice, notice_kind }
        }
        Command::RecordDispatch(Dispatch { on, tracking, slip, photo, .. }) => {
            Command::RecordDispatch(Dispatch {
                on,
                tracking,
                slip,
                photo,
                method: ServiceMethod::Ems,
            })
        }
        Command::Issue { notice, .. } => match issue(1) {
            Command::Issue { number, content_sha256, .. } => {
                Command::Issue { notice, number, content_sha256 }
            }
            other => other,
        },
        other => other,
    }
}

/// What the agency alone can do, the steps nearest to the end first.
const ALONE: &[Action] = &[
    Action::Archive,
    Action::Close,
    Action::RecordNoticeDispatch,
    Action::DecideRemedy,
    Action::RecordService,
    Action::RecordDispatch,
    Action::Issue,
    Action::ApproveDraft,
    Action::ReturnDraft,
    Action::SubmitDraft,
    Action::DecideItem,
    Action::RecordSilence,
    Action::AbandonConsultation,
    Action::LapseCorrection,
    Action::LapseFee,
    Action::RecordFeeService,
    Action::JudgeReasons,
    Action::PassExamination,
    Action::Assign,
];

/// Walks to the archive with `steps`, a month passing between any two.
fn archive(mut story: Story, steps: &[Action]) -> Story {
    for _ in 0..40 {
        if story.case.phase() == State::Archived {
            return story;
        }
        story.today = story.today + Days::new(31);
        assert!(takes_any(&mut story, steps), "stuck in {}:\n{:#?}", story.state(), story.case);
    }
    panic!("no end in sight in {}", story.state());
}

/// A calendar in which some days of 2026 are otherwise than announced.
fn other_calendar(changes: &[(u64, bool)]) -> Calendar {
    let first = day("2026-01-01");
    let changes = changes.iter().map(|(n, off)| DayException {
        date: first + Days::new(*n),
        kind: if *off { ExceptionKind::Off } else { ExceptionKind::Work },
        festival: "调整".to_owned(),
        arranged_for: 2026,
    });
    let announced = Calendar::built_in().exceptions().cloned();
    Calendar::from_exceptions(announced.chain(changes))
}

proptest! {
    // A failure is turned into a test of its own, see `lifecycle::late_facts`.
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Also: replay equals the decided case after every step, offered steps are never refused with
    /// `wrong_state`, own drafts are never approved, nothing is released without review, nothing
    /// is closed without proof. See [`live`].
    #[test]
    fn the_limit_of_a_case_is_that_of_its_clock_events(attempts in attempts()) {
        let story = live(attempts);
        let events = story.case.clock_events();
        let reading = clock::fold(Calendar::built_in(), events, story.today);
        prop_assert_eq!(reading.map(|r| r.due_on).unwrap_or_default(), story.due());
    }

    #[test]
    fn every_case_can_reach_the_archive_even_if_nobody_answers(attempts in attempts()) {
        let mut story = live(attempts);
        if story.case.received_on.is_none() && story.state() == State::AwaitingConfirmation {
            // Without the applicant's word no receipt date exists; rulebook section 2.
            prop_assert!(offers(&story, Action::ConfirmReceipt));
            prop_assert!(takes_any(&mut story, &[Action::ConfirmReceipt]));
        }
        let story = archive(story, ALONE);
        prop_assert!(story.case.outcome.is_some());
    }

    #[test]
    fn every_ledger_replays_under_every_calendar(
        attempts in attempts(),
        changes in proptest::collection::vec((0u64..365, any::<bool>()), 0..30),
    ) {
        let story = live(attempts);
        let calendar = other_calendar(&changes);
        let case = Case::replay(&calendar, &story.ledger);
        prop_assert!(case.is_ok(), "{:?}\n{:#?}", case.err(), story.ledger);
        // Back under the calendar of record it is the same case again.
        let again = Case::replay(Calendar::built_in(), &story.ledger);
        prop_assert_eq!(told(&again.unwrap_or_else(|_| Case::empty())), told(&story.case));
    }
}

#[test]
fn every_canonical_case_can_reach_the_archive() {
    for state in State::ALL {
        let mut story = crate::samples::case_in(*state);
        takes_any(&mut story, &[Action::ConfirmReceipt]);
        archive(story, ALONE);
    }
}
