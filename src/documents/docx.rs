//! Writes notices as DOCX, for officers who must still change a word in Word or WPS.
//!
//! The same content as the PDF in the layout of GB/T 9704-2012. Fonts are only named (仿宋_GB2312,
//! 方正小标宋简体, 黑体, 楷体_GB2312): an office computer has them. The codes of a receipt are pictures
//! and stand in the PDF only; the DOCX gives number, code and address as text.

mod body;
mod form;
mod package;
mod paragraph;
mod receipt;
mod section;
mod table;

use super::error::RenderError;
use super::notice::{Layout, Notice};

pub(super) use paragraph::escaped;

/// Returns the notice as DOCX. The same notice always gives the same bytes.
///
/// # Errors
///
/// [`RenderError::Packaging`] if the archive cannot be written; no content can cause it.
pub fn docx(notice: &Notice) -> Result<Vec<u8>, RenderError> {
    let notice = notice.cleaned();
    let body = match notice.layout {
        Layout::Official => body::official(&notice),
        Layout::Letter => body::letter(&notice),
        Layout::Receipt => receipt::both_copies(&notice),
        Layout::Form => form::form(&notice),
    };
    package::pack(&notice, &body).map_err(|e| RenderError::Packaging(e.to_string()))
}
