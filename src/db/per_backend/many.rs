//! Many rows in one statement: what makes work on a hundred thousand of them quick, above all where
//! each statement is a round trip.

use diesel::pg::sql_types::{Array, Jsonb, Timestamptz, Uuid as PgUuid};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};
use uuid::Uuid;

use super::portable::Cached;
use crate::db::requests::RequestRow;
use crate::db::schema::requests;
use crate::db::types::{DbAt, DbDoc, DbId};
use crate::db::{Conn, StoreError};

/// Rows entered in one statement: as many as leave each database room for their values (SQLite takes
/// 32,766, PostgreSQL 65,535).
const AT_ONCE: usize = 500;

/// Cuts rows into portions for one statement each; none of nothing.
pub fn in_chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let some: Vec<T> = rows.by_ref().take(AT_ONCE).collect();
        (!some.is_empty()).then_some(some)
    })
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Changed {
    #[diesel(sql_type = PgUuid)]
    id: Uuid,
}

/// Writes the dates of requests that were read with `row.version`, and nothing else of them; returns
/// those that nobody has changed since.
///
/// The columns are those of [`only_dates_differ`](crate::db::redating::only_dates_differ).
/// Writing only them spares most indexes and checks.
///
/// # Errors
///
/// Only failures of the database.
pub fn redate(conn: &mut Conn, rows: &[&RequestRow]) -> Result<Vec<Uuid>, StoreError> {
    match conn {
        Conn::Sqlite(_) => {
            let mut changed = Vec::with_capacity(rows.len());
            for row in rows {
                if redate_one(conn, row)? {
                    changed.push(row.id);
                }
            }
            Ok(changed)
        }
        Conn::Pg(conn) => {
            let mut changed = Vec::with_capacity(rows.len());
            for some in rows.chunks(AT_ONCE) {
                changed.extend(redate_some(conn, some)?);
            }
            Ok(changed)
        }
    }
}

/// One request: prepared once, a statement costs SQLite no more than its share of a longer one.
fn redate_one(conn: &mut Conn, row: &RequestRow) -> Result<bool, StoreError> {
    let update = diesel::update(requests::table.find(DbId(row.id)))
        .filter(requests::version.eq(row.version))
        .set((
            requests::due_on.eq(row.due_on),
            requests::provisional.eq(row.provisional),
            requests::conservative_due_on.eq(row.conservative_due_on),
            requests::defects.eq(DbDoc(row.defects.clone())),
            requests::queue_on.eq(row.queue_on),
            requests::last_seq.eq(row.last_seq),
            requests::version.eq(row.version + 1),
            requests::updated_at.eq(DbAt(row.updated_at)),
            requests::proposal.eq(row.proposal),
            requests::watch_on.eq(row.watch_on),
            requests::calendar_seq.eq(row.calendar_seq),
        ));
    Ok(Cached(update).execute(conn)? == 1)
}

fn redate_some(conn: &mut PgConnection, rows: &[&RequestRow]) -> Result<Vec<Uuid>, StoreError> {
    fn all<T>(rows: &[&RequestRow], of: impl Fn(&RequestRow) -> T) -> Vec<T> {
        rows.iter().map(|row| of(row)).collect()
    }
    let sql = "UPDATE requests AS r SET due_on = v.due_on, provisional = v.provisional, \
         conservative_due_on = v.conservative_due_on, defects = v.defects, queue_on = v.queue_on, \
         last_seq = v.last_seq, version = v.version + 1, updated_at = v.updated_at, \
         proposal = v.proposal, watch_on = v.watch_on, calendar_seq = v.calendar_seq \
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS v \
         (id, version, due_on, provisional, conservative_due_on, defects, queue_on, last_seq, \
         updated_at, proposal, watch_on, calendar_seq) \
         WHERE r.id = v.id AND r.version = v.version RETURNING r.id";
    let changed: Vec<Changed> = diesel::sql_query(sql)
        .bind::<Array<PgUuid>, _>(all(rows, |row| row.id))
        .bind::<Array<Integer>, _>(all(rows, |row| row.version))
        .bind::<Array<Nullable<Date>>, _>(all(rows, |row| row.due_on))
        .bind::<Array<Bool>, _>(all(rows, |row| row.provisional))
        .bind::<Array<Nullable<Date>>, _>(all(rows, |row| row.conservative_due_on))
        .bind::<Array<Jsonb>, _>(all(rows, |row| row.defects.clone()))
        .bind::<Array<Date>, _>(all(rows, |row| row.queue_on))
        .bind::<Array<Integer>, _>(all(rows, |row| row.last_seq))
        .bind::<Array<Timestamptz>, _>(all(rows, |row| row.updated_at))
        .bind::<Array<Nullable<Text>>, _>(all(rows, |row| row.proposal.map(|p| p.as_str())))
        .bind::<Array<Nullable<Date>>, _>(all(rows, |row| row.watch_on))
        .bind::<Array<Integer>, _>(all(rows, |row| row.calendar_seq))
        .load(conn)?;
    Ok(changed.into_iter().map(|row| row.id).collect())
}
