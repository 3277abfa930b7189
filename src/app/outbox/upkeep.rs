//! What an operator does with queued work: look at what waits or was given up, and give it another
//! chance once the cause is mended.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::recipient_place;
use crate::app::audit::{self, Note};
use crate::app::{App, AppError};
use crate::db::outbox::{self as rows, OutboxRow, OutboxState};
use crate::db::{Conn, StoreError, requests};
use crate::domain::applicant::mask_addresses;
use crate::domain::ids::OutboxId;

/// Most jobs listed, and most requeued at a time.
const MOST: i64 = 10_000;

/// A queued job as an operator sees it. Nobody's address stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// The job.
    pub id: OutboxId,
    /// `mail` or `render`.
    pub kind: &'static str,
    /// `queued`, `leased` or `dead`.
    pub state: &'static str,
    /// 受理编号 of the request it is about.
    pub request: Option<String>,
    /// Who gets the mail, masked.
    pub recipient: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When it is tried next; `None` for one that was given up.
    pub next_try_at: Option<DateTime<Utc>>,
    /// What went wrong last, addresses masked.
    pub last_error: Option<String>,
}

/// Which dead jobs get another chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requeue {
    /// This one.
    One(OutboxId),
    /// All of them.
    AllDead,
}

impl App {
    /// Jobs that are not done, those given up first, then by the time of the next try; only those
    /// given up if `dead_only`. At most ten thousand.
    ///
    /// # Errors
    ///
    /// Only failures of the database.
    pub async fn waiting_jobs(&self, dead_only: bool) -> Result<Vec<JobView>, AppError> {
        let states: &[OutboxState] = match dead_only {
            true => &[OutboxState::Dead],
            false => &[OutboxState::Dead, OutboxState::Leased, OutboxState::Queued],
        };
        let app = self.clone();
        self.store
            .read(move |conn| {
                let mut found = Vec::new();
                for state in states {
                    for row in rows::in_state(conn, *state, MOST)? {
                        found.push(view(conn, &app, row)?);
                    }
                }
                Ok(found)
            })
            .await
    }

    /// Gives dead jobs another chance, from the first attempt on, and puts that in the audit log;
    /// returns how many.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] when the one named is not dead, or there is none of this id.
    pub async fn requeue_jobs(&self, which: Requeue) -> Result<usize, AppError> {
        let app = self.clone();
        let requeued = self
            .store
            .write(move |conn| {
                let ids: Vec<Uuid> = match which {
                    Requeue::One(id) => vec![id.0],
                    Requeue::AllDead => {
                        let dead = rows::in_state(conn, OutboxState::Dead, MOST)?;
                        dead.into_iter().map(|job| job.id).collect()
                    }
                };
                for id in &ids {
                    requeue(conn, &app, *id)?;
                }
                Ok::<_, AppError>(ids.len())
            })
            .await?;
        self.wake.notify_one();
        Ok(requeued)
    }
}

fn requeue(conn: &mut Conn, app: &App, id: Uuid) -> Result<(), AppError> {
    rows::requeue(conn, id, app.clock.now()).map_err(|error| match error {
        StoreError::NotFound => AppError::NotFound("已放弃的这项任务"),
        other => other.into(),
    })?;
    audit::note(conn, app, None, Note::done("outbox.requeue", "outbox", id))
}

fn view(conn: &mut Conn, app: &App, row: OutboxRow) -> Result<JobView, AppError> {
    let sealed = row.recipient.as_deref();
    let opened = sealed.map(|sealed| app.keys.open(&recipient_place(row.id), sealed));
    let recipient = opened.transpose().map_err(AppError::broken)?;
    let request = match row.request_id {
        Some(id) => requests::find(conn, id)?.map(|request| request.number),
        None => None,
    };
    Ok(JobView {
        id: OutboxId(row.id),
        kind: row.kind.as_str(),
        state: row.state.as_str(),
        request,
        recipient: recipient.as_deref().map(mask_addresses),
        attempts: row.attempts,
        queued_at: row.created_at,
        next_try_at: (row.state != OutboxState::Dead)
            .then_some(row.lease_until_at.unwrap_or(row.run_at)),
        last_error: row.last_error.as_deref().map(mask_addresses),
    })
}
