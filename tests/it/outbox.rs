//! Mail and rendering after the commit: tried again, visible, never lost, never twice.

mod upkeep;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use gongkai::app::App;
use gongkai::clock::{Clock, ManualClock};
use gongkai::db::StoreError;
use gongkai::db::outbox::{self, Claim, OutboxKind, OutboxRow, OutboxState, RetryPolicy};
use gongkai::jobs;
use gongkai::mail::{Mail, MailError, Mailer, MemoryMailer, SmtpMailer};
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::support::cases::{Case, assert_says};
use crate::support::smtp_sink::{Answer, SmtpSink};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    while_the_mail_server_is_down_a_mail_waits_and_then_goes_out_once,
    a_refused_address_makes_a_dead_job_that_is_seen_and_can_be_sent_anew,
    the_jobs_of_a_killed_worker_are_taken_over_after_its_lease,
    two_workers_send_each_mail_once,
    a_slow_mail_server_does_not_let_another_worker_send_again,
    a_sign_no_font_has_is_spelled_and_nobody_goes_without_receipt,
);

/// The same application with another way of sending mail.
fn mailing(app: &TestApp, mailer: impl Mailer + 'static) -> App {
    App { mailer: Arc::new(mailer), ..app.app.clone() }
}

fn smtp(url: &str) -> SmtpMailer {
    SmtpMailer::new(url, "政府信息公开 <noreply@example.cn>".parse().unwrap()).unwrap()
}

/// The one mail job.
async fn mail_job(app: &TestApp) -> OutboxRow {
    let mut jobs = jobs_of(app, OutboxKind::Mail).await;
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

async fn jobs_of(app: &TestApp, kind: OutboxKind) -> Vec<OutboxRow> {
    use OutboxState::{Dead, Done, Leased, Queued};
    let read = app.app.store.read(|conn| {
        let states = [Queued, Leased, Done, Dead];
        let found: Result<Vec<_>, StoreError> =
            states.into_iter().map(|state| outbox::in_state(conn, state, 100)).collect();
        Ok::<_, StoreError>(found?.concat())
    });
    let all = read.await.unwrap();
    all.into_iter().filter(|job| job.kind == kind).collect()
}

/// What an operator reads of the outbox at `/readyz`.
async fn readiness(app: &TestApp) -> Value {
    let ready = app.anon().get("/readyz").await.expect(200).json;
    let checks = ready["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == "outbox").unwrap().clone()
}

async fn while_the_mail_server_is_down_a_mail_waits_and_then_goes_out_once(app: TestApp) {
    // Given a mail server that nobody can reach
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let down = mailing(&app, smtp(&format!("smtp://{closed}")));
    let case = Case::filed(&app).await;

    // When the worker tries, it fails and waits longer each time
    let mut pause = TimeDelta::seconds(30);
    for attempt in 1..=3 {
        jobs::drain(&down).await.unwrap();
        let job = mail_job(&app).await;
        assert_eq!((job.state, job.attempts), (OutboxState::Queued, attempt));
        assert!(job.last_error.is_some_and(|error| !error.is_empty()));
        assert_eq!(job.run_at, app.clock.now() + pause);
        app.clock.advance(pause - TimeDelta::seconds(1));
        assert_eq!(jobs::drain(&down).await.unwrap(), 0, "too early");
        app.clock.advance(TimeDelta::seconds(1));
        pause = pause + pause;
    }
    assert_eq!(readiness(&app).await["ok"], true);

    // Then it goes out once when the server is back, whatever happens afterwards
    let sink = SmtpSink::start(Answer::Accept).await;
    let up = mailing(&app, smtp(&sink.url()));
    for _ in 0..3 {
        jobs::drain(&up).await.unwrap();
        app.clock.advance(TimeDelta::hours(6));
    }
    assert_eq!(sink.seen().messages.len(), 1);
    let job = mail_job(&app).await;
    assert_eq!((job.state, job.attempts), (OutboxState::Done, 4));
    let message = sink.seen().messages.remove(0);
    let mail = MessageParser::default().parse(&message).unwrap();
    assert_eq!(mail.message_id().unwrap().split('@').next().unwrap(), job.id.to_string());
    assert!(mail.subject().unwrap().contains(&case.number));
}

async fn a_refused_address_makes_a_dead_job_that_is_seen_and_can_be_sent_anew(app: TestApp) {
    let sink = SmtpSink::start(Answer::ToRecipient("550 5.1.1 no such user")).await;
    let mailed = mailing(&app, smtp(&sink.url()));
    Case::filed(&app).await;

    jobs::drain(&mailed).await.unwrap();
    app.clock.advance(TimeDelta::hours(6));
    assert_eq!(jobs::drain(&mailed).await.unwrap(), 0);

    let job = mail_job(&app).await;
    assert_eq!((job.state, job.attempts), (OutboxState::Dead, 1));
    assert!(job.last_error.as_deref().unwrap().contains("550"), "{:?}", job.last_error);
    let seen = readiness(&app).await;
    assert_eq!((&seen["ok"], &seen["needed"]), (&json!(false), &json!(false)));
    assert!(seen["detail"].as_str().unwrap().contains('1'), "{seen}");
    assert!(!seen.to_string().contains("applicant@example.cn"), "{seen}");

    sink.answer(Answer::Accept);
    let now = app.clock.now();
    app.db_write(move |conn| outbox::requeue(conn, job.id, now)).await;
    jobs::drain(&mailed).await.unwrap();
    assert_eq!(sink.seen().messages.len(), 1);
    assert_eq!(mail_job(&app).await.state, OutboxState::Done);
    assert_eq!(readiness(&app).await["ok"], true);
}

async fn the_jobs_of_a_killed_worker_are_taken_over_after_its_lease(app: TestApp) {
    // Given a worker that took the mail and died
    Case::filed(&app).await;
    let now = app.clock.now();
    let claimed = app
        .db_write(move |conn| {
            let (kind, policy) = (OutboxKind::Mail, RetryPolicy::default());
            let until = now + TimeDelta::seconds(120);
            outbox::claim(conn, Claim { kind, owner: "killed", now, until, limit: 8, policy })
        })
        .await;
    assert_eq!(claimed.len(), 1);
    let memory = Arc::new(MemoryMailer::default());
    let other = App { mailer: memory.clone(), ..app.app.clone() };

    // When another works, it leaves the mail alone until the lease is over
    jobs::drain(&other).await.unwrap();
    assert_eq!((memory.sent().len(), mail_job(&app).await.state), (0, OutboxState::Leased));
    app.clock.advance(TimeDelta::seconds(120));
    jobs::drain(&other).await.unwrap();

    // Then it is sent once, and the dead one's late word counts no more
    assert_eq!(memory.sent().len(), 1);
    let (job, now) = (claimed[0].clone(), app.clock.now());
    let late = app
        .app
        .store
        .write(move |conn| outbox::fail(conn, &job, now, "late", RetryPolicy::default()));
    assert!(matches!(late.await, Err(StoreError::Stale)));
    let job = mail_job(&app).await;
    assert_eq!((job.state, job.attempts, job.last_error), (OutboxState::Done, 2, None));
}

async fn two_workers_send_each_mail_once(app: TestApp) {
    const MANY: usize = 12;
    for _ in 0..MANY {
        Case::filed(&app).await;
    }
    let sink = SmtpSink::start(Answer::Accept).await;
    let (one, two) = (mailing(&app, smtp(&sink.url())), mailing(&app, smtp(&sink.url())));

    let (first, second) = tokio::join!(work(&one, "one"), work(&two, "two"));

    assert_eq!(first + second, 2 * MANY, "renderings and mails");
    let ids: BTreeSet<String> = sink.seen().messages.iter().map(|raw| message_id(raw)).collect();
    assert_eq!((ids.len(), sink.seen().messages.len()), (MANY, MANY));
    let faults = app.app.verify(true).await.unwrap().faults;
    assert_eq!(faults, Vec::<String>::new());
}

async fn work(app: &App, owner: &str) -> usize {
    let mut taken = 0;
    loop {
        match jobs::once(app, owner).await.unwrap() {
            0 => return taken,
            some => taken += some,
        }
    }
}

fn message_id(raw: &[u8]) -> String {
    MessageParser::default().parse(raw).unwrap().message_id().unwrap().to_owned()
}

/// Takes seventy seconds for each mail, and meanwhile another worker looks for work.
#[derive(Debug)]
struct Slow {
    clock: Arc<ManualClock>,
    sent: Arc<MemoryMailer>,
    other: OtherWorker,
}

struct OtherWorker(App);

impl std::fmt::Debug for OtherWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OtherWorker")
    }
}

impl Mailer for Slow {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        async {
            self.clock.advance(TimeDelta::seconds(70));
            self.other.0.mail_due("impatient", 8).await.unwrap();
            self.sent.send(mail).await
        }
        .boxed()
    }
}

async fn a_slow_mail_server_does_not_let_another_worker_send_again(app: TestApp) {
    for _ in 0..5 {
        Case::filed(&app).await;
    }
    let sent = Arc::new(MemoryMailer::default());
    let other = OtherWorker(App { mailer: sent.clone(), ..app.app.clone() });
    let slow = Slow { clock: app.clock.clone(), sent: sent.clone(), other };
    let first = mailing(&app, slow);

    jobs::drain(&first).await.unwrap();

    let mut ids: Vec<_> = sent.sent().iter().map(|mail| mail.id).collect();
    ids.sort();
    let before = ids.len();
    ids.dedup();
    assert_eq!((before, ids.len()), (5, 5));
    let jobs = jobs_of(&app, OutboxKind::Mail).await;
    assert!(jobs.iter().all(|job| job.state == OutboxState::Done), "{jobs:?}");
}

async fn a_sign_no_font_has_is_spelled_and_nobody_goes_without_receipt(app: TestApp) {
    // Given a citizen who asks for something no font can print
    let case = Case::filed_with(&app, |form| form["title"] = json!("碑刻𓀀拓片")).await;

    jobs::drain(&app.app).await.unwrap();

    // Then the request stands as it was written, and the receipt shows that a sign stood there
    assert_eq!(case.track().await["state"], "registered");
    assert_eq!(case.view().await["title"], "碑刻𓀀拓片");
    for kind in [OutboxKind::Render, OutboxKind::Mail] {
        let job = jobs_of(&app, kind).await.remove(0);
        assert_eq!((job.state, job.attempts), (OutboxState::Done, 1), "{:?}", job.last_error);
    }
    let receipt = case.notice("receipt").await;
    assert_says(&case.pdf(&receipt).await, &["碑刻〔U+13000〕拓片"]);
}
