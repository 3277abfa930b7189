//! The register of corrections of records (更正申请).

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::record_corrections::{
    RecordCorrectionView, RecordOpened, RecordOpening, RecordRegistration,
};
use crate::domain::ids::RecordCorrectionId;
use crate::domain::record_correction::RecordStep;
use crate::web::download::inline;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, CaseWorkers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(register)
        .service(list)
        .service(get_one)
        .service(step)
        .service(document)
        .service(letter);
    config.service(open);
}

/// Register an application for the correction of a record.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])), params(KeyHeader),
    request_body = RecordRegistration, responses((status = 201, body = RecordCorrectionView)))]
#[post("/api/v1/record-corrections")]
async fn register(
    who: Permit<CaseWorkers>,
    key: Key,
    body: JsonBody<RecordRegistration>,
    app: Data<App>,
) -> Result<Tagged<RecordCorrectionView>, ApiError> {
    let once = key.once(&who, &body);
    let done = app.register_record_correction(who.principal(), Some(once), body.value).await?;
    let (version, place) = (done.version, format!("/api/v1/record-corrections/{}", done.id));
    Ok(Tagged::created(done, version, place))
}

/// The newest entries of the register.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])),
    responses((status = 200, body = Vec<RecordCorrectionView>)))]
#[get("/api/v1/record-corrections")]
async fn list(
    who: Permit<CaseReaders>,
    app: Data<App>,
) -> Result<Json<Vec<RecordCorrectionView>>, ApiError> {
    Ok(Json(app.record_corrections(&who).await?))
}

/// One entry of the register.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])),
    params(("id" = Uuid, Path)), responses((status = 200, body = RecordCorrectionView)))]
#[get("/api/v1/record-corrections/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<RecordCorrectionView>, ApiError> {
    let view = app.record_correction(&who, RecordCorrectionId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Record that it was checked, passed on, or answered.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = RecordStep, responses((status = 200, body = RecordCorrectionView)))]
#[post("/api/v1/record-corrections/{id}/steps")]
async fn step(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<RecordStep>,
    app: Data<App>,
) -> Result<Tagged<RecordCorrectionView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, step) = (RecordCorrectionId(*id), body.value);
    let done = app.record_correction_step(who.principal(), Some(once), id, seen.0, step).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// The newest letter as PDF: the answer to the applicant, or the one that passes the application on.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/record-corrections/{id}/document")]
async fn document(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.record_letter(&who, RecordCorrectionId(*id), None).await?))
}

/// The letter of the n-th step as PDF, as it was written.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("n" = i32, Path, description = "Place of the step in the history, from 1")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/record-corrections/{id}/letters/{n}")]
async fn letter(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, i32)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, n) = path.into_inner();
    Ok(inline(app.record_letter(&who, RecordCorrectionId(id), Some(n)).await?))
}

/// Open one masked field for a stated purpose. The opening is recorded; doing it twice is recorded
/// twice, so no `Idempotency-Key`.
#[utoipa::path(tag = "record corrections", security(("bearer" = [])), params(("id" = Uuid, Path)),
    request_body = RecordOpening, responses((status = 200, body = RecordOpened)))]
#[post("/api/v1/record-corrections/{id}/personal-data")]
async fn open(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    body: JsonBody<RecordOpening>,
    app: Data<App>,
) -> Result<Json<RecordOpened>, ApiError> {
    let opened =
        app.open_record_field(who.principal(), RecordCorrectionId(*id), body.value).await?;
    Ok(Json(opened))
}
