//! Requests related to one: from the same people, or asking for the same.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::related::RelatedView;
use crate::domain::ids::RequestId;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(related);
}

/// How many requests came from the same applicant, telephone, address and agent over the period,
/// and which requests ask for much the same. A hint: nothing is refused because of it.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = RelatedView)))]
#[get("/api/v1/requests/{id}/related")]
async fn related(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<RelatedView>, ApiError> {
    Ok(Json(app.related(who.principal(), RequestId(*id)).await?))
}
