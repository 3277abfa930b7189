//! The closing checklist of a request.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::closing::ClosingView;
use crate::domain::ids::RequestId;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(closing);
}

/// What the request does not have yet before it goes to the archive – what blocks, and what needs a
/// reason – and how long it is proposed to be kept.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = ClosingView)))]
#[get("/api/v1/requests/{id}/closing")]
async fn closing(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<ClosingView>, ApiError> {
    Ok(Json(app.closing(who.principal(), RequestId(*id)).await?))
}
