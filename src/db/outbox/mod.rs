//! The outbox: side effects (mail, rendering) queued in the transaction that causes them.
//!
//! A worker [`claim`]s jobs for a time; a worker that dies loses its lease, and another takes the
//! job over. [`done`], [`fail`] and [`renew`] work only for the claim that is still the newest: the
//! number of attempts is the fencing token. A job that failed too often is `dead`; it stays
//! visible and can be [`requeue`]d by hand.

mod kinds;
mod retry;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use serde_json::Value;
use uuid::Uuid;

pub use self::kinds::{OutboxKind, OutboxState};
pub use self::retry::RetryPolicy;
use super::per_backend::portable::Portable;
use super::per_backend::{dialect, many};
use super::schema::outbox;
use super::sealed::SealedText;
use super::types::{DbAt, DbDoc, DbId, DbTs, DbUuid, Maybe};
use super::{Conn, MultiBackend, StoreError};

/// A row of `outbox`.
#[derive(Debug, Clone, PartialEq, Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct OutboxRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Which worker does it.
    pub kind: OutboxKind,
    /// The request it is about.
    pub request_id: Option<Uuid>,
    /// The notice it is about.
    pub notice_id: Option<Uuid>,
    /// Who gets it, for a mail; sealed.
    pub recipient: Option<String>,
    /// What the worker needs to know.
    #[diesel(serialize_as = DbDoc)]
    pub payload: Value,
    /// Where it stands.
    pub state: OutboxState,
    /// How often it was claimed.
    pub attempts: i32,
    /// Not before this instant.
    #[diesel(serialize_as = DbAt)]
    pub run_at: DateTime<Utc>,
    /// Until when the claim holds.
    pub lease_until_at: Option<DateTime<Utc>>,
    /// Who claimed it.
    pub lease_owner: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// At most one job with the same key is ever queued.
    pub dedup_key: Option<String>,
    /// When it was queued.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// A job to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// UUID v7.
    pub id: Uuid,
    /// Which worker does it.
    pub kind: OutboxKind,
    /// The request it is about.
    pub request_id: Option<Uuid>,
    /// The notice it is about.
    pub notice_id: Option<Uuid>,
    /// Who gets it, for a mail; sealed.
    pub recipient: Option<String>,
    /// What the worker needs to know.
    pub payload: Value,
    /// At most one job with the same key is ever queued.
    pub dedup_key: Option<String>,
}

/// What a worker asks for.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// Which jobs.
    pub kind: OutboxKind,
    /// Who asks: an id of the process.
    pub owner: &'a str,
    /// The present.
    pub now: DateTime<Utc>,
    /// Until when the worker will have done them or asked again.
    pub until: DateTime<Utc>,
    /// How many at most.
    pub limit: i64,
    /// Jobs claimed this often without an end are given up.
    pub policy: RetryPolicy,
}

/// Queues a job; returns whether it is new, that is `false` when its dedup key is known.
///
/// # Errors
///
/// Only failures of the database.
pub fn enqueue(conn: &mut Conn, job: NewJob, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = job.queued(now);
    let insert =
        diesel::insert_into(outbox::table).values(row).on_conflict(outbox::dedup_key).do_nothing();
    Ok(Portable(insert).execute(conn)? == 1)
}

/// Queues many jobs; those whose dedup key is known are left out.
///
/// # Errors
///
/// Only failures of the database.
pub fn enqueue_all(
    conn: &mut Conn,
    jobs: Vec<NewJob>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows: Vec<OutboxRow> = jobs.into_iter().map(|job| job.queued(now)).collect();
    for some in many::in_chunks(rows) {
        crate::each!(conn, |c| diesel::insert_into(outbox::table)
            .values(some)
            .on_conflict(outbox::dedup_key)
            .do_nothing()
            .execute(c))?;
    }
    Ok(())
}

impl NewJob {
    /// The row of a job that waits.
    fn queued(self, now: DateTime<Utc>) -> OutboxRow {
        OutboxRow {
            id: self.id,
            kind: self.kind,
            request_id: self.request_id,
            notice_id: self.notice_id,
            recipient: self.recipient,
            payload: self.payload,
            state: OutboxState::Queued,
            attempts: 0,
            run_at: now,
            lease_until_at: None,
            lease_owner: None,
            last_error: None,
            dedup_key: self.dedup_key,
            created_at: now,
            done_at: None,
        }
    }
}

/// Takes jobs that are due, oldest first. No two workers get the same one.
///
/// # Errors
///
/// Only failures of the database.
pub fn claim(conn: &mut Conn, claim: Claim<'_>) -> Result<Vec<OutboxRow>, StoreError> {
    give_up(conn, claim)?;
    let sql = dialect::sql(
        conn,
        "WITH due AS MATERIALIZED (SELECT id FROM outbox WHERE kind = $1 AND \
         ((state = 'queued' AND run_at <= $2) OR (state = 'leased' AND lease_until_at <= $2)) \
         ORDER BY run_at, id LIMIT $3 {skip_locked}) \
         UPDATE outbox SET state = 'leased', attempts = attempts + 1, lease_owner = $4, \
         lease_until_at = $5 WHERE id IN (SELECT id FROM due) RETURNING *",
    );
    let mut jobs: Vec<OutboxRow> = diesel::sql_query(sql)
        .bind::<Text, _>(claim.kind)
        .bind::<DbTs, _>(DbAt(claim.now))
        .bind::<BigInt, _>(claim.limit)
        .bind::<Text, _>(claim.owner)
        .bind::<DbTs, _>(DbAt(claim.until))
        .load(conn)?;
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// Declares dead what was claimed too often and never ended: a job that kills its worker.
fn give_up(conn: &mut Conn, claim: Claim<'_>) -> Result<(), StoreError> {
    let sql = dialect::sql(
        conn,
        "UPDATE outbox SET state = 'dead', lease_owner = NULL, lease_until_at = NULL, \
         last_error = 'the worker ended without a result' \
         WHERE kind = $1 AND state = 'leased' AND lease_until_at <= $2 AND attempts >= $3",
    );
    diesel::sql_query(sql)
        .bind::<Text, _>(claim.kind)
        .bind::<DbTs, _>(DbAt(claim.now))
        .bind::<Integer, _>(claim.policy.max_attempts)
        .execute(conn)?;
    Ok(())
}

/// Notes that a claimed job is done.
///
/// # Errors
///
/// [`StoreError::Stale`] when the job was claimed again meanwhile.
pub fn done(conn: &mut Conn, job: &OutboxRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    let end = Ending { state: OutboxState::Done, done_at: Some(now), ..Ending::of(job) };
    end_claim(conn, job, end)
}

/// Notes that a claimed job failed: it will run again later, or is dead. Returns which.
///
/// # Errors
///
/// [`StoreError::Stale`] when the job was claimed again meanwhile.
pub fn fail(
    conn: &mut Conn,
    job: &OutboxRow,
    now: DateTime<Utc>,
    error: &str,
    policy: RetryPolicy,
) -> Result<OutboxState, StoreError> {
    let state =
        if job.attempts >= policy.max_attempts { OutboxState::Dead } else { OutboxState::Queued };
    let end = Ending {
        state,
        run_at: DbAt(now + policy.pause_after(job.attempts)),
        last_error: Some(error.chars().take(ERROR_CHARS).collect()),
        ..Ending::of(job)
    };
    end_claim(conn, job, end)?;
    Ok(state)
}

/// Asks for more time for a claimed job.
///
/// # Errors
///
/// [`StoreError::Stale`] when the job was claimed again meanwhile.
pub fn renew(conn: &mut Conn, job: &OutboxRow, until: DateTime<Utc>) -> Result<(), StoreError> {
    let renewed = diesel::update(outbox::table.find(DbId(job.id)))
        .filter(outbox::state.eq(OutboxState::Leased))
        .filter(outbox::attempts.eq(job.attempts))
        .set(outbox::lease_until_at.eq(Some(until)))
        .execute(conn)?;
    if renewed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Gives a dead job another chance, from the first attempt on.
///
/// # Errors
///
/// [`StoreError::NotFound`] when there is no such dead job.
pub fn requeue(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    let requeued = diesel::update(outbox::table.find(DbId(id)))
        .filter(outbox::state.eq(OutboxState::Dead))
        .set((
            outbox::state.eq(OutboxState::Queued),
            outbox::attempts.eq(0),
            outbox::run_at.eq(DbAt(now)),
        ))
        .execute(conn)?;
    if requeued == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The job with this id.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn get(conn: &mut Conn, id: Uuid) -> Result<OutboxRow, StoreError> {
    Ok(outbox::table.find(DbId(id)).select(OutboxRow::as_select()).get_result(conn)?)
}

/// Jobs in one state, oldest first: the list of dead ones, or of those about to run.
///
/// # Errors
///
/// Only failures of the database.
pub fn in_state(
    conn: &mut Conn,
    state: OutboxState,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table
        .filter(outbox::state.eq(state))
        .order((outbox::run_at, outbox::id))
        .limit(limit)
        .select(OutboxRow::as_select())
        .load(conn)?)
}

/// How many jobs are in a state, for metrics.
///
/// # Errors
///
/// Only failures of the database.
pub fn count(conn: &mut Conn, state: OutboxState) -> Result<i64, StoreError> {
    Ok(outbox::table.filter(outbox::state.eq(state)).count().get_result(conn)?)
}

/// Longest text kept of an error, in characters.
const ERROR_CHARS: usize = 2000;

/// What changes when a claim ends.
#[derive(AsChangeset)]
#[diesel(table_name = outbox, treat_none_as_null = true)]
struct Ending {
    state: OutboxState,
    run_at: DbAt,
    lease_until_at: Maybe<DateTime<Utc>>,
    lease_owner: Option<String>,
    last_error: Option<String>,
    done_at: Maybe<DateTime<Utc>>,
}

impl Ending {
    fn of(job: &OutboxRow) -> Self {
        Self {
            state: job.state,
            run_at: DbAt(job.run_at),
            lease_until_at: None,
            lease_owner: None,
            last_error: job.last_error.clone(),
            done_at: None,
        }
    }
}

fn end_claim(conn: &mut Conn, job: &OutboxRow, end: Ending) -> Result<(), StoreError> {
    let ended = diesel::update(outbox::table.find(DbId(job.id)))
        .filter(outbox::state.eq(OutboxState::Leased))
        .filter(outbox::attempts.eq(job.attempts))
        .set(end)
        .execute(conn)?;
    if ended == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Recipients that stand in the clear, after the row `after`, in order.
///
/// # Errors
///
/// Only failures of the database.
pub fn plain_recipients(
    conn: &mut Conn,
    after: Uuid,
    limit: i64,
) -> Result<Vec<SealedText>, StoreError> {
    let sql = dialect::sql(
        conn,
        "SELECT id, recipient AS text FROM outbox WHERE id > $1 AND recipient LIKE '%@%' \
         ORDER BY id LIMIT $2",
    );
    Ok(diesel::sql_query(sql).bind::<DbUuid, _>(DbId(after)).bind::<BigInt, _>(limit).load(conn)?)
}
