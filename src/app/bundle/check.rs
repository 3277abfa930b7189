//! `gongkai verify --bundle`: is a bundle what it was when it was made? Without database, network or
//! settings: everything is recomputed from the bundle itself.

mod case;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::SEAL_LABEL;
use super::format::{self, FORMAT, Manifest};
use crate::documents::pack;
use crate::keys::Keys;

pub use case::clock_answer;

/// The largest file that is read as a whole: lists, ledger, calendar.
const LARGEST_TEXT: u64 = 64 * 1024 * 1024;

/// What verification of a bundle found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleReport {
    /// 受理编号, as the bundle states it.
    pub number: String,
    /// The agency, as the bundle states it.
    pub agency: String,
    /// The last day, as recomputed.
    pub due_on: Option<chrono::NaiveDate>,
    /// Files looked at.
    pub files: usize,
    /// Ledger entries looked at.
    pub entries: usize,
    /// Whether the seals were checked, too.
    pub seals: bool,
    /// Everything that is not as it was made.
    pub faults: Vec<String>,
    /// What the bundle itself says it does not hold, and why.
    pub missing: Vec<String>,
}

/// A file of the bundle as found.
struct Found {
    bytes: u64,
    sha256: String,
}

/// Everything read from the archive.
#[derive(Default)]
struct Archive {
    found: BTreeMap<String, Found>,
    texts: BTreeMap<String, Vec<u8>>,
}

/// Verifies a bundle; with keys also the seals.
///
/// # Errors
///
/// Only when the file cannot be read; what is wrong with it stands in the report.
pub fn verify_bundle<R: Read + Seek>(file: R, keys: Option<&Keys>) -> io::Result<BundleReport> {
    let mut archive = Archive::default();
    let mut report = BundleReport { seals: keys.is_some(), ..BundleReport::default() };
    report.faults = pack::walk(file, |name, bytes| archive.take(name, bytes))?;
    report.files = archive.found.len();
    let manifest: Manifest = match archive.json(format::MANIFEST) {
        Ok(manifest) => manifest,
        Err(fault) => {
            report.faults.push(fault);
            return Ok(report);
        }
    };
    report.number.clone_from(&manifest.number);
    report.agency.clone_from(&manifest.agency);
    if manifest.format > FORMAT {
        let newer = manifest.format;
        report.faults.push(format!("包的格式版本是{newer}，请用新版本的程序核对"));
        return Ok(report);
    }
    listed(&archive, &manifest, &mut report);
    case::check(&archive, &manifest, keys, &mut report);
    if let Some(keys) = keys {
        let stated = archive.texts.get(format::SEAL).map(Vec::as_slice).unwrap_or_default();
        let found = archive.found.get(format::MANIFEST).map_or("", |found| &found.sha256);
        if keys.digest(SEAL_LABEL, found).as_bytes() != stated {
            report.faults.push("清单（manifest.json）的封印不是本系统所加".to_owned());
        }
    }
    let told = |m: &format::Missing| format!("{}：{}", m.title, m.why);
    report.missing = manifest.missing.iter().map(told).collect();
    Ok(report)
}

impl Archive {
    fn take(&mut self, name: &str, bytes: &mut dyn Read) -> io::Result<()> {
        let mut hasher = Sha256::new();
        let mut size = 0_u64;
        let keep = !name.starts_with("evidence/");
        let mut text = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = bytes.read(&mut buffer)?;
            let Some(piece) = buffer.get(..n).filter(|piece| !piece.is_empty()) else { break };
            hasher.update(piece);
            size += u64::try_from(n).unwrap_or(u64::MAX);
            if keep && size <= LARGEST_TEXT {
                text.extend_from_slice(piece);
            }
        }
        let sha256 = hex::encode(hasher.finalize());
        self.found.insert(name.to_owned(), Found { bytes: size, sha256 });
        // The texts of notices are compared by their digest alone.
        if keep && size <= LARGEST_TEXT && !name.contains('/') {
            self.texts.insert(name.to_owned(), text);
        }
        Ok(())
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        let bytes = self.texts.get(name).ok_or_else(|| format!("包内没有 {name}"))?;
        std::str::from_utf8(bytes).map_err(|_not_text| format!("{name} 不是文字"))
    }

    fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        serde_json::from_str(self.text(name)?).map_err(|error| format!("{name} 无法读取：{error}"))
    }

    fn value(&self, name: &str) -> Result<Value, String> {
        self.json(name)
    }
}

/// Compares the files with the list of them.
fn listed(archive: &Archive, manifest: &Manifest, report: &mut BundleReport) {
    let mut known: BTreeSet<&str> = [format::MANIFEST, format::SEAL].into_iter().collect();
    for file in &manifest.files {
        if !known.insert(&file.path) {
            report.faults.push(format!("清单中“{}”列了两次", file.path));
            continue;
        }
        match archive.found.get(&file.path) {
            None => report.faults.push(format!("清单中的“{}”不在包内", file.path)),
            Some(found) if found.bytes != file.bytes || found.sha256 != file.sha256 => {
                report.faults.push(format!("“{}”的内容已被改动", file.path));
            }
            Some(_) => {}
        }
    }
    if !archive.found.contains_key(format::SEAL) {
        report.faults.push(format!("包内没有 {}", format::SEAL));
    }
    for name in archive.found.keys().filter(|name| !known.contains(name.as_str())) {
        report.faults.push(format!("“{name}”不在清单中，是后来加入的"));
    }
}
