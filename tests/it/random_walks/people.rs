//! The people of the random walks, and what each of them may come upon to do.

use std::collections::HashSet;

use gongkai::app::intake::{Filed, Filing, Registration};
use gongkai::app::ledger;
use gongkai::app::requests::RequestView;
use gongkai::app::tracking::Ticket;
use gongkai::app::{AppError, Principal};
use gongkai::clock::Clock;
use gongkai::domain::case::Case;
use gongkai::domain::chain::{ApprovalChains, ChainRule, Stage};
use gongkai::domain::decide::offered;
use gongkai::domain::ids::{AgencyId, RequestId, UserId};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::receipt::Channel;

use super::Coverage;
use crate::support::cases::application;
use crate::support::test_app::TestApp;

/// Where the head stands among the people.
const HEAD: usize = 2;
/// How many offered steps are looked at before the one least often taken is chosen.
const CHOICES: usize = 3;
/// Steps that end a case before its time, or begin it anew.
const ENDS: [Action; 3] = [Action::Withdraw, Action::AnswerOnTheSpot, Action::Remand];
/// The way to the end: who is on an errand takes the furthest of these that is offered to anybody.
const FORWARD: [Action; 18] = [
    Action::Assign,
    Action::ConfirmReceipt,
    Action::PassExamination,
    Action::RecordCorrection,
    Action::JudgeReasons,
    Action::RecordFeeService,
    Action::RecordPayment,
    Action::RecordConsultationService,
    Action::RecordOpinion,
    Action::SubmitDraft,
    Action::ConsentExtension,
    Action::TellExtension,
    Action::ApproveDraft,
    Action::Issue,
    Action::RecordDispatch,
    Action::RecordService,
    Action::Close,
    Action::Archive,
];
/// Most steps of one errand.
const ERRAND: u32 = 14;
/// How much more seldom [`ENDS`] are taken than others.
const EARLY: u64 = 3;

/// Numbers without pattern, the same in every run: a failure can be repeated.
pub struct Dice(u64);

impl Dice {
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    pub fn of<'t, T>(&mut self, some: &'t [T]) -> &'t T {
        &some[self.throw(some.len())]
    }
}

/// What came of a step: the requests it changed.
pub type Done = Result<Vec<RequestView>, AppError>;

pub struct Walk<'a> {
    pub app: &'a TestApp,
    pub dice: Dice,
    pub people: Vec<Principal>,
    /// Requests under way.
    pub pool: Vec<RequestId>,
    /// Requests that have left the pool.
    gone: Vec<RequestId>,
    pub tickets: Vec<Filed>,
    /// The request that somebody is determined to finish.
    errand: Option<(RequestId, u32)>,
    assigned: HashSet<RequestId>,
    pub coverage: Coverage,
}

impl<'a> Walk<'a> {
    /// Everybody of an agency with a long chain for some replies, and requests to begin with.
    pub async fn new(app: &'a TestApp, requests: usize) -> Self {
        let desks = [
            ("walk.clerk", vec![Role::Clerk]),
            ("walk.officer", vec![Role::Officer]),
            ("walk.head", vec![Role::Head]),
            ("walk.second", vec![Role::Officer, Role::Head]),
            ("walk.reviewer", vec![Role::SecrecyReviewer, Role::LegalReviewer]),
            ("walk.signer", vec![Role::Leader, Role::Signer]),
            ("walk.supervisor", vec![Role::Supervisor]),
            ("walk.admin", vec![Role::Administrator]),
        ];
        let mut people = Vec::new();
        for (login, roles) in desks {
            let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            let county = roles.iter().any(|role| !role.works_on_cases());
            let agency = (!county).then_some(app.agency);
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
        let long = vec![Stage::Office, Stage::Legal, Stage::Leader, Stage::Sign];
        let chains = ApprovalChains {
            stages: vec![Stage::Office],
            rules: vec![ChainRule { outcomes: vec![Outcome::U2], stages: long }],
            one_person_may_hold_several: true,
        };
        let admin = people.pop().unwrap();
        let agency = AgencyId(app.agency);
        app.app.set_approval_chains(&admin, agency, 0, chains).await.unwrap();
        let mut walk = Self {
            app,
            dice: Dice(0x2545_F491_4F6C_DD1D),
            people,
            pool: Vec::new(),
            gone: Vec::new(),
            tickets: Vec::new(),
            errand: None,
            assigned: HashSet::new(),
            coverage: Coverage::default(),
        };
        for _ in 0..requests {
            walk.file().await;
        }
        walk
    }

    async fn file(&mut self) {
        let application = serde_json::from_value(application()).unwrap();
        let app = &self.app.app;
        let filed = if self.dice.throw(4) == 0 {
            let registration = Registration {
                application,
                channel: Channel::OrdinaryPost,
                arrived_on: self.app.clock.today(),
                confirmed_on: None,
                evidence: "信封".to_owned(),
                oral: None,
            };
            app.register(self.people[0].clone(), None, registration).await.unwrap()
        } else {
            let filing = Filing { agency: AgencyId(self.app.agency), application };
            app.file(None, filing).await.unwrap()
        };
        self.pool.push(filed.id);
        self.tickets.push(filed);
    }

    pub fn a_few_days(&mut self) -> u64 {
        u64::try_from(self.dice.throw(8)).unwrap()
    }

    pub fn head(&self) -> Principal {
        self.people[HEAD].clone()
    }

    pub fn all(&self) -> Vec<RequestId> {
        [self.pool.as_slice(), &self.gone].concat()
    }

    /// The sweep comes by now and then, so that people may be first.
    pub async fn swept(&mut self) {
        if self.dice.throw(4) != 0 {
            return;
        }
        let report = self.app.app.sweep("walk").await.unwrap().unwrap();
        assert_eq!(report.failed, 0);
        self.coverage.count("sweep", report.entries > 0);
    }

    /// One random step of a random person, mostly one that is offered – or the next one on the way
    /// to the end of the request that somebody is determined to finish.
    pub async fn step(&mut self) -> (&'static str, Done) {
        if self.dice.throw(16) == 0 {
            return self.applicant().await;
        }
        if self.errand.is_none() && self.dice.throw(20) == 0 {
            self.errand = Some((*self.dice.of(&self.pool), ERRAND));
        }
        let (request, left) = match self.errand {
            Some((request, left)) if left > 0 => (request, left),
            _ => (*self.dice.of(&self.pool), 0),
        };
        let copy = self.app.app.clone();
        let load = move |conn: &mut _| ledger::load(conn, &copy, request.0);
        let loaded = self.app.app.store.read(load).await.unwrap();
        let pursued = if left > 0 { self.pursued(request, &loaded.case) } else { None };
        self.errand = pursued.as_ref().map(|_| (request, left - 1));
        let (who, action) = match pursued {
            Some(found) => found,
            None => {
                let who = self.dice.of(&self.people).clone();
                match self.choice(&who, request).await {
                    Ok(action) => (who, action),
                    Err(error) => return ("look", Err(error)),
                }
            }
        };
        // What has come to its end is followed for a while; then somebody else asks.
        // (An errand may lead back to one that has left already.)
        let walked = self.pool.contains(&request);
        if walked && !loaded.row.state.is_open() && self.dice.throw(6) == 0 {
            self.pool.retain(|known| *known != request);
            self.gone.push(request);
            self.file().await;
        }
        let seen = loaded.row.last_seq;
        let done = self.take(who, (request, seen), loaded.case, action).await;
        match &done {
            Ok(_) if action == Action::Assign => self.assigned.insert(request),
            Ok(_) => true,
            Err(_) => self.errand.take().is_some(),
        };
        (action.as_str(), done)
    }

    /// The next step towards the end of a request, and somebody who may take it.
    fn pursued(&mut self, request: RequestId, case: &Case) -> Option<(Principal, Action)> {
        let turn = case.draft.as_ref().map(|draft| (draft.turn(), draft.drafter));
        let mut ways = Vec::new();
        for who in &self.people {
            for action in offered(case, &who.roles) {
                let how_far = FORWARD.iter().position(|known| *known == action);
                let others = matches!(action, Action::ApproveDraft | Action::Issue)
                    && turn.is_some_and(|(role, drafter)| {
                        !who.roles.contains(&role) || drafter == Some(who.user)
                    });
                let again = action == Action::Assign && self.assigned.contains(&request);
                if let Some(how_far) = how_far.filter(|_| !others && !again) {
                    ways.push((how_far, who.clone(), action));
                }
            }
        }
        let furthest = ways.iter().map(|(how_far, ..)| *how_far).max()?;
        if self.dice.throw(5) != 0 {
            ways.retain(|(how_far, ..)| *how_far == furthest);
        }
        let (_, who, action) = self.dice.of(&ways).clone();
        Some((who, action))
    }

    async fn choice(&mut self, who: &Principal, request: RequestId) -> Result<Action, AppError> {
        let offers = self.app.app.steps(who, request).await?;
        let offers: Vec<Action> = offers.into_iter().map(|offer| offer.action).collect();
        if offers.is_empty() || self.dice.throw(10) == 0 {
            let people = Action::ALL.iter().filter(|action| action.allowed_to_any(Role::ALL));
            let people: Vec<Action> = people.copied().collect();
            return Ok(*self.dice.of(&people));
        }
        // The curious get deep into the procedure: mostly they do what was seldom done.
        let some: Vec<Action> = (0..CHOICES).map(|_| *self.dice.of(&offers)).collect();
        let often = |action: &Action| {
            let early = if ENDS.contains(action) { EARLY } else { 1 };
            self.coverage.tried(action.as_str()) * early
        };
        Ok(some.into_iter().min_by_key(often).unwrap_or(Action::Note))
    }

    /// What an applicant does with the ticket of any request.
    async fn applicant(&mut self) -> (&'static str, Done) {
        let filed = self.dice.throw(self.tickets.len());
        let filed = &self.tickets[filed];
        let ticket = Ticket { number: filed.number.clone(), code: filed.query_code.clone() };
        let (app, text) = (&self.app.app, "课题研究需要".to_owned());
        // Mostly what is asked of them.
        let seen = app.track(ticket.clone()).await.unwrap();
        let (name, view) = if seen.may_correct {
            ("correct", app.track_correct(None, ticket, text).await)
        } else if seen.may_give_reasons {
            ("give_reasons", app.track_reasons(None, ticket, text).await)
        } else if seen.may_withdraw && self.dice.throw(12) == 0 {
            ("withdraw_online", app.track_withdraw(None, ticket, text).await)
        } else {
            ("track", Ok(seen))
        };
        (name, view.map(|_seen| Vec::new()))
    }
}
