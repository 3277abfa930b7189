//! Items (事项): what one request asks for, piece by piece, each with its own outcome.
//!
//! A request that nobody has taken apart is one item. Everything here is said of an item in the
//! ledger; nothing is stored beside it but the projection for queries.
//!
//! Source: rulebook 1.2 k, 4.1 "Mixed letters"; 条例 art. 17, 36, 37.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::event::SecrecyFinding;
use super::examination::Answered;
use super::ids::{FileId, RequestId, UserId};
use super::outcome::Outcome;
use super::reply::{ReplyContent, SearchRecord};
use super::text_enum::text_enum;

/// The number of no item: they are counted from 1.
pub const NO_ITEM: u16 = 0;

/// Most items of one request that are believed.
pub const MOST_ITEMS: usize = 200;

text_enum!(
    /// What was found when the rights of others were checked beside secrecy.
    ///
    /// Source: 条例 art. 15, 32; 个人信息保护法 art. 25.
    RightsCheck {
        /// Nobody's rights are touched.
        NotConcerned = "not_concerned", "不涉及";
        /// Touched, and those concerned agree.
        Consented = "consented", "涉及，权利人同意公开";
        /// Touched, and the part concerned was taken out.
        Redacted = "redacted", "涉及，已作删减处理";
        /// Touched, but withholding would seriously harm the public interest.
        Overridden = "overridden", "涉及，不公开会对公共利益造成重大影响";
        /// Touched, and the information must not be released.
        Withheld = "withheld", "涉及，不得公开";
    }
);

text_enum!(
    /// How a request belongs to an earlier one.
    Relation {
        /// The same applicant asks for the same again. Source: 条例 art. 36 (6).
        Repeats = "repeats", "重复此前的申请";
        /// Something else connects them.
        Related = "related", "与此前的申请有关";
    }
);

/// An item as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemText {
    /// What is asked for, in one line.
    pub title: String,
    /// Further features of the information.
    #[serde(default)]
    pub description: String,
}

/// Whether an item may leave the house, as the review found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// Position of the review in the ledger: what was added later was not reviewed.
    pub seq: i32,
    /// The finding on secrecy.
    pub finding: SecrecyFinding,
    /// Who reviewed; `None` in ledgers written by nobody of the agency.
    pub by: Option<UserId>,
    /// The check for rights of third parties, where one is on record.
    pub third_party: Option<RightsCheck>,
    /// The check for personal data, where one is on record.
    pub personal_data: Option<RightsCheck>,
}

impl Clearance {
    /// Whether the rights of somebody forbid the release.
    #[must_use]
    pub fn rights_forbid(&self) -> bool {
        [self.third_party, self.personal_data].contains(&Some(RightsCheck::Withheld))
    }

    /// Whether the rights of third parties and personal data were both looked at.
    #[must_use]
    pub const fn rights_checked(&self) -> bool {
        self.third_party.is_some() && self.personal_data.is_some()
    }
}

/// A doubtful item laid before the competent authority (送审).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its name within the case.
    pub id: String,
    /// Numbers of the items; empty for the whole request. [`NO_ITEM`] stands for one that is not
    /// asked for any more.
    pub items: Vec<u16>,
    /// Day the letter was sent.
    pub sent_on: chrono::NaiveDate,
    /// What the authority found, once it answered.
    pub ruling: Option<SecrecyFinding>,
}

impl Referral {
    /// Whether it concerns the item `n`.
    #[must_use]
    pub fn concerns(&self, n: u16) -> bool {
        self.items.is_empty() || self.items.contains(&n)
    }
}

/// An earlier request this one belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRequest {
    /// The request, where it is in the system.
    #[serde(default)]
    pub request: Option<RequestId>,
    /// Its 受理编号, or how else it is known.
    pub number: String,
    /// 文号 of its reply.
    #[serde(default)]
    pub reply_number: String,
    /// Day of its reply; `None` while it is open.
    #[serde(default)]
    pub replied_on: Option<chrono::NaiveDate>,
    /// Whether the same applicant filed it, where the system knows it; none in old ledgers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_applicant: Option<bool>,
    /// The earlier reply itself, where the system does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_file: Option<FileId>,
}

impl EarlierRequest {
    /// Whether a refusal as repeated can rest on it: a reply to the same applicant that had left
    /// before the new request came, known to the system or with a file that shows it.
    ///
    /// Source: 条例 art. 36 (6); rulebook 1.2 l.
    #[must_use]
    pub fn bears_repeat(&self, arrived_on: Option<chrono::NaiveDate>) -> bool {
        let shown = match self.request {
            Some(_) => self.same_applicant == Some(true),
            None => self.evidence_file.is_some(),
        };
        shown && self.replied_on.is_some_and(|on| arrived_on.is_none_or(|arrived| on <= arrived))
    }

    /// The earlier reply as a notice names it: its day and number. `None` while there is none.
    #[must_use]
    pub fn reply_words(&self) -> Option<String> {
        let on = self.replied_on?;
        let on = format!("{}年{}月{}日", on.year(), on.month(), on.day());
        Some(match self.reply_number.as_str() {
            "" => format!("{on}对登记编号{}的申请作出的答复", self.number),
            number => format!("{on}作出的答复（{number}，登记编号{}）", self.number),
        })
    }
}

/// A request that took over items of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitChild {
    /// The new request.
    pub request: RequestId,
    /// Its 受理编号.
    pub number: String,
    /// Numbers of the items it took over.
    pub items: Vec<u16>,
}

/// Requests answered in one document. Each keeps its ledger, its limit and its row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Together {
    /// The request whose reply is the document.
    pub lead: RequestId,
    /// Its 受理编号.
    pub lead_number: String,
    /// The others that it answers.
    pub others: Vec<RequestId>,
    /// The earliest last day of all of them.
    pub governing_on: Option<chrono::NaiveDate>,
}

/// One item of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number within the request, from 1.
    pub n: u16,
    /// What is asked for.
    pub text: ItemText,
    /// The answers of the seven-step review, in the order they were given.
    pub review: Vec<Answered>,
    /// What was decided on it.
    pub decision: Option<Box<ReplyContent>>,
    /// Who decided it, and so wrote what the reply says of it.
    pub decided_by: Option<UserId>,
    /// Whether it may leave the house.
    pub clearance: Option<Clearance>,
}

impl Item {
    /// An item about which nothing is known yet.
    #[must_use]
    pub const fn new(n: u16, text: ItemText) -> Self {
        Self { n, text, review: Vec::new(), decision: None, decided_by: None, clearance: None }
    }

    /// Its outcome, once decided.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.decision.as_ref().map(|content| content.outcome)
    }
}

/// A search on record: of one item, or of the whole request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The item; `None` for the whole request.
    pub item: Option<u16>,
    /// What was done.
    pub record: SearchRecord,
}
