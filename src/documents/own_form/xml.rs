//! Going through XML token by token, with the place of each in the text, so that what is not changed
//! is written as it was. No entities but the five of XML, no document type.

use std::ops::Range;

use crate::domain::own_form::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deepest nesting; a table in a table in a text box takes some thirty.
const DEEPEST: usize = 500;

/// What is met on the way.
pub(super) enum Token<'t> {
    /// A tag that opens; an empty one closes at once and no `Close` follows.
    Open {
        /// Its name with prefix.
        name: &'t str,
        /// Its attributes.
        tag: &'t Tag<'t>,
        /// Whether it closes at once.
        empty: bool,
    },
    /// A tag that closes, by its name with prefix.
    Close(&'t str),
    /// Text, in pieces, entities resolved.
    Text(&'t str),
    /// A comment, a declaration, an instruction.
    Other,
}

/// A tag with its attributes.
pub(super) struct Tag<'t>(&'t BytesStart<'t>);

impl Tag<'_> {
    /// The attribute of this name, prefix and all.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.attributes().flatten().find(|a| a.key.as_ref() == name.as_bytes())?;
        let text = std::str::from_utf8(&found.value).ok()?;
        Some(quick_xml::escape::unescape(text).ok()?.into_owned())
    }

    /// Whether every attribute can be read.
    fn is_sound(&self) -> bool {
        self.0.attributes().all(|attribute| {
            let Ok(attribute) = attribute else { return false };
            let text = std::str::from_utf8(&attribute.value);
            text.is_ok_and(|text| quick_xml::escape::unescape(text).is_ok())
        })
    }
}

/// Goes through a document.
///
/// # Errors
///
/// [`Fault`] when it is not well-formed or declares a document type.
pub(super) fn walk(
    place: &str,
    xml: &str,
    mut visit: impl FnMut(Range<usize>, Token<'_>),
) -> Result<(), Fault> {
    let damaged = || Fault::damaged(place);
    let mut reader = Reader::from_str(xml);
    let (mut at, mut depth, mut roots) = (0_usize, 0_usize, 0_usize);
    loop {
        let event = reader.read_event().map_err(|_broken| damaged())?;
        let end = usize::try_from(reader.buffer_position()).map_err(|_huge| damaged())?;
        let range = at..end;
        at = end;
        match event {
            Event::Start(start) | Event::Empty(start) => {
                let empty = xml.get(range.clone()).is_some_and(|tag| tag.ends_with("/>"));
                let tag = Tag(&start);
                let name = start.name();
                let name = std::str::from_utf8(name.as_ref()).map_err(|_no_utf8| damaged())?;
                if !tag.is_sound() || depth >= DEEPEST {
                    return Err(damaged());
                }
                roots += usize::from(depth == 0);
                depth += usize::from(!empty);
                visit(range, Token::Open { name, tag: &tag, empty });
            }
            Event::End(end) => {
                depth = depth.checked_sub(1).ok_or_else(damaged)?;
                let name = end.name();
                let name = std::str::from_utf8(name.as_ref()).map_err(|_no_utf8| damaged())?;
                visit(range, Token::Close(name));
            }
            Event::Text(piece) => {
                let text = std::str::from_utf8(&piece).map_err(|_no_utf8| damaged())?;
                if text.chars().any(is_forbidden) {
                    return Err(damaged());
                }
                visit(range, Token::Text(text));
            }
            Event::CData(piece) => {
                let text = std::str::from_utf8(&piece).map_err(|_no_utf8| damaged())?;
                visit(range, Token::Text(text));
            }
            Event::GeneralRef(entity) => {
                let sign = entity.resolve_char_ref().map_err(|_odd| damaged())?;
                if let Some(sign) = sign.filter(|sign| !is_forbidden(*sign)) {
                    visit(range, Token::Text(sign.encode_utf8(&mut [0; 4])));
                } else {
                    let name = std::str::from_utf8(&entity).map_err(|_no_utf8| damaged())?;
                    let text = quick_xml::escape::resolve_predefined_entity(name);
                    visit(range, Token::Text(text.ok_or_else(damaged)?));
                }
            }
            // Entities that grow, or that read files, are declared there; Office writes none.
            Event::DocType(_) => return Err(Fault::active("文档类型声明（DTD）")),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => visit(range, Token::Other),
        }
    }
    if depth == 0 && roots == 1 { Ok(()) } else { Err(damaged()) }
}

/// Signs that XML does not know. Source: XML 1.0, 2.2.
const fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
