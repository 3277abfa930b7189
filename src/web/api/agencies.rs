//! The agencies of the county. What is said of them is the public guide (公开指南) and open to all;
//! administrators keep it.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::agencies::AgencyChange;
use crate::app::agencies::merges::{Merged, Merger};
use crate::domain::agency::{Agency, AgencyProfile};
use crate::domain::ids::AgencyId;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Reading};
use crate::web::precondition::MatchHeader;
use crate::web::session::Administrators;
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(get_one).service(create).service(change);
    config.service(merge);
}

/// Which agencies to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Also those that take no new requests any more.
    #[serde(default)]
    inactive: bool,
}

/// The agencies and their offices: the public guide.
#[utoipa::path(tag = "agencies", params(Which), responses((status = 200, body = Vec<Agency>)))]
#[get("/api/v1/agencies")]
async fn list(
    _gate: Limited<Reading>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Vec<Agency>>, ApiError> {
    Ok(Json(app.agencies(which.0.inactive).await?))
}

/// One agency.
#[utoipa::path(tag = "agencies", params(("id" = Uuid, Path)),
    responses((status = 200, body = Agency)))]
#[get("/api/v1/agencies/{id}")]
async fn get_one(
    _gate: Limited<Reading>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<Agency>, ApiError> {
    let agency = app.agency(AgencyId(*id)).await?;
    let version = agency.version;
    Ok(Tagged::ok(agency, version))
}

/// Enter an agency.
#[utoipa::path(tag = "agencies", security(("bearer" = [])), params(KeyHeader),
    request_body = AgencyProfile, responses((status = 201, body = Agency)))]
#[post("/api/v1/agencies")]
async fn create(
    who: Permit<Administrators>,
    key: Key,
    body: JsonBody<AgencyProfile>,
    app: Data<App>,
) -> Result<Tagged<Agency>, ApiError> {
    let once = key.once(&who, &body);
    let agency = app.create_agency(&who, once, body.value).await?;
    let (version, place) = (agency.version, format!("/api/v1/agencies/{}", agency.id));
    Ok(Tagged::created(agency, version, place))
}

/// Change an agency.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = AgencyChange, responses((status = 200, body = Agency)))]
#[put("/api/v1/agencies/{id}")]
async fn change(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    version: Expected,
    body: JsonBody<AgencyChange>,
    app: Data<App>,
) -> Result<Tagged<Agency>, ApiError> {
    let agency = app.change_agency(&who, AgencyId(*id), version.0, body.value).await?;
    let version = agency.version;
    Ok(Tagged::ok(agency, version))
}

/// Have an agency taken over by another: its people, units and all its cases pass over; numbers and
/// dates stay. What is more than some thousands, the worker moves.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Merger, responses((status = 200, body = Merged)))]
#[post("/api/v1/agencies/{id}/merge")]
async fn merge(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<Merger>,
    app: Data<App>,
) -> Result<Tagged<Merged>, ApiError> {
    let once = key.once(&who, &body);
    let merged = app.merge_agency(&who, once, AgencyId(*id), version.0, body.value).await?;
    let version = merged.agency.version;
    Ok(Tagged::ok(merged, version))
}
