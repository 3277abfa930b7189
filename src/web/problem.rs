//! Errors over HTTP: problem documents (RFC 9457) with a stable code and a Chinese sentence.
//!
//! An [`ApiError`] has two faces. The [`Problem`] goes to the caller and never shows internals; the
//! cause goes to the log, beside the request id that both carry.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppError;
use crate::app::entries::EntryView;
use crate::domain::clock::ClockRefusal;
use crate::domain::refusal::Refusal;
use crate::domain::request::FieldFault;

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Seconds after which a busy server may be asked again.
const BUSY_SECONDS: u64 = 2;

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field, such as `applicant.phone`.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

/// A problem document (RFC 9457).
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:gongkai:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The class of the problem, in Chinese; the same for every problem of a status.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What is wrong this time and what to do, in Chinese.
    pub detail: String,
    /// Stable code, to be told apart by programs.
    pub code: String,
    /// The one field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The article that forbids the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<&'static str>,
    /// The version now, when somebody else acted first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// What happened since the version that was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<EntryView>>,
    /// Of a refusal by the clock: the same as `detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of a refusal by the clock: the index of the refused event, or null.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<usize>)]
    pub event: Option<Option<usize>>,
    /// Quote this when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// An error of a handler or an extractor.
#[derive(Debug, Clone)]
pub struct ApiError(Box<Inner>);

#[derive(Debug, Clone, Default)]
struct Inner {
    problem: Problem,
    retry_after: Option<u64>,
    allow: Option<String>,
    /// For the log only.
    cause: Option<String>,
}

impl ApiError {
    /// A problem with this status, code and Chinese sentence.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        let problem = Problem {
            kind: format!("urn:gongkai:problem:{code}"),
            title: title(status),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            ..Problem::default()
        };
        Self(Box::new(Inner { problem, ..Inner::default() }))
    }

    /// The answer to a framework error or a path nobody serves.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not_found", "没有这个地址，请核对路径"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "这个地址不支持该方法，可用的方法见 Allow")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "提交的内容过大"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "不支持的内容类型"),
            StatusCode::REQUEST_TIMEOUT => ("request_timeout", "没有在限定时间内收到完整的请求"),
            status if status.is_client_error() => ("bad_request", "请求有误，请核对后重试"),
            _ => ("internal_error", "系统出现故障，请稍后再试；如需帮助，请提供请求编号"),
        };
        Self::new(status, code, detail)
    }

    /// A fault of the program; `cause` is for the log only.
    #[must_use]
    pub fn broken(cause: impl fmt::Display) -> Self {
        let mut error = Self::of_status(StatusCode::INTERNAL_SERVER_ERROR);
        error.0.cause = Some(cause.to_string());
        error
    }

    /// Something that may work a little later; `cause` is for the log only.
    fn passing(code: &str, detail: &str, cause: impl fmt::Display) -> Self {
        let mut error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).with_retry_after(BUSY_SECONDS);
        error.0.cause = Some(cause.to_string());
        error
    }

    /// Names the field concerned.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        let field = field.into();
        self.0.problem.field = (!field.is_empty()).then_some(field);
        self
    }

    /// Names the field concerned, in the sentence as well.
    #[must_use]
    pub fn about(mut self, field: &str) -> Self {
        self.0.problem.detail = format!("“{field}”{}", self.0.problem.detail);
        self.with_field(field)
    }

    /// Says how many seconds to wait.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Says which methods the address knows, separated by commas.
    #[must_use]
    pub fn with_allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// How many seconds to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// What the caller is told.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// What only the log is told.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The answer, carrying the request id if there is one.
    #[must_use]
    pub fn response(&self, request_id: Option<&str>) -> HttpResponse {
        let mut problem = self.0.problem.clone();
        problem.request_id = request_id.map(ToOwned::to_owned).or(problem.request_id);
        let mut answer = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.0.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        if let Some(methods) = &self.0.allow {
            answer.insert_header((header::ALLOW, methods.as_str()));
        }
        if problem.status == StatusCode::UNAUTHORIZED.as_u16() {
            answer.insert_header((header::WWW_AUTHENTICATE, challenge(&problem.code)));
        }
        if let Some(version) = problem.version {
            answer.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        let body = serde_json::to_string(&problem).unwrap_or_default();
        answer.content_type(MEDIA_TYPE).body(body)
    }
}

/// Says that a token is wanted, and whether the one that came was no good (RFC 6750).
fn challenge(code: &str) -> HeaderValue {
    HeaderValue::from_static(match code {
        "not_signed_in" | "sign_in_failed" => "Bearer realm=\"gongkai\"",
        _ => "Bearer realm=\"gongkai\", error=\"invalid_token\"",
    })
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "需要登录",
        403 => "没有权限",
        404 => "没有找到",
        405 => "不支持的方法",
        409 => "与现有记录冲突",
        413 => "内容过大",
        415 => "不支持的内容类型",
        422 => "不能这样办理",
        428 => "缺少版本条件",
        429 => "操作过于频繁",
        503 => "系统繁忙",
        500..=599 => "系统故障",
        _ => "请求有误",
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.problem.code)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None)
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let message = error.to_string();
        match error {
            AppError::Refused(refusal) => refused(&refusal),
            AppError::Invalid(faults) => invalid(faults),
            AppError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", message),
            AppError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", message),
            AppError::Unauthenticated { code, .. } => {
                Self::new(StatusCode::UNAUTHORIZED, code, message)
            }
            AppError::Changed { version, changes } => {
                let mut error = Self::new(StatusCode::CONFLICT, "changed", message);
                error.0.problem.version = Some(version);
                error.0.problem.changes = Some(changes);
                error
            }
            AppError::Conflict { code, .. } => Self::new(StatusCode::CONFLICT, code, message),
            AppError::Unprintable(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprintable", message)
            }
            AppError::TooMany { retry_after } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message)
                    .with_retry_after(retry_after)
            }
            AppError::Upload { code, .. } => {
                Self::new(upload_status(code), code, message).with_field("file")
            }
            AppError::StorageUnavailable(cause) => {
                Self::passing("storage_unavailable", "文件暂时不能存取，请稍后再试", cause)
            }
            AppError::SigningUnavailable(cause) => {
                Self::passing("signing_unavailable", "签名程序暂时不能签名，请稍后再试", cause)
            }
            AppError::FileLost(cause) => {
                let told = "文件的内容已丢失或者损坏，不是您的操作有误，请与受理机关联系";
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                let mut error = Self::new(status, "file_lost", told);
                error.0.cause = Some(cause);
                error
            }
            AppError::Store(cause) if cause.is_passing() => {
                Self::passing("busy", "系统繁忙，请稍后再试", cause)
            }
            AppError::Store(cause) if cause.is_stale() => {
                Self::new(StatusCode::CONFLICT, "changed", "记录刚刚被他人修改，请刷新后再操作")
            }
            AppError::Store(cause) => Self::broken(cause),
            AppError::Broken(cause) => Self::broken(cause),
        }
    }
}

fn refused(refusal: &Refusal) -> ApiError {
    let code = refusal.code();
    let mut error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, refusal.to_string())
        .with_field(refusal.path().unwrap_or_default());
    error.0.problem.article = refusal.article();
    error
}

fn invalid(faults: Vec<FieldFault>) -> ApiError {
    let detail = match faults.as_slice() {
        [only] => only.message.clone(),
        several => format!("有 {} 处需要更正", several.len()),
    };
    let first = faults.first().map(|fault| fault.field).unwrap_or_default();
    let mut error =
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail).with_field(first);
    error.0.problem.errors = faults
        .into_iter()
        .map(|FieldFault { field, code, message }| FieldProblem {
            field: field.to_owned(),
            code: code.to_owned(),
            message,
        })
        .collect();
    error
}

/// Uploads are refused for their length, for their type, or for what is in them.
fn upload_status(code: &str) -> StatusCode {
    match code {
        "file_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "file_type_refused" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The three members of the clock contract stand at top level of the problem.
impl From<ClockRefusal> for ApiError {
    fn from(refusal: ClockRefusal) -> Self {
        let event = refusal.event;
        let mut error = refused(&Refusal::Clock(refusal));
        error.0.problem.message = Some(error.0.problem.detail.clone());
        error.0.problem.event = Some(event);
        error.0.problem.field = event.map(|index| format!("events[{index}]"));
        error
    }
}
