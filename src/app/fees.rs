//! The processing fee of a request: the applicant's month, what may be asked, what was asked and
//! paid. Read from the ledgers of the month's requests; nothing of it is stored twice.
//!
//! Source: 条例 art. 42; 国办函〔2020〕109号; rulebook 6.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::{Conn, applications, requests as rows};
use crate::domain::event::FeeScale;
use crate::domain::fees::{self, lawful_fen};
use crate::domain::ids::{NoticeId, RequestId};
use crate::domain::refusal::Refusal;
use crate::domain::state::State;

use super::ledger::{self, Loaded};
use super::{App, AppError, Principal};

/// What the officer would charge for, to see what it would come to.
#[derive(Debug, Clone, Copy, Default)]
pub struct FeeQuestion {
    /// By number: the units of this request; 1, or those of its notice, when not given.
    pub units: Option<u32>,
    /// By pages: how many.
    pub pages: Option<u32>,
}

/// The fee of a request, in 分: what is lawful, and what has become of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FeeView {
    /// First day of the calendar month in which the request counts; `None` before receipt.
    pub month: Option<NaiveDate>,
    /// The applicant's requests to this agency in that month, in the order in which they count.
    pub requests: Vec<MonthItem>,
    /// Units of the month before this request.
    pub before: u32,
    /// Units of this request that `by_items_fen` is for.
    pub units: u32,
    /// The most that may be asked by number.
    pub by_items_fen: i64,
    /// Pages that `by_pages_fen` is for.
    pub pages: Option<u32>,
    /// The most that may be asked by pages; `None` while no pages are given.
    pub by_pages_fen: Option<i64>,
    /// The fee that was asked, if one was.
    pub asked: Option<AskedFee>,
}

/// One request in an applicant's month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonthItem {
    /// The request.
    pub id: RequestId,
    /// 受理编号.
    pub number: String,
    /// 收到申请之日.
    pub received_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Whether it counts.
    pub counts: bool,
    /// Its units.
    pub units: u32,
    /// Place of its first unit in the month, from 1; `None` if it does not count, or counts with the
    /// request it was split off.
    pub k: Option<u32>,
    /// The fee that was asked for it.
    pub asked: Option<AskedFee>,
}

/// A fee that was asked, in 分.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after domain::case::Fee")]
pub struct AskedFee {
    pub scale: FeeScale,
    pub amount_fen: i64,
    /// The most that might have been asked; `None` in old ledgers.
    pub lawful_fen: Option<i64>,
    pub units: Vec<String>,
    pub pages: Option<u32>,
    pub why: String,
    pub notice: Option<NoticeId>,
    pub notified_on: NaiveDate,
    pub served_on: Option<NaiveDate>,
    /// Last day to pay; `None` while service is unknown, and after payment.
    pub pay_by: Option<NaiveDate>,
    pub paid_fen: i64,
    pub paid_on: Option<NaiveDate>,
    pub refunded_fen: i64,
    /// What came beyond what was asked and must go back.
    pub over_fen: i64,
}

impl App {
    /// The fee of a request: the month, the lawful amounts, what was asked and paid.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Refused`] for numbers beyond
    /// any real case.
    pub async fn fee(
        &self,
        principal: &Principal,
        id: RequestId,
        question: FeeQuestion,
    ) -> Result<FeeView, AppError> {
        self.request(principal, id).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                let requests = month(conn, &app, &loaded)?;
                view(&loaded, requests, question)
            })
            .await
    }
}

fn view(
    loaded: &Loaded,
    requests: Vec<MonthItem>,
    question: FeeQuestion,
) -> Result<FeeView, AppError> {
    let before = before(&requests, RequestId(loaded.row.id));
    let units = question.units.unwrap_or_else(|| loaded.case.fee_units());
    let asked = loaded.case.fee.as_ref().and_then(|fee| fee.bill.as_ref());
    let pages = question.pages.or_else(|| asked.and_then(|bill| bill.pages));
    let lawful = |scale, field: &'static str| {
        lawful_fen(scale, before, units, pages).map_err(|_too_many| {
            let max = i64::from(fees::LARGEST_INPUT);
            AppError::Refused(Refusal::OutOfRange { field, label: "数量", min: 0, max })
        })
    };
    Ok(FeeView {
        month: loaded.row.received_on.map(|on| fees::month_of(on).0),
        before,
        units,
        by_items_fen: lawful(FeeScale::Items, "units")?,
        pages,
        by_pages_fen: pages.map(|_| lawful(FeeScale::Pages, "pages")).transpose()?,
        asked: asked_fee(loaded),
        requests,
    })
}

/// Units of the applicant's month before a request: what the price of its own begins after.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn units_before(conn: &mut Conn, app: &App, loaded: &Loaded) -> Result<u32, AppError> {
    Ok(before(&month(conn, app, loaded)?, RequestId(loaded.row.id)))
}

fn before(requests: &[MonthItem], id: RequestId) -> u32 {
    let earlier = requests.iter().take_while(|item| item.id != id).filter(|item| item.counts);
    earlier.map(|item| item.units).fold(0, u32::saturating_add)
}

/// The requests of the applicant's month, each replayed from its ledger.
fn month(conn: &mut Conn, app: &App, loaded: &Loaded) -> Result<Vec<MonthItem>, AppError> {
    let Some(received_on) = loaded.row.received_on else { return Ok(Vec::new()) };
    let key = applications::get(conn, loaded.row.id)?.applicant_key;
    // Without a number of identity nobody is known to be the same person.
    let nobody = app.keys.digest("applications.identity_digest", "");
    let found = if key == nobody {
        vec![loaded.row.clone()]
    } else {
        let month = fees::month_of(received_on);
        rows::of_applicant(conn, loaded.row.agency_id, &key, month)?
    };
    let mut upto = 0u32;
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        let own = row.id == loaded.row.id;
        let one = if own { loaded.clone() } else { ledger::load(conn, app, row.id)? };
        let counts = own || fees::counts(one.case.outcome, app.settings.fee_count_unhandled);
        let units = one.case.fee_units();
        let k = (counts && units > 0).then(|| upto.saturating_add(1));
        if counts {
            upto = upto.saturating_add(units);
        }
        items.push(MonthItem {
            id: RequestId(row.id),
            number: row.number,
            received_on: row.received_on,
            state: row.state,
            counts,
            units,
            k,
            asked: asked_fee(&one),
        });
    }
    Ok(items)
}

fn asked_fee(loaded: &Loaded) -> Option<AskedFee> {
    let fee = loaded.case.fee.as_ref().filter(|fee| !fee.carried)?;
    let bill = fee.bill.as_ref();
    Some(AskedFee {
        scale: fee.scale,
        amount_fen: fee.asked_fen,
        lawful_fen: bill.map(|bill| bill.lawful_fen),
        units: bill.map(|bill| bill.units.clone()).unwrap_or_default(),
        pages: bill.and_then(|bill| bill.pages),
        why: bill.map(|bill| bill.why.clone()).unwrap_or_default(),
        notice: bill.map(|bill| bill.notice),
        notified_on: fee.notified_on,
        served_on: fee.served_on,
        pay_by: loaded.case.payment_on(),
        paid_fen: fee.paid_fen,
        paid_on: fee.paid_on,
        refunded_fen: fee.refunded_fen,
        over_fen: fee.over_fen(),
    })
}
