//! Reminders that no longer stand, because their limit rests, has moved, or was kept.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

use super::ReminderRow;
use crate::db::schema::{reminders, requests};
use crate::db::types::DbId;
use crate::db::{Conn, StoreError};
use crate::domain::reminder::{LimitKind, Withdrawal};
use crate::domain::state::State;

/// A limit that people were reminded of: which, of what, its number there, its last day.
pub type LimitKey = (LimitKind, Uuid, i32, NaiveDate);

/// The limits of which reminders stand, each with its request, where it is about one.
///
/// # Errors
///
/// Only failures of the database.
pub fn standing(conn: &mut Conn) -> Result<Vec<(LimitKey, Option<Uuid>)>, StoreError> {
    Ok(reminders::table
        .filter(reminders::withdrawn_on.is_null())
        .select((
            (reminders::kind, reminders::object_id, reminders::n, reminders::limit_on),
            reminders::request_id,
        ))
        .distinct()
        .load(conn)?)
}

/// Where these requests stand.
///
/// # Errors
///
/// Only failures of the database.
pub fn states(conn: &mut Conn, ids: &[Uuid]) -> Result<BTreeMap<Uuid, State>, StoreError> {
    let ids: Vec<DbId> = ids.iter().copied().map(DbId).collect();
    let found: Vec<(Uuid, State)> = requests::table
        .filter(requests::id.eq_any(ids))
        .select((requests::id, requests::state))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Withdraws the reminders of a limit, whoever was told and at whichever stage; returns how many.
///
/// # Errors
///
/// Only failures of the database.
pub fn withdraw(
    conn: &mut Conn,
    (kind, object, n, limit_on): LimitKey,
    (on, why): (NaiveDate, Withdrawal),
) -> Result<usize, StoreError> {
    Ok(diesel::update(reminders::table)
        .filter(reminders::object_id.eq(DbId(object)))
        .filter(reminders::kind.eq(kind))
        .filter(reminders::n.eq(n))
        .filter(reminders::limit_on.eq(limit_on))
        .filter(reminders::withdrawn_on.is_null())
        .set((reminders::withdrawn_on.eq(Some(on)), reminders::withdrawn_why.eq(Some(why))))
        .execute(conn)?)
}

/// Makes a withdrawn reminder stand again, to be told anew; `false` when it is none.
///
/// # Errors
///
/// Only failures of the database.
pub fn reinstate(conn: &mut Conn, row: &ReminderRow) -> Result<bool, StoreError> {
    let same = diesel::update(reminders::table)
        .filter(reminders::user_id.eq(DbId(row.user_id)))
        .filter(reminders::kind.eq(row.kind))
        .filter(reminders::object_id.eq(DbId(row.object_id)))
        .filter(reminders::n.eq(row.n))
        .filter(reminders::stage.eq(row.stage))
        .filter(reminders::limit_on.eq(row.limit_on))
        .filter(reminders::withdrawn_on.is_not_null());
    let changed = same
        .set((
            reminders::withdrawn_on.eq(None::<NaiveDate>),
            reminders::withdrawn_why.eq(None::<Withdrawal>),
            reminders::made_on.eq(row.made_on),
            reminders::digest_id.eq(None::<Uuid>),
            reminders::seen_at.eq(None::<chrono::DateTime<chrono::Utc>>),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}
