//! Which methods each address knows: an address that is there does not answer a wrong method as if
//! it were not (RFC 9110, 15.5.6).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, StatusCode};

use super::{ApiError, docs};

/// Addresses that the OpenAPI document does not list: pages, their assets, the document itself.
const BESIDE_THE_API: [(&str, &[&str]); 8] = [
    ("/", &["GET", "HEAD"]),
    ("/apply", &["GET", "HEAD", "POST"]),
    ("/track", &["GET", "HEAD", "POST"]),
    (
        "/track/{step:correction|reasons|rating|withdrawal|files|documents|supplied}",
        &["GET", "HEAD", "POST"],
    ),
    ("/assets/{hash}/{name}", &["GET"]),
    ("/api/v1/openapi.json", &["GET"]),
    ("/api/docs", &["GET"]),
    ("/api/docs/{file:.*}", &["GET"]),
];

static ADDRESSES: LazyLock<Vec<(ResourceDef, BTreeSet<String>)>> = LazyLock::new(|| {
    let beside = BESIDE_THE_API.iter().map(|(pattern, methods)| {
        (ResourceDef::new(*pattern), methods.iter().map(ToString::to_string).collect())
    });
    let api = docs::methods().into_iter();
    api.map(|(pattern, methods)| (ResourceDef::new(pattern), methods)).chain(beside).collect()
});

/// The answer to a method that the address does not know; `None` where the address is not there, or
/// knows it.
#[must_use]
pub(super) fn refusal(method: &Method, path: &str) -> Option<ApiError> {
    let all = || ADDRESSES.iter().filter(|(pattern, _)| pattern.is_match(path));
    // `/calendar/preview` is no year of `/calendar/{year}`.
    let by_name = all().any(|(pattern, _)| pattern.pattern() == Some(path));
    let there = all().filter(|(pattern, _)| !by_name || pattern.pattern() == Some(path));
    let known: BTreeSet<&str> =
        there.flat_map(|(_, methods)| methods).map(String::as_str).collect();
    if known.is_empty() || known.contains(method.as_str()) {
        return None;
    }
    let known: Vec<&str> = known.into_iter().collect();
    let error = ApiError::of_status(StatusCode::METHOD_NOT_ALLOWED);
    Some(error.with_allow(known.join(", ")))
}
