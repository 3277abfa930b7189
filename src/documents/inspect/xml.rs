//! Going through XML once, from the first tag to the last. Entities are not expanded but for the five
//! that XML itself knows, so that none can grow.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::documents::pdf::Unread;

/// What is met on the way.
pub(super) enum Node<'n> {
    /// A tag that opens; an empty one closes at once.
    Open(&'n Tag<'n>),
    /// A tag that closes, by its name without prefix.
    Close(&'n str),
    /// Text, in pieces.
    Text(&'n str),
}

/// A tag with its attributes.
pub(super) struct Tag<'t> {
    /// Its name without prefix.
    pub name: String,
    start: &'t BytesStart<'t>,
}

impl Tag<'_> {
    /// The attribute of this name, whatever its prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let mut sound = attributes.with_checks(false).flatten();
        let found = sound.find(|a| a.key.local_name().as_ref() == name.as_bytes())?;
        let text = String::from_utf8_lossy(&found.value).into_owned();
        Some(quick_xml::escape::unescape(&text).map(std::borrow::Cow::into_owned).unwrap_or(text))
    }

    /// Whether a switch such as `w:vanish` is on: it is unless it says otherwise.
    pub(super) fn is_on(&self) -> bool {
        !self.get("val").is_some_and(|val| matches!(val.as_str(), "0" | "false" | "off"))
    }
}

/// Goes through a document.
///
/// # Errors
///
/// [`Unread::Damaged`] when it is no XML in UTF-8.
pub(super) fn walk(xml: &[u8], mut visit: impl FnMut(Node<'_>)) -> Result<(), Unread> {
    let xml = xml.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(xml);
    let text = std::str::from_utf8(xml).map_err(|_no_utf8| Unread::Damaged)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().map_err(|_broken| Unread::Damaged)? {
            Event::Start(start) => visit(Node::Open(&tag(&start))),
            Event::Empty(start) => {
                let tag = tag(&start);
                visit(Node::Open(&tag));
                visit(Node::Close(&tag.name));
            }
            Event::End(end) => {
                visit(Node::Close(&String::from_utf8_lossy(end.local_name().as_ref())));
            }
            Event::Text(piece) => visit(Node::Text(&String::from_utf8_lossy(&piece))),
            Event::CData(piece) => visit(Node::Text(&String::from_utf8_lossy(&piece))),
            Event::GeneralRef(entity) => {
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    visit(Node::Text(c.encode_utf8(&mut [0; 4])));
                } else {
                    let known = String::from_utf8_lossy(&entity).into_owned();
                    if let Some(text) = quick_xml::escape::resolve_predefined_entity(&known) {
                        visit(Node::Text(text));
                    }
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn tag<'t>(start: &'t BytesStart<'t>) -> Tag<'t> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    Tag { name, start }
}
