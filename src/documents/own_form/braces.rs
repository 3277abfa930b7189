//! Finding placeholders in the text of a paragraph: `{{name}}`, also with full-width braces, as Chinese
//! input methods write them.

use std::ops::Range;

/// Longest name between the braces, in characters.
const LONGEST: usize = 60;

/// Where in the text of a paragraph a placeholder, or what was to be one, stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its place, braces included.
    pub(super) range: Range<usize>,
    /// The name; `None` if the braces do not fit together.
    pub(super) name: Option<String>,
}

const fn opens(c: char) -> bool {
    matches!(c, '{' | '｛')
}

const fn closes(c: char) -> bool {
    matches!(c, '}' | '｝')
}

/// Whether two of them stand at `at`.
fn twice(text: &[char], at: usize, brace: fn(char) -> bool) -> bool {
    text.get(at..at + 2).is_some_and(|pair| pair.iter().all(|c| brace(*c)))
}

/// Whether a text has two braces side by side.
pub(super) fn has_some(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    (0..text.len()).any(|at| twice(&text, at, opens))
}

/// Everything between two pairs of braces, in order; a pair that stands alone is a finding without a
/// name. `'\n'` stands for what is no text, such as a tabulator.
pub(super) fn find(text: &[char]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if twice(text, at, opens) {
            let one = named(text, at);
            at = one.range.end;
            found.push(one);
        } else if twice(text, at, closes) {
            found.push(Found { range: at..at + 2, name: None });
            at += 2;
        } else {
            at += 1;
        }
    }
    found
}

/// What begins with the two braces at `start`.
fn named(text: &[char], start: usize) -> Found {
    let from = start + 2;
    let broken = |end: usize| Found { range: start..end, name: None };
    for at in from..text.len().min(from + LONGEST + 1) {
        if twice(text, at, closes) {
            // A third brace: {{{name}}}.
            if text.get(at + 2).is_some_and(|c| closes(*c)) {
                return broken(at + 3);
            }
            let name = text.get(from..at).unwrap_or_default().iter().collect();
            return Found { range: start..at + 2, name: Some(name) };
        }
        match text.get(at) {
            Some(c) if opens(*c) || closes(*c) || *c == '\n' => return broken(at.max(from)),
            _ => {}
        }
    }
    broken(from)
}
