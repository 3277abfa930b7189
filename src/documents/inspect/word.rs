//! Word files: comments, tracked changes, hidden text; and the numbers of people in every text.

use std::collections::BTreeSet;

use super::Report;
use super::package::Package;
use super::xml::{Node, Tag, walk};
use crate::documents::pdf::Unread;
use crate::domain::finding::{FindingKind, excerpt, masked_names};

/// Tags of tracked changes. Source: ISO/IEC 29500-1, 17.13.5.
pub(in crate::documents) const CHANGES: &[&str] = &[
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "cellIns",
    "cellDel",
    "cellMerge",
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblPrExChange",
    "tcPrChange",
    "trPrChange",
    "tblGridChange",
    "numberingChange",
];

/// Switches that hide a run. Source: ISO/IEC 29500-1, 17.3.2.41.
const HIDING: &[&str] = &["vanish", "webHidden", "specVanish"];

pub(super) fn look(report: &mut Report, bytes: &[u8]) -> Result<(), Unread> {
    let mut package = Package::open(bytes)?;
    let document = package.part("word/document.xml")?.ok_or(Unread::Damaged)?;
    let styles = match package.part("word/styles.xml")? {
        Some(xml) => hidden_styles(&xml)?,
        None => BTreeSet::new(),
    };
    let mut changes = Changes::default();
    story(report, &document, ("正文", true), &styles, &mut changes)?;
    for name in package.names() {
        let Some(part) = name.strip_prefix("word/").filter(|part| part.ends_with(".xml")) else {
            continue;
        };
        let label = match part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
            _ if part.starts_with("header") => "页眉",
            _ if part.starts_with("footer") => "页脚",
            _ if part.starts_with("footnotes") => "脚注",
            _ if part.starts_with("endnotes") => "尾注",
            _ if part == "comments.xml" => "批注",
            _ => continue,
        };
        let xml = package.part(&name)?.unwrap_or_default();
        story(report, &xml, (label, false), &styles, &mut changes)?;
    }
    changes.tell(report);
    package.common(report)
}

/// What is on record of the editing.
#[derive(Default)]
struct Changes {
    comments: usize,
    commenters: Vec<String>,
    changes: usize,
    changers: Vec<String>,
}

impl Changes {
    fn note(&mut self, tag: &Tag<'_>) {
        let author = || tag.get("author").into_iter();
        if tag.name == "comment" {
            self.comments += 1;
            self.commenters.extend(author());
        } else if CHANGES.contains(&tag.name.as_str()) {
            self.changes += 1;
            self.changers.extend(author());
        }
    }

    fn tell(&self, report: &mut Report) {
        let shown = |count: usize, names: &[String]| {
            let names = masked_names(names.iter().map(String::as_str));
            let by = if names.is_empty() { String::new() } else { format!("（{names}）") };
            format!("{count}处{by}")
        };
        if self.comments > 0 {
            report.add(FindingKind::Comments, "正文", shown(self.comments, &self.commenters));
        }
        if self.changes > 0 {
            report.add(FindingKind::TrackedChanges, "正文", shown(self.changes, &self.changers));
        }
    }
}

/// Styles whose text is hidden.
fn hidden_styles(xml: &[u8]) -> Result<BTreeSet<String>, Unread> {
    let (mut hidden, mut style) = (BTreeSet::new(), None);
    walk(xml, |node| match node {
        Node::Open(tag) if tag.name == "style" => style = tag.get("styleId"),
        Node::Open(tag) if HIDING.contains(&tag.name.as_str()) && tag.is_on() => {
            hidden.extend(style.clone());
        }
        Node::Close("style") => style = None,
        _ => {}
    })?;
    Ok(hidden)
}

/// One run of text, and what is said of it before it comes.
#[derive(Default)]
struct Run {
    hidden: bool,
    white: bool,
}

/// A story of the document: its text paragraph by paragraph.
fn story(
    report: &mut Report,
    xml: &[u8],
    (label, numbered): (&str, bool),
    styles: &BTreeSet<String>,
    changes: &mut Changes,
) -> Result<(), Unread> {
    let mut n = 0_usize;
    let (mut text, mut deleted, mut hidden) = (String::new(), String::new(), String::new());
    let mut run = Run::default();
    let (mut paragraph_hidden, mut shaded, mut in_cell) = (false, false, 0_usize);
    let mut into = None;
    walk(xml, |node| match node {
        Node::Open(tag) => {
            changes.note(tag);
            match tag.name.as_str() {
                "p" => {
                    n += 1;
                    paragraph_hidden = false;
                }
                "r" => run = Run { hidden: paragraph_hidden, white: false },
                "tc" => in_cell += 1,
                "pStyle" => paragraph_hidden = is_among(tag, styles),
                "rStyle" => run.hidden |= is_among(tag, styles),
                "color" => run.white = tag.get("val").is_some_and(|val| is_white(&val)),
                "shd" => {
                    let fill = tag.get("fill").unwrap_or_default();
                    shaded |= !fill.is_empty() && fill != "auto" && !is_white(&fill);
                }
                "highlight" => shaded = true,
                "t" => into = Some(false),
                "delText" => into = Some(true),
                "tab" | "br" | "cr" => text.push(' '),
                name if HIDING.contains(&name) => run.hidden = tag.is_on(),
                _ => {}
            }
        }
        Node::Text(piece) => match into {
            Some(true) => deleted.push_str(piece),
            Some(false) => {
                text.push_str(piece);
                if run.hidden || (run.white && !shaded) {
                    hidden.push_str(piece);
                }
            }
            None => {}
        },
        Node::Close("t" | "delText") => into = None,
        Node::Close("p") => {
            let place = if numbered { format!("{label}第{n}段") } else { label.to_owned() };
            report.text(&place, &std::mem::take(&mut text));
            report.text(&format!("{place}（已删除）"), &std::mem::take(&mut deleted));
            let unseen = std::mem::take(&mut hidden);
            if !unseen.trim().is_empty() {
                report.add(FindingKind::HiddenText, place, excerpt(&unseen));
            }
            shaded &= in_cell > 0;
        }
        Node::Close("tc") => {
            in_cell = in_cell.saturating_sub(1);
            shaded = false;
        }
        Node::Close(_) => {}
    })
}

fn is_among(tag: &Tag<'_>, styles: &BTreeSet<String>) -> bool {
    tag.get("val").is_some_and(|style| styles.contains(&style))
}

fn is_white(colour: &str) -> bool {
    colour.eq_ignore_ascii_case("ffffff")
}
