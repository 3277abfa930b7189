//! The picture of an agency's seal. It has no legal force, and every answer says so.

use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpResponse, get, put};
use futures_util::TryStreamExt;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::seal_pictures::SealPictureView;
use crate::domain::ids::AgencyId;
use crate::web::download::inline;
use crate::web::precondition::MatchHeader;
use crate::web::session::Administrators;
use crate::web::{ApiError, Expected, JsonBody, Permit, Tagged};

/// A little more than a picture may have: the rest is not read.
const MOST_BYTES: usize = 1024 * 1024 + 1;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_one).service(image).service(upload).service(switch);
}

/// The picture of an agency's seal, and whether what is issued bears it.
#[utoipa::path(tag = "agencies", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = SealPictureView)))]
#[get("/api/v1/agencies/{id}/seal-picture")]
async fn get_one(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<SealPictureView>, ApiError> {
    let view = app.seal_picture(&who, AgencyId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// The picture itself.
#[utoipa::path(tag = "agencies", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "image/png", body = Vec<u8>)))]
#[get("/api/v1/agencies/{id}/seal-picture/image")]
async fn image(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.seal_image(&who, AgencyId(*id)).await?))
}

/// Upload a picture: PNG with a transparent ground, nearly square, 200 to 2000 points a side, at most
/// 1 MB. It is not in use until it is switched on.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body(content = Vec<u8>, content_type = "image/png"),
    responses((status = 200, body = SealPictureView)))]
#[put("/api/v1/agencies/{id}/seal-picture")]
async fn upload(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    seen: Expected,
    body: Payload,
    app: Data<App>,
) -> Result<Tagged<SealPictureView>, ApiError> {
    let bytes = read(body).await?;
    let view = app.put_seal_picture(who.principal(), AgencyId(*id), seen.0, bytes).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Whether what is issued from now on bears the picture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Use {
    /// Switched on.
    in_use: bool,
}

/// Switch the picture on or off.
#[utoipa::path(tag = "agencies", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = Use, responses((status = 200, body = SealPictureView)))]
#[put("/api/v1/agencies/{id}/seal-picture/use")]
async fn switch(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<Use>,
    app: Data<App>,
) -> Result<Tagged<SealPictureView>, ApiError> {
    let (agency, in_use) = (AgencyId(*id), body.value.in_use);
    let view = app.use_seal_picture(who.principal(), agency, seen.0, in_use).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// What was sent, as far as it can be a picture.
async fn read(mut body: Payload) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while bytes.len() < MOST_BYTES {
        match body.try_next().await {
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => break,
            Err(_broken_off) => {
                let message = "文件没有传完，请重新上传".to_owned();
                return Err(AppError::Upload { code: "upload_broken_off", message }.into());
            }
        }
    }
    bytes.truncate(MOST_BYTES);
    Ok(bytes)
}
