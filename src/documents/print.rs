//! What is printed around the notices: envelopes, labels, the letters of a day with their list, the
//! register. Set by Typst as the notices are; the same content gives the same bytes.

pub mod bound;
pub mod envelope;
mod fit;
pub mod label;
pub mod register;

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use typst::foundations::{Bytes, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::engine::{Engine, refused};
use super::error::RenderError;
use super::text::clean;
use super::world::{Desk, picture_path};
use super::{codes, sheet};

/// To be kept for ever, and readable aloud.
const TO_KEEP: &[PdfStandard] = &[PdfStandard::A_2a, PdfStandard::Ua_1];

/// A sheet that goes into the printer.
struct Plate {
    /// Path of the layout.
    layout: &'static str,
    /// What the layout reads.
    data: Value,
    /// The files it reads beside.
    files: HashMap<&'static str, Bytes>,
    /// What the file promises; nothing for what is only printed.
    standards: &'static [PdfStandard],
}

/// Longest number that becomes a bar code; those of the postal enterprise have 13 signs.
const MOST_BARS: usize = 24;

/// Both ends of a letter, as envelopes and labels show them. It says nothing of what is inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Ends {
    /// Name of whom it goes to.
    pub name: String,
    /// Person in an organisation, or who passes it on; empty as a rule.
    pub attention: String,
    /// Where to.
    pub address: String,
    /// Six digits, or empty.
    pub postcode: String,
    /// Who sends it.
    pub sender: String,
    /// Where from.
    pub sender_address: String,
    /// Six digits.
    pub sender_postcode: String,
    /// Number of the notice.
    pub number: String,
    /// How it goes: `挂号信`.
    pub way: String,
    /// 邮件号码, or empty.
    pub tracking: String,
}

impl Ends {
    /// The same, each text one printable line that breaks where it must.
    fn cleaned(&self) -> Self {
        let line = |text: &str| fit::breaking(&clean(text));
        Self {
            name: line(&self.name),
            attention: line(&self.attention),
            address: line(&self.address),
            postcode: clean(&self.postcode),
            sender: line(&self.sender),
            sender_address: line(&self.sender_address),
            sender_postcode: clean(&self.sender_postcode),
            number: clean(&self.number),
            way: clean(&self.way),
            tracking: clean(&self.tracking),
        }
    }

    /// The line of the addressee: name, whoever it is for, and `收`.
    fn to(&self) -> String {
        match self.attention.as_str() {
            "" => format!("{}　收", self.name),
            person => format!("{}　{person}　收", self.name),
        }
    }

    /// The bar code of the tracking number as a file; `None` without one, and where its bars would be
    /// too thin to be read.
    fn bars(&self, n: usize, files: &mut HashMap<&'static str, Bytes>) -> Option<&'static str> {
        if self.tracking.len() > MOST_BARS {
            return None;
        }
        let bars = codes::code128(&self.tracking)?;
        let path = picture_path(n)?;
        files.insert(path, Bytes::from_string(bars));
        Some(path)
    }
}

impl Engine {
    /// The signs of a text that no font draws, each once.
    #[must_use]
    pub fn undrawn(&self, text: &str) -> Vec<char> {
        let mut found = Vec::new();
        for c in text.chars() {
            if !self.prints(c) && !found.contains(&c) {
                found.push(c);
            }
        }
        found
    }

    /// The text as one printable line, with signs spelled that no font draws: `〔U+1F004〕`.
    #[must_use]
    pub fn spell(&self, text: &str) -> String {
        Speller::new(self).spell(text)
    }

    /// Sets a sheet. The title and the data are its identity.
    fn print(&self, plate: Plate) -> Result<Vec<u8>, RenderError> {
        let Plate { layout, mut data, mut files, standards } = plate;
        if let Some(all) = data.as_object_mut() {
            all.insert("fonts".to_owned(), sheet::fonts(&self.fonts));
        }
        let data = data.to_string();
        let mut fingerprint = Sha256::new();
        fingerprint.update(data.as_bytes());
        let mut paths: Vec<_> = files.keys().copied().collect();
        paths.sort_unstable();
        for file in paths.iter().filter_map(|path| files.get(path)) {
            fingerprint.update(file);
        }
        files.insert("/data.json", Bytes::from_string(data));
        let fault = |text: &str| RenderError::Typesetting(text.to_owned());
        let desk = Desk::of(&self.fonts, layout, files)
            .ok_or_else(|| fault("layout template is not built in"))?;
        let set = typst::compile::<PagedDocument>(&desk).output;
        // Large, and never set again.
        comemo::evict(0);
        let document = set.map_err(|errors| refused(&errors))?;
        let options = PdfOptions {
            ident: Smart::Custom(hex::encode(fingerprint.finalize())),
            creator: Smart::Custom(Some("Gongkai".to_owned())),
            standards: PdfStandards::new(standards).map_err(|e| fault(e.message()))?,
            // What takes over finished pages cannot tell what is on them.
            tagged: !standards.is_empty(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors));
        comemo::evict(0);
        pdf
    }
}

/// Spells what no font draws; it remembers which signs it has looked up.
struct Speller<'e> {
    engine: &'e Engine,
    known: HashMap<char, bool>,
}

impl<'e> Speller<'e> {
    fn new(engine: &'e Engine) -> Self {
        Self { engine, known: HashMap::new() }
    }

    fn spell(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in clean(text).chars() {
            match *self.known.entry(c).or_insert_with(|| self.engine.prints(c)) {
                true => out.push(c),
                false => out.push_str(&format!("〔U+{:04X}〕", u32::from(c))),
            }
        }
        out
    }
}

/// A date as the layouts read it for the date of the file.
fn ymd(date: NaiveDate) -> Value {
    json!({ "year": date.year(), "month": date.month(), "day": date.day() })
}

/// What does not fit on the paper.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The text of one letter is too long: its place in the list, and which text.
    #[error("{what}过长，印不下")]
    TooLong {
        /// Place in what was given, from 0.
        nth: usize,
        /// Which text.
        what: &'static str,
    },
    /// A file that is to be joined cannot be read: its place in the list.
    #[error("文件无法读取：{why}")]
    Unread {
        /// Place in what was given, from 0.
        nth: usize,
        /// Why.
        why: super::pdf::Unread,
    },
    /// It cannot be set.
    #[error(transparent)]
    Rendering(#[from] RenderError),
}
