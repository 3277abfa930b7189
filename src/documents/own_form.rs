//! Forms that an agency made itself (自制表格): Word files whose placeholders are found, checked against the
//! catalogue, and filled with what a case says. Everything else in the file stays as it was.
//!
//! A file is refused whole for whatever could not be filled, would run or fetch something, or tells
//! what was changed in it; see docs/documents.md.

mod braces;
mod fields;
mod nearest;
mod package;
mod parts;
mod place;
mod story;
mod write;
mod xml;

use super::Engine;
use super::inspect::Kind;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::own_form::{Fault, Values};

pub use nearest::nearest;
pub use package::LARGEST;
pub use story::Use;

use package::Part;
use story::{MOST_USES, Story};
use xml::Token;

/// Longest filled copy, in bytes, unpacked: some thousand pages.
const LARGEST_COPY: usize = 32 * 1024 * 1024;
/// Most faults that are told of one file.
const MOST_FAULTS: usize = 50;

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Its placeholders in the order of the text.
    pub uses: Vec<Use>,
    /// What keeps it from being taken; nothing, mostly.
    pub faults: Vec<Fault>,
    /// What else it carries, such as the name of its author; masked.
    pub notes: Vec<Finding>,
    /// The file as it is kept.
    pub file: Vec<u8>,
}

impl From<Fault> for Checked {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault], ..Self::default() }
    }
}

impl Engine {
    /// Looks into a file that is to be a form.
    #[must_use]
    pub fn check_own_form(&self, bytes: &[u8]) -> Checked {
        self.checked(bytes).unwrap_or_else(Checked::from)
    }

    fn checked(&self, bytes: &[u8]) -> Result<Checked, Fault> {
        let parts = package::read(bytes)?;
        let mut faults = parts::faults(&parts);
        if !faults.is_empty() {
            return Ok(Checked { faults: told(faults), ..Checked::default() });
        }
        let file = package::write(&parts).map_err(|_broken| Fault::damaged("表格文件"))?;
        let mut notes = Vec::new();
        for finding in self.inspect(Kind::Word, &file) {
            let shown = || format!("{}（{}）", finding.label, finding.place);
            match finding.kind {
                FindingKind::TrackedChanges | FindingKind::Comments => {
                    faults.push(Fault::traces(&shown()));
                }
                FindingKind::Macros | FindingKind::EmbeddedObject | FindingKind::ExternalLink => {
                    faults.push(Fault::active(&shown()));
                }
                _ => notes.push(finding),
            }
        }
        let mut uses = Vec::new();
        for part in &parts {
            match label(part)? {
                Some(label) => {
                    let story = Story::read(&label, part.text()?)?;
                    uses.extend(story.uses);
                    faults.extend(story.faults);
                }
                None => faults.extend(unfillable(part)?),
            }
        }
        if uses.is_empty() && faults.is_empty() {
            faults.push(Fault::none());
        }
        if uses.len() > MOST_USES {
            faults.push(Fault::too_many(MOST_USES));
            uses.truncate(MOST_USES);
        }
        Ok(Checked { uses, faults: told(faults), notes, file })
    }
}

/// A form filled with what a case says. The file is one that was taken.
///
/// # Errors
///
/// [`Fault`] if it cannot be read any more, or becomes too long.
pub fn fill(file: &[u8], values: &Values) -> Result<Vec<u8>, Fault> {
    let mut parts = package::read(file)?;
    let mut left = LARGEST_COPY;
    for part in &mut parts {
        let Some(label) = label(part)? else { continue };
        let xml = part.text()?;
        let story = Story::read(&label, xml)?;
        let filled = write::filled(xml, &story, values, left);
        let filled = filled.ok_or_else(|| Fault::too_large("填写后过长"))?;
        left = left.saturating_sub(filled.len());
        part.bytes = filled.into_bytes();
    }
    package::write(&parts).map_err(|_broken| Fault::damaged("表格文件"))
}

/// What a text of the document is called; `None` for every other part.
fn label(part: &Part) -> Result<Option<String>, Fault> {
    if !part.is_xml() || !part.name.starts_with("word/") {
        return Ok(None);
    }
    let mut root = None;
    let mut space = None;
    xml::walk(&part.name, part.text()?, |_, token| {
        if let (None, Token::Open { name, tag, .. }) = (&root, token) {
            root = Some(name.to_owned());
            space = tag.get("xmlns:w");
        }
    })?;
    let root = root.unwrap_or_default();
    let local = root.rsplit(':').next().unwrap_or_default();
    let label = match local {
        "document" => "正文",
        "hdr" => "页眉",
        "ftr" => "页脚",
        "footnotes" => "脚注",
        "endnotes" => "尾注",
        _ => return Ok(None),
    };
    // Under another name its text would not be found.
    if !root.starts_with("w:") || !space.is_some_and(|space| NAMESPACES.contains(&space.as_str())) {
        return Err(Fault::damaged(label));
    }
    let digits: String = part.name.chars().filter(char::is_ascii_digit).collect();
    Ok(Some(format!("{label}{digits}")))
}

/// The language of Word, in both its editions. Source: ISO/IEC 29500-1 and -4, annex A.
const NAMESPACES: &[&str] = &[
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// Placeholders in charts and the like, which nobody would fill. Building blocks are not shown.
fn unfillable(part: &Part) -> Result<Option<Fault>, Fault> {
    if !part.is_xml() || !part.name.starts_with("word/") || part.name.contains("/glossary/") {
        return Ok(None);
    }
    let mut text = String::new();
    xml::walk(&part.name, part.text()?, |_, token| {
        if let Token::Text(piece) = token {
            text.push_str(piece);
        }
    })?;
    Ok(braces::has_some(&text).then(|| Fault::not_fillable("文件")))
}

/// Each once, and not too many.
fn told(faults: Vec<Fault>) -> Vec<Fault> {
    let mut told: Vec<Fault> = Vec::new();
    for fault in faults {
        if !told.contains(&fault) && told.len() < MOST_FAULTS {
            told.push(fault);
        }
    }
    told
}
