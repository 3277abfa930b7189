//! The working-day calendar of a year, and how a year gets into the calendar of record.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::calendar::dry_run::{CalendarPreview, CaseChanges};
use crate::app::calendar::imports::{CalendarImportView, CalendarReason};
use crate::app::calendar::{CalendarVersion, CalendarYear};
use crate::domain::calendar_import::CalendarSource;
use crate::domain::ids::CalendarImportId;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Reading};
use crate::web::precondition::MatchHeader;
use crate::web::session::CalendarKeepers;
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

/// The year last: what stands before it is no year.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(preview)
        .service(propose)
        .service(imports)
        .service(import)
        .service(changes)
        .service(confirm)
        .service(reject)
        .service(reverse)
        .service(versions)
        .service(version_year)
        .service(year);
}

/// The working days of a year and the days moved by the State Council's notice.
#[utoipa::path(tag = "calendar", params(("year" = i32, Path, minimum = 2000, maximum = 2099)),
    responses((status = 200, body = CalendarYear)))]
#[get("/api/v1/calendar/{year}")]
async fn year(
    _gate: Limited<Reading>,
    year: Path<i32>,
    app: Data<App>,
) -> Result<Json<CalendarYear>, ApiError> {
    Ok(Json(app.calendar_year(*year)?))
}

/// Every version of the calendar that was ever in force, newest first.
#[utoipa::path(tag = "calendar", responses((status = 200, body = Vec<CalendarVersion>)))]
#[get("/api/v1/calendar/versions")]
async fn versions(
    _gate: Limited<Reading>,
    app: Data<App>,
) -> Result<Json<Vec<CalendarVersion>>, ApiError> {
    Ok(Json(app.calendar_versions().await?))
}

/// A year as an earlier version of the calendar had it: what was the calendar when it was decided?
#[utoipa::path(tag = "calendar", params(("version" = i32, Path),
    ("year" = i32, Path, minimum = 2000, maximum = 2099)),
    responses((status = 200, body = CalendarYear)))]
#[get("/api/v1/calendar/versions/{version}/{year}")]
async fn version_year(
    _gate: Limited<Reading>,
    path: Path<(i32, i32)>,
    app: Data<App>,
) -> Result<Json<CalendarYear>, ApiError> {
    let (version, of) = path.into_inner();
    Ok(Json(app.calendar_year_as_of(version, of).await?))
}

/// Dry run: read a year and list every open case whose dates it would change. Writes nothing.
#[utoipa::path(tag = "calendar", security(("bearer" = [])), request_body = CalendarSource,
    responses((status = 200, body = CalendarPreview)))]
#[post("/api/v1/calendar/preview")]
async fn preview(
    who: Permit<CalendarKeepers>,
    body: JsonBody<CalendarSource>,
    app: Data<App>,
) -> Result<Json<CalendarPreview>, ApiError> {
    let preview = app.preview_calendar(&body.value).await?;
    let cases = preview.cases.seen_by(&who.principal());
    Ok(Json(CalendarPreview { cases, ..preview }))
}

/// Propose a year for the calendar of record. It waits for a second person.
#[utoipa::path(tag = "calendar", security(("bearer" = [])), params(KeyHeader),
    request_body = CalendarSource, responses((status = 201, body = CalendarImportView)))]
#[post("/api/v1/calendar/imports")]
async fn propose(
    who: Permit<CalendarKeepers>,
    key: Key,
    body: JsonBody<CalendarSource>,
    app: Data<App>,
) -> Result<Tagged<CalendarImportView>, ApiError> {
    let once = key.once(&who, &body);
    let view = app.propose_calendar(Some(who.principal()), Some(once), body.value).await?;
    Ok(created(view))
}

/// The imports, newest first.
#[utoipa::path(tag = "calendar", security(("bearer" = [])),
    responses((status = 200, body = Vec<CalendarImportView>)))]
#[get("/api/v1/calendar/imports")]
async fn imports(
    _who: Permit<CalendarKeepers>,
    app: Data<App>,
) -> Result<Json<Vec<CalendarImportView>>, ApiError> {
    Ok(Json(app.calendar_imports().await?))
}

/// One import, and how far its refold has come.
#[utoipa::path(tag = "calendar", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = CalendarImportView)))]
#[get("/api/v1/calendar/imports/{id}")]
async fn import(
    _who: Permit<CalendarKeepers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<CalendarImportView>, ApiError> {
    Ok(tagged(app.calendar_import(CalendarImportId(*id)).await?))
}

/// The open cases whose dates an import would change; once it is in force, those it has changed.
#[utoipa::path(tag = "calendar", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseChanges)))]
#[get("/api/v1/calendar/imports/{id}/changes")]
async fn changes(
    who: Permit<CalendarKeepers>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<CaseChanges>, ApiError> {
    let changes = app.calendar_changes(CalendarImportId(*id)).await?;
    Ok(Json(changes.seen_by(&who.principal())))
}

/// Confirm an import as the second person: it is in force at once, and the refold begins.
#[utoipa::path(tag = "calendar", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader), responses((status = 200, body = CalendarImportView)))]
#[put("/api/v1/calendar/imports/{id}/confirm")]
async fn confirm(
    who: Permit<CalendarKeepers>,
    id: Path<Uuid>,
    seen: Expected,
    app: Data<App>,
) -> Result<Tagged<CalendarImportView>, ApiError> {
    let view = app.confirm_calendar(who.principal(), CalendarImportId(*id), seen.0).await?;
    Ok(tagged(view))
}

/// Decline an import, or take back one's own proposal.
#[utoipa::path(tag = "calendar", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader), request_body = CalendarReason,
    responses((status = 200, body = CalendarImportView)))]
#[put("/api/v1/calendar/imports/{id}/reject")]
async fn reject(
    who: Permit<CalendarKeepers>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<CalendarReason>,
    app: Data<App>,
) -> Result<Tagged<CalendarImportView>, ApiError> {
    let id = CalendarImportId(*id);
    Ok(tagged(app.reject_calendar(who.principal(), id, seen.0, body.value).await?))
}

/// Propose to take an import back: the year becomes what it was before. A second person confirms.
#[utoipa::path(tag = "calendar", security(("bearer" = [])), params(("id" = Uuid, Path), KeyHeader),
    request_body = CalendarReason, responses((status = 201, body = CalendarImportView)))]
#[post("/api/v1/calendar/imports/{id}/reverse")]
async fn reverse(
    who: Permit<CalendarKeepers>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<CalendarReason>,
    app: Data<App>,
) -> Result<Tagged<CalendarImportView>, ApiError> {
    let once = key.once(&who, &body);
    let id = CalendarImportId(*id);
    let view = app.reverse_calendar(who.principal(), Some(once), id, body.value).await?;
    Ok(created(view))
}

fn tagged(view: CalendarImportView) -> Tagged<CalendarImportView> {
    let version = view.version;
    Tagged::ok(view, version)
}

fn created(view: CalendarImportView) -> Tagged<CalendarImportView> {
    let (version, place) = (view.version, format!("/api/v1/calendar/imports/{}", view.id));
    Tagged::created(view, version, place)
}
