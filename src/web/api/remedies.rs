//! Remedies: what runs against an agency, and table four of the annual report.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::remedies::{ListedRemedy, RemediesView, RemedyQuery, TableFourView};
use crate::app::requests::Page;
use crate::domain::ids::{AgencyId, RequestId};
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(of_request).service(table_four);
}

/// How the list is narrowed; the order is by the last day to answer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Open ones (the default) or ended ones.
    open: Option<bool>,
    /// Only of this agency; for supervisors.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1–200, 50 when not given.
    limit: Option<i64>,
}

/// Remedies against my agency, or against the county's for supervisors, most pressing first.
#[utoipa::path(tag = "remedies", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<ListedRemedy>)))]
#[get("/api/v1/remedies")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<ListedRemedy>>, ApiError> {
    let Which { open, agency, cursor, limit } = which.0;
    Ok(Json(app.remedies(&who, RemedyQuery { open, agency, cursor, limit }).await?))
}

/// The remedies of a request, and until when the applicant may still open one.
#[utoipa::path(tag = "remedies", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = RemediesView)))]
#[get("/api/v1/requests/{id}/remedies")]
async fn of_request(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<RemediesView>, ApiError> {
    Ok(Json(app.remedies_of(&who, RequestId(*id)).await?))
}

/// Which table four.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The year of the report.
    year: i32,
    /// Only of this agency; for supervisors.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
}

/// Table four of the annual report: fifteen numbers that follow from the remedies on record.
#[utoipa::path(tag = "remedies", security(("bearer" = [])), params(Of),
    responses((status = 200, body = TableFourView)))]
#[get("/api/v1/reports/table-four")]
async fn table_four(
    who: Permit<CaseReaders>,
    of: Query<Of>,
    app: Data<App>,
) -> Result<Json<TableFourView>, ApiError> {
    Ok(Json(app.table_four(&who, of.0.year, of.0.agency).await?))
}
