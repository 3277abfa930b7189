//! PDF files: authors, annotations, attachments, scripts, earlier versions, layers that are switched off,
//! text below boxes and text that is not drawn; and the numbers of people on every page.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::dict::keys::{ANNOTS, CONTENTS, SUBTYPE, TYPE};
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream, String as Text};
use hayro::hayro_syntax::page::Page;

use super::Report;
use super::image::xmp;
use crate::documents::pdf::open::{contains, open, places};
use crate::documents::pdf::text::{self, PageText, Seen};
use crate::documents::pdf::{ReadingFonts, Unread};
use crate::domain::finding::{FindingKind, excerpt, masked_names};

/// How deep dictionaries within dictionaries are looked at.
const DEEPEST: u8 = 8;
/// Glyphs without a meaning on a page from which on it counts as unread.
const UNREADABLE: usize = 5;

pub(super) fn look(report: &mut Report, bytes: &[u8], fonts: &ReadingFonts) -> Result<(), Unread> {
    let pdf = open(bytes)?;
    versions(report, bytes);
    properties(report, &pdf);
    catalogue(report, &pdf);
    for object in pdf.objects() {
        objects(report, &object, DEEPEST);
    }
    for encoding in text::unread_encodings(&pdf) {
        let shown = format!("使用了未嵌入的字符编码{encoding}，文字可能读不出");
        report.add(FindingKind::Unchecked, "字体", shown);
    }
    for (n, page) in pdf.pages().iter().enumerate() {
        annotations(report, &format!("第{}页", n + 1), page);
    }
    for (n, page) in text::read(&pdf, fonts)?.iter().enumerate() {
        glyphs(report, &format!("第{}页", n + 1), page);
    }
    Ok(())
}

/// Each save that was added to the end leaves what was there before. A file made for fast web view has
/// two ends from the start.
fn versions(report: &mut Report, bytes: &[u8]) {
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    let own = 1 + usize::from(contains(head, b"/Linearized"));
    let earlier = places(bytes, b"%%EOF").count().saturating_sub(own);
    if earlier > 0 {
        report.add(FindingKind::EarlierVersion, "文件", format!("{earlier}个"));
    }
}

/// The author. Which program made it is told beside the author, but is nothing to be answered for alone.
fn properties(report: &mut Report, pdf: &Pdf) {
    let known = pdf.metadata();
    let read = |text: &Option<Vec<u8>>| text.as_deref().map(decoded).unwrap_or_default();
    let author = masked_names([read(&known.author).as_str()].into_iter());
    if !author.is_empty() {
        let program = read(&known.creator);
        let program = if program.trim().is_empty() { read(&known.producer) } else { program };
        let with =
            if program.trim().is_empty() { String::new() } else { format!("（{program}）") };
        report.add(FindingKind::Author, "文档属性", format!("作者：{author}{with}"));
    }
    for text in [&known.title, &known.subject, &known.keywords] {
        report.text("文档属性", &read(text));
    }
}

fn catalogue(report: &mut Report, pdf: &Pdf) {
    let Some(root) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return };
    if let Some(stream) = root.get::<Stream<'_>>(b"Metadata")
        && let Ok(xml) = stream.decoded()
    {
        xmp(report, "文档属性", &xml);
    }
    let layers = root.get::<Dict<'_>>(b"OCProperties").and_then(|all| all.get::<Dict<'_>>(b"D"));
    let off = layers.and_then(|default| default.get::<Array<'_>>(b"OFF"));
    let off = off.map_or(0, |off| off.raw_iter().count());
    if off > 0 {
        report.add(FindingKind::HiddenText, "图层", format!("{off}个图层默认不显示，未检查"));
    }
}

/// Scripts and files within the file, wherever they hang; and texts that no font of ours can read.
fn objects(report: &mut Report, object: &Object<'_>, deeper: u8) {
    let dict = match object {
        Object::Dict(dict) => dict.clone(),
        Object::Stream(stream) => stream.dict().clone(),
        Object::Array(array) if deeper > 0 => {
            for inner in array.raw_iter() {
                if let MaybeRef::NotRef(inner) = inner {
                    objects(report, &inner, deeper - 1);
                }
            }
            return;
        }
        _ => return,
    };
    let is = |key: &[u8], value: &[u8]| {
        dict.get::<Name<'_>>(key).is_some_and(|name| name.as_ref() == value)
    };
    if is(b"S", b"JavaScript") || dict.contains_key(b"JS") {
        report.add(FindingKind::Macros, "文件", "JavaScript");
    }
    if dict.contains_key(b"EF") {
        let name = dict.get::<Text<'_>>(b"UF").or_else(|| dict.get::<Text<'_>>(b"F"));
        let name = name.map(|name| decoded(name.as_bytes())).unwrap_or_default();
        report.add(FindingKind::EmbeddedObject, "附件", excerpt(&name));
    }
    if deeper > 0 && !is(TYPE, b"Page") {
        for (_, inner) in dict.entries() {
            if let MaybeRef::NotRef(inner) = inner {
                objects(report, &inner, deeper - 1);
            }
        }
    }
}

fn annotations(report: &mut Report, place: &str, page: &Page<'_>) {
    let Some(all) = page.raw().get::<Array<'_>>(ANNOTS) else { return };
    let mut remarks = 0_usize;
    let mut texts = String::new();
    for annotation in all.iter::<Dict<'_>>() {
        let kind = annotation.get::<Name<'_>>(SUBTYPE);
        let kind = kind.as_ref().map_or("", Name::as_str);
        // Links and form fields are part of what the reader sees.
        remarks += usize::from(!matches!(kind, "Link" | "Widget" | "Popup"));
        for key in [CONTENTS, b"V"] {
            if let Some(text) = annotation.get::<Text<'_>>(key) {
                texts.push_str(&decoded(text.as_bytes()));
                texts.push('\n');
            }
        }
    }
    report.text(&format!("{place}批注、表单"), &texts);
    if remarks > 0 {
        report.add(FindingKind::Comments, place, format!("{remarks}处"));
    }
}

fn glyphs(report: &mut Report, place: &str, page: &PageText) {
    report.text(place, &page.text(|_| true));
    let mut hidden = |kind, seen: Seen| {
        let text = page.text(|is| is == seen);
        if !text.trim().is_empty() {
            report.add(kind, place, excerpt(&text));
        }
    };
    hidden(FindingKind::CoveredText, Seen::Covered);
    hidden(FindingKind::InvisibleText, Seen::Not);
    hidden(FindingKind::HiddenText, Seen::WhiteOnWhite);
    let unreadable = page.unreadable();
    if unreadable >= UNREADABLE {
        report.add(FindingKind::Unchecked, place, format!("{unreadable}个字读不出"));
    }
}

/// A text string. Source: ISO 32000-2, 7.9.2.2.
fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> =
                rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
