//! Pictures: who took them where, and the small picture within. What can be seen on a picture is not
//! read.

use std::io::Cursor;

use exif::{Exif, In, Tag};

use super::Report;
use super::xml::{Node, walk};
use crate::documents::pdf::Unread;
use crate::documents::pdf::open::places;
use crate::domain::finding::{FindingKind, excerpt, masked_names};

/// Most parts of a PNG that are gone through.
const MOST_CHUNKS: usize = 100_000;

pub(super) fn look(report: &mut Report, place: &str, bytes: &[u8]) -> Result<(), Unread> {
    let known: [&[u8]; 4] = [b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"II*\0", b"MM\0*"];
    if !known.iter().any(|start| bytes.starts_with(start)) {
        return Err(Unread::Damaged);
    }
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut Cursor::new(bytes));
    match read.or_else(|error| error.distill_partial_result(|_| {})) {
        Ok(found) => exif_of(report, place, &found),
        Err(exif::Error::NotFound(_)) => {}
        Err(_broken) => report.unread(place, Unread::Damaged),
    }
    xmp(report, place, bytes);
    png_texts(report, place, bytes);
    Ok(())
}

fn exif_of(report: &mut Report, place: &str, found: &Exif) {
    let shown =
        |tag| found.get_field(tag, In::PRIMARY).map(|field| field.display_value().to_string());
    let bare = |text: String| text.trim_matches('"').trim().to_owned();
    if found.get_field(Tag::GPSLatitude, In::PRIMARY).is_some()
        || found.get_field(Tag::GPSLongitude, In::PRIMARY).is_some()
    {
        report.add(FindingKind::Location, place, "经纬度");
    }
    let people = [Tag::Artist, Tag::Copyright, Tag::CameraOwnerName];
    let people: Vec<String> = people.into_iter().filter_map(shown).map(bare).collect();
    let names = masked_names(people.iter().map(String::as_str));
    if !names.is_empty() {
        report.add(FindingKind::Author, place, format!("作者：{names}"));
    }
    for tag in [Tag::ImageDescription, Tag::UserComment] {
        if let Some(text) = shown(tag).map(bare).filter(|text| !text.is_empty()) {
            report.text(place, &text);
            report.add(FindingKind::Comments, place, excerpt(&text));
        }
    }
    if found.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).is_some() {
        report.add(FindingKind::Thumbnail, place, "1幅");
    }
}

/// What other programs wrote beside the picture or document. Source: ISO 16684-1.
pub(super) fn xmp(report: &mut Report, place: &str, bytes: &[u8]) {
    let Some(begin) = places(bytes, b"<x:xmpmeta").next() else { return };
    let rest = bytes.get(begin..).unwrap_or_default();
    let end = places(rest, b"</x:xmpmeta>").next().unwrap_or(rest.len());
    let (mut open, mut people, mut located) = (Vec::<String>::new(), Vec::new(), false);
    let walked = walk(rest.get(..end).unwrap_or_default(), |node| match node {
        Node::Open(tag) => {
            located |= tag.get("GPSLatitude").is_some() || tag.name == "GPSLatitude";
            open.push(tag.name.clone());
        }
        Node::Text(text) if open.iter().any(|tag| matches!(tag.as_str(), "creator" | "Author")) => {
            people.push(text.to_owned());
        }
        Node::Text(_) => {}
        Node::Close(_) => {
            open.pop();
        }
    });
    // What breaks off said what it said; the rest is no person either way.
    let _broken = walked;
    let names = masked_names(people.iter().map(String::as_str));
    if !names.is_empty() {
        report.add(FindingKind::Author, place, format!("作者：{names}"));
    }
    if located {
        report.add(FindingKind::Location, place, "经纬度");
    }
}

/// Texts of a PNG. Source: PNG specification, third edition, 11.3.3.
fn png_texts(report: &mut Report, place: &str, bytes: &[u8]) {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1A\n") else { return };
    for _ in 0..MOST_CHUNKS {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { return };
        let Some((kind, after)) = after.split_first_chunk::<4>() else { return };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some(body) = after.get(..length) else { return };
        if matches!(kind, b"tEXt" | b"zTXt" | b"iTXt") {
            let end = body.iter().position(|byte| *byte == 0).unwrap_or(body.len());
            let (key, text) = body.split_at_checked(end).unwrap_or((body, &[]));
            let key = String::from_utf8_lossy(key).into_owned();
            let text = String::from_utf8_lossy(text);
            match key.as_str() {
                "Author" | "Copyright" => {
                    let name = masked_names([text.trim_matches('\0')].into_iter());
                    report.add(FindingKind::Author, place, format!("作者：{name}"));
                }
                "Comment" | "Description" | "Title" => {
                    report.text(place, &text);
                    report.add(FindingKind::Comments, place, excerpt(&text));
                }
                _ => {}
            }
        }
        rest = after.get(length.saturating_add(4)..).unwrap_or_default();
    }
}
