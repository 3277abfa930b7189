//! The last day to put a bad rating right counts working days: another calendar moves it, with the day
//! before, the day after and the reason on record.
//!
//! Source: rulebook C11. The other registers count calendar months (更正申请, 投诉举报, 定期评估) or keep a
//! day that a person named (要求说明): no calendar moves those.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::audit::{self, Note};
use crate::app::calendar::refold;
use crate::app::{App, AppError};
use crate::db::ratings::{self as rows, RatingRow};
use crate::db::{Conn, StoreError, calendar};
use crate::domain::rating::{self as domain};
use crate::domain::working_days::WorkingDays;

/// Ratings brought to the calendar in one transaction.
const BATCH: i64 = 200;

/// A last day that another calendar moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingDueChange {
    /// The day before.
    pub old_on: NaiveDate,
    /// The day since.
    pub new_on: NaiveDate,
    /// The version of the calendar that moved it.
    pub calendar_version: i32,
    /// Its document.
    pub reason: String,
    /// When it was recorded.
    pub on: NaiveDate,
}

impl App {
    /// Brings bad ratings that are not put right yet to the calendar in force; returns how many it looked
    /// at. It needs no input: each row names the version that counted its day, so that doing it twice, by
    /// several workers or after a kill in the middle comes to the same.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn refold_ratings(&self) -> Result<usize, AppError> {
        let seq = self.calendar.record();
        if self.store.read(move |conn| rows::behind(conn, seq, 1)).await?.is_empty() {
            return Ok(0);
        }
        let app = self.clone();
        let brought = self.store.write(move |conn| {
            let app = app.in_force(conn)?;
            let behind = rows::behind(conn, app.calendar.record(), BATCH)?;
            let looked_at = behind.len();
            for row in behind {
                bring(conn, &app, row)?;
            }
            Ok::<_, AppError>(looked_at)
        });
        match brought.await {
            // Somebody took a step on one of them; the next look sees what is left.
            Err(AppError::Store(StoreError::Stale)) => Ok(0),
            other => other,
        }
    }
}

fn bring(conn: &mut Conn, app: &App, row: RatingRow) -> Result<(), AppError> {
    let seq = app.calendar.record();
    let Some(old_on) = row.due_on else { return Ok(()) };
    let new_on = match row.calendar_seq {
        // Which version counted it nobody wrote down: the number of days is the one that is set.
        0 => {
            let within = WorkingDays(app.settings.rating_fix_wd);
            domain::due_on(row.grade, row.rated_on, within, &app.calendar)
        }
        counted_by => {
            let from = app.calendar_as_of(conn, counted_by)?;
            domain::moved_due_on(row.rated_on, old_on, (&from, &app.calendar))
        }
    };
    let Some(new_on) = new_on.filter(|new_on| *new_on != old_on) else {
        return Ok(rows::keep_up(conn, seq, &row)?);
    };
    let change = RatingDueChange {
        old_on,
        new_on,
        calendar_version: seq,
        reason: refold::reason(&calendar::version(conn, seq)?),
        on: app.today(),
    };
    let detail = serde_json::to_value(&change).map_err(AppError::broken)?;
    let mut all = changes(&row)?;
    all.push(change);
    let id = row.id;
    let row = RatingRow {
        due_on: Some(new_on),
        calendar_seq: seq,
        due_changes: serde_json::to_value(&all).map_err(AppError::broken)?,
        updated_at: app.clock.now(),
        ..row
    };
    rows::update(conn, row)?;
    audit::note(conn, app, None, Note { detail, ..Note::done("recalculate", "rating", id) })
}

pub(super) fn changes(row: &RatingRow) -> Result<Vec<RatingDueChange>, AppError> {
    serde_json::from_value(row.due_changes.clone()).map_err(AppError::broken)
}
