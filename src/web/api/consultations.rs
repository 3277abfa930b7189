//! What a request waits for, and until when: correction, payment, each consultation.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::consultations::WaitingView;
use crate::domain::ids::RequestId;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(waiting);
}

/// What a request waits for: the proposal of the sweep, the limits of the applicant, and every
/// consultation with its own limit.
#[utoipa::path(tag = "consultations", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = WaitingView)))]
#[get("/api/v1/requests/{id}/waiting")]
async fn waiting(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<WaitingView>, ApiError> {
    Ok(Json(app.waiting(&who, RequestId(*id)).await?))
}
