//! The parts of an Office or OFD file: a ZIP archive, read with limits, nothing written anywhere.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::xml::{Node, walk};
use super::{Report, image};
use crate::documents::pdf::Unread;
use crate::domain::finding::{FindingKind, excerpt, masked_names};

/// Most parts of a file.
const MOST_PARTS: usize = 10_000;
/// Most bytes of one part, and of all that are read.
const LARGEST_PART: u64 = 64 * 1024 * 1024;
const LARGEST_SUM: u64 = 256 * 1024 * 1024;

/// An opened file.
pub(super) struct Package<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Package<'b> {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unread> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| Unread::Damaged)?;
        if zip.len() > MOST_PARTS {
            return Err(Unread::TooLarge);
        }
        Ok(Self { zip, left: LARGEST_SUM })
    }

    /// The names of its parts, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.zip.file_names().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The bytes of a part; `None` if there is none of this name.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unread> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let limit = LARGEST_PART.min(self.left);
        let part = self.zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Unread::Encrypted,
            _ => Unread::Damaged,
        })?;
        let mut bytes = Vec::new();
        part.take(limit + 1).read_to_end(&mut bytes).map_err(|_broken| Unread::Damaged)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left =
            self.left.checked_sub(size).filter(|_| size <= limit).ok_or(Unread::TooLarge)?;
        Ok(Some(bytes))
    }

    /// What every Office file may carry: properties, links out of it, files and programs within it,
    /// pictures with theirs.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    pub(super) fn common(&mut self, report: &mut Report) -> Result<(), Unread> {
        self.properties(report)?;
        for name in self.names() {
            let file = name.rsplit('/').next().unwrap_or(&name).to_owned();
            if name.contains("/embeddings/") {
                report.add(FindingKind::EmbeddedObject, "嵌入对象", file);
            } else if name.ends_with("vbaProject.bin") || name.contains("/activeX/") {
                report.add(FindingKind::Macros, "宏、控件", file);
            } else if name.ends_with(".rels") {
                self.links(report, &name)?;
            } else if name.contains("/media/") && is_picture(&name) {
                let bytes = self.part(&name)?.unwrap_or_default();
                let place = format!("图片{file}");
                if let Err(why) = image::look(report, &place, &bytes) {
                    report.unread(&place, why);
                }
            }
        }
        Ok(())
    }

    fn properties(&mut self, report: &mut Report) -> Result<(), Unread> {
        let (mut people, mut offices, mut own) = (Vec::new(), Vec::new(), 0_usize);
        for part in ["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"] {
            let Some(xml) = self.part(part)? else { continue };
            let mut open = String::new();
            let mut texts: Vec<(String, String)> = Vec::new();
            walk(&xml, |node| match node {
                Node::Open(tag) => {
                    own += usize::from(tag.name == "property");
                    open.clone_from(&tag.name);
                }
                Node::Close(_) => open.clear(),
                Node::Text(text) => texts.push((open.clone(), text.to_owned())),
            })?;
            for (tag, text) in texts {
                match tag.as_str() {
                    "creator" | "lastModifiedBy" | "Manager" => people.push(text),
                    "Company" => offices.push(text),
                    _ => report.text("文档属性", &text),
                }
            }
        }
        let (people, offices) = (masked_names(people.iter().map(String::as_str)), offices.concat());
        if !people.is_empty() {
            report.add(FindingKind::Author, "文档属性", format!("作者、修改者：{people}"));
        }
        if !offices.trim().is_empty() {
            report.add(FindingKind::Author, "文档属性", format!("单位：{}", excerpt(&offices)));
        }
        if own > 0 {
            report.add(FindingKind::Author, "文档属性", format!("自定义属性{own}项"));
        }
        Ok(())
    }

    /// Links to other files. A plain link to a web page is what the reader sees; a path of somebody's
    /// computer is not.
    fn links(&mut self, report: &mut Report, part: &str) -> Result<(), Unread> {
        let Some(xml) = self.part(part)? else { return Ok(()) };
        let mut found = Vec::new();
        walk(&xml, |node| {
            let Node::Open(tag) = node else { return };
            if tag.name != "Relationship" || tag.get("TargetMode").as_deref() != Some("External") {
                return;
            }
            let target = tag.get("Target").unwrap_or_default();
            let shown = tag.get("Type").is_some_and(|kind| kind.ends_with("/hyperlink"));
            let lower = target.to_lowercase();
            let web = ["http:", "https:", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
            if !(target.starts_with('#') || shown && web) {
                found.push(target);
            }
        })?;
        for target in found {
            report.add(FindingKind::ExternalLink, "外部链接", excerpt(&target));
        }
        Ok(())
    }
}

fn is_picture(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["png", "jpg", "jpeg", "tif", "tiff"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
