//! What a remedy on record says of itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::command::{Claimant, RemedyEnding, RemedyKindOpened, RemedyResult};
use crate::domain::remedy::AnswerTerm;

/// Reconsideration or suit, as it was announced to the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct RemedyOpened {
    pub id: String,
    pub remedy: RemedyKindOpened,
    pub body: String,
    /// What fixes the agency's time to answer; none in old ledgers.
    #[serde(default)]
    pub term: Option<AnswerTerm>,
    #[serde(default)]
    pub claimant: Option<Claimant>,
    #[serde(default)]
    pub claimant_name: String,
    #[serde(default)]
    pub claims: String,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct RemedyDecided {
    pub id: String,
    pub result: RemedyResult,
    #[serde(default)]
    pub ending: Option<RemedyEnding>,
    #[serde(default)]
    pub decision: String,
    #[serde(default)]
    pub served_on: Option<NaiveDate>,
    #[serde(default)]
    pub holding: String,
}
