//! The units (内设机构) of an agency, kept by administrators and read by those who see its cases.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::units::{Unit, UnitInput};
use crate::domain::ids::{AgencyId, UnitId};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{Administrators, Staff};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(change);
}

/// The units of an agency.
#[utoipa::path(tag = "agencies", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<Unit>)))]
#[get("/api/v1/agencies/{id}/units")]
async fn list(
    who: Permit<Staff>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<Unit>>, ApiError> {
    Ok(Json(app.units(&who, AgencyId(*id)).await?))
}

/// Enter a unit.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), request_body = UnitInput,
    responses((status = 201, body = Unit)))]
#[post("/api/v1/agencies/{id}/units")]
async fn create(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<UnitInput>,
    app: Data<App>,
) -> Result<Tagged<Unit>, ApiError> {
    let once = key.once(&who, &body);
    let unit = app.create_unit(&who, once, AgencyId(*id), body.value).await?;
    let (version, place) = (unit.version, format!("/api/v1/units/{}", unit.id));
    Ok(Tagged::created(unit, version, place))
}

/// Rename a unit, or close it.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = UnitInput, responses((status = 200, body = Unit)))]
#[put("/api/v1/units/{id}")]
async fn change(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    version: Expected,
    body: JsonBody<UnitInput>,
    app: Data<App>,
) -> Result<Tagged<Unit>, ApiError> {
    let unit = app.change_unit(&who, UnitId(*id), version.0, body.value).await?;
    let version = unit.version;
    Ok(Tagged::ok(unit, version))
}
