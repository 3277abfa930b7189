//! The receipt: both copies on one sheet, the facts in a table.

use super::super::notice::{Block, Notice, Row, chinese_date};
use super::paragraph::{
    CENTRED, FANG, FLUSH, HEI, Paragraph, Rule, Run, TITLE, paragraph, run, text,
};

const PLAIN: Run = Run { size: 22, spacing: 0, ..FANG };
const LABEL: Run = Run { size: 21, spacing: 0, ..HEI };
const LINE: u32 = 350;
/// Width of the sheet inside its margins of 22 mm, and of one column.
const WIDTH: u32 = 9412;
const NARROW: u32 = 1600;
const BROAD: u32 = 3106;

/// 一式两份.
pub(super) fn both_copies(notice: &Notice) -> String {
    let cut = Paragraph { rule: Some(Rule::CutBelow), line: 300, ..CENTRED };
    let mut xml = copy(notice, "第一联　申请人留存");
    xml += &text(cut, "裁　切　线", Run { size: 18, ..PLAIN });
    xml + &copy(notice, "第二联　行政机关存档")
}

fn copy(notice: &Notice, label: &str) -> String {
    let flush = Paragraph { line: LINE, ..FLUSH };
    let indented = Paragraph { indent: true, ..flush };
    let number = notice.number.as_deref().map(|n| format!("　　编号：{n}")).unwrap_or_default();
    let mut xml = paragraph(
        Paragraph { before: 120, ..flush },
        &(run(label, LABEL) + &run(&number, Run { size: 21, ..PLAIN })),
    );
    xml += &text(Paragraph { line: 560, ..CENTRED }, &notice.title, Run { size: 38, ..TITLE });
    xml += &text(flush, &format!("{}：", notice.addressee), PLAIN);
    for block in &notice.blocks {
        match block {
            Block::Paragraph { text: line } | Block::Heading { text: line, .. } => {
                xml += &text(indented, line, PLAIN);
            }
            Block::List { items } => {
                xml.extend(items.iter().map(|item| text(indented, item, PLAIN)));
            }
        }
    }
    xml += &table(&notice.rows);
    for line in enquiry(notice) {
        xml += &text(Paragraph { align: "left", ..flush }, &line, Run { size: 20, ..PLAIN });
    }
    let right = Paragraph { align: "right", ..flush };
    xml += &text(Paragraph { before: 120, ..right }, "申请人签名：________________", PLAIN);
    xml += &text(right, &notice.signatory, PLAIN);
    xml + &text(right, &chinese_date(notice.date), PLAIN)
}

/// What stands in the codes of the PDF, as text.
fn enquiry(notice: &Notice) -> Vec<String> {
    let fact = |label: &str, fact: &Option<String>| Some(format!("{label}：{}", fact.as_ref()?));
    let numbers = [fact("登记编号", &notice.case_number), fact("查询码", &notice.query_code)];
    let numbers = numbers.into_iter().flatten().collect::<Vec<_>>().join("　　");
    let address = fact("查询网址", &notice.track_url).unwrap_or_default();
    [numbers, address].into_iter().filter(|line| !line.is_empty()).collect()
}

/// Short facts stand two abreast, wide ones alone.
fn table(rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut lines = Vec::new();
    let mut waiting: Option<&Row> = None;
    for row in rows {
        match (waiting.take(), row.wide) {
            (None, false) => waiting = Some(row),
            (Some(left), false) => lines.push(pair(left, Some(row))),
            (None, true) => lines.push(alone(row)),
            (Some(left), true) => {
                lines.push(pair(left, None));
                lines.push(alone(row));
            }
        }
    }
    lines.extend(waiting.map(|left| pair(left, None)));
    let edges = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let edge =
        |side| format!("<w:{side} w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/>");
    let borders: String = edges.iter().map(edge).collect();
    let columns: String = [NARROW, BROAD, NARROW, BROAD]
        .iter()
        .map(|width| format!("<w:gridCol w:w=\"{width}\"/>"))
        .collect();
    let lines: String = lines.iter().map(|cells| format!("<w:tr>{cells}</w:tr>")).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:tblBorders>{borders}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"
    )
}

fn pair(left: &Row, right: Option<&Row>) -> String {
    let (label, value) = right.map_or(("", ""), |row| (&row.label, &row.value));
    cell(&left.label, NARROW, 1, true)
        + &cell(&left.value, BROAD, 1, false)
        + &cell(label, NARROW, 1, true)
        + &cell(value, BROAD, 1, false)
}

fn alone(row: &Row) -> String {
    cell(&row.label, NARROW, 1, true) + &cell(&row.value, WIDTH - NARROW, 3, false)
}

fn cell(content: &str, width: u32, span: u32, label: bool) -> String {
    let span = if span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
    let align = if label { "center" } else { "left" };
    let inner = text(Paragraph { line: LINE, align, ..FLUSH }, content, PLAIN);
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}<w:vAlign w:val=\"center\"/></w:tcPr>\
         {inner}</w:tc>"
    )
}
