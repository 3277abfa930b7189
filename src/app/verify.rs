//! `gongkai verify`: is the record what it was when it was written?
//!
//! For every request: the chain of hashes is unbroken, every seal was made with this installation's
//! key, the ledger replays under the law, the stored row equals its projection, and every notice,
//! file and application it speaks of is there with the text and the bytes whose hashes it holds.
//! For every series of numbers: 1…n without gap. Every entry of the register of corrections is sealed,
//! and its letters read as they were written; every publication is sealed with its files and history.
//!
//! What it cannot see: a request whose last entries were cut off, when what follows from them was set
//! back in the same stroke; against that helps a copy of the ledger elsewhere.

mod case;
mod notices;
mod own_forms;
mod publications;
mod registers;

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::per_backend::tx::read_tx;
use crate::db::{Conn, StoreError, numbers, requests};
use crate::domain::number::request_number_parts;

use super::{App, AppError};

/// How many requests are looked at in one reading transaction.
const PAGE: i64 = 200;

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
    /// Keys of stored files that no row names. They harm nothing and are no fault; after a restore
    /// they tell what came in after the back-up.
    pub orphans: Vec<String>,
}

/// A stored file and the hash it must have.
struct Expected {
    what: String,
    key: String,
    sha256: String,
}

/// What one page of requests came to.
#[derive(Default)]
struct Page {
    report: Report,
    expected: Vec<Expected>,
    numbers: Vec<String>,
    last: Option<Uuid>,
}

/// What is wrong with the entries after one, and the last of them; none when there are no more.
type Look = fn(&mut Conn, &App, Uuid) -> Result<(Vec<String>, Option<Uuid>), StoreError>;

impl App {
    /// Verifies everything; `bytes` also reads and hashes every stored file.
    ///
    /// # Errors
    ///
    /// Only when the database cannot be read; what is wrong in it, or with the file store, stands in
    /// the report.
    pub async fn verify(&self, bytes: bool) -> Result<Report, AppError> {
        // Read before the requests: those that come in meanwhile are no gaps.
        let series = self.store.read(numbers::request_series).await.map_err(AppError::Store)?;
        let mut report = Report::default();
        let mut seen: HashMap<(i32, i32), BTreeSet<i64>> = HashMap::new();
        let mut after: Option<Uuid> = None;
        loop {
            let app = self.clone();
            let page =
                self.store.read(move |conn| read_tx(conn, |conn| page(conn, &app, after))).await?;
            report.requests += page.report.requests;
            report.entries += page.report.entries;
            report.faults.extend(page.report.faults);
            for number in page.numbers {
                // By the serial number in it: a case may have passed to another agency since.
                match request_number_parts(&number) {
                    Some((year, serial, n)) => {
                        seen.entry((serial.into(), year)).or_default().insert(n);
                    }
                    None => report.faults.push(format!("{number}：受理编号不是本系统的格式")),
                }
            }
            if bytes {
                self.check_bytes(&mut report, page.expected).await;
            }
            match page.last {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        // Read again: of those that came in meanwhile some were seen.
        let now = self.store.read(numbers::request_series).await.map_err(AppError::Store)?;
        for ((serial, year), there) in &seen {
            let greatest = there.last().copied().unwrap_or_default();
            let last = now.iter().find(|(of, in_year, _)| (of, in_year) == (serial, year));
            if last.is_none_or(|(.., last)| i64::from(*last) < greatest) {
                report.faults.push(format!("{year}年第{serial}号机关的受理编号序列小于已用的编号"));
            }
        }
        for (serial, year, last) in series {
            let there = seen.remove(&(serial, year)).unwrap_or_default();
            let missing: Vec<i64> = (1..=i64::from(last)).filter(|n| !there.contains(n)).collect();
            if !missing.is_empty() {
                report.faults.push(format!("{year}年缺少受理编号：{missing:?}"));
            }
        }
        let gaps = self.store.read(numbers::gaps).await.map_err(AppError::Store)?;
        report.faults.extend(gaps.into_iter().map(|gap| format!("文号不连续：{gap}")));
        for look in [registers::page, publications::page] {
            report.faults.extend(self.by_page(look).await.map_err(AppError::Store)?);
        }
        if bytes {
            let forms = self.kept_own_forms().await.map_err(AppError::Store)?;
            self.check_bytes(&mut report, forms).await;
            match self.orphans().await {
                Ok(orphans) => report.orphans = orphans,
                Err(AppError::StorageUnavailable(why)) => {
                    report.faults.push(format!("文件存储无法列出（{why}）"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }

    /// Looks at a register page by page, each in one state of the database.
    async fn by_page(&self, look: Look) -> Result<Vec<String>, StoreError> {
        let (mut faults, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let app = self.clone();
            let read = move |conn: &mut Conn| read_tx(conn, |conn| look(conn, &app, after));
            let (found, last) = self.store.read(read).await?;
            faults.extend(found);
            match last {
                Some(last) => after = last,
                None => return Ok(faults),
            }
        }
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

/// Looks at the next requests, all in one state of the database.
fn page(conn: &mut Conn, app: &App, after: Option<Uuid>) -> Result<Page, AppError> {
    let mut page = Page::default();
    for id in requests::ids(conn, after, PAGE)? {
        // One request that cannot be read does not hide the others.
        match case::check(conn, app, id, &mut page) {
            Err(StoreError::Corrupt(why)) => {
                page.report.faults.push(format!("申请{id}：登记无法读取（{why}）"));
            }
            other => other?,
        }
        page.last = Some(id);
    }
    Ok(page)
}
