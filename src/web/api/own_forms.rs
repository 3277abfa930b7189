//! Forms that an agency made itself: Word files with placeholders, and the copies filled from a case.

use actix_multipart::Multipart;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::own_forms::{FilledCopy, FilledValue, OwnFormCheck, OwnFormView, PlaceholderView};
use crate::domain::ids::{AgencyId, OwnFormId, RequestId};
use crate::domain::own_form::OwnFormHead;
use crate::web::download::send;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Reading};
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, FormKeepers, Staff};
use crate::web::upload::parts;
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

/// Where a filled copy lists the placeholders in whose place a dash was printed.
const EMPTY: HeaderName = HeaderName::from_static("empty-placeholders");

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(catalogue)
        .service(list)
        .service(add)
        .service(check)
        .service(get_one)
        .service(file)
        .service(retire)
        .service(filled)
        .service(values);
}

/// The catalogue of placeholders: what may stand in a form, and what it stands for.
#[utoipa::path(tag = "own forms", responses((status = 200, body = Vec<PlaceholderView>)))]
#[get("/api/v1/form-placeholders")]
async fn catalogue(_gate: Limited<Reading>, app: Data<App>) -> Json<Vec<PlaceholderView>> {
    Json(app.placeholders())
}

/// Which forms are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Retired ones as well.
    #[serde(default)]
    retired: bool,
}

/// The forms of an agency, with their versions and placeholders.
#[utoipa::path(tag = "own forms", security(("bearer" = [])), params(("id" = Uuid, Path), Which),
    responses((status = 200, body = Vec<OwnFormView>)))]
#[get("/api/v1/agencies/{id}/own-forms")]
async fn list(
    who: Permit<Staff>,
    id: Path<Uuid>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Vec<OwnFormView>>, ApiError> {
    Ok(Json(app.own_forms(&who, AgencyId(*id), which.0.retired).await?))
}

/// The upload of a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; `parts` reads it")]
struct OwnFormUpload {
    /// Name, unique in the agency; before `file`.
    name: String,
    /// What the form is for, in one line; before `file`.
    purpose: String,
    /// How to use it; before `file`.
    description: Option<String>,
    /// The Word file (.docx, at most 5 MB), last.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a form: a new one, or the next version of the form of this name. Every fault of the file is
/// told, each with its place; a placeholder that the catalogue does not have is one.
#[utoipa::path(tag = "own forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader),
    request_body(content = OwnFormUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = OwnFormView)))]
#[post("/api/v1/agencies/{id}/own-forms")]
async fn add(
    who: Permit<FormKeepers>,
    id: Path<Uuid>,
    key: Key,
    form: Multipart,
    app: Data<App>,
) -> Result<Tagged<OwnFormView>, ApiError> {
    let (fields, upload) = parts(form).await?;
    let text = |name: &str| fields.get(name).unwrap_or_default();
    let head = OwnFormHead {
        name: text("name"),
        purpose: text("purpose"),
        description: text("description"),
    };
    let once = key.of(who.user.to_string(), String::new());
    let id = AgencyId(*id);
    let done = app.upload_own_form(who.principal(), Some(once), id, head, upload).await?;
    let (version, place) = (done.version, format!("/api/v1/own-forms/{}", done.id));
    Ok(Tagged::created(done, version, place))
}

/// The upload of a file that is only looked into.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; `parts` reads it")]
struct OwnFormTrial {
    /// The Word file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Look into a file without keeping it: its placeholders with their places, and what would keep it
/// from being taken.
#[utoipa::path(tag = "own forms", security(("bearer" = [])), params(("id" = Uuid, Path)),
    request_body(content = OwnFormTrial, content_type = "multipart/form-data"),
    responses((status = 200, body = OwnFormCheck)))]
#[post("/api/v1/agencies/{id}/own-forms/check")]
async fn check(
    who: Permit<FormKeepers>,
    id: Path<Uuid>,
    form: Multipart,
    app: Data<App>,
) -> Result<Json<OwnFormCheck>, ApiError> {
    let (_, upload) = parts(form).await?;
    Ok(Json(app.check_own_form(&who, AgencyId(*id), upload).await?))
}

/// One form.
#[utoipa::path(tag = "own forms", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = OwnFormView)))]
#[get("/api/v1/own-forms/{id}")]
async fn get_one(
    who: Permit<Staff>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<OwnFormView>, ApiError> {
    let view = app.own_form(&who, OwnFormId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// The file of a version, empty, as it is kept.
#[utoipa::path(tag = "own forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("n" = i32, Path)),
    responses((status = 200, body = Vec<u8>, content_type =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
#[get("/api/v1/own-forms/{id}/versions/{n}")]
async fn file(
    who: Permit<Staff>,
    path: Path<(Uuid, i32)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, n) = *path;
    Ok(send(app.own_form_file(&who, OwnFormId(id), n).await?))
}

/// Whether a form is offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnFormRetirement {
    /// Offered no more.
    retired: bool,
}

/// Retire a form, or offer it again. Its versions stay.
#[utoipa::path(tag = "own forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader), request_body = OwnFormRetirement,
    responses((status = 200, body = OwnFormView)))]
#[put("/api/v1/own-forms/{id}/retirement")]
async fn retire(
    who: Permit<FormKeepers>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<OwnFormRetirement>,
    app: Data<App>,
) -> Result<Tagged<OwnFormView>, ApiError> {
    let (id, retired) = (OwnFormId(*id), body.value.retired);
    let view = app.retire_own_form(who.principal(), id, seen.0, retired).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// A form of the agency filled with what is on record of a request: a Word file. Names and numbers are
/// masked, and the printing stands in the audit log. The header `Empty-Placeholders` lists where a
/// dash was printed.
#[utoipa::path(tag = "own forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("form" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
#[get("/api/v1/requests/{id}/own-forms/{form}")]
async fn filled(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, Uuid)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, form) = (RequestId(path.0), OwnFormId(path.1));
    let FilledCopy { document, empty } = app.filled_own_form(who.principal(), id, form).await?;
    let names: Vec<&str> = empty.iter().map(|one| one.as_str()).collect();
    let mut answer = send(document);
    if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
        answer.headers_mut().insert(EMPTY, value);
    }
    Ok(answer)
}

/// What would be filled in for a request, masked, and what is empty. Nothing is printed.
#[utoipa::path(tag = "own forms", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("form" = Uuid, Path)),
    responses((status = 200, body = Vec<FilledValue>)))]
#[get("/api/v1/requests/{id}/own-forms/{form}/values")]
async fn values(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, Uuid)>,
    app: Data<App>,
) -> Result<Json<Vec<FilledValue>>, ApiError> {
    let (id, form) = (RequestId(path.0), OwnFormId(path.1));
    Ok(Json(app.own_form_values(&who, id, form).await?))
}
