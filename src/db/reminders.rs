//! Reminders (期限提醒): who was told of which limit, at which stage; and the one message a person
//! and day that tells it. Reminders are made once and never changed but for being told, seen and
//! withdrawn.

pub mod pressing;
mod withdrawn;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::per_backend::portable::Portable;
use super::schema::{reminder_digests, reminders, requests};
use super::types::{DbAt, DbId, Maybe};
use super::{Conn, MultiBackend, StoreError};
use crate::domain::reminder::{LimitKind, ReminderStage, Withdrawal};

pub use withdrawn::{LimitKey, reinstate, standing, states, withdraw};

/// A row of `reminders`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reminders, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct ReminderRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Who is told.
    #[diesel(serialize_as = DbId)]
    pub user_id: Uuid,
    /// The absent colleague in whose place.
    pub for_user_id: Maybe<Uuid>,
    /// The agency whose limit it is.
    #[diesel(serialize_as = DbId)]
    pub agency_id: Uuid,
    /// Which limit.
    pub kind: LimitKind,
    /// The request, complaint, rating, or entry of the register of corrections.
    #[diesel(serialize_as = DbId)]
    pub object_id: Uuid,
    /// Number of the remedy within its request; 0 elsewhere.
    pub n: i32,
    /// The request, where it is about one.
    pub request_id: Maybe<Uuid>,
    /// Number in the register.
    pub number: String,
    /// How near it was.
    pub stage: ReminderStage,
    /// The last day.
    pub limit_on: NaiveDate,
    /// Whether that may still change.
    pub provisional: bool,
    /// What to do next.
    pub next_step: String,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// The message that tells it; none while the person has had today's already.
    pub digest_id: Maybe<Uuid>,
    /// When the person marked it as seen.
    pub seen_at: Maybe<DateTime<Utc>>,
    /// When it was entered.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
    /// The day on which its limit had ceased to press.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why.
    pub withdrawn_why: Option<Withdrawal>,
}

/// What makes a reminder of one person the same as another.
pub type ReminderKey = (LimitKind, Uuid, i32, ReminderStage, NaiveDate);

impl ReminderRow {
    /// What makes it the same as another of this person.
    #[must_use]
    pub const fn key(&self) -> ReminderKey {
        (self.kind, self.object_id, self.n, self.stage, self.limit_on)
    }
}

/// A row of `reminder_digests`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = reminder_digests, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct DigestRow {
    /// UUID v7.
    #[diesel(serialize_as = DbId)]
    pub id: Uuid,
    /// Who gets it.
    #[diesel(serialize_as = DbId)]
    pub user_id: Uuid,
    /// On which day.
    pub made_on: NaiveDate,
    /// How many reminders it tells.
    pub reminders: i32,
    /// Whether a mail was queued: not without an address.
    pub mailed: bool,
    /// When it was made.
    #[diesel(serialize_as = DbAt)]
    pub created_at: DateTime<Utc>,
}

/// Which reminders a list shows.
#[derive(Debug, Clone, Default)]
pub struct ReminderFilter {
    /// Only to this person.
    pub user: Option<Uuid>,
    /// Only about limits of these agencies.
    pub agencies: Option<Vec<Uuid>>,
    /// Only seen ones, or those not seen that still stand.
    pub seen: Option<bool>,
    /// Only those before this one: the next page.
    pub before: Option<Uuid>,
    /// How many at most.
    pub limit: i64,
}

/// A reminder with the title of its request.
pub type Titled = (ReminderRow, Option<String>);

/// Enters a reminder; `false` when the person has had it.
///
/// # Errors
///
/// Only failures of the database.
pub fn insert(conn: &mut Conn, row: ReminderRow) -> Result<bool, StoreError> {
    let insert = diesel::insert_into(reminders::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(conn)? == 1)
}

/// What a person was reminded of and still is, with limits from `since` on.
///
/// # Errors
///
/// Only failures of the database.
pub fn had(
    conn: &mut Conn,
    user: Uuid,
    since: NaiveDate,
) -> Result<BTreeSet<ReminderKey>, StoreError> {
    let keys: Vec<ReminderKey> = reminders::table
        .filter(reminders::user_id.eq(DbId(user)))
        .filter(reminders::limit_on.ge(since))
        .filter(reminders::withdrawn_on.is_null())
        .select((
            reminders::kind,
            reminders::object_id,
            reminders::n,
            reminders::stage,
            reminders::limit_on,
        ))
        .load(conn)?;
    Ok(keys.into_iter().collect())
}

/// People with reminders that no message has told yet.
///
/// # Errors
///
/// Only failures of the database.
pub fn untold(conn: &mut Conn) -> Result<Vec<Uuid>, StoreError> {
    Ok(reminders::table
        .filter(reminders::digest_id.is_null())
        .filter(reminders::withdrawn_on.is_null())
        .select(reminders::user_id)
        .distinct()
        .load(conn)?)
}

/// Puts all reminders of a person that no message has told into the one of today. `false`, and
/// nothing is done, when the person has had a message today, or there is nothing to tell.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] when two do it at once.
pub fn tell(conn: &mut Conn, digest: DigestRow) -> Result<bool, StoreError> {
    let (id, user) = (digest.id, digest.user_id);
    let today = reminder_digests::table
        .filter(reminder_digests::user_id.eq(DbId(user)))
        .filter(reminder_digests::made_on.eq(digest.made_on));
    if today.select(reminder_digests::id).get_result::<Uuid>(conn).optional()?.is_some() {
        return Ok(false);
    }
    let waiting: i64 = reminders::table
        .filter(reminders::user_id.eq(DbId(user)))
        .filter(reminders::digest_id.is_null())
        .filter(reminders::withdrawn_on.is_null())
        .count()
        .get_result(conn)?;
    if waiting == 0 {
        return Ok(false);
    }
    let digest = DigestRow { reminders: i32::try_from(waiting).unwrap_or(i32::MAX), ..digest };
    diesel::insert_into(reminder_digests::table).values(digest).execute(conn)?;
    diesel::update(reminders::table)
        .filter(reminders::user_id.eq(DbId(user)))
        .filter(reminders::digest_id.is_null())
        .filter(reminders::withdrawn_on.is_null())
        .set(reminders::digest_id.eq(Some(id)))
        .execute(conn)?;
    Ok(true)
}

/// A message, and what it tells.
///
/// # Errors
///
/// [`StoreError::NotFound`].
pub fn digest(conn: &mut Conn, id: Uuid) -> Result<(DigestRow, Vec<Titled>), StoreError> {
    let digest = reminder_digests::table
        .find(DbId(id))
        .select(DigestRow::as_select())
        .get_result(conn)
        .optional()?
        .ok_or(StoreError::NotFound)?;
    let told = reminders::table
        .left_join(requests::table)
        .filter(reminders::digest_id.eq(Some(id)))
        .order(reminders::id.asc())
        .select((ReminderRow::as_select(), requests::title.nullable()))
        .load(conn)?;
    Ok((digest, told))
}

/// A page of reminders, newest first.
///
/// # Errors
///
/// Only failures of the database.
pub fn list(conn: &mut Conn, filter: &ReminderFilter) -> Result<Vec<Titled>, StoreError> {
    let mut query = reminders::table
        .left_join(requests::table)
        .select((ReminderRow::as_select(), requests::title.nullable()))
        .into_boxed::<MultiBackend>();
    if let Some(user) = filter.user {
        query = query.filter(reminders::user_id.eq(DbId(user)));
    }
    if let Some(agencies) = &filter.agencies {
        let ids: Vec<DbId> = agencies.iter().copied().map(DbId).collect();
        query = query.filter(reminders::agency_id.eq_any(ids));
    }
    query = match filter.seen {
        Some(true) => query.filter(reminders::seen_at.is_not_null()),
        Some(false) => {
            let unseen = reminders::seen_at.is_null().and(reminders::withdrawn_on.is_null());
            query.filter(unseen)
        }
        None => query,
    };
    if let Some(before) = filter.before {
        query = query.filter(reminders::id.lt(DbId(before)));
    }
    Ok(query.order(reminders::id.desc()).limit(filter.limit).load(conn)?)
}

/// Marks reminders of a person as seen, those that were not; returns how many of `ids` are theirs.
///
/// # Errors
///
/// Only failures of the database.
pub fn see(
    conn: &mut Conn,
    user: Uuid,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let ids: Vec<DbId> = ids.iter().copied().map(DbId).collect();
    diesel::update(reminders::table)
        .filter(reminders::user_id.eq(DbId(user)))
        .filter(reminders::id.eq_any(ids.clone()))
        .filter(reminders::seen_at.is_null())
        .set(reminders::seen_at.eq(Some(now)))
        .execute(conn)?;
    Ok(reminders::table
        .filter(reminders::user_id.eq(DbId(user)))
        .filter(reminders::id.eq_any(ids))
        .count()
        .get_result(conn)?)
}
