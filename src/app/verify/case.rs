//! One request under verification.

use uuid::Uuid;

use crate::db::events::{self, EventRow};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, StoreError, applications, files, items, notices, remedies, standings};
use crate::domain::case::Case;
use crate::domain::event::{Entry, Event};
use crate::domain::ids::{FileId, NoticeId};

use super::{Expected, Page};
use crate::app::App;
use crate::app::intake::content_digest;
use crate::app::ledger::{self, GENESIS};
use crate::app::remedies::remedy_rows;
use crate::app::standing;

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
    replay(conn, app, &row, &entries, &mut found)?;
    // A document that answers several requests lies with the first of them.
    let lead = |entry: &Entry| match &entry.event {
        Event::AnsweredTogether { together } => Some(together.lead.0),
        _ => None,
    };
    let leads: Vec<Uuid> = entries.iter().filter_map(lead).collect();
    for entry in &entries {
        spoken_of(conn, (id, &leads), &entry.event, &mut found)?;
    }
    application(conn, app, id, &mut found)?;
    page.report.faults.extend(found.faults);
    page.expected.extend(found.expected);
    Ok(())
}

/// What was found of one request.
struct Found {
    number: String,
    faults: Vec<String>,
    expected: Vec<Expected>,
}

impl Found {
    fn fault(&mut self, what: impl std::fmt::Display) {
        self.faults.push(format!("{}：{what}", self.number));
    }

    fn expect(&mut self, what: &str, key: Option<String>, sha256: &str) {
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
) -> Result<(), StoreError> {
    match Case::replay(&app.calendar, entries) {
        Err(error) => found.fault(format!("台账无法重演：{error}")),
        Ok(case) if case.last_seq != row.last_seq => {
            found.fault(format!("应有{}条记录，实有{}条", row.last_seq, case.last_seq));
        }
        Ok(case) => {
            if ledger::projected(row.clone(), &case, &app.calendar) != *row {
                found.fault("登记内容与台账不符");
            }
            match standing::of(row.id, &case, &app.calendar) {
                Ok(expected) if expected == standings::find(conn, row.id)? => {}
                _ => found.fault("办理情况与台账不符"),
            }
            if ledger::item_rows(row.id, &case) != items::of_request(conn, row.id)? {
                found.fault("申请事项与台账不符");
            }
            let listed = remedies::of_request(conn, row.id)?;
            if remedy_rows(row.id, &case, &app.calendar) != listed {
                found.fault("复议、诉讼的登记与台账不符");
            }
        }
    }
    Ok(())
}

/// Checks the notice or file an entry speaks of.
fn spoken_of(
    conn: &mut Conn,
    (request, leads): (Uuid, &[Uuid]),
    event: &Event,
    found: &mut Found,
) -> Result<(), StoreError> {
    match event {
        Event::Issued { notice, content_sha256, .. }
        | Event::NoticeIssued { notice, content_sha256, .. } => {
            issued(conn, (request, leads), *notice, content_sha256, found)
        }
        Event::Rendered { notice, pdf_sha256, docx_sha256, .. } => {
            if let Some(row) = notices::find(conn, notice.0)? {
                let what = format!("文书“{}”", row.title);
                found.expect(&what, row.pdf_key, pdf_sha256);
                found.expect(&what, row.docx_key, docx_sha256);
            }
            Ok(())
        }
        Event::FileAdded { file, name, sha256, .. } => {
            added(conn, request, *file, (name, sha256), found)
        }
        _ => Ok(()),
    }
}

fn issued(
    conn: &mut Conn,
    (request, leads): (Uuid, &[Uuid]),
    notice: NoticeId,
    sha256: &str,
    found: &mut Found,
) -> Result<(), StoreError> {
    let belongs =
        |row: &notices::NoticeRow| row.request_id == request || leads.contains(&row.request_id);
    match notices::find(conn, notice.0)?.filter(belongs) {
        None => found.fault(format!("已签发的文书{notice}不见了")),
        Some(row) if ledger::digest(&row.content) != sha256 => {
            found.fault(format!("文书“{}”的内容与签发时不符", row.title));
        }
        Some(_) => {}
    }
    Ok(())
}

fn added(
    conn: &mut Conn,
    request: Uuid,
    file: FileId,
    (name, sha256): (&str, &str),
    found: &mut Found,
) -> Result<(), StoreError> {
    let row = files::of_request(conn, request)?.into_iter().find(|row| row.id == file.0);
    match row {
        None => found.fault(format!("材料“{name}”的登记不见了")),
        Some(row) => {
            if row.sha256 != sha256 {
                found.fault(format!("材料“{name}”的摘要与登记时不符"));
            }
            found.expect(&format!("材料“{name}”"), Some(row.storage_key), sha256);
        }
    }
    Ok(())
}

/// Checks that what was asked for still reads as it was submitted.
fn application(
    conn: &mut Conn,
    app: &App,
    request: Uuid,
    found: &mut Found,
) -> Result<(), StoreError> {
    match applications::get(conn, request) {
        Err(StoreError::NotFound) => found.fault("申请表不见了"),
        Err(other) => return Err(other),
        Ok(row) => match serde_json::from_value(row.form) {
            Ok(form) if content_digest(app, &form) == row.content_digest => {}
            _ => found.fault("申请内容与提交时不符"),
        },
    }
    Ok(())
}
