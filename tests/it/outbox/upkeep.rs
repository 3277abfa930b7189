//! Dead jobs: an operator sees them, without anybody's address, and gives them another chance.

use std::process::{Command, Output};
use std::sync::Arc;

use chrono::TimeDelta;
use gongkai::app::outbox::upkeep::Requeue;
use gongkai::app::{App, AppError};
use gongkai::clock::Clock;
use gongkai::db::audit::{self, AuditFilter};
use gongkai::domain::ids::OutboxId;
use gongkai::jobs;
use gongkai::mail::MemoryMailer;
use serde_json::Value;
use uuid::Uuid;

use super::{mailing, smtp};
use crate::support::cases::Case;
use crate::support::repository;
use crate::support::smtp_sink::{Answer, SmtpSink};
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    dead_jobs_are_listed_without_addresses_and_requeued_on_record,
    only_a_dead_job_is_requeued,
);

/// Two mails that the server refused for good; the case of the first.
async fn refused_twice(app: &TestApp) -> Case<'_> {
    let answer = "550 5.1.1 <applicant@example.cn> no such user";
    let sink = SmtpSink::start(Answer::ToRecipient(answer)).await;
    let case = Case::filed(app).await;
    Case::filed(app).await;
    jobs::drain(&mailing(app, smtp(&sink.url()))).await.unwrap();
    case
}

async fn dead_jobs_are_listed_without_addresses_and_requeued_on_record(app: TestApp) {
    let case = refused_twice(&app).await;

    // Given two dead mails, an operator sees what they are about and why they failed
    let dead = app.app.waiting_jobs(true).await.unwrap();
    assert_eq!(dead.len(), 2);
    let job = &dead[0];
    assert_eq!((job.kind, job.state, job.attempts), ("mail", "dead", 1));
    assert_eq!((&job.request, job.next_try_at), (&Some(case.number.clone()), None));
    assert_eq!(job.recipient.as_deref(), Some("a***@example.cn"));
    assert!(job.last_error.as_deref().unwrap().contains("5.1.1"), "{job:?}");
    assert!(!format!("{dead:?}").contains("applicant@example.cn"), "{dead:?}");

    // When one, and then all of the others, get another chance
    assert_eq!(app.app.requeue_jobs(Requeue::One(job.id)).await.unwrap(), 1);
    let waiting = app.app.waiting_jobs(false).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert_eq!(waiting[1].next_try_at, Some(app.clock.now()));
    assert_eq!(app.app.requeue_jobs(Requeue::AllDead).await.unwrap(), 1);

    // Then they go out, and who looks later finds that somebody did it
    let mailed = Arc::new(MemoryMailer::default());
    jobs::drain(&App { mailer: mailed.clone(), ..app.app.clone() }).await.unwrap();
    assert_eq!(mailed.sent().len(), 2);
    assert_eq!(app.app.waiting_jobs(false).await.unwrap(), []);
    let log = app.app.store.read(|conn| audit::page(conn, &AuditFilter::default(), None, 100));
    let log = log.await.unwrap();
    let told: Vec<_> = log.iter().filter(|row| row.action == "outbox.requeue").collect();
    assert_eq!(told.len(), 2);
    assert_eq!((told[1].object_kind.as_str(), told[1].object_id), ("outbox", Some(job.id.0)));
}

async fn only_a_dead_job_is_requeued(app: TestApp) {
    Case::filed(&app).await;
    let waiting = app.app.waiting_jobs(false).await.unwrap();
    assert_eq!((waiting.len(), app.app.waiting_jobs(true).await.unwrap().len()), (2, 0));
    app.clock.advance(TimeDelta::hours(1));

    for id in [waiting[0].id, OutboxId(Uuid::now_v7())] {
        let refused = app.app.requeue_jobs(Requeue::One(id)).await;
        assert!(matches!(refused, Err(AppError::NotFound(_))), "{refused:?}");
    }

    assert_eq!(app.app.requeue_jobs(Requeue::AllDead).await.unwrap(), 0);
    assert_eq!(app.app.waiting_jobs(false).await.unwrap(), waiting);
}

/// The program beside the running server, on the same data.
fn gongkai(app: &TestApp, arguments: &[&str]) -> Output {
    let folder = app.folder.path();
    Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .arg("outbox")
        .args(arguments)
        .env_clear()
        .env("GONGKAI_DATA_DIR", folder)
        .env("GONGKAI_DATABASE_URL", format!("sqlite:{}", folder.join("gongkai.db").display()))
        .current_dir(repository())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_work_beside_a_running_server() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let case = refused_twice(&app).await;
    let text = |output: &Output| {
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout.clone()).unwrap()
    };

    let listed = text(&gongkai(&app, &["list", "--dead"]));
    for part in [&case.number, "发送邮件", "已试1次", "已放弃", "a***@example.cn", "5.1.1"]
    {
        assert!(listed.contains(part), "{part} is not in:\n{listed}");
    }
    assert!(listed.ends_with("共2项，其中已放弃2项\n"), "{listed}");
    assert!(!listed.contains("applicant@"), "{listed}");

    let unknown = gongkai(&app, &["requeue", &Uuid::now_v7().to_string()]);
    assert_eq!(unknown.status.code(), Some(2));
    let line: Value = serde_json::from_slice(&unknown.stderr).unwrap();
    assert_eq!(line["code"], "refused");
    assert_eq!(gongkai(&app, &["requeue"]).status.code(), Some(2));
    let id = listed.split('　').next().unwrap();
    assert_eq!(gongkai(&app, &["requeue", id, "--all-dead"]).status.code(), Some(2));

    assert_eq!(text(&gongkai(&app, &["requeue", id])), "已重新排队1项\n");
    assert_eq!(text(&gongkai(&app, &["requeue", "--all-dead"])), "已重新排队1项\n");

    let left = text(&gongkai(&app, &["list", "--dead"]));
    assert_eq!(left, "共0项，其中已放弃0项\n");
    let waiting = text(&gongkai(&app, &["list"]));
    assert!(waiting.contains("下次20") && waiting.ends_with("共2项，其中已放弃0项\n"), "{waiting}");
}
