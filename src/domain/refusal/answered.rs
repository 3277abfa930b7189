//! Refusals of what follows the answer: the assessment of what was withheld.

use crate::domain::reassessment::AssessmentState;

/// Why a step after the answer is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnsweredRefusal {
    /// A step that does not belong to where the assessment stands.
    #[error("该评估事项当前状态为“{}”，不能{step}", .from.label())]
    WrongAssessmentState {
        /// Where it stands.
        from: AssessmentState,
        /// The step, in words.
        step: &'static str,
    },
    /// Whoever proposed to open it wants to confirm it.
    #[error("公开的建议由您提出，请由其他负责人复核确认")]
    OwnProposal,
    /// A role that assesses wants to confirm.
    #[error("拟公开的信息由公开工作机构负责人或者分管领导复核确认")]
    NotConfirmer,
}

impl AnsweredRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongAssessmentState { .. } => "wrong_state",
            Self::OwnProposal => "own_proposal",
            Self::NotConfirmer => "not_confirmer",
        }
    }

    /// The article that forbids it, where it is one.
    #[must_use]
    pub const fn article(&self) -> Option<&'static str> {
        None
    }
}
