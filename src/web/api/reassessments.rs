//! What was withheld and is assessed again.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::reassessments::{ReassessmentQuery, ReassessmentView};
use crate::app::requests::Page;
use crate::domain::ids::{AgencyId, ReassessmentId, RequestId};
use crate::domain::outcome::Outcome;
use crate::domain::reassessment::{Assessing, AssessmentState};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{Assessors, CaseReaders};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(get_one).service(step);
}

/// Which to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// Only of this request.
    request: Option<RequestId>,
    /// Only in this state.
    state: Option<AssessmentState>,
    /// Only withheld on this ground.
    outcome: Option<Outcome>,
    /// Only what is to be assessed by now.
    #[serde(default)]
    due: bool,
    /// Only what should have been assessed before today.
    #[serde(default)]
    overdue: bool,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// What closed cases withhold, the earliest day of assessment first.
#[utoipa::path(tag = "reassessments", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<ReassessmentView>)))]
#[get("/api/v1/reassessments")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<ReassessmentView>>, ApiError> {
    let Which { agency, request, state, outcome, due, overdue, cursor, limit } = which.0;
    let query = ReassessmentQuery { agency, request, state, outcome, due, overdue, cursor, limit };
    Ok(Json(app.reassessments(&who, query).await?))
}

/// Something withheld, with what was done about it.
#[utoipa::path(tag = "reassessments", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = ReassessmentView)))]
#[get("/api/v1/reassessments/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<ReassessmentView>, ApiError> {
    let found = app.reassessment(&who, ReassessmentId(*id)).await?;
    let version = found.version;
    Ok(Tagged::ok(found, version))
}

/// Assess it: it stays withheld, or may be opened, which a second person confirms.
#[utoipa::path(tag = "reassessments", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader), request_body = Assessing,
    responses((status = 200, body = ReassessmentView)))]
#[post("/api/v1/reassessments/{id}/steps")]
async fn step(
    who: Permit<Assessors>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<Assessing>,
    app: Data<App>,
) -> Result<Tagged<ReassessmentView>, ApiError> {
    let once = key.once(&who, &body);
    let done =
        app.assess(who.principal(), Some(once), ReassessmentId(*id), version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}
