//! The processing fee of a request: the applicant's month, the lawful amounts, what was paid.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::fees::{FeeQuestion, FeeView};
use crate::domain::ids::RequestId;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(fee);
}

/// What would be charged for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct What {
    /// By number: units of this request; those of its notice, otherwise 1, when not given.
    units: Option<u32>,
    /// By pages: how many.
    pages: Option<u32>,
}

/// The fee of a request: the list of the applicant's month, what each scale allows, what was asked,
/// paid and given back. All amounts in 分.
#[utoipa::path(tag = "fees", security(("bearer" = [])), params(("id" = Uuid, Path), What),
    responses((status = 200, body = FeeView)))]
#[get("/api/v1/requests/{id}/fee")]
async fn fee(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    what: Query<What>,
    app: Data<App>,
) -> Result<Json<FeeView>, ApiError> {
    let What { units, pages } = what.0;
    Ok(Json(app.fee(&who, RequestId(*id), FeeQuestion { units, pages }).await?))
}
