//! The round of reminders while 100,000 cases of a hundred officers are open and every one of them
//! presses: the first round, which reminds of all, and the next, which finds that all is told.

use std::sync::Arc;

use gongkai::app::App;
use gongkai::clock::ManualClock;
use gongkai::db::StoreError;
use gongkai::db::requests::{self, RequestRow};
use gongkai::db::users::{self, UserRow};
use uuid::Uuid;

use super::calendar::{fill, timed};
use super::service::{Backend, QUEUE, close, open, prepare};
use super::{human, row, table};

/// Officers who share the cases.
const OFFICERS: usize = 100;
/// Five working days before the limit of every case, two, and the day after it.
const DAYS: [&str; 3] = ["2026-10-10", "2026-10-14", "2026-10-19"];

pub fn measure(backend: Backend) {
    let name = if backend == Backend::Sqlite { "SQLite" } else { "PostgreSQL" };
    let Some(prepared) = prepare(backend) else {
        println!("\n## Reminders ({name})\n\nNot measured: MEASURE_POSTGRES names no database.\n");
        return;
    };
    let app = open(&prepared.folder, &prepared.url);
    let clock = Arc::new(ManualClock::on("2026-09-14".parse().unwrap()));
    let app = App { clock: clock.clone(), ..app };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(fill(&app, prepared.agency));
    share_out(&app).unwrap();
    table(
        &format!("A round of reminders ({name}, {QUEUE} open cases, {OFFICERS} officers)"),
        &["what", "first round", "next round", "reminders"],
    );
    for (day, what) in DAYS.into_iter().zip(["five days before", "two days before", "overdue"]) {
        clock.set_date(day.parse().unwrap());
        let first = runtime.block_on(timed(app.remind("bench")));
        let next = runtime.block_on(timed(app.remind("bench")));
        let (made, again) = (first.1.unwrap(), next.1.unwrap());
        assert!(made.reminders >= QUEUE && again.reminders == 0, "{made:?} {again:?}");
        row(&[what.into(), human(first.0), human(next.0), made.reminders.to_string()]);
    }
    close(&app);
}

/// Gives the cases to a hundred officers in turn, a thousand cases a transaction: in one of 100,000
/// SQLite spends its time on the savepoints of the statements.
fn share_out(app: &App) -> Result<(), StoreError> {
    let officers = app.store.write_blocking(|conn| {
        let one = users::find_by_login(conn, "bench")?.unwrap();
        let mut officers = vec![one.id];
        for n in 1..OFFICERS {
            let id = Uuid::now_v7();
            let login = format!("bench{n}");
            users::insert(conn, UserRow { id, login, ..one.clone() }, &["officer"])?;
            officers.push(id);
        }
        Ok::<_, StoreError>(officers)
    })?;
    let mut after = None;
    loop {
        let ids = app.store.read_blocking(move |conn| requests::ids(conn, after, 1_000))?;
        let Some(last) = ids.last().copied() else { return Ok(()) };
        let officers = officers.clone();
        app.store.write_blocking(move |conn| {
            for (n, row) in requests::by_ids(conn, &ids)?.into_iter().enumerate() {
                let officer_id = Some(officers[n % OFFICERS]);
                requests::update(conn, RequestRow { officer_id, ..row })?;
            }
            Ok::<_, StoreError>(())
        })?;
        after = Some(last);
    }
}
