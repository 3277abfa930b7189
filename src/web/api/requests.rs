//! Requests: filed by citizens, registered by clerks, read and moved on by case workers.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::deliveries::DeliveryView;
use crate::app::entries::EntryView;
use crate::app::intake::{Filed, Filing, Registration};
use crate::app::requests::{ApplicationView, Page, RequestQuery, RequestView, WaitsFor};
use crate::app::what_if::{StepView, WhatIf};
use crate::domain::command::Command;
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::proposal::Proposal;
use crate::domain::state::State;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Filing as FilingLimit, Limited};
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseActors, CaseReaders, CaseWorkers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(file)
        .service(register)
        .service(list)
        .service(get_one)
        .service(ledger)
        .service(steps)
        .service(act)
        .service(what_if)
        .service(application)
        .service(deliveries);
}

/// File a request as a citizen. The answer holds number and query code; keep them.
#[utoipa::path(tag = "requests", params(KeyHeader), request_body = Filing,
    responses((status = 201, body = Filed)))]
#[post("/api/v1/requests")]
async fn file(
    _gate: Limited<FilingLimit>,
    key: Key,
    body: JsonBody<Filing>,
    app: Data<App>,
) -> Result<Tagged<Filed>, ApiError> {
    let once = key.once_of_citizen(&body);
    let filed = app.file(Some(once), body.value).await?;
    let (version, place) = (filed.version, format!("/api/v1/requests/{}", filed.id));
    Ok(Tagged::created(filed, version, place))
}

/// Register a request that came by another channel.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(KeyHeader),
    request_body = Registration, responses((status = 201, body = Filed)))]
#[post("/api/v1/registrations")]
async fn register(
    who: Permit<CaseWorkers>,
    key: Key,
    body: JsonBody<Registration>,
    app: Data<App>,
) -> Result<Tagged<Filed>, ApiError> {
    let once = key.once(&who, &body);
    let filed = app.register(who.principal(), Some(once), body.value).await?;
    let (version, place) = (filed.version, format!("/api/v1/requests/{}", filed.id));
    Ok(Tagged::created(filed, version, place))
}

/// How a list is narrowed; the order is least slack first.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only in this state.
    state: Option<State>,
    /// Only open ones (the default) or only ended ones.
    open: Option<bool>,
    /// Only my own.
    #[serde(default)]
    mine: bool,
    /// `me`: only with a draft whose next step is mine, by my role or as a deputy. Never my own drafts.
    #[param(inline)]
    waits_for: Option<WaitsFor>,
    /// Only of this agency; for supervisors.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Only with this proposal of the sweep.
    proposal: Option<Proposal>,
    /// Only this number.
    number: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1–200, 50 when not given.
    limit: Option<i64>,
}

/// The queue of my agency, or of the county for supervisors.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<RequestView>)))]
#[get("/api/v1/requests")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<RequestView>>, ApiError> {
    let Which { state, open, mine, waits_for, agency, proposal, number, cursor, limit } = which.0;
    let query =
        RequestQuery { state, open, mine, waits_for, agency, proposal, number, cursor, limit };
    Ok(Json(app.requests(&who, query).await?))
}

/// One request. Its `ETag` is what the next step must name.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = RequestView)))]
#[get("/api/v1/requests/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<RequestView>, ApiError> {
    let view = app.request(&who, RequestId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// The ledger of a request: every legal act, hash-chained.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<EntryView>)))]
#[get("/api/v1/requests/{id}/events")]
async fn ledger(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<EntryView>>, ApiError> {
    Ok(Json(app.ledger(&who, RequestId(*id)).await?))
}

/// The steps I can take now, each with the dates it would lead to.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<StepView>)))]
#[get("/api/v1/requests/{id}/actions")]
async fn steps(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<StepView>>, ApiError> {
    Ok(Json(app.steps(&who, RequestId(*id)).await?))
}

/// Take a step. Drafts, issue and service have routes of their own.
#[utoipa::path(tag = "requests", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Command, responses((status = 200, body = RequestView)))]
#[post("/api/v1/requests/{id}/actions")]
async fn act(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Command>,
    app: Data<App>,
) -> Result<Tagged<RequestView>, ApiError> {
    let once = key.once(&who, &body);
    let done = app.act(who.principal(), Some(once), RequestId(*id), seen.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// What a step would lead to if I took it today: the dates before and after. Nothing is written.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    request_body = Command, responses((status = 200, body = WhatIf)))]
#[post("/api/v1/requests/{id}/what-if")]
async fn what_if(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    body: JsonBody<Command>,
    app: Data<App>,
) -> Result<Json<WhatIf>, ApiError> {
    Ok(Json(app.what_if(&who, RequestId(*id), body.value).await?))
}

/// The application as submitted, personal data masked.
#[utoipa::path(tag = "requests", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = ApplicationView)))]
#[get("/api/v1/requests/{id}/application")]
async fn application(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<ApplicationView>, ApiError> {
    Ok(Json(app.application(&who, RequestId(*id)).await?))
}

/// The attempts to serve the notices of a request.
#[utoipa::path(tag = "deliveries", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<DeliveryView>)))]
#[get("/api/v1/requests/{id}/deliveries")]
async fn deliveries(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<DeliveryView>>, ApiError> {
    Ok(Json(app.deliveries(&who, RequestId(*id)).await?))
}
