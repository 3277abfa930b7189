//! Stylesheet and icon of the pages, built into the program.
//!
//! A page names them under an address that holds a hash of their content: browsers keep them for
//! good, and a new version has a new address.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::ApiError;

/// As long as a cache may keep what never changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Digits of the hash in an address.
const DIGITS: usize = 16;

#[derive(RustEmbed)]
#[folder = "assets/web/"]
struct Files;

/// The address of an asset as it is now.
#[must_use]
pub fn address(name: &str) -> String {
    let hash = Files::get(name).map(|file| short_hash(&file)).unwrap_or_default();
    format!("/assets/{hash}/{name}")
}

fn short_hash(file: &EmbeddedFile) -> String {
    hex::encode(file.metadata.sha256_hash()).chars().take(DIGITS).collect()
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(asset);
}

/// An asset. Under the address of another version – a page from before an update, or from another
/// server during one – it is served as it is here, but not to be kept.
#[get("/assets/{hash}/{name}")]
async fn asset(path: Path<(String, String)>, req: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (hash, name) = path.into_inner();
    let file = Files::get(&name).ok_or_else(|| ApiError::of_status(StatusCode::NOT_FOUND))?;
    let tag = format!("\"{}\"", short_hash(&file));
    let current = hash == short_hash(&file);
    let known = req.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag));
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, if current { FOR_GOOD } else { "no-cache" }))
        .insert_header((header::CONTENT_TYPE, media_type(&name)));
    Ok(if known { answer.finish() } else { answer.body(file.data.into_owned()) })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
