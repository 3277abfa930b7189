//! Tells the life of a case in tests: one person acts on one day, and the ledger grows.
//!
//! After every accepted step the whole ledger is replayed and compared with the case the decision
//! returned, so each test of a life is a test of replay as well.

use chrono::{DateTime, NaiveDate};
use gongkai::domain::archiving::RetentionRules;
use gongkai::domain::calendar::Calendar;
use gongkai::domain::case::Case;
use gongkai::domain::chain::{ApprovalChains, Approvals, Deputyship};
use gongkai::domain::command::Command;
use gongkai::domain::decide::{self, Context, Decision};
use gongkai::domain::event::{Actor, Entry, Event, ServiceMethod, Written};
use gongkai::domain::ids::{NoticeId, UserId};
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::receipt::{Arrival, Channel};
use gongkai::domain::refusal::Refusal;
use gongkai::domain::reply::SearchRecord;
use gongkai::domain::service::Slip;
use gongkai::domain::state::State;
use uuid::Uuid;

/// A date from `YYYY-MM-DD`, or from `MM-DD` in 2026.
pub fn day(text: &str) -> NaiveDate {
    let text = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    text.parse().unwrap()
}

/// A 送达回证 on which everything is filled in.
pub fn slip() -> Slip {
    let words = str::to_owned;
    Slip {
        place: words("青云县城关镇和平路8号"),
        receiver: words("王小明"),
        relation: words("本人"),
        witness: words("社区李芳"),
        reason: words("拒绝签收"),
    }
}

/// The n-th notice of a test.
pub fn notice(n: u128) -> NoticeId {
    NoticeId(Uuid::from_u128(0x0100 + n))
}

/// Draft `n` goes to the approver.
pub fn draft_of(n: u128, outcome: Outcome) -> Command {
    Command::SubmitDraft { notice: notice(n), outcome, written: Written::default() }
}

/// The officer who examines and drafts.
pub fn officer() -> UserId {
    UserId(Uuid::from_u128(1))
}

/// The head of the disclosure office.
pub fn head() -> UserId {
    UserId(Uuid::from_u128(2))
}

/// The one who reviews secrecy: never the author.
pub fn reviewer() -> UserId {
    UserId(Uuid::from_u128(3))
}

/// A case, its ledger, today, and who sits at the desk.
#[derive(Clone)]
pub struct Story {
    pub case: Case,
    pub ledger: Vec<Entry>,
    pub today: NaiveDate,
    pub actor: Option<UserId>,
    pub roles: Vec<Role>,
    /// Approval chains of the agency; the default where nothing was set.
    pub chains: Option<ApprovalChains>,
    /// In whose place the person at the desk may act.
    pub deputyships: Vec<Deputyship>,
}

impl Story {
    /// Something arrived by `channel`; confirmed on the same day if `confirmed`.
    pub fn arrived(channel: Channel, on: &str, confirmed: bool) -> Self {
        let on = day(on);
        let mut story = Self {
            case: Case::empty(),
            ledger: Vec::new(),
            today: on,
            actor: None,
            roles: vec![Role::Clerk],
            chains: None,
            deputyships: Vec::new(),
        };
        let arrival = Arrival {
            channel,
            arrived_on: on,
            confirmed_on: confirmed.then_some(on),
            evidence: "EMS 1234567890 收发室签收".to_owned(),
        };
        let decision = decide::open(&arrival, &story.context()).unwrap();
        story.append(decision);
        story
    }

    /// Received by registered post on `on`.
    pub fn received(on: &str) -> Self {
        Self::arrived(Channel::RegisteredPost, on, false)
    }

    /// Received, assigned and found in order on the same day.
    pub fn in_processing(on: &str) -> Self {
        Self::received(on).by_officer().does(assign()).does(Command::PassExamination)
    }

    /// Replied by `outcome` and issued on `on`; secrecy reviewed before.
    pub fn issued(on: &str, outcome: Outcome) -> Self {
        Self::in_processing(on)
            .does(reviewed())
            .does(draft_of(1, outcome))
            .by_head()
            .does(Command::ApproveDraft { notice: notice(1) })
            .does(issue(1))
            .by_officer()
    }

    /// Turns the page to another day.
    pub fn on(mut self, on: &str) -> Self {
        self.today = day(on);
        self
    }

    /// The officer sits at the desk.
    pub fn by_officer(mut self) -> Self {
        (self.actor, self.roles) = (Some(officer()), vec![Role::Officer]);
        self
    }

    /// The head sits at the desk.
    pub fn by_head(mut self) -> Self {
        (self.actor, self.roles) = (Some(head()), vec![Role::Head]);
        self
    }

    /// Another head sits at the desk: nobody approves an own draft.
    pub fn by_second_head(self) -> Self {
        Self { actor: Some(UserId(Uuid::from_u128(3))), ..self.by_head() }
    }

    /// Posts the last notice of a kind that its steps told of.
    pub fn posts(self, kind: NoticeKind, on: &str) -> Self {
        let told = self.case.outgoing.iter().rev().find(|one| one.kind == kind);
        let notice = told.unwrap_or_else(|| panic!("no {kind:?} was told of")).notice;
        let sent = crate::samples::command(Action::RecordNoticeDispatch, on);
        match sent {
            Command::RecordNoticeDispatch { dispatch, .. } => {
                self.does(Command::RecordNoticeDispatch { notice, notice_kind: kind, dispatch })
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            calendar: Calendar::built_in(),
            today: self.today,
            actor: self.actor,
            roles: &self.roles,
            approvals: Approvals { chains: self.chains.as_ref(), deputyships: &self.deputyships },
            retention: RetentionRules::DEFAULT,
            longest_deferral_days: gongkai::domain::volume::LONGEST_DEFERRAL_DAYS,
        }
    }

    /// Tries a step without taking it.
    ///
    /// A reply that something does not exist is submitted with its search, as the form has it.
    pub fn tries(&self, command: &Command) -> Result<Decision, Refusal> {
        let says_nothing_is_there =
            matches!(command, Command::SubmitDraft { outcome: Outcome::U1, .. });
        if says_nothing_is_there && !self.case.searched_in_vain(None) {
            let search = Command::RecordSearch { item: None, search: self.search() };
            if let Ok(searched) = decide::decide(&self.case, &search, &self.context()) {
                let next = decide::decide(&searched.case, command, &self.context())?;
                return Ok(searched.then(next));
            }
        }
        self.tries_alone(command)
    }

    /// Tries a step without what usually comes with it.
    pub fn tries_alone(&self, command: &Command) -> Result<Decision, Refusal> {
        decide::decide(
            &self.case,
            command,
            &Context { actor: self.hand(command), ..self.context() },
        )
    }

    /// The notice that asks for reasons reached the applicant on a day.
    pub fn reasons_served(&self, on: &str) -> Self {
        let asked = self.case.reasons_asked.and_then(|asked| asked.notice).unwrap();
        self.clone().does(Command::RecordNoticeService {
            on: day(on),
            notice: asked,
            notice_kind: NoticeKind::Reasons,
            method: ServiceMethod::InPerson,
            slip: slip(),
        })
    }

    /// The story with an entry that no command of today writes: of an old ledger.
    pub fn recorded(mut self, event: Event) -> Self {
        let last = self.ledger.last().unwrap().clone();
        self.ledger.push(Entry { seq: last.seq + 1, on: self.today, event, ..last });
        self.case = Case::replay(Calendar::built_in(), &self.ledger).unwrap();
        self
    }

    /// Whose hand a step is: reviews are the reviewer's, all else is done by who sits at the desk.
    fn hand(&self, command: &Command) -> Option<UserId> {
        match command {
            Command::ReviewRelease { .. } => Some(reviewer()),
            Command::JudgeReasons { .. } => Some(officer()),
            _ => self.actor,
        }
    }

    fn search(&self) -> SearchRecord {
        SearchRecord { on: self.today, ..crate::samples::search() }
    }

    /// Takes a step that must be possible.
    pub fn does(mut self, command: Command) -> Self {
        let decision = self.tries(&command).unwrap_or_else(|refusal| {
            panic!("{command:?} in {} was refused: {refusal}", self.case.state())
        });
        self.append(decision);
        self
    }

    /// The refusal of a step that must not be possible.
    pub fn refusal(&self, command: &Command) -> Refusal {
        self.tries(command).err().unwrap_or_else(|| panic!("{command:?} was not refused"))
    }

    /// The code of the refusal of a step that must not be possible.
    pub fn refuses(&self, command: &Command) -> &'static str {
        self.refusal(command).code()
    }

    /// Writes what was decided, and proves that the ledger tells the same story.
    pub fn append(&mut self, decision: Decision) {
        for happening in decision.happenings {
            self.ledger.push(Entry {
                seq: i32::try_from(self.ledger.len()).unwrap() + 1,
                on: happening.on,
                recorded_at: DateTime::UNIX_EPOCH,
                actor: Actor { id: self.author(&happening.event), label: "李明".to_owned() },
                event: happening.event,
            });
        }
        self.case = decision.case;
        let replayed = Case::replay(Calendar::built_in(), &self.ledger).unwrap();
        assert_eq!(told(&replayed), told(&self.case), "the ledger tells another story");
    }

    fn author(&self, event: &Event) -> Option<UserId> {
        match event {
            Event::SecrecyReviewed { .. } | Event::ReleaseReviewed { .. } => Some(reviewer()),
            Event::ReasonsJudged { .. } => Some(officer()),
            _ => self.actor,
        }
    }

    pub fn state(&self) -> State {
        self.case.state()
    }

    pub fn due(&self) -> Option<NaiveDate> {
        self.case.clock().due_on()
    }

    pub fn defects(&self) -> Vec<String> {
        self.case.projection(Calendar::built_in()).defects
    }

    /// Kinds of the ledger in order.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.ledger.iter().map(|entry| entry.event.kind()).collect()
    }

    /// Whether an event of a kind is on record.
    pub fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.ledger.iter().any(|entry| wanted(&entry.event))
    }
}

/// Everything a case is, as text: equal texts, equal cases.
pub fn told(case: &Case) -> String {
    format!("{:#?}\n{case:#?}", case.projection(Calendar::built_in()))
}

pub fn assign() -> Command {
    Command::Assign { officer: officer(), reason: String::new(), officer_name: "李明".to_owned() }
}

pub fn reviewed() -> Command {
    use gongkai::domain::item::RightsCheck::NotConcerned;
    Command::ReviewRelease {
        items: Vec::new(),
        finding: gongkai::domain::event::SecrecyFinding::Releasable,
        opinion: "逐件审查，不涉密".to_owned(),
        third_party: NotConcerned,
        personal_data: NotConcerned,
    }
}

pub fn issue(n: u128) -> Command {
    Command::Issue {
        notice: notice(n),
        number: format!("宁财依复〔2026〕第{n}号"),
        content_sha256: "0".repeat(64),
    }
}
