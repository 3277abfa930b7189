//! What else came from the same people, and what else asks for the same: shown on a request, linked,
//! and never acted upon by the program.
//!
//! Source: 条例 art. 35, 36 (6); rulebook 1.2 f.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::applications::{self, ApplicationRow, Tie};
use crate::db::requests::{self as rows, RequestRow};
use crate::db::{Conn, per_backend::tx::read_tx};
use crate::domain::applicant::mask_name;
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::outcome::Outcome;
use crate::domain::state::State;
use crate::domain::volume::{Volume, VolumeItem};

use super::similar::similar;
use super::{App, AppError, Principal};

/// Requests counted at most for each tie; far beyond what any office gets from one person.
const COUNTED: i64 = 1_000;

/// Before every request: the Regulation is younger. PostgreSQL knows no `NaiveDate::MIN`.
const EVER: NaiveDate = match NaiveDate::from_ymd_opt(1949, 10, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// Requests listed for each tie.
const LISTED: usize = 50;

/// Similar requests listed.
const SIMILAR: usize = 20;

/// Requests related to one, all to the same agency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelatedView {
    /// First day of the period that is counted (setting `volume_period_days`).
    pub since: NaiveDate,
    /// Last day: today.
    pub until: NaiveDate,
    /// By applicant, telephone, address and agent, as far as the form names them.
    pub ties: Vec<TieView>,
    /// Requests of whatever time that ask for much the same; the applicant's own first.
    pub similar: Vec<SimilarView>,
}

/// Requests that have one thing in common with this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TieView {
    /// `applicant`, `phone`, `address` or `agent`.
    pub by: String,
    /// The same in Chinese.
    pub label: String,
    /// How many over the period, this request included.
    pub count: usize,
    /// The others, newest first, at most 50.
    pub requests: Vec<RelatedRequest>,
}

/// A request that asks for much the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SimilarView {
    /// Which.
    pub request: RelatedRequest,
    /// How alike, in hundredths, from 40; 100 for the same words.
    pub likeness: u8,
    /// Whether the same applicant filed it.
    pub same_applicant: bool,
}

/// A request one can go to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelatedRequest {
    /// Identifier.
    pub id: RequestId,
    /// Where it is read.
    pub href: String,
    /// 受理编号.
    pub number: String,
    /// What was asked for.
    pub title: String,
    /// Masked.
    pub applicant: String,
    /// Day of arrival.
    pub arrived_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// The same in Chinese.
    pub state_label: String,
    /// How it was answered.
    pub outcome: Option<Outcome>,
}

impl From<RequestRow> for RelatedRequest {
    fn from(row: RequestRow) -> Self {
        Self {
            id: RequestId(row.id),
            href: format!("/api/v1/requests/{}", row.id),
            number: row.number,
            title: row.title,
            applicant: mask_name(&row.applicant_name),
            arrived_on: row.arrived_on,
            state: row.state,
            state_label: row.state.label().to_owned(),
            outcome: row.outcome,
        }
    }
}

/// What two applications can share, with its name in the API and in Chinese.
fn ties(row: &ApplicationRow) -> [(Tie, &'static str, &'static str, Option<&str>); 4] {
    [
        (Tie::Applicant, "applicant", "同一申请人", Some(row.applicant_key.as_str())),
        (Tie::Phone, "phone", "同一电话", row.phone_digest.as_deref()),
        (Tie::Address, "address", "同一地址", row.address_digest.as_deref()),
        (Tie::Agent, "agent", "同一代理人", row.agent_digest.as_deref()),
    ]
}

impl App {
    /// Requests related to one.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn related(
        &self,
        principal: Principal,
        id: RequestId,
    ) -> Result<RelatedView, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                read_tx(conn, |conn| {
                    let row = rows::find(conn, id.0)?.ok_or(AppError::NotFound("该申请"))?;
                    principal.may_see(AgencyId(row.agency_id))?;
                    related(conn, &app, &row)
                })
            })
            .await
    }

    /// First day of the period over which requests are counted.
    fn counted_since(&self) -> NaiveDate {
        let days = Days::new(u64::from(self.settings.volume_period_days));
        self.today().checked_sub_days(days).unwrap_or(EVER)
    }
}

fn related(conn: &mut Conn, app: &App, request: &RequestRow) -> Result<RelatedView, AppError> {
    let application = applications::get(conn, request.id)?;
    let since = app.counted_since();
    let mut known: BTreeMap<Uuid, RequestRow> = BTreeMap::new();
    let mut views = Vec::new();
    for (tie, by, label, digest) in ties(&application) {
        let Some(digest) = digest else { continue };
        let ids = applications::tied(conn, (tie, digest), request.agency_id, since, COUNTED)?;
        let mut listed = Vec::new();
        for id in ids.iter().filter(|id| **id != request.id).take(LISTED) {
            let row = match known.get(id) {
                Some(row) => row.clone(),
                None => rows::get(conn, *id)?,
            };
            known.insert(*id, row.clone());
            listed.push(RelatedRequest::from(row));
        }
        let (by, label) = (by.to_owned(), label.to_owned());
        views.push(TieView { by, label, count: ids.len(), requests: listed });
    }
    let own = applications::tied(
        conn,
        (Tie::Applicant, &application.applicant_key),
        request.agency_id,
        EVER,
        COUNTED,
    )?;
    let similar = similar(conn, request, &application, &own, SIMILAR)?
        .into_iter()
        .map(|found| SimilarView {
            request: found.row.into(),
            likeness: found.likeness,
            same_applicant: found.same_applicant,
        })
        .collect();
    Ok(RelatedView { since, until: app.today(), ties: views, similar })
}

/// The applicant's requests to the agency over the period, counted and listed for a notice.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn volume(conn: &mut Conn, app: &App, request: &RequestRow) -> Result<Volume, AppError> {
    let key = applications::get(conn, request.id)?.applicant_key;
    let since = app.counted_since();
    let ids = applications::tied(conn, (Tie::Applicant, &key), request.agency_id, since, COUNTED)?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let row = rows::get(conn, id)?;
        items.push(VolumeItem { number: row.number, arrived_on: row.arrived_on, title: row.title });
    }
    Ok(Volume::counted(items, since, app.today()))
}
