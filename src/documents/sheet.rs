//! Turns a notice into the data the layouts read, and checks that every character can be drawn.
//!
//! Texts reach Typst as JSON strings and are set as they are: whatever an applicant writes can
//! never become a command of the layout language.

use chrono::Datelike;
use serde_json::{Value, json};

use super::error::{MissingGlyph, RenderError};
use super::fonts::{FontSet, Role};
use super::notice::{Block, Column, Notice, Row, chinese_date};
use super::text::{breakable, breakable_in_cell};

/// Returns the font chains of all roles, as the layouts read them.
pub(super) fn fonts(fonts: &FontSet) -> Value {
    let chain = |role| {
        let mut families: Vec<Value> = fonts
            .families(Role::Western)
            .iter()
            .map(|family| json!({ "name": family, "covers": "latin-in-cjk" }))
            .collect();
        families.extend(fonts.chain(role).into_iter().map(Value::from));
        Value::from(families)
    };
    json!({
        "body": chain(Role::Body), "title": chain(Role::Title), "hei": chain(Role::Heading),
        "kai": chain(Role::Subheading), "song": chain(Role::PageNumber),
        "punctuation": punctuation(fonts),
    })
}

/// Returns `/data.json` for a notice that has been cleaned.
pub(super) fn data(notice: &Notice, set: &FontSet, barcode: bool) -> Value {
    json!({
        "fonts": fonts(set),
        "head": notice.head,
        "number": notice.number,
        "title": notice.title,
        "addressee": notice.addressee,
        "plain_name": notice.addressee.chars().all(|c| set.draws_alone(Role::Body, c)),
        "blocks": notice.blocks.iter().map(block).collect::<Vec<_>>(),
        "attachments": notice.attachments,
        "signatory": notice.signatory,
        "date": chinese_date(notice.date),
        "ymd": { "year": notice.date.year(), "month": notice.date.month(), "day": notice.date.day() },
        "contact": notice.contact,
        "copies_to": notice.copies_to,
        "rows": notice.rows.iter().map(row).collect::<Vec<_>>(),
        "query_code": notice.query_code,
        "case_number": notice.case_number,
        "track_url": notice.track_url,
        "pay_url": notice.pay_url,
        "seal": notice.seal.as_ref().map(|seal| &seal.sha256),
        "barcode": barcode,
    })
}

fn block(block: &Block) -> Value {
    match block {
        Block::Paragraph { text } => json!({ "kind": "paragraph", "text": breakable(text) }),
        Block::Heading { level, text } => {
            json!({ "kind": "heading", "level": level, "text": breakable(text) })
        }
        Block::List { items } => {
            json!({ "kind": "list", "items": items.iter().map(|i| breakable(i)).collect::<Vec<_>>() })
        }
        Block::Rows { group, rows } => {
            json!({ "kind": "rows", "group": group, "rows": rows.iter().map(row).collect::<Vec<_>>() })
        }
        Block::Grid { columns, lines } => {
            let shares: u16 = columns.iter().map(|column| u16::from(column.share)).sum();
            let fit = |column: &Column| {
                let cell = GRID_MM * u16::from(column.share) / shares.max(1);
                usize::from(cell.saturating_sub(CELL_MARGINS_MM) / LETTER_MM)
            };
            let cells = |line: &Vec<String>| -> Vec<String> {
                let columns = line.iter().zip(columns);
                columns.map(|(text, column)| breakable_in_cell(text, fit(column))).collect()
            };
            let lines: Vec<Vec<String>> = lines.iter().map(cells).collect();
            json!({ "kind": "grid", "columns": columns, "lines": lines })
        }
    }
}

/// Width of a table, of both margins of a cell, and of a wide letter in it.
const GRID_MM: u16 = 160;
const CELL_MARGINS_MM: u16 = 4;
const LETTER_MM: u16 = 2;

fn row(row: &Row) -> Value {
    json!({
        "label": row.label, "value": breakable_in_cell(&row.value, usize::MAX), "wide": row.wide, "signed": row.signed,
    })
}

/// 朱雀仿宋 draws “ ” ‘ ’ … — · as narrow Western marks; then another font must draw them.
fn punctuation(fonts: &FontSet) -> Option<String> {
    let body = fonts.families(Role::Body).first()?.to_lowercase();
    let narrow = body.contains("zhuque") || body.contains("朱雀");
    fonts.families(Role::Fallback).first().filter(|_| narrow).cloned()
}

/// Refuses a notice that holds characters no installed font can draw.
///
/// # Errors
///
/// [`RenderError::MissingGlyphs`] names each of them once per field.
pub(super) fn check_glyphs(notice: &Notice, fonts: &FontSet) -> Result<(), RenderError> {
    let mut missing = Vec::new();
    for (field, role, text) in texts(notice) {
        for character in text.chars() {
            let found = MissingGlyph { field, character };
            if !fonts.covers(role, character) && !missing.contains(&found) {
                missing.push(found);
            }
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(RenderError::MissingGlyphs { missing }) }
}

/// Every text of the notice with the name of its part and the role that draws it.
fn texts(notice: &Notice) -> Vec<(&'static str, Role, &str)> {
    let mut all = vec![
        ("发文机关标志", Role::Title, notice.head.as_str()),
        ("标题", Role::Title, notice.title.as_str()),
        ("主送", Role::Body, notice.addressee.as_str()),
        ("署名", Role::Body, notice.signatory.as_str()),
    ];
    for block in &notice.blocks {
        match block {
            Block::Paragraph { text } => all.push(("正文", Role::Body, text)),
            Block::Heading { level: 0 | 1, text } => all.push(("正文标题", Role::Heading, text)),
            Block::Heading { text, .. } => all.push(("正文标题", Role::Subheading, text)),
            Block::List { items } => all.extend(items.iter().map(|i| ("正文", Role::Body, &**i))),
            Block::Rows { group, rows } => {
                all.extend(group.iter().map(|g| ("表格", Role::Body, &**g)));
                all.extend(rows.iter().flat_map(cells));
            }
            Block::Grid { columns, lines } => {
                all.extend(columns.iter().map(|c| ("表格", Role::Heading, &*c.label)));
                all.extend(lines.iter().flatten().map(|c| ("表格", Role::Body, &**c)));
            }
        }
    }
    all.extend(notice.rows.iter().flat_map(cells));
    all.extend(notice.attachments.iter().map(|a| ("附件说明", Role::Body, &**a)));
    all.extend(notice.copies_to.iter().map(|c| ("抄送", Role::Body, &**c)));
    let single = [
        ("文号", &notice.number),
        ("附注", &notice.contact),
        ("查询码", &notice.query_code),
        ("登记编号", &notice.case_number),
        ("查询网址", &notice.track_url),
        ("缴费网址", &notice.pay_url),
    ];
    let present =
        single.iter().filter_map(|(field, text)| Some((*field, Role::Body, text.as_deref()?)));
    all.extend(present);
    all
}

fn cells(row: &Row) -> impl Iterator<Item = (&'static str, Role, &str)> {
    let signed = row.signed.as_deref().unwrap_or_default();
    [&*row.label, &*row.value, signed].into_iter().map(|text| ("表格", Role::Body, text))
}
