//! The public pages: start, filing, receipt, tracking, errors. Rendered here, without scripts.
//!
//! They know no cookie and no session. What a person may see or do follows from what the form
//! itself carries – number and query code – so another site that makes a browser send a form to us
//! gains nothing it could not send itself: there is nothing to forge (no CSRF token needed). The
//! query code never stands in an address, which logs and histories keep; every page that shows
//! something of a request answers a POST and is not stored.

mod apply;
mod attachments;
pub(super) mod errors;
mod filing;
mod form;
mod home;
mod key;
mod receipt;
mod track;
mod trouble;
mod typed;

use actix_web::http::{StatusCode, header};
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use chrono::NaiveDate;

use super::ApiError;
use crate::domain::dates;

/// Every page. They are no part of the OpenAPI document: the interface for programs is `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.configure(home::routes).configure(apply::routes).configure(track::routes);
}

/// Whether what is at this path is made for people, so that errors there are pages.
#[must_use]
pub(super) fn is_page(path: &str) -> bool {
    let for_programs = ["/api/", "/healthz", "/readyz"];
    path != "/api" && !for_programs.iter().any(|program| path.starts_with(program))
}

/// A length of a file as people read it.
fn size(bytes: i64) -> String {
    const KB: i64 = 1024;
    match bytes / KB {
        0 => format!("{bytes}字节"),
        kb if kb < KB => format!("{kb}KB"),
        kb => format!("{}MB", kb / KB),
    }
}

/// A date as people read it, for the templates.
fn day(date: &NaiveDate) -> String {
    dates::long(*date)
}

/// How long a browser may keep a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Until the next look, when it asks again: pages that are the same for everybody.
    Asking,
    /// Not at all: what a person typed, and what stands in their request.
    Not,
}

/// A page with this status.
fn page(status: StatusCode, keep: Keep, template: &impl Template) -> HttpResponse {
    page_with(&mut HttpResponse::build(status), keep, template)
}

fn page_with(
    answer: &mut HttpResponseBuilder,
    keep: Keep,
    template: &impl Template,
) -> HttpResponse {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => return ApiError::broken(error).response(None),
    };
    let keep = match keep {
        Keep::Asking => "no-cache",
        Keep::Not => "no-store",
    };
    answer
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, keep))
        .body(html)
}
