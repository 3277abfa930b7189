//! `gongkai verify`: is the record what it was when it was written?
//!
//! For every request: the chain of hashes is unbroken, every seal was made with this installation's
//! key, the ledger replays under the law, the stored row equals its projection, what was issued has
//! the text and the bytes whose hashes the ledger holds. For every series: numbers 1…n without gap.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::events::{self, EventRow};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, StoreError, files, notices, numbers};
use crate::domain::case::Case;
use crate::domain::event::Event;

use super::ledger::{self, GENESIS};
use super::{App, AppError};

/// How many requests are looked at in one reading transaction.
const PAGE: i64 = 500;

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests looked at.
    pub requests: usize,
    /// Ledger entries looked at.
    pub entries: usize,
    /// Files whose bytes were read and hashed.
    pub files: usize,
    /// Everything that is not as it was written.
    pub faults: Vec<String>,
}

/// A stored file and the hash it must have.
struct Expected {
    what: String,
    key: String,
    sha256: String,
}

impl App {
    /// Verifies everything; `bytes` also reads and hashes every stored file.
    ///
    /// # Errors
    ///
    /// Only when the database cannot be read; what is wrong in it stands in the report.
    pub async fn verify(&self, bytes: bool) -> Result<Report, AppError> {
        let mut report = Report::default();
        let mut after: Option<Uuid> = None;
        loop {
            let app = self.clone();
            let (page, last, expected) = self
                .store
                .read(move |conn| {
                    let mut page = Report::default();
                    let mut expected = Vec::new();
                    let ids = requests::ids(conn, after, PAGE)?;
                    for id in &ids {
                        request(conn, &app, *id, &mut page, &mut expected)?;
                    }
                    Ok::<_, AppError>((page, ids.last().copied(), expected))
                })
                .await?;
            report.requests += page.requests;
            report.entries += page.entries;
            report.faults.extend(page.faults);
            if bytes {
                self.check_bytes(&mut report, expected).await;
            }
            match last {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        let gaps = self.store.read(numbers::gaps).await.map_err(AppError::Store)?;
        report.faults.extend(gaps.into_iter().map(|gap| format!("文号不连续：{gap}")));
        Ok(report)
    }

    async fn check_bytes(&self, report: &mut Report, expected: Vec<Expected>) {
        for Expected { what, key, sha256 } in expected {
            report.files += 1;
            match self.blobs.get(&key).await {
                Ok(found) if hex::encode(Sha256::digest(&found)) == sha256 => {}
                Ok(_) => report.faults.push(format!("{what}：文件内容与记录的摘要不符")),
                Err(error) => report.faults.push(format!("{what}：文件无法读取（{error}）")),
            }
        }
    }
}

fn request(
    conn: &mut Conn,
    app: &App,
    id: Uuid,
    report: &mut Report,
    expected: &mut Vec<Expected>,
) -> Result<(), StoreError> {
    let row = requests::get(conn, id)?;
    let entries = events::of_request(conn, id)?;
    report.requests += 1;
    report.entries += entries.len();
    let mut fault = |what: String| report.faults.push(format!("{}：{what}", row.number));
    chain(app, &entries, &mut fault);
    replay(app, &row, &entries, &mut fault);
    for notice in notices::of_request(conn, id)? {
        let content = ledger::digest(&notice.content);
        let issued =
            entries.iter().filter_map(|e| ledger::entry(e).ok()).find_map(|e| match e.event {
                Event::Issued { notice: n, content_sha256, .. }
                | Event::NoticeIssued { notice: n, content_sha256, .. }
                    if n.0 == notice.id =>
                {
                    Some(content_sha256)
                }
                _ => None,
            });
        if let Some(sha256) = issued.filter(|sha256| *sha256 != content) {
            fault(format!("文书“{}”的内容与签发时不符（{sha256}）", notice.title));
        }
        let rendered =
            entries.iter().filter_map(|e| ledger::entry(e).ok()).find_map(|e| match e.event {
                Event::Rendered { notice: n, pdf_sha256, docx_sha256, .. } if n.0 == notice.id => {
                    Some((pdf_sha256, docx_sha256))
                }
                _ => None,
            });
        if let Some((pdf, docx)) = rendered {
            for (key, sha256) in [(notice.pdf_key, pdf), (notice.docx_key, docx)] {
                match key {
                    Some(key) => {
                        let what = format!("{}：文书“{}”", row.number, notice.title);
                        expected.push(Expected { what, key, sha256 });
                    }
                    None => fault(format!("文书“{}”缺少定稿文件", notice.title)),
                }
            }
        }
    }
    for file in files::of_request(conn, id)? {
        let what = format!("{}：材料“{}”", row.number, file.name);
        expected.push(Expected { what, key: file.storage_key, sha256: file.sha256 });
    }
    Ok(())
}

/// Checks that each entry says what it said, and follows the one before.
fn chain(app: &App, entries: &[EventRow], fault: &mut impl FnMut(String)) {
    let mut prev = GENESIS;
    for entry in entries {
        if entry.prev_hash != prev {
            fault(format!("第{}条记录与前一条不衔接", entry.seq));
        }
        if ledger::hash(entry) != entry.hash {
            fault(format!("第{}条记录已被改动", entry.seq));
        }
        if ledger::seal(app, &entry.hash) != entry.seal {
            fault(format!("第{}条记录的封印不是本系统所加", entry.seq));
        }
        prev = &entry.hash;
    }
}

/// Checks that the ledger replays and that the stored row is what follows from it.
fn replay(app: &App, row: &RequestRow, entries: &[EventRow], fault: &mut impl FnMut(String)) {
    let entries: Result<Vec<_>, _> = entries.iter().map(ledger::entry).collect();
    let case = entries
        .map_err(|error| error.to_string())
        .and_then(|e| Case::replay(&app.calendar, &e).map_err(|error| error.to_string()));
    match case {
        Err(error) => fault(format!("台账无法重演：{error}")),
        Ok(case) if case.last_seq != row.last_seq => {
            fault(format!("应有{}条记录，实有{}条", row.last_seq, case.last_seq));
        }
        Ok(case) => {
            if ledger::projected(row.clone(), &case, &app.calendar) != *row {
                fault("登记内容与台账不符".to_owned());
            }
        }
    }
}
