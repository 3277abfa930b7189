//! Pages for what went wrong outside of any form: nothing at this address, too often, a fault of ours.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use askama::Template;

use super::{Keep, page_with};
use crate::web::ApiError;

#[derive(Template)]
#[template(path = "portal/error.html")]
struct ErrorPage {
    title: String,
    detail: String,
    /// Only where somebody must look for the cause.
    request_id: Option<String>,
}

/// The error as a page, with the request id where that helps.
#[must_use]
pub fn page(error: &ApiError, request_id: Option<&str>) -> HttpResponse {
    let problem = error.problem();
    let status = error.status_code();
    let (title, detail) = match status {
        StatusCode::NOT_FOUND => ("没有找到这个页面", "网址可能输错了，或者页面已经不在这里。"),
        status if status.is_server_error() => {
            ("系统暂时不能处理", "这不是您的操作造成的。请过几分钟再试。")
        }
        _ => (problem.title, problem.detail.as_str()),
    };
    let request_id = request_id.filter(|_| status.is_server_error()).map(ToOwned::to_owned);
    let page = ErrorPage { title: title.to_owned(), detail: detail.to_owned(), request_id };
    // The headers, such as how long to wait, are those of the problem.
    let mut answer = HttpResponseBuilder::new(status);
    for header in error.response(None).headers() {
        answer.insert_header(header);
    }
    page_with(&mut answer, Keep::Not, &page)
}
