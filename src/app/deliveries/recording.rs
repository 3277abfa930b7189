//! A record of service is written: ledger, the row of the attempt, and the mail of an electronic one.

use uuid::Uuid;

use crate::app::actions::{application, mail_notice};
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, Principal, joint};
use crate::db::deliveries::{self as rows, DeliveryRow};
use crate::db::{Conn, files};
use crate::domain::case::{Letter, WayStep};
use crate::domain::command::{Command, Dispatch};
use crate::domain::decide;
use crate::domain::event::ServiceMethod;
use crate::domain::ids::{FileId, NoticeId};
use crate::domain::notice::NoticeKind;
use crate::domain::service::{self, Slip};

use super::ServiceStep;

/// The command of a step; `sent_by` is how the notice went, where it has left already.
pub(super) fn command(
    notice: NoticeId,
    notice_kind: NoticeKind,
    step: &ServiceStep,
    sent_by: Option<ServiceMethod>,
) -> Command {
    let is_reply = notice_kind == NoticeKind::Reply;
    match step.clone() {
        ServiceStep::Sent { on, method, tracking, evidence_file, slip, .. } => {
            let photo = evidence_file.is_some();
            let dispatch = Dispatch { on, method, tracking, slip, photo };
            if is_reply {
                Command::RecordDispatch(dispatch)
            } else {
                Command::RecordNoticeDispatch { notice, notice_kind, dispatch }
            }
        }
        ServiceStep::Served { on, slip, .. } if is_reply => Command::RecordService { on, slip },
        ServiceStep::Served { on, slip, .. } => {
            let method = sent_by.unwrap_or(ServiceMethod::InPerson);
            Command::RecordNoticeService { on, notice, notice_kind, method, slip }
        }
        ServiceStep::Returned { on, reason } if is_reply => {
            Command::RecordServiceFailure { on, reason }
        }
        ServiceStep::Returned { on, reason } => {
            Command::RecordNoticeReturn { on, notice, notice_kind, reason }
        }
        ServiceStep::Revoked { reason } => {
            let notice = (!is_reply).then_some((notice, notice_kind));
            Command::RevokeService { notice, reason }
        }
    }
}

pub(super) fn record(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    loaded: Loaded,
    (notice, kind): (NoticeId, NoticeKind),
    step: ServiceStep,
) -> Result<Loaded, AppError> {
    // What has not left the house cannot have arrived, nor come back.
    let before = match &step {
        ServiceStep::Sent { .. } => None,
        _ => Some(rows::of_notice(conn, notice.0)?.into_iter().next_back()),
    };
    let before = match before {
        Some(None) if kind != NoticeKind::Reply => {
            let message = "这份文书还没有登记发出，请先登记送达方式和发出日期";
            return Err(AppError::field("step", "wrong_step", message));
        }
        other => other.flatten(),
    };
    let undone = match kind {
        NoticeKind::Reply => loaded.case.last_way_step(),
        _ => loaded.case.last_letter(notice).map(Letter::last_step),
    };
    let command = command(notice, kind, &step, before.map(|row| row.method));
    let decision = decide::decide(&loaded.case, &command, &app.context(principal))?;
    if let ServiceStep::Sent { method, .. } = &step
        && kind.is_to_applicant()
    {
        application(conn, app, &loaded)?.may_be_served_by(*method)?;
    }
    let loaded = ledger::append(conn, app, loaded, &principal.actor(), decision)?;
    if kind == NoticeKind::Reply {
        // One dispatch of one document answers all its requests.
        let others = joint::answered_by(conn, app, &loaded, notice)?;
        joint::follow(conn, app, principal, others, &command)?;
    }
    let reply = loaded.case.reply.clone();
    let is_reply = kind == NoticeKind::Reply;
    let now = app.clock.now();
    match step {
        ServiceStep::Sent { on, method, tracking, evidence, evidence_file, slip } => {
            let days = service::days(method, on, None, &app.calendar);
            // A reply posted again after it came back keeps the day that counted first.
            let completed_on = reply.as_ref().and_then(|r| r.completed_on);
            let row = DeliveryRow {
                id: Uuid::now_v7(),
                notice_id: notice.0,
                request_id: loaded.row.id,
                method,
                sent_on: on,
                tracking_number: Some(tracking.trim().to_owned()).filter(|t| !t.is_empty()),
                agency_completion_on: if is_reply { completed_on } else { days.agency },
                served_on: days.applicant,
                returned_on: None,
                return_reason: None,
                evidence_file_id: file_of(conn, &loaded, evidence_file)?,
                evidence_note: evidence.trim().to_owned(),
                recorded_by: principal.user.0,
                version: 1,
                created_at: now,
                updated_at: now,
                slip: serde_json::to_value(slip.trimmed()).map_err(AppError::broken)?,
                revoked_on: None,
                revoke_reason: None,
            };
            rows::insert(conn, row)?;
            if is_reply && method.is_online() {
                mail_notice(conn, app, &loaded, notice, kind)?;
            }
        }
        ServiceStep::Served { on, evidence, evidence_file, slip } => {
            let row = last(conn, notice)?;
            let evidence_file_id = file_of(conn, &loaded, evidence_file)?.or(row.evidence_file_id);
            let days = service::days(row.method, row.sent_on, Some(on), &app.calendar);
            let completed_on = reply.and_then(|r| r.completed_on);
            let slip = slip.trimmed().or(&slip_of(&row)?);
            rows::update(
                conn,
                DeliveryRow {
                    served_on: Some(on),
                    agency_completion_on: if is_reply { completed_on } else { days.agency },
                    evidence_file_id,
                    evidence_note: evidence.trim().to_owned(),
                    slip: serde_json::to_value(slip).map_err(AppError::broken)?,
                    updated_at: now,
                    ..row
                },
            )?;
        }
        ServiceStep::Revoked { reason } => {
            let row = last(conn, notice)?;
            let agency_completion_on = if is_reply {
                reply.and_then(|r| r.completed_on)
            } else {
                service::days(row.method, row.sent_on, None, &app.calendar).agency
            };
            let row = DeliveryRow { agency_completion_on, updated_at: now, ..row };
            rows::update(
                conn,
                match undone {
                    Some(WayStep::Returned) => {
                        DeliveryRow { returned_on: None, return_reason: None, ..row }
                    }
                    Some(WayStep::Served) => DeliveryRow { served_on: None, ..row },
                    Some(WayStep::Sent) | None => DeliveryRow {
                        served_on: None,
                        revoked_on: Some(app.today()),
                        revoke_reason: Some(reason.trim().to_owned()),
                        ..row
                    },
                },
            )?;
        }
        ServiceStep::Returned { on, reason } => {
            let row = last(conn, notice)?;
            let return_reason = Some(reason.trim().to_owned());
            rows::update(
                conn,
                DeliveryRow { returned_on: Some(on), return_reason, updated_at: now, ..row },
            )?;
        }
    }
    Ok(loaded)
}

pub(super) fn slip_of(row: &DeliveryRow) -> Result<Slip, AppError> {
    serde_json::from_value(row.slip.clone()).map_err(AppError::broken)
}

/// The last attempt that stands.
fn last(conn: &mut Conn, notice: NoticeId) -> Result<DeliveryRow, AppError> {
    let attempts = rows::of_notice(conn, notice.0)?;
    let standing = attempts.into_iter().rfind(|row| row.revoked_on.is_none());
    standing.ok_or(AppError::NotFound("送达记录"))
}

/// A proof must be a file of the same request.
fn file_of(
    conn: &mut Conn,
    loaded: &Loaded,
    file: Option<FileId>,
) -> Result<Option<Uuid>, AppError> {
    let Some(file) = file else { return Ok(None) };
    let row = files::get(conn, file.0)?;
    if row.request_id != loaded.row.id {
        return Err(AppError::field("evidence_file", "unknown_file", "没有找到该送达凭证文件"));
    }
    Ok(Some(row.id))
}
