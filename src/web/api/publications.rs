//! From what was supplied on request to what everybody can read: candidates, drafts, steps; and
//! what is published, open to all.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::publications::{
    CandidateView, PublicEntry, PublicationForm, PublicationQuery, PublicationView,
};
use crate::app::requests::Page;
use crate::domain::ids::{AgencyId, PublicationId, RequestId};
use crate::domain::publication::{PublicationState, PublicationStep};
use crate::web::download::send;
use crate::web::idempotency::KeyHeader;
use crate::web::limits::{Limited, Reading};
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, Drafters, Publishers};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(candidates)
        .service(list)
        .service(draft)
        .service(get_one)
        .service(save)
        .service(step)
        .service(public_list)
        .service(public_entry)
        .service(public_file);
}

/// Of which agency.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// `next` of the page before.
    cursor: Option<RequestId>,
}

/// What several applicants asked for and was released: it may be published for everybody. Each page looks at
/// a hundred releases; one without candidates may still have a next.
#[utoipa::path(tag = "publications", security(("bearer" = [])), params(Whose),
    responses((status = 200, body = Page<CandidateView>)))]
#[get("/api/v1/publication-candidates")]
async fn candidates(
    who: Permit<CaseReaders>,
    whose: Query<Whose>,
    app: Data<App>,
) -> Result<Json<Page<CandidateView>>, ApiError> {
    let Whose { agency, cursor } = whose.0;
    Ok(Json(app.publication_candidates(&who, agency, cursor).await?))
}

/// Which to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// Only in this state.
    state: Option<PublicationState>,
    /// `next` of the page before.
    cursor: Option<PublicationId>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// Drafts and publications, newest first.
#[utoipa::path(tag = "publications", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<PublicationView>)))]
#[get("/api/v1/publications")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<PublicationView>>, ApiError> {
    let Which { agency, state, cursor, limit } = which.0;
    let query = PublicationQuery { agency, state, words: None, cursor, limit };
    Ok(Json(app.publications(&who, query).await?))
}

/// A draft of what a request brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Draft {
    /// The request by which it was released, or in which it was withheld until now.
    request: RequestId,
    /// The head of the catalogue and the files.
    publication: PublicationForm,
}

/// Draft a publication.
#[utoipa::path(tag = "publications", security(("bearer" = [])), params(KeyHeader),
    request_body = Draft, responses((status = 201, body = PublicationView)))]
#[post("/api/v1/publications")]
async fn draft(
    who: Permit<Drafters>,
    key: Key,
    body: JsonBody<Draft>,
    app: Data<App>,
) -> Result<Tagged<PublicationView>, ApiError> {
    let once = key.once(&who, &body);
    let Draft { request, publication } = body.value;
    let done = app.draft_publication(who.principal(), Some(once), request, publication).await?;
    let (version, location) = (done.version, format!("/api/v1/publications/{}", done.id));
    Ok(Tagged::created(done, version, location))
}

/// A draft or publication, with the traces of people that were found.
#[utoipa::path(tag = "publications", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = PublicationView)))]
#[get("/api/v1/publications/{id}")]
async fn get_one(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<PublicationView>, ApiError> {
    let found = app.publication(&who, PublicationId(*id)).await?;
    let version = found.version;
    Ok(Tagged::ok(found, version))
}

/// Write at a draft.
#[utoipa::path(tag = "publications", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader), request_body = PublicationForm,
    responses((status = 200, body = PublicationView)))]
#[put("/api/v1/publications/{id}")]
async fn save(
    who: Permit<Drafters>,
    id: Path<Uuid>,
    version: Expected,
    body: JsonBody<PublicationForm>,
    app: Data<App>,
) -> Result<Tagged<PublicationView>, ApiError> {
    let id = PublicationId(*id);
    let done = app.save_publication(who.principal(), id, version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// Submit, review, give back, publish or take down; nobody publishes what they wrote.
#[utoipa::path(tag = "publications", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader, MatchHeader), request_body = PublicationStep,
    responses((status = 200, body = PublicationView)))]
#[post("/api/v1/publications/{id}/steps")]
async fn step(
    who: Permit<Publishers>,
    id: Path<Uuid>,
    key: Key,
    version: Expected,
    body: JsonBody<PublicationStep>,
    app: Data<App>,
) -> Result<Tagged<PublicationView>, ApiError> {
    let (once, id) = (key.once(&who, &body), PublicationId(*id));
    let done = app.publication_step(who.principal(), Some(once), id, version.0, body.value).await?;
    let version = done.version;
    Ok(Tagged::ok(done, version))
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// Only of this agency.
    agency: Option<AgencyId>,
    /// Words in name, summary, topic, numbers or keywords.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<PublicationId>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// What is published for everybody, newest first. Open to all.
#[utoipa::path(tag = "public", params(Sought),
    responses((status = 200, body = Page<PublicEntry>)))]
#[get("/api/v1/public-information")]
async fn public_list(
    _gate: Limited<Reading>,
    sought: Query<Sought>,
    app: Data<App>,
) -> Result<Json<Page<PublicEntry>>, ApiError> {
    let Sought { agency, q, cursor, limit } = sought.0;
    let query = PublicationQuery { agency, state: None, words: q, cursor, limit };
    Ok(Json(app.public_information(query).await?))
}

/// Something that is published. Open to all.
#[utoipa::path(tag = "public", params(("id" = Uuid, Path)),
    responses((status = 200, body = PublicEntry)))]
#[get("/api/v1/public-information/{id}")]
async fn public_entry(
    _gate: Limited<Reading>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Json<PublicEntry>, ApiError> {
    Ok(Json(app.public_entry(PublicationId(*id)).await?))
}

/// A file that is published. Open to all.
#[utoipa::path(tag = "public", params(("id" = Uuid, Path), ("n" = usize, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)))]
#[get("/api/v1/public-information/{id}/files/{n}")]
async fn public_file(
    _gate: Limited<Reading>,
    path: Path<(Uuid, usize)>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let (id, n) = *path;
    Ok(send(app.public_file(PublicationId(id), n).await?))
}
