//! Items of a request, their seven-step review, the split of a request, and the reply put together.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::items::{ItemsView, ReviewView};
use crate::app::notices::NoticeView;
use crate::app::requests::RequestView;
use crate::app::splits::{Part, SplitView};
use crate::domain::command::Command;
use crate::domain::examination::{Answer, Question};
use crate::domain::ids::RequestId;
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, CaseWorkers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(of_request)
        .service(review)
        .service(answer)
        .service(split)
        .service(assemble)
        .service(together);
}

/// The items of a request with outcome, searches and review of each, and what they count as.
#[utoipa::path(tag = "items", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = ItemsView)))]
#[get("/api/v1/requests/{id}/items")]
async fn of_request(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<ItemsView>, ApiError> {
    let view = app.items(&who, RequestId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// The seven-step review of an item: what was answered, what is asked next, what follows.
#[utoipa::path(tag = "items", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("item" = u16, Path)),
    responses((status = 200, body = ReviewView)))]
#[get("/api/v1/requests/{id}/items/{item}/review")]
async fn review(
    who: Permit<CaseReaders>,
    path: Path<(Uuid, String)>,
    app: Data<App>,
) -> Result<Json<ReviewView>, ApiError> {
    let (id, item) = path.into_inner();
    Ok(Json(app.review(&who, RequestId(id), number(&item)).await?))
}

/// An answer to a question of the review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewAnswer {
    /// The question.
    question: Question,
    /// The answer.
    answer: Answer,
    /// On what it rests.
    #[serde(default)]
    note: String,
}

/// Answer a question of the review. A later answer to the same question replaces the earlier one.
#[utoipa::path(tag = "items", security(("bearer" = [])),
    params(("id" = Uuid, Path), ("item" = u16, Path), KeyHeader, MatchHeader),
    request_body = ReviewAnswer, responses((status = 200, body = ReviewView)))]
#[post("/api/v1/requests/{id}/items/{item}/review")]
async fn answer(
    who: Permit<CaseWorkers>,
    path: Path<(Uuid, String)>,
    key: Key,
    seen: Expected,
    body: JsonBody<ReviewAnswer>,
    app: Data<App>,
) -> Result<Json<ReviewView>, ApiError> {
    let once = key.once(&who, &body);
    let (id, item) = (RequestId(path.0), number(&path.1));
    let ReviewAnswer { question, answer, note } = body.value;
    let command = Command::AnswerReview { item, question, answer, note };
    app.act(who.principal(), Some(once), id, seen.0, command).await?;
    Ok(Json(app.review(&who, id, item).await?))
}

/// Which items become requests of their own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Split {
    /// One part a new request. What is in no part stays.
    parts: Vec<Part>,
}

/// Split a request: each part becomes a request of its own with the same receipt date.
#[utoipa::path(tag = "items", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Split, responses((status = 200, body = SplitView)))]
#[post("/api/v1/requests/{id}/split")]
async fn split(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Split>,
    app: Data<App>,
) -> Result<Tagged<SplitView>, ApiError> {
    let once = key.once(&who, &body);
    let parts = body.value.parts;
    let done = app.split(who.principal(), Some(once), RequestId(*id), seen.0, parts).await?;
    let version = done.request.version;
    Ok(Tagged::ok(done, version))
}

/// Which requests are answered with this one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Others {
    /// The other requests, of the same applicant.
    requests: Vec<RequestId>,
}

/// Answer several requests of one applicant in one document, this one's. The earliest of their
/// limits governs, and each is counted by itself.
#[utoipa::path(tag = "items", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader),
    request_body = Others, responses((status = 200, body = Vec<RequestView>)))]
#[post("/api/v1/requests/{id}/joint-reply")]
async fn together(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    seen: Expected,
    body: JsonBody<Others>,
    app: Data<App>,
) -> Result<Json<Vec<RequestView>>, ApiError> {
    let once = key.once(&who, &body);
    let (lead, others) = (RequestId(*id), body.value.requests);
    Ok(Json(app.answer_together(who.principal(), Some(once), lead, seen.0, others).await?))
}

/// Begin the draft reply that is put together from the decided items. The body is an empty object.
#[utoipa::path(tag = "items", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), request_body = Nothing,
    responses((status = 201, body = NoticeView)))]
#[post("/api/v1/requests/{id}/assembled-reply")]
async fn assemble(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<Nothing>,
    app: Data<App>,
) -> Result<Tagged<NoticeView>, ApiError> {
    let once = key.once(&who, &body);
    let notice = app.assemble_reply(who.principal(), Some(once), RequestId(*id)).await?;
    let (version, place) = (notice.version, format!("/api/v1/notices/{}", notice.id));
    Ok(Tagged::created(notice, version, place))
}

/// An empty object.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The number of an item; what is no number is no item.
fn number(text: &str) -> u16 {
    text.parse().unwrap_or(0)
}
