//! What the worker does: it takes queued work from the database and sweeps over limits that have
//! passed or draw near, until told to stop. What is due the domain says; any number of workers may run.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::{App, AppError};

/// How long a worker waits when there is nothing to do and nobody wakes it.
const PAUSE: Duration = Duration::from_secs(1);

/// How long it waits after a failure of the database.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How often a worker sweeps; what is not due costs one look at an index.
const LIMITS_EVERY: Duration = Duration::from_secs(600);

/// How often a worker asks whether something can be forgotten; the lease in the database decides.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// Jobs taken at a time: few, so that several workers share the load.
const BATCH: i64 = 8;

/// Requests made searchable in one transaction: some tens of milliseconds of the writer's time.
const INDEXED: usize = 100;

/// Works until `stop`; a job that was begun is finished first.
pub async fn run(app: App, stop: CancellationToken) {
    let owner = format!("worker-{}", Uuid::now_v7());
    tracing::info!(owner, "worker started");
    let mut next_sweep = Instant::now();
    let mut next_limits = Instant::now();
    while !stop.is_cancelled() {
        if Instant::now() >= next_sweep {
            next_sweep += SWEEP_EVERY;
            if let Err(error) = app.forget_expired(&owner).await {
                tracing::error!(%error, "cannot forget what has expired");
            }
            if let Err(error) = app.queue_withheld().await {
                tracing::error!(%error, "cannot queue what was withheld for assessment");
            }
            if let Err(error) = app.sweep_orphans(&owner).await {
                tracing::error!(%error, "cannot remove files that nothing refers to");
            }
        }
        if Instant::now() >= next_limits {
            next_limits += LIMITS_EVERY;
            match app.sweep(&owner).await {
                Ok(Some(report)) if report.looked_at > 0 => tracing::info!(?report, "swept"),
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "cannot sweep"),
            }
            // After the sweep, which may have found what somebody must be reminded of.
            match app.remind(&owner).await {
                Ok(Some(report)) if report.reminders > 0 => tracing::info!(?report, "reminded"),
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "cannot remind"),
            }
        }
        let pause = match once(&app, &owner).await {
            Ok(0) => PAUSE,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, "worker cannot reach its queue");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    tracing::info!(owner, "worker stopped");
}

/// Where no worker runs in the process: looks every second which calendar is in force, so that what is
/// shown keeps up with what another process put there. Writes ask by themselves.
pub async fn keep_calendar(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = app.refreshed().await {
            tracing::warn!(%error, "cannot ask which calendar is in force");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Does what is due now, and makes new requests searchable; returns how many jobs it took.
///
/// # Errors
///
/// Failures of the database; a job that fails stays queued and is no error here.
pub async fn once(app: &App, owner: &str) -> Result<usize, AppError> {
    // What another process put in force is known here a second later at most.
    let app = &app.refreshed().await?;
    let refolded = app.refold(owner).await?.map_or(0, |report| {
        tracing::info!(?report, "brought cases to the calendar in force");
        report.looked_at - report.left.min(report.looked_at)
    });
    // Of ratings there are few, and of the dates of the other registers none counts working days.
    let refolded = refolded + app.refold_ratings().await?;
    let told = app.tell_changed_dates().await?;
    let rendered = app.render_due(owner, BATCH).await?;
    let mailed = app.mail_due(owner, BATCH).await?;
    while app.pass_over().await? > 0 {}
    // No jobs and not counted: two workers may index the same request, which changes nothing.
    while app.index_due(INDEXED).await? == INDEXED {}
    Ok(refolded + told + rendered + mailed)
}

/// Works until nothing is due. For commands and tests.
///
/// # Errors
///
/// As [`once`].
pub async fn drain(app: &App) -> Result<usize, AppError> {
    let mut total = 0;
    loop {
        match once(app, "drain").await? {
            0 => return Ok(total),
            taken => total += taken,
        }
    }
}
