//! What a text people enter may hold: lengths in characters, and nothing that cannot be printed.

use super::refusal::Refusal;

/// Longest name of a person, organisation or office.
pub const NAME_MAX: usize = 100;
/// Longest text of one line: headings, addresses, file numbers.
pub const LINE_MAX: usize = 200;
/// Longest text of several lines: descriptions, reasons, opinions.
pub const TEXT_MAX: usize = 5_000;

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// More characters than allowed.
    TooLong,
    /// Control characters; line breaks and tabs are fine where several lines are.
    ControlCharacters,
}

/// Everything wrong with `text`, whose longest length is `max` characters; texts of up to
/// [`TEXT_MAX`] may have several lines.
#[must_use]
pub fn faults(text: &str, max: usize) -> Vec<TextFault> {
    let lines = max >= TEXT_MAX;
    let printable = |c: char| {
        (!c.is_control() && !is_treacherous(c)) || (lines && matches!(c, '\n' | '\r' | '\t'))
    };
    let too_long = text.chars().nth(max).is_some();
    let mut faults = Vec::new();
    if too_long {
        faults.push(TextFault::TooLong);
    }
    if !text.chars().all(printable) {
        faults.push(TextFault::ControlCharacters);
    }
    faults
}

/// Signs that no reader sees and no font prints: what turns the direction of writing, tags, private
/// use, noncharacters. On a notice they hide what is said, or stop it from being printed.
fn is_treacherous(c: char) -> bool {
    matches!(c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
        | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..)
        // The last two of every plane are no characters.
        || matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff)
}

/// The text without blanks round it; signs without width count as blanks, so that nothing but them
/// is nothing.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    let without_width =
        |c: char| matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    text.trim_matches(|c: char| c.is_whitespace() || without_width(c))
}

/// The text without blanks and signs without width: what is left when somebody spaces out a word so that
/// it is not found.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !trimmed(c.encode_utf8(&mut [0; 4])).is_empty()).collect()
}

/// How many signs of a text say something: letters, characters and digits, no blanks or marks.
#[must_use]
pub fn substance(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// A text that must be there, without blanks round it; up to `max` characters.
///
/// # Errors
///
/// [`Refusal::TextMissing`] and those of [`sound`].
pub(super) fn required<'t>(
    field: &'static str,
    label: &'static str,
    entered: &'t str,
    max: usize,
) -> Result<&'t str, Refusal> {
    let text = sound(field, label, entered, max)?;
    if text.is_empty() { Err(Refusal::TextMissing { field, label }) } else { Ok(text) }
}

/// A text that may be empty, without blanks round it; up to `max` characters.
///
/// # Errors
///
/// [`Refusal::TextTooLong`], [`Refusal::ControlCharacters`].
pub(super) fn sound<'t>(
    field: &'static str,
    label: &'static str,
    entered: &'t str,
    max: usize,
) -> Result<&'t str, Refusal> {
    let entered = trimmed(entered);
    match faults(entered, max).first() {
        None => Ok(entered),
        Some(TextFault::TooLong) => Err(Refusal::TextTooLong { field, label, max }),
        Some(TextFault::ControlCharacters) => Err(Refusal::ControlCharacters { field, label }),
    }
}
