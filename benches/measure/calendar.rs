//! A year of the calendar goes in while 100,000 cases are open: the dry run that lists what would
//! change, and the refold that writes it – in the worst case, every case changes and every applicant
//! gave an e-mail address and is told.

use std::sync::Arc;
use std::time::Instant;

use gongkai::app::{App, AppError, Principal};
use gongkai::clock::ManualClock;
use gongkai::db::outbox::{self, OutboxKind, OutboxState};
use gongkai::db::{StoreError, applications, calendar as rows, events, requests, standings, users};
use gongkai::domain::calendar::Calendar;
use gongkai::domain::calendar_import::{CalendarSource, Format};
use gongkai::domain::command::Command;
use gongkai::domain::ids::{AgencyId, RequestId, UserId};
use gongkai::domain::policy::Role;
use uuid::Uuid;

use super::service::{Backend, QUEUE, body, close, open, prepare};
use super::{human, row, table};

/// Rows entered in one transaction.
const BATCH: usize = 500;
/// The day of the measurement: the limits run over the National Day holiday.
const TODAY: &str = "2026-09-14";

pub fn measure(backend: Backend) {
    let name = if backend == Backend::Sqlite { "SQLite" } else { "PostgreSQL" };
    let Some(prepared) = prepare(backend) else {
        println!("\n## Calendar ({name})\n\nNot measured: MEASURE_POSTGRES names no database.\n");
        return;
    };
    let app = open(&prepared.folder, &prepared.url);
    let app = App { clock: Arc::new(ManualClock::on(TODAY.parse().unwrap())), ..app };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let who = runtime.block_on(fill(&app, prepared.agency));
    table(&format!("A calendar goes in ({name}, {QUEUE} open cases)"), &["what", "figure", "goal"]);

    // A day off two months ahead touches nobody; one within the limits touches everybody.
    let far = runtime.block_on(timed(app.preview_calendar(&year("2026-12-10"))));
    assert_eq!(far.1.cases.changed, 0);
    row(&["dry run, no case changes".into(), human(far.0), String::new()]);
    let near = runtime.block_on(timed(app.preview_calendar(&year("2026-10-08"))));
    assert_eq!((near.1.cases.open_cases, near.1.cases.changed), (Some(QUEUE), QUEUE));
    row(&["dry run, every case changes".into(), human(near.0), "≤ 5 s".into()]);

    runtime.block_on(async {
        let import = app.propose_calendar(None, None, year("2026-10-08")).await.unwrap();
        app.confirm_calendar(who, import.id, 1).await.unwrap();
    });
    let refold = runtime.block_on(timed(app.refold("bench")));
    let report = refold.1.unwrap();
    assert_eq!((report.moved, report.left), (QUEUE, 0));
    row(&[
        "refold, every case changes, with the mail to each applicant".into(),
        human(refold.0),
        String::new(),
    ]);
    let told = runtime.block_on(timed(tell_all(&app)));
    row(&["the digests to the officer".into(), human(told.0), String::new()]);
    row(&["refold with its messages".into(), human(refold.0 + told.0), "≤ 10 s".into()]);
    let queued =
        app.store.read_blocking(|conn| outbox::in_state(conn, OutboxState::Queued, 1_000_000));
    let mails = queued.unwrap().into_iter().filter(|job| job.kind == OutboxKind::Mail);
    assert!(mails.count() > QUEUE, "each applicant and the officer are told");
    let left = app.store.read_blocking(|conn| rows::behind(conn, i32::MAX, None, 1)).unwrap();
    assert_eq!(left.first().map(|row| row.calendar_seq), Some(2));
    close(&app);
}

/// The year as it is, with one more day off.
fn year(off: &str) -> CalendarSource {
    let shipped = Calendar::built_in().year_csv(2026).unwrap();
    CalendarSource {
        format: Format::Csv,
        text: format!("{shipped}{off},off,国庆节,2026\n"),
        document: "国办发明电〔2026〕8号".to_owned(),
        document_on: TODAY.parse().ok(),
        reason: String::new(),
    }
}

pub async fn timed<T>(work: impl Future<Output = Result<T, AppError>>) -> (f64, T) {
    let begun = Instant::now();
    let done = work.await.unwrap();
    (begun.elapsed().as_secs_f64(), done)
}

async fn tell_all(app: &App) -> Result<(), AppError> {
    while app.tell_changed_dates().await? > 0 {}
    Ok(())
}

/// Enters requests past the use case: copies of one that is in processing, each with its own ledger
/// and its ways of contact sealed for its own row.
pub async fn fill(app: &App, agency: Uuid) -> Principal {
    let user = app.store.read(|conn| users::find_by_login(conn, "bench")).await.unwrap().unwrap();
    let who = Principal {
        user: UserId(user.id),
        name: user.name,
        agency: Some(AgencyId(agency)),
        roles: vec![Role::Head, Role::Officer, Role::Clerk],
        deputyships: Vec::new(),
        branch: Vec::new(),
    };
    let mut filing = body(agency, 0);
    filing["application"]["applicant"]["email"] = "applicant@example.cn".into();
    let first = app.file(None, serde_json::from_value(filing).unwrap()).await.unwrap();
    let id = RequestId(first.id.0);
    let assign =
        Command::Assign { officer: who.user, reason: String::new(), officer_name: String::new() };
    for command in [assign, Command::PassExamination] {
        let seen = app.store.read(move |conn| requests::get(conn, id.0)).await.unwrap().last_seq;
        app.act(who.clone(), None, id, seen, command).await.unwrap();
    }
    let (row, form, ledger, standing) = app
        .store
        .read(move |conn| {
            Ok::<_, StoreError>((
                requests::get(conn, id.0)?,
                applications::get(conn, id.0)?,
                events::of_request(conn, id.0)?,
                standings::find(conn, id.0)?.unwrap(),
            ))
        })
        .await
        .unwrap();
    let sealed_at = |request: Uuid| format!("applications.identity_cipher/{request}");
    let contact =
        app.keys.open(&sealed_at(id.0), form.identity_cipher.as_deref().unwrap()).unwrap();
    let numbers: Vec<usize> = (1..QUEUE).collect();
    for batch in numbers.chunks(BATCH) {
        let (row, form, ledger, standing, batch) =
            (row.clone(), form.clone(), ledger.clone(), standing.clone(), batch.to_vec());
        let (keys, contact) = (Arc::clone(&app.keys), contact.clone());
        app.store
            .write(move |conn| {
                for n in batch {
                    let id = Uuid::now_v7();
                    let mut row = row.clone();
                    (row.id, row.number) = (id, format!("bench{n}"));
                    requests::insert(conn, row)?;
                    let mut form = form.clone();
                    form.request_id = id;
                    form.identity_cipher = Some(keys.seal(&sealed_at(id), &contact));
                    applications::insert(conn, form)?;
                    let mut ledger = ledger.clone();
                    ledger.iter_mut().for_each(|entry| entry.request_id = id);
                    events::append(conn, ledger)?;
                    let (mut presses, barred) = standing.clone();
                    presses.request_id = id;
                    standings::insert(conn, (presses, barred))?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
    who
}
