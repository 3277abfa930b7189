//! Service (送达): the reply leaves the agency, comes back or arrives; the slip of any other notice.
//!
//! Two dates are kept and never mixed: the one that counts for the agency (posted, signed for,
//! arrived) and the one that counts for the applicant (served).
//!
//! Source: 国办公开办函〔2016〕235号; rulebook 5.5.

mod recording;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::deliveries::{self as rows, DeliveryRow};
use crate::db::{agencies as agency_rows, notices};
use crate::domain::dates;
use crate::domain::event::ServiceMethod;
use crate::domain::ids::{DeliveryId, FileId, NoticeId, RequestId};
use crate::domain::notice::NoticeStatus;
use crate::domain::service::Slip;
use crate::domain::text::{self, TEXT_MAX, TextFault};

use super::actions::{application, open_for};
use super::ledger;
use super::notices::formats::{Document, Format};
use super::once::Once;
use super::requests::RequestView;
use super::wording::{self, Facts};
use super::{App, AppError, Principal, agencies};

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
    /// The last record of the notice's way was wrong: it is taken back, and with it what the
    /// arrival began. The head's to do.
    Revoked {
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
        if let Self::Served { evidence, evidence_file: None, .. } = self
            && text::trimmed(evidence).is_empty()
        {
            let message = "请填写送达凭证（签收的回证、回执联、查询记录等），或者上传扫描件";
            return Err(AppError::field("evidence", "text_missing", message));
        }
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
    /// Day the record was taken back as wrong: it never happened.
    #[serde(default)]
    pub revoked_on: Option<NaiveDate>,
    #[serde(default)]
    pub revoke_reason: Option<String>,
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
            let command = recording::command(notice, row.kind, &step, None);
            let loaded = open_for(conn, app, &principal, request, seen, &command)?;
            let loaded =
                recording::record(conn, app, &principal, loaded, (notice, row.kind), step)?;
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
                let slip = recording::slip_of(&row)?;
                let facts = Facts { agency: &agency, row: &loaded.row, date: row.sent_on };
                wording::service_slip(&app, &facts, &notice, &row, &slip, &form.applicant.address)
            })
            .await?;
        self.set(sheet, Format::Pdf).await
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
            revoked_on: row.revoked_on,
            revoke_reason: row.revoke_reason,
            evidence_file: row.evidence_file_id.map(FileId),
            evidence_note: row.evidence_note,
        }
    }
}
