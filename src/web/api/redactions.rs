//! 区分处理: masked copies of files, looked at and confirmed by a second person.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::redactions::RedactionView;
use crate::domain::ids::{FileId, RedactionId, RequestId};
use crate::domain::redaction::{RedactionForm, RedactionStep};
use crate::web::download::inline;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseActors, CaseReaders};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(make).service(list).service(get_one).service(page).service(step);
}

/// Make a masked copy of a PDF, PNG or JPEG: boxes, and words wherever they stand. Its pages are
/// pictures, so that nothing is left beneath a mask; the original stays.
#[utoipa::path(tag = "redactions", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), request_body = RedactionForm,
    responses((status = 201, body = RedactionView)))]
#[post("/api/v1/files/{id}/redactions")]
async fn make(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<RedactionForm>,
    app: Data<App>,
) -> Result<Tagged<RedactionView>, ApiError> {
    let once = key.once(&who, &body);
    let made = app.redact(who.principal(), Some(once), FileId(*id), body.value).await?;
    let (version, location) = (made.version, format!("/api/v1/redactions/{}", made.id));
    Ok(Tagged::created(made, version, location))
}

/// The masked copies of a request, oldest first.
#[utoipa::path(tag = "redactions", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<RedactionView>)))]
#[get("/api/v1/requests/{id}/redactions")]
async fn list(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<RedactionView>>, ApiError> {
    Ok(Json(app.redactions(&who, RequestId(*id)).await?))
}

/// A masked copy, with the list of its masks.
#[utoipa::path(tag = "redactions", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = RedactionView)))]
#[get("/api/v1/redactions/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<RedactionView>, ApiError> {
    let found = app.redaction(&who, RedactionId(*id)).await?;
    let version = found.version;
    Ok(Tagged::ok(found, version))
}

/// A page of a masked copy as a picture, drawn from the copy itself.
#[utoipa::path(tag = "redactions", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("n" = usize, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>)))]
#[get("/api/v1/redactions/{id}/pages/{n}")]
async fn page(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, usize)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, n) = *path;
    Ok(inline(app.redaction_page(&who, RedactionId(id), n).await?))
}

/// Having looked at its pages, confirm a masked copy, which then joins what is supplied, or throw it
/// away. Nobody confirms a copy they made.
#[utoipa::path(tag = "redactions", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader), request_body = RedactionStep,
    responses((status = 200, body = RedactionView)))]
#[post("/api/v1/redactions/{id}/steps")]
async fn step(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<RedactionStep>,
    app: Data<App>,
) -> Result<Tagged<RedactionView>, ApiError> {
    let (once, id) = (key.once(&who, &body), RedactionId(*id));
    let done = app.redaction_step(who.principal(), Some(once), id, version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
