//! Approval chains of an agency, and deputies of those who are absent.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::chains::ChainsView;
use crate::app::deputies::{Appointment, DeputyshipView};
use crate::domain::chain::ApprovalChains;
use crate::domain::ids::{AgencyId, DeputyshipId};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{Administrators, Appointers, ChainReaders, Staff};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read).service(set).service(deputies).service(appoint).service(end);
}

/// The approval chains in force in an agency. Version 0: never set, the head approves.
#[utoipa::path(tag = "approval chains", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = ChainsView)))]
#[get("/api/v1/agencies/{id}/approval-chains")]
async fn read(
    who: Permit<ChainReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<ChainsView>, ApiError> {
    let view = app.approval_chains(&who, AgencyId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Set the approval chains of an agency. Drafts on their way keep the chain they have.
#[utoipa::path(tag = "approval chains", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = ApprovalChains, responses((status = 200, body = ChainsView)))]
#[put("/api/v1/agencies/{id}/approval-chains")]
async fn set(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<ApprovalChains>,
    app: Data<App>,
) -> Result<Tagged<ChainsView>, ApiError> {
    let view = app.set_approval_chains(&who, AgencyId(*id), seen.0, body.value).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Who stands in for whom in an agency, past appointments too.
#[utoipa::path(tag = "approval chains", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<DeputyshipView>)))]
#[get("/api/v1/agencies/{id}/deputies")]
async fn deputies(
    who: Permit<Staff>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<DeputyshipView>>, ApiError> {
    Ok(Json(app.deputyships(&who, AgencyId(*id)).await?))
}

/// Appoint a deputy for somebody's absence.
#[utoipa::path(tag = "approval chains", security(("bearer" = [])), params(KeyHeader),
    request_body = Appointment, responses((status = 201, body = DeputyshipView)))]
#[post("/api/v1/deputies")]
async fn appoint(
    who: Permit<Appointers>,
    key: Key,
    body: JsonBody<Appointment>,
    app: Data<App>,
) -> Result<Tagged<DeputyshipView>, ApiError> {
    let once = key.once(&who, &body);
    let done = app.appoint_deputy(who.principal(), Some(once), body.value).await?;
    let (version, place) = (done.version, format!("/api/v1/agencies/{}/deputies", done.agency));
    Ok(Tagged::created(done, version, place))
}

/// End a deputyship today. Ending it twice changes nothing.
#[utoipa::path(tag = "approval chains", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader), responses((status = 200, body = DeputyshipView)))]
#[put("/api/v1/deputies/{id}/end")]
async fn end(
    who: Permit<Appointers>,
    id: Path<Uuid>,
    seen: Expected,
    app: Data<App>,
) -> Result<Tagged<DeputyshipView>, ApiError> {
    let done = app.end_deputyship(who.principal(), DeputyshipId(*id), seen.0).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
