//! The dry run: what a year would do to every open case, before anybody confirms it. Writes nothing.

use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::folding::{Comparison, Folded};
use super::{CalendarDay, day_view};
use crate::app::{App, AppError, Principal};
use crate::db::calendar::{self as rows, Which};
use crate::domain::calendar::{Calendar, Change};
use crate::domain::calendar_import::{self as domain, CalendarSource, ImportState};
use crate::domain::ids::{AgencyId, CalendarImportId, RequestId};
use crate::domain::policy::Role;
use crate::domain::recalculation::MovedLimit;

/// Rows looked at in one reading.
const PAGE: i64 = 5_000;
/// Cases folded in one reading.
const BATCH: usize = 400;
/// Readings at a time: as many as small machines have processors.
const AT_ONCE: usize = 2;
/// Most changes one answer lists.
const MOST: i64 = 1_000_000;

/// What a year would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarPreview {
    /// The year.
    pub year: i32,
    /// Document number.
    pub document: String,
    /// Day of the document.
    pub document_on: NaiveDate,
    /// The days it moves, as they were read.
    pub days: Vec<CalendarDay>,
    /// Working days of the year with it.
    pub working_days: u32,
    /// Working days of the year as the calendar in force has it, perhaps estimated.
    pub working_days_now: u32,
    /// Days that change between worked and not worked.
    pub days_moved: usize,
    /// What is worth a second look.
    pub notes: Vec<String>,
    /// The cases.
    #[serde(flatten)]
    pub cases: CaseChanges,
}

/// The open cases whose dates would change, or have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseChanges {
    /// Open cases compared; none where the change is history.
    pub open_cases: Option<usize>,
    /// How many change.
    pub changed: usize,
    /// Each of them, oldest first.
    pub changes: Vec<CaseChange>,
}

impl CaseChanges {
    /// What somebody may see of it: the supervisor of a branch is told how many change, and which of
    /// the branch. Whoever keeps the calendar of the county is told of all, by number and dates alone.
    #[must_use]
    pub fn seen_by(mut self, who: &Principal) -> Self {
        if who.oversees_a_branch() && !who.is(Role::Administrator) {
            self.changes.retain(|change| who.may_see(change.agency).is_ok());
        }
        self
    }
}

/// One case whose dates change. Nothing personal: calendars are kept by people who see no cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaseChange {
    /// Which request.
    pub request: RequestId,
    /// Its number.
    pub number: String,
    /// Its agency.
    pub agency: AgencyId,
    /// The date that presses, before.
    pub old_on: Option<NaiveDate>,
    /// The date that presses, after.
    pub new_on: Option<NaiveDate>,
    /// Every limit that moves; of history the ledger of the case tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<MovedLimit>,
}

impl App {
    /// What a year would change, without writing anything.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] naming the first line or sentence that does not stand.
    pub async fn preview_calendar(
        &self,
        source: &CalendarSource,
    ) -> Result<CalendarPreview, AppError> {
        let app = self.refreshed().await?;
        let fault = |fault| AppError::Invalid(vec![fault]);
        let read = source.read(app.today()).map_err(fault)?;
        let (calendar, notes) = domain::onto(&read, &app.calendar).map_err(fault)?;
        let worked = |c: &Calendar| c.summary(read.table.year).map_or(0, |s| s.working_days);
        Ok(CalendarPreview {
            year: read.table.year,
            days: read.table.days.iter().map(day_view).collect(),
            working_days: worked(&calendar),
            working_days_now: worked(&app.calendar),
            days_moved: Change::between(&app.calendar, &calendar).days_moved,
            notes,
            cases: app.changes_under(Arc::new(calendar)).await?,
            document: read.document,
            document_on: read.document_on,
        })
    }

    /// What an import would change, or what it has changed.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`].
    pub async fn calendar_changes(&self, id: CalendarImportId) -> Result<CaseChanges, AppError> {
        let app = self.refreshed().await?;
        let (reader, import) = (app.clone(), id.0);
        let (row, proposed) = self
            .store
            .read(move |conn| {
                let row = rows::import(conn, import)?.ok_or(AppError::NotFound("该次导入"))?;
                let proposed = match row.state {
                    ImportState::Proposed => Some(reader.proposed(conn, &row)?.0),
                    ImportState::InForce | ImportState::Rejected => None,
                };
                Ok::<_, AppError>((row, proposed))
            })
            .await?;
        match (proposed, row.seq) {
            (Some(calendar), _) => app.changes_under(Arc::new(calendar)).await,
            (None, Some(seq)) => app.changes_on_record(seq).await,
            (None, None) => Ok(CaseChanges::default()),
        }
    }

    async fn changes_on_record(&self, seq: i32) -> Result<CaseChanges, AppError> {
        let found = self.store.read(move |conn| rows::changes(conn, seq, Which::All, MOST)).await?;
        let changes: Vec<CaseChange> = found
            .into_iter()
            .map(|change| CaseChange {
                request: RequestId(change.request_id),
                number: change.number,
                agency: AgencyId(change.agency_id),
                old_on: change.old_on,
                new_on: change.new_on,
                limits: Vec::new(),
            })
            .collect();
        Ok(CaseChanges { open_cases: None, changed: changes.len(), changes })
    }

    /// Every open case whose dates `to` would change.
    async fn changes_under(&self, to: Arc<Calendar>) -> Result<CaseChanges, AppError> {
        let (open_cases, touched) = self.touched_by(&to).await?;
        let batches: Vec<Vec<Uuid>> = touched.chunks(BATCH).map(<[Uuid]>::to_vec).collect();
        let folded: Vec<Vec<CaseChange>> = stream::iter(batches)
            .map(|ids| {
                let (app, to) = (self.clone(), Arc::clone(&to));
                self.store.read(move |conn| {
                    let (folded, _) = Comparison::with(&app, to).fold(conn, &ids)?;
                    Ok::<_, AppError>(folded.into_iter().filter_map(changed).collect())
                })
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let changes: Vec<CaseChange> = folded.into_iter().flatten().collect();
        Ok(CaseChanges { open_cases: Some(open_cases), changed: changes.len(), changes })
    }

    /// How many cases are open, and which of them can come to another date.
    async fn touched_by(&self, to: &Arc<Calendar>) -> Result<(usize, Vec<Uuid>), AppError> {
        let (app, to) = (self.clone(), Arc::clone(to));
        self.store
            .read(move |conn| {
                let mut comparison = Comparison::with(&app, to);
                let (mut open, mut touched, mut after) = (0, Vec::new(), None);
                loop {
                    let page = rows::behind(conn, i32::MAX, after, PAGE)?;
                    let Some(last) = page.last() else { return Ok::<_, AppError>((open, touched)) };
                    after = Some(last.id);
                    open += page.len();
                    for row in &page {
                        if comparison.may_touch(conn, row)? {
                            touched.push(row.id);
                        }
                    }
                }
            })
            .await
    }
}

/// The case as the list shows it, if anything of it moves.
fn changed(Folded { row, moved, .. }: Folded) -> Option<CaseChange> {
    let first = moved.first().copied()?;
    Some(CaseChange {
        request: RequestId(row.id),
        number: row.number,
        agency: AgencyId(row.agency_id),
        old_on: first.old,
        new_on: first.new,
        limits: moved,
    })
}
