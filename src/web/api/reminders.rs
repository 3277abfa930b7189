//! Reminders (期限提醒): one's own, and for supervisors those of their branch.

use actix_web::web::{Data, Json};
use actix_web::{get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::reminders::{ReminderQuery, ReminderView, Seen};
use crate::app::requests::Page;
use crate::domain::ids::{AgencyId, ReminderId};
use crate::web::idempotency::KeyHeader;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, JsonBody, Key, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(see);
}

/// Which reminders to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// All that were given in the branch one supervises; else one's own.
    #[serde(default)]
    branch: bool,
    /// Only about limits of this agency.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Only seen ones, or those not seen that still stand.
    seen: Option<bool>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<ReminderId>,
    /// 1–200, by default 50.
    limit: Option<i64>,
}

/// My reminders, newest first; for supervisors also those of everybody in their branch.
#[utoipa::path(tag = "reminders", security(("bearer" = [])), params(Which),
    responses((status = 200, body = Page<ReminderView>)))]
#[get("/api/v1/reminders")]
async fn list(
    who: Permit<CaseReaders>,
    which: Query<Which>,
    app: Data<App>,
) -> Result<Json<Page<ReminderView>>, ApiError> {
    let Which { branch, agency, seen, cursor, limit } = which.0;
    Ok(Json(app.reminders(&who, ReminderQuery { branch, agency, seen, cursor, limit }).await?))
}

/// Which reminders were seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenReminders {
    /// At most 200, all one's own.
    ids: Vec<ReminderId>,
}

/// Mark reminders of mine as seen.
#[utoipa::path(tag = "reminders", security(("bearer" = [])), params(KeyHeader),
    request_body = SeenReminders, responses((status = 200, body = Seen)))]
#[post("/api/v1/reminders/seen")]
async fn see(
    who: Permit<CaseReaders>,
    key: Key,
    body: JsonBody<SeenReminders>,
    app: Data<App>,
) -> Result<Json<Seen>, ApiError> {
    let once = key.once(&who, &body);
    Ok(Json(app.see_reminders(&who, once, body.value.ids).await?))
}
