//! What differs between two texts, line by line, words marked: an agency's own wording and the built-in
//! one, a block as the template makes it and as it is printed.

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

use crate::domain::text_enum::text_enum;

text_enum!(
    /// What became of a line.
    LineChange {
        /// It stands as before.
        Same = "same", "未变";
        /// It is gone.
        Removed = "removed", "删去";
        /// It is new.
        Added = "added", "新增";
    }
);

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WordingLine {
    /// What became of it.
    pub change: LineChange,
    /// Its words, in order: each with whether it differs from the line it replaces or is replaced by.
    pub words: Vec<(bool, String)>,
}

/// The lines of two texts, those that are in both once.
pub(super) fn lines(old: &str, new: &str) -> Vec<WordingLine> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for op in diff.ops() {
        for change in diff.iter_inline_changes(op) {
            let words = change.iter_strings_lossy();
            let words =
                words.map(|(differs, text)| (differs, text.trim_end_matches('\n').to_owned()));
            lines.push(WordingLine {
                change: match change.tag() {
                    ChangeTag::Equal => LineChange::Same,
                    ChangeTag::Delete => LineChange::Removed,
                    ChangeTag::Insert => LineChange::Added,
                },
                words: words.filter(|(_, text)| !text.is_empty()).collect(),
            });
        }
    }
    lines
}
