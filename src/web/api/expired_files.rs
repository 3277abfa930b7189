//! Archived cases whose 保管期限 is over.

use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::expired_files::{ExpiredFile, ExpiredQuery};
use crate::app::requests::Page;
use crate::domain::ids::AgencyId;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list);
}

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Archived cases whose 保管期限 is over, for appraisal; nothing is destroyed by the program. Each page looks
/// at two hundred cases; one without any may still have a next.
#[utoipa::path(tag = "archive", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<ExpiredFile>)))]
#[get("/api/v1/expired-files")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<ExpiredFile>>, ApiError> {
    let Which { agency, cursor } = which.0;
    Ok(Json(app.expired_files(&who, ExpiredQuery { agency, cursor }).await?))
}
