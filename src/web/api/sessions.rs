//! Signing in, staying signed in, signing out; one's own account.
//!
//! No `Idempotency-Key` here: signing in twice gives two sessions and does no harm, and a refresh
//! token is itself good for one use only. See docs/decisions/0005-idempotency.md.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::sessions::{Credentials, Me, PasswordChange, RefreshToken, Tokens};
use crate::web::limits::{Limited, SignIn};
use crate::web::session::SignedIn;
use crate::web::{ApiError, JsonBody, Permit};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(sign_in).service(refresh).service(sign_out).service(me).service(change_password);
}

/// Sign in with name and password.
#[utoipa::path(tag = "sessions", request_body = Credentials,
    responses((status = 200, body = Tokens)))]
#[post("/api/v1/sessions")]
async fn sign_in(
    _gate: Limited<SignIn>,
    body: JsonBody<Credentials>,
    app: Data<App>,
) -> Result<web::Json<Tokens>, ApiError> {
    Ok(web::Json(app.sign_in(body.value).await?))
}

/// Exchange a refresh token, which is used up thereby, for a new pair.
#[utoipa::path(tag = "sessions", request_body = RefreshToken,
    responses((status = 200, body = Tokens)))]
#[post("/api/v1/sessions/refresh")]
async fn refresh(
    _gate: Limited<SignIn>,
    body: JsonBody<RefreshToken>,
    app: Data<App>,
) -> Result<web::Json<Tokens>, ApiError> {
    Ok(web::Json(app.refresh(body.value).await?))
}

/// Sign out here: no token of this sign-in can be prolonged any more.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), responses((status = 204)))]
#[delete("/api/v1/sessions/current")]
async fn sign_out(who: Permit<SignedIn>, app: Data<App>) -> Result<HttpResponse, ApiError> {
    app.sign_out(&who.session).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who I am.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), responses((status = 200, body = Me)))]
#[get("/api/v1/me")]
async fn me(who: Permit<SignedIn>, app: Data<App>) -> Result<web::Json<Me>, ApiError> {
    Ok(web::Json(app.me(&who.session).await?))
}

/// Change my password. Every other sign-in of mine ends.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), request_body = PasswordChange,
    responses((status = 200, body = Tokens)))]
#[put("/api/v1/me/password")]
async fn change_password(
    who: Permit<SignedIn>,
    body: JsonBody<PasswordChange>,
    app: Data<App>,
) -> Result<web::Json<Tokens>, ApiError> {
    Ok(web::Json(app.change_password(&who.session, body.value).await?))
}
