//! `If-Match` and `ETag`: a change names the version it was made from, so that nobody overwrites
//! what somebody else did in between.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::IntoParams;

use super::ApiError;

/// The header as the OpenAPI document shows it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; Expected reads it")]
pub struct MatchHeader {
    /// The `ETag` under which the object was read, such as `"3"`.
    #[param(rename = "If-Match", example = "\"3\"")]
    if_match: String,
}

/// The version a change was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected(pub i32);

impl FromRequest for Expected {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(req))
    }
}

fn read(req: &HttpRequest) -> Result<Expected, ApiError> {
    let Some(value) = req.headers().get(header::IF_MATCH) else {
        return Err(fault(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition_required",
            "请在请求头 If-Match 中给出读取时的 ETag，以免覆盖他人的修改",
        ));
    };
    value.to_str().ok().and_then(version).map(Expected).ok_or_else(|| {
        fault(
            StatusCode::BAD_REQUEST,
            "if_match_malformed",
            "请求头 If-Match 应为一个 ETag，如 \"3\"",
        )
    })
}

/// The number between the quotes. A weak tag or `*` names no version.
#[must_use]
pub fn version(tag: &str) -> Option<i32> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn fault(status: StatusCode, code: &str, detail: &str) -> ApiError {
    ApiError::new(status, code, detail).with_field("If-Match")
}

/// An answer in JSON with the version it shows as `ETag`.
#[derive(Debug)]
pub struct Tagged<T> {
    value: T,
    version: i32,
    status: StatusCode,
    location: Option<String>,
}

impl<T> Tagged<T> {
    /// `200 OK` with this version.
    pub fn ok(value: T, version: i32) -> Self {
        Self { value, version, status: StatusCode::OK, location: None }
    }

    /// `201 Created` at this path.
    pub fn created(value: T, version: i32, location: String) -> Self {
        Self { value, version, status: StatusCode::CREATED, location: Some(location) }
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((header::ETAG, format!("\"{}\"", self.version)));
        if let Some(location) = self.location {
            answer.insert_header((header::LOCATION, location));
        }
        answer.json(self.value)
    }
}
