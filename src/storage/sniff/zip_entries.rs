//! Which of the ZIP-based document kinds a ZIP file is, from the names of its first entries.

use crate::storage::MediaType;

const LOCAL_HEADER: &[u8] = b"PK\x03\x04";

/// Word, Excel or OFD; nothing if it is an archive like any other.
///
/// The first entry must belong to the kind, so that an archive with a document in it is not taken
/// for the document. The ending decides only where the telling entry lies beyond the head.
pub(super) fn kind(head: &[u8], ending: Option<&str>) -> Option<MediaType> {
    let names = names(head);
    let first = names.first().copied()?;
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));

    let office = ["[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "customXml/"];
    if office.iter().any(|part| first.starts_with(part)) {
        return match ending {
            _ if has("word/") => Some(MediaType::Docx),
            _ if has("xl/") => Some(MediaType::Xlsx),
            _ if has("ppt/") => None,
            Some("docx" | "doc" | "wps") => Some(MediaType::Docx),
            Some("xlsx" | "xls" | "et") => Some(MediaType::Xlsx),
            _ => None,
        };
    }
    (first == "OFD.xml" || (first.starts_with("Doc_") && ending == Some("ofd")))
        .then_some(MediaType::Ofd)
}

/// Names in the local headers found in `head` (APPNOTE.TXT 4.3.7).
fn names(head: &[u8]) -> Vec<&str> {
    let starts = head.windows(LOCAL_HEADER.len()).enumerate();
    let headers = starts.filter(|(_, bytes)| *bytes == LOCAL_HEADER);
    headers.filter_map(|(at, _)| name(head.get(at..)?)).collect()
}

fn name(header: &[u8]) -> Option<&str> {
    let length = header.get(26..28)?.first_chunk::<2>()?;
    let length = usize::from(u16::from_le_bytes(*length));
    std::str::from_utf8(header.get(30..)?.get(..length)?).ok()
}
