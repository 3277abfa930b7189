//! Reading requests: the queue, one case, its ledger.

mod approval;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::events;
use crate::db::requests::{self as rows, RequestFilter, RequestRow};
use crate::db::{applications, users};
use crate::domain::applicant::mask_name;
use crate::domain::case::{Governing, NoDate};
use crate::domain::ids::{AgencyId, RequestId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::personal::{PersonalField, masked};
use crate::domain::proposal::Proposal;
use crate::domain::receipt::{Channel, ReceiptBasis};
use crate::domain::request::Application;
use crate::domain::state::State;
use crate::domain::text_enum::text_enum;
use crate::domain::traces;

use super::entries::EntryView;
use super::{App, AppError, Principal, people, personal, remedies};

pub use approval::ApprovalView;

/// A request as lists and case pages show it. The applicant's name is masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after domain::case::projection::Projection")]
pub struct RequestView {
    pub id: RequestId,
    pub agency: AgencyId,
    pub number: String,
    pub title: String,
    /// Masked.
    pub applicant: String,
    pub applicant_kind: crate::domain::applicant::ApplicantKind,
    pub state: State,
    /// The state in Chinese.
    pub state_label: String,
    pub channel: Channel,
    pub arrived_on: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub receipt_basis: Option<ReceiptBasis>,
    pub due_on: Option<NaiveDate>,
    pub provisional: bool,
    pub conservative_due_on: Option<NaiveDate>,
    /// Working days left today; `None` while no limit runs. 0 on the last day and on days of rest
    /// right after it, negative from the next working day on: ask `overdue`, not this.
    pub days_left: Option<i64>,
    /// Whether the last day has passed without a reply.
    pub overdue: bool,
    pub defects: Vec<String>,
    pub outcome: Option<Outcome>,
    /// The day that counts for the agency.
    pub replied_on: Option<NaiveDate>,
    /// The day that counts for the applicant.
    pub served_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub officer: Option<UserId>,
    pub open: bool,
    /// What the program proposes because a limit has passed; a person decides.
    #[serde(default)]
    pub proposal: Option<Proposal>,
    /// The proposal in Chinese.
    #[serde(default)]
    pub proposal_label: Option<String>,
    /// Which date presses on the open case.
    #[serde(default)]
    pub governing: Option<Governing>,
    /// The date itself: exactly one date governs an open case, or [`Self::no_date`] says why none.
    #[serde(default)]
    pub governing_on: Option<NaiveDate>,
    /// Why no date presses.
    #[serde(default)]
    pub no_date: Option<NoDate>,
    /// The next last day to answer a review body or court, while one waits for it. Given in lists
    /// and for one request.
    #[serde(default)]
    pub remedy_due_on: Option<NaiveDate>,
    /// While a draft reply is with its approvers: whose turn it is, and since when.
    #[serde(default)]
    pub approval: Option<ApprovalView>,
    /// Position of the ledger: the ETag, and what `If-Match` must name.
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

text_enum!(
    /// For whom the drafts of a list wait.
    WaitsFor {
        /// For whoever asks.
        Me = "me", "待我审批";
    }
);

/// What a list of requests may be narrowed by.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestQuery {
    /// Only in this state.
    #[serde(default)]
    pub state: Option<State>,
    /// Only open (`true`, the default) or only ended ones.
    #[serde(default)]
    pub open: Option<bool>,
    /// Only my own.
    #[serde(default)]
    pub mine: bool,
    /// Only with a draft whose next step is mine, by my role or as a deputy.
    #[serde(default)]
    pub waits_for: Option<WaitsFor>,
    /// Only of this agency (supervisors).
    #[serde(default)]
    pub agency: Option<AgencyId>,
    /// Only with this proposal.
    #[serde(default)]
    pub proposal: Option<Proposal>,
    /// Only this number.
    #[serde(default)]
    pub number: Option<String>,
    /// Where the page before ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many, 1–200; 50 when not given.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; `None` at the end.
    pub next: Option<String>,
}

/// The application, personal data masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ApplicationView {
    /// The form as submitted, personal data masked.
    pub application: Application,
    /// What can be opened for a stated purpose.
    pub masked: Vec<MaskedField>,
}

/// A field that is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaskedField {
    /// Which field.
    pub field: PersonalField,
    /// The same in Chinese.
    pub label: String,
}

impl App {
    /// The row as people see it today.
    pub(super) fn view(&self, row: RequestRow) -> RequestView {
        let today = self.today();
        let waiting = row.due_on.filter(|_| row.state.owes_reply(row.reply_on.is_some()));
        let days_left = waiting.and_then(|due| self.working_days_to(today, due));
        let defects = serde_json::from_value(row.defects).unwrap_or_default();
        RequestView {
            id: RequestId(row.id),
            agency: AgencyId(row.agency_id),
            number: row.number,
            title: traces::masked(&row.title),
            applicant: mask_name(&row.applicant_name),
            applicant_kind: row.applicant_kind,
            state: row.state,
            state_label: row.state.label().to_owned(),
            channel: row.channel,
            arrived_on: row.arrived_on,
            received_on: row.received_on,
            receipt_basis: row.receipt_basis,
            due_on: row.due_on,
            provisional: row.provisional,
            conservative_due_on: row.conservative_due_on,
            days_left,
            overdue: row.state.is_overdue(row.reply_on.is_some(), row.due_on, today),
            defects,
            outcome: row.outcome,
            replied_on: row.reply_on,
            served_on: row.served_on,
            closed_on: row.closed_on,
            officer: row.officer_id.map(UserId),
            open: row.open,
            proposal: row.proposal,
            proposal_label: row.proposal.map(|proposal| proposal.label().to_owned()),
            governing: None,
            governing_on: None,
            no_date: None,
            remedy_due_on: None,
            approval: None,
            version: row.last_seq,
            updated_at: row.updated_at,
        }
    }

    /// Working days from `from` to `to`, negative when `to` lies before.
    fn working_days_to(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        let count = |a, b| self.calendar.working_days_between(a, b).ok().map(|c| i64::from(c.days));
        if to >= from { count(from, to) } else { count(to, from).map(|days| -days) }
    }

    /// A page of the queue, least slack first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without cases; [`AppError::Invalid`] for a bad cursor.
    pub async fn requests(
        &self,
        principal: &Principal,
        query: RequestQuery,
    ) -> Result<Page<RequestView>, AppError> {
        let scope = principal.scope()?.narrowed(query.agency);
        let scope = scope.ok_or(AppError::NotFound("该机关的申请"))?;
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let waits_for = match query.waits_for {
            None => None,
            Some(WaitsFor::Me) => Some(self.turns(principal).await?),
        };
        let own = principal.agency.map(|id| id.0);
        let filter = RequestFilter {
            // A supervisor reads more than the own agency, but takes steps in no other.
            agencies: match &waits_for {
                None => scope.ids(),
                Some(_) => Some(own.into_iter().collect()),
            },
            open: query.open.or_else(|| query.number.is_none().then_some(true)),
            states: query
                .state
                .or(waits_for.is_some().then_some(State::Approval))
                .into_iter()
                .collect(),
            waits_for,
            officer: query.mine.then_some(principal.user.0),
            due_before: None,
            proposal: query.proposal,
            number: query.number,
            after: query.cursor.as_deref().map(cursor).transpose()?,
            limit: limit + 1,
        };
        let mut found = self.store.read(move |conn| rows::list(conn, &filter)).await?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let next =
            found.last().filter(|_| more).map(|(row, _)| format!("{}_{}", row.queue_on, row.id));
        let ids: Vec<uuid::Uuid> = found.iter().map(|(row, _)| row.id).collect();
        let items = found.into_iter().map(|(row, standing)| self.viewed(row, standing));
        let mut items: Vec<RequestView> = items.collect();
        let limits = self.store.read(move |conn| remedies::next_limits(conn, &ids)).await?;
        for item in &mut items {
            let own = limits.iter().find(|(request, _)| *request == item.id.0);
            item.remedy_due_on = own.map(|(_, on)| *on);
        }
        Ok(Page { items, next })
    }

    /// One request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn request(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<RequestView, AppError> {
        let read = move |conn: &mut crate::db::Conn| {
            let found = rows::find_standing(conn, id.0)?;
            Ok((found, remedies::next_limits(conn, &[id.0])?))
        };
        let (found, limits) = self.store.read(read).await.map_err(AppError::Store)?;
        let (row, standing) = found.ok_or(AppError::NotFound("该申请"))?;
        principal.may_see(AgencyId(row.agency_id))?;
        let remedy_due_on = limits.first().map(|(_, on)| *on);
        Ok(RequestView { remedy_due_on, ..self.viewed(row, standing) })
    }

    /// The ledger of a request.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn ledger(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<Vec<EntryView>, AppError> {
        self.request(principal, id).await?;
        let entries = self.store.read(move |conn| events::of_request(conn, id.0)).await?;
        Ok(entries.into_iter().map(EntryView::from).collect())
    }

    /// The application of a request, personal data masked; [`App::open_personal_data`] opens it
    /// field by field.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    ///
    /// Source: 个人信息保护法 art. 6, 28–30; rulebook 9.1.
    pub async fn application(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<ApplicationView, AppError> {
        self.request(principal, id).await?;
        let row = self.store.read(move |conn| applications::get(conn, id.0)).await?;
        let form = personal::complete(self, &row)?;
        let masked_fields = PersonalField::ALL.iter().filter(|field| field.of(&form).is_some());
        Ok(ApplicationView {
            application: masked(&form),
            masked: masked_fields
                .map(|field| MaskedField { field: *field, label: field.label().to_owned() })
                .collect(),
        })
    }

    /// The name of a person to whom a case of the agency can be given, for the ledger.
    pub(super) fn officer_name(
        conn: &mut crate::db::Conn,
        officer: UserId,
        agency: AgencyId,
    ) -> Result<String, AppError> {
        let found = match users::find(conn, officer.0)? {
            Some(row) => people::colleague(conn, row, agency)?,
            None => None,
        };
        found.map(|colleague| colleague.name).ok_or_else(|| {
            AppError::field("officer", "unknown_officer", "本机关没有这位办理申请的工作人员")
        })
    }
}

/// Reads a cursor: the place in the queue where the page before ended.
fn cursor(text: &str) -> Result<(NaiveDate, uuid::Uuid), AppError> {
    let bad = || AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开");
    let (on, id) = text.split_once('_').ok_or_else(bad)?;
    match (on.parse(), id.parse()) {
        (Ok(on), Ok(id)) => Ok((on, id)),
        _ => Err(bad()),
    }
}
