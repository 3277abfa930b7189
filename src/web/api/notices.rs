//! Notices: drafts of replies, their way to issue, the issued documents, and their service.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::deliveries::ServiceStep;
use crate::app::notices::NoticeView;
use crate::app::notices::drafts::DraftStep;
use crate::app::notices::formats::Format;
use crate::app::notices::gate::DraftFindingView;
use crate::app::requests::RequestView;
use crate::domain::ids::{DeliveryId, NoticeId, RequestId};
use crate::domain::reply::ReplyContent;
use crate::web::download::{Wanted, inline, send};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, CaseWorkers, DraftSteps};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(of_request)
        .service(draft)
        .service(get_one)
        .service(save)
        .service(take_step)
        .service(draft_findings)
        .service(preview)
        .service(page)
        .service(pdf)
        .service(docx)
        .service(html)
        .service(signature)
        .service(serve)
        .service(slip);
}

/// The notices of a request.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<NoticeView>)))]
#[get("/api/v1/requests/{id}/notices")]
async fn of_request(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<NoticeView>>, ApiError> {
    Ok(Json(app.notices(&who, RequestId(*id)).await?))
}

/// Begin a draft reply. What is missing is asked for when it is submitted.
#[utoipa::path(tag = "notices", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader),
    request_body = ReplyContent, responses((status = 201, body = NoticeView)))]
#[post("/api/v1/requests/{id}/notices")]
async fn draft(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<ReplyContent>,
    app: Data<App>,
) -> Result<Tagged<NoticeView>, ApiError> {
    let once = key.once(&who, &body);
    let notice = app.draft_reply(who.principal(), Some(once), RequestId(*id), body.value).await?;
    let (version, place) = (notice.version, format!("/api/v1/notices/{}", notice.id));
    Ok(Tagged::created(notice, version, place))
}

/// What is wrong with a draft although every field is filled in: what blocks it, and what somebody
/// must answer for (`acknowledge_finding`) before it is submitted.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<DraftFindingView>)))]
#[get("/api/v1/notices/{id}/findings")]
async fn draft_findings(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<DraftFindingView>>, ApiError> {
    Ok(Json(app.draft_findings(&who, NoticeId(*id)).await?))
}

/// One notice. Its `ETag` is for saving the draft; steps name `request_version`.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = NoticeView)))]
#[get("/api/v1/notices/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<NoticeView>, ApiError> {
    let notice = app.notice(&who, NoticeId(*id)).await?;
    let version = notice.version;
    Ok(Tagged::ok(notice, version))
}

/// Save a draft.
#[utoipa::path(tag = "notices", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = ReplyContent, responses((status = 200, body = NoticeView)))]
#[put("/api/v1/notices/{id}")]
async fn save(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<ReplyContent>,
    app: Data<App>,
) -> Result<Tagged<NoticeView>, ApiError> {
    let notice = app.save_reply(who.principal(), NoticeId(*id), seen.0, body.value).await?;
    let version = notice.version;
    Ok(Tagged::ok(notice, version))
}

/// A step on a draft reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    /// To the approver.
    Submit,
    /// Back to me.
    Recall,
    /// Back to the author.
    Return {
        /// Why.
        reason: String,
    },
    /// Approve.
    Approve,
    /// Number and freeze.
    Issue,
    /// Void the number of a reply that has not left the house.
    Void {
        /// Why.
        reason: String,
    },
}

impl From<Step> for DraftStep {
    fn from(step: Step) -> Self {
        match step {
            Step::Submit => Self::Submit,
            Step::Recall => Self::Recall,
            Step::Return { reason } => Self::Return { reason },
            Step::Approve => Self::Approve,
            Step::Issue => Self::Issue,
            Step::Void { reason } => Self::Void { reason },
        }
    }
}

/// Take a step on a draft reply. `If-Match` names the request's version.
#[utoipa::path(tag = "notices", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Step, responses((status = 200, body = NoticeView)))]
#[post("/api/v1/notices/{id}/steps")]
async fn take_step(
    who: Permit<DraftSteps>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Step>,
    app: Data<App>,
) -> Result<Tagged<NoticeView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, step) = (NoticeId(*id), body.value.into());
    let notice = app.draft_step(who.principal(), Some(once), id, seen.0, step).await?;
    let version = notice.version;
    Ok(Tagged::ok(notice, version))
}

/// The reply as it would print now.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path), Wanted),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/notices/{id}/preview")]
async fn preview(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    wanted: Query<Wanted>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let format = wanted.0.format.into();
    Ok(inline(app.preview_document(who.principal(), NoticeId(*id), format).await?))
}

/// A page of the notice as it would print now, as a picture, counted from 1.
#[utoipa::path(tag = "notices", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("n" = usize, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>)))]
#[get("/api/v1/notices/{id}/pages/{n}")]
async fn page(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, usize)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, n) = *path;
    Ok(inline(app.notice_page(who.principal(), NoticeId(id), n).await?))
}

/// An issued notice as PDF/A.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/notices/{id}/pdf")]
async fn pdf(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.document(&who, NoticeId(*id), Format::Pdf).await?))
}

/// An issued notice for Word and WPS.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
#[get("/api/v1/notices/{id}/docx")]
async fn docx(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.document(&who, NoticeId(*id), Format::Docx).await?))
}

/// An issued notice for the screen: the text of the PDF as HTML.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/html", body = String)))]
#[get("/api/v1/notices/{id}/html")]
async fn html(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.document(&who, NoticeId(*id), Format::Html).await?))
}

/// The detached CMS signature (`.p7s`) over the PDF of an issued notice, where a signing program is set.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pkcs7-signature", body = Vec<u8>)))]
#[get("/api/v1/notices/{id}/signature")]
async fn signature(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.signature(&who, NoticeId(*id)).await?))
}

/// The proof of service (送达回证) of an attempt, ready to print and sign.
#[utoipa::path(tag = "deliveries", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/deliveries/{id}/slip")]
async fn slip(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.service_slip(who.principal(), DeliveryId(*id)).await?))
}

/// Record what happened to an issued notice on its way. `If-Match` names the request's version.
#[utoipa::path(tag = "deliveries", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = ServiceStep, responses((status = 200, body = RequestView)))]
#[post("/api/v1/notices/{id}/deliveries")]
async fn serve(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<ServiceStep>,
    app: Data<App>,
) -> Result<Tagged<RequestView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, step) = (NoticeId(*id), body.value);
    let done = app.serve_notice(who.principal(), Some(once), id, seen.0, step).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
