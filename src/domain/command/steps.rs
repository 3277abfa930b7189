//! What the longer commands carry: steps with a letter, or with much to put on record.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::consultation::{AgencyClock, Letter};
use crate::domain::dates;
use crate::domain::event::{Authentication, FeeScale, Party, ServiceMethod};
use crate::domain::ids::{FileId, NoticeId};
use crate::domain::item::{EarlierRequest, Relation};
use crate::domain::other_end::{EndGround, Twin};
use crate::domain::service::Slip;
use crate::domain::volume::{ReasonRequestClock, Volume};

/// What the fee notice says. Source: 国办函〔2020〕109号 items 3–6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct NotifyFee {
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    pub scale: FeeScale,
    pub amount_fen: i64,
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub served_on: Option<NaiveDate>,
    /// By number: the smallest reasonable units the letter asks for, one line each. Empty: one.
    #[serde(default)]
    pub units: Vec<String>,
    /// By pages: how many are supplied.
    #[serde(default)]
    pub pages: Option<u32>,
    /// Why number or frequency clearly exceed the reasonable.
    #[serde(default)]
    pub why: String,
    /// Units of the month before this request; filled in from the month's list.
    #[serde(skip)]
    pub before: u32,
    #[serde(skip, default = "NoticeId::new")]
    pub notice: NoticeId,
}

/// A letter to a third party or another agency. Source: 条例 art. 32, 34.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct Consult {
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    pub id: String,
    pub party: Party,
    pub addressee: String,
    #[serde(default)]
    pub jointly_made: bool,
    /// Numbers of the items that are asked about; none: the whole request.
    #[serde(default)]
    pub items: Vec<u16>,
    /// What the letter says beside that.
    #[serde(default)]
    pub letter: Letter,
    #[serde(skip, default = "NoticeId::new")]
    pub notice: NoticeId,
    #[serde(skip, default = "NoticeId::new")]
    pub told: NoticeId,
    #[serde(skip)]
    pub clock: AgencyClock,
}

/// Disclosure against an objection. Source: 条例 art. 32, last sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct OverrideObjection {
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    pub id: String,
    /// What will be disclosed.
    pub disclosed: String,
    /// Why not disclosing it would seriously affect the public interest.
    pub why: String,
    #[serde(skip, default = "NoticeId::new")]
    pub notice: NoticeId,
}

/// 送审函: doubtful items before the competent authority. Source: 保密法 art. 35; 条例 art. 17.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct ReferSecrecy {
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    pub id: String,
    #[serde(default)]
    pub items: Vec<u16>,
    pub authority: String,
    pub question: String,
    #[serde(skip, default = "NoticeId::new")]
    pub notice: NoticeId,
}

/// Which earlier request is linked, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct LinkRequest {
    pub relation: Relation,
    pub number: String,
    /// 文号 of its reply, where it is not in the system.
    #[serde(default)]
    pub reply_number: String,
    /// Day of its reply, where it is not in the system.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub replied_on: Option<NaiveDate>,
    /// Scan of its reply, uploaded before, where it is not in the system.
    #[serde(default)]
    pub evidence_file: Option<FileId>,
    #[serde(skip)]
    pub known: Option<Box<EarlierRequest>>,
}

/// Reasons asked of somebody who asks often. Source: 条例 art. 35.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct AskReasons {
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    #[serde(deserialize_with = "dates::deserialize")]
    pub until: NaiveDate,
    #[serde(skip, default = "NoticeId::new")]
    pub notice: NoticeId,
    #[serde(skip)]
    pub clock: ReasonRequestClock,
    #[serde(skip)]
    pub volume: Volume,
}

/// A request is to end without reply and without the applicant's will; somebody else confirms it.
/// Source: 条例 is silent; 30号 row 23.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct ProposeEnd {
    pub ground: EndGround,
    /// What happened, and who goes on with nothing.
    pub reason: String,
    /// What shows it: the certificate of death, the entry in the register.
    pub proof: String,
    /// Scan of it, uploaded before.
    pub proof_file: FileId,
    /// Of an application entered twice: the number under which it goes on.
    #[serde(default)]
    pub goes_on_as: String,
    #[serde(skip)]
    pub twin: Option<Twin>,
}

/// The end that a colleague proposed is confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct ConfirmEnd {
    #[serde(skip)]
    pub twin: Option<Twin>,
}

/// A document leaves the agency. Source: 国办函〔2015〕235号 items 2–4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct Dispatch {
    pub on: NaiveDate,
    pub method: ServiceMethod,
    pub tracking: String,
    pub slip: Slip,
    /// Whether a photo or scan is attached.
    pub photo: bool,
}

/// The applicant withdraws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// The day of the statement.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// What was said.
    pub statement: String,
    /// What shows that the statement is the applicant's; staff must say it.
    #[serde(default)]
    pub authentication: Option<Authentication>,
    /// The paper, or the written record of the call, uploaded before.
    #[serde(default)]
    pub proof_file: Option<FileId>,
}
