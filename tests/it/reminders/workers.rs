//! Several workers at once, and one that is cut off: everybody is told once. (A killed process:
//! `crash/commands.rs`.)

use super::{mails, round, with_address};
use crate::support::cases::Case;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    several_workers_tell_everybody_once,
    a_worker_cut_off_in_the_middle_loses_and_doubles_nothing,
);

/// Enters so many clerks and a request that nobody has taken, overdue on 19 October.
async fn crowd(app: &TestApp, clerks: usize) {
    for n in 0..clerks {
        app.db_person(&format!("clerk.{n}"), &["clerk"], Some(app.agency), with_address).await;
    }
    Case::filed(app).await;
    app.set_today("2026-10-19");
}

async fn several_workers_tell_everybody_once(app: TestApp) {
    crowd(&app, 12).await;

    let workers = (0..6).map(|n| {
        let app = app.app.clone();
        async move { app.remind(&format!("worker-{n}")).await.unwrap() }
    });
    let reports = futures_util::future::join_all(workers).await;

    let made: usize = reports.iter().flatten().map(|report| report.reminders).sum();
    assert_eq!(made, 12, "{reports:?}");
    assert_eq!(round(&app).await, (0, 0));
    let mut sent = mails(&app).await;
    sent.dedup_by(|a, b| a.to == b.to);
    assert_eq!(sent.len(), 12);
    assert_eq!(mails(&app).await.len(), 0);
}

async fn a_worker_cut_off_in_the_middle_loses_and_doubles_nothing(app: TestApp) {
    const CLERKS: usize = 25;
    crowd(&app, CLERKS).await;
    // When workers are cut off at some moment, and the lease of each runs out
    let mut cut = 0;
    for n in 0..6 {
        let worker = app.app.clone();
        let task = tokio::spawn(async move { worker.remind(&format!("worker-{n}")).await });
        tokio::time::sleep(std::time::Duration::from_millis(n * 4)).await;
        cut += usize::from(!task.is_finished());
        task.abort();
        drop(task.await);
        app.clock.advance(chrono::TimeDelta::minutes(3));
    }
    assert!(cut >= 2, "{cut}");
    round(&app).await;
    assert_eq!(round(&app).await, (0, 0));

    // Then everybody has one reminder, told by one message
    let mut sent = mails(&app).await;
    assert_eq!(sent.len(), CLERKS);
    sent.dedup_by(|a, b| a.to == b.to);
    assert_eq!(sent.len(), CLERKS);
    assert!(sent.iter().all(|mail| mail.subject == "期限提醒（10月19日）：已逾期1件"));
}
