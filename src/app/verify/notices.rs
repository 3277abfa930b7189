//! The notices, their numbers, deliveries and files of one request under verification: the ledger
//! says what was issued, sent and added; the tables must say the same.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::app::ledger;
use crate::db::deliveries::{self, DeliveryRow};
use crate::db::files::{self, FileRow};
use crate::db::notices::{self, NoticeRow};
use crate::db::requests::RequestRow;
use crate::db::{Conn, StoreError, numbers};
use crate::domain::event::{Entry, Event};
use crate::domain::notice::{NoticeKind, NoticeStatus};

use super::case::Found;

/// Checks every notice, delivery and file the entries speak of.
pub(super) fn check(
    conn: &mut Conn,
    request: &RequestRow,
    entries: &[Entry],
    found: &mut Found,
) -> Result<(), StoreError> {
    // A document that answers several requests lies with the first of them.
    let lead = |entry: &Entry| match &entry.event {
        Event::AnsweredTogether { together } => Some(together.lead.0),
        _ => None,
    };
    let homes: BTreeSet<Uuid> =
        entries.iter().filter_map(lead).chain(std::iter::once(request.id)).collect();
    let mut known = BTreeMap::new();
    for home in &homes {
        for row in notices::of_request(conn, *home)? {
            known.insert(row.id, row);
        }
    }
    let voided: BTreeSet<&str> = entries.iter().filter_map(voided_number).collect();
    let files = files::of_request(conn, request.id)?;
    let mut sent = BTreeSet::new();
    for entry in entries {
        match &entry.event {
            Event::Issued { notice, number, content_sha256, .. } => {
                let said = Said { kind: NoticeKind::Reply, number, content_sha256 };
                let void = voided.contains(number.as_str());
                issued(conn, request, known.get(&notice.0), (said, void), found)?;
            }
            Event::NoticeIssued { notice, notice_kind, number, content_sha256 } => {
                let said = Said { kind: *notice_kind, number, content_sha256 };
                issued(conn, request, known.get(&notice.0), (said, false), found)?;
            }
            Event::Rendered { notice, pdf_sha256, docx_sha256, .. } => {
                if let Some(row) = known.get(&notice.0) {
                    let what = format!("文书“{}”", row.title);
                    found.expect(&what, row.pdf_key.clone(), pdf_sha256);
                    found.expect(&what, row.docx_key.clone(), docx_sha256);
                }
            }
            Event::Dispatched { notice, .. } | Event::NoticeDispatched { notice, .. } => {
                sent.insert((notice.0, entry.on));
            }
            Event::FileAdded { file, name, sha256, purpose, .. } => {
                let row = files.iter().find(|row| row.id == file.0);
                added(row, (name, sha256, purpose), found);
            }
            _ => {}
        }
    }
    for (notice, on) in sent {
        let rows = deliveries::of_notice(conn, notice)?;
        if !rows.iter().any(|row: &DeliveryRow| row.sent_on == on) {
            found.fault(format!("{on}发出文书的送达登记不见了"));
        }
    }
    Ok(())
}

/// What the ledger says of an issued notice.
struct Said<'a> {
    kind: NoticeKind,
    number: &'a str,
    content_sha256: &'a str,
}

fn voided_number(entry: &Entry) -> Option<&str> {
    match &entry.event {
        Event::NumberVoided { number, .. } => Some(number),
        _ => None,
    }
}

fn issued(
    conn: &mut Conn,
    request: &RequestRow,
    row: Option<&NoticeRow>,
    (said, void): (Said<'_>, bool),
    found: &mut Found,
) -> Result<(), StoreError> {
    let Some(row) = row else {
        found.fault(format!("已签发的文书“{}”不见了", said.number));
        return Ok(());
    };
    let title = &row.title;
    if ledger::digest(&row.content) != said.content_sha256 {
        found.fault(format!("文书“{title}”的内容与签发时不符"));
    }
    let titled = row.content.get("title").and_then(|text| text.as_str());
    if titled != Some(title) || row.kind != said.kind {
        found.fault(format!("文书“{title}”的标题或者种类与签发时不符"));
    }
    let status = if void { NoticeStatus::Voided } else { NoticeStatus::Issued };
    if row.status != status {
        found.fault(format!("文书“{title}”的状态与台账不符"));
    }
    let Some(number) = &row.number else {
        // Where it has no number of its own, it bears that of the request.
        if row.series.is_some() || (said.number != request.number && row.request_id == request.id) {
            found.fault(format!("文书“{title}”的文号不见了"));
        }
        return Ok(());
    };
    if number != said.number {
        found.fault(format!("文书“{title}”的文号与台账所记的{}不符", said.number));
    }
    let entry = numbers::of_notice(conn, row.id)?;
    let stands = entry.filter(|entry| entry.text == *number && entry.voided_at.is_some() == void);
    if stands.is_none() {
        found.fault(format!("文书“{title}”的文号与文号登记簿不符"));
    }
    Ok(())
}

fn added(row: Option<&FileRow>, (name, sha256, purpose): (&str, &str, &str), found: &mut Found) {
    let Some(row) = row else {
        found.fault(format!("材料“{name}”的登记不见了"));
        return;
    };
    if row.sha256 != sha256 {
        found.fault(format!("材料“{name}”的摘要与登记时不符"));
    }
    if row.name != name || row.purpose != purpose {
        found.fault(format!("材料“{name}”的名称或者用途与登记时不符"));
    }
    found.expect(&format!("材料“{name}”"), Some(row.storage_key.clone()), sha256);
}
