//! The archive of a form: read whole, with narrow limits, and written anew. Whatever another reader might
//! find in the bytes that were sent – a second entry of the same name, something before or behind the
//! archive – does not reach the file that is kept.

use std::io::{Cursor, Read, Write};

use crate::domain::own_form::Fault;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Longest file that is taken, in bytes: a form with a coat of arms and some pictures.
pub const LARGEST: usize = 5 * 1024 * 1024;
/// Most parts of a file; Word writes some 20.
const MOST_PARTS: usize = 500;
/// Most bytes of one part and of all of them, unpacked.
const LARGEST_PART: u64 = 16 * 1024 * 1024;
const LARGEST_SUM: u64 = 48 * 1024 * 1024;
/// Small files may grow to this size whatever their ratio; larger ones a hundredfold.
const ALWAYS: u64 = 4 * 1024 * 1024;
const RATIO: u64 = 100;

/// Password-protected files of Office, and all files of Office up to 2003: [MS-CFB] 2.2.
const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its name, without a slash in front.
    pub(super) name: String,
    /// Its bytes, unpacked.
    pub(super) bytes: Vec<u8>,
}

impl Part {
    /// Whether it is XML, by its name.
    pub(super) fn is_xml(&self) -> bool {
        matches!(ending(&self.name).as_str(), "xml" | "rels")
    }

    /// Its text, if it is UTF-8, without a byte-order mark.
    pub(super) fn text(&self) -> Result<&str, Fault> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        std::str::from_utf8(bytes).map_err(|_no_utf8| Fault::damaged(&self.name))
    }
}

/// The ending of a name in lower case, without the dot.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// Reads all parts.
///
/// # Errors
///
/// [`Fault`]: no archive, protected, too large, or with names that lead elsewhere.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Part>, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::too_large(&format!("超过{}MB", LARGEST / 1024 / 1024)));
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(Fault::protected());
    }
    let mut zip =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| Fault::damaged("表格文件"))?;
    if zip.len() > MOST_PARTS {
        return Err(Fault::too_large(&format!("包含超过{MOST_PARTS}个部分")));
    }
    let sent = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut left = LARGEST_SUM.min(ALWAYS.max(sent.saturating_mul(RATIO)));
    let mut parts: Vec<Part> = Vec::new();
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(_) => Fault::protected(),
            _ => Fault::damaged("表格文件"),
        })?;
        let name = entry.name().to_owned();
        if leads_elsewhere(&name) {
            return Err(Fault::odd_names());
        }
        if entry.is_dir() {
            continue;
        }
        if parts.iter().any(|part| part.name.eq_ignore_ascii_case(&name)) {
            return Err(Fault::damaged("表格文件"));
        }
        let limit = LARGEST_PART.min(left);
        let mut bytes = Vec::new();
        let read = entry.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|_broken| Fault::damaged("表格文件"))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > limit {
            return Err(Fault::too_large("解压后过大"));
        }
        left -= size;
        parts.push(Part { name, bytes });
    }
    Ok(parts)
}

/// Writes the parts into an archive, the list of their kinds first. Entries carry no time: the same
/// parts give the same bytes.
///
/// # Errors
///
/// Only those of the archive.
pub(super) fn write(parts: &[Part]) -> Result<Vec<u8>, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let (first, others): (Vec<&Part>, Vec<&Part>) =
        parts.iter().partition(|part| part.name == super::parts::CONTENT_TYPES);
    for part in first.into_iter().chain(others) {
        archive.start_file(part.name.as_str(), options)?;
        archive.write_all(&part.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Names of parts are plain paths from the root. Source: ISO/IEC 29500-2, 6.2.2.
fn leads_elsewhere(name: &str) -> bool {
    name.is_empty()
        || name.starts_with('/')
        || name.contains(['\\', ':', '\0'])
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| step == ".." || step == ".")
}
