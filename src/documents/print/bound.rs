//! Finished notices bound for the printer: the pages as they are on record, each copy marked at the edge
//! of the sheet, and before them the list handed in with the letters.
//!
//! The files of the notices are not opened up: Typst takes each page over as it is, by the libraries that
//! come with it (krilla, hayro). The result is for the printer and kept nowhere, so that it promises
//! neither PDF/A nor PDF/UA.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Value, json};
use typst::foundations::Bytes;

use super::{Plate, PrintError, ymd};
use crate::documents::engine::Engine;
use crate::documents::error::RenderError;
use crate::documents::notice::chinese_date;
use crate::documents::pdf::Unread;
use crate::documents::pdf::open::open;
use crate::documents::text::{breakable_in_cell, clean};
use crate::documents::world::picture_path;

/// Most sheets of one file, copies and blank sides included.
pub const MOST_PAGES: usize = 1500;

/// A letter that is ready.
pub struct Letter {
    /// Its PDF.
    pub pdf: Vec<u8>,
    /// A copy each, with what stands at its edge.
    pub marks: Vec<Option<&'static str>>,
}

/// A line of the list handed in with the letters (交寄清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Running number.
    pub n: usize,
    /// Number of the notice.
    pub number: String,
    /// Name of the addressee, masked.
    pub to: String,
    /// Where to, masked.
    pub place: String,
    /// How.
    pub way: String,
    /// 邮件号码, or empty.
    pub tracking: String,
}

/// The list handed in with the letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingList {
    /// Who sends.
    pub agency: String,
    /// Of which day.
    pub date: NaiveDate,
    /// The letters in order.
    pub lines: Vec<Line>,
    /// How many they are, by ways.
    pub totals: String,
}

/// What is bound.
pub struct Bound {
    /// Title of the file.
    pub title: String,
    /// Date of the file.
    pub date: NaiveDate,
    /// The list that opens it, if there is one.
    pub list: Option<PostingList>,
    /// The letters.
    pub letters: Vec<Letter>,
    /// Printed on both sides: each copy begins on a sheet of its own.
    pub duplex: bool,
}

impl Engine {
    /// Binds letters for the printer.
    ///
    /// # Errors
    ///
    /// [`PrintError::Unread`] names the letter whose file is no sound PDF, or with which it becomes more than
    /// [`MOST_PAGES`] pages.
    pub fn bind_letters(&self, bound: Bound) -> Result<Vec<u8>, PrintError> {
        let mut files = HashMap::new();
        let mut sheets: Vec<Value> = Vec::new();
        for (nth, letter) in bound.letters.into_iter().enumerate() {
            let sizes = sizes(&letter.pdf).map_err(|why| PrintError::Unread { nth, why })?;
            let path = picture_path(nth + 1)
                .ok_or_else(|| RenderError::Typesetting("no path for a letter".to_owned()))?;
            for mark in &letter.marks {
                for (page, (width, height)) in (1_usize..).zip(&sizes) {
                    sheets.push(json!({
                        "src": path, "page": page, "width": width, "height": height, "mark": mark,
                    }));
                }
                let odd = !sizes.len().is_multiple_of(2);
                if let Some((width, height)) = sizes.last().filter(|_| odd && bound.duplex) {
                    sheets.push(json!({ "src": null, "width": width, "height": height }));
                }
            }
            if sheets.len() > MOST_PAGES {
                return Err(PrintError::Unread { nth, why: Unread::TooLarge });
            }
            files.insert(path, Bytes::new(letter.pdf));
        }
        let data = json!({
            "title": clean(&bound.title), "ymd": ymd(bound.date), "sheets": sheets,
            "list": bound.list.as_ref().map(list), "duplex": bound.duplex,
        });
        Ok(self.print(Plate { layout: "/bound.typ", data, files, standards: &[] })?)
    }

    /// Sets the list alone.
    ///
    /// # Errors
    ///
    /// [`RenderError`].
    pub fn posting_list(&self, of: &PostingList) -> Result<Vec<u8>, RenderError> {
        let data = json!({
            "title": "交寄清单", "ymd": ymd(of.date), "sheets": [], "list": list(of),
            "duplex": false,
        });
        let (layout, files) = ("/bound.typ", HashMap::new());
        self.print(Plate { layout, data, files, standards: super::TO_KEEP })
    }
}

/// Width and height of each page, in points.
fn sizes(pdf: &[u8]) -> Result<Vec<(f64, f64)>, Unread> {
    let pdf = open(pdf)?;
    let sizes = pdf.pages().iter().map(|page| page.render_dimensions());
    Ok(sizes.map(|(width, height)| (f64::from(width), f64::from(height))).collect())
}

fn list(of: &PostingList) -> Value {
    // So many letters and digits have room in the columns for numbers.
    const FIT: usize = 15;
    let cell = |text: &str| breakable_in_cell(&clean(text), FIT);
    let line = |line: &Line| {
        json!([
            line.n.to_string(),
            cell(&line.number),
            cell(&line.to),
            cell(&line.place),
            cell(&line.way),
            cell(&line.tracking),
            "",
            "",
        ])
    };
    json!({
        "agency": clean(&of.agency), "date": chinese_date(of.date),
        "lines": of.lines.iter().map(line).collect::<Vec<_>>(), "totals": clean(&of.totals),
    })
}
