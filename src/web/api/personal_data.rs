//! Personal data of a request, opened field by field, and who opened what.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::personal::{Opened, Opening, OpeningView};
use crate::domain::ids::RequestId;
use crate::web::session::{CaseWorkers, Overseers};
use crate::web::{ApiError, JsonBody, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open).service(openings);
}

/// Open one masked field for a stated purpose. The opening is recorded; doing it twice is recorded
/// twice, and the value is kept nowhere: hence no `Idempotency-Key` here.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    request_body = Opening, responses((status = 200, body = Opened)))]
#[post("/api/v1/requests/{id}/personal-data")]
async fn open(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    body: JsonBody<Opening>,
    app: Data<App>,
) -> Result<Json<Opened>, ApiError> {
    Ok(Json(app.open_personal_data(who.principal(), RequestId(*id), body.value).await?))
}

/// Who opened which field when, and what for; newest first. For heads and supervisors.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<OpeningView>)))]
#[get("/api/v1/requests/{id}/personal-data")]
async fn openings(
    who: Permit<Overseers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<OpeningView>>, ApiError> {
    Ok(Json(app.openings(who.principal(), RequestId(*id)).await?))
}
