//! The picture of a seal (印章图片): looked at before it is taken, and cleaned of whatever does not show.
//!
//! A picture has no legal force of its own; that belongs to the stamped paper and to the signature of a
//! seal service. Source: 电子签名法 art. 13; 国务院关于在线政务服务的若干规定 art. 9.

use std::io::Cursor;

use hayro::vello_cpu::Pixmap;

/// Most bytes of the file.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Shortest and longest side in points: sharp on paper, and soon decoded.
const SIDES: std::ops::RangeInclusive<u32> = 200..=2000;
/// How much longer than the other one side may be, in tenths.
const STRETCH: u32 = 12;
/// Smallest shares of the picture, in hundredths: what shows, and what lets the text through.
const LEAST_INK: usize = 2;
const LEAST_CLEAR: usize = 30;

/// A picture that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Written anew: the points alone, without notes, places or anything behind the end.
    pub png: Vec<u8>,
    /// Points across.
    pub width: u32,
    /// Points down.
    pub height: u32,
}

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// No PNG, or a broken one.
    #[error("印章图片应当是完整的PNG文件")]
    NotPng,
    /// Too many bytes.
    #[error("印章图片不得超过1MB")]
    TooLarge,
    /// Too small, too large.
    #[error("印章图片的宽、高应当各为200至2000像素，现为{0}×{1}")]
    Size(u32, u32),
    /// A seal is round, square or nearly so.
    #[error("印章图片的宽、高应当大致相等，现为{0}×{1}，请裁去四周空白")]
    Shape(u32, u32),
    /// It would cover name and date.
    #[error("印章图片的底色应当透明，否则会遮住署名和日期")]
    Opaque,
    /// Nothing shows.
    #[error("印章图片是空白的")]
    Empty,
}

/// Looks at a file that is to become the picture of a seal.
///
/// # Errors
///
/// [`SealFault`]. Nothing is decoded before the size it claims is known to be small.
pub fn check(bytes: &[u8]) -> Result<Checked, SealFault> {
    if bytes.len() > MOST_BYTES {
        return Err(SealFault::TooLarge);
    }
    let (width, height) = size(bytes).ok_or(SealFault::NotPng)?;
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err(SealFault::Size(width, height));
    }
    if width.max(height) * 10 > width.min(height) * STRETCH {
        return Err(SealFault::Shape(width, height));
    }
    let picture = Pixmap::from_png(Cursor::new(bytes)).map_err(|_broken| SealFault::NotPng)?;
    let mut points = picture.data_as_u8_slice().chunks_exact(4).map(|point| point.last());
    let all = points.len();
    let (mut ink, mut clear) = (0, 0);
    for alpha in points.by_ref().flatten() {
        ink += usize::from(*alpha >= 128);
        clear += usize::from(*alpha < 32);
    }
    if ink * 100 < all * LEAST_INK {
        return Err(SealFault::Empty);
    }
    if clear * 100 < all * LEAST_CLEAR {
        return Err(SealFault::Opaque);
    }
    let png = picture.into_png().map_err(|_broken| SealFault::NotPng)?;
    Ok(Checked { png, width, height })
}

/// The size a PNG says it has, from its first chunk. Source: ISO/IEC 15948, 11.2.2.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(*rest.get(at..)?.first_chunk::<4>()?));
    number(0).zip(number(4))
}
