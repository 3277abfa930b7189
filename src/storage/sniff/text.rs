//! Whether bytes are plain text, in the three encodings found in Chinese offices.

/// Whether `head`, which may end in the middle of a character, is UTF-8, UTF-16 with a byte order
/// mark, or GB 18030 (what Windows calls ANSI), without control characters other than line ends,
/// tabs and page breaks.
pub(super) fn is_text(head: &[u8]) -> bool {
    if let Some(text) = utf16(head) {
        return !text.contains(is_control);
    }
    if head.iter().any(|byte| is_control(char::from(*byte)) && byte.is_ascii()) {
        return false;
    }
    let utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(why) => why.error_len().is_none(),
    };
    utf8 || is_gb18030(head)
}

/// Whether text is a web page, SVG or XML: markup at the beginning, or a script or page anywhere.
pub(super) fn is_markup(head: &[u8]) -> bool {
    let text = utf16(head).unwrap_or_else(|| String::from_utf8_lossy(head).into_owned());
    let text = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n', '\u{0C}']);
    let mut start = text.chars();
    let opens = start.next() == Some('<')
        && start.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/'));
    let text = text.to_ascii_lowercase();
    opens
        || ["<script", "<html", "<svg", "<iframe", "<!doctype"].iter().any(|tag| text.contains(tag))
}

fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{0C}')
}

/// The text, if the bytes begin with a UTF-16 byte order mark and are whole up to the last unit.
fn utf16(head: &[u8]) -> Option<String> {
    let (unit, rest): (fn([u8; 2]) -> u16, _) = match head {
        [0xFF, 0xFE, rest @ ..] => (u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => (u16::from_be_bytes, rest),
        _ => return None,
    };
    let mut units: Vec<u16> = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
    if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) {
        units.pop(); // the second half lies beyond the head
    }
    String::from_utf16(&units).ok()
}

/// Two bytes, or four, as GB 18030 pairs them; the end may be cut.
fn is_gb18030(head: &[u8]) -> bool {
    let mut rest = head;
    loop {
        rest = match rest {
            [] | [0x81..=0xFE] | [0x81..=0xFE, 0x30..=0x39] => return true,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE] => return true,
            [0x00..=0x7F, rest @ ..] => rest,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..] => rest,
            _ => return false,
        };
    }
}
