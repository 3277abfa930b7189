//! The receipt: both copies on one sheet, the facts in a table.

use super::super::notice::{Block, Notice, chinese_date};
use super::paragraph::{CENTRED, FLUSH, HEI, Paragraph, Rule, Run, TITLE, paragraph, run, text};
use super::table::{self, LINE, PLAIN};

const LABEL: Run = Run { size: 21, spacing: 0, ..HEI };
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
            Block::Rows { rows, .. } => xml += &table::facts(&[(None, rows)]),
            Block::Grid { columns, lines } => xml += &table::grid(columns, lines),
        }
    }
    if !notice.rows.is_empty() {
        xml += &table::facts(&[(None, &notice.rows)]);
    }
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
