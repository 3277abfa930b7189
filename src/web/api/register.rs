//! The register of an agency (依申请公开台账), to be printed or counted in a spreadsheet.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::register::RegisterQuery;
use crate::domain::ids::AgencyId;
use crate::domain::proposal::Proposal;
use crate::domain::state::State;
use crate::web::download::inline;
use crate::web::session::CaseReaders;
use crate::web::{ApiError, Permit, Query};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(of_agency);
}

/// What the register is narrowed by; [`RegisterQuery`] reads it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
struct Narrowed {
    /// First day of arrival, `YYYY-MM-DD`; the first of January, if nothing is said.
    from: Option<NaiveDate>,
    /// Last day of arrival; today, if nothing is said.
    to: Option<NaiveDate>,
    /// Only in this state.
    state: Option<State>,
    /// Only open (`true`) or only ended ones (`false`).
    open: Option<bool>,
    /// Only my own.
    mine: Option<bool>,
    /// Only with this proposal.
    proposal: Option<Proposal>,
    /// Only this number.
    number: Option<String>,
    /// `pdf` (A4 landscape), if nothing is said, or `csv`.
    format: Option<String>,
}

/// The register of an agency for a period of arrival, with totals; personal data is masked. The printing
/// stands in the audit log.
#[utoipa::path(tag = "register", security(("bearer" = [])), params(("id" = Uuid, Path), Narrowed),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
#[get("/api/v1/agencies/{id}/register")]
async fn of_agency(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    query: Query<RegisterQuery>,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    Ok(inline(app.printed_register(who.principal(), AgencyId(*id), query.0).await?))
}
