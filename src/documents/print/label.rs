//! Address labels on A4 sheets, beginning at any label, so that a sheet begun before is used up.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{Ends, Plate, PrintError, TO_KEEP, fit, ymd};
use crate::documents::engine::Engine;
use crate::domain::post::LabelSheet;

/// White edge of a label, in millimetres: printers do not hit to the point.
const EDGE: f64 = 3.0;
/// Heights of the line with postcode and way, of the bar code, of the line of numbers, of the sender.
const HEAD: f64 = 4.8;
const BARS: f64 = 5.5;
const NUMBERS: f64 = 3.4;
const FOOT: f64 = 5.4;
/// Sizes of the addressee, of the line of numbers, and of the sender, in points.
const SIZES: &[f64] = &[16.0, 14.0, 12.0, 10.5, 9.0, 8.0, 7.0];
const NUMBER_SIZES: &[f64] = &[7.0, 6.0, 5.0];
const SENDER_SIZES: &[f64] = &[7.0, 6.0, 5.5];

/// Where the first label goes.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    /// The sheet.
    pub sheet: LabelSheet,
    /// Labels of the first sheet that are gone already.
    pub used: u16,
    /// Date of the file.
    pub date: NaiveDate,
}

impl Engine {
    /// Sets a label for each letter, row by row.
    ///
    /// # Errors
    ///
    /// [`PrintError`].
    pub fn labels(&self, kind: Labels, letters: &[Ends]) -> Result<Vec<u8>, PrintError> {
        let grid = kind.sheet.grid();
        let tenth = |length: u16| f64::from(length) / 10.0;
        let (width, height) = (tenth(grid.width) - 2.0 * EDGE, tenth(grid.height) - 2.0 * EDGE);
        let mut files = HashMap::new();
        let mut cells = Vec::new();
        for (nth, letter) in letters.iter().enumerate() {
            let letter = letter.cleaned();
            let too_long = |what| PrintError::TooLong { nth, what };
            let bars = letter.bars(nth + 1, &mut files);
            let strip = if bars.is_some() { BARS } else { 0.0 };
            let (to, room) = (letter.to(), height - HEAD - strip - NUMBERS - FOOT);
            let size = fit::size(&[&letter.address, &to], (width, room), SIZES)
                .ok_or_else(|| too_long("收件人姓名和地址"))?;
            let numbers = [letter.number.as_str(), letter.tracking.as_str()];
            let numbers: Vec<&str> = numbers.into_iter().filter(|text| !text.is_empty()).collect();
            let numbers = numbers.join("\u{3000}");
            let number_size = fit::size(&[&numbers], (width, NUMBERS), NUMBER_SIZES)
                .ok_or_else(|| too_long("文书编号和邮件号码"))?;
            let from = format!(
                "寄：{}　{}　{}",
                letter.sender, letter.sender_address, letter.sender_postcode
            );
            let sender_size = fit::size(&[&from], (width, FOOT), SENDER_SIZES)
                .ok_or_else(|| too_long("寄件机关名称和地址"))?;
            cells.push(json!({
                "postcode": letter.postcode, "address": letter.address, "to": to, "size": size,
                "from": from, "sender_size": sender_size, "numbers": numbers,
                "number_size": number_size, "way": letter.way, "tracking": letter.tracking,
                "bars": bars,
            }));
        }
        let data = json!({
            "title": "地址标签", "ymd": ymd(kind.date), "columns": grid.columns, "rows": grid.rows,
            "width": tenth(grid.width), "height": tenth(grid.height), "left": tenth(grid.left),
            "top": tenth(grid.top), "gap": tenth(grid.gap), "edge": EDGE, "head": HEAD,
            "numbers": NUMBERS, "foot": FOOT,
            "used": kind.used, "letters": cells,
        });
        let plate = Plate { layout: "/label.typ", data, files, standards: TO_KEEP };
        Ok(self.print(plate)?)
    }
}
