//! The library of reasons (理由库): ground and wording of a refusal as an agency writes it, and how
//! replies with it fared when they were reviewed. The figures follow from decided remedies; nobody
//! types one.
//!
//! An entry never changes: a better wording is a new entry that replaces it, so that what a reply
//! was built on can be read for ever. Source: 条例 art. 36 (理由说明); issue "remedies".

use serde::{Deserialize, Serialize};

use super::ids::ReasonTextId;
use super::outcome::Outcome;
use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, TEXT_MAX};

/// What is entered of a wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonTextForm {
    /// The outcome it gives reasons for.
    pub outcome: Outcome,
    /// The provisions it rests on.
    pub article: String,
    /// What sort of case it is for, in a few words.
    pub title: String,
    /// The wording.
    pub wording: String,
    /// When to use it and when not.
    #[serde(default)]
    pub notes: String,
    /// The entry it replaces, which is retired by it.
    #[serde(default)]
    pub replaces: Option<ReasonTextId>,
}

impl ReasonTextForm {
    /// Everything that keeps it from being added, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        if !self.outcome.is_drafted() {
            let label = self.outcome.label();
            faults.add("outcome", "no_reply_outcome", format!("“{label}”不以答复书方式作出"));
        }
        faults.required("article", "法律依据", &self.article, LINE_MAX);
        faults.required("title", "适用情形", &self.title, LINE_MAX);
        faults.required("wording", "说理文字", &self.wording, TEXT_MAX);
        faults.text("notes", "使用说明", &self.notes, TEXT_MAX);
        faults.0
    }
}

/// Why an entry cannot be picked for a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It was retired.
    Retired,
    /// It is for another outcome.
    OtherOutcome,
}

impl Unfit {
    /// As a fault of the field of the draft.
    #[must_use]
    pub fn fault(self, title: &str) -> FieldFault {
        let (code, message) = match self {
            Self::Retired => ("reason_text_retired", format!("理由“{title}”已停用，请另选")),
            Self::OtherOutcome => {
                ("reason_text_other_outcome", format!("理由“{title}”用于另一种处理结果，请另选"))
            }
        };
        FieldFault { field: "reason_texts", code, message }
    }
}

/// Whether an entry can be picked for a reply with `outcome`.
///
/// # Errors
///
/// [`Unfit`].
pub fn fits(of: Outcome, retired: bool, outcome: Outcome) -> Result<(), Unfit> {
    match () {
        () if retired => Err(Unfit::Retired),
        () if of != outcome => Err(Unfit::OtherOutcome),
        () => Ok(()),
    }
}
