//! Commands of the operator are killed at random moments in the middle of their work: nothing is
//! lost, the record holds, the next run finishes, and one more changes nothing.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use gongkai::app::App;
use gongkai::app::intake::Filing;
use gongkai::assembly::assemble;
use gongkai::clock::{Clock, ManualClock, SystemClock};
use gongkai::config::Config;
use gongkai::db::outbox::{self, OutboxState};
use gongkai::db::reminders::{self, ReminderFilter};
use gongkai::db::users::{self, UserRow};
use gongkai::db::{Access, StoreError, events, leases, requests, sealed};
use gongkai::domain::calendar::Calendar;
use gongkai::domain::ids::AgencyId;
use gongkai::domain::reminder::is_given_on;
use serde_json::json;
use uuid::Uuid;

use super::program;
use crate::support::cases::{By, Case, application};
use crate::support::day;
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_killed_rotation_loses_no_text,
    a_killed_sweep_loses_and_doubles_nothing,
    a_killed_round_of_reminders_tells_everybody_once,
);

/// Requests whose personal data is sealed anew.
const SEALED: usize = 300;
/// Requests whose payment is overdue.
const OVERDUE: usize = 30;
/// People who are to be reminded.
const REMINDED: usize = 60;
/// How often the command is killed.
const KILLS: usize = 6;
/// How many of the kills must hit it at work: the others came before or after.
const HITS: usize = 3;

/// An installation that nothing runs on but what the test starts, and somebody who looks.
struct Quiet {
    _home: TestApp,
    settings: Vec<(String, String)>,
    watcher: App,
}

impl Quiet {
    /// Stops the server of `home` and frees its database.
    async fn down(home: TestApp) -> Self {
        home.server.stop(true).await;
        home.app.store.close().await;
        let settings = vec![
            ("GONGKAI_DATA_DIR".to_owned(), home.folder.path().display().to_string()),
            ("GONGKAI_DATABASE_URL".to_owned(), home.database_url()),
            ("GONGKAI_SQLITE_SYNCHRONOUS".to_owned(), "normal".to_owned()),
        ];
        let watcher = open(&settings, Access::ReadOnly);
        Self { _home: home, settings, watcher }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.envs(self.settings.clone()).args(arguments);
        command
    }

    fn runs(&self, arguments: &[&str]) -> String {
        let output: Output = self.command(arguments).output().unwrap();
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        told
    }

    /// Starts a command and kills it once `done` has come to `enough` or more; whether it was still
    /// at work.
    fn killed(&self, arguments: &[&str], enough: usize, done: impl Fn() -> usize) -> bool {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() && done() < enough {
            assert!(begun.elapsed() < Duration::from_secs(60), "{arguments:?} hangs");
            std::thread::sleep(Duration::from_micros(rand::random_range(50..1_000)));
        }
        let at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        at_work
    }

    /// Every sealed text, opened with the keys on file: its place and what it says.
    fn texts(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for column in sealed::COLUMNS {
            let all = |conn: &mut _| sealed::others(conn, column, "", Uuid::nil(), 100_000);
            for text in self.watcher.store.read_blocking(all).unwrap() {
                let place = column.place(text.id);
                let opened = self.watcher.keys.open(&place, &text.text).unwrap();
                found.insert(place, opened);
            }
        }
        found
    }

    /// Two minutes pass, and what a killed one held is free again.
    fn free(&self, name: &'static str) {
        let app = open(&self.settings, Access::Exclusive);
        let expire = move |conn: &mut _| {
            let Some(lease) = leases::find(conn, name)? else { return Ok(()) };
            let then = lease.until_at - TimeDelta::days(1);
            leases::acquire(conn, name, &lease.holder, then, then).map(|_epoch| ())
        };
        app.store.write_blocking::<_, StoreError, _>(expire).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(app.store.close());
    }

    /// How many texts each key seals.
    fn by_key(&self) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for column in sealed::COLUMNS {
            let count = |conn: &mut _| sealed::count(conn, column);
            for counted in self.watcher.store.read_blocking(count).unwrap() {
                *found.entry(counted.prefix).or_default() +=
                    usize::try_from(counted.texts).unwrap();
            }
        }
        found
    }

    /// How many entries of a kind each request has.
    fn entries(&self, kind: &str) -> Vec<usize> {
        let count = |conn: &mut _| {
            let ids = requests::ids(conn, None, 100_000)?;
            ids.into_iter()
                .map(|id| {
                    let rows = events::of_request(conn, id)?;
                    Ok::<_, StoreError>(rows.iter().filter(|row| row.kind == kind).count())
                })
                .collect::<Result<Vec<_>, _>>()
        };
        self.watcher.store.read_blocking(count).unwrap()
    }
}

fn open(settings: &[(String, String)], access: Access) -> App {
    let config = Config::load(None, settings.to_vec()).unwrap();
    assemble(&config, Arc::new(ManualClock::on(day("2025-03-03"))), access).unwrap()
}

/// Runs what blocks beside the runtime.
async fn aside(work: impl FnOnce() + Send + 'static) {
    tokio::task::spawn_blocking(work).await.unwrap();
}

async fn a_killed_rotation_loses_no_text(home: TestApp) {
    // Given many sealed texts
    home.set_today("2025-03-03");
    for _ in 0..SEALED {
        let application = serde_json::from_value(application()).unwrap();
        home.app.file(None, Filing { agency: AgencyId(home.agency), application }).await.unwrap();
    }
    let quiet = Quiet::down(home).await;
    aside(move || {
        let before = quiet.texts();
        assert_eq!(before.len(), 2 * SEALED);
        // When the change of keys is killed again and again
        let mut hits = 0;
        for _ in 0..KILLS {
            let known = quiet.by_key();
            let fresh = || {
                let now = quiet.by_key();
                now.iter().filter(|(key, _)| !known.contains_key(*key)).map(|(_, n)| n).sum()
            };
            let enough = rand::random_range(1..=2 * SEALED);
            hits += usize::from(quiet.killed(&["keys", "rotate"], enough, fresh));
            // Then every text is there and opens, with the old key or the new, and the record holds
            assert!(quiet.texts() == before, "a text is lost or says something else");
            quiet.runs(&["keys", "status"]);
            quiet.runs(&["verify"]);
        }
        assert!(hits >= HITS, "{hits}");
        // And the next run finishes, under one key
        quiet.runs(&["keys", "rotate", "--resume"]);
        let keys = quiet.by_key();
        assert_eq!(keys.values().copied().collect::<Vec<_>>(), [2 * SEALED], "{keys:?}");
        assert!(quiet.texts() == before);
        // And one more changes nothing
        let told = quiet.runs(&["keys", "rotate", "--resume"]);
        assert!(told.contains("已重新加密0项"), "{told}");
        assert_eq!(quiet.by_key(), keys);
        quiet.runs(&["verify"]);
    })
    .await;
}

async fn a_killed_sweep_loses_and_doubles_nothing(home: TestApp) {
    // Given many fees whose last day to pay is long over
    home.set_today("2025-03-03");
    for _ in 0..OVERDUE {
        let case = Case::filed(&home).await;
        case.assigned().await;
        let ask = json!({
            "action": "notify_fee", "on": "2025-03-03", "scale": "pages", "amount_fen": 38_000,
            "served_on": "2025-03-03", "pages": 68
        });
        case.does(By::Officer, ask).await;
    }
    let quiet = Quiet::down(home).await;
    aside(move || {
        let proposed = || quiet.entries("lapse_proposed").into_iter().sum::<usize>();
        // When the sweep is killed again and again
        let mut hits = 0;
        while hits < HITS {
            let before = proposed();
            assert!(before < OVERDUE, "{hits} hits before everything was done");
            let enough = before + rand::random_range(1..=OVERDUE / 6);
            hits += usize::from(quiet.killed(&["sweep"], enough, proposed));
            quiet.runs(&["verify"]);
            assert!(quiet.entries("lapse_proposed").iter().all(|entries| *entries <= 1));
            quiet.free("sweep");
        }
        // Then the next run finishes, each request once
        let told = quiet.runs(&["sweep"]);
        assert!(told.contains("未能检查0件"), "{told}");
        assert_eq!(quiet.entries("lapse_proposed"), vec![1; OVERDUE]);
        // And one more changes nothing
        let told = quiet.runs(&["sweep"]);
        assert!(told.contains("新增记录0条"), "{told}");
        quiet.runs(&["verify"]);
    })
    .await;
}

async fn a_killed_round_of_reminders_tells_everybody_once(home: TestApp) {
    // Given a request that is long overdue and that nobody has taken: every clerk is to be told
    home.set_today("2025-03-03");
    for n in 0..REMINDED {
        let change = |row: UserRow| UserRow { email: Some(format!("{n}@office.example")), ..row };
        home.db_person(&format!("clerk.{n}"), &["clerk"], Some(home.agency), change).await;
    }
    Case::filed(&home).await;
    let quiet = Quiet::down(home).await;
    if !is_given_on(Calendar::built_in(), SystemClock.today()) {
        // The program goes by the real clock, and reminds nobody on a day of rest.
        assert!(quiet.runs(&["sweep"]).contains("新增提醒0条"));
        return;
    }
    aside(move || {
        let digests = || {
            let count = |conn: &mut _| {
                let people = users::list(conn, None)?;
                let filter = ReminderFilter { limit: 100_000, ..ReminderFilter::default() };
                let all = reminders::list(conn, &filter)?;
                let jobs = outbox::in_state(conn, OutboxState::Queued, 100_000)?;
                let mails = jobs.iter().filter(|job| job.payload.get("digest").is_some()).count();
                // Each reminder came with its message, and each message with its mail
                assert!(all.iter().all(|(row, _)| row.digest_id.is_some()));
                assert_eq!(all.len(), mails);
                assert!(all.len() <= people.len());
                Ok::<_, StoreError>(mails)
            };
            quiet.watcher.store.read_blocking(count).unwrap()
        };
        // When the command is killed again and again
        let mut hits = 0;
        while hits < HITS {
            let before = digests();
            assert!(before < REMINDED, "{hits} hits before everybody was told");
            let enough = before + rand::random_range(1..=REMINDED / 6);
            hits += usize::from(quiet.killed(&["sweep"], enough, || digests_made(&quiet)));
            digests();
            quiet.free("reminders");
            quiet.free("sweep");
        }
        // Then the next run finishes, everybody once
        quiet.runs(&["sweep"]);
        assert_eq!(digests(), REMINDED);
        // And one more changes nothing
        let told = quiet.runs(&["sweep"]);
        assert!(told.contains("新增提醒0条，当日通知0份"), "{told}");
        assert_eq!(digests(), REMINDED);
    })
    .await;
}

/// How many reminders there are, read beside a process that makes them.
fn digests_made(quiet: &Quiet) -> usize {
    let filter = ReminderFilter { limit: 100_000, ..ReminderFilter::default() };
    quiet.watcher.store.read_blocking(move |conn| reminders::list(conn, &filter)).unwrap().len()
}
