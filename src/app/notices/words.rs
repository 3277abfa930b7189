//! What was approved is what is issued: the wording of replies may get a new edition in between.

use serde_json::json;

use crate::app::{App, AppError, ledger};
use crate::db::notices::NoticeRow;
use crate::domain::ids::AgencyId;

use super::drafts::DraftStep;

/// The templates that replies are made of.
const REPLIES: &str = "reply_";

/// Keeps, with a draft that is submitted, in which words it was read; lets it be approved and issued only
/// in the same.
///
/// # Errors
///
/// [`AppError::Conflict`] `wording_changed`.
pub(super) fn kept(
    app: &App,
    agency: AgencyId,
    row: NoticeRow,
    step: &DraftStep,
) -> Result<NoticeRow, AppError> {
    match step {
        DraftStep::Submit => Ok(NoticeRow { template_version: words(app, agency)?, ..row }),
        DraftStep::Approve | DraftStep::Issue
            if !row.template_version.is_empty() && row.template_version != words(app, agency)? =>
        {
            Err(AppError::Conflict {
                code: "wording_changed",
                message: "文书用语在送审之后有了新的版本，请退回文稿后重新提交审批".to_owned(),
            })
        }
        _ => Ok(row),
    }
}

/// Which text of each template of a reply the agency uses today, as a digest.
fn words(app: &App, agency: AgencyId) -> Result<String, AppError> {
    let replies = app.wording.templates().filter(|template| template.code.starts_with(REPLIES));
    let used = replies.map(|template| {
        let reference = app.wording_of(agency, &template.code).reference(&template.code);
        Ok((&template.code, reference.map_err(AppError::broken)?.printed()))
    });
    let used: Vec<_> = used.collect::<Result<_, AppError>>()?;
    Ok(ledger::digest(&json!(used)))
}
