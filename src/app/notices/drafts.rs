//! The way of a reply: draft → approver → number. Nobody approves their own draft; nothing is
//! numbered that could not be printed or lacks what the law wants in it.

use crate::db::notices::{self as rows, NoticeRow};
use crate::db::{Conn, agencies as agency_rows, numbers};
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::ids::{AgencyId, NoticeId, RequestId, UserId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::{outcome::Outcome, policy::Action, reply::ReplyContent};

use super::assembled::{
    complete, contents, counted, filled, followed, is_assembled, named, searched, with_others,
};
use super::setting::reply_notice;
use super::{
    Built, NoticeView, authors, beside, block_changes, gate, new_row, number, proof, record_number,
    words,
};
use crate::app::actions::{application, news, open_for};
use crate::app::items::must_be_assembled;
use crate::app::joint;
use crate::app::ledger::{self, Loaded};
use crate::app::once::Once;
use crate::app::{App, AppError, Principal, agencies, chains, outbox, reason_texts};

/// A step on a draft that needs nothing but who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftStep {
    /// To the approver.
    Submit,
    /// Back to the author, by the author.
    Recall,
    /// Back to the author, by the approver.
    Return {
        /// Why.
        reason: String,
    },
    /// Approve.
    Approve,
    /// Number and freeze.
    Issue,
    /// Void the number.
    Void {
        /// Why.
        reason: String,
    },
}

impl DraftStep {
    /// The key of the permission table.
    const fn action(&self) -> Action {
        match self {
            Self::Submit => Action::SubmitDraft,
            Self::Recall => Action::RecallDraft,
            Self::Return { .. } => Action::ReturnDraft,
            Self::Approve => Action::ApproveDraft,
            Self::Issue => Action::Issue,
            Self::Void { .. } => Action::VoidNumber,
        }
    }
}

impl App {
    /// Begins a draft reply. What is still missing may be missing; [`DraftStep::Submit`] checks it.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Refused`] from a state in which
    /// no reply is drafted.
    pub async fn draft_reply(
        &self,
        principal: Principal,
        once: Option<Once>,
        request: RequestId,
        content: ReplyContent,
    ) -> Result<NoticeView, AppError> {
        self.write_once(once, move |conn, app| {
            let loaded = ledger::load(conn, app, request.0)?;
            principal.may(Action::SubmitDraft, AgencyId(loaded.row.agency_id))?;
            decide::precondition(&loaded.case, Action::SubmitDraft).or_else(|refusal| {
                // A draft may be begun while others are still being asked.
                if loaded.case.consulting() { Ok(()) } else { Err(refusal) }
            })?;
            must_be_assembled(&loaded.case)?;
            let id = NoticeId::new();
            let row = new_row(app, request.0, id, NoticeKind::Reply, Some(principal.user));
            reason_texts::check(conn, AgencyId(loaded.row.agency_id), &content)?;
            let row = with_content(row, &filled(named(conn, content)?, &loaded), principal.user)?;
            rows::insert(conn, row.clone())?;
            Ok(Self::notice_view(row, loaded.row.last_seq))
        })
        .await
    }

    /// Saves a draft that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`] when somebody else saved meanwhile or it is no draft any more.
    pub async fn save_reply(
        &self,
        principal: Principal,
        id: NoticeId,
        seen: i32,
        content: ReplyContent,
    ) -> Result<NoticeView, AppError> {
        self.write_once(None, move |conn, app| {
            let (row, loaded) = editable(conn, app, &principal, id, seen)?;
            if is_assembled(&row) {
                return Err(AppError::Conflict {
                    code: "reply_follows_items",
                    message: "本文稿由各事项的处理结果生成，请修改事项的处理结果".to_owned(),
                });
            }
            reason_texts::check(conn, AgencyId(loaded.row.agency_id), &content)?;
            let content = filled(named(conn, content)?, &loaded);
            let row = NoticeRow {
                updated_at: app.clock.now(),
                ..with_content(row, &content, principal.user)?
            };
            let row = rows::update(conn, row)?;
            Ok(Self::notice_view(row, loaded.row.last_seq))
        })
        .await
    }

    /// Takes a step on a draft; `seen` is the ledger position the person saw.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with everything the reply still lacks; [`AppError::Unprintable`];
    /// [`AppError::Changed`]; [`AppError::Refused`].
    pub async fn draft_step(
        &self,
        principal: Principal,
        once: Option<Once>,
        id: NoticeId,
        seen: i32,
        step: DraftStep,
    ) -> Result<NoticeView, AppError> {
        let request = self.notice(&principal, id).await?.request;
        let principal = self.acting(principal, Some(step.action())).await?;
        self.inspect_supplied(request).await?;
        if matches!(step, DraftStep::Submit | DraftStep::Issue) {
            self.proof_reply(principal.clone(), id, seen, step.clone()).await?;
        }
        self.write_step(once, request, seen, move |conn, app| {
            let row = rows::get(conn, id.0)?;
            let command = command(&row, &step);
            let loaded =
                open_for(conn, app, &principal, RequestId(row.request_id), seen, &command)?;
            if row.kind != NoticeKind::Reply {
                return Err(not_editable());
            }
            let (row, loaded) = take(conn, app, &principal, row, loaded, step)?;
            Ok(Self::notice_view(row, loaded.row.last_seq))
        })
        .await
    }

    /// Checks and sets a reply before the transaction that makes it binding; see
    /// [`App::act`] on those who are late.
    async fn proof_reply(
        &self,
        principal: Principal,
        id: NoticeId,
        seen: i32,
        step: DraftStep,
    ) -> Result<(), AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let row = rows::get(conn, id.0)?;
                let loaded = ledger::load(conn, &app, row.request_id)?;
                let action = command(&row, &step).action();
                principal.may(action, AgencyId(loaded.row.agency_id))?;
                if news(conn, &loaded, seen)?.is_some() {
                    return Ok(());
                }
                decide::precondition(&loaded.case, action)?;
                complete(&row, &loaded, app.today())?;
                let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
                let form = application(conn, &app, &loaded)?;
                proof(&app, &reply_notice(conn, &app, &agency, &loaded, (&row, &form))?)
            })
            .await
    }
}

/// Gives a draft back to its author because the case went another way: it was withdrawn, or a
/// decision ordered a new reply.
pub(in crate::app) fn let_go(conn: &mut Conn, app: &App, id: NoticeId) -> Result<(), AppError> {
    let row = rows::get(conn, id.0)?;
    if matches!(row.status, NoticeStatus::Submitted | NoticeStatus::Approved) {
        let row = NoticeRow {
            status: NoticeStatus::Returned,
            return_reason: Some("案件情况已变化，审批终止".to_owned()),
            approved_by: None,
            approved_at: None,
            updated_at: app.clock.now(),
            ..row
        };
        rows::update(conn, row)?;
    }
    Ok(())
}

fn not_editable() -> AppError {
    AppError::Conflict {
        code: "notice_not_editable", message: "该文书已不能修改".to_owned()
    }
}

fn command(row: &NoticeRow, step: &DraftStep) -> Command {
    let notice = NoticeId(row.id);
    match step {
        DraftStep::Submit => {
            let outcome = row.outcome.unwrap_or(Outcome::O3);
            Command::SubmitDraft { notice, outcome, written: block_changes::written(row) }
        }
        DraftStep::Recall => Command::RecallDraft { notice },
        DraftStep::Return { reason } => Command::ReturnDraft { notice, reason: reason.clone() },
        DraftStep::Approve => Command::ApproveDraft { notice },
        DraftStep::Issue => {
            Command::Issue { notice, number: String::new(), content_sha256: String::new() }
        }
        DraftStep::Void { reason } => Command::VoidNumber { notice, reason: reason.clone() },
    }
}

/// Decides and writes a step on a draft.
fn take(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    row: NoticeRow,
    loaded: Loaded,
    step: DraftStep,
) -> Result<(NoticeRow, Loaded), AppError> {
    let now = app.clock.now();
    let actor = principal.actor_for(step.action());
    let row = counted(NoticeRow { updated_at: now, ..row }, &loaded);
    let (row, others) = with_others(conn, app, row, &loaded, &step)?;
    let row = words::kept(app, AgencyId(loaded.row.agency_id), row, &step)?;
    let wrote = loaded.case.draft.as_ref().map(|draft| draft.authors.clone()).unwrap_or_default();
    let command = authors::signed(conn, app, &row, &loaded, command(&row, &step))?;
    let chains = chains::in_force(conn, AgencyId(loaded.row.agency_id))?;
    let mut context = app.context(principal);
    context.approvals.chains = Some(&chains);
    let searched = match step {
        DraftStep::Submit => searched(&row, &loaded, &context)?,
        _ => None,
    };
    let case = searched.as_ref().map_or(&loaded.case, |decision| &decision.case);
    // Refused before a number is taken.
    let decision = decide::decide(case, &command, &context)?;
    let decision = match searched {
        Some(searched) => searched.then(decision),
        None => decision,
    };
    let (row, decision) = match step {
        DraftStep::Submit => {
            complete(&row, &loaded, app.today())?;
            gate::passed(conn, app, &row, &loaded)?;
            block_changes::still_fit(conn, app, &loaded, &row)?;
            let status = NoticeStatus::Submitted;
            (NoticeRow { status, submitted_at: Some(now), return_reason: None, ..row }, decision)
        }
        DraftStep::Recall => {
            let status = NoticeStatus::Draft;
            (NoticeRow { status, approved_by: None, approved_at: None, ..row }, decision)
        }
        DraftStep::Return { reason } => {
            let status = NoticeStatus::Returned;
            let return_reason = Some(reason.trim().to_owned());
            (
                NoticeRow { status, return_reason, approved_by: None, approved_at: None, ..row },
                decision,
            )
        }
        DraftStep::Approve => {
            // Only the last step of the chain makes it an approved draft.
            if decision.case.draft.as_ref().is_some_and(|draft| draft.approved) {
                let status = NoticeStatus::Approved;
                let approved_by = Some(principal.user.0);
                (NoticeRow { status, approved_by, approved_at: Some(now), ..row }, decision)
            } else {
                (row, decision)
            }
        }
        DraftStep::Issue => {
            let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
            let form = application(conn, app, &loaded)?;
            let notice = reply_notice(conn, app, &agency, &loaded, (&row, &form))?;
            let (id, kind) = (NoticeId(row.id), NoticeKind::Reply);
            let built = Built { id, kind, notice, paper: None };
            let numbered = number(conn, app, &agency, built)?;
            let issue = Command::Issue {
                notice: NoticeId(row.id),
                number: numbered.text(&loaded.row.number).to_owned(),
                content_sha256: numbered.sha256().to_owned(),
            };
            let decision = decide::decide(&loaded.case, &issue, &context)?;
            let row = numbered.fixed(app, row, Some(principal.user));
            record_number(conn, app, &agency, &row)?;
            reason_texts::record_uses(conn, app, &row, &contents(&row, &loaded, &others)?)?;
            (row, decision)
        }
        DraftStep::Void { reason } => {
            if let (Some(series), Some(year), Some(n)) =
                (&row.series, row.number_year, row.number_n)
            {
                let number = (loaded.row.agency_id, series.as_str(), year, n);
                numbers::void(conn, number, Some(principal.user.0), now, reason.trim())?;
            }
            (NoticeRow { status: NoticeStatus::Voided, ..row }, decision)
        }
    };
    let followed = followed(&row, wrote);
    let loaded = ledger::append(conn, app, loaded, &actor, decision)?;
    if let Some(command) = followed {
        joint::follow(conn, app, principal, others, &command)?;
    }
    let row = rows::update(conn, row)?;
    if row.status == NoticeStatus::Issued {
        outbox::queue_rendering(conn, app, &loaded, NoticeId(row.id))?;
    }
    Ok((row, loaded))
}

/// A draft that the person may write at and saw at version `seen`.
///
/// # Errors
///
/// [`AppError::Conflict`] when it is no draft any more or somebody else saved meanwhile.
pub(super) fn editable(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    id: NoticeId,
    seen: i32,
) -> Result<(NoticeRow, Loaded), AppError> {
    let row = rows::find(conn, id.0)?.ok_or(AppError::NotFound("该文书"))?;
    let loaded = ledger::load(conn, app, row.request_id)?;
    principal.may(Action::SubmitDraft, AgencyId(loaded.row.agency_id))?;
    if row.kind != NoticeKind::Reply
        || !matches!(row.status, NoticeStatus::Draft | NoticeStatus::Returned)
    {
        return Err(not_editable());
    }
    if row.version != seen {
        return Err(AppError::Conflict {
            code: "draft_changed",
            message: "文稿已被他人修改，请核对后再保存".to_owned(),
        });
    }
    Ok((row, loaded))
}

fn with_content(
    row: NoticeRow,
    content: &ReplyContent,
    author: UserId,
) -> Result<NoticeRow, AppError> {
    let fields = serde_json::to_value(content).map_err(AppError::broken)?;
    let fields = beside::carried(beside::signed(fields, &row, author), &row);
    Ok(NoticeRow { outcome: Some(content.outcome), fields, ..row })
}
