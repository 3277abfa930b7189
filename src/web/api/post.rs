//! The post of an agency: what leaves on a day, printed as list, letters, envelopes or labels; a notice
//! in several copies.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::post::{PostOfDay, PostOrder};
use crate::domain::dates;
use crate::domain::ids::{AgencyId, NoticeId};
use crate::web::download::inline;
use crate::web::session::CaseWorkers;
use crate::web::{ApiError, JsonBody, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_day).service(print).service(copies);
}

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `YYYY-MM-DD`; today, if nothing is said.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    on: Option<NaiveDate>,
}

/// What leaves the agency by post on a day: what is on record as sent by post; today also what lies here
/// and is wanted by post. Names and places are masked.
#[utoipa::path(tag = "post", security(("bearer" = [])), params(("id" = Uuid, Path), Which),
    responses((status = 200, body = PostOfDay)))]
#[get("/api/v1/agencies/{id}/post")]
async fn of_day(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<PostOfDay>, ApiError> {
    Ok(Json(app.post_of_day(who.principal(), AgencyId(*id), which.0.on).await?))
}

/// Print the post of a day, or the letters that are named: the list (交寄清单), list and letters, envelopes
/// or address labels. Envelopes and labels bear whole addresses; each letter printed stands in the audit log.
/// Nothing else changes: recording that a letter left is another step.
#[utoipa::path(tag = "post", security(("bearer" = [])), params(("id" = Uuid, Path)),
    request_body = PostOrder,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[post("/api/v1/agencies/{id}/post")]
async fn print(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    body: JsonBody<PostOrder>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.print_post(who.principal(), AgencyId(*id), body.value).await?))
}

/// How many, and how they are printed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HowMany {
    /// 1–3; two (一式两份), if nothing is said.
    copies: Option<u8>,
    /// Printed on both sides: each copy begins on a sheet of its own.
    #[serde(default)]
    duplex: bool,
}

/// A notice in several copies (一式两份) for the printer, each page marked with which copy it is, outside of
/// the text. The file on record stays as it is; the printing stands in the audit log.
#[utoipa::path(tag = "post", security(("bearer" = [])), params(("id" = Uuid, Path), HowMany),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/notices/{id}/copies")]
async fn copies(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    how: Query<HowMany>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (copies, duplex) = (how.0.copies.unwrap_or(2), how.0.duplex);
    Ok(inline(app.notice_copies(who.principal(), NoticeId(*id), copies, duplex).await?))
}
