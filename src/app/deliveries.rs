//! Service (送达): the reply leaves the agency, comes back or arrives; the slip of any other notice.
//!
//! Two dates are kept and never mixed: the one that counts for the agency (posted, signed for,
//! arrived) and the one that counts for the applicant (served).
//!
//! Source: 国办公开办函〔2016〕235号; rulebook 5.5.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::deliveries::{self as rows, DeliveryRow};
use crate::db::{Conn, agencies as agency_rows, files, notices};
use crate::domain::command::{Command, Dispatch};
use crate::domain::dates;
use crate::domain::decide;
use crate::domain::event::ServiceMethod;
use crate::domain::ids::{DeliveryId, FileId, NoticeId, RequestId};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::service::{self, Slip};
use crate::domain::text::{self, TEXT_MAX, TextFault};

use super::actions::{application, mail_notice, open_for};
use super::ledger::{self, Loaded};
use super::notices::rendering::Document;
use super::once::Once;
use super::requests::RequestView;
use super::wording::{self, Facts};
use super::{App, AppError, Principal, agencies, joint};

/// What happened to a notice on its way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServiceStep {
    /// It left the agency. By hand, electronically and left at the address it has arrived as well.
    Sent {
        /// Day it left.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// How.
        method: ServiceMethod,
        /// 邮件号码; needed for EMS and registered letters.
        #[serde(default)]
        tracking: String,
        /// What proves it, in words.
        #[serde(default)]
        evidence: String,
        /// Scan of the slip, uploaded before.
        #[serde(default)]
        evidence_file: Option<FileId>,
        /// What the 送达回证 says beside.
        #[serde(default)]
        slip: Slip,
    },
    /// It reached the applicant.
    Served {
        /// Day of service.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// What proves it, in words.
        evidence: String,
        /// Scan of the slip, uploaded before.
        #[serde(default)]
        evidence_file: Option<FileId>,
        /// What the 送达回证 says beside.
        #[serde(default)]
        slip: Slip,
    },
    /// It came back.
    Returned {
        /// Day it came back.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Why.
        reason: String,
    },
}

impl ServiceStep {
    /// The proof must be something that can be shown; the rest is for the domain to judge.
    fn check(&self) -> Result<(), AppError> {
        let (Self::Sent { evidence, .. } | Self::Served { evidence, .. }) = self else {
            return Ok(());
        };
        match text::faults(evidence, TEXT_MAX).first() {
            None => Ok(()),
            Some(TextFault::TooLong) => {
                let message = format!("送达凭证说明不能超过{TEXT_MAX}个字");
                Err(AppError::field("evidence", "too_long", message))
            }
            Some(TextFault::ControlCharacters) => {
                let message = "送达凭证说明中有无法显示的字符，请删除后重填";
                Err(AppError::field("evidence", "control_characters", message))
            }
        }
    }
}

/// One attempt to serve a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after db::deliveries::DeliveryRow")]
pub struct DeliveryView {
    pub id: DeliveryId,
    pub notice: NoticeId,
    pub method: ServiceMethod,
    pub sent_on: NaiveDate,
    pub tracking_number: Option<String>,
    /// The day that counts for the agency.
    pub agency_completion_on: Option<NaiveDate>,
    /// The day that counts for the applicant.
    pub served_on: Option<NaiveDate>,
    pub returned_on: Option<NaiveDate>,
    pub return_reason: Option<String>,
    pub evidence_file: Option<FileId>,
    pub evidence_note: String,
    /// What the 送达回证 says beside.
    #[serde(default)]
    pub slip: Slip,
}

impl App {
    /// Records what happened to an issued notice on its way; `seen` is the ledger position the
    /// person saw.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] for what the procedure does not allow, `electronic_consent_missing`
    /// where the applicant has not agreed to electronic service; [`AppError::Changed`].
    pub async fn serve_notice(
        &self,
        principal: Principal,
        once: Option<Once>,
        notice: NoticeId,
        seen: i32,
        step: ServiceStep,
    ) -> Result<RequestView, AppError> {
        let request = self.notice(&principal, notice).await?.request;
        step.check()?;
        self.write_step(once, request, seen, move |conn, app| {
            let row = notices::get(conn, notice.0)?;
            if row.status != NoticeStatus::Issued {
                return Err(AppError::Conflict {
                    code: "notice_not_issued",
                    message: "文书尚未签发，不能登记送达".to_owned(),
                });
            }
            let command = command(notice, row.kind, &step, None);
            let loaded = open_for(conn, app, &principal, request, seen, &command)?;
            let loaded = record(conn, app, &principal, loaded, (notice, row.kind), step)?;
            Ok(app.view_of(loaded))
        })
        .await
    }

    /// The 送达回证 (F41) of an attempt, ready to print and sign.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Unprintable`].
    pub async fn service_slip(
        &self,
        principal: Principal,
        id: DeliveryId,
    ) -> Result<Document, AppError> {
        const UNKNOWN: AppError = AppError::NotFound("该送达记录");
        let row = self.store.read(move |conn| rows::find(conn, id.0)).await?.ok_or(UNKNOWN)?;
        match self.request(&principal, RequestId(row.request_id)).await {
            Err(AppError::NotFound(_)) => return Err(UNKNOWN),
            other => other?,
        };
        let app = self.clone();
        let sheet = self
            .store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, row.request_id)?;
                let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
                let notice = notices::get(conn, row.notice_id)?;
                let form = application(conn, &app, &loaded)?;
                let slip = slip_of(&row)?;
                let facts = Facts { agency: &agency, row: &loaded.row, date: row.sent_on };
                wording::service_slip(&app, &facts, &notice, &row, &slip, &form.applicant.address)
            })
            .await?;
        self.set_sheet(sheet).await
    }

    /// The attempts to serve the notices of a request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn deliveries(
        &self,
        principal: &Principal,
        request: RequestId,
    ) -> Result<Vec<DeliveryView>, AppError> {
        self.request(principal, request).await?;
        let rows = self.store.read(move |conn| rows::of_request(conn, request.0)).await?;
        Ok(rows.into_iter().map(DeliveryView::from).collect())
    }
}

/// The command of a step; `sent_by` is how the notice went, where it has left already.
fn command(
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
    }
}

fn record(
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

fn slip_of(row: &DeliveryRow) -> Result<Slip, AppError> {
    serde_json::from_value(row.slip.clone()).map_err(AppError::broken)
}

fn last(conn: &mut Conn, notice: NoticeId) -> Result<DeliveryRow, AppError> {
    let attempts = rows::of_notice(conn, notice.0)?;
    attempts.into_iter().next_back().ok_or(AppError::NotFound("送达记录"))
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

impl From<DeliveryRow> for DeliveryView {
    fn from(row: DeliveryRow) -> Self {
        let slip = serde_json::from_value(row.slip).unwrap_or_default();
        Self {
            slip,
            id: DeliveryId(row.id),
            notice: NoticeId(row.notice_id),
            method: row.method,
            sent_on: row.sent_on,
            tracking_number: row.tracking_number,
            agency_completion_on: row.agency_completion_on,
            served_on: row.served_on,
            returned_on: row.returned_on,
            return_reason: row.return_reason,
            evidence_file: row.evidence_file_id.map(FileId),
            evidence_note: row.evidence_note,
        }
    }
}
