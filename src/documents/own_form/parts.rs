//! The parts of a form beside its text: what a form may consist of, and what it must not bring along.

use super::package::{Part, ending};
use super::xml::{Tag, Token, walk};
use crate::documents::inspect::WORD_CHANGES;
use crate::domain::own_form::Fault;

/// The list of the kinds of the parts.
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The text of a Word file.
pub(super) const DOCUMENT: &str = "word/document.xml";

/// Kind of the text of a plain Word file, neither template nor with macros.
const MAIN: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/// What a form consists of: XML, pictures, embedded fonts.
const KNOWN: &[&str] = &[
    "xml", "rels", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "odttf",
    "fntdata",
];

/// Relations to what is run, or fetched and put in, when the file is opened.
/// Source: ISO/IEC 29500-1, 15.2 and 11.3; [MS-OFFMACRO] 2.2.
const REFUSED_RELATIONS: &[&str] = &[
    "/aFChunk",
    "/activeXControlBinary",
    "/attachedTemplate",
    "/control",
    "/externalLink",
    "/frame",
    "/keyMapCustomizations",
    "/mailMergeHeaderSource",
    "/mailMergeSource",
    "/oleObject",
    "/package",
    "/recipientData",
    "/subDocument",
    "/vbaProject",
    "/wordVbaData",
];

/// Elements that do the same, in whatever part of the text.
const REFUSED_ELEMENTS: &[(&str, &str)] = &[
    ("w:altChunk", "插入的外部文档（altChunk）"),
    ("w:object", "嵌入的对象"),
    ("w:control", "控件"),
    ("w:subDoc", "子文档"),
    ("w:mailMerge", "邮件合并的数据源"),
    ("w:attachedTemplate", "附加的模板"),
];

/// Whatever keeps these parts from being a plain Word file.
pub(super) fn faults(parts: &[Part]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(fault) = kinds(parts) {
        faults.push(fault);
    }
    for part in parts {
        let name = part.name.as_str();
        if !KNOWN.contains(&ending(name).as_str()) {
            let file = name.rsplit('/').next().unwrap_or(name);
            faults.push(match ending(name).as_str() {
                "bin" if name.to_ascii_lowercase().contains("vba") => Fault::active("宏"),
                _ => Fault::active(&format!("嵌入的文件（{file}）")),
            });
        } else if part.is_xml()
            && let Err(fault) = content(part, &mut faults)
        {
            faults.push(fault);
        }
    }
    faults
}

/// It is a Word file, and its text is where everybody looks for it.
fn kinds(parts: &[Part]) -> Result<(), Fault> {
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let (Some(types), Some(relations), Some(_)) =
        (part(CONTENT_TYPES), part("_rels/.rels"), part(DOCUMENT))
    else {
        return Err(Fault::kind());
    };
    let (mut main, mut macros) = (None, false);
    walk("表格文件", types.text()?, |_, token| {
        let Token::Open { tag, .. } = token else { return };
        let kind = tag.get("ContentType").unwrap_or_default();
        macros |= kind.contains("macroEnabled") || kind.contains("vbaProject");
        if tag.get("PartName").is_some_and(|name| name.eq_ignore_ascii_case("/word/document.xml")) {
            main = Some(kind);
        }
    })?;
    if macros {
        return Err(Fault::active("宏"));
    }
    let mut target = None;
    walk("表格文件", relations.text()?, |_, token| {
        let Token::Open { tag, .. } = token else { return };
        if tag.get("Type").is_some_and(|kind| kind.ends_with("/officeDocument")) {
            target = tag.get("Target");
        }
    })?;
    let leads_there = target.is_some_and(|target| target.trim_start_matches('/') == DOCUMENT);
    if main.as_deref() == Some(MAIN) && leads_there { Ok(()) } else { Err(Fault::kind()) }
}

/// What stands in one XML part.
fn content(part: &Part, faults: &mut Vec<Fault>) -> Result<(), Fault> {
    let relations = ending(&part.name) == "rels";
    let (mut changes, mut comments) = (false, false);
    walk(&part.name, part.text()?, |_, token| {
        let Token::Open { name, tag, .. } = token else { return };
        if relations {
            faults.extend(relation(tag));
            return;
        }
        if let Some((_, what)) = REFUSED_ELEMENTS.iter().find(|(refused, _)| *refused == name) {
            faults.push(Fault::active(what));
        }
        let Some(local) = name.strip_prefix("w:") else { return };
        changes |= WORD_CHANGES.contains(&local);
        comments |= matches!(local, "comment" | "commentReference" | "commentRangeStart");
    })?;
    faults.extend(changes.then(|| Fault::traces("修订痕迹")));
    faults.extend(comments.then(|| Fault::traces("批注")));
    Ok(())
}

/// What is wrong with a relation. A plain link to a web page is what the reader sees.
fn relation(tag: &Tag<'_>) -> Option<Fault> {
    let kind = tag.get("Type")?;
    if let Some(refused) = REFUSED_RELATIONS.iter().find(|refused| kind.ends_with(**refused)) {
        return Some(Fault::active(&format!(
            "外部或者嵌入的内容（{}）",
            refused.trim_matches('/')
        )));
    }
    let target = tag.get("Target").unwrap_or_default().trim().to_lowercase();
    let web = ["http:", "https:", "mailto:", "#"].iter().any(|start| target.starts_with(start));
    let inside = tag.get("TargetMode").is_none_or(|mode| mode == "Internal");
    let leads_out = target.contains(':') || target.contains('\\') || target.starts_with("//");
    match inside {
        true if leads_out => Some(Fault::active("外部链接")),
        false if !(kind.ends_with("/hyperlink") && web) => Some(Fault::active("外部链接")),
        _ => None,
    }
}
