//! Body of the official and of the letter layout.

use super::super::notice::{Block, Notice, chinese_date};
use super::paragraph::{
    CELL, CENTRED, FANG, FLUSH, HEI, INDENTED, KAI, Paragraph, Rule, Run, SMALL, TITLE, blank,
    paragraph, run, text, width_of,
};
use super::table;

/// Width of the type area, 156 mm.
const AREA: u32 = 8844;

/// 公文 with red head. Source: GB/T 9704-2012, 7.2 to 7.4.
pub(super) fn official(notice: &Notice) -> String {
    // Heights in all: the addressee stands where the PDF has it, 120 mm below the type area's edge.
    let mut xml = gap(1814);
    xml += &head(notice, 96, 1300, None);
    xml += &gap(860);
    let number = notice.number.as_deref().unwrap_or_default();
    xml += &text(Paragraph { rule: Some(Rule::RedBelow), ..CENTRED }, number, FANG);
    xml += &gap(463);
    xml += &gap(463);
    xml += &content(notice, 516);
    xml + &colophon(notice)
}

/// 信函格式. Source: GB/T 9704-2012, 10.1.
pub(super) fn letter(notice: &Notice) -> String {
    let mut xml = head(notice, 72, 720, Some(Rule::RedDoubleBelow));
    let number = notice.number.as_deref().unwrap_or_default();
    xml += &text(Paragraph { align: "right", before: 190, ..FLUSH }, number, FANG);
    xml += &gap(368);
    xml += &content(notice, 500);
    if let Some(address) = &notice.pay_url {
        // What the PDF has as codes, as text: a picture in a text to work on would soon be wrong.
        let small = |line: &str| text(Paragraph { align: "left", ..FLUSH }, line, SMALL);
        xml += &blank();
        if let Some(number) = &notice.case_number {
            xml += &small(&format!("登记编号：{number}"));
        }
        xml += &small(&format!("缴费或者查询：{address}"));
    }
    if !notice.copies_to.is_empty() {
        xml += &blank();
        xml += &copies(notice, None);
    }
    xml
}

/// The agency's name, set narrower when it would not fit one line.
fn head(notice: &Notice, size: u32, line: u32, rule: Option<Rule>) -> String {
    let natural = u32::try_from(notice.head.chars().count()).unwrap_or(u32::MAX);
    let natural = natural.saturating_mul(size * 10).max(1);
    let width = (AREA * 100 / natural).clamp(1, 100);
    // The rules of a letter are 170 mm long: 7 mm more on either side than the type area.
    let reach = if rule.is_some() { -397 } else { 0 };
    let look = Paragraph { rule, line, left: reach, right: reach, ..CENTRED };
    text(look, &notice.head, Run { size, red: true, width, ..TITLE })
}

/// An empty line of this height.
fn gap(line: u32) -> String {
    paragraph(Paragraph { line, ..FLUSH }, "")
}

/// From the title to the contact; `below` is the height between title and addressee.
fn content(notice: &Notice, below: u32) -> String {
    let mut xml = text(Paragraph { line: 600, ..CENTRED }, &notice.title, TITLE);
    xml += &gap(below);
    xml += &text(FLUSH, &format!("{}：", notice.addressee), FANG);
    for (index, block) in (1..).zip(&notice.blocks) {
        xml += &self::block(block, index == notice.blocks.len());
    }
    xml += &attachments(notice);
    xml += &signature(notice);
    if let Some(contact) = &notice.contact {
        xml += &text(INDENTED, &format!("（{contact}）"), FANG);
    }
    xml
}

/// One block. The last one goes with the signature: no page carries only the seal.
fn block(block: &Block, last: bool) -> String {
    let kept = Paragraph { keep: true, ..INDENTED };
    match block {
        Block::Paragraph { text: line } => {
            // Nor is a short line that announces what follows left behind on the page before.
            let announces = line.ends_with('：') && line.chars().count() < 2 * 26;
            let keep = last || announces;
            text(Paragraph { keep, ..INDENTED }, line, FANG)
        }
        Block::Heading { level: 0 | 1, text: line } => text(kept, line, HEI),
        Block::Heading { text: line, .. } => text(kept, line, KAI),
        Block::List { items } => {
            let item = |item: &String| text(Paragraph { keep: last, ..INDENTED }, item, FANG);
            items.iter().map(item).collect()
        }
        Block::Rows { group, rows } => table::facts(&[(group.as_deref(), rows)]),
        Block::Grid { columns, lines } => table::grid(columns, lines),
    }
}

/// 附件说明: names align behind the label.
fn attachments(notice: &Notice) -> String {
    let many = notice.attachments.len() > 1;
    let mut xml = String::new();
    for (number, name) in (1..).zip(&notice.attachments) {
        let label = if number == 1 { "附件：" } else { "" };
        let count = if many { format!("{number}.") } else { String::new() };
        let hanging = width_of(label) + width_of(&count);
        let left = i32::try_from(5 * CELL + width_of(&count)).unwrap_or_default();
        let look = Paragraph { left, hanging, keep: true, align: "left", ..FLUSH };
        if number == 1 {
            xml += &paragraph(Paragraph { keep: true, ..FLUSH }, "");
        }
        xml += &text(look, &format!("{label}{count}{name}"), FANG);
    }
    xml
}

/// 署名 centred on the date, the date four characters from the right.
fn signature(notice: &Notice) -> String {
    let date = chinese_date(notice.date);
    let (name_width, date_width) = (width_of(&notice.signatory), width_of(&date));
    let centre = (4 * CELL + date_width / 2).max(name_width / 2);
    let from_right = |width: u32| i32::try_from(centre - width / 2).unwrap_or_default();
    let line = |width| Paragraph { align: "right", keep: true, right: from_right(width), ..FLUSH };
    let mut xml = paragraph(Paragraph { keep: true, ..FLUSH }, "");
    xml += &paragraph(Paragraph { keep: true, ..FLUSH }, "");
    xml += &text(line(name_width), &notice.signatory, FANG);
    xml + &text(Paragraph { keep: notice.contact.is_some(), ..line(date_width) }, &date, FANG)
}

/// 版记: copies, printed by, printed on.
fn colophon(notice: &Notice) -> String {
    if notice.copies_to.is_empty() {
        return String::new();
    }
    let mut xml = blank();
    xml += &copies(notice, Some(Rule::BlackAbove));
    let printed = format!("{}　{}印发", notice.signatory, chinese_date(notice.date));
    let look = Paragraph { rule: Some(Rule::BlackAround), line: 500, ..FLUSH };
    xml + &paragraph(look, &run(&printed, SMALL))
}

fn copies(notice: &Notice, rule: Option<Rule>) -> String {
    let line = format!("抄送：{}。", notice.copies_to.join("，"));
    let look = Paragraph { rule, line: 500, left: 840, hanging: 840, align: "left", ..FLUSH };
    text(look, &line, SMALL)
}
