//! The working-day calendar of a year.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::calendar::CalendarYear;
use crate::web::ApiError;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(year);
}

/// The working days of a year and the days moved by the State Council's notice.
#[utoipa::path(tag = "calendar", params(("year" = i32, Path, minimum = 2000, maximum = 2099)),
    responses((status = 200, body = CalendarYear)))]
#[get("/api/v1/calendar/{year}")]
async fn year(year: Path<i32>, app: Data<App>) -> Result<Json<CalendarYear>, ApiError> {
    Ok(Json(app.calendar_year(*year)?))
}
