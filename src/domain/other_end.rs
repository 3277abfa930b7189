//! How a request can end although nobody withdrew it and nobody is answered: only on a ground of
//! this list, with a proof, proposed by one and confirmed by another.
//!
//! The Regulation names no such end, so the list is short: whoever asked is no more, or there never
//! was a second application. Handing an application on to another agency is none of them: the
//! Regulation knows no transfer, the receiving agency replies (U2).
//!
//! Source: rulebook 1.1 (90w–92), 1.2 i; 30号 row 23 (其他处理—其他).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::ids::{FileId, UserId};
use super::refusal::{GroundRefusal, Refusal};
use super::text_enum::text_enum;

text_enum!(
    /// Why there is nobody to answer.
    EndGround {
        /// The applicant died, and nobody goes on with the request.
        Death = "death", "申请人死亡，没有人继续申请";
        /// The legal person or organisation ended without successor.
        OrganisationEnded = "organisation_ended", "申请单位终止，没有权利义务承受人";
        /// The same application was entered twice; it goes on under the other number.
        RegisteredTwice = "registered_twice", "误登记：同一份申请重复登记";
    }
);

impl EndGround {
    /// The provision behind the ground.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Death => "《民法典》第十三条，参照《行政复议法》第四十一条第二项",
            Self::OrganisationEnded => "《民法典》第五十九条，参照《行政复议法》第四十一条第三项",
            Self::RegisteredTwice => "《政府信息公开条例》第四十五条",
        }
    }
}

/// An end as it is proposed and, once confirmed, as it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherEnd {
    /// The ground; none in old ledgers, where one person wrote a reason.
    #[serde(default)]
    pub ground: Option<EndGround>,
    /// What happened, in the words of whoever proposed it.
    pub reason: String,
    /// What shows it.
    pub proof: String,
    /// Scan of the proof; none in old ledgers.
    #[serde(default)]
    pub proof_file: Option<FileId>,
    /// The number under which an application that was entered twice goes on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goes_on_as: String,
}

/// An end that waits for somebody else's confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndProposal {
    /// What is proposed.
    pub end: OtherEnd,
    /// By whom.
    pub by: Option<UserId>,
    /// When.
    pub on: NaiveDate,
}

/// The request under whose number an application that was entered twice is said to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The day it arrived.
    pub arrived_on: NaiveDate,
    /// Whether it is the same applicant's.
    pub same_applicant: bool,
    /// Whether it is still handled, or was really answered.
    pub goes_on: bool,
}

/// Whether `end` may stand with what is known of the other number. The other one must be the same
/// applicant's, go on, and not have come later: the limit is not to begin anew.
///
/// # Errors
///
/// [`GroundRefusal::TwinUnfit`].
pub fn fits(case: &Case, end: &OtherEnd, twin: Option<&Twin>) -> Result<(), Refusal> {
    if end.ground != Some(EndGround::RegisteredTwice) {
        return Ok(());
    }
    let goes_on = |twin: &&Twin| {
        twin.same_applicant
            && twin.goes_on
            && case.arrived_on.is_none_or(|arrived| twin.arrived_on <= arrived)
    };
    match twin.filter(goes_on) {
        Some(_) => Ok(()),
        None => Err(GroundRefusal::TwinUnfit.into()),
    }
}
