//! Remedies: what runs against an agency and until when it must answer; and table four.

mod views;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use crate::db::remedies::{self as rows, Listed, RemedyFilter, RemedyRow};
use crate::db::{Conn, StoreError};
use crate::domain::calendar::{Calendar, YEARS};
use crate::domain::case::{Case, Remedy};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::remedy::windows;
use crate::domain::table_four::{CountedRemedy, TableFour, table_four};

use super::ledger::{self, NO_HURRY};
use super::principal::Scope;
use super::requests::Page;
use super::{App, AppError, Principal};

pub use views::{ListedRemedy, RemediesView, RemedyView, TableFourView, WindowView};
use views::{in_full, view};

/// Requests taken over in one transaction.
const BATCH: i64 = 200;

/// Which remedies are listed.
#[derive(Debug, Clone, Default)]
pub struct RemedyQuery {
    /// Open ones (the default) or ended ones.
    pub open: Option<bool>,
    /// Only of this agency (supervisors).
    pub agency: Option<AgencyId>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many, 1–200; 50 when not given.
    pub limit: Option<i64>,
}

impl App {
    /// A page of remedies against one's agency, or against the county's for supervisors; the next
    /// last day to answer first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without cases; [`AppError::NotFound`] for another agency;
    /// [`AppError::Invalid`] for a bad cursor.
    pub async fn remedies(
        &self,
        who: &Principal,
        query: RemedyQuery,
    ) -> Result<Page<ListedRemedy>, AppError> {
        let scope = scoped(who, query.agency)?;
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let filter = RemedyFilter {
            agencies: scope.ids(),
            open: Some(query.open.unwrap_or(true)),
            after: query.cursor.as_deref().map(cursor).transpose()?,
            limit: limit + 1,
        };
        let mut found = self.store.read(move |conn| rows::list(conn, &filter)).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let place = |(row, _): &Listed| format!("{}_{}_{}", row.queue_on, row.request_id, row.n);
        let next = found.last().filter(|_| more).map(place);
        let today = self.today();
        Ok(Page { items: found.into_iter().map(|listed| view(listed, today)).collect(), next })
    }

    /// The remedies of a request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn remedies_of(
        &self,
        who: &Principal,
        id: RequestId,
    ) -> Result<RemediesView, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                who.may_see(AgencyId(loaded.row.agency_id))?;
                let (case, today) = (&loaded.case, app.today());
                let full = |remedy| in_full(remedy, &loaded.calendar, today);
                // They lie ahead: a closed case, too, is attacked by the calendar in force.
                let windows = windows(case, &app.calendar, today).into_iter();
                Ok(RemediesView {
                    remedies: case.remedies.iter().map(full).collect(),
                    windows: windows
                        .map(|window| WindowView {
                            kind: window.kind,
                            label: window.kind.label().to_owned(),
                            from: window.from,
                            until: window.until,
                            provisional: window.provisional,
                            over: window.until < today,
                            article: window.article.to_owned(),
                        })
                        .collect(),
                    version: loaded.row.last_seq,
                })
            })
            .await
    }

    /// Table four of a year: of one's agency, or of one or all for supervisors. Of a year that has
    /// not ended it says how things stand today.
    ///
    /// # Errors
    ///
    /// As [`App::remedies`]; [`AppError::Invalid`] for a year without calendar.
    pub async fn table_four(
        &self,
        who: &Principal,
        year: i32,
        agency: Option<AgencyId>,
    ) -> Result<TableFourView, AppError> {
        let scope = scoped(who, agency)?;
        // What one sees is named where it is one agency.
        let agency = match &scope {
            Scope::Agencies(agencies) => agencies.first().copied().filter(|_| agencies.len() == 1),
            Scope::County => None,
        };
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let (Some(since), Some(before)) = (first(year), first(year + 1)) else {
            return Err(bad_year());
        };
        if !YEARS.contains(&year) || year > self.today().year() {
            return Err(bad_year());
        }
        let of = scope.ids();
        let found = self.store.read(move |conn| rows::counted(conn, of, (since, before))).await?;
        let counted = found.into_iter().map(|(_, row)| counted(row));
        let table = table_four(&counted.collect::<Vec<_>>(), year);
        let TableFour { reconsideration, suit, suit_after_reconsideration } = table;
        Ok(TableFourView {
            year,
            agency,
            reconsideration: reconsideration.numbers().to_vec(),
            suit: suit.numbers().to_vec(),
            suit_after_reconsideration: suit_after_reconsideration.numbers().to_vec(),
            numbers: table.numbers().to_vec(),
        })
    }

    /// Enters rows for remedies that came into ledgers before there was a table of them; returns for
    /// how many requests. A start that is killed here goes on at the next one. Blocks.
    ///
    /// # Errors
    ///
    /// [`AppError::Broken`] for a ledger that cannot be replayed; failures of the database.
    pub fn list_existing_remedies(&self) -> Result<usize, AppError> {
        let mut listed = 0;
        loop {
            let app = self.clone();
            let taken = self.store.write_blocking(move |conn| {
                let found = rows::unlisted(conn, BATCH)?;
                for id in &found {
                    let loaded = ledger::load_as_stored(conn, &app, *id)?;
                    let listed = remedy_rows(*id, &loaded.case, &loaded.calendar);
                    rows::replace(conn, *id, listed)?;
                }
                Ok::<_, AppError>(found.len())
            })?;
            listed += taken;
            if taken == 0 {
                return Ok(listed);
            }
        }
    }
}

/// The next last day to answer a reviewing body in each of these requests that has one.
///
/// # Errors
///
/// Only failures of the database.
pub(super) fn next_limits(
    conn: &mut Conn,
    requests: &[Uuid],
) -> Result<Vec<(Uuid, NaiveDate)>, StoreError> {
    let mut limits: Vec<(Uuid, NaiveDate)> = Vec::new();
    for row in rows::unanswered(conn, requests)? {
        if let Some(on) = row.answer_due_on
            && limits.iter().all(|(known, _)| *known != row.request_id)
        {
            limits.push((row.request_id, on));
        }
    }
    Ok(limits)
}

/// The remedies of a case as rows. `gongkai verify` compares them with those stored.
#[must_use]
pub fn remedy_rows(request: Uuid, case: &Case, calendar: &Calendar) -> Vec<RemedyRow> {
    let row = |(n, remedy): (i32, &Remedy)| {
        let due = remedy.answer_due(calendar);
        RemedyRow {
            request_id: request,
            n,
            case_number: remedy.id.clone(),
            kind: remedy.kind,
            body: remedy.body.clone(),
            term: remedy.term,
            opened_on: remedy.opened_on,
            against: remedy.against.map(|notice| notice.0),
            answer_due_on: due.map(|due| due.on),
            provisional: due.is_some_and(|due| due.estimated),
            answered_on: remedy.answer.as_ref().map(|answer| answer.on),
            result: remedy.decided.as_ref().map(|decided| decided.result),
            decided_on: remedy.decided.as_ref().map(|decided| decided.on),
            remanded_on: remedy.remanded.map(|(on, _)| on),
            open: remedy.is_open(),
            queue_on: remedy.presses(calendar).map_or(NO_HURRY, |due| due.on),
        }
    };
    (1..).zip(&case.remedies).map(row).collect()
}

/// Whose remedies the person may look at.
fn scoped(who: &Principal, wanted: Option<AgencyId>) -> Result<Scope, AppError> {
    who.scope()?.narrowed(wanted).ok_or(AppError::NotFound("该机关的复议、诉讼"))
}

fn bad_year() -> AppError {
    AppError::field("year", "out_of_range", "年度应为2000年至今年")
}

fn cursor(text: &str) -> Result<(NaiveDate, Uuid, i32), AppError> {
    let bad = || AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开");
    let mut parts = text.splitn(3, '_');
    let (on, id, n) = (parts.next(), parts.next(), parts.next());
    let read = || Some((on?.parse().ok()?, id?.parse().ok()?, n?.parse().ok()?));
    read().ok_or_else(bad)
}

fn counted(row: RemedyRow) -> CountedRemedy {
    CountedRemedy {
        kind: row.kind,
        body: row.body,
        id: row.case_number,
        opened_on: row.opened_on,
        decided: row.decided_on.zip(row.result),
    }
}
