//! What becomes of an error of a use case on its way to the caller: status, code, headers, and
//! nothing of the inside.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use gongkai::app::AppError;
use gongkai::db::StoreError;
use gongkai::domain::refusal::Refusal;
use gongkai::web::ApiError;

fn header(error: AppError, name: HeaderName) -> String {
    let answer: HttpResponse = ApiError::from(error).response(Some("the-request"));
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
}

fn upload(code: &'static str) -> AppError {
    AppError::Upload { code, message: "不能上传".to_owned() }
}

#[test]
fn every_error_of_a_use_case_has_a_status_and_a_code() {
    let conflict = AppError::Conflict { code: "twice", message: "重复".to_owned() };
    let busy = || StoreError::Busy("locked".to_owned());
    for (error, status, code) in [
        (AppError::Refused(Refusal::OwnDraft), 422, "own_draft"),
        (AppError::field("name", "required", "请填写"), 422, "invalid_input"),
        (AppError::NotFound("该申请"), 404, "not_found"),
        (AppError::Forbidden("不可"), 403, "forbidden"),
        (AppError::Unauthenticated { code: "gone", message: "无" }, 401, "gone"),
        (AppError::Changed { version: 3, changes: Vec::new() }, 409, "changed"),
        (conflict, 409, "twice"),
        (AppError::Unprintable("缺字".to_owned()), 422, "unprintable"),
        (AppError::TooMany { retry_after: 7 }, 429, "too_many_requests"),
        (upload("file_too_large"), 413, "file_too_large"),
        (upload("file_empty"), 422, "file_empty"),
        (StoreError::NotFound.into(), 404, "not_found"),
        (StoreError::Stale.into(), 409, "changed"),
        (busy().into(), 503, "busy"),
        (StoreError::Unavailable("disk".to_owned()).into(), 503, "busy"),
        (StoreError::Corrupt("page 7".to_owned()).into(), 500, "internal_error"),
        (AppError::Broken("a secret".to_owned()), 500, "internal_error"),
    ] {
        let told = format!("{error:?}");
        let error = ApiError::from(error);
        let problem = error.problem();
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{told}");
    }
}

#[test]
fn what_broke_is_for_the_log_only() {
    let error = ApiError::from(AppError::Broken("relation users does not exist".to_owned()));

    assert_eq!(error.cause(), Some("relation users does not exist"));
    let told = serde_json::to_string(error.problem()).unwrap();
    assert!(!told.contains("relation"), "{told}");
}

#[test]
fn headers_say_when_to_come_back_what_is_wanted_and_which_version_it_is() {
    assert_eq!(header(AppError::TooMany { retry_after: 7 }, RETRY_AFTER), "7");
    assert_eq!(header(StoreError::Busy(String::new()).into(), RETRY_AFTER), "2");
    let changed = AppError::Changed { version: 3, changes: Vec::new() };
    assert_eq!(header(changed, ETAG), "\"3\"");
    let ended = || AppError::Unauthenticated { code: "token_expired", message: "过期" };
    assert!(header(ended(), WWW_AUTHENTICATE).contains("invalid_token"));
    assert_eq!(header(ended(), CONTENT_TYPE), "application/problem+json");
}
