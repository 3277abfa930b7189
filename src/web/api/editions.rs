//! Agencies' own wording of the documents.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::editions::{Against, EditionDiff, EditionView, TemplateView};
use crate::domain::edition::{EditionForm, EditionStep};
use crate::domain::ids::{AgencyId, EditionId};
use crate::web::download::{Wanted, inline};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{WordingDrafters, WordingKeepers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(wordings).service(list).service(draft).service(get_one).service(change);
    config.service(step).service(trial).service(diff);
}

/// The templates of all documents, with what the agency has of its own.
#[utoipa::path(tag = "wordings", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = [TemplateView])))]
#[get("/api/v1/agencies/{id}/wordings")]
async fn wordings(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<TemplateView>>, ApiError> {
    Ok(Json(app.wordings(&who, AgencyId(*id)).await?))
}

/// The agency's editions of one template, newest first.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("template" = String, Path)),
    responses((status = 200, body = [EditionView])))]
#[get("/api/v1/agencies/{id}/wordings/{template}")]
async fn list(
    who: Permit<WordingKeepers>,
    path: Path<(Uuid, String)>,
    app: Data<App>,
) -> Result<Json<Vec<EditionView>>, ApiError> {
    let (agency, template) = path.into_inner();
    Ok(Json(app.editions(&who, AgencyId(agency), template).await?))
}

/// Draft an edition: the whole text, which must use the fields of the template and name its articles; or
/// no text, to go back to the built-in one.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("template" = String, Path), KeyHeader),
    request_body = EditionForm, responses((status = 201, body = EditionView)))]
#[post("/api/v1/agencies/{id}/wordings/{template}")]
async fn draft(
    who: Permit<WordingDrafters>,
    path: Path<(Uuid, String)>,
    key: Key,
    body: JsonBody<EditionForm>,
    app: Data<App>,
) -> Result<Tagged<EditionView>, ApiError> {
    let once = key.once(&who, &body);
    let (agency, template) = path.into_inner();
    let of = (AgencyId(agency), template);
    let done = app.draft_edition(who.principal(), Some(once), of, body.value).await?;
    let (version, place) = (done.version, format!("/api/v1/wordings/{}", done.id));
    Ok(Tagged::created(done, version, place))
}

/// One edition.
#[utoipa::path(tag = "wordings", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = EditionView)))]
#[get("/api/v1/wordings/{id}")]
async fn get_one(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<EditionView>, ApiError> {
    let found = app.edition(&who, EditionId(*id)).await?;
    let version = found.version;
    Ok(Tagged::ok(found, version))
}

/// Write a draft anew.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = EditionForm, responses((status = 200, body = EditionView)))]
#[put("/api/v1/wordings/{id}")]
async fn change(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<EditionForm>,
    app: Data<App>,
) -> Result<Tagged<EditionView>, ApiError> {
    let done = app.change_edition(who.principal(), EditionId(*id), seen.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// Submit, approve from a day, return or give up an edition. Whoever drafted it does not approve it.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader, KeyHeader),
    request_body = EditionStep, responses((status = 200, body = EditionView)))]
#[post("/api/v1/wordings/{id}/steps")]
async fn step(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    seen: Expected,
    key: Key,
    body: JsonBody<EditionStep>,
    app: Data<App>,
) -> Result<Tagged<EditionView>, ApiError> {
    let once = key.once(&who, &body);
    let id = EditionId(*id);
    let done = app.edition_step(who.principal(), Some(once), id, seen.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// The document in the words of an edition, filled with made-up facts.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), Wanted),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/wordings/{id}/trial")]
async fn trial(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    query: Query<Wanted>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.edition_trial(&who, EditionId(*id), query.0.format.into()).await?))
}

/// What an edition changes against the built-in text, or against another edition.
#[utoipa::path(tag = "wordings", security(("bearer" = [])),
    params(("id" = Uuid, Path), Against),
    responses((status = 200, body = EditionDiff)))]
#[get("/api/v1/wordings/{id}/diff")]
async fn diff(
    who: Permit<WordingKeepers>,
    id: Path<Uuid>,
    against: Query<Against>,
    app: Data<App>,
) -> Result<Json<EditionDiff>, ApiError> {
    Ok(Json(app.edition_diff(&who, EditionId(*id), against.0).await?))
}
