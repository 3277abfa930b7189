//! Random people take thousands of random steps over the use cases, on both databases: nothing
//! breaks, and at the end the whole record still holds together.

use std::collections::HashSet;

use chrono::Days;
use gongkai::app::deliveries::ServiceStep;
use gongkai::app::intake::Filing;
use gongkai::app::ledger;
use gongkai::app::notices::drafts::DraftStep;
use gongkai::app::requests::RequestView;
use gongkai::app::{AppError, Principal};
use gongkai::clock::Clock;
use gongkai::domain::case::Case;
use gongkai::domain::command::Command;
use gongkai::domain::event::ServiceMethod;
use gongkai::domain::ids::{AgencyId, NoticeId, RequestId, UserId};
use gongkai::domain::notice::{NoticeKind, NoticeStatus};
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::reply::ReplyContent;
use gongkai::domain::service::Slip;
use serde_json::{Value, json};

use crate::lifecycle_properties::suited;
use crate::story::{Story, slip};
use crate::support::cases::{application, g1, u1, u2};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(thousands_of_random_steps_leave_a_sound_record);

/// Requests that are under way together.
const REQUESTS: usize = 40;
/// Attempts at a step.
const ATTEMPTS: u64 = 2_400;

/// Numbers without pattern, the same in every run: a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

struct Walk<'a> {
    app: &'a TestApp,
    dice: Dice,
    people: Vec<Principal>,
    taken: u64,
    refused: u64,
}

async fn thousands_of_random_steps_leave_a_sound_record(app: TestApp) {
    let mut walk = Walk::new(&app).await;
    let mut requests = Vec::new();
    for _ in 0..REQUESTS {
        requests.push(walk.filed().await);
    }
    for attempt in 0..ATTEMPTS {
        if attempt % 60 == 59 {
            let next = app.clock.today() + Days::new(u64::try_from(walk.dice.throw(4)).unwrap());
            app.clock.set_date(next);
        }
        let request = requests[walk.dice.throw(REQUESTS)];
        match walk.step(request).await {
            Ok(view) => {
                walk.taken += 1;
                assert_governed(&view);
            }
            // What people may not do is refused in words; nothing of ours may break.
            Err(AppError::Broken(what)) => panic!("{what}"),
            Err(AppError::Store(error)) => panic!("{error}"),
            Err(_) => walk.refused += 1,
        }
    }
    assert!(walk.taken > 600, "{} taken, {} refused", walk.taken, walk.refused);
    assert!(walk.refused > 50, "{} taken, {} refused", walk.taken, walk.refused);

    // The record is what it was when it was written, rows equal their projections
    gongkai::jobs::drain(&app.app).await.unwrap();
    let report = app.app.verify(false).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.requests, REQUESTS);
    // No number was given twice
    let mut numbers = HashSet::new();
    let head = walk.people[2].clone();
    for request in requests {
        let view = app.app.request(&head, request).await.unwrap();
        assert_governed(&view);
        assert!(numbers.insert(view.number.clone()), "{}", view.number);
        for notice in app.app.notices(&head, request).await.unwrap() {
            if let Some(number) = notice.number {
                assert!(numbers.insert(number.clone()), "{number}");
            }
        }
    }
}

/// An open case has exactly one governing date, or a stated reason for none; an ended one neither.
fn assert_governed(view: &RequestView) {
    let governed = view.governing.is_some();
    assert_eq!(governed, view.governing_on.is_some(), "{view:?}");
    assert_eq!(view.open, governed ^ view.no_date.is_some(), "{view:?}");
    assert!(view.open || (!governed && view.no_date.is_none()), "{view:?}");
}

fn content(variation: usize) -> ReplyContent {
    let value: Value = [g1(), u1(), u2()][variation % 3].clone();
    serde_json::from_value(value).unwrap()
}

impl<'a> Walk<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let mut people = Vec::new();
        let desks = [
            ("walk.clerk", vec![Role::Clerk]),
            ("walk.officer", vec![Role::Officer]),
            ("walk.head", vec![Role::Head]),
            ("walk.second", vec![Role::Officer, Role::Head]),
            ("walk.supervisor", vec![Role::Supervisor]),
        ];
        for (login, roles) in desks {
            let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            let agency = (!roles.contains(&Role::Supervisor)).then_some(app.agency);
            let id = app.db_person(login, &names, agency, |row| row).await;
            people.push(Principal {
                user: UserId(id),
                name: login.to_owned(),
                agency: agency.map(AgencyId),
                roles,
                deputyships: Vec::new(),
                branch: Vec::new(),
            });
        }
        Self { app, dice: Dice(0x2545_F491_4F6C_DD1D), people, taken: 0, refused: 0 }
    }

    async fn filed(&self) -> RequestId {
        let application = serde_json::from_value(application()).unwrap();
        let filing = Filing { agency: AgencyId(self.app.agency), application };
        self.app.app.file(None, filing).await.unwrap().id
    }

    /// One random step of a random person: mostly one that is offered.
    async fn step(&mut self, request: RequestId) -> Result<RequestView, AppError> {
        let who = self.people[self.dice.throw(self.people.len())].clone();
        let app = &self.app.app;
        let copy = app.clone();
        let loaded =
            app.store.read(move |conn| ledger::load(conn, &copy, request.0)).await.unwrap();
        let offers = app.steps(&who, request).await?;
        let action = if offers.is_empty() || self.dice.throw(8) == 0 {
            Action::ALL[self.dice.throw(Action::ALL.len())]
        } else {
            offers[self.dice.throw(offers.len())].action
        };
        let seen = loaded.row.last_seq;
        let variation = self.dice.throw(1000);
        let draft = loaded.case.draft.as_ref().map(|draft| draft.notice);
        let step = match action {
            Action::SubmitDraft => return self.submit(&who, request, seen, variation).await,
            Action::RecallDraft => Some(DraftStep::Recall),
            Action::ReturnDraft => Some(DraftStep::Return { reason: "请修改".to_owned() }),
            Action::ApproveDraft => Some(DraftStep::Approve),
            Action::Issue => Some(DraftStep::Issue),
            Action::VoidNumber => Some(DraftStep::Void { reason: "有误".to_owned() }),
            _ => None,
        };
        if let Some(step) = step {
            let reply = loaded.case.reply.as_ref().and_then(|reply| reply.notice);
            let notice = draft.or(reply).unwrap_or_else(NoticeId::new);
            app.draft_step(who.clone(), None, notice, seen, step).await?;
            return app.request(&who, request).await;
        }
        match action {
            Action::RecordDispatch
            | Action::RecordService
            | Action::RecordServiceFailure
            | Action::RecordNoticeDispatch
            | Action::RecordNoticeService
            | Action::RecordNoticeReturn => {
                self.serve(&who, request, seen, action, variation).await
            }
            // What the program itself puts on record is no step of people.
            Action::FixNotice
            | Action::FreezeDocument
            | Action::AcceptCalendar
            | Action::AddFile => app.request(&who, request).await,
            action => {
                let command = self.command(loaded.case, &who, action, variation);
                app.act(who, None, request, seen, command).await
            }
        }
    }

    fn command(&self, case: Case, who: &Principal, action: Action, variation: usize) -> Command {
        let today = self.app.clock.today();
        let story = Story {
            case,
            ledger: Vec::new(),
            today,
            actor: Some(who.user),
            roles: who.roles.clone(),
            chains: None,
            deputyships: Vec::new(),
        };
        match suited(&story, action, today, variation) {
            Command::Assign { reason, officer_name, .. } => {
                Command::Assign { officer: self.people[1].user, reason, officer_name }
            }
            // As they come over HTTP: every notice has an id of its own. What never comes that way
            // stays as it is.
            other => serde_json::to_value(&other).and_then(serde_json::from_value).unwrap_or(other),
        }
    }

    async fn submit(
        &self,
        who: &Principal,
        request: RequestId,
        seen: i32,
        variation: usize,
    ) -> Result<RequestView, AppError> {
        let app = &self.app.app;
        let all = app.notices(who, request).await?;
        let begun = all.into_iter().find(|notice| {
            notice.kind == NoticeKind::Reply
                && matches!(notice.status, NoticeStatus::Draft | NoticeStatus::Returned)
        });
        let notice = match begun {
            Some(notice) => notice,
            None => app.draft_reply(who.clone(), None, request, content(variation)).await?,
        };
        app.draft_step(who.clone(), None, notice.id, seen, DraftStep::Submit).await?;
        app.request(who, request).await
    }

    async fn serve(
        &mut self,
        who: &Principal,
        request: RequestId,
        seen: i32,
        action: Action,
        variation: usize,
    ) -> Result<RequestView, AppError> {
        let app = &self.app.app;
        let is_reply = matches!(
            action,
            Action::RecordDispatch | Action::RecordService | Action::RecordServiceFailure
        );
        let all = app.notices(who, request).await?;
        let issued: Vec<NoticeId> = all
            .into_iter()
            .filter(|n| {
                n.status == NoticeStatus::Issued && (n.kind == NoticeKind::Reply) == is_reply
            })
            .map(|notice| notice.id)
            .collect();
        let notice = match issued.last() {
            Some(notice) => *notice,
            None => NoticeId::new(),
        };
        let on = self.app.clock.today();
        let method = ServiceMethod::ALL[variation % ServiceMethod::ALL.len()];
        let step = match action {
            Action::RecordDispatch | Action::RecordNoticeDispatch => ServiceStep::Sent {
                on,
                method,
                tracking: format!("EA{variation}CN"),
                evidence: "收据".to_owned(),
                evidence_file: None,
                slip: if variation.is_multiple_of(4) { Slip::default() } else { slip() },
            },
            Action::RecordService | Action::RecordNoticeService => ServiceStep::Served {
                on,
                evidence: "回执".to_owned(),
                evidence_file: None,
                slip: slip(),
            },
            _ => ServiceStep::Returned { on, reason: "查无此人".to_owned() },
        };
        app.serve_notice(who.clone(), None, notice, seen, step).await
    }
}

#[test]
fn a_case_that_waits_for_nobodys_date_says_why() {
    use crate::samples::case_in;
    use crate::samples::remedies::answered;
    use crate::story::day;
    use gongkai::domain::calendar::Calendar;
    use gongkai::domain::case::NoDate;
    use gongkai::domain::state::State;
    let mut told = Vec::new();
    for state in State::ALL {
        let case = case_in(*state).case;
        let row = case.projection(Calendar::built_in());
        let dates = usize::from(row.governing.is_some()) + usize::from(row.no_date.is_some());
        assert_eq!(dates, usize::from(row.open), "{state}");
        assert_eq!(row.governing.is_some(), row.queue_on.is_some(), "{state}");
        told.push(json!([
            state.as_str(),
            row.governing.map(|which| which.as_str()),
            row.no_date.map(|why| why.as_str())
        ]));
    }
    let of = |state: &str| told.iter().find(|row| row[0] == state).unwrap().clone();
    assert_eq!(of("processing"), json!(["processing", "reply", null]));
    assert_eq!(of("awaiting_confirmation"), json!(["awaiting_confirmation", "safe_reply", null]));
    assert_eq!(of("correction_pending"), json!(["correction_pending", "correction", null]));
    assert_eq!(of("fee_pending"), json!(["fee_pending", null, "fee_notice_unserved"]));
    assert_eq!(of("dispatched"), json!(["dispatched", null, "replied"]));
    assert_eq!(of("withdrawn"), json!(["withdrawn", null, "ended"]));
    assert_eq!(of("under_remedy"), json!(["under_remedy", "remedy_answer", null]));
    let answered = case_in(State::UnderRemedy).does(answered("r", day("03-20"))).case;
    let waits = answered.projection(Calendar::built_in());
    assert_eq!((waits.governing, waits.no_date), (None, Some(NoDate::UnderRemedy)));
    assert_eq!(of("archived"), json!(["archived", null, null]));
}
