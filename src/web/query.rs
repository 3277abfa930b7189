//! Query strings and path segments, with errors that name the field.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::PathError;
use actix_web::http::StatusCode;
use actix_web::web::PathConfig;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{ApiError, shape};

/// A parsed query string.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_urlencoded::parse(req.query_string().as_bytes());
        if let Some((name, _)) = pairs.clone().find(|(_, value)| value.contains('\0')) {
            return ready(Err(shape::null_character(&name)));
        }
        let source = serde_urlencoded::Deserializer::new(pairs);
        let parsed = serde_path_to_error::deserialize(source).map(Self);
        ready(
            parsed.map_err(|error| {
                shape::problem(&error.path().to_string(), &error.inner().to_string())
            }),
        )
    }
}

/// Makes a path segment of the wrong form, such as an id that is none, a problem.
#[must_use]
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_: PathError, req| {
        // actix does not say which segment it was; every path here has one or names them alike.
        let field = req.match_info().iter().next().map(|(name, _)| name.to_owned());
        let field = field.unwrap_or_default();
        let detail = format!("路径中的“{field}”格式不对");
        ApiError::new(StatusCode::BAD_REQUEST, "malformed_path", detail).with_field(field).into()
    })
}
