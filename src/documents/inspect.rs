//! Looks into a file that is to go out for what nobody sees: comments, changes, hidden text, authors,
//! files within it – and for numbers of people.
//!
//! Pure: the same bytes give the same findings. What cannot be looked into is a finding as well, never a
//! fault; see docs/decisions/0017-hidden-data-check.md.

mod image;
mod ofd;
mod package;
mod pdf;
mod plain;
mod spreadsheet;
mod word;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::engine::Engine;
use super::pdf::{ReadingFonts, Unread};
use crate::domain::finding::{self, Finding, FindingKind};
pub(super) use word::CHANGES as WORD_CHANGES;

/// Version of the rules: raised when another kind of hidden data is looked for, so that files are
/// looked into anew.
pub const RULES: u16 = 1;

/// Most findings that are told of one file.
const MOST_FINDINGS: usize = 200;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// Word since 2007.
    Word,
    /// Excel since 2007.
    Spreadsheet,
    /// GB/T 33190.
    Ofd,
    /// PNG, JPEG or TIFF.
    Image,
    /// Plain text.
    Text,
    /// Anything else, such as Office files up to 2003.
    Other,
}

/// What has been found so far.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
    more: usize,
}

impl Report {
    fn add(&mut self, kind: FindingKind, place: impl Into<String>, shown: impl Into<String>) {
        self.push(Finding::new(kind, place, shown));
    }

    fn push(&mut self, finding: Finding) {
        if self.findings.contains(&finding) {
            return;
        }
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// The numbers of people in a text.
    fn text(&mut self, place: &str, text: &str) {
        for finding in finding::numbers(place, text) {
            self.push(finding);
        }
    }

    fn unread(&mut self, place: &str, why: Unread) {
        self.add(FindingKind::Unchecked, place, why.to_string());
    }
}

impl Engine {
    /// Looks into a file.
    #[must_use]
    pub fn inspect(&self, kind: Kind, bytes: &[u8]) -> Vec<Finding> {
        inspect(kind, bytes, &self.reading_fonts())
    }
}

/// Looks into a file, with these fonts where a PDF does not bring its own.
#[must_use]
pub fn inspect(kind: Kind, bytes: &[u8], fonts: &ReadingFonts) -> Vec<Finding> {
    let mut report = Report::default();
    // A file that brings a library down is a finding about the file.
    let looked = catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Pdf => pdf::look(&mut report, bytes, fonts),
        Kind::Word => word::look(&mut report, bytes),
        Kind::Spreadsheet => spreadsheet::look(&mut report, bytes),
        Kind::Ofd => ofd::look(&mut report, bytes),
        Kind::Image => image::look(&mut report, "图片", bytes),
        Kind::Text => plain::look(&mut report, bytes),
        Kind::Other => Err(Unread::Unsupported),
    }));
    match looked {
        Ok(Ok(())) => {}
        Ok(Err(why)) => report.unread("文件", why),
        Err(_panic) => report.unread("文件", Unread::Damaged),
    }
    if report.more > 0 {
        let more = format!("另有{}处未列出", report.more);
        report.findings.push(Finding::new(FindingKind::Unchecked, "文件", more));
    }
    report.findings
}
