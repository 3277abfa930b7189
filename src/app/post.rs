//! The post of an agency on a day: what leaves, the list handed in with it, the letters in as many
//! copies as wanted, envelopes and labels.
//!
//! An envelope needs the whole address. It goes to those who record how the notices of the agency
//! leave, and each printing stands in the audit log, a line for each letter.
//!
//! Source: 个人信息保护法 art. 6, 51; rulebook 5.5.

mod letters;
mod order;
mod printing;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::agencies as agency_rows;
use crate::domain::agency::Agency;
use crate::domain::ids::{AgencyId, NoticeId, RequestId};
use crate::domain::policy::Action;
use crate::domain::post::PostWay;
use crate::domain::refusal::Refusal;

use super::{App, AppError, Principal, agencies};

use letters::Item;
pub use order::{NamedLetter, PostOrder, PostPrint};

/// Letters of one printing at most; a longer post is printed in parts.
const PART: usize = 200;

/// What leaves an agency by post on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PostOfDay {
    /// The day.
    pub on: NaiveDate,
    /// The letters, in the order in which they are printed.
    pub letters: Vec<PostLetter>,
    /// In how many parts they are printed.
    pub parts: usize,
    /// Notices that lie here and are wanted in another way than by post.
    pub otherwise: usize,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PostLetter {
    /// Running number.
    pub n: usize,
    /// The notice.
    pub notice: NoticeId,
    /// Its request.
    pub request: RequestId,
    /// 文号, or the number of the request.
    pub number: String,
    /// What it is.
    pub title: String,
    /// To whom, masked.
    pub to: String,
    /// Where to, masked.
    pub place: String,
    /// How: as recorded, or as it goes unless something else is said.
    pub way: PostWay,
    /// The same in Chinese.
    pub way_label: String,
    /// 邮件号码, once recorded.
    pub tracking: Option<String>,
    /// Whether it is on record as sent.
    pub on_record: bool,
    /// What keeps its envelope from being printed.
    pub faults: Vec<PostFault>,
}

/// What keeps an envelope from being printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostFault {
    /// Where it was entered.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// Chinese sentence.
    pub message: String,
}

impl App {
    /// What leaves an agency by post on a day: notices on record as sent by post that day; today also
    /// those that still lie here and are wanted by post.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for others than those who record how notices leave;
    /// [`AppError::NotFound`] for another agency; [`AppError::Refused`] for a day to come;
    /// `post_too_large`.
    pub async fn post_of_day(
        &self,
        principal: Principal,
        agency: AgencyId,
        on: Option<NaiveDate>,
    ) -> Result<PostOfDay, AppError> {
        let on = self.post_day(&principal, agency, on)?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let (items, otherwise) = letters::of_day(conn, &app, agency, on)?;
                let parts = items.len().div_ceil(PART);
                let letters = (1..).zip(&items).map(|(n, item)| view(&app, n, item)).collect();
                Ok(PostOfDay { on, letters, parts, otherwise })
            })
            .await
    }

    /// The day of a post, for somebody who may see to it.
    fn post_day(
        &self,
        principal: &Principal,
        agency: AgencyId,
        on: Option<NaiveDate>,
    ) -> Result<NaiveDate, AppError> {
        may_post(principal, agency)?;
        let on = on.unwrap_or_else(|| self.today());
        match on > self.today() {
            true => Err(Refusal::InFuture { field: "on", on }.into()),
            false => Ok(on),
        }
    }
}

/// Lets those see to the post who record how notices leave.
fn may_post(principal: &Principal, agency: AgencyId) -> Result<(), AppError> {
    principal.may(Action::RecordNoticeDispatch, agency).map_err(|error| match error {
        AppError::NotFound(_) => AppError::NotFound("该机关"),
        other => other,
    })
}

/// The agency whose post it is.
fn sender(conn: &mut crate::db::Conn, id: AgencyId) -> Result<Agency, AppError> {
    agencies::agency(agency_rows::get(conn, id.0)?)
}

fn view(app: &App, n: usize, item: &Item) -> PostLetter {
    let faults = item.faults(app).into_iter().map(|fault| PostFault {
        field: fault.field.to_owned(),
        code: fault.code.to_owned(),
        message: fault.message,
    });
    PostLetter {
        n,
        notice: NoticeId(item.notice.id),
        request: RequestId(item.notice.request_id),
        number: item.number().to_owned(),
        title: item.notice.title.clone(),
        to: item.masked_name(),
        place: item.masked_place(),
        way: item.way,
        way_label: item.way.label().to_owned(),
        tracking: Some(item.tracking.clone()).filter(|tracking| !tracking.is_empty()),
        on_record: item.on_record,
        faults: faults.collect(),
    }
}
