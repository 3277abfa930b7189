//! What a file is, told from its first bytes; its name only has to agree.
//!
//! Accepted is a short list of document kinds. Programs, web pages and SVG are refused because a
//! browser or a double click would run them; archives because nobody sees what is in them. The
//! content of accepted documents (macros, say) is not looked into: that is for a virus scanner.

mod text;
mod zip_entries;

use super::MediaType;
use super::file_name::{clean_file_name, ending};

/// How many of the first bytes are wanted: enough to meet the telling entry of an Office file.
pub const SNIFF_BYTES: usize = 64 * 1024;

/// Why a file is not accepted. Displays what to do, in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No bytes.
    #[error("文件是空的，请检查后重新上传")]
    Empty,
    /// A program or script.
    #[error("不能上传可执行程序或脚本，请上传文档、图片或扫描件")]
    Executable,
    /// A web page, SVG or XML: could run in the reader's browser.
    #[error("不能上传网页、SVG 或 XML 文件，请另存为 PDF 或图片后上传")]
    ActiveContent,
    /// An archive.
    #[error("不能上传压缩包，请解压后逐个上传其中的文件")]
    Archive,
    /// The name says another kind than the content.
    #[error("文件内容是{}，与文件名的后缀不符，请改正后缀后重新上传", .found.label())]
    NameDisagrees {
        /// What the content is.
        found: MediaType,
    },
    /// Something else.
    #[error("不支持这种文件，请上传 PDF、OFD、Word、Excel、图片（PNG、JPG、TIFF）或纯文本")]
    Unknown,
}

/// The kind of a file of which `head` are the first [`SNIFF_BYTES`] (or all) bytes.
///
/// # Errors
///
/// [`Refusal`], with what to tell the person.
pub fn sniff(head: &[u8], file_name: &str) -> Result<MediaType, Refusal> {
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    let ending = ending(&clean_file_name(file_name));
    let ending = ending.as_deref();
    if ending.is_some_and(|e| RUNS.contains(&e)) {
        return Err(Refusal::Executable);
    }
    if ending.is_some_and(|e| ACTIVE.contains(&e)) {
        return Err(Refusal::ActiveContent);
    }
    let found = by_content(head, ending)?;
    match ending {
        Some(ending) if !found.endings().contains(&ending) => Err(Refusal::NameDisagrees { found }),
        _ => Ok(found),
    }
}

/// Endings that a double click runs, whatever the content.
const RUNS: &[&str] = &[
    "apk", "app", "bash", "bat", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "hta", "jar",
    "js", "jse", "lnk", "msi", "msp", "php", "ps1", "py", "reg", "rpm", "scr", "sh", "url", "vbe",
    "vbs", "wsf",
];

/// Endings that a browser runs or renders as a page.
const ACTIVE: &[&str] =
    &["htm", "html", "mht", "mhtml", "shtml", "svg", "svgz", "xhtml", "xml", "xsl"];

/// Old Office files: [MS-CFB] 2.2.
const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn by_content(head: &[u8], ending: Option<&str>) -> Result<MediaType, Refusal> {
    if head.starts_with(b"%PDF-") {
        return Ok(MediaType::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") {
        return zip_entries::kind(head, ending).ok_or(Refusal::Archive);
    }
    if head.starts_with(COMPOUND_FILE) {
        // Which program's it is stands anywhere in the file. A protected .docx is one of these too.
        return match ending {
            Some("doc" | "wps" | "docx") => Ok(MediaType::Doc),
            Some("xls" | "et" | "xlsx") => Ok(MediaType::Xls),
            _ => Err(Refusal::Unknown),
        };
    }
    // Before programs: text may begin with their two-byte marks, as the standards MZ/T do.
    if text::is_text(head) {
        return if text::is_markup(head) {
            Err(Refusal::ActiveContent)
        } else if head.starts_with(b"#!") {
            Err(Refusal::Executable)
        } else {
            Ok(MediaType::Text)
        };
    }
    let Some(kind) = infer::get(head) else { return Err(Refusal::Unknown) };
    match kind.mime_type() {
        "image/png" => Ok(MediaType::Png),
        "image/jpeg" => Ok(MediaType::Jpeg),
        "image/tiff" => Ok(MediaType::Tiff),
        _ => match kind.matcher_type() {
            infer::MatcherType::App => Err(Refusal::Executable),
            infer::MatcherType::Archive => Err(Refusal::Archive),
            infer::MatcherType::Text => Err(Refusal::ActiveContent),
            _ => Err(Refusal::Unknown),
        },
    }
}
