//! The statutory clock over HTTP: the same function as `gongkai clock`.

use actix_web::post;
use actix_web::web::{Data, Json};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::domain::clock::{self, ClockAnswer, ClockInput};
use crate::web::ApiError;
use crate::web::body::JsonText;
use crate::web::limits::{Limited, Reading};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_clock);
}

/// From what happened to the last day for a reply, day by day. A pure computation: no account, no
/// `Idempotency-Key`, nothing is stored.
///
/// A refusal (422) has `code`, `message` and `event`, the index of the refused event, at top level.
#[utoipa::path(tag = "clock", request_body = ClockInput,
    responses((status = 200, body = ClockAnswer)))]
#[post("/api/v1/clock")]
async fn read_clock(
    _gate: Limited<Reading>,
    body: JsonText,
    app: Data<App>,
) -> Result<Json<ClockAnswer>, ApiError> {
    let input = ClockInput::from_json(&body.0)?;
    Ok(Json(clock::answer(&app.calendar, &input, app.today())?))
}
