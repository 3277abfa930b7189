//! What the web layer makes of headers, bodies and panics, before any use case is asked.

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::Data;
use actix_web::{App, HttpResponse, web};
use chrono::NaiveDate;
use gongkai::config::Value;
use gongkai::web::client::{ClientAddress, TrustedProxies};
use gongkai::web::middleware::{Surroundings, Unanswered, frame};
use gongkai::web::precondition::version;
use gongkai::web::shape::{json_problem, problem};
use serde::Deserialize;

#[test]
fn only_a_strong_tag_with_a_number_names_a_version() {
    assert_eq!(version("\"3\""), Some(3));
    for tag in ["3", "*", "W/\"3\"", "\"\"", "\"-3\"", "\"3\", \"4\"", "\"99999999999\""] {
        assert_eq!(version(tag), None, "{tag}");
    }
}

fn client(trusted: &str, peer: &str, forwarded: &str) -> String {
    let mut headers = HeaderMap::new();
    let value = HeaderValue::from_str(forwarded).unwrap();
    headers.insert(HeaderName::from_static("x-forwarded-for"), value);
    let proxies = TrustedProxies(Value::parse(trusted).unwrap());
    proxies.behind(peer.parse().unwrap(), &headers).to_string()
}

#[test]
fn the_word_of_a_stranger_is_not_taken() {
    assert_eq!(client("", "198.51.100.7", "203.0.113.9"), "198.51.100.7");
    assert_eq!(client("10.0.0.0/8", "198.51.100.7", "203.0.113.9"), "198.51.100.7");
}

#[test]
fn behind_trusted_proxies_the_last_stranger_is_the_client() {
    assert_eq!(client("10.0.0.0/8", "10.0.0.1", "203.0.113.9"), "203.0.113.9");
    assert_eq!(client("10.0.0.0/8", "10.0.0.1", "1.1.1.1, 203.0.113.9"), "203.0.113.9");
    assert_eq!(client("10.0.0.0/8", "10.0.0.1", "203.0.113.9, 10.0.0.2"), "203.0.113.9");
    assert_eq!(client("10.0.0.0/8", "10.0.0.1", "1.1.1.1, nonsense"), "10.0.0.1");
}

#[test]
fn one_household_with_many_addresses_counts_once() {
    let counted = |text: &str| ClientAddress(text.parse().unwrap()).counted_as().to_string();
    assert_eq!(counted("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::");
    assert_eq!(counted("203.0.113.9"), "203.0.113.9");
}

async fn boom() -> HttpResponse {
    panic!("the secret of the panic")
}

#[actix_web::test]
async fn a_panic_becomes_an_answer_that_shows_nothing_of_it_and_is_like_every_other() {
    let around = Data::new(Surroundings { https: true, ..Surroundings::default() });
    let app = App::new().app_data(around).wrap(from_fn(frame));
    let app = app.route("/api/boom", web::get().to(boom)).route("/boom", web::get().to(boom));
    let app = app.route("/api/well", web::get().to(HttpResponse::Ok));
    let app = app.route("/well", web::get().to(HttpResponse::Ok));
    let service = init_service(app).await;
    for (path, well, kind) in [
        ("/api/boom", "/api/well", "application/problem+json"),
        ("/boom", "/well", "text/html; charset=utf-8"),
    ] {
        let ask = |path| {
            let request = TestRequest::get().uri(path);
            request.insert_header(("x-request-id", "request-17")).to_request()
        };
        let ordinary = try_call_service(&service, ask(well)).await.unwrap();

        let error = try_call_service(&service, ask(path)).await.unwrap_err();

        let cause = error.as_error::<Unanswered>().unwrap().error.cause();
        assert_eq!(cause, Some("panic: the secret of the panic"));
        let answer = error.error_response();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers().get(header::CONTENT_TYPE).unwrap(), kind);
        for (name, value) in ordinary.headers() {
            assert_eq!(answer.headers().get(name), Some(value), "{path}: {name}");
        }
        assert!(ordinary.headers().len() >= 9, "{:?}", ordinary.headers());
        let body = to_bytes(answer.into_body()).await.unwrap();
        let told = String::from_utf8(body.to_vec()).unwrap();
        assert!(told.contains("request-17") && !told.contains("secret"), "{told}");
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    #[expect(dead_code, reason = "only its shape matters")]
    inner: Inner,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape matters")]
struct Inner {
    on: NaiveDate,
    count: u8,
}

fn told(text: &str) -> (String, Option<String>) {
    let mut source = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, Outer>(&mut source).unwrap_err();
    let problem = json_problem(error).problem().clone();
    (problem.code, problem.field)
}

#[test]
fn each_fault_has_a_code_and_names_its_field() {
    for (text, code, field) in [
        ("{", "malformed_json", None),
        ("", "malformed_json", None),
        ("{}", "missing_field", Some("inner")),
        (r#"{"inner":{"on":"2026-01-05"}}"#, "missing_field", Some("inner.count")),
        (r#"{"inner":{"on":"2026-01-05","count":1,"x":1}}"#, "unknown_field", Some("inner.x")),
        (r#"{"inner":{"on":"2026-02-30","count":1}}"#, "impossible_date", Some("inner.on")),
        (r#"{"inner":{"on":"yesterday","count":1}}"#, "impossible_date", Some("inner.on")),
        (r#"{"inner":{"on":7,"count":1}}"#, "wrong_type", Some("inner.on")),
        (r#"{"inner":{"on":"2026-01-05","count":"1"}}"#, "wrong_type", Some("inner.count")),
        (r#"{"inner":{"on":"2026-01-05","count":999}}"#, "invalid_value", Some("inner.count")),
        (r#"{"inner":{},"inner":{}}"#, "missing_field", Some("inner.on")),
    ] {
        assert_eq!(told(text), (code.to_owned(), field.map(ToOwned::to_owned)), "{text}");
    }
}

#[test]
fn what_was_entered_is_not_repeated() {
    let problem = problem("phone", "invalid type: string \"13800000000\", expected u8");
    assert!(!problem.problem().detail.contains("138"), "{}", problem.problem().detail);
}
