//! The register (依申请公开台账) of a period as PDF and as a table for a spreadsheet.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{Plate, Speller, TO_KEEP, ymd};
use crate::documents::engine::Engine;
use crate::documents::error::RenderError;
use crate::documents::notice::chinese_date;
use crate::documents::text::{breakable_in_cell, clean};

/// How many columns it has.
pub const COLUMNS: usize = 12;

/// Head and share of the width of each column, and how many letters and digits fit.
const HEADS: [(&str, u8, usize); COLUMNS] = [
    ("序号", 9, 5),
    ("登记编号", 26, 16),
    ("申请人", 15, 8),
    ("申请人类别", 20, 12),
    ("所需信息", 66, 40),
    ("渠道", 17, 10),
    ("收件日期", 18, 11),
    ("收到申请日", 19, 11),
    ("答复期限", 19, 11),
    ("状态", 16, 10),
    ("处理结果", 32, 20),
    ("答复日期", 18, 11),
];

/// A register, every text masked already.
#[derive(Debug, Clone)]
pub struct Register {
    /// Whose.
    pub agency: String,
    /// The day it was made.
    pub date: NaiveDate,
    /// From when to when.
    pub period: String,
    /// What it was narrowed by; empty for everything.
    pub filters: String,
    /// The requests.
    pub lines: Vec<[String; COLUMNS]>,
    /// How many of what.
    pub totals: Vec<String>,
}

impl Engine {
    /// Sets a register. Signs that no font draws are spelled: nobody's request is left out for a sign.
    ///
    /// # Errors
    ///
    /// [`RenderError`].
    pub fn register(&self, register: &Register) -> Result<Vec<u8>, RenderError> {
        let mut speller = Speller::new(self);
        let mut lines: Vec<Vec<String>> = Vec::with_capacity(register.lines.len());
        for line in &register.lines {
            let cells = line.iter().zip(HEADS);
            let cell = |(text, (.., fit)): (&String, (_, _, usize))| {
                breakable_in_cell(&speller.spell(text), fit)
            };
            lines.push(cells.map(cell).collect());
        }
        let totals: Vec<String> = register.totals.iter().map(|text| speller.spell(text)).collect();
        let data = json!({
            "title": "政府信息依申请公开台账", "agency": speller.spell(&register.agency),
            "ymd": ymd(register.date), "date": chinese_date(register.date),
            "period": register.period, "filters": speller.spell(&register.filters),
            "heads": HEADS.map(|(head, ..)| head), "widths": HEADS.map(|(_, width, _)| width),
            "lines": lines, "totals": totals,
        });
        let (layout, files) = ("/register.typ", HashMap::new());
        self.print(Plate { layout, data, files, standards: TO_KEEP })
    }
}

impl Register {
    /// The same lines as CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it. A text
    /// that a spreadsheet would take for a formula gets an apostrophe in front.
    ///
    /// # Errors
    ///
    /// [`RenderError::Packaging`].
    pub fn csv(&self) -> Result<Vec<u8>, RenderError> {
        let failed = |error: String| RenderError::Packaging(error);
        let mut file = "\u{FEFF}".as_bytes().to_vec();
        let mut writer = csv_file::WriterBuilder::new()
            .terminator(csv_file::Terminator::CRLF)
            .from_writer(&mut file);
        let write =
            |writer: &mut csv_file::Writer<_>, cells: Vec<String>| writer.write_record(cells);
        let heads = HEADS.map(|(head, ..)| head.to_owned()).to_vec();
        write(&mut writer, heads).map_err(|e| failed(e.to_string()))?;
        for line in &self.lines {
            let cells = line.iter().map(|text| harmless(&clean(text))).collect();
            write(&mut writer, cells).map_err(|e| failed(e.to_string()))?;
        }
        writer.flush().map_err(|e| failed(e.to_string()))?;
        drop(writer);
        Ok(file)
    }
}

fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
