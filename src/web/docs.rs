//! The OpenAPI document, made from the handlers, and Swagger UI, which shows it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, get};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, ContentBuilder, PathItem, Ref, RefOr, ResponseBuilder};
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::api;
use super::problem::{FieldProblem, MEDIA_TYPE, Problem};
use crate::app::entries::EntryView;

/// Where the document is.
const DOCUMENT: &str = "/api/v1/openapi.json";
/// The name of the security scheme.
pub const BEARER: &str = "bearer";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "公开 Gongkai",
        description = "政府信息依申请公开办理系统的接口。日期为 Asia/Shanghai 的公历日期（_on），\
                       时刻为 UTC（_at）。错误均为 application/problem+json（RFC 9457），\
                       程序应依据 code 判断。"
    ),
    components(schemas(Problem, FieldProblem, EntryView))
)]
struct Base;

/// Problems that any operation may answer with.
const PROBLEMS: [(&str, &str); 11] = [
    ("400", "请求有误：JSON、路径、查询参数或请求头不合格式"),
    ("401", "没有登录，或登录已失效"),
    ("403", "没有权限"),
    ("404", "没有找到，或不在您可见的范围"),
    ("409", "与现有记录冲突，或已被他人修改"),
    ("413", "内容过大"),
    ("422", "依法依规不能办理，或填写的内容不成立"),
    ("428", "缺少 If-Match"),
    ("429", "操作过于频繁，见 Retry-After"),
    ("500", "系统故障"),
    ("503", "系统繁忙，见 Retry-After"),
];

/// The OpenAPI document of this program.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(api::routes)
        .split_for_parts();
    let components = document.components.get_or_insert_with(Components::new);
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert(BEARER.to_owned(), bearer.into());
    for (status, description) in PROBLEMS {
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response =
            ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
        components.responses.insert(response_name(status), response.into());
    }
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for (status, _) in PROBLEMS {
                let reference = RefOr::Ref(Ref::from_response_name(response_name(status)));
                let responses = &mut operation.responses.responses;
                responses.entry(status.to_owned()).or_insert(reference);
            }
        }
    }
    document
}

fn response_name(status: &str) -> String {
    format!("Problem{status}")
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
    all.into_iter().flatten()
}

/// Path and methods of everything the document lists.
#[must_use]
pub(super) fn methods() -> Vec<(String, BTreeSet<String>)> {
    let known = |item: &PathItem| {
        let all = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("DELETE", &item.delete),
            ("PATCH", &item.patch),
        ];
        all.into_iter().filter(|(_, there)| there.is_some()).map(|(m, _)| m.to_owned()).collect()
    };
    openapi().paths.paths.into_iter().map(|(path, item)| (path, known(&item))).collect()
}

static JSON: LazyLock<String> = LazyLock::new(|| openapi().to_pretty_json().unwrap_or_default());

#[get("/api/v1/openapi.json")]
async fn openapi_json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(JSON.as_str())
}

/// The document and the pages that show it. Swagger UI asks nobody outside whether the document is
/// sound.
pub(super) fn routes(config: &mut ServiceConfig) {
    let ui = Config::from(DOCUMENT).validator_url("none");
    config
        .service(openapi_json)
        .service(web::redirect("/api/docs", "/api/docs/"))
        .service(SwaggerUi::new("/api/docs/{_:.*}").config(ui));
}
