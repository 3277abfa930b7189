//! Forms: of a case, filled and ready for a signature; and the empty ones for applicants.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::error::AppError;
use crate::domain::form::FormKind;
use crate::domain::ids::{AgencyId, RequestId};
use crate::web::download::{Wanted, inline};
use crate::web::limits::{Limited, Reading};
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_request).service(page).service(blank);
}

fn kind(name: &str) -> Result<FormKind, ApiError> {
    Ok(name.parse().ok().ok_or(AppError::NotFound("该表格"))?)
}

/// A form of a request, filled with what is on record. Identity numbers are masked, and the printing
/// stands in the audit log.
#[utoipa::path(tag = "forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("kind" = inline(FormKind), Path), Wanted),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/requests/{id}/forms/{kind}")]
async fn of_request(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, String)>,
    wanted: Query<Wanted>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, kind) = (RequestId(path.0), kind(&path.1)?);
    Ok(inline(app.form(who.principal(), id, kind, wanted.0.format.into()).await?))
}

/// A page of a form as a picture, counted from 1. It stands in the audit log like the form.
#[utoipa::path(tag = "forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("kind" = inline(FormKind), Path), ("n" = usize, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>)))]
#[get("/api/v1/requests/{id}/forms/{kind}/pages/{n}")]
async fn page(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, String, usize)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, kind) = (RequestId(path.0), kind(&path.1)?);
    Ok(inline(app.form_page(who.principal(), id, kind, path.2).await?))
}

/// An empty form for applicants: application, power of attorney.
#[utoipa::path(tag = "forms", params(("id" = Uuid, Path), ("kind" = inline(FormKind), Path), Wanted),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/agencies/{id}/forms/{kind}")]
async fn blank(
    _gate: Limited<Reading>,
    path: Path<(Uuid, String)>,
    wanted: Query<Wanted>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (agency, kind) = (AgencyId(path.0), kind(&path.1)?);
    Ok(inline(app.blank_form(agency, kind, wanted.0.format.into()).await?))
}
