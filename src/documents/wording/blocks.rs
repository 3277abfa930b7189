//! Cuts the filled text into blocks.
//!
//! The marks at the head of a line count only where the template's author wrote them. They are
//! exchanged for control characters before the facts are filled in, and no fact can contain a
//! control character: that is why an applicant named `# 一` opens no heading, and one named `甲 || 乙`
//! no second cell.
//!
//! | Line | What it is |
//! |---|---|
//! | `# …`, `## …` | heading of level 1, 2 |
//! | `- …` | item of a list |
//! | `\|# …` | name of a group of rows; empty ends the group |
//! | `\| label \|\| fact` | row of facts, two abreast |
//! | `\|= label \|\| fact` | row of facts over the whole width |
//! | `\|+ label \|\| text \|\| who signs` | opinion with a signature below |
//! | `\|* head@2 \|\| head@5` | head of a table, with shares of the width |
//! | `\|- cell \|\| cell` | line of that table |

use crate::documents::notice::{Block, Column, Row};

const HEADING: char = '\u{1}';
const SUBHEADING: char = '\u{2}';
const ITEM: char = '\u{3}';
const GROUP: char = '\u{4}';
const ROW: char = '\u{5}';
const WIDE: char = '\u{6}';
const SIGNED: char = '\u{7}';
const HEAD: char = '\u{E}';
const LINE: char = '\u{F}';
const CELL: char = '\u{10}';

/// Signs at the head of a line and their marks; the longer of two that begin alike first.
const SIGNS: [(&str, char); 9] = [
    ("# ", HEADING),
    ("## ", SUBHEADING),
    ("- ", ITEM),
    ("|#", GROUP),
    ("|= ", WIDE),
    ("|+ ", SIGNED),
    ("|* ", HEAD),
    ("|- ", LINE),
    ("| ", ROW),
];

/// Exchanges the marks at the head of the author's lines, and those between the cells of a table.
pub(super) fn mark(body: &str) -> String {
    let line = |line: &str| {
        for (sign, mark) in SIGNS {
            if let Some(rest) = line.strip_prefix(sign) {
                let rest = if sign.starts_with('|') {
                    rest.replace("||", &CELL.to_string())
                } else {
                    rest.to_owned()
                };
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
        let mark = line.chars().next().filter(|c| c.is_control());
        let rest = mark.map_or(line, |mark| line.trim_start_matches(mark)).trim();
        if rest.is_empty() && mark != Some(GROUP) {
            continue;
        }
        let text = rest.to_owned();
        match mark {
            Some(HEADING) => blocks.push(Block::Heading { level: 1, text }),
            Some(SUBHEADING) => blocks.push(Block::Heading { level: 2, text }),
            Some(ITEM) => match blocks.last_mut() {
                Some(Block::List { items }) => items.push(text),
                _ => blocks.push(Block::List { items: vec![text] }),
            },
            Some(GROUP) => {
                let group = Some(text).filter(|text| !text.is_empty());
                blocks.push(Block::Rows { group, rows: Vec::new() });
            }
            Some(mark @ (ROW | WIDE | SIGNED)) => {
                let row = row(rest, mark);
                match blocks.last_mut() {
                    Some(Block::Rows { rows, .. }) => rows.push(row),
                    _ => blocks.push(Block::Rows { group: None, rows: vec![row] }),
                }
            }
            Some(HEAD) => {
                let columns = rest.split(CELL).map(column).collect();
                blocks.push(Block::Grid { columns, lines: Vec::new() });
            }
            Some(LINE) => {
                if let Some(Block::Grid { columns, lines }) = blocks.last_mut() {
                    let mut cells: Vec<String> =
                        rest.split(CELL).map(|cell| cell.trim().to_owned()).collect();
                    cells.resize(columns.len(), String::new());
                    lines.push(cells);
                }
            }
            _ => blocks.push(Block::Paragraph { text }),
        }
    }
    blocks.retain(|block| !matches!(block, Block::Rows { rows, .. } if rows.is_empty()));
    blocks
}

fn row(cells: &str, mark: char) -> Row {
    let mut cells = cells.split(CELL).map(|cell| cell.trim().to_owned());
    let (label, value) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
    let signed = cells.next().filter(|_| mark == SIGNED);
    Row { label, value, wide: mark != ROW, signed }
}

fn column(head: &str) -> Column {
    let (label, share) = head.split_once('@').unwrap_or((head, "1"));
    Column { label: label.trim().to_owned(), share: share.trim().parse().unwrap_or(1) }
}
