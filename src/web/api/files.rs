//! Files of a case: uploads, streamed and capped, and downloads.

use actix_multipart::Multipart;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::files::{FileView, Purpose};
use crate::app::findings::FindingsView;
use crate::app::tracking::Ticket;
use crate::domain::ids::{FileId, RequestId};
use crate::web::download::send;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Tracking};
use crate::web::session::{CaseActors, CaseReaders};
use crate::web::upload::{fault, parts};
use crate::web::{ApiError, Key, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(add)
        .service(add_by_ticket)
        .service(download)
        .service(findings)
        .service(inspect);
}

/// The files of a request.
#[utoipa::path(tag = "files", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<FileView>)))]
#[get("/api/v1/requests/{id}/files")]
async fn list(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<Vec<FileView>>, ApiError> {
    Ok(Json(app.files(&who, RequestId(*id)).await?))
}

/// The form of an upload by the agency.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; `parts` reads it")]
struct UploadForm {
    /// What the file is for; before `file`.
    purpose: Purpose,
    /// The item that a supplied file belongs to; before `file`. Without it: the whole request.
    item: Option<u16>,
    /// The file, last.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Add a file to a request.
#[utoipa::path(tag = "files", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = FileView)))]
#[post("/api/v1/requests/{id}/files")]
async fn add(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    key: Key,
    form: Multipart,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (fields, upload) = parts(form).await?;
    let purpose = fields
        .get("purpose")?
        .parse()
        .map_err(|_unknown| fault("purpose", "unknown_value", "purpose 不是可用的材料用途"))?;
    let item = match fields.get("item") {
        Ok(item) if !item.trim().is_empty() => Some(
            item.trim()
                .parse()
                .map_err(|_no_number| fault("item", "malformed", "item 应当是事项的编号"))?,
        ),
        _ => None,
    };
    let once = key.of(who.user.to_string(), String::new());
    let what = (purpose, item);
    let view = app.attach(who.principal(), Some(once), RequestId(*id), what, upload).await?;
    Ok(HttpResponse::Created().json(view))
}

/// The form of an upload by the applicant.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; `parts` reads it")]
struct TicketUploadForm {
    /// 受理编号; before `file`.
    number: String,
    /// 查询码; before `file`.
    code: String,
    /// The file, last.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Add a file to my request.
#[utoipa::path(tag = "tracking", params(KeyHeader),
    request_body(content = TicketUploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = FileView)))]
#[post("/api/v1/tracking/files")]
async fn add_by_ticket(
    _gate: Limited<Tracking>,
    key: Key,
    form: Multipart,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (fields, upload) = parts(form).await?;
    let ticket = Ticket { number: fields.get("number")?, code: fields.get("code")? };
    let once = key.of("citizen".to_owned(), String::new());
    Ok(HttpResponse::Created().json(app.attach_by_ticket(Some(once), ticket, upload).await?))
}

/// A file with its bytes.
#[utoipa::path(tag = "files", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)))]
#[get("/api/v1/files/{id}")]
async fn download(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(send(app.file_content(&who, FileId(*id)).await?))
}

/// What the check for hidden data found in a file that is to be supplied, masked.
#[utoipa::path(tag = "files", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = FindingsView)))]
#[get("/api/v1/files/{id}/findings")]
async fn findings(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<FindingsView>, ApiError> {
    Ok(Json(app.findings(&who, FileId(*id)).await?))
}

/// Look for hidden data in a file that is to be supplied; changes nothing where that was done by the
/// present rules.
#[utoipa::path(tag = "files", security(("bearer" = [])), params(("id" = Uuid, Path), KeyHeader),
    responses((status = 200, body = FindingsView)))]
#[post("/api/v1/files/{id}/findings")]
async fn inspect(
    who: Permit<CaseActors>,
    id: Path<Uuid>,
    _key: Key,
    app: Data<App>,
) -> Result<Json<FindingsView>, ApiError> {
    Ok(Json(app.inspect(&who, FileId(*id)).await?))
}
