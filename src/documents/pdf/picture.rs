//! Pages as pictures, and pictures as pages.

use std::io::Cursor;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};

use super::open::{Unread, open};
use super::settings::ReadingFonts;
use crate::documents::engine::Engine;

/// Most points of a picture, and its longest side.
const MOST_PIXELS: f64 = 20_000_000.0;
const LONGEST_SIDE: f64 = 16_000.0;

/// A picture of a page to look at: 108 dots to the inch.
const TO_LOOK_AT: f32 = 1.5;

impl Engine {
    /// Draws a page of a PDF, counted from 1, to be looked at; `None` if it has no such page.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    pub fn page_picture(&self, bytes: &[u8], page: usize) -> Result<Option<Vec<u8>>, Unread> {
        let pdf = open(bytes)?;
        let wanted = page.checked_sub(1).and_then(|index| pdf.pages().get(index));
        let Some(page) = wanted else { return Ok(None) };
        png(draw(page, &RenderCache::new(), &self.reading_fonts(), TO_LOOK_AT)?).map(Some)
    }
}

/// Draws a page on white.
///
/// # Errors
///
/// [`Unread::TooLarge`] for a page of unlikely size.
pub fn draw<'p>(
    page: &'p Page<'p>,
    cache: &RenderCache<'p>,
    fonts: &ReadingFonts,
    scale: f32,
) -> Result<Pixmap, Unread> {
    let (width, height) = page.render_dimensions();
    fits(f64::from(width * scale), f64::from(height * scale))?;
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
        ..RenderSettings::default()
    };
    Ok(render(page, cache, &fonts.settings(), &settings))
}

fn fits(width: f64, height: f64) -> Result<(), Unread> {
    let sides = 1.0..=LONGEST_SIDE;
    if sides.contains(&width) && sides.contains(&height) && width * height <= MOST_PIXELS {
        Ok(())
    } else {
        Err(Unread::TooLarge)
    }
}

/// A picture as a file.
///
/// # Errors
///
/// [`Unread::Damaged`] if it cannot be written.
pub fn png(picture: Pixmap) -> Result<Vec<u8>, Unread> {
    picture.into_png().map_err(|_broken| Unread::Damaged)
}

/// A PNG file as a picture on white.
///
/// # Errors
///
/// [`Unread`].
pub fn of_png(bytes: &[u8]) -> Result<Pixmap, Unread> {
    let size = |at: usize| {
        let four = bytes.get(at..)?.first_chunk::<4>()?;
        Some(f64::from(u32::from_be_bytes(*four)))
    };
    let (width, height) = size(16).zip(size(20)).ok_or(Unread::Damaged)?;
    fits(width, height)?;
    let mut picture = Pixmap::from_png(Cursor::new(bytes)).map_err(|_broken| Unread::Damaged)?;
    for point in picture.data_as_u8_slice_mut().chunks_exact_mut(4) {
        if let [red, green, blue, alpha] = point {
            let paper = 255 - *alpha;
            *red = red.saturating_add(paper);
            *green = green.saturating_add(paper);
            *blue = blue.saturating_add(paper);
            *alpha = 255;
        }
    }
    Ok(picture)
}

/// A JPEG file as a PDF of one page, one point a pixel, turned as the camera was held.
///
/// # Errors
///
/// [`Unread`].
pub fn of_jpeg(bytes: &[u8]) -> Result<Pdf, Unread> {
    let Frame { width, height, colours } = frame(bytes).ok_or(Unread::Damaged)?;
    fits(f64::from(width), f64::from(height))?;
    let space = match colours {
        1 => "/DeviceGray",
        3 => "/DeviceRGB",
        _ => return Err(Unread::Unsupported),
    };
    let turn = match orientation(bytes) {
        1 => 0,
        3 => 180,
        6 => 90,
        8 => 270,
        _ => return Err(Unread::Unsupported),
    };
    let draw = format!("q {width} 0 0 {height} 0 0 cm /I Do Q");
    let mut pdf = format!(
        "%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
         2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
         3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {turn} \
         /Contents 4 0 R /Resources <</XObject <</I 5 0 R>>>>>> endobj\n\
         4 0 obj <</Length {}>> stream\n{draw}\nendstream endobj\n\
         5 0 obj <</Type /XObject /Subtype /Image /Width {width} /Height {height} \
         /BitsPerComponent 8 /ColorSpace {space} /Filter /DCTDecode /Length {}>> stream\n",
        draw.len(),
        bytes.len(),
    )
    .into_bytes();
    pdf.extend(bytes);
    pdf.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R /Size 6>>\n%%EOF\n");
    open(&pdf)
}

struct Frame {
    width: u16,
    height: u16,
    colours: u8,
}

/// Size and colours of a JPEG. Source: ITU-T T.81, B.2.2.
fn frame(bytes: &[u8]) -> Option<Frame> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    loop {
        let (mark, after) = rest.split_first_chunk::<2>()?;
        let [0xFF, kind] = *mark else { return None };
        if kind == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
        let is_frame = matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            let [_, _, _, high, low, wide, narrow, colours] = *after.first_chunk::<8>()?;
            let (height, width) =
                (u16::from_be_bytes([high, low]), u16::from_be_bytes([wide, narrow]));
            return Some(Frame { width, height, colours });
        }
        rest = after.get(length..)?;
    }
}

fn orientation(bytes: &[u8]) -> u32 {
    let read = exif::Reader::new().read_from_container(&mut Cursor::new(bytes));
    let field = read.ok().and_then(|exif| {
        exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)
    });
    field.unwrap_or(1)
}
