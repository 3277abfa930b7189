//! JSON bodies: read once, hashed for idempotency, parsed with errors that name the field.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ApiError, shape};

/// Longest JSON body in bytes. The longest form, every text at its limit, takes 60 KB.
pub const LONGEST: usize = 256 * 1024;
/// How long a client may take to send its body.
const SLOWEST: Duration = Duration::from_secs(60);
/// How much too long a body may be for the server to read on, so that the client, still sending,
/// sees the answer and not a broken connection.
const LONGEST_READ: usize = 64 * 1024 * 1024;

/// Objects with more members are not searched for the one to blame.
const MOST_MEMBERS: usize = 32;
/// Members that tell apart what an object is.
const TAGS: [&str; 2] = ["action", "step"];

/// A parsed JSON body.
#[derive(Debug, Clone)]
pub struct JsonBody<T> {
    /// What was sent.
    pub value: T,
    /// SHA-256 of the bytes that were sent, hexadecimal.
    pub sha256: String,
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_in_time(&req, payload).await?;
            Ok(Self { value: parse(&bytes)?, sha256: sha256(&bytes) })
        })
    }
}

/// A JSON body as text, for those who parse it themselves.
#[derive(Debug, Clone)]
pub struct JsonText(pub String);

impl FromRequest for JsonText {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_in_time(&req, payload).await?;
            String::from_utf8(bytes.to_vec()).map(Self).map_err(|_not_text| not_utf8())
        })
    }
}

/// SHA-256 of a body, hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Parses one JSON object and nothing after it. (serde would also take an array of the values in
/// the order of declaration.)
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_not_text| not_utf8())?;
    if !text.trim_start().starts_with('{') {
        let json = serde_json::from_str::<IgnoredAny>(text);
        return Err(json.map_or_else(|error| shape::malformed_json(&error), |_| not_an_object()));
    }
    if let Some(field) = null_character(text) {
        return Err(shape::null_character(&field));
    }
    let mut source = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let problem = shape::json_problem(error);
        match (&problem.problem().field, blamed::<T>(text)) {
            (None, Some(field)) => problem.about(&field),
            _ => problem,
        }
    })?;
    source.end().map_err(|error| shape::malformed_json(&error))?;
    Ok(value)
}

async fn read_in_time(req: &HttpRequest, payload: Payload) -> Result<BytesMut, ApiError> {
    let read = tokio::time::timeout(SLOWEST, read(req, payload)).await;
    read.unwrap_or_else(|_elapsed| Err(ApiError::of_status(StatusCode::REQUEST_TIMEOUT)))
}

/// Where a null character stands: no text has one, and PostgreSQL cannot store it. In JSON it can
/// only be written as an escape.
fn null_character(text: &str) -> Option<String> {
    if !text.contains("\\u0000") {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    find_null(&value, String::new())
}

fn find_null(value: &Value, path: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(at, item)| find_null(item, format!("{path}[{at}]")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let dot = if path.is_empty() { "" } else { "." };
            find_null(member, format!("{path}{dot}{name}"))
        }),
        _ => None,
    }
}

/// The member without which the complaint about an object would be another one. serde loses the
/// path in enums that a member tells apart; the tag itself is only blamed if nothing else is.
fn blamed<T: DeserializeOwned>(text: &str) -> Option<String> {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else { return None };
    if members.len() > MOST_MEMBERS {
        return None;
    }
    let complaint = |members: &Map<String, Value>| {
        serde_json::from_value::<T>(Value::Object(members.clone())).err().map(|e| e.to_string())
    };
    let all = complaint(&members)?;
    let is_tag = |name: &str| TAGS.contains(&name);
    let without = |name: &str| {
        let mut others = members.clone();
        others.remove(name);
        complaint(&others).as_ref() != Some(&all)
    };
    if let Some(guilty) = members.keys().find(|name| !is_tag(name) && without(name)) {
        return Some(guilty.clone());
    }
    // Two members with the same fault cover for each other: what complains alone with the tag?
    let mut alone = members.clone();
    alone.retain(|name, _| is_tag(name));
    if complaint(&alone).as_ref() != Some(&all) {
        let complains = |(name, value): &(&String, &Value)| {
            let mut pair = alone.clone();
            pair.insert((*name).clone(), (*value).clone());
            complaint(&pair).as_ref() == Some(&all)
        };
        if let Some((name, _)) = members.iter().find(complains) {
            return Some(name.clone());
        }
    }
    members.keys().find(|name| is_tag(name) && without(name)).cloned()
}

async fn read(req: &HttpRequest, mut payload: Payload) -> Result<BytesMut, ApiError> {
    if !is_json(req) {
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "请求正文应为 JSON（Content-Type: application/json）",
        ));
    }
    let (mut bytes, mut length) = (BytesMut::new(), 0_usize);
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_broken_off| {
            ApiError::new(StatusCode::BAD_REQUEST, "body_incomplete", "请求正文没有传完")
        })?;
        length = length.saturating_add(piece.len());
        if length <= LONGEST {
            bytes.extend_from_slice(&piece);
        } else if length > LONGEST_READ {
            break;
        }
    }
    if length > LONGEST {
        let detail = format!("提交的内容不能超过 {} KB", LONGEST / 1024);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail));
    }
    Ok(bytes)
}

fn is_json(req: &HttpRequest) -> bool {
    let named = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = named.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| {
        let essence = essence.to_ascii_lowercase();
        essence == "application/json" || essence.ends_with("+json")
    })
}

fn not_an_object() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "wrong_type", "请求正文应为一个 JSON 对象")
}

fn not_utf8() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", "请求正文应为 UTF-8 编码的 JSON")
}
