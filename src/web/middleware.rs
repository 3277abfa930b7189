//! Round every request: its id, its log line, the form of its errors – problem documents for
//! programs, pages for people –, the headers that protect the browser. Log lines hold no personal
//! data: the route's pattern, never the path or the query.

use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use futures_util::FutureExt;
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::client::{ClientAddress, TrustedProxies};
use super::portal::errors;
use super::problem::MEDIA_TYPE;
use super::{ApiError, methods, portal};
use crate::app::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Identifies one request in the answer, in the log and in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    /// The one the proxy or the client gave, if it is plain and short; else a new one.
    fn of(req: &ServiceRequest) -> Self {
        let plain = |id: &&str| {
            (8..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let given = req.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
        given
            .filter(plain)
            .map_or_else(|| Self(Uuid::now_v7().to_string()), |id| Self(id.to_owned()))
    }
}

/// What the middleware must know.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Proxies in front of the server.
    pub proxies: TrustedProxies,
    /// Whether people reach the server by HTTPS.
    pub https: bool,
}

/// The outermost middleware.
///
/// # Errors
///
/// Only after a panic further in: nothing is left of the request then, and the error makes the
/// answer by itself, in the same form and with the same headers.
pub async fn frame(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = RequestId::of(&req);
    let around = req.app_data::<Data<Surroundings>>().cloned();
    if let Some(address) = around.as_ref().and_then(|around| around.proxies.client(&req)) {
        req.extensions_mut().insert(ClientAddress(address));
    }
    req.extensions_mut().insert(id.clone());
    work_on_behalf_of(&mut req, &id);
    let https = around.is_some_and(|around| around.https);
    let path = req.path().to_owned();
    let span = tracing::info_span!("request", request_id = %id.0, method = %req.method());
    let answer = AssertUnwindSafe(next.call(req)).catch_unwind().instrument(span.clone()).await;
    let unanswered = |error| Unanswered { error, id: id.clone(), path: path.clone(), https }.into();
    let result = match answer {
        Ok(Ok(response)) => Ok(finished(response, &id, https)),
        Ok(Err(error)) => Err(unanswered(ApiError::broken(error))),
        Err(panic) => Err(unanswered(panicked(&*panic))),
    };
    log(&span, started, result.as_ref());
    result
}

/// Gives the handlers use cases that know for which call they work, in place of those of the server.
fn work_on_behalf_of(req: &mut ServiceRequest, id: &RequestId) {
    let Some(app) = req.app_data::<Data<App>>().map(|app| app.on_behalf_of(&id.0)) else { return };
    let mut data = Extensions::new();
    data.insert(Data::new(app));
    req.add_data_container(Rc::new(data));
}

fn panicked(panic: &(dyn Any + Send)) -> ApiError {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
    ApiError::broken(format!("panic: {said}"))
}

/// An error that makes an answer of itself.
#[derive(Debug)]
pub struct Unanswered {
    /// What went wrong; its cause goes to the log alone.
    pub error: ApiError,
    id: RequestId,
    path: String,
    https: bool,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Unanswered {
    fn status_code(&self) -> StatusCode {
        self.error.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = formed(&self.error, &self.id, &self.path);
        complete(answer.headers_mut(), &self.id, &self.path, self.https);
        answer
    }
}

/// An error in the form that whoever asks at this path can read.
fn formed(error: &ApiError, id: &RequestId, path: &str) -> HttpResponse {
    match portal::is_page(path) {
        true => errors::page(error, Some(&id.0)),
        false => error.response(Some(&id.0)),
    }
}

/// Adds the headers of every answer.
fn complete(headers: &mut HeaderMap, id: &RequestId, path: &str, https: bool) {
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
    protect(headers, path, https);
}

/// Gives errors the form of a problem and adds the headers.
fn finished(
    response: ServiceResponse<impl MessageBody + 'static>,
    id: &RequestId,
    https: bool,
) -> ServiceResponse<BoxBody> {
    let path = response.request().path().to_owned();
    let mut response = match problem_of(&response) {
        Some(error) => {
            let answer = formed(&error, id, &path);
            response.into_response(answer)
        }
        None => response.map_into_boxed_body(),
    };
    complete(response.headers_mut(), id, &path, https);
    response
}

/// The problem to answer with, where the answer is an error that has no form of its own yet.
fn problem_of<B>(response: &ServiceResponse<B>) -> Option<ApiError> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let error = response.response().error();
    if let Some(error) = error.and_then(|error| error.as_error::<ApiError>()) {
        if let Some(cause) = error.cause() {
            tracing::error!(code = error.problem().code, cause, "a request failed");
        }
        return Some(error.clone());
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let formed = ["text/html", "application/json", MEDIA_TYPE];
    let formed = kind.is_some_and(|kind| formed.iter().any(|form| kind.starts_with(form)));
    let not_there = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
    let request = response.request();
    let wrong_method =
        not_there.then(|| methods::refusal(request.method(), request.path())).flatten();
    (!formed).then(|| wrong_method.unwrap_or_else(|| ApiError::of_status(status)))
}

fn log(span: &Span, started: Instant, result: Result<&ServiceResponse<BoxBody>, &Error>) {
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _entered = span.enter();
    match result {
        Ok(response) => {
            let route = response.request().match_pattern();
            let route = route.as_deref().unwrap_or("none");
            tracing::info!(route, status = response.status().as_u16(), ms, "answered");
        }
        Err(error) => {
            let cause = error.as_error::<Unanswered>().and_then(|error| error.error.cause());
            tracing::error!(cause = cause.unwrap_or("unknown"), ms, "not answered");
        }
    }
}

/// Nothing of the API is ever shown as a page.
const CSP_API: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI sets styles from its scripts.
const CSP_DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Pages: everything from here, nothing inline.
const CSP_PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
const HSTS: &str = "max-age=31536000";

/// Adds the headers that protect the browser, leaving alone what a handler has set.
fn protect(headers: &mut HeaderMap, path: &str, https: bool) {
    let api = path.starts_with("/api/");
    let csp = match path {
        path if path.starts_with("/api/docs") => CSP_DOCS,
        _ if api => CSP_API,
        _ => CSP_PAGES,
    };
    let always = [
        (header::CONTENT_SECURITY_POLICY, csp),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()"),
    ];
    let secure = https.then_some((header::STRICT_TRANSPORT_SECURITY, HSTS));
    // What the API says may be personal data, or old a moment later.
    let unstored = api.then_some((header::CACHE_CONTROL, "no-store"));
    for (name, value) in always.into_iter().chain(secure).chain(unstored) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
