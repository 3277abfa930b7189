//! Documents on their way out: file name, type, digest, and no guessing by the browser.

use actix_web::HttpResponse;
use actix_web::http::header::ExtendedValue;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType,
};

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::notices::formats::{Document, Format, style_digest};

/// In which file format.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// PDF, unless something else is said.
    #[serde(default)]
    #[param(inline)]
    pub format: FileFormat,
}

/// A file format.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// PDF/A.
    #[default]
    Pdf,
    /// For Word and WPS.
    Docx,
    /// For the screen.
    Html,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Pdf => Self::Pdf,
            FileFormat::Docx => Self::Docx,
            FileFormat::Html => Self::Html,
        }
    }
}

/// Sends a document as a download.
#[must_use]
pub fn send(document: Document) -> HttpResponse {
    answer(document, DispositionType::Attachment)
}

/// Sends a document to be looked at.
#[must_use]
pub fn inline(document: Document) -> HttpResponse {
    answer(document, DispositionType::Inline)
}

fn answer(document: Document, disposition: DispositionType) -> HttpResponse {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: document.name.into_bytes(),
    };
    let disposition =
        ContentDisposition { disposition, parameters: vec![DispositionParam::FilenameExt(name)] };
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, document.media_type))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(disposition);
    if document.media_type == Format::Html.media_type() {
        answer.insert_header((header::CONTENT_SECURITY_POLICY, page_policy()));
    }
    if !document.sha256.is_empty() {
        answer.insert_header((header::ETAG, format!("\"{}\"", document.sha256)));
    }
    answer.body(document.bytes)
}

/// A notice as a page: its own stylesheet and the pictures inside it, and nothing else.
fn page_policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; img-src data:; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'",
        style_digest()
    )
}
