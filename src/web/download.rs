//! Documents on their way out: file name, type, digest, and no guessing by the browser.

use actix_web::HttpResponse;
use actix_web::http::header::ExtendedValue;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType,
};

use crate::app::notices::rendering::Document;

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
    if !document.sha256.is_empty() {
        answer.insert_header((header::ETAG, format!("\"{}\"", document.sha256)));
    }
    answer.body(document.bytes)
}
