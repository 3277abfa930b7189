//! What is wrong with the shape of a JSON body or a query: which field, a stable code, a Chinese
//! sentence. Values are never echoed: they may be personal data.

use actix_web::http::StatusCode;
use serde_json::error::Category;

use super::ApiError;

/// Turns what serde says into a problem. `path` is where it stopped, as `serde_path_to_error`
/// writes it.
#[must_use]
pub fn problem(path: &str, message: &str) -> ApiError {
    let (code, named, detail) = classify(message);
    let field = join(path, named);
    let subject = if field.is_empty() { String::new() } else { format!("“{field}”") };
    ApiError::new(StatusCode::BAD_REQUEST, code, format!("{subject}{detail}")).with_field(field)
}

/// The same for a JSON document that may not even be JSON.
#[must_use]
pub fn json_problem(error: serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let path = error.path().to_string();
    let error = error.into_inner();
    match error.classify() {
        Category::Data => problem(&path, &error.to_string()),
        Category::Syntax | Category::Eof | Category::Io => malformed_json(&error),
    }
}

/// A null character in a text.
pub(super) fn null_character(field: &str) -> ApiError {
    let detail = format!("“{field}”中有无法显示的字符，请删除后重填");
    ApiError::new(StatusCode::BAD_REQUEST, "control_characters", detail).with_field(field)
}

/// Not JSON.
pub(super) fn malformed_json(error: &serde_json::Error) -> ApiError {
    let detail = match error.line() {
        0 => "请求正文为空，应为 JSON".to_owned(),
        line => format!("请求正文不是有效的 JSON（第{line}行第{}列）", error.column()),
    };
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
}

/// Code, the field that serde names in the message if it does, and the sentence.
fn classify(message: &str) -> (&'static str, Option<&str>, &'static str) {
    let quoted = message.split('`').nth(1);
    let starts = |beginning: &str| message.starts_with(beginning);
    if starts("unknown field") {
        ("unknown_field", quoted, "不是可以填写的项目，请核对名称")
    } else if starts("missing field") {
        ("missing_field", quoted, "没有填写")
    } else if starts("duplicate field") {
        ("duplicate_field", quoted, "重复填写")
    } else if starts("unknown variant") {
        ("unknown_value", None, "的取值不在允许范围内")
    } else if starts("invalid type") {
        ("wrong_type", None, "的类型不对")
    } else if is_about_a_date(message) {
        ("impossible_date", None, "的日期不存在或格式不对，应为 YYYY-MM-DD")
    } else {
        ("invalid_value", None, "的内容不符合格式")
    }
}

/// chrono and `domain::dates` say nothing more definite.
fn is_about_a_date(message: &str) -> bool {
    const SAYINGS: [&str; 5] = [
        "日期",
        "input is out of range",
        "input contains invalid characters",
        "premature end of input",
        "trailing input",
    ];
    SAYINGS.iter().any(|saying| message.contains(saying))
}

/// `path` and the field named in the message, unless the path ends in it already.
fn join(path: &str, named: Option<&str>) -> String {
    let path = path.trim_end_matches(['.', '?']);
    match named {
        None => path.to_owned(),
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        Some(name) => format!("{path}.{name}"),
    }
}
