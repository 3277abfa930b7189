//! Complaints to the supervising office.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::complaints::{ComplaintRegistration, ComplaintView, Statement};
use crate::app::requests::Page;
use crate::domain::complaint::ComplaintStep;
use crate::domain::ids::ComplaintId;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, Drafters, Supervisors};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(register).service(list).service(get_one).service(step).service(statement);
}

/// Register a complaint about an agency.
#[utoipa::path(tag = "complaints", security(("bearer" = [])), params(KeyHeader),
    request_body = ComplaintRegistration, responses((status = 201, body = ComplaintView)))]
#[post("/api/v1/complaints")]
async fn register(
    who: Permit<Supervisors>,
    key: Key,
    body: JsonBody<ComplaintRegistration>,
    app: Data<App>,
) -> Result<Tagged<ComplaintView>, ApiError> {
    let once = key.once(&who, &body);
    let done = app.register_complaint(who.principal(), Some(once), body.value).await?;
    let (version, place) = (done.version, format!("/api/v1/complaints/{}", done.id));
    Ok(Tagged::created(done, version, place))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1–200, 50 when not given.
    limit: Option<i64>,
}

/// The register, newest first: all of it, or what my agency was asked about.
#[utoipa::path(tag = "complaints", security(("bearer" = [])), params(Part),
    responses((status = 200, body = Page<ComplaintView>)))]
#[get("/api/v1/complaints")]
async fn list(
    who: Permit<CaseReaders>,
    part: Query<Part>,
    app: Data<App>,
) -> Result<Json<Page<ComplaintView>>, ApiError> {
    let Part { cursor, limit } = part.0;
    Ok(Json(app.complaints(&who, cursor, limit).await?))
}

/// One entry of the register.
#[utoipa::path(tag = "complaints", security(("bearer" = [])),
    params(("id" = Uuid, Path)), responses((status = 200, body = ComplaintView)))]
#[get("/api/v1/complaints/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<ComplaintView>, ApiError> {
    let view = app.complaint(&who, ComplaintId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Ask the agency, or conclude.
#[utoipa::path(tag = "complaints", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = ComplaintStep, responses((status = 200, body = ComplaintView)))]
#[post("/api/v1/complaints/{id}/steps")]
async fn step(
    who: Permit<Supervisors>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<ComplaintStep>,
    app: Data<App>,
) -> Result<Tagged<ComplaintView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, step) = (ComplaintId(*id), body.value);
    let done = app.complaint_step(who.principal(), Some(once), id, seen.0, step).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// State my agency's view of a complaint.
#[utoipa::path(tag = "complaints", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Statement, responses((status = 200, body = ComplaintView)))]
#[post("/api/v1/complaints/{id}/statement")]
async fn statement(
    who: Permit<Drafters>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Statement>,
    app: Data<App>,
) -> Result<Tagged<ComplaintView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, statement) = (ComplaintId(*id), body.value);
    let done = app.state_on_complaint(who.principal(), Some(once), id, seen.0, statement).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
