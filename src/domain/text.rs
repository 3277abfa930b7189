//! What a text people enter may hold: lengths in characters, and nothing that cannot be printed.

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
    let printable = |c: char| !c.is_control() || (lines && matches!(c, '\n' | '\r' | '\t'));
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
