//! What applicants see and do with number and query code. The code travels in bodies only, never in
//! an address that a log or a browser history keeps.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::notices::formats::Format;
use crate::app::tracking::{Ticket, TrackView};
use crate::domain::ids::{FileId, NoticeId};
use crate::domain::rating::Grade;
use crate::web::download::send;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Tracking};
use crate::web::{ApiError, JsonBody, Key};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(track)
        .service(correct)
        .service(give_reasons)
        .service(withdraw)
        .service(rate)
        .service(document)
        .service(supplied);
}

/// Where my request stands. Asking changes nothing, so no `Idempotency-Key`.
#[utoipa::path(tag = "tracking", request_body = Ticket,
    responses((status = 200, body = TrackView)))]
#[post("/api/v1/tracking")]
async fn track(
    _gate: Limited<Tracking>,
    body: JsonBody<Ticket>,
    app: Data<App>,
) -> Result<Json<TrackView>, ApiError> {
    Ok(Json(app.track(body.value).await?))
}

/// A correction by the applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// 受理编号.
    number: String,
    /// 查询码.
    code: String,
    /// The corrected content.
    text: String,
}

/// Send the correction that was asked for.
#[utoipa::path(tag = "tracking", params(KeyHeader), request_body = Correction,
    responses((status = 200, body = TrackView)))]
#[post("/api/v1/tracking/correction")]
async fn correct(
    _gate: Limited<Tracking>,
    key: Key,
    body: JsonBody<Correction>,
    app: Data<App>,
) -> Result<Json<TrackView>, ApiError> {
    let once = key.once_of_citizen(&body);
    let Correction { number, code, text } = body.value;
    Ok(Json(app.track_correct(Some(once), Ticket { number, code }, text).await?))
}

/// Reasons by the applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reasons {
    /// 受理编号.
    number: String,
    /// 查询码.
    code: String,
    /// Why the information is needed, and why so many requests.
    text: String,
}

/// Give the reasons that were asked for.
#[utoipa::path(tag = "tracking", params(KeyHeader), request_body = Reasons,
    responses((status = 200, body = TrackView)))]
#[post("/api/v1/tracking/reasons")]
async fn give_reasons(
    _gate: Limited<Tracking>,
    key: Key,
    body: JsonBody<Reasons>,
    app: Data<App>,
) -> Result<Json<TrackView>, ApiError> {
    let once = key.once_of_citizen(&body);
    let Reasons { number, code, text } = body.value;
    Ok(Json(app.track_reasons(Some(once), Ticket { number, code }, text).await?))
}

/// A withdrawal by the applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// 受理编号.
    number: String,
    /// 查询码.
    code: String,
    /// The statement.
    statement: String,
}

/// Withdraw my request.
#[utoipa::path(tag = "tracking", params(KeyHeader), request_body = Withdrawal,
    responses((status = 200, body = TrackView)))]
#[post("/api/v1/tracking/withdrawal")]
async fn withdraw(
    _gate: Limited<Tracking>,
    key: Key,
    body: JsonBody<Withdrawal>,
    app: Data<App>,
) -> Result<Json<TrackView>, ApiError> {
    let once = key.once_of_citizen(&body);
    let Withdrawal { number, code, statement } = body.value;
    Ok(Json(app.track_withdraw(Some(once), Ticket { number, code }, statement).await?))
}

/// A notice of my request as PDF.
#[utoipa::path(tag = "tracking", params(("id" = Uuid, Path)), request_body = Ticket,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[post("/api/v1/tracking/documents/{id}")]
async fn document(
    _gate: Limited<Tracking>,
    id: Path<Uuid>,
    body: JsonBody<Ticket>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.track_document(body.value, NoticeId(*id), Format::Pdf).await?))
}

/// A file that was supplied with the reply to my request.
#[utoipa::path(tag = "tracking", params(("id" = Uuid, Path)), request_body = Ticket,
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)))]
#[post("/api/v1/tracking/supplied/{id}")]
async fn supplied(
    _gate: Limited<Tracking>,
    id: Path<Uuid>,
    body: JsonBody<Ticket>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.track_supplied(body.value, FileId(*id)).await?))
}

/// A rating by the applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rating {
    /// 受理编号.
    number: String,
    /// 查询码.
    code: String,
    /// One of five grades.
    grade: Grade,
    /// What was good or bad; may be left out.
    #[serde(default)]
    comment: String,
}

/// Rate the service: voluntary, once a request, as soon as the reply is on its way.
#[utoipa::path(tag = "tracking", params(KeyHeader), request_body = Rating,
    responses((status = 200, body = TrackView)))]
#[post("/api/v1/tracking/rating")]
async fn rate(
    _gate: Limited<Tracking>,
    key: Key,
    body: JsonBody<Rating>,
    app: Data<App>,
) -> Result<Json<TrackView>, ApiError> {
    let once = key.once_of_citizen(&body);
    let Rating { number, code, grade, comment } = body.value;
    Ok(Json(app.rate(Some(once), Ticket { number, code }, grade, comment).await?))
}
