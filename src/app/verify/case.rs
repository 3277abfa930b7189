//! One request under verification.

use uuid::Uuid;

use crate::db::events::{self, EventRow};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, StoreError, applications, items, remedies, standings};
use crate::domain::case::Case;
use crate::domain::event::{Entry, Event};

use super::{Expected, Page, notices};
use crate::app::App;
use crate::app::intake::content_digest;
use crate::app::ledger::{self, GENESIS};
use crate::app::remedies::remedy_rows;
use crate::app::{personal, standing};

/// Checks a request and everything its ledger speaks of.
pub(super) fn check(
    conn: &mut Conn,
    app: &App,
    id: Uuid,
    page: &mut Page,
) -> Result<(), StoreError> {
    let row = requests::get(conn, id)?;
    let rows = events::of_request(conn, id)?;
    page.report.requests += 1;
    page.report.entries += rows.len();
    page.numbers.push(row.number.clone());
    let mut found = Found { number: row.number.clone(), faults: Vec::new(), expected: Vec::new() };
    chain(app, &rows, &mut found);
    let entries: Vec<Entry> = rows.iter().filter_map(|row| ledger::entry(row).ok()).collect();
    if entries.len() != rows.len() {
        found.fault("台账中有无法识别的记录");
    }
    let case = replay(conn, app, &row, &entries, &mut found)?;
    registered(&row, case.as_ref(), &entries, &mut found);
    notices::check(conn, &row, &entries, &mut found)?;
    application(conn, app, &row, &entries, &mut found)?;
    page.report.faults.extend(found.faults);
    page.expected.extend(found.expected);
    Ok(())
}

/// What was found of one request.
pub(super) struct Found {
    pub(super) number: String,
    faults: Vec<String>,
    expected: Vec<Expected>,
}

impl Found {
    pub(super) fn fault(&mut self, what: impl std::fmt::Display) {
        self.faults.push(format!("{}：{what}", self.number));
    }

    pub(super) fn expect(&mut self, what: &str, key: Option<String>, sha256: &str) {
        match key {
            Some(key) => self.expected.push(Expected {
                what: format!("{}：{what}", self.number),
                key,
                sha256: sha256.to_owned(),
            }),
            None => self.fault(format!("{what}缺少文件")),
        }
    }
}

/// Checks that each entry says what it said, and follows the one before.
fn chain(app: &App, rows: &[EventRow], found: &mut Found) {
    let mut prev = GENESIS;
    for row in rows {
        if row.prev_hash != prev {
            found.fault(format!("第{}条记录与前一条不衔接", row.seq));
        }
        if ledger::hash(row) != row.hash {
            found.fault(format!("第{}条记录已被改动", row.seq));
        }
        if ledger::seal(app, &row.hash) != row.seal {
            found.fault(format!("第{}条记录的封印不是本系统所加", row.seq));
        }
        prev = &row.hash;
    }
}

/// Checks that the ledger replays and that the stored row is what follows from it.
fn replay(
    conn: &mut Conn,
    app: &App,
    row: &RequestRow,
    entries: &[Entry],
    found: &mut Found,
) -> Result<Option<Case>, StoreError> {
    let Ok(calendar) = app.calendar_as_of(conn, row.calendar_seq) else {
        found.fault(format!("日历的第{}版无法读取", row.calendar_seq));
        return Ok(None);
    };
    match Case::replay(&calendar, entries) {
        Err(error) => {
            found.fault(format!("台账无法重演：{error}"));
            Ok(None)
        }
        Ok(case) if case.last_seq != row.last_seq => {
            found.fault(format!("应有{}条记录，实有{}条", row.last_seq, case.last_seq));
            Ok(Some(case))
        }
        Ok(case) => {
            if ledger::projected(row.clone(), &case, &calendar) != *row {
                found.fault("登记内容与台账不符");
            }
            match standing::of(row.id, &case, &calendar) {
                Ok(expected) if expected == standings::find(conn, row.id)? => {}
                _ => found.fault("办理情况与台账不符"),
            }
            if ledger::item_rows(row.id, &case) != items::of_request(conn, row.id)? {
                found.fault("申请事项与台账不符");
            }
            let listed = remedies::of_request(conn, row.id)?;
            if remedy_rows(row.id, &case, &calendar) != listed {
                found.fault("复议、诉讼的登记与台账不符");
            }
            Ok(Some(case))
        }
    }
}

/// Checks that the register says of the request what its first entry said.
fn registered(row: &RequestRow, case: Option<&Case>, entries: &[Entry], found: &mut Found) {
    let first = entries.iter().find_map(|entry| match &entry.event {
        Event::Filed { registered, .. } => registered.as_ref(),
        _ => None,
    });
    let Some(first) = first else { return };
    if first.number != row.number {
        found.fault(format!("受理编号与台账所记的{}不符", first.number));
    }
    let agency = case.and_then(|case| case.successor).unwrap_or(first.agency);
    if agency.0 != row.agency_id {
        found.fault("受理机关与台账不符");
    }
}

/// Checks that what was asked for, and by whom, still reads as it was submitted.
fn application(
    conn: &mut Conn,
    app: &App,
    request: &RequestRow,
    entries: &[Entry],
    found: &mut Found,
) -> Result<(), StoreError> {
    let row = match applications::get(conn, request.id) {
        Err(StoreError::NotFound) => {
            found.fault("申请表不见了");
            return Ok(());
        }
        other => other?,
    };
    let Ok(form) = personal::complete(app, &row) else {
        found.fault("申请表无法打开");
        return Ok(());
    };
    if content_digest(app, &form) != row.content_digest {
        found.fault("申请内容与提交时不符");
    }
    let shown = (request.title.as_str(), request.applicant_name.as_str(), request.applicant_kind);
    if shown != (form.title.trim(), form.applicant.name.trim(), form.applicant.kind) {
        found.fault("登记的标题或者申请人与申请表不符");
    }
    let digest = ledger::application_digest(app, request.id, &form).unwrap_or_default();
    let bound = entries.iter().find_map(|entry| match &entry.event {
        Event::Filed { registered: Some(first), .. } => Some(&first.application_digest),
        _ => None,
    });
    if bound.is_some_and(|bound| *bound != digest) {
        found.fault("申请表与台账所记的不符");
    }
    Ok(())
}
