//! Suggestions of applicants to publish what they were given.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::requests::Page;
use crate::app::suggestions::{SuggestionView, TrackSuggestion};
use crate::app::tracking::Ticket;
use crate::domain::ids::{AgencyId, SuggestionId};
use crate::domain::suggestion::SuggestionAnswer;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Tracking};
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, Heads};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(answer).service(suggest);
}

/// Which to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// Only what is not answered.
    #[serde(default)]
    open: bool,
    /// `next` of the page before.
    cursor: Option<SuggestionId>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// Suggestions, oldest first.
#[utoipa::path(tag = "publications", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<SuggestionView>)))]
#[get("/api/v1/publication-suggestions")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<SuggestionView>>, ApiError> {
    let Which { agency, open, cursor, limit } = which.0;
    Ok(Json(app.suggestions(&who, (agency, open), cursor, limit).await?))
}

/// Examine a suggestion; the applicant reads the answer where they track the request.
#[utoipa::path(tag = "publications", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader), request_body = SuggestionAnswer,
    responses((status = 200, body = SuggestionView)))]
#[post("/api/v1/publication-suggestions/{id}/answer")]
async fn answer(
    who: Permit<Heads>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<SuggestionAnswer>,
    app: Data<App>,
) -> Result<Tagged<SuggestionView>, ApiError> {
    let (once, id) = (key.once(&who, &body), SuggestionId(*id));
    let done =
        app.answer_suggestion(who.principal(), Some(once), id, version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// A suggestion by the applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Suggestion {
    /// 受理编号.
    number: String,
    /// 查询码.
    code: String,
    /// Why it concerns the public.
    reason: String,
}

/// Suggest to publish for everybody what I was given: once a request.
#[utoipa::path(tag = "tracking", params(KeyHeader), request_body = Suggestion,
    responses((status = 200, body = TrackSuggestion)))]
#[post("/api/v1/tracking/suggestion")]
async fn suggest(
    _gate: Limited<Tracking>,
    key: Key,
    body: JsonBody<Suggestion>,
    app: Data<App>,
) -> Result<Json<TrackSuggestion>, ApiError> {
    let once = key.once_of_citizen(&body);
    let Suggestion { number, code, reason } = body.value;
    Ok(Json(app.suggest(Some(once), Ticket { number, code }, reason).await?))
}
