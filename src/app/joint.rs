//! Several requests answered in one document (合并答复): one reply, one number, one dispatch – and
//! each request with its own ledger, its own limit and its own row of the annual report.
//!
//! Source: rulebook 1.2 k.

use serde_json::{Value, json};

use crate::db::{Conn, applications};
use crate::domain::case::Case;
use crate::domain::command::Command;
use crate::domain::dates;
use crate::domain::decide;
use crate::domain::event::Actor;
use crate::domain::ids::{AgencyId, NoticeId, RequestId};
use crate::domain::item::{Item, Together};
use crate::domain::policy::Action;
use crate::domain::refusal::Refusal;
use crate::domain::reply::ReplyContent;

use super::actions::open_for;
use super::ledger::{self, Loaded};
use super::once::Once;
use super::requests::RequestView;
use super::{App, AppError, Principal};

impl App {
    /// Binds the reply of `others` to that of the request `lead`, seen at ledger position `seen`.
    /// The earliest last day governs all of them.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] when a request is another agency's, another applicant's, or named
    /// twice; [`AppError::Refused`] when one is not in processing or answered together already.
    pub async fn answer_together(
        &self,
        principal: Principal,
        once: Option<Once>,
        lead: RequestId,
        seen: i32,
        others: Vec<RequestId>,
    ) -> Result<Vec<RequestView>, AppError> {
        self.write_step(once, lead, seen, move |conn, app| {
            let together = Together {
                lead,
                lead_number: String::new(),
                others: others.clone(),
                governing_on: None,
            };
            let trial = Command::AnswerTogether { together };
            let first = open_for(conn, app, &principal, lead, seen, &trial)?;
            let applicant = applications::get(conn, lead.0)?.applicant_key;
            let mut all = vec![first];
            for other in &others {
                if all.iter().any(|known| known.row.id == other.0) {
                    return Err(AppError::field("requests", "duplicate", "同一申请列了两次"));
                }
                let loaded = ledger::load(conn, app, other.0)?;
                principal.may(Action::AnswerTogether, AgencyId(loaded.row.agency_id))?;
                if applications::get(conn, other.0)?.applicant_key != applicant {
                    let message = "只能合并答复同一申请人的申请";
                    return Err(AppError::field("requests", "other_applicant", message));
                }
                all.push(loaded);
            }
            if others.is_empty() {
                return Err(AppError::field("requests", "required", "请选择一并答复的申请"));
            }
            let together = Together {
                lead,
                lead_number: all.first().map(|l| l.row.number.clone()).unwrap_or_default(),
                others,
                governing_on: all.iter().filter_map(|loaded| loaded.row.due_on).min(),
            };
            let command = Command::AnswerTogether { together };
            let mut views = Vec::with_capacity(all.len());
            for loaded in all {
                let context = app.context(&principal);
                let decision = decide::decide(&loaded.case, &command, &context)?;
                let done = ledger::append(conn, app, loaded, &principal.actor(), decision)?;
                views.push(app.view_of(done));
            }
            Ok(views)
        })
        .await
    }
}

/// The requests that the reply of `loaded` answers beside it, unless they ended meanwhile. None for
/// a request whose lead has ended without it.
///
/// # Errors
///
/// [`AppError::Conflict`] `answered_with_lead` when it is the reply of another request that answers
/// this one.
pub(super) fn others(conn: &mut Conn, app: &App, loaded: &Loaded) -> Result<Vec<Loaded>, AppError> {
    let Some(together) = &loaded.case.together else { return Ok(Vec::new()) };
    if together.lead.0 != loaded.row.id {
        let lead = ledger::load(conn, app, together.lead.0)?;
        let left_out = lead.case.together.as_ref() != Some(together);
        if left_out || lead.case.reply.is_some() || lead.case.outcome.is_some() {
            // The document goes out without it, or will never be made: it has its own reply again.
            return Ok(Vec::new());
        }
        return Err(AppError::Conflict {
            code: "answered_with_lead",
            message: format!("本申请与{}合并答复，请在该申请中办理", together.lead_number),
        });
    }
    let mut others = Vec::with_capacity(together.others.len());
    for id in &together.others {
        let other = ledger::load(conn, app, id.0)?;
        if still_bound(&other.case, together) {
            others.push(other);
        }
    }
    Ok(others)
}

/// After a bound request has ended without the common reply: the others go on together with the limit
/// that is the earliest now, or each by itself, where the request ended whose reply it was.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn regroup(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    ended: &Loaded,
) -> Result<(), AppError> {
    let Some(before) = ended.case.together.as_ref().filter(|_| has_ended(&ended.case)) else {
        return Ok(());
    };
    let mut left = Vec::new();
    for id in std::iter::once(&before.lead).chain(&before.others) {
        let other = ledger::load(conn, app, id.0)?;
        if still_bound(&other.case, before) && other.case.reply.is_none() {
            left.push(other);
        }
    }
    let led = left.iter().any(|one| one.row.id == before.lead.0);
    let together = (led && left.len() > 1).then(|| Together {
        others: left
            .iter()
            .map(|one| RequestId(one.row.id))
            .filter(|id| *id != before.lead)
            .collect(),
        governing_on: left.iter().filter_map(|one| one.row.due_on).min(),
        ..before.clone()
    });
    let command = Command::Regroup { together };
    for one in left {
        let decision = decide::decide(&one.case, &command, &app.context_of(actor.id, &[]))?;
        ledger::append(conn, app, one, actor, decision)?;
    }
    Ok(())
}

/// Whether a request ended without the common reply.
fn has_ended(case: &Case) -> bool {
    case.outcome.is_some() && case.reply.is_none()
}

fn still_bound(case: &Case, together: &Together) -> bool {
    case.together.as_ref() == Some(together) && !has_ended(case)
}

/// What the document says of the items of all its requests, in order.
///
/// # Errors
///
/// [`AppError::Refused`] `items_undecided` naming the request.
pub(super) fn contents(lead: &Loaded, others: &[Loaded]) -> Result<Vec<ReplyContent>, AppError> {
    let mut contents = Vec::new();
    for loaded in std::iter::once(lead).chain(others) {
        let open = loaded.case.items.is_empty()
            || loaded.case.items.iter().any(|item| item.decision.is_none());
        if open {
            return Err(Refusal::ItemsUndecided(format!("（{}）", loaded.row.number)).into());
        }
        for item in &loaded.case.items {
            contents.extend(content(item, loaded, loaded.row.id == lead.row.id));
        }
    }
    Ok(contents)
}

fn content(item: &Item, loaded: &Loaded, own: bool) -> Option<ReplyContent> {
    let content = item.decision.as_deref()?.clone();
    if own {
        return Some(content);
    }
    let received = loaded.row.received_on.map(dates::long).unwrap_or_default();
    let title = format!(
        "{}（{received}收到的申请，登记编号：{}，一并答复）",
        item.text.title, loaded.row.number
    );
    Some(ReplyContent { items: vec![title], ..content })
}

/// What the approver saw, to be compared when it is issued.
///
/// # Errors
///
/// Those of [`contents`].
pub(super) fn fingerprint(lead: &Loaded, others: &[Loaded]) -> Result<Value, AppError> {
    let contents = serde_json::to_value(contents(lead, others)?).map_err(AppError::broken)?;
    Ok(json!(ledger::digest(&contents)))
}

/// Takes a step of the document on the other requests it answers.
///
/// # Errors
///
/// The refusal of any of them.
pub(super) fn follow(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    others: Vec<Loaded>,
    command: &Command,
) -> Result<(), AppError> {
    for other in others {
        let decision = decide::decide(&other.case, command, &app.context(principal))?;
        ledger::append(conn, app, other, &principal.actor(), decision)?;
    }
    Ok(())
}

/// The other requests that the issued document `notice` answers.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn answered_by(
    conn: &mut Conn,
    app: &App,
    lead: &Loaded,
    notice: NoticeId,
) -> Result<Vec<Loaded>, AppError> {
    let mut answered = Vec::new();
    for id in lead.case.together.iter().flat_map(|together| &together.others) {
        let other = ledger::load(conn, app, id.0)?;
        if other.case.reply.as_ref().is_some_and(|reply| reply.notice == Some(notice)) {
            answered.push(other);
        }
    }
    Ok(answered)
}
