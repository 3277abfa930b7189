//! A form: its number, its title, ruled tables and the text between them.

use super::super::notice::{Block, Notice, Row, chinese_date};
use super::paragraph::{CENTRED, FLUSH, HEI, Paragraph, Run, TITLE, text};
use super::table::{self, LINE, PLAIN};

/// The whole form.
pub(super) fn form(notice: &Notice) -> String {
    let flush = Paragraph { line: LINE, ..FLUSH };
    let left = Paragraph { align: "left", ..flush };
    let case = notice.case_number.as_ref().map(|n| format!("受理编号：{n}"));
    let number = notice.number.as_ref().map(|n| format!("文号：{n}"));
    let top: Vec<String> =
        case.into_iter().chain(number).chain([notice.signatory.clone()]).collect();
    let mut xml = text(left, &top.join("　　"), PLAIN);
    let title = Paragraph { line: 600, before: 160, ..CENTRED };
    xml += &text(title, &notice.title, Run { size: 40, ..TITLE });
    if !notice.addressee.is_empty() {
        xml += &text(flush, &format!("{}：", notice.addressee), PLAIN);
    }
    let mut groups: Vec<(Option<&str>, &[Row])> = Vec::new();
    for block in &notice.blocks {
        if let Block::Rows { group, rows } = block {
            groups.push((group.as_deref(), rows));
            continue;
        }
        xml += &ruled(&mut groups);
        xml += &other(block);
    }
    xml += &ruled(&mut groups);
    for line in notice.contact.iter().cloned().chain([chinese_date(notice.date)]) {
        xml += &text(Paragraph { align: "right", ..flush }, &line, PLAIN);
    }
    xml
}

/// The rows gathered so far as one table.
fn ruled(groups: &mut Vec<(Option<&str>, &[Row])>) -> String {
    let gathered = std::mem::take(groups);
    if gathered.is_empty() { String::new() } else { table::facts(&gathered) }
}

fn other(block: &Block) -> String {
    let indented = Paragraph { indent: true, line: LINE, ..FLUSH };
    match block {
        Block::Paragraph { text: line } => text(indented, line, PLAIN),
        Block::Heading { text: line, .. } => {
            let look = Paragraph { keep: true, before: 120, line: LINE, align: "left", ..FLUSH };
            text(look, line, Run { font: HEI.font, ..PLAIN })
        }
        Block::List { items } => items.iter().map(|item| text(indented, item, PLAIN)).collect(),
        Block::Grid { columns, lines } => table::grid(columns, lines),
        Block::Rows { .. } => String::new(),
    }
}
