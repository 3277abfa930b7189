//! OFD files: who made them, annotations, attachments, and the numbers of people in the text.
//!
//! Source: GB/T 33190-2016, 7.4 (DocInfo), 15 (annotations), 20 (attachments).

use super::Report;
use super::package::Package;
use super::xml::{Node, walk};
use crate::documents::pdf::Unread;
use crate::domain::finding::{FindingKind, masked_names};

pub(super) fn look(report: &mut Report, bytes: &[u8]) -> Result<(), Unread> {
    let mut package = Package::open(bytes)?;
    let head = package.part("OFD.xml")?.ok_or(Unread::Damaged)?;
    let (mut open, mut people, mut bodies) = (String::new(), Vec::new(), 0_usize);
    walk(&head, |node| match node {
        Node::Open(tag) => {
            bodies += usize::from(tag.name == "Version");
            open.clone_from(&tag.name);
        }
        Node::Text(text) if matches!(open.as_str(), "Author" | "Creator") => {
            people.push(text.to_owned());
        }
        Node::Close(_) => open.clear(),
        Node::Text(_) => {}
    })?;
    let people = masked_names(people.iter().map(String::as_str));
    if !people.is_empty() {
        report.add(FindingKind::Author, "文档属性", format!("作者、制作者：{people}"));
    }
    if bodies > 0 {
        report.add(FindingKind::EarlierVersion, "文件", format!("{bodies}个历史版本"));
    }
    for name in package.names().iter().filter(|name| name.ends_with(".xml")) {
        let file = name.rsplit('/').next().unwrap_or(name);
        let xml = || name.clone();
        if file == "Attachments.xml" {
            report.add(FindingKind::EmbeddedObject, "附件", xml());
        } else if file.starts_with("Annot") && file != "Annotations.xml" {
            report.add(FindingKind::Comments, "注释", xml());
        }
        let Some(xml) = package.part(name)? else { continue };
        text(report, name, &xml)?;
    }
    Ok(())
}

/// The text of a page, as its objects follow one another.
fn text(report: &mut Report, name: &str, xml: &[u8]) -> Result<(), Unread> {
    let (mut text, mut into, mut unseen) = (String::new(), false, 0_usize);
    walk(xml, |node| match node {
        Node::Open(tag) if tag.name == "TextCode" => into = true,
        Node::Open(tag) if tag.name == "TextObject" => {
            unseen += usize::from(tag.get("Visible").as_deref() == Some("false"));
        }
        Node::Text(piece) if into => text.push_str(piece),
        Node::Close("TextCode") => into = false,
        Node::Close("TextObject") => text.push('\n'),
        _ => {}
    })?;
    if unseen > 0 {
        report.add(FindingKind::InvisibleText, name, format!("{unseen}处"));
    }
    report.text(name, &text);
    Ok(())
}
