//! An applicant proposes to publish for everybody what they were given; the agency examines it.
//!
//! Source: 条例 art. 44 ¶2: 涉及公众利益调整、需要公众广泛知晓或者需要公众参与决策的，可以建议行政机关将该信息纳入主动公开的范围.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::outcome::Outcome;
use super::reassessment::whole;
use super::refusal::{AnsweredRefusal, Refusal};
use super::text_enum::text_enum;

text_enum!(
    /// Where a suggestion stands.
    SuggestionState {
        /// The agency has not examined it.
        Open = "open", "待审核";
        /// It belongs to what is to be published.
        Accepted = "accepted", "采纳，纳入主动公开";
        /// It does not.
        Declined = "declined", "不采纳";
    }
);

/// What the agency found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionAnswer {
    /// Whether it is to be published.
    pub accept: bool,
    /// What the applicant is told.
    pub answer: String,
}

/// What an applicant may suggest, as it is kept.
///
/// # Errors
///
/// [`AnsweredRefusal::NothingSupplied`] while no information was supplied; a text that is missing.
pub fn given(case: &Case, reason: &str) -> Result<String, Refusal> {
    let sent = case.reply.as_ref().is_some_and(|reply| reply.dispatched_on.is_some());
    if !sent || !matches!(case.outcome, Some(Outcome::G2 | Outcome::P1)) {
        return Err(AnsweredRefusal::NothingSupplied.into());
    }
    whole("reason", "建议主动公开的理由", reason)
}

/// Decides what becomes of a suggestion.
///
/// # Errors
///
/// [`AnsweredRefusal::SuggestionAnswered`]; a text that is missing.
pub fn decide(
    from: SuggestionState,
    answer: &SuggestionAnswer,
) -> Result<(SuggestionState, String), Refusal> {
    if from != SuggestionState::Open {
        return Err(AnsweredRefusal::SuggestionAnswered.into());
    }
    let text = whole("answer", "审核意见", &answer.answer)?;
    let state = if answer.accept { SuggestionState::Accepted } else { SuggestionState::Declined };
    Ok((state, text))
}
