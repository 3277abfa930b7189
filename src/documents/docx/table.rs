//! Ruled tables: labels with their facts, and lines below a head.

use super::super::notice::{Column, Row};
use super::paragraph::{FANG, FLUSH, HEI, Paragraph, Run, text};

/// Text in a table.
pub(super) const PLAIN: Run = Run { size: 22, spacing: 0, ..FANG };
/// Its line height.
pub(super) const LINE: u32 = 350;
/// Width of the sheet inside its margins of 44 mm in all.
const WIDTH: u32 = 9412;
/// The columns: name of the group, label, fact, label, fact.
const COLUMNS: [u32; 5] = [GROUP, LABEL, FACT, SECOND, FACT];
const GROUP: u32 = 510;
const LABEL: u32 = 1360;
const FACT: u32 = 2971;
const SECOND: u32 = 1600;

/// Facts beside the names of their groups: short ones two abreast, wide ones alone.
pub(super) fn facts(groups: &[(Option<&str>, &[Row])]) -> String {
    let mut lines = String::new();
    for (group, rows) in groups {
        let mut first = true;
        let mut rows = rows.iter().peekable();
        while let Some(row) = rows.next() {
            let other = if row.wide { None } else { rows.next_if(|next| !next.wide) };
            let cells = if row.wide { alone(row, *group) } else { pair(row, other, *group) };
            let lead = group.map_or_else(String::new, |name| upright(name, first));
            lines += &format!("<w:tr>{lead}{cells}</w:tr>");
            first = false;
        }
    }
    ruled(&COLUMNS, &lines)
}

/// Lines below a head that is repeated on each page.
pub(super) fn grid(columns: &[Column], lines: &[Vec<String>]) -> String {
    let whole: u32 = columns.iter().map(|c| u32::from(c.share)).sum::<u32>().max(1);
    let widths: Vec<u32> = columns.iter().map(|c| WIDTH * u32::from(c.share) / whole).collect();
    let bold = Run { font: HEI.font, ..PLAIN };
    let head: String =
        columns.iter().zip(&widths).map(|(c, w)| cell(&c.label, *w, 1, "center", bold)).collect();
    let mut rows = format!("<w:tr><w:trPr><w:tblHeader/></w:trPr>{head}</w:tr>");
    for line in lines {
        let cells: String =
            line.iter().zip(&widths).map(|(c, w)| cell(c, *w, 1, "left", PLAIN)).collect();
        rows += &format!("<w:tr>{cells}</w:tr>");
    }
    ruled(&widths, &rows)
}

fn ruled(widths: &[u32], lines: &str) -> String {
    let edges = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let edge =
        |side| format!("<w:{side} w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/>");
    let borders: String = edges.iter().map(edge).collect();
    let columns: String = widths.iter().map(|w| format!("<w:gridCol w:w=\"{w}\"/>")).collect();
    // Two tables that touch would become one: a small empty paragraph stands between them.
    let gap = text(Paragraph { line: 160, ..FLUSH }, "", PLAIN);
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:tblBorders>{borders}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>{gap}"
    )
}

/// The label of a line takes the place of the group as well where there is none.
fn label(content: &str, group: Option<&str>) -> String {
    match group {
        Some(_) => cell(content, LABEL, 1, "center", PLAIN),
        None => cell(content, GROUP + LABEL, 2, "center", PLAIN),
    }
}

fn pair(left: &Row, right: Option<&Row>, group: Option<&str>) -> String {
    let other = right.map_or(("", ""), |row| (&row.label, &row.value));
    label(&left.label, group)
        + &cell(&left.value, FACT, 1, "left", PLAIN)
        + &cell(other.0, SECOND, 1, "center", PLAIN)
        + &cell(other.1, FACT, 1, "left", PLAIN)
}

fn alone(row: &Row, group: Option<&str>) -> String {
    let width = WIDTH - GROUP - LABEL;
    let Some(signed) = &row.signed else {
        return label(&row.label, group) + &cell(&row.value, width, 3, "left", PLAIN);
    };
    let look = |align, before| Paragraph { line: LINE, align, before, ..FLUSH };
    let inner = text(look("left", 0), &row.value, PLAIN) + &text(look("right", 300), signed, PLAIN);
    label(&row.label, group) + &framed(&inner, width, 3, "")
}

/// The name of a group, upright beside its rows.
fn upright(name: &str, first: bool) -> String {
    let inner = if first { name } else { "" };
    let merge = if first { "<w:vMerge w:val=\"restart\"/>" } else { "<w:vMerge/>" };
    framed(&text(Paragraph { line: LINE, align: "center", ..FLUSH }, inner, PLAIN), GROUP, 1, merge)
}

fn cell(content: &str, width: u32, span: u32, align: &'static str, look: Run) -> String {
    framed(&text(Paragraph { line: LINE, align, ..FLUSH }, content, look), width, span, "")
}

fn framed(inner: &str, width: u32, span: u32, merge: &str) -> String {
    let span = if span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{merge}<w:vAlign w:val=\"center\"/></w:tcPr>\
         {inner}</w:tc>"
    )
}
