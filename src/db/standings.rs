//! Standings: what presses on each open request and who its draft waits for. A projection of the
//! ledger; rows are replaced as a whole, and go when the request has ended.

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{requests, standing_bars, standings};
use super::types::{DbId, Maybe};
use super::{Conn, MultiBackend, StoreError};
use crate::domain::case::{Governing, NoDate};
use crate::domain::policy::Role;

/// A row of `standings`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = standings, treat_none_as_default_value = false, check_for_backend(MultiBackend))]
pub struct StandingRow {
    /// The request.
    #[diesel(serialize_as = DbId)]
    pub request_id: Uuid,
    /// Which date presses.
    pub governing: Option<Governing>,
    /// Why none does: exactly one of the two is set.
    pub no_date: Option<NoDate>,
    /// Whose turn the draft is, if there is one.
    pub turn: Option<Role>,
    /// Its author.
    pub drafter_id: Maybe<Uuid>,
    /// Where it stands in its chain.
    pub draft: Maybe<Value>,
}

/// A standing with those who may not take the next step of the draft, in order.
pub type Standing = (StandingRow, Vec<Uuid>);

/// Replaces the standing of a request; `None` takes it away.
///
/// # Errors
///
/// [`StoreError::ForeignKeyViolation`] for an unknown request.
pub fn replace(
    conn: &mut Conn,
    request: Uuid,
    standing: Option<Standing>,
) -> Result<(), StoreError> {
    take_away(conn, request)?;
    match standing {
        Some(standing) => insert(conn, standing),
        None => Ok(()),
    }
}

fn take_away(conn: &mut Conn, request: Uuid) -> Result<(), StoreError> {
    let bars = standing_bars::table.filter(standing_bars::request_id.eq(DbId(request)));
    diesel::delete(bars).execute(conn)?;
    diesel::delete(standings::table.find(DbId(request))).execute(conn)?;
    Ok(())
}

/// Enters the standing of a request that has none.
///
/// # Errors
///
/// [`StoreError::UniqueViolation`] where it has one.
pub fn insert(conn: &mut Conn, (row, barred): Standing) -> Result<(), StoreError> {
    let request = row.request_id;
    diesel::insert_into(standings::table).values(row).execute(conn)?;
    for user in barred {
        let bar =
            (standing_bars::request_id.eq(DbId(request)), standing_bars::user_id.eq(DbId(user)));
        diesel::insert_into(standing_bars::table).values(bar).execute(conn)?;
    }
    Ok(())
}

/// The standing of a request with those barred, for verification.
///
/// # Errors
///
/// Only failures of the database.
pub fn find(conn: &mut Conn, request: Uuid) -> Result<Option<Standing>, StoreError> {
    let row = standings::table
        .find(DbId(request))
        .select(StandingRow::as_select())
        .get_result(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let mut barred: Vec<Uuid> = standing_bars::table
        .filter(standing_bars::request_id.eq(DbId(request)))
        .select(standing_bars::user_id)
        .load(conn)?;
    barred.sort_unstable();
    Ok(Some((row, barred)))
}

/// Narrows a query of requests and their standings to those whose draft waits for one of the turns: by an own role, or by
/// a lent one unless its lender is the author; and is not barred to the person.
///
/// The shape of the condition is fixed, since the backends share no boxed one: each role that can be
/// lent has its place in it.
macro_rules! waiting_for {
    ($query:expr, $turns:expr) => {{
        use diesel::prelude::*;
        use $crate::db::schema::{requests, standing_bars, standings};
        use $crate::db::types::DbId;
        use $crate::domain::policy::Role;

        let by = |role: Role| {
            let lender = $turns.lender(role).map(|id| id.0).unwrap_or_default();
            let stranger =
                standings::drafter_id.is_null().or(standings::drafter_id.ne(Some(lender)));
            let lent: Vec<Role> = $turns.lender(role).map(|_| role).into_iter().collect();
            standings::turn.eq_any(lent).and(stranger)
        };
        let mine = standings::turn
            .eq_any($turns.own())
            .or(by(Role::Head))
            .or(by(Role::LegalReviewer))
            .or(by(Role::Leader))
            .or(by(Role::Signer));
        let barred = standing_bars::table
            .filter(standing_bars::user_id.eq(DbId($turns.person.0)))
            .select(standing_bars::request_id);
        $query.filter(mine).filter(requests::id.ne_all(barred))
    }};
}
pub(super) use waiting_for;

/// Open requests after `after` that have no standing yet, in order of age.
///
/// # Errors
///
/// Only failures of the database.
pub fn missing(conn: &mut Conn, after: Uuid, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(requests::table
        .left_join(standings::table)
        .filter(requests::open.eq(true))
        .filter(requests::id.gt(DbId(after)))
        .filter(standings::request_id.nullable().is_null())
        .order(requests::id.asc())
        .limit(limit)
        .select(requests::id)
        .load(conn)?)
}
