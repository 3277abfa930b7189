//! Files of a case: uploads, streamed and capped, and downloads.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use futures_util::TryStreamExt;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::files::{FileView, Purpose, Upload};
use crate::app::findings::FindingsView;
use crate::app::tracking::Ticket;
use crate::domain::ids::{FileId, RequestId};
use crate::web::download::send;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Tracking};
use crate::web::session::{CaseActors, CaseReaders};
use crate::web::{ApiError, Key, Permit};

/// Longest text field beside a file, in bytes.
const LONGEST_FIELD: usize = 1024;

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

/// The text fields that stood before the file.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Result<String, ApiError> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| fault(name, "required", format!("请在文件之前给出 {name}")))
    }
}

/// Reads the text fields, and stops at the file, which is left to be streamed.
async fn parts(mut form: Multipart) -> Result<(Fields, Upload<FileStream>), ApiError> {
    let mut fields = Vec::new();
    while let Some(field) = form.try_next().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            fields.push((name, text(field).await?));
            continue;
        }
        let given = field.content_disposition().and_then(|d| d.get_filename());
        let file_name = given.unwrap_or("未命名").to_owned();
        return Ok((Fields(fields), Upload { name: file_name, stream: relay(field, form) }));
    }
    Err(fault("file", "required", "请选择要上传的文件"))
}

async fn text(mut field: Field) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.try_next().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_FIELD {
            return Err(fault("form", "too_long", "上传表单的文字项过长"));
        }
    }
    String::from_utf8(bytes).map_err(|_not_text| fault("form", "malformed", "上传表单不是文字"))
}

/// The bytes of the file, on a channel: the multipart reader belongs to this thread, the store does
/// not. One piece at a time, so that a slow store slows the sender.
type FileStream = futures_util::stream::BoxStream<'static, Result<Bytes, String>>;

fn relay(mut field: Field, form: Multipart) -> FileStream {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, String>>(1);
    actix_web::rt::spawn(async move {
        // The field reads through the form; both live until the file is through.
        let _form = form;
        loop {
            let piece = match field.try_next().await {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => break,
                Err(error) => Err(error.to_string()),
            };
            if sender.send(piece).await.is_err() {
                break;
            }
        }
    });
    Box::pin(futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

fn broken(error: &actix_multipart::MultipartError) -> ApiError {
    tracing::debug!(%error, "broken upload");
    fault("form", "malformed_upload", "上传的表单不完整，请重新上传")
}

fn fault(field: &str, code: &str, detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, detail).with_field(field)
}
