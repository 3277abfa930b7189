//! Sets notices as PDF and as preview pictures, by Typst as a library.
//!
//! Every PDF is PDF/A-2a (to be kept for ever) and PDF/UA-1 (readable aloud) at once. The same
//! notice gives the same bytes on every run with the same fonts.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_render::RenderOptions;

use super::error::{EngineError, RenderError};
use super::fonts::{Filled, FontSet, Role};
use super::notice::{Layout, Notice, Seal};
use super::pdf::ReadingFonts;
use super::world::Desk;
use super::{codes, sheet, text};

/// How many later documents a cached layout piece outlives without use. Never forgetting leaks
/// 0.7 MB a document; forgetting at once halves the speed.
const CACHE_AGE: usize = 5;

/// The typesetter. Start one per process and share it: it may be used from several threads.
pub struct Engine {
    pub(super) fonts: FontSet,
}

impl Engine {
    /// Looks for fonts in `folders`, in this order, with all their subfolders.
    ///
    /// # Errors
    ///
    /// [`EngineError::FontsMissing`] names the families looked for and where to put them.
    pub fn start(folders: &[PathBuf]) -> Result<Self, EngineError> {
        Ok(Self { fonts: FontSet::find(folders)? })
    }

    /// Returns which font families fill which role, for the log.
    pub fn fonts(&self) -> Vec<Filled> {
        self.fonts.filled()
    }

    /// Returns the fonts to read and draw files of others with.
    #[must_use]
    pub fn reading_fonts(&self) -> ReadingFonts {
        ReadingFonts {
            western: self.fonts.file(Role::Western),
            chinese: self.fonts.file(Role::Fallback).or_else(|| self.fonts.file(Role::Body)),
        }
    }

    /// Returns the notice with the signs of `given` that no font draws spelled by their number,
    /// `〔U+1F004〕`: what an applicant wrote keeps no notice from being made, and the paper shows that
    /// something stood there.
    pub fn spelled(&self, notice: &Notice, given: &str) -> Notice {
        let odd: BTreeSet<char> = given.chars().filter(|c| !self.prints(*c)).collect();
        if odd.is_empty() {
            return notice.clone();
        }
        let spell = |text: &str| {
            let one = |c: char| match odd.contains(&c) {
                true => format!("〔U+{:04X}〕", u32::from(c)),
                false => c.to_string(),
            };
            text.chars().map(one).collect()
        };
        notice.mapped(&spell)
    }

    /// Returns the notice with every sign spelled that no font draws. For text that is fixed
    /// already and can only be set as it is.
    pub fn spelled_throughout(&self, notice: &Notice) -> Notice {
        let all = RefCell::new(String::new());
        notice.mapped(&|text| {
            all.borrow_mut().push_str(text);
            String::new()
        });
        self.spelled(notice, &all.into_inner())
    }

    /// Whether a sign is drawn wherever it stands, or leaves no mark at all.
    pub(super) fn prints(&self, c: char) -> bool {
        let cleaned = text::clean(&c.to_string());
        let roles = [Role::Title, Role::Body, Role::Heading, Role::Subheading];
        cleaned.chars().all(|c| roles.iter().all(|role| self.fonts.covers(*role, c)))
    }

    /// Returns the notice as PDF/A-2a and PDF/UA-1.
    ///
    /// # Errors
    ///
    /// * [`RenderError::MissingGlyphs`] if a character is in no font.
    /// * [`RenderError::TrackUrlTooLong`] if a receipt's address does not fit a QR code.
    /// * [`RenderError::Typesetting`] if the layout itself fails.
    pub fn pdf(&self, notice: &Notice) -> Result<Vec<u8>, RenderError> {
        self.set(notice, |document, fingerprint| {
            let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
                .map_err(|e| RenderError::Typesetting(e.message().to_string()))?;
            let options = PdfOptions {
                ident: Smart::Custom(fingerprint),
                creator: Smart::Custom(Some("Gongkai".to_owned())),
                standards,
                ..PdfOptions::default()
            };
            typst_pdf::pdf(document, &options).map_err(|e| refused(&e))
        })
    }

    /// Returns one page, counted from 1, as a PNG picture.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::pdf`] but for PDF conformity, and [`RenderError::NoSuchPage`].
    pub fn png(&self, notice: &Notice, page: usize, dpi: u16) -> Result<Vec<u8>, RenderError> {
        self.set(notice, |document, _| {
            let count = document.pages().len();
            let wanted = page.checked_sub(1).and_then(|index| document.pages().get(index));
            let sheet = wanted.ok_or(RenderError::NoSuchPage { page, count })?;
            let options = RenderOptions {
                pixel_per_pt: (f64::from(dpi) / 72.0).into(),
                ..RenderOptions::default()
            };
            let picture = typst_render::render(sheet, &options);
            picture.encode_png().map_err(|e| RenderError::Packaging(e.to_string()))
        })
    }

    /// Returns how many pages the notice takes.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::pdf`] but for PDF conformity.
    pub fn pages(&self, notice: &Notice) -> Result<usize, RenderError> {
        self.set(notice, |document, _| Ok(document.pages().len()))
    }

    /// Lays the notice out and hands the pages, with the fingerprint of the content, to `export`.
    fn set<T>(
        &self,
        notice: &Notice,
        export: impl FnOnce(&PagedDocument, String) -> Result<T, RenderError>,
    ) -> Result<T, RenderError> {
        let notice = notice.cleaned();
        sheet::check_glyphs(&notice, &self.fonts)?;
        let (files, fingerprint) = self.files(&notice)?;
        let desk = Desk::new(&self.fonts, notice.layout, files)
            .ok_or_else(|| RenderError::Typesetting("layout template is not built in".into()))?;
        let pages = typst::compile::<PagedDocument>(&desk).output;
        let result = match pages {
            Ok(document) => export(&document, fingerprint),
            Err(errors) => Err(refused(&errors)),
        };
        comemo::evict(CACHE_AGE);
        result
    }

    /// Returns what the layout reads, and a fingerprint of it that becomes the file's identity.
    fn files(
        &self,
        notice: &Notice,
    ) -> Result<(HashMap<&'static str, Bytes>, String), RenderError> {
        let mut files = HashMap::new();
        let receipt = notice.layout == Layout::Receipt;
        let address = if receipt { &notice.track_url } else { &notice.pay_url };
        if let Some(address) = address {
            files.insert("/qr.svg", Bytes::from_string(codes::qr(address)?));
        }
        let coded = receipt || notice.pay_url.is_some();
        let bars = notice.case_number.as_deref().filter(|_| coded).and_then(codes::code128);
        let barcode = bars.is_some();
        if let Some(bars) = bars {
            files.insert("/code128.svg", Bytes::from_string(bars));
        }
        if let Some(seal) = &notice.seal {
            files.insert("/seal.png", Bytes::new(pictured(seal)?));
        }
        let data: Value = sheet::data(notice, &self.fonts, barcode);
        let json = data.to_string();
        let fingerprint = hex::encode(Sha256::digest(json.as_bytes()));
        files.insert("/data.json", Bytes::from_string(json));
        Ok((files, fingerprint))
    }
}

/// The picture of a seal, and no other than the notice was issued with.
fn pictured(seal: &Seal) -> Result<bytes::Bytes, RenderError> {
    match hex::encode(Sha256::digest(&seal.png)) == seal.sha256 {
        true => Ok(seal.png.clone()),
        false => Err(RenderError::SealMissing),
    }
}

pub(super) fn refused(errors: &[SourceDiagnostic]) -> RenderError {
    let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    RenderError::Typesetting(messages.join("; "))
}
