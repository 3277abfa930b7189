//! The file formats of a notice, and sheets that are set for somebody and kept nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::app::{App, AppError};
use crate::documents::{Notice, RenderError, docx, html};

/// How fine the picture of a page is: legible, and drawn in some 20 ms.
const PREVIEW_DPI: u16 = 108;

/// A file format of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PDF/A-2a, PDF/UA-1.
    Pdf,
    /// Word.
    Docx,
    /// For the screen.
    Html,
}

/// A file as it goes to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Format {
    /// The ending of a file name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Html => "html",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// What a browser may apply to a notice as HTML: the stylesheet inside it, by its digest
/// (`Content-Security-Policy`).
#[must_use]
pub fn style_digest() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(html::STYLE.as_bytes())))
}

fn unprintable(error: RenderError) -> AppError {
    match error {
        RenderError::NoSuchPage { .. } => AppError::NotFound("该页"),
        error => AppError::Unprintable(error.to_string()),
    }
}

impl App {
    /// Sets a sheet that is frozen nowhere, for reading or for a signature by hand.
    ///
    /// # Errors
    ///
    /// [`AppError::Unprintable`].
    pub(in crate::app) async fn set(
        &self,
        notice: Notice,
        format: Format,
    ) -> Result<Document, AppError> {
        let name = format!("{}.{}", notice.title, format.ending());
        let notice = self.with_seal(notice).await?;
        let engine = self.engine.clone();
        let set = tokio::task::spawn_blocking(move || match format {
            Format::Pdf => engine.pdf(&notice),
            Format::Docx => docx(&notice),
            Format::Html => html(&notice).map(String::into_bytes),
        });
        let bytes = set.await.map_err(AppError::broken)?.map_err(unprintable)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Ok(Document { name, media_type: format.media_type(), sha256, bytes })
    }

    /// Draws one page of a sheet, counted from 1.
    ///
    /// # Errors
    ///
    /// [`AppError::Unprintable`]; [`AppError::NotFound`] for a page that is not there.
    pub(in crate::app) async fn page(
        &self,
        notice: Notice,
        page: usize,
    ) -> Result<Document, AppError> {
        let notice = self.with_seal(notice).await?;
        let engine = self.engine.clone();
        let drawn = tokio::task::spawn_blocking(move || engine.png(&notice, page, PREVIEW_DPI));
        let bytes = drawn.await.map_err(AppError::broken)?.map_err(unprintable)?;
        let name = format!("第{page}页.png");
        Ok(Document { name, media_type: "image/png", sha256: String::new(), bytes })
    }
}
