//! Reminders are withdrawn once their limit presses no more: the case has ended, the limit rests or has
//! moved. They stay on record, with day and reason.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::limits::Collected;
use crate::app::{App, AppError};
use crate::db::reminders::{self as rows, LimitKey};
use crate::db::{Conn, leases};
use crate::domain::reminder::withdrawal;

/// A limit that presses no more although reminders of it stand.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    limit: LimitKey,
    request: Option<Uuid>,
    /// Whether the same limit presses on another day.
    elsewhere: bool,
}

/// The limits of which reminders stand and that are not among those that press. What cannot be read is
/// left as it is.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn gone(conn: &mut Conn, (pressing, unread): &Collected) -> Result<Vec<Gone>, AppError> {
    let there: BTreeSet<LimitKey> =
        pressing.iter().map(|p| (p.limit.kind, p.object, p.n, p.limit.on)).collect();
    let elsewhere: BTreeSet<_> =
        there.iter().map(|(kind, object, n, _)| (*kind, *object, *n)).collect();
    let standing = rows::standing(conn)?.into_iter();
    let gone = standing.filter(|((_, object, ..), request)| {
        !unread.contains(object) && !request.is_some_and(|request| unread.contains(&request))
    });
    let gone = gone.filter(|(limit, _)| !there.contains(limit));
    Ok(gone
        .map(|(limit, request)| {
            let (kind, object, n, _) = limit;
            Gone { limit, request, elsewhere: elsewhere.contains(&(kind, object, n)) }
        })
        .collect())
}

impl App {
    /// Withdraws the reminders of some limits; returns how many.
    pub(super) async fn withdraw_some(
        &self,
        some: Vec<Gone>,
        (lease, epoch): (&'static str, i64),
        today: NaiveDate,
    ) -> Result<usize, AppError> {
        self.store
            .write(move |conn| {
                leases::check(conn, lease, epoch)?;
                let ids: Vec<Uuid> = some.iter().filter_map(|gone| gone.request).collect();
                let states = rows::states(conn, &ids)?;
                let mut withdrawn = 0;
                for Gone { limit, request, elsewhere } in some {
                    let state = request.and_then(|request| states.get(&request).copied());
                    let why = withdrawal(limit.0, state, elsewhere);
                    withdrawn += rows::withdraw(conn, limit, (today, why))?;
                }
                Ok(withdrawn)
            })
            .await
    }
}
