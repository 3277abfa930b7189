//! The bundle of a case: what would be in it, and the archive itself, streamed.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::bundle::{Bundle, BundleOrder, BundlePlan};
use crate::domain::evidence::BundleForm;
use crate::domain::ids::RequestId;
use crate::web::idempotency::KeyHeader;
use crate::web::session::BundleReaders;
use crate::web::{ApiError, JsonBody, Key, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(plan).service(export);
}

/// Which bundle.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// What it is for; `evidence` when not given.
    form: Option<BundleForm>,
}

/// What the bundle of a request would hold: the list of evidence, and which personal data exporting
/// it would open. For the officer of the case, the heads of its agency and supervisors.
#[utoipa::path(tag = "bundles", security(("bearer" = [])), params(("id" = Uuid, Path), Which),
    responses((status = 200, body = BundlePlan)))]
#[get("/api/v1/requests/{id}/bundle")]
async fn plan(
    who: Permit<BundleReaders>,
    id: Path<Uuid>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<BundlePlan>, ApiError> {
    let form = which.0.form.unwrap_or(BundleForm::Evidence);
    Ok(Json(app.bundle_plan(who.principal(), RequestId(*id), form).await?))
}

/// Export the bundle of a request as a ZIP archive that can be checked with `gongkai verify --bundle`.
/// The export, its purpose and the personal data in it are put on record first; sent again with the
/// same key they are not recorded twice.
#[utoipa::path(tag = "bundles", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), request_body = BundleOrder,
    responses((status = 200, content_type = "application/zip", body = Vec<u8>)))]
#[post("/api/v1/requests/{id}/bundle")]
async fn export(
    who: Permit<BundleReaders>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<BundleOrder>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let once = key.once(&who, &body);
    Ok(send(app.bundle(who.principal(), Some(once), RequestId(*id), body.value).await?))
}

/// Sends an archive from its file.
fn send(bundle: Bundle) -> HttpResponse {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: bundle.name.into_bytes(),
    };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    };
    let stream = ReaderStream::new(tokio::fs::File::from_std(bundle.file));
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(header::ContentEncoding::Identity)
        .insert_header(disposition)
        .body(SizedStream::new(bundle.size, stream))
}
