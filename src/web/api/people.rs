//! People and their roles, for administrators; and colleagues, for those who give cases to them.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::desks::{Desk, DeskHandOver, HandedDesk};
use crate::app::people::{Colleague, Enrolled, Person, PersonChange, PersonInput};
use crate::domain::ids::{AgencyId, UserId};
use crate::web::idempotency::KeyHeader;
use crate::web::precondition::MatchHeader;
use crate::web::session::{Administrators, CaseWorkers, Heads};
use crate::web::{ApiError, Expected, JsonBody, Key, Permit, Query, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(get_one).service(enrol).service(change).service(reset_password);
    config.service(colleagues).service(desks).service(hand_over);
}

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only people of this agency.
    agency: Option<AgencyId>,
}

/// People, in the order they were entered.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Vec<Person>)))]
#[get("/api/v1/people")]
async fn list(
    who: Permit<Administrators>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Vec<Person>>, ApiError> {
    Ok(Json(app.people(&who, which.0.agency).await?))
}

/// The colleagues of my agency to whom a case can be given: those who may sign in and handle cases,
/// in the order they were entered.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<Colleague>)))]
#[get("/api/v1/colleagues")]
async fn colleagues(
    who: Permit<CaseWorkers>,
    app: Data<App>,
) -> Result<Json<Vec<Colleague>>, ApiError> {
    Ok(Json(app.colleagues(&who).await?))
}

/// One person.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = Person)))]
#[get("/api/v1/people/{id}")]
async fn get_one(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<Person>, ApiError> {
    let person = app.person(&who, UserId(*id)).await?;
    let version = person.version;
    Ok(Tagged::ok(person, version))
}

/// Enter a person. The answer shows the one-time password, this once.
#[utoipa::path(tag = "people", security(("bearer" = [])), params(KeyHeader),
    request_body = PersonInput, responses((status = 201, body = Enrolled)))]
#[post("/api/v1/people")]
async fn enrol(
    who: Permit<Administrators>,
    key: Key,
    body: JsonBody<PersonInput>,
    app: Data<App>,
) -> Result<Tagged<Enrolled>, ApiError> {
    let once = key.once(&who, &body);
    let enrolled = app.enrol(&who, once, body.value).await?;
    let place = format!("/api/v1/people/{}", enrolled.person.id);
    let version = enrolled.person.version;
    Ok(Tagged::created(enrolled, version, place))
}

/// Change a person: name, agency, roles, whether they may sign in.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path), MatchHeader),
    request_body = PersonChange, responses((status = 200, body = Person)))]
#[put("/api/v1/people/{id}")]
async fn change(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    version: Expected,
    body: JsonBody<PersonChange>,
    app: Data<App>,
) -> Result<Tagged<Person>, ApiError> {
    let person = app.change_person(&who, UserId(*id), version.0, body.value).await?;
    let version = person.version;
    Ok(Tagged::ok(person, version))
}

/// Give a person a new one-time password, shown this once; unlocks the account and ends its
/// sign-ins.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), responses((status = 200, body = Enrolled)))]
#[post("/api/v1/people/{id}/password")]
async fn reset_password(
    who: Permit<Administrators>,
    id: Path<Uuid>,
    key: Key,
    app: Data<App>,
) -> Result<Tagged<Enrolled>, ApiError> {
    let once = key.once_without_body(&who);
    let enrolled = app.reset_password(&who, once, UserId(*id)).await?;
    let version = enrolled.person.version;
    Ok(Tagged::ok(enrolled, version))
}

/// The open cases of my agency by desk, those first that lie with nobody who handles cases: not given out
/// yet, or with somebody who is closed or works elsewhere by now.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    responses((status = 200, body = Vec<Desk>)))]
#[get("/api/v1/desks")]
async fn desks(who: Permit<Heads>, app: Data<App>) -> Result<Json<Vec<Desk>>, ApiError> {
    Ok(Json(app.desks(&who).await?))
}

/// Hand over a desk: every open case that a person has in my agency goes to a colleague.
#[utoipa::path(tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path), KeyHeader), request_body = DeskHandOver,
    responses((status = 200, body = HandedDesk)))]
#[post("/api/v1/people/{id}/hand-over")]
async fn hand_over(
    who: Permit<Heads>,
    id: Path<Uuid>,
    key: Key,
    body: JsonBody<DeskHandOver>,
    app: Data<App>,
) -> Result<Json<HandedDesk>, ApiError> {
    let once = key.once(&who, &body);
    Ok(Json(app.hand_over_desk(who.principal(), once, UserId(*id), body.value).await?))
}
