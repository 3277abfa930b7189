//! For whoever watches over the server: is the process alive, can it do its work.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::health::Readiness;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(alive).service(ready);
}

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
struct Alive {
    /// Always `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

/// Whether the process answers. Asks nothing else: a database that is away is no reason to start
/// the process anew.
#[utoipa::path(tag = "operations", responses((status = 200, body = Alive)))]
#[get("/healthz")]
async fn alive() -> Json<Alive> {
    Json(Alive { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Whether requests can be sent here: database, schema, files, calendar, fonts.
#[utoipa::path(tag = "operations", responses(
    (status = 200, body = Readiness), (status = 503, body = Readiness)))]
#[get("/readyz")]
async fn ready(app: Data<App>) -> HttpResponse {
    let readiness = app.readiness().await;
    let mut answer = match readiness.ready {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    answer.json(readiness)
}
