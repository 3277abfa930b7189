//! QR code and bar code of a receipt, as SVG.

use barcoders::{generators::svg::SVG, sym::code128::Code128};
use qrcode::{EcLevel, QrCode, render::svg};

use super::error::RenderError;

/// Returns `address` as a QR code that survives a fold or a stain (15 % damage).
///
/// # Errors
///
/// [`RenderError::TrackUrlTooLong`] above about 2,300 bytes.
pub(super) fn qr(address: &str) -> Result<String, RenderError> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M);
    let code = code.or(Err(RenderError::TrackUrlTooLong))?;
    // The sheet itself leaves the quiet zone, so the picture needs none of its own.
    Ok(code.render::<svg::Color<'_>>().quiet_zone(false).min_dimensions(200, 200).build())
}

/// Returns `number` as Code 128, or None if it holds anything but ASCII: then there is no bar code.
///
/// Code set B takes numbers of any length; set C would want an even one.
pub(super) fn code128(number: &str) -> Option<String> {
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_graphic()) {
        return None;
    }
    let bars = Code128::new(format!("\u{0181}{number}")).ok()?.encode();
    SVG::new(60).xmlns("http://www.w3.org/2000/svg".to_owned()).generate(&bars).ok()
}
