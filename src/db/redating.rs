//! The dates of many requests at once: what another calendar moves, and nothing else of them.

use uuid::Uuid;

use super::per_backend::many;
use super::requests::RequestRow;
use super::{Conn, StoreError};

/// Whether `after` differs from `before` in nothing but what another calendar moves; the version is not
/// looked at.
#[must_use]
pub fn only_dates_differ(before: &RequestRow, after: &RequestRow) -> bool {
    let RequestRow { due_on, provisional, conservative_due_on, queue_on, .. } = *after;
    let RequestRow { last_seq, version, updated_at, proposal, watch_on, calendar_seq, .. } = *after;
    let redated = RequestRow {
        due_on,
        provisional,
        conservative_due_on,
        defects: after.defects.clone(),
        queue_on,
        last_seq,
        version,
        updated_at,
        proposal,
        watch_on,
        calendar_seq,
        ..before.clone()
    };
    redated == *after
}

/// Writes such dates of many requests, each read with `row.version`; returns those that nobody has
/// changed since.
///
/// # Errors
///
/// Only failures of the database.
pub fn redate<'a>(
    conn: &mut Conn,
    rows: impl IntoIterator<Item = &'a RequestRow>,
) -> Result<Vec<Uuid>, StoreError> {
    many::redate(conn, &rows.into_iter().collect::<Vec<_>>())
}
