//! 区分处理: a copy of a file whose pages are pictures with masks painted in, so that nothing is left
//! beneath, and a list of the masks with their grounds.
//!
//! Source: 条例 art. 37.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{Datelike, NaiveDate};
use hayro::RenderCache;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::kurbo::Rect;
use serde_json::json;
use sha2::{Digest, Sha256};
use typst::foundations::{Bytes, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::engine::{Engine, refused};
use super::error::RenderError;
use super::fonts::Role;
use super::pdf::open::open;
use super::pdf::picture::{draw, of_jpeg, of_png, png};
use super::pdf::text::{PageText, read};
use super::pdf::{ReadingFonts, Unread};
use super::world::{Desk, picture_path};
use crate::domain::redaction::{Mask, RedactionForm, Words, plain};
use crate::domain::refusal::OutgoingRefusal;

/// Dots to the point: 150 to the inch.
const SCALE: f32 = 150.0 / 72.0;
/// Most pages of a file that is masked at a time.
const MOST_PAGES: usize = 200;
/// Most bytes of all pictures.
const MOST_BYTES: usize = 256 * 1024 * 1024;
/// How far a mask goes beyond the glyphs it covers, in points.
const MARGIN: f64 = 1.0;
/// Longest side of the page that a picture becomes, in points: that of A4.
const PAGE_SIDE: f64 = 842.0;

/// What is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The pages of a PDF.
    Pdf,
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
}

/// A masked copy.
#[derive(Debug, Clone)]
pub struct Masked {
    /// The file, PDF/A-2b.
    pub pdf: Vec<u8>,
    /// Its pages, the list included.
    pub pages: usize,
    /// Where the masks are, in the order of their numbers.
    pub masks: Vec<Mask>,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// The file, the masks or the words are not fit.
    #[error(transparent)]
    Refused(#[from] OutgoingRefusal),
    /// The copy could not be put together.
    #[error(transparent)]
    Rendering(#[from] RenderError),
}

impl From<Unread> for RedactError {
    fn from(why: Unread) -> Self {
        OutgoingRefusal::NotMaskable(why.to_string()).into()
    }
}

impl Engine {
    /// Makes a copy with masks painted in.
    ///
    /// # Errors
    ///
    /// [`RedactError`].
    pub fn redact(
        &self,
        (source, bytes): (Source, &[u8]),
        form: &RedactionForm,
        (title, date): (&str, NaiveDate),
    ) -> Result<Masked, RedactError> {
        let fonts = self.reading_fonts();
        // A file that brings the reader down cannot be masked; nothing else hangs on it.
        let painted = catch_unwind(AssertUnwindSafe(|| match source {
            Source::Pdf => pages(&open(bytes)?, form, &fonts, SCALE),
            Source::Jpeg => pages(&of_jpeg(bytes)?, form, &fonts, 1.0),
            Source::Png => picture(bytes, form),
        }));
        let (sheets, masks) = painted.map_err(|_panic| Unread::Damaged)??;
        let pdf = self.bind(&sheets, &masks, (title, date))?;
        Ok(Masked { pdf, pages: sheets.len() + 1, masks })
    }

    /// Binds the pictures to a PDF, with the list of masks behind them.
    fn bind(
        &self,
        sheets: &[Sheet],
        masks: &[Mask],
        (title, date): (&str, NaiveDate),
    ) -> Result<Vec<u8>, RenderError> {
        let fault = |text: &str| RenderError::Typesetting(text.to_owned());
        let mut files = HashMap::new();
        let mut pages = Vec::new();
        let mut fingerprint = Sha256::new();
        for (n, sheet) in (1..).zip(sheets) {
            let path = picture_path(n).ok_or_else(|| fault("no path for a picture"))?;
            fingerprint.update(&sheet.png);
            files.insert(path, Bytes::new(sheet.png.clone()));
            let own = (1..).zip(masks).filter(|(_, mask)| mask.page == n);
            let labels: Vec<_> = own.filter_map(|(n, mask)| label(n, mask, sheet.shrunk)).collect();
            pages.push(json!({
                "src": path, "width": sheet.width * sheet.shrunk,
                "height": sheet.height * sheet.shrunk, "labels": labels,
                "alt": format!("第{n}页（区分处理后的图像）"),
            }));
        }
        let list: Vec<_> = (1_usize..)
            .zip(masks)
            .map(|(n, mask)| {
                json!({
                    "n": n.to_string(), "page": format!("第{}页", mask.page),
                    "ground": mask.ground.label(),
                })
            })
            .collect();
        let ymd = json!({ "year": date.year(), "month": date.month(), "day": date.day() });
        let font = self.fonts.chain(Role::Body);
        let data = json!({
            "title": title, "ymd": ymd, "font": font, "pages": pages, "list": list,
        });
        fingerprint.update(data.to_string());
        files.insert("/data.json", Bytes::from_string(data.to_string()));
        let desk = Desk::of(&self.fonts, "/redacted.typ", files)
            .ok_or_else(|| fault("layout template is not built in"))?;
        let set = typst::compile::<PagedDocument>(&desk).output;
        // The pictures are large, and nobody sets them again.
        comemo::evict(0);
        let document = set.map_err(|errors| refused(&errors))?;
        let standards = PdfStandards::new(&[PdfStandard::A_2b]);
        let options = PdfOptions {
            ident: Smart::Custom(hex::encode(fingerprint.finalize())),
            creator: Smart::Custom(Some("Gongkai".to_owned())),
            standards: standards.map_err(|e| fault(e.message()))?,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
    }
}

/// A page with its masks painted in.
struct Sheet {
    png: Vec<u8>,
    width: f64,
    height: f64,
    /// Size of the page against that of the masks.
    shrunk: f64,
}

/// The number of a mask, where there is room for it.
fn label(n: usize, mask: &Mask, shrunk: f64) -> Option<serde_json::Value> {
    let (width, height) = (mask.width * shrunk, mask.height * shrunk);
    let size = (height * 0.7).min(9.0);
    let text = n.to_string();
    let digits = f64::from(u32::try_from(text.len()).ok()?);
    (size >= 4.0 && width >= digits * size).then(|| {
        json!({
            "x": mask.x * shrunk, "y": mask.y * shrunk, "width": width, "height": height,
            "size": size, "text": text,
        })
    })
}

type Painted = (Vec<Sheet>, Vec<Mask>);

fn pages(
    pdf: &Pdf,
    form: &RedactionForm,
    fonts: &ReadingFonts,
    scale: f32,
) -> Result<Painted, RedactError> {
    let own = pdf.pages();
    if own.len() > MOST_PAGES {
        let why = format!("超过{MOST_PAGES}页，请拆分后分别处理");
        return Err(OutgoingRefusal::NotMaskable(why).into());
    }
    if let Some(encoding) = super::pdf::text::unread_encodings(pdf).first() {
        let why = format!("文件使用了未嵌入的字符编码{encoding}，画不出全部文字，请重新输出为 PDF");
        return Err(OutgoingRefusal::NotMaskable(why).into());
    }
    // Reading has a limit of steps, drawing has none: what cannot be read to its end is not drawn.
    let texts = read(pdf, fonts)?;
    let sizes: Vec<(f64, f64)> = own
        .iter()
        .map(|page| page.render_dimensions())
        .map(|(width, height)| (f64::from(width), f64::from(height)))
        .collect();
    let masks = placed(form, &sizes, &texts)?;
    let cache = RenderCache::new();
    let mut sheets = Vec::with_capacity(own.len());
    let mut left = MOST_BYTES;
    for (n, (page, (width, height))) in (1..).zip(own.iter().zip(sizes)) {
        let mut drawn = draw(page, &cache, fonts, scale)?;
        paint(&mut drawn, masks.iter().filter(|mask| mask.page == n), f64::from(scale));
        let png = png(drawn)?;
        left = left.checked_sub(png.len()).ok_or(Unread::TooLarge)?;
        let shrunk = if scale < SCALE { shrunk(width, height) } else { 1.0 };
        sheets.push(Sheet { png, width, height, shrunk });
    }
    Ok((sheets, masks))
}

/// A picture is a page of one point a pixel.
fn picture(bytes: &[u8], form: &RedactionForm) -> Result<Painted, RedactError> {
    let mut drawn = of_png(bytes)?;
    let (width, height) = (f64::from(drawn.width()), f64::from(drawn.height()));
    let masks = placed(form, &[(width, height)], &[])?;
    paint(&mut drawn, masks.iter(), 1.0);
    let sheet = Sheet { png: png(drawn)?, width, height, shrunk: shrunk(width, height) };
    Ok((vec![sheet], masks))
}

fn shrunk(width: f64, height: f64) -> f64 {
    (PAGE_SIDE / width.max(height)).min(1.0)
}

/// The masks in reading order: those given, and those over words.
fn placed(
    form: &RedactionForm,
    sizes: &[(f64, f64)],
    texts: &[PageText],
) -> Result<Vec<Mask>, OutgoingRefusal> {
    for (n, mask) in (1..).zip(&form.masks) {
        let size = mask.page.checked_sub(1).and_then(|index| sizes.get(index));
        if !size.is_some_and(|(width, height)| mask.lies_on(*width, *height)) {
            return Err(OutgoingRefusal::MaskOutside(n));
        }
    }
    let mut masks = form.masks.clone();
    for words in &form.words {
        let before = masks.len();
        for (page, text) in (1..).zip(texts) {
            masks.extend(over(words, page, text));
        }
        if masks.len() == before {
            return Err(OutgoingRefusal::WordsNotFound(words.text.clone()));
        }
    }
    masks.sort_by(|a, b| (a.page.cmp(&b.page)).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x)));
    Ok(masks)
}

/// Boxes over words wherever they stand on a page, one for each line they run over.
fn over(words: &Words, page: usize, text: &PageText) -> Vec<Mask> {
    let wanted: Vec<char> = plain(&words.text).chars().collect();
    let mut signs: Vec<(char, usize)> = Vec::new();
    for (at, glyph) in text.glyphs.iter().enumerate() {
        let said = glyph.text.as_deref().unwrap_or_default();
        signs.extend(said.chars().filter(|c| !c.is_whitespace()).map(|c| (c, at)));
    }
    let mut masks = Vec::new();
    for found in signs.windows(wanted.len()) {
        if !found.iter().map(|(c, _)| c).eq(&wanted) {
            continue;
        }
        let mut boxes: Vec<Rect> = Vec::new();
        let mut last = None;
        for glyph in found.iter().filter_map(|(_, at)| text.glyphs.get(*at)) {
            match boxes.last_mut() {
                Some(line) if last.is_some_and(|last| glyph.follows(last)) => {
                    *line = line.union(glyph.area);
                }
                _ => boxes.push(glyph.area),
            }
            last = Some(glyph);
        }
        masks.extend(boxes.into_iter().map(|area| {
            let area = area.inflate(MARGIN, MARGIN);
            Mask {
                page,
                x: area.x0,
                y: area.y0,
                width: area.width(),
                height: area.height(),
                ground: words.ground,
            }
        }));
    }
    masks
}

/// Paints masks black, every dot they touch.
fn paint<'m>(picture: &mut Pixmap, masks: impl Iterator<Item = &'m Mask>, scale: f64) {
    let (width, height) = (picture.width(), picture.height());
    let dots = picture.data_as_u8_slice_mut();
    for mask in masks {
        let touches = |from: f64, size: f64| {
            move |dot: u16| {
                let dot = f64::from(dot);
                dot + 1.0 > from * scale && dot < (from + size) * scale
            }
        };
        let across = touches(mask.x, mask.width);
        let down = touches(mask.y, mask.height);
        let columns: Vec<usize> = (0..width).filter(|x| across(*x)).map(usize::from).collect();
        for y in (0..height).filter(|y| down(*y)).map(usize::from) {
            for x in &columns {
                let at = (y * usize::from(width) + x) * 4;
                if let Some(dot) = dots.get_mut(at..at + 4) {
                    dot.copy_from_slice(&[0, 0, 0, 255]);
                }
            }
        }
    }
}
