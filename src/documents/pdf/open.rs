//! Opening a PDF that may be damaged, encrypted, or made to exhaust whoever opens it.
//!
//! The reading library inflates streams without a limit and follows nesting without one. Both are
//! therefore measured before it gets the file.

use std::io::Read;
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use hayro::hayro_syntax::{LoadPdfError, Pdf};

/// Most bytes all streams of a file may come to.
const MOST_INFLATED: u64 = 256 * 1024 * 1024;
/// Most bytes of one stream that are kept to see whether it is compressed once more.
const KEPT: u64 = 4 * 1024 * 1024;
/// How often a stream may be compressed within itself.
const DEEPEST_FILTERS: u8 = 3;
/// How deep arrays and dictionaries may be nested.
const DEEPEST_NESTING: u32 = 256;
/// Most pages that are looked at.
const MOST_PAGES: usize = 3000;

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// No file of its kind, or a broken one.
    #[error("文件已损坏或者不规范，无法读取")]
    Damaged,
    /// Only whoever has the password can.
    #[error("文件已加密，请另存为不加密的文件")]
    Encrypted,
    /// Too many pages, parts or bytes.
    #[error("文件过大或者过于复杂")]
    TooLarge,
    /// A PDF without a page.
    #[error("文件没有页面")]
    Empty,
    /// Of a kind that cannot be looked into.
    #[error("这种格式无法检查，请另存为 PDF、docx 或者 xlsx")]
    Unsupported,
}

/// Opens a PDF.
///
/// # Errors
///
/// [`Unread`].
pub fn open(bytes: &[u8]) -> Result<Pdf, Unread> {
    if contains(bytes, b"/Encrypt") {
        return Err(Unread::Encrypted);
    }
    measure(bytes)?;
    let pdf = Pdf::new(Arc::new(bytes.to_vec())).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unread::Encrypted,
        LoadPdfError::Invalid => Unread::Damaged,
    })?;
    match pdf.pages().len() {
        0 => Err(Unread::Empty),
        pages if pages > MOST_PAGES => Err(Unread::TooLarge),
        _ => Ok(pdf),
    }
}

/// Whether `needle` stands anywhere in the bytes.
#[must_use]
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    places(bytes, needle).next().is_some()
}

/// Where `needle` stands in the bytes.
pub fn places<'b>(bytes: &'b [u8], needle: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let found = bytes.windows(needle.len()).enumerate();
    found.filter(move |(_, window)| *window == needle).map(|(at, _)| at)
}

/// Inflates every stream once, to see how much there is and how deep it is nested.
fn measure(bytes: &[u8]) -> Result<(), Unread> {
    flat_enough(bytes)?;
    let mut left = MOST_INFLATED;
    for at in places(bytes, b"stream") {
        let after = bytes.get(at + b"stream".len()..).unwrap_or_default();
        let body = match after {
            [b'\r', b'\n', body @ ..] | [b'\n' | b'\r', body @ ..] => body,
            _ => continue,
        };
        inflated(body, &mut left, DEEPEST_FILTERS)?;
    }
    Ok(())
}

fn inflated(body: &[u8], left: &mut u64, filters: u8) -> Result<(), Unread> {
    if !is_zlib(body) {
        return Ok(());
    }
    if filters == 0 {
        return Err(Unread::TooLarge);
    }
    let mut decoder = ZlibDecoder::new(body);
    let mut kept = Vec::new();
    // What does not inflate to its end is for the library to make something of, or nothing.
    let _broken = decoder.by_ref().take(KEPT.min(*left + 1)).read_to_end(&mut kept);
    let rest = std::io::copy(&mut decoder.take(*left + 1), &mut std::io::sink()).unwrap_or(0);
    let size = u64::try_from(kept.len()).unwrap_or(u64::MAX).saturating_add(rest);
    *left = left.checked_sub(size).ok_or(Unread::TooLarge)?;
    flat_enough(&kept)?;
    inflated(&kept, left, filters - 1)
}

fn is_zlib(body: &[u8]) -> bool {
    match body {
        [first, second, ..] => {
            first & 0x0F == 8 && (u16::from(*first) * 256 + u16::from(*second)).is_multiple_of(31)
        }
        _ => false,
    }
}

/// Whether nothing is nested deeper than a reader can follow. Brackets in texts and pictures count as
/// well; there they hardly ever open more than they close, one after the other.
fn flat_enough(bytes: &[u8]) -> Result<(), Unread> {
    let (mut depth, mut run) = (0_u32, 0_u32);
    for byte in bytes {
        match byte {
            b'[' | b'<' => {
                depth += 1;
                run = run.max(depth);
            }
            b']' | b'>' => depth = depth.saturating_sub(1),
            // A word between brackets ends no nesting, but a line of data does not go on with it.
            0x00..=0x08 | 0x80..=0xFF => depth = 0,
            _ => {}
        }
        if run > DEEPEST_NESTING {
            return Err(Unread::TooLarge);
        }
    }
    Ok(())
}
