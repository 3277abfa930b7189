//! Text as people type it, brought to one form before it is compared.

/// `text` without blanks and invisible signs, full-width signs as plain ones, ASCII in upper case.
pub(super) fn comparable(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).map(|c| half_width(c).to_ascii_uppercase()).collect()
}

/// A full-width sign (`！`–`～`, what a Chinese input method gives for digits and letters) as the
/// plain one; every other sign as it is.
fn half_width(c: char) -> char {
    const OFFSET: u32 = 0xFEE0;
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - OFFSET).unwrap_or(c),
        _ => c,
    }
}

/// Blanks, controls, and what pasting leaves behind: zero-width and direction marks.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
