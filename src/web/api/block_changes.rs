//! The words of a draft reply, block by block, and what officers change in them.

use actix_web::web::{Data, Path};
use actix_web::{get, put};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::app::notices::block_changes::DraftBlocksView;
use crate::domain::block_change::BlockChange;
use crate::domain::ids::NoticeId;
use crate::web::precondition::MatchHeader;
use crate::web::session::{CaseReaders, CaseWorkers};
use crate::web::{ApiError, Expected, JsonBody, Permit, Tagged};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(blocks).service(change);
}

/// All changes there are to be; none goes back to what the template says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Changes {
    /// The changes, each of another block.
    changes: Vec<BlockChange>,
}

/// The words of a draft reply block by block, which of them stay and why, and what was changed in them,
/// word by word. Of an issued reply the changes alone.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, body = DraftBlocksView)))]
#[get("/api/v1/notices/{id}/blocks")]
async fn blocks(
    who: Permit<CaseReaders>,
    id: Path<Uuid>,
    app: Data<App>,
) -> Result<Tagged<DraftBlocksView>, ApiError> {
    let view = app.draft_blocks(&who, NoticeId(*id)).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}

/// Change the words of a draft reply. Request, decision, law and remedies stay; facts are changed in the
/// fields of the draft. `If-Match` names the notice's version.
#[utoipa::path(tag = "notices", security(("bearer" = [])), params(("id" = Uuid, Path), MatchHeader),
    request_body = Changes, responses((status = 200, body = DraftBlocksView)))]
#[put("/api/v1/notices/{id}/blocks")]
async fn change(
    who: Permit<CaseWorkers>,
    id: Path<Uuid>,
    seen: Expected,
    body: JsonBody<Changes>,
    app: Data<App>,
) -> Result<Tagged<DraftBlocksView>, ApiError> {
    let changes = body.value.changes;
    let view = app.change_blocks(who.principal(), NoticeId(*id), seen.0, changes).await?;
    let version = view.version;
    Ok(Tagged::ok(view, version))
}
