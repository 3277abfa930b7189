//! Cuts the filled text into blocks.
//!
//! The marks `# `, `## ` and `- ` count only where the template's author wrote them. They are
//! exchanged for control characters before the facts are filled in, and no fact can contain a
//! control character: that is why an applicant named `# 一` opens no heading.

use crate::documents::notice::Block;

const HEADING: char = '\u{1}';
const SUBHEADING: char = '\u{2}';
const ITEM: char = '\u{3}';

/// Exchanges the marks at the head of the author's lines.
pub(super) fn mark(body: &str) -> String {
    let line = |line: &str| {
        for (sign, mark) in [("# ", HEADING), ("## ", SUBHEADING), ("- ", ITEM)] {
            if let Some(rest) = line.strip_prefix(sign) {
                return format!("{mark}{rest}");
            }
        }
        line.to_owned()
    };
    body.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Cuts filled text, the marks exchanged, into blocks.
pub(super) fn split(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in text.lines().map(|line| line.trim_matches([' ', '\r', '\t'])) {
        let text = line.trim_start_matches([HEADING, SUBHEADING, ITEM]).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        match line.chars().next() {
            Some(HEADING) => blocks.push(Block::Heading { level: 1, text }),
            Some(SUBHEADING) => blocks.push(Block::Heading { level: 2, text }),
            Some(ITEM) => match blocks.last_mut() {
                Some(Block::List { items }) => items.push(text),
                _ => blocks.push(Block::List { items: vec![text] }),
            },
            _ => blocks.push(Block::Paragraph { text }),
        }
    }
    blocks
}
