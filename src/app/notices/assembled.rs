//! The reply that is put together from decided items, and what any draft must have before it goes to
//! the approver.

use chrono::NaiveDate;

use crate::db::Conn;
use crate::db::notices::{self as rows, NoticeRow};
use crate::domain::command::Command;
use crate::domain::decide::{self, Context, Decision};
use crate::domain::event::Written;
use crate::domain::ids::{AgencyId, NoticeId, RequestId, UserId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Action;
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::reply::ReplyContent;

use super::drafts::DraftStep;
use super::{NoticeView, beside, new_row};
use crate::app::items::must_be_assembled;
use crate::app::joint;
use crate::app::ledger::{self, Loaded};
use crate::app::once::Once;
use crate::app::{App, AppError, Principal, agencies};

impl App {
    /// Begins the draft reply that is put together from the decided items. Its text follows the
    /// items until it is issued; to change it, an item is decided anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] `items_undecided` while an item has no outcome; as
    /// [`App::draft_reply`] otherwise.
    ///
    /// Source: rulebook 4.1 "Mixed letters".
    pub async fn assemble_reply(
        &self,
        principal: Principal,
        once: Option<Once>,
        request: RequestId,
    ) -> Result<NoticeView, AppError> {
        self.write_once(once, move |conn, app| {
            let loaded = ledger::load(conn, app, request.0)?;
            principal.may(Action::SubmitDraft, AgencyId(loaded.row.agency_id))?;
            let id = NoticeId::new();
            joint::others(conn, app, &loaded)?;
            let outcome = loaded.case.counted_outcome().unwrap_or(Outcome::O3);
            let command = Command::SubmitDraft { notice: id, outcome, written: Written::default() };
            decide::decide(&loaded.case, &command, &app.context(&principal))?;
            if !loaded.case.answers_by_item() {
                return Err(Refusal::ItemsUndecided("1".to_owned()).into());
            }
            let row = new_row(app, request.0, id, NoticeKind::Reply, Some(principal.user));
            let fields = serde_json::json!({ ASSEMBLED: true });
            let row = NoticeRow { outcome: Some(outcome), fields, ..row };
            rows::insert(conn, row.clone())?;
            Ok(Self::notice_view(row, loaded.row.last_seq))
        })
        .await
    }
}

/// What the officer entered.
pub(super) fn content(row: &NoticeRow) -> Result<ReplyContent, AppError> {
    serde_json::from_value(beside::without(row.fields.clone())).map_err(AppError::broken)
}

/// What the document says, item by item where it follows the items.
pub(super) fn contents(
    row: &NoticeRow,
    loaded: &Loaded,
    others: &[Loaded],
) -> Result<Vec<ReplyContent>, AppError> {
    if is_assembled(row) { joint::contents(loaded, others) } else { Ok(vec![content(row)?]) }
}

/// Field of a draft whose text follows the items of its request.
const ASSEMBLED: &str = "assembled";

/// Whether the text of a draft follows the items of its request.
pub(super) fn is_assembled(row: &NoticeRow) -> bool {
    row.fields.get(ASSEMBLED).and_then(serde_json::Value::as_bool) == Some(true)
}

/// An assembled draft bears the outcome its items amount to now.
pub(super) fn counted(row: NoticeRow, loaded: &Loaded) -> NoticeRow {
    let editable = matches!(row.status, NoticeStatus::Draft | NoticeStatus::Returned);
    match loaded.case.counted_outcome().filter(|_| editable && is_assembled(&row)) {
        Some(outcome) => NoticeRow { outcome: Some(outcome), ..row },
        None => row,
    }
}

/// What was entered, and what is on record for it.
pub(super) fn filled(content: ReplyContent, loaded: &Loaded) -> ReplyContent {
    let mut content = content;
    content.fill_from(&loaded.case, None);
    content
}

/// Refuses a reply that lacks what the law wants in it.
pub(super) fn complete(row: &NoticeRow, loaded: &Loaded, today: NaiveDate) -> Result<(), AppError> {
    if is_assembled(row) {
        return Ok(());
    }
    must_be_assembled(&loaded.case)?;
    let content = content(row)?;
    // Source: 条例 art. 36 (4).
    if content.outcome == Outcome::U1
        && content.whole_search().is_none()
        && !loaded.case.searched_in_vain(None)
    {
        return Err(Refusal::SearchMissing.into());
    }
    let faults = content.faults(today);
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// A search that was entered with the reply goes on record before the reply that rests on it.
pub(super) fn searched(
    row: &NoticeRow,
    loaded: &Loaded,
    context: &Context<'_>,
) -> Result<Option<Decision>, AppError> {
    if is_assembled(row) || row.outcome != Some(Outcome::U1) {
        return Ok(None);
    }
    let content = content(row)?;
    let Some(search) = content.whole_search() else { return Ok(None) };
    if loaded.case.searches.iter().any(|known| known.record == *search) {
        return Ok(None);
    }
    let record = Command::RecordSearch { item: None, search: search.clone() };
    Ok(Some(decide::decide(&loaded.case, &record, context)?))
}

/// Field of a draft that answers several requests: digest of what the approver saw.
const JOINT_SHA256: &str = "joint_sha256";

/// The other requests a step on the document concerns. What was submitted is what is approved and
/// issued: if an item of any of them was decided anew, the document goes back first.
pub(super) fn with_others(
    conn: &mut Conn,
    app: &App,
    row: NoticeRow,
    loaded: &Loaded,
    step: &DraftStep,
) -> Result<(NoticeRow, Vec<Loaded>), AppError> {
    if loaded.case.together.is_none() || !is_assembled(&row) {
        return Ok((row, Vec::new()));
    }
    match step {
        DraftStep::Submit => {
            let others = joint::others(conn, app, loaded)?;
            // Its legal review would be that of another request.
            let none = |other: &&Loaded| {
                other.case.items.iter().any(|item| item.outcome() == Some(Outcome::O3))
            };
            if let Some(other) = others.iter().find(none) {
                let number = other.row.number.clone();
                return Err(Refusal::from(GroundRefusal::OtherNeedsOwnReply(number)).into());
            }
            let seen = joint::fingerprint(loaded, &others)?;
            let fields = serde_json::json!({ ASSEMBLED: true, JOINT_SHA256: seen });
            Ok((NoticeRow { fields: beside::carried(fields, &row), ..row }, Vec::new()))
        }
        DraftStep::Approve | DraftStep::Issue => {
            let others = joint::others(conn, app, loaded)?;
            let seen = joint::fingerprint(loaded, &others)?;
            if row.fields.get(JOINT_SHA256) != Some(&seen) {
                return Err(AppError::Conflict {
                    code: "joint_reply_changed",
                    message: "一并答复的申请有变化，请退回文稿后重新提交审批".to_owned(),
                });
            }
            Ok((row, others))
        }
        DraftStep::Void { .. } => {
            let answered = joint::answered_by(conn, app, loaded, NoticeId(row.id))?;
            Ok((row, answered))
        }
        DraftStep::Recall | DraftStep::Return { .. } => Ok((row, Vec::new())),
    }
}

/// What the other requests are told of a step on the document that answers them too.
pub(super) fn followed(row: &NoticeRow, authors: Vec<UserId>) -> Option<Command> {
    let notice = NoticeId(row.id);
    match row.status {
        NoticeStatus::Issued => Some(Command::IssueWithLead {
            notice,
            number: row.number.clone().unwrap_or_default(),
            content_sha256: row.content_sha256.clone().unwrap_or_default(),
            authors,
        }),
        NoticeStatus::Voided => {
            let reason = "合并答复的文号已作废".to_owned();
            Some(Command::VoidNumber { notice, reason })
        }
        _ => None,
    }
}

/// Fills in name and office of a responsible agency that was chosen from the county's.
///
/// Source: 条例 art. 36 (5); rulebook 1.2 i.
pub(super) fn named(conn: &mut Conn, mut content: ReplyContent) -> Result<ReplyContent, AppError> {
    let Some(id) = content.responsible_agency_id else { return Ok(content) };
    let chosen = agencies::load(conn, id)?.ok_or_else(|| {
        AppError::field(
            "responsible_agency_id",
            "unknown_agency",
            "县内没有这个机关，请改为手工填写",
        )
    })?;
    let profile = chosen.profile;
    if content.responsible_agency.trim().is_empty() {
        content.responsible_agency = profile.name;
    }
    if content.responsible_contact.trim().is_empty() {
        content.responsible_contact =
            format!("{}，{}，电话：{}", profile.office_name, profile.address, profile.phone);
    }
    Ok(content)
}
