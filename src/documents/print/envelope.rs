//! Envelopes: one page each, of the size of the envelope.
//!
//! Places on it: 90 × 26 mm at the upper left belong to the postcode alone, the 20 mm above the lower
//! edge between 55 and 160 mm from the right one to the post. Source: GB/T 1416-2003.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{Ends, Plate, PrintError, TO_KEEP, fit, ymd};
use crate::documents::engine::Engine;
use crate::domain::post::EnvelopeSize;

/// From the place of the addressee to the lower edge, in millimetres: sender, number, bar code.
const BELOW: f64 = 41.0;
/// Room for the sender.
const SENDER: (f64, f64) = (100.0, 17.0);
/// Sizes of the addressee and of the sender, in points.
const SIZES: &[f64] = &[22.0, 18.0, 16.0, 14.0, 12.0, 10.5, 9.0];
const SENDER_SIZES: &[f64] = &[11.0, 10.0, 9.0, 8.0];
/// Room for the number of the notice, and its sizes.
const NUMBER: (f64, f64) = (84.0, 5.0);
const NUMBER_SIZES: &[f64] = &[10.0, 9.0, 8.0, 7.0, 6.0];
/// Between address and name.
const GAP: f64 = 3.0;

/// From the side edges and from the upper edge to the addressee, in millimetres.
const fn place(size: EnvelopeSize) -> (f64, f64) {
    match size {
        EnvelopeSize::Dl => (24.0, 33.0),
        EnvelopeSize::C5 => (28.0, 50.0),
        EnvelopeSize::C4 => (45.0, 80.0),
    }
}

/// How envelopes are printed.
#[derive(Debug, Clone, Copy)]
pub struct Envelopes {
    /// Their size.
    pub size: EnvelopeSize,
    /// The boxes are on the paper already: only the texts are printed.
    pub preprinted: bool,
    /// Date of the file.
    pub date: NaiveDate,
}

impl Engine {
    /// Sets an envelope for each letter.
    ///
    /// # Errors
    ///
    /// [`PrintError`].
    pub fn envelopes(&self, kind: Envelopes, letters: &[Ends]) -> Result<Vec<u8>, PrintError> {
        let (width, height) = kind.size.mm();
        let (side, above) = place(kind.size);
        let room = (f64::from(width) - 2.0 * side, f64::from(height) - above - BELOW - GAP);
        let mut files = HashMap::new();
        let mut pages = Vec::new();
        for (nth, letter) in letters.iter().enumerate() {
            let letter = letter.cleaned();
            let too_long = |what| PrintError::TooLong { nth, what };
            let to = letter.to();
            let size = fit::size(&[&letter.address, &to], room, SIZES)
                .ok_or_else(|| too_long("收件人姓名和地址"))?;
            let sender = [letter.sender.as_str(), &letter.sender_address];
            let sender_size = fit::size(&sender, SENDER, SENDER_SIZES)
                .ok_or_else(|| too_long("寄件机关名称和地址"))?;
            let number_size = fit::size(&[&letter.number], NUMBER, NUMBER_SIZES)
                .ok_or_else(|| too_long("文书编号"))?;
            pages.push(json!({
                "postcode": letter.postcode, "address": letter.address, "to": to, "size": size,
                "sender": letter.sender, "sender_address": letter.sender_address,
                "sender_size": sender_size, "sender_postcode": letter.sender_postcode,
                "number": letter.number, "number_size": number_size, "way": letter.way, "tracking": letter.tracking,
                "bars": letter.bars(nth + 1, &mut files),
            }));
        }
        let data = json!({
            "title": "信封", "ymd": ymd(kind.date), "width": width, "height": height, "preprinted": kind.preprinted,
            "side": side, "above": above, "gap": GAP, "letters": pages,
        });
        let plate = Plate { layout: "/envelope.typ", data, files, standards: TO_KEEP };
        Ok(self.print(plate)?)
    }
}
