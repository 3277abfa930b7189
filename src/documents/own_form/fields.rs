//! The fields of Word (域): page numbers and dates may stand in a form, what fetches or runs may not.

use super::xml::Tag;
use crate::domain::own_form::Fault;

/// Fields that only show what the document itself holds. Source: ISO/IEC 29500-1, 17.16.5.
const HARMLESS: &[&str] = &[
    "=",
    "CREATEDATE",
    "DATE",
    "EQ",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "FORMTEXT",
    "NOTEREF",
    "NUMPAGES",
    "PAGE",
    "PAGEREF",
    "PRINTDATE",
    "REF",
    "SAVEDATE",
    "SECTION",
    "SECTIONPAGES",
    "SEQ",
    "STYLEREF",
    "SYMBOL",
    "TIME",
    "TITLE",
    "TOC",
];

/// The fields that are open, outermost first; `None` once the instruction of one is over.
#[derive(Default)]
pub(super) struct Fields(Vec<Option<String>>);

impl Fields {
    /// A tag that opens.
    pub(super) fn open(&mut self, name: &str, tag: &Tag<'_>) -> Option<Fault> {
        if name == "w:fldSimple" {
            return refused(&tag.get("w:instr").unwrap_or_default());
        }
        if name != "w:fldChar" {
            return None;
        }
        match tag.get("w:fldCharType").as_deref() {
            Some("begin") => {
                self.0.push(Some(String::new()));
                None
            }
            Some("separate") => refused(&self.0.last_mut()?.take()?),
            Some("end") => refused(&self.0.pop()??),
            _ => None,
        }
    }

    /// A piece of an instruction.
    pub(super) fn text(&mut self, piece: &str) {
        if let Some(Some(instruction)) = self.0.last_mut() {
            instruction.push_str(piece);
        }
    }
}

fn refused(instruction: &str) -> Option<Fault> {
    let name = instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
    let whole = instruction.to_lowercase();
    let known = HARMLESS.contains(&name.as_str())
        || name.starts_with('=')
        || (name == "HYPERLINK"
            && ["\\l", "\"http:", "\"https:", "\"mailto:"].iter().any(|w| whole.contains(w)));
    (!known).then(|| {
        let name: String = name.chars().take(20).collect();
        Fault::active(&format!("不能使用的域（{name}）"))
    })
}
