//! What the steps of a reconsideration or suit carry.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Claimant, RemedyEnding, RemedyKindOpened, RemedyProcedure, RemedyResult};
use crate::domain::dates;

/// The notice of the reviewing body that came in. Source: 行政复议法 art. 48, 54; 行政诉讼法 art. 67.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRemedy {
    /// Day the notice with the copy of the application or complaint reached the agency.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// Case number of the body.
    pub id: String,
    /// Which remedy.
    pub remedy: RemedyKindOpened,
    /// The review body or court.
    pub body: String,
    /// How the review body proceeds; must be told for a reconsideration.
    #[serde(default)]
    pub procedure: Option<RemedyProcedure>,
    /// Who turned to it; the applicant where nothing is said.
    #[serde(default)]
    pub claimant: Option<Claimant>,
    /// Their name, where it is not the applicant.
    #[serde(default)]
    pub claimant_name: String,
    /// What they want, in short.
    #[serde(default)]
    pub claims: String,
}

/// The agency's answer to the reviewing body. Source: 行政复议法 art. 48, 54, 70; 行政诉讼法 art. 67.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRemedy {
    /// Day it was handed in or posted.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// Case number of the body.
    pub id: String,
    /// The document: its number or title.
    pub document: String,
    /// What evidence and legal bases went with it.
    pub evidence: String,
}

/// The end of a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRemedy {
    /// Day the decision reached the agency.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// Case number of the body.
    pub id: String,
    /// The column of table four.
    pub result: RemedyResult,
    /// In which way exactly.
    #[serde(default)]
    pub ending: Option<RemedyEnding>,
    /// Number of the decision or judgment.
    #[serde(default)]
    pub decision: String,
    /// Day it reached the claimant, where that is known: their time to sue runs from it.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub served_on: Option<NaiveDate>,
    /// What the body held of the agency's act.
    #[serde(default)]
    pub holding: String,
}

/// The order to reply anew. Source: 行政复议法 art. 66; 行政诉讼法 art. 70, 72.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remand {
    /// Day the decision or judgment reached the agency.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// Working days it gives for the new reply, counted from the day after `on`.
    pub working_days: u16,
    /// Number of the decision or judgment.
    pub decision: String,
    /// Case number of the remedy that led to the order.
    #[serde(default)]
    pub remedy: String,
}
