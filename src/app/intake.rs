//! How a request comes in: filed by a citizen over the portal, or registered by a clerk from any
//! other channel. Either way it gets its number, its ledger and – once the receipt date is fixed –
//! its 回执.
//!
//! Source: 条例 art. 29–31; rulebook section 2.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::applications::{self, ApplicationRow};
use crate::db::requests::RequestRow;
use crate::db::{Conn, agencies as agency_rows, numbers};
use crate::domain::decide;
use crate::domain::event::Actor;
use crate::domain::ids::{AgencyId, NoticeId, RequestId};
use crate::domain::number::request_number;
use crate::domain::policy::Role;
use crate::domain::receipt::{Arrival, Channel};
use crate::domain::refusal::Refusal;
use crate::domain::request::{Application, FieldFault};
use crate::domain::state::State;
use crate::domain::text::{self, NAME_MAX};

use super::ledger;
use super::notices::Receipt;
use super::once::Once;
use super::{App, AppError, Principal, agencies, personal};

/// What a citizen sends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// The agency asked.
    pub agency: AgencyId,
    /// The form.
    pub application: Application,
}

/// What a clerk enters of a request that came by another channel.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The form, as far as the letter answers it.
    pub application: Application,
    /// How it came.
    pub channel: Channel,
    /// The day it came (for post that is signed for: the day of the signature).
    #[serde(deserialize_with = "crate::domain::dates::deserialize")]
    pub arrived_on: NaiveDate,
    /// The day it was confirmed with the applicant, where the channel needs that.
    #[serde(default, deserialize_with = "crate::domain::dates::deserialize_option")]
    pub confirmed_on: Option<NaiveDate>,
    /// What proves the date.
    #[serde(default)]
    pub evidence: String,
    /// How an oral request was written down; needed for the channel `oral`.
    #[serde(default)]
    pub oral: Option<OralRecord>,
}

/// The form that staff filled in for an oral request. Source: 条例 art. 29 ¶1.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OralRecord {
    /// Who filled it in.
    pub taken_by: String,
    /// Whether it was read back to the applicant.
    pub read_back: bool,
    /// Whether the applicant signed it.
    pub signed: bool,
}

impl OralRecord {
    /// The record as it goes into the evidence of the receipt date.
    fn told(&self) -> Result<String, AppError> {
        let taken_by = self.taken_by.trim();
        if taken_by.is_empty() || !text::faults(taken_by, NAME_MAX).is_empty() {
            return Err(AppError::field("oral.taken_by", "required", "请填写代填申请表的工作人员"));
        }
        if !self.read_back || !self.signed {
            let message = "口头申请由工作人员代填申请表，应当向申请人宣读无误并由申请人签名后登记";
            return Err(AppError::field("oral", "invalid", message));
        }
        Ok(format!("工作人员{taken_by}代填申请表，已向申请人宣读，申请人签名"))
    }
}

/// What the applicant gets in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Filed {
    /// The request.
    pub id: RequestId,
    /// 受理编号, for tracking.
    pub number: String,
    /// 查询码, for tracking; shown once here and printed on the receipt.
    pub query_code: String,
    /// Where it stands.
    pub state: State,
    /// 收到申请之日; `None` while it must still be confirmed.
    pub received_on: Option<NaiveDate>,
    /// Last day to reply.
    pub due_on: Option<NaiveDate>,
    /// Whether that rests on an estimate of the calendar.
    pub provisional: bool,
    /// The 回执, once the receipt date is fixed.
    pub receipt: Option<NoticeId>,
    /// Position of the ledger: the ETag of the request.
    pub version: i32,
    /// What deserves a second look but stops nobody.
    pub warnings: Vec<Warning>,
}

/// A field that deserves a second look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// The field.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// Chinese sentence.
    pub message: String,
}

impl From<FieldFault> for Warning {
    fn from(fault: FieldFault) -> Self {
        Self { field: fault.field.to_owned(), code: fault.code.to_owned(), message: fault.message }
    }
}

impl App {
    /// Files a request over the portal. The automatic receipt fixes the receipt date: nobody of the
    /// agency chooses it.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every fault of the form.
    ///
    /// Source: 条例 art. 31 (3); 指导案例26号.
    pub async fn file(&self, once: Option<Once>, filing: Filing) -> Result<Filed, AppError> {
        let faults = filing.application.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let arrival = Arrival {
            channel: Channel::Internet,
            arrived_on: self.today(),
            confirmed_on: None,
            evidence: "网上系统自动回执".to_owned(),
        };
        let actor = Actor { id: None, label: "申请人".to_owned() };
        self.write_once(once, move |conn, app| {
            enter(conn, app, &actor, filing.agency, &filing.application, &arrival)
        })
        .await
    }

    /// Registers a request that came by another channel.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people who do not handle cases; [`AppError::Invalid`];
    /// [`AppError::Refused`] when dates or proof do not stand.
    ///
    /// Source: 条例 art. 31.
    pub async fn register(
        &self,
        principal: Principal,
        once: Option<Once>,
        registration: Registration,
    ) -> Result<Filed, AppError> {
        let Some(agency) = principal.agency.filter(|_| registers(&principal)) else {
            return Err(AppError::Forbidden("您的岗位不能登记申请"));
        };
        let faults = registration.application.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        if registration.channel == Channel::Internet {
            return Err(AppError::field("channel", "portal_only", PORTAL_ONLY));
        }
        let mut evidence = registration.evidence;
        if registration.channel == Channel::Oral {
            let oral = registration.oral.ok_or_else(|| {
                AppError::field("oral", "required", "口头申请请登记代填、宣读和签名的情况")
            })?;
            let told = oral.told()?;
            if !evidence.trim().is_empty() {
                evidence = format!("{}；{told}", evidence.trim());
            }
        }
        let arrival = Arrival {
            channel: registration.channel,
            arrived_on: registration.arrived_on,
            confirmed_on: registration.confirmed_on,
            evidence,
        };
        self.write_once(once, move |conn, app| {
            enter(conn, app, &principal.actor(), agency, &registration.application, &arrival)
        })
        .await
    }
}

/// Source: 指导案例26号; rulebook section 2: online, staff do not choose the date.
const PORTAL_ONLY: &str =
    "网上申请由申请人在本系统提交，收到日期由系统回执确定，不能代为登记；电子邮件请选“电子邮件”";

fn registers(principal: &Principal) -> bool {
    [Role::Clerk, Role::Officer, Role::Head].into_iter().any(|role| principal.is(role))
}

/// Enters a request with its application, ledger and receipt.
fn enter(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    agency: AgencyId,
    application: &Application,
    arrival: &Arrival,
) -> Result<Filed, AppError> {
    let agency_row = agency_rows::find(conn, agency.0)?
        .filter(|row| row.active)
        .ok_or_else(|| AppError::field("agency", "unknown_agency", "没有这个受理机关"))?;
    let agency = agencies::agency(agency_row)?;
    let decision = decide::open(arrival, &app.context_of(actor.id, &[])).map_err(early_date)?;
    let now = app.clock.now();
    let year = app.today().year();
    let n = numbers::next(conn, agency.id.0, numbers::REQUESTS, year)?;
    let id = RequestId::new();
    let row = RequestRow {
        id: id.0,
        agency_id: agency.id.0,
        number: request_number(year, agency.serial, i64::from(n)),
        channel: arrival.channel,
        arrived_on: arrival.arrived_on,
        confirmed_on: None,
        received_on: None,
        receipt_basis: None,
        receipt_decided_by: actor.id.map(|id| id.0),
        state: State::Received,
        anchor_on: None,
        due_on: None,
        provisional: false,
        conservative_due_on: None,
        defects: serde_json::Value::Array(Vec::new()),
        outcome: None,
        reply_on: None,
        served_on: None,
        closed_on: None,
        officer_id: None,
        title: application.title.trim().to_owned(),
        applicant_name: application.applicant.name.trim().to_owned(),
        applicant_kind: application.applicant.kind,
        open: true,
        queue_on: ledger::NO_HURRY,
        last_seq: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        proposal: None,
        watch_on: None,
        calendar_seq: app.calendar.record(),
    };
    let row = ledger::projected(row, &decision.case, &app.calendar);
    let (decision, receipt) = match row.received_on {
        Some(_) => Receipt::draw_up(app, &row, actor, &agency, decision)
            .map(|(decision, receipt)| (decision, Some(receipt)))?,
        None => (decision, None),
    };
    let loaded = ledger::begin(conn, app, (row, application), actor, decision)?;
    applications::insert(conn, application_row(app, id.0, application)?)?;
    let keep = |receipt: Receipt| receipt.keep(conn, app, &loaded, application);
    let receipt = receipt.map(keep).transpose()?;
    Ok(Filed {
        id,
        number: loaded.row.number,
        query_code: app.keys.query_code(id),
        state: loaded.row.state,
        received_on: loaded.row.received_on,
        due_on: loaded.row.due_on,
        provisional: loaded.row.provisional,
        receipt,
        version: loaded.row.last_seq,
        warnings: application.warnings().into_iter().map(Warning::from).collect(),
    })
}

/// A date too far back for the calendar concerns the arrival, not some event.
fn early_date(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::Clock(_) => {
            AppError::field("arrived_on", "date_out_of_range", "收件日期超出可计算的年份范围")
        }
        other => AppError::Refused(other),
    }
}

/// The application as it is kept: personal data only sealed.
pub(super) fn application_row(
    app: &App,
    id: Uuid,
    application: &Application,
) -> Result<ApplicationRow, AppError> {
    let kept = personal::keep(app, id, application)?;
    Ok(ApplicationRow {
        request_id: id,
        kind: application.applicant.kind,
        form: kept.form,
        applicant_name: application.applicant.name.trim().to_owned(),
        phone: String::new(),
        email: String::new(),
        identity_cipher: Some(kept.cipher),
        identity_digest: Some(kept.identity.clone()),
        applicant_key: kept.identity,
        content_digest: content_digest(app, application),
        created_at: app.clock.now(),
        sealed: true,
        phone_digest: kept.phone,
        address_digest: kept.address,
        agent_digest: kept.agent,
        indexed: false,
    })
}

/// Keyed digest of what was asked for.
pub(super) fn content_digest(app: &App, application: &Application) -> String {
    let content = format!(
        "{}\n{}\n{}",
        application.title.trim(),
        application.document_number.trim(),
        application.description.trim()
    );
    app.keys.digest("applications.content_digest", &content)
}
