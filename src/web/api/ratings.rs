//! Ratings of the service (好差评), for heads and supervisors.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::ratings::{RatingQuery, RatingView};
use crate::app::requests::Page;
use crate::domain::ids::{AgencyId, RatingId};
use crate::domain::rating::RatingStep;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{Heads, Overseers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(get_one).service(step);
}

/// Which ratings to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// Only bad ones that are not put right yet.
    #[serde(default)]
    open: bool,
    /// `next` of the page before.
    cursor: Option<RatingId>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// Ratings, newest first.
#[utoipa::path(tag = "ratings", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<RatingView>)))]
#[get("/api/v1/ratings")]
async fn list(
    who: Permit<Overseers>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<RatingView>>, ApiError> {
    let Which { agency, open, cursor, limit } = which.0;
    Ok(Json(app.ratings(&who, RatingQuery { agency, open, cursor, limit }).await?))
}

/// One rating.
#[utoipa::path(tag = "ratings", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = RatingView)))]
#[get("/api/v1/ratings/{id}")]
async fn get_one(
    who: Permit<Overseers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<RatingView>, ApiError> {
    let rating = app.rating(&who, RatingId(*id)).await?;
    let version = rating.version;
    Ok(Tagged::ok(rating, version))
}

/// Take a step in the handling of a bad rating: call back, check, put right, tell.
#[utoipa::path(tag = "ratings", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader), request_body = RatingStep,
    responses((status = 200, body = RatingView)))]
#[post("/api/v1/ratings/{id}/steps")]
async fn step(
    who: Permit<Heads>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<RatingStep>,
    app: Data<App>,
) -> Result<Tagged<RatingView>, ApiError> {
    let once = key.once(&who, &body);
    let done =
        app.handle_rating(who.principal(), once, RatingId(*id), version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
