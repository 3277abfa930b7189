//! The demo county: complete, made up, and lawful in every entry.

mod invented;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use gongkai::app::bundle::{BundleOrder, check};
use gongkai::app::demo::DemoSummary;
use gongkai::app::reminders::ReminderQuery;
use gongkai::app::requests::{RequestQuery, RequestView};
use gongkai::app::sessions::Credentials;
use gongkai::app::tracking::Ticket;
use gongkai::app::{App, AppError, Principal, Settings};
use gongkai::clock::ManualClock;
use gongkai::db::outbox::{self, OutboxState};
use gongkai::db::users;
use gongkai::documents::{Engine, Wording};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::calendar::Calendar;
use gongkai::domain::consultation::AgencyClock;
use gongkai::domain::evidence::BundleForm;
use gongkai::domain::ids::UserId;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Role;
use gongkai::domain::receipt::Channel;
use gongkai::domain::reminder::{Plan, ReminderStage};
use gongkai::domain::state::State;
use gongkai::domain::volume::ReasonRequestClock;
use gongkai::keys::Keys;
use gongkai::mail::{Mailer, MemoryMailer, SmtpMailer};
use gongkai::storage::BlobStore;
use tempfile::TempDir;

use crate::support::backends::{TestDb, each_backend, run};
use crate::support::{day, repository};

each_backend!(
    the_demo_county_is_complete_and_passes_verification,
    a_database_with_data_is_left_as_it_is,
    the_evidence_bundle_of_a_demo_case_stands_by_itself,
);

/// A Sunday, so that the last entries lie two days back.
const TODAY: &str = "2026-11-22";

/// Everybody is told of everything.
fn plan() -> Plan {
    let all = ReminderStage::ALL.to_vec();
    Plan { handler: all.clone(), head: all.clone(), supervisor: all }
}

/// An application on a database of its own.
struct Seeded {
    app: App,
    _folder: TempDir,
}

impl Seeded {
    fn on(db: &TestDb, today: &str) -> Self {
        Self::with_mailer(db, today, Arc::new(MemoryMailer::default()))
    }

    fn with_mailer(db: &TestDb, today: &str, mailer: Arc<dyn Mailer>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fonts = [repository().join("assets/fonts"), PathBuf::from("/usr/share/fonts")];
        let app = App {
            store: db.store.clone(),
            calendar: Arc::new(Calendar::built_in().clone()),
            record: Arc::default(),
            editions: Arc::default(),
            known_editions: Arc::default(),
            clock: Arc::new(ManualClock::on(day(today))),
            engine: Arc::new(Engine::start(&fonts).unwrap()),
            wording: Arc::new(Wording::load().unwrap()),
            blobs: BlobStore::folder(folder.path()).unwrap(),
            mailer,
            signer: None,
            keys: Arc::new(Keys::from_secret(&[7; 32])),
            settings: Arc::new(Settings {
                correction_period_wd: 15,
                rating_fix_wd: 15,
                reminders: plan(),
                reassess_months: 12,
                publish_from_applicants: 3,
                fee_count_unhandled: false,
                public_url: "https://gk.example.cn".to_owned(),
                scratch: folder.path().join("scratch"),
                upload_max_bytes: 1 << 20,
                upload_time: std::time::Duration::from_secs(10),
                applicant_files: 30,
                retention: gongkai::domain::archiving::RetentionRules::DEFAULT,
                longest_deferral_days: gongkai::domain::volume::LONGEST_DEFERRAL_DAYS,
                orphan_days: 30,
                access_token_minutes: 15,
                refresh_token_days: 1,
                login_lock_attempts: 5,
                login_lock_minutes: 15,
                volume_period_days: 365,
                reason_request_clock: ReasonRequestClock::Runs,
                agency_consultation_clock: AgencyClock::WrittenAnswer,
            }),
            wake: Arc::default(),
            call: None,
        };
        Self { app, _folder: folder }
    }

    /// Somebody who sees the whole county.
    async fn supervisor(&self) -> Principal {
        let read = |conn: &mut _| users::find_by_login(conn, "demo.supervisor");
        let row = self.app.store.read(read).await.unwrap().unwrap();
        Principal {
            user: UserId(row.id),
            name: row.name,
            agency: None,
            roles: vec![Role::Supervisor],
            deputyships: Vec::new(),
            branch: Vec::new(),
        }
    }

    async fn requests(&self) -> Vec<RequestView> {
        let supervisor = self.supervisor().await;
        let mut all = Vec::new();
        for open in [true, false] {
            let query = RequestQuery { open: Some(open), limit: Some(200), ..Default::default() };
            all.extend(self.app.requests(&supervisor, query).await.unwrap().items);
        }
        all
    }
}

async fn the_demo_county_is_complete_and_passes_verification(db: TestDb) {
    let seeded = Seeded::on(&db, TODAY);
    let summary = seeded.app.seed_demo().await.unwrap().unwrap();
    let requests = seeded.requests().await;

    assert_eq!(requests.len(), summary.requests);
    assert!(requests.len() >= 60, "{}", requests.len());
    assert_eq!(seeded.app.agencies(false).await.unwrap().len(), 6);
    every_state_outcome_channel_and_kind_occurs(&requests);
    limits_of_every_kind_occur(&requests);
    nothing_happens_today_or_on_a_day_off(&seeded, &requests).await;
    everybody_can_sign_in(&seeded, &summary).await;
    examples_can_be_tracked(&seeded, &summary).await;
    the_unusual_occurs(&seeded, &requests).await;
    everybody_was_reminded_of_what_is_near(&seeded).await;

    let report = seeded.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.requests, requests.len());
    assert!(report.files >= 6, "{}", report.files);
}

fn every_state_outcome_channel_and_kind_occurs(requests: &[RequestView]) {
    let states: BTreeSet<State> = requests.iter().map(|r| r.state).collect();
    // A request is `received` only within the transaction that also fixes its day of receipt, or
    // finds that this must be confirmed.
    let lasting = State::ALL.iter().filter(|state| **state != State::Received);
    assert_eq!(states, lasting.copied().collect());

    let issued: BTreeSet<Outcome> = requests.iter().filter_map(|r| r.outcome).collect();
    for outcome in [Outcome::G1, Outcome::G2, Outcome::U1, Outcome::U2] {
        assert!(issued.contains(&outcome), "{outcome:?}");
    }
    let channels: BTreeSet<Channel> = requests.iter().map(|r| r.channel).collect();
    assert_eq!(channels, Channel::ALL.iter().copied().collect());
    let kinds: BTreeSet<ApplicantKind> = requests.iter().map(|r| r.applicant_kind).collect();
    assert_eq!(kinds, ApplicantKind::ALL.iter().copied().collect());
}

fn limits_of_every_kind_occur(requests: &[RequestView]) {
    let left = |days: std::ops::RangeInclusive<i64>| {
        requests.iter().filter(|r| r.days_left.is_some_and(|left| days.contains(&left))).count()
    };
    assert!(left(0..=2) >= 2, "nearly due: {}", left(0..=2));
    assert!(left(3..=5) >= 2, "due within the week: {}", left(3..=5));
    assert!(requests.iter().filter(|r| r.overdue).count() >= 3);
    let waits_long =
        |r: &&RequestView| r.provisional && r.due_on.is_some_and(|due| due > day("2026-12-31"));
    assert!(requests.iter().filter(waits_long).count() >= 2);
    let late = |defect: &str| requests.iter().any(|r| r.defects.iter().any(|d| d == defect));
    for defect in ["correction_notice_late", "reply_late", "receipt_confirmation_late"] {
        assert!(late(defect), "{defect}");
    }
    let spotless = requests.iter().filter(|r| r.defects.is_empty()).count();
    assert!(spotless * 10 >= requests.len() * 8, "only {spotless} without defect");
}

/// Entries bear the day they were made, in office hours of the year before today.
async fn everybody_was_reminded_of_what_is_near(seeded: &Seeded) {
    let supervisor = seeded.supervisor().await;
    let query = ReminderQuery { branch: true, limit: Some(200), ..Default::default() };
    let given = seeded.app.reminders(&supervisor, query).await.unwrap().items;
    let stages: BTreeSet<_> = given.iter().map(|reminder| reminder.stage).collect();
    assert!(stages.contains(&ReminderStage::Overdue) && stages.len() >= 3, "{stages:?}");
    assert!(given.iter().all(|reminder| reminder.told), "{given:?}");
    let people: BTreeSet<_> = given.iter().map(|reminder| reminder.recipient).collect();
    let mails = seeded.app.waiting_jobs(false).await.unwrap();
    let mails = mails.iter().filter(|job| job.kind == "mail" && job.request.is_none());
    assert_eq!(mails.count(), people.len(), "one message each");
}

async fn nothing_happens_today_or_on_a_day_off(seeded: &Seeded, requests: &[RequestView]) {
    let supervisor = seeded.supervisor().await;
    let calendar = Calendar::built_in();
    let (first, today) = (day("2025-11-01"), day(TODAY));
    for request in requests {
        for entry in seeded.app.ledger(&supervisor, request.id).await.unwrap() {
            let place = format!("{} {} {}", request.number, entry.seq, entry.on);
            assert!(entry.on > first && entry.on < today, "{place}");
            assert!(calendar.day_kind(entry.on).unwrap().is_worked(), "{place}");
            assert_eq!(gongkai::clock::civil_date(entry.recorded_at), entry.on, "{place}");
        }
    }
}

async fn everybody_can_sign_in(seeded: &Seeded, summary: &DemoSummary) {
    let mut people: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for account in &summary.accounts {
        people.entry(account.agency.as_str()).or_default().push(account.roles.as_str());
    }
    let of_county = people.remove("清溪县（演示）").unwrap();
    assert_eq!(of_county, [Role::Administrator.label(), Role::Supervisor.label()]);
    assert_eq!(people.len(), 6);
    for (agency, roles) in &people {
        let with = |role: Role| roles.iter().filter(|r| **r == role.label()).count();
        let found = [Role::Clerk, Role::Officer, Role::Head].map(with);
        assert_eq!(found, [1, 2, 1], "{agency}");
    }
    let passwords: BTreeSet<&str> = summary.accounts.iter().map(|a| a.password.as_str()).collect();
    assert_eq!(passwords.len(), summary.accounts.len(), "every password is somebody's own");
    for account in summary.accounts.iter().take(4) {
        let credentials =
            Credentials { login: account.login.clone(), password: account.password.clone() };
        assert!(seeded.app.sign_in(credentials).await.is_ok(), "{}", account.login);
    }
}

async fn examples_can_be_tracked(seeded: &Seeded, summary: &DemoSummary) {
    assert!(summary.tickets.len() >= 3);
    let mut supplied = 0;
    for ticket in &summary.tickets {
        let Ticket { number, code } =
            Ticket { number: ticket.number.clone(), code: ticket.code.clone() };
        let seen = seeded.app.track(Ticket { number, code }).await.unwrap();
        assert_eq!(seen.title, ticket.title);
        assert!(!seen.documents.is_empty(), "{} has documents", ticket.number);
        let ticket = Ticket { number: ticket.number.clone(), code: ticket.code.clone() };
        for file in seen.supplied {
            let file = seeded.app.track_supplied(ticket.clone(), file.id).await.unwrap();
            supplied += usize::from(file.media_type == "text/plain" && !file.bytes.is_empty());
        }
    }
    assert_eq!(supplied, 1, "a file to download");
}

/// What seldom happens can be looked at too.
async fn the_unusual_occurs(seeded: &Seeded, requests: &[RequestView]) {
    let supervisor = seeded.supervisor().await;
    let mut found = BTreeSet::new();
    for request in requests {
        let entries = seeded.app.ledger(&supervisor, request.id).await.unwrap();
        for entry in &entries {
            let by_number = entry.event["scale"] == "items"
                && request.defects.iter().any(|defect| defect == "fee_notice_late");
            match entry.kind.as_str() {
                "fee_notified" if by_number => found.insert("a late fee by number"),
                "draft_approved" if entry.event["stage"] == "leader" => found.insert("the chain"),
                "reasons_received" if entry.actor == "申请人" => found.insert("reasons online"),
                "objection_overridden" => found.insert("the public interest"),
                "lapse_revoked" => found.insert("a lapse taken back"),
                "ended_otherwise" => found.insert("the death of the applicant"),
                "consultation_waived" => found.insert("nobody needs to be asked"),
                "draft_submitted" if entry.event["changed_blocks"] == 1 => {
                    found.insert("words of the officer's own")
                }
                "fee_refunded" => found.insert("a refund"),
                "calendar_changed" => found.insert("a date that a calendar moved"),
                _ => false,
            };
        }
    }
    let wanted = [
        "a date that a calendar moved",
        "a lapse taken back",
        "a late fee by number",
        "a refund",
        "nobody needs to be asked",
        "reasons online",
        "the chain",
        "the death of the applicant",
        "the public interest",
        "words of the officer's own",
    ];
    assert_eq!(found, wanted.into(), "{found:?}");
    let agencies = seeded.app.agencies(false).await.unwrap();
    let mut deputies = 0;
    for agency in agencies {
        deputies += seeded.app.deputyships(&supervisor, agency.id).await.unwrap().len();
    }
    assert_eq!(deputies, 1);
    an_agency_has_a_form_of_its_own(seeded, requests).await;
}

/// A form that an agency made itself lies ready, and is filled for its cases.
async fn an_agency_has_a_form_of_its_own(seeded: &Seeded, requests: &[RequestView]) {
    let supervisor = seeded.supervisor().await;
    let mut filled = 0;
    for request in requests {
        let forms = seeded.app.own_forms(&supervisor, request.agency, false).await.unwrap();
        for form in forms {
            let filling = seeded.app.filled_own_form(supervisor.clone(), request.id, form.id);
            assert!(filling.await.unwrap().document.bytes.starts_with(b"PK"));
            filled += 1;
        }
    }
    assert!(filled > 5, "{filled}");
}

async fn a_database_with_data_is_left_as_it_is(db: TestDb) {
    // Given somebody who administers already
    let seeded = Seeded::on(&db, TODAY);
    let app = &seeded.app;
    app.create_first_administrator("root", "管理员").await.unwrap();

    // When the demo is asked for, then nothing comes in
    assert!(app.seed_demo().await.unwrap().is_none());
    assert!(app.agencies(false).await.unwrap().is_empty());
}

#[test]
fn it_can_be_entered_in_a_year_without_arranged_calendar_and_a_second_time_changes_nothing() {
    run(TestDb::sqlite(), |db| async move {
        let seeded = Seeded::on(&db, "2028-03-01");
        seeded.app.seed_demo().await.unwrap().unwrap();
        let before = (seeded.requests().await, queued(&seeded.app).await);
        every_state_outcome_channel_and_kind_occurs(&before.0);

        assert!(seeded.app.seed_demo().await.unwrap().is_none());

        assert_eq!((seeded.requests().await, queued(&seeded.app).await), before);
    });
}

async fn queued(app: &App) -> i64 {
    app.store.read(|conn| outbox::count(conn, OutboxState::Queued)).await.unwrap()
}

#[test]
fn a_demo_that_was_entered_by_half_is_told() {
    run(TestDb::sqlite(), |db| async move {
        // Given a try that got no further than its first account
        let seeded = Seeded::on(&db, TODAY);
        seeded.app.create_first_administrator("demo.admin", "昝守正").await.unwrap();

        let refused = seeded.app.seed_demo().await.err().unwrap();

        assert!(matches!(refused, AppError::Conflict { code: "demo_interrupted", .. }));
    });
}

#[test]
fn where_mail_leaves_the_house_the_demo_is_refused() {
    run(TestDb::sqlite(), |db| async move {
        let smtp = SmtpMailer::new("smtp://127.0.0.1:2525", "gk@example.cn".parse().unwrap());
        let seeded = Seeded::with_mailer(&db, TODAY, Arc::new(smtp.unwrap()));

        let refused = seeded.app.seed_demo().await.err().unwrap();

        assert!(matches!(refused, AppError::Conflict { code: "demo_would_mail", .. }));
        assert!(seeded.app.agencies(false).await.unwrap().is_empty());
    });
}

async fn the_evidence_bundle_of_a_demo_case_stands_by_itself(db: TestDb) {
    let seeded = Seeded::on(&db, TODAY);
    seeded.app.seed_demo().await.unwrap().unwrap();
    let requests = seeded.requests().await;
    // The demo's longest story, one under remedy, one that was corrected late.
    let longest = requests.iter().max_by_key(|r| r.version).unwrap();
    let in_state = |state| requests.iter().find(|r| r.state == state).unwrap();
    for request in [longest, in_state(State::UnderRemedy), in_state(State::CorrectionLapsed)] {
        let order = BundleOrder {
            form: BundleForm::Evidence,
            purpose: "（2026）清复1号行政复议答复".to_owned(),
        };
        let bundle = seeded.app.bundle_by_operator(&request.number, order).await.unwrap();
        let report = check::verify_bundle(bundle.file, Some(&seeded.app.keys)).unwrap();
        assert_eq!(report.faults, Vec::<String>::new(), "{}", request.number);
        assert_eq!(report.missing, Vec::<String>::new(), "{}", request.number);
        assert_eq!(report.due_on, request.due_on);
        assert!(report.entries >= 5 && report.files > 16, "{report:?}");
    }
}
