//! Excel files: hidden sheets, rows and columns, comments, caches; and the numbers of people in every
//! cell, whether typed as text or as a number.

use std::collections::BTreeMap;

use super::Report;
use super::package::Package;
use super::xml::{Node, walk};
use crate::documents::pdf::Unread;
use crate::domain::finding::{FindingKind, excerpt, masked_names};

pub(super) fn look(report: &mut Report, bytes: &[u8]) -> Result<(), Unread> {
    let mut package = Package::open(bytes)?;
    let book = package.part("xl/workbook.xml")?.ok_or(Unread::Damaged)?;
    let files = match package.part("xl/_rels/workbook.xml.rels")? {
        Some(xml) => targets(&xml)?,
        None => BTreeMap::new(),
    };
    let strings = match package.part("xl/sharedStrings.xml")? {
        Some(xml) => shared(&xml)?,
        None => Vec::new(),
    };
    for Sheet { name, id, state } in sheets(&book)? {
        let place = format!("工作表“{name}”");
        report.text(&place, &name);
        match state.as_deref() {
            Some("hidden") => report.add(FindingKind::HiddenSheet, &place, "隐藏"),
            Some("veryHidden") => report.add(FindingKind::HiddenSheet, &place, "深度隐藏"),
            _ => {}
        }
        let Some(file) = id.and_then(|id| files.get(&id)) else { continue };
        let path = match file.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{file}"),
        };
        match package.part(&path)? {
            Some(xml) => cells(report, &place, &xml, &strings)?,
            None => report.unread(&place, Unread::Damaged),
        }
    }
    for name in package.names() {
        let file = name.rsplit('/').next().unwrap_or(&name).to_owned();
        if name.starts_with("xl/comments") || name.starts_with("xl/threadedComments/") {
            let xml = package.part(&name)?.unwrap_or_default();
            comments(report, &xml)?;
        } else if name.starts_with("xl/externalLinks/") && file.ends_with(".xml") {
            report.add(FindingKind::ExternalLink, "外部链接", file);
        } else if name == "xl/connections.xml" {
            report.add(FindingKind::ExternalLink, "外部数据连接", file);
        } else if name.starts_with("xl/pivotCache/") && file.starts_with("pivotCacheRecords") {
            report.add(FindingKind::PivotCache, "数据透视表", file);
        } else if name.starts_with("xl/revisions/") && file.starts_with("revisionLog") {
            report.add(FindingKind::TrackedChanges, "工作簿", file);
        }
    }
    package.common(report)
}

struct Sheet {
    name: String,
    id: Option<String>,
    state: Option<String>,
}

fn sheets(book: &[u8]) -> Result<Vec<Sheet>, Unread> {
    let mut sheets = Vec::new();
    walk(book, |node| {
        if let Node::Open(tag) = node
            && tag.name == "sheet"
        {
            let name = tag.get("name").unwrap_or_default();
            sheets.push(Sheet { name, id: tag.get("id"), state: tag.get("state") });
        }
    })?;
    Ok(sheets)
}

fn targets(xml: &[u8]) -> Result<BTreeMap<String, String>, Unread> {
    let mut files = BTreeMap::new();
    walk(xml, |node| {
        if let Node::Open(tag) = node
            && let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target"))
        {
            files.insert(id, target);
        }
    })?;
    Ok(files)
}

/// The texts that cells refer to by number.
fn shared(xml: &[u8]) -> Result<Vec<String>, Unread> {
    let (mut strings, mut text, mut into) = (Vec::new(), String::new(), false);
    walk(xml, |node| match node {
        Node::Open(tag) if tag.name == "t" => into = true,
        Node::Text(piece) if into => text.push_str(piece),
        Node::Close("t") => into = false,
        Node::Close("si") => strings.push(std::mem::take(&mut text)),
        _ => {}
    })?;
    Ok(strings)
}

fn cells(report: &mut Report, place: &str, xml: &[u8], strings: &[String]) -> Result<(), Unread> {
    let (mut rows, mut columns) = (0_usize, 0_usize);
    let (mut at, mut kind, mut value, mut into) =
        (String::new(), String::new(), String::new(), false);
    walk(xml, |node| match node {
        Node::Open(tag) => {
            let is_hidden =
                || tag.get("hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true"));
            match tag.name.as_str() {
                "row" if is_hidden() => rows += 1,
                "col" if is_hidden() => columns += 1,
                "c" => {
                    at = tag.get("r").unwrap_or_default();
                    kind = tag.get("t").unwrap_or_default();
                    value.clear();
                }
                "v" | "t" | "f" => {
                    into = true;
                    value.push('\n');
                }
                _ => {}
            }
        }
        Node::Text(piece) if into => value.push_str(piece),
        Node::Close("v" | "t" | "f") => into = false,
        Node::Close("c") => {
            let shared = || strings.get(value.trim().parse::<usize>().ok()?);
            let text = match kind.as_str() {
                "s" => shared().map_or("", String::as_str),
                _ => value.as_str(),
            };
            report.text(&format!("{place}{at}"), text);
        }
        _ => {}
    })?;
    if rows + columns > 0 {
        let shown = format!("隐藏{rows}行、{columns}组列");
        report.add(FindingKind::HiddenCells, place, shown);
    }
    Ok(())
}

fn comments(report: &mut Report, xml: &[u8]) -> Result<(), Unread> {
    let (mut count, mut open, mut text) = (0_usize, String::new(), String::new());
    let mut names = Vec::new();
    walk(xml, |node| match node {
        Node::Open(tag) => {
            count += usize::from(matches!(tag.name.as_str(), "comment" | "threadedComment"));
            open.clone_from(&tag.name);
        }
        Node::Text(piece) if open == "author" => names.push(piece.to_owned()),
        Node::Text(piece) => text.push_str(piece),
        Node::Close("comment" | "threadedComment") => text.push('\n'),
        Node::Close(_) => {}
    })?;
    report.text("批注", &text);
    if count > 0 {
        let names = masked_names(names.iter().map(String::as_str));
        let by = if names.is_empty() { excerpt(&text) } else { names };
        report.add(FindingKind::Comments, "工作簿", format!("{count}处（{by}）"));
    }
    Ok(())
}
