//! `Idempotency-Key`: required on every POST that changes something, so that a client which hears
//! nothing may send again without a second effect. See docs/decisions/0005-idempotency.md.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use utoipa::IntoParams;

use super::{ApiError, JsonBody, body};
use crate::app::Principal;
use crate::app::once::Once;

const HEADER: &str = "Idempotency-Key";
/// A key shorter than this is a counter, not a key.
const SHORTEST: usize = 8;
const LONGEST: usize = 200;
/// Who sends when nobody is signed in. Keys of citizens share one name space: they are random.
const CITIZEN: &str = "citizen";

/// The header as the OpenAPI document shows it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; Key reads it")]
pub struct KeyHeader {
    /// 8–200 printable ASCII signs chosen by the client, best a UUID. The same key with the same
    /// body has one effect and gets the same answer again.
    #[param(rename = "Idempotency-Key", min_length = 8, max_length = 200)]
    idempotency_key: String,
}

/// The key of a POST, and where it was sent.
#[derive(Debug, Clone)]
pub struct Key {
    key: String,
    route: String,
}

impl Key {
    /// The attempt of a person who is signed in.
    #[must_use]
    pub fn once<T>(self, who: &Principal, body: &JsonBody<T>) -> Once {
        self.of(who.user.to_string(), body.sha256.clone())
    }

    /// The attempt of a person who is signed in, without a body.
    #[must_use]
    pub fn once_without_body(self, who: &Principal) -> Once {
        self.of(who.user.to_string(), body::sha256(b""))
    }

    /// The attempt of a citizen without an account.
    #[must_use]
    pub fn once_of_citizen<T>(self, body: &JsonBody<T>) -> Once {
        self.of(CITIZEN.to_owned(), body.sha256.clone())
    }

    /// The attempt of `actor` with a body of this SHA-256 (hexadecimal), for uploads.
    #[must_use]
    pub fn of(self, actor: String, request_sha256: String) -> Once {
        Once { actor, key: self.key, route: self.route, request_sha256 }
    }
}

impl FromRequest for Key {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(req))
    }
}

fn read(req: &HttpRequest) -> Result<Key, ApiError> {
    let Some(value) = req.headers().get(HEADER) else {
        return Err(fault(
            "idempotency_key_missing",
            "请在请求头 Idempotency-Key 中给出一个不重复的编号（如 UUID），以免重复提交",
        ));
    };
    match value.to_str() {
        Ok(key) if is_key(key) => {
            Ok(Key { key: key.to_owned(), route: format!("{} {}", req.method(), req.path()) })
        }
        _ => Err(fault(
            "idempotency_key_malformed",
            "请求头 Idempotency-Key 应为 8 至 200 个可见的 ASCII 字符",
        )),
    }
}

fn is_key(key: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

fn fault(code: &str, detail: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, detail).with_field(HEADER)
}
