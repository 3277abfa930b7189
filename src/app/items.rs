//! Items of a request: what people see of them, the seven-step review, the reply put together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::requests::{self as request_rows, RequestRow};
use crate::db::{Conn, applications, notices};
use crate::domain::case::Case;
use crate::domain::counted::counted;
use crate::domain::event::SecrecyFinding;
use crate::domain::examination::{
    self, Answer, Answered, Finding, Proposal, Question, Review, Step,
};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::item::{EarlierRequest, Item, ItemText, RightsCheck};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{ReplyContent, SearchRecord};
use crate::domain::traces;

use super::actions::application;
use super::ledger::{self, Loaded};
use super::{App, AppError, Principal};

/// The items of a request and what they amount to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemsView {
    /// The items, in their order.
    pub items: Vec<ItemView>,
    /// What the decided items count as; `None` while none is decided.
    pub counted: Option<Outcome>,
    /// The same in Chinese.
    pub counted_label: Option<String>,
    /// Row of table three of the annual report.
    pub row: Option<u8>,
    /// Letters to the authority that decides on secrecy.
    pub referrals: Vec<ReferralView>,
    /// Numbers of the earlier requests this one belongs to.
    pub links: Vec<String>,
    /// Position of the ledger, for the next step's `If-Match`.
    pub version: i32,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemView {
    /// Its number within the request, from 1.
    pub n: u16,
    /// What is asked for.
    pub title: String,
    /// Further features.
    pub description: String,
    /// Its outcome, once decided.
    pub outcome: Option<Outcome>,
    /// The same in Chinese.
    pub outcome_label: Option<String>,
    /// The provisions it rests on; empty before.
    pub ground: String,
    /// What its part of the reply says.
    #[schema(value_type = Option<ReplyContent>)]
    pub content: Option<Box<ReplyContent>>,
    /// Searches on record for it.
    pub searches: Vec<SearchRecord>,
    /// Finding of its secrecy review.
    pub finding: Option<SecrecyFinding>,
    /// The check for rights of third parties.
    pub third_party: Option<RightsCheck>,
    /// The check for personal data.
    pub personal_data: Option<RightsCheck>,
    /// The seven-step review.
    pub review: ReviewView,
}

/// A letter to the authority that decides on secrecy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReferralView {
    /// Its name within the request.
    pub id: String,
    /// The items; none for the whole request.
    pub items: Vec<u16>,
    /// Day it was sent.
    pub sent_on: chrono::NaiveDate,
    /// What the authority found, once it answered.
    pub ruling: Option<SecrecyFinding>,
}

/// Where the review of an item stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReviewView {
    /// The answers that count, in order.
    pub answered: Vec<Answered>,
    /// The next question; `None` at the end.
    pub next: Option<QuestionView>,
    /// What the review proposes: the seventh step (怎么答).
    pub proposal: Option<Proposal>,
    /// Where the decision on record does not follow from the answers.
    pub findings: Vec<Finding>,
    /// Position of the ledger, for the next step's `If-Match`.
    pub version: i32,
}

/// A question with what may be answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuestionView {
    /// Its name.
    pub question: Question,
    /// The question in Chinese.
    pub text: String,
    /// The step it belongs to.
    pub step: Step,
    /// The step in Chinese.
    pub step_label: String,
    /// What may be answered.
    pub choices: Vec<ChoiceView>,
}

/// What may be answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChoiceView {
    /// Its name.
    pub answer: Answer,
    /// The answer in Chinese.
    pub label: String,
    /// The articles that make it matter; empty if it only leads on.
    pub article: String,
}

impl App {
    /// The items of a request. One that nobody has taken apart is shown as one item.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn items(&self, principal: &Principal, id: RequestId) -> Result<ItemsView, AppError> {
        let (app, principal) = (self.clone(), principal.clone());
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, id.0)?;
                principal.may_see(AgencyId(loaded.row.agency_id))?;
                view(conn, &app, &loaded)
            })
            .await
    }

    /// The seven-step review of an item.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for an item that is not there.
    ///
    /// Source: rulebook 1.2 p.
    pub async fn review(
        &self,
        principal: &Principal,
        id: RequestId,
        item: u16,
    ) -> Result<ReviewView, AppError> {
        let view = self.items(principal, id).await?;
        let found = view.items.into_iter().find(|known| known.n == item);
        found.map(|item| item.review).ok_or(AppError::NotFound("该申请事项"))
    }
}

fn view(conn: &mut Conn, app: &App, loaded: &Loaded) -> Result<ItemsView, AppError> {
    let case = &loaded.case;
    let version = loaded.row.last_seq;
    let only = Item::new(1, only_item(conn, app, loaded)?);
    let shown = if case.items.is_empty() { std::slice::from_ref(&only) } else { &case.items[..] };
    let outcomes: Vec<Outcome> = shown.iter().filter_map(Item::outcome).collect();
    let counts = counted(&outcomes);
    let referrals = case.referrals.iter().map(|referral| ReferralView {
        id: referral.id.clone(),
        items: referral.items.clone(),
        sent_on: referral.sent_on,
        ruling: referral.ruling,
    });
    Ok(ItemsView {
        items: shown.iter().map(|item| item_view(case, item, version)).collect(),
        counted: counts,
        counted_label: counts.map(|outcome| outcome.label().to_owned()),
        row: counts.map(|outcome| outcome.rule().row),
        referrals: referrals.collect(),
        links: case.links.iter().map(|(_, earlier)| earlier.number.clone()).collect(),
        version,
    })
}

fn item_view(case: &Case, item: &Item, version: i32) -> ItemView {
    let outcome = item.outcome();
    let of_item = case.searches.iter().filter(|s| s.item.is_none_or(|n| n == item.n));
    let whole = case.clearance.as_ref().filter(|_| case.items.len() <= 1);
    let clearance = item.clearance.as_ref().or(whole);
    ItemView {
        n: item.n,
        title: traces::masked(&item.text.title),
        description: traces::masked(&item.text.description),
        outcome,
        outcome_label: outcome.map(|outcome| outcome.label().to_owned()),
        ground: outcome.map(|outcome| outcome.rule().ground.to_owned()).unwrap_or_default(),
        content: item.decision.clone(),
        searches: of_item.map(|search| search.record.clone()).collect(),
        finding: clearance.map(|clearance| clearance.finding),
        third_party: clearance.and_then(|clearance| clearance.third_party),
        personal_data: clearance.and_then(|clearance| clearance.personal_data),
        review: review_view(examination::review(&item.review), outcome, version),
    }
}

fn review_view(review: Review, decided: Option<Outcome>, version: i32) -> ReviewView {
    let findings = decided.map(|outcome| examination::findings(&review, outcome));
    ReviewView {
        next: review.next.map(question_view),
        answered: review.path,
        proposal: review.proposal,
        findings: findings.unwrap_or_default(),
        version,
    }
}

fn question_view(question: Question) -> QuestionView {
    let choice = |choice: &examination::Choice| ChoiceView {
        answer: choice.answer,
        label: choice.answer.label().to_owned(),
        article: choice.article.to_owned(),
    };
    QuestionView {
        question,
        text: question.label().to_owned(),
        step: question.step(),
        step_label: question.step().label().to_owned(),
        choices: examination::choices(question).iter().map(choice).collect(),
    }
}

/// A request that nobody has taken apart, as an item.
pub(super) fn only_item(conn: &mut Conn, app: &App, loaded: &Loaded) -> Result<ItemText, AppError> {
    let description = application(conn, app, loaded)?.description.trim().to_owned();
    Ok(ItemText { title: loaded.row.title.clone(), description })
}

/// What the items of these numbers ask for; of all where no number is given.
pub(super) fn titles(case: &Case, row: &RequestRow, numbers: &[u16]) -> Vec<String> {
    if case.items.is_empty() {
        return vec![row.title.clone()];
    }
    let meant = case.items.iter().filter(|i| numbers.is_empty() || numbers.contains(&i.n));
    meant.map(|item| item.text.title.clone()).collect()
}

/// What the system knows of an earlier request of the same agency.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn earlier(
    conn: &mut Conn,
    loaded: &Loaded,
    number: &str,
) -> Result<Option<EarlierRequest>, AppError> {
    let found = request_rows::find_by_number(conn, number)?;
    let Some(row) = found.filter(|row| row.agency_id == loaded.row.agency_id) else {
        return Ok(None);
    };
    if row.id == loaded.row.id {
        return Err(AppError::field("number", "same_request", "不能把申请与其自身关联"));
    }
    let is_reply =
        |n: &notices::NoticeRow| n.kind == NoticeKind::Reply && n.status == NoticeStatus::Issued;
    let reply = notices::of_request(conn, row.id)?.into_iter().rev().find(is_reply);
    let key = applications::get(conn, loaded.row.id)?.applicant_key;
    let same_applicant = Some(applications::get(conn, row.id)?.applicant_key == key);
    Ok(Some(EarlierRequest {
        same_applicant,
        evidence_file: None,
        request: Some(RequestId(row.id)),
        number: row.number,
        reply_number: reply.and_then(|notice| notice.number).unwrap_or_default(),
        replied_on: row.reply_on,
    }))
}

/// Whether the request holds several items, so that its reply is put together from them.
///
/// # Errors
///
/// [`AppError::Conflict`] `assembled_reply_needed`.
pub(super) fn must_be_assembled(case: &Case) -> Result<(), AppError> {
    if case.items.len() > 1 || case.together.is_some() {
        return Err(AppError::Conflict {
            code: "assembled_reply_needed",
            message: "本申请包含多个事项或者与其他申请合并答复，请逐项确定处理结果后，由系统生成逐项答复的文稿"
                .to_owned(),
        });
    }
    Ok(())
}
