//! The library of reasons.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::reason_texts::{ReasonTextQuery, ReasonTextView, ReasonUseView, Retirement};
use crate::app::requests::Page;
use crate::domain::ids::ReasonTextId;
use crate::domain::outcome::Outcome;
use crate::domain::reason_text::ReasonTextForm;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, Overseers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(add).service(list).service(get_one).service(uses).service(retire);
}

/// Add a wording: for the county as supervisor, for my agency as head. It may replace another.
#[utoipa::path(tag = "reason texts", security(("bearer" = [])), params(KeyHeader),
    request_body = ReasonTextForm, responses((status = 201, body = ReasonTextView)))]
#[post("/api/v1/reason-texts")]
async fn add(
    who: Permit<Overseers>,
    key: Key,
    body: JsonBody<ReasonTextForm>,
    app: Data<App>,
) -> Result<Tagged<ReasonTextView>, ApiError> {
    let once = key.once(&who, &body);
    let done = app.add_reason_text(who.principal(), Some(once), body.value).await?;
    let (version, place) = (done.version, format!("/api/v1/reason-texts/{}", done.id));
    Ok(Tagged::created(done, version, place))
}

/// How the library is searched.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only for this outcome.
    outcome: Option<Outcome>,
    /// Only with these words in title, wording, provisions or notes.
    words: Option<String>,
    /// Retired ones as well.
    #[serde(default)]
    retired: bool,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1–200, 50 when not given.
    limit: Option<i64>,
}

/// The library: the county's wordings and my agency's, newest first, each with how it fared.
#[utoipa::path(tag = "reason texts", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<ReasonTextView>)))]
#[get("/api/v1/reason-texts")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<ReasonTextView>>, ApiError> {
    let Which { outcome, words, retired, cursor, limit } = which.0;
    let query = ReasonTextQuery { outcome, words, retired, cursor, limit };
    Ok(Json(app.reason_texts(&who, query).await?))
}

/// One wording.
#[utoipa::path(tag = "reason texts", security(("bearer" = [])),
    params(("id" = Uuid, Path)), responses((status = 200, body = ReasonTextView)))]
#[get("/api/v1/reason-texts/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<ReasonTextView>, ApiError> {
    let view = app.reason_text(&who, ReasonTextId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// The replies that used a wording, and the remedies against them.
#[utoipa::path(tag = "reason texts", security(("bearer" = [])),
    params(("id" = Uuid, Path)), responses((status = 200, body = Vec<ReasonUseView>)))]
#[get("/api/v1/reason-texts/{id}/uses")]
async fn uses(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<ReasonUseView>>, ApiError> {
    Ok(Json(app.reason_uses(&who, ReasonTextId(*id)).await?))
}

/// Retire a wording: it stays readable and cannot be picked any more.
#[utoipa::path(tag = "reason texts", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Retirement, responses((status = 200, body = ReasonTextView)))]
#[post("/api/v1/reason-texts/{id}/retirement")]
async fn retire(
    who: Permit<Overseers>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Retirement>,
    app: Data<App>,
) -> Result<Tagged<ReasonTextView>, ApiError> {
    let once = key.once(&who, &body);
    let id = ReasonTextId(*id);
    let done = app.retire_reason_text(who.principal(), Some(once), id, seen.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
