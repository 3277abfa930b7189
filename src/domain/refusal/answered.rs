//! Refusals of what follows the answer: the assessment of what was withheld, and
//! publication for everybody.

use crate::domain::publication::{Attribute, PublicationState};
use crate::domain::reassessment::AssessmentState;
use crate::domain::record_correction::RecordResult;

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
    /// A step that does not belong to where the publication stands.
    #[error("该公开信息当前状态为“{}”，不能{step}", .from.label())]
    WrongPublicationState {
        /// Where it stands.
        from: PublicationState,
        /// The step, in words.
        step: &'static str,
    },
    /// Somebody reviews or publishes what they wrote.
    #[error("该公开信息由您起草或者修改，请由他人审查、发布")]
    OwnPublication,
    /// A role that does not take this step.
    #[error("起草人提交，保密审查人员或者负责人审查，负责人或者分管领导发布、撤回")]
    NotPublisher,
    /// Nothing was released that could be published.
    #[error("该申请没有公开过信息，也没有经评估确认可以公开的信息，不能纳入主动公开")]
    NotPublishable,
    /// A file that is not among those supplied, or named twice.
    #[error("所选文件不是该申请中可以公开的“提供的信息”文件，或者重复选择")]
    FileNotPublishable,
    /// It is not marked for everybody.
    #[error("公开属性为“{}”，只有“主动公开”的信息可以发布", .0.label())]
    AttributeForbids(Attribute),
    /// The name of the person who asked.
    #[error("“{0}”中出现申请人姓名，请删去后再提交")]
    NamesApplicant(String),
    /// Traces of people that nobody explained.
    #[error("“{place}”中疑似有{label}（{shown}），请遮盖后再提交，或者说明保留的理由")]
    PersonalTraces {
        /// What it looks like.
        label: &'static str,
        /// Where.
        place: String,
        /// Masked.
        shown: String,
    },
    /// A suggestion while nothing was supplied.
    #[error("申请的信息公开后，才可以建议将其纳入主动公开的范围")]
    NothingSupplied,
    /// The answer to an application for correction is not what the check found.
    #[error(
        "处理结果与核实情况不一致，应为“{}”：记录确有错误且本机关有权更正的应当更正，有权更正的是其他机关的先转送该机关，记录无误的说明不予更正的理由",
        .0.label()
    )]
    ResultUnfit(RecordResult),
    /// The register sent no letter with this step.
    #[error("该更正申请的第{0}个步骤没有制发文书，请核对是哪一份文书")]
    NoSuchLetter(i32),
    /// A suggestion is answered twice.
    #[error("该建议已经审核")]
    SuggestionAnswered,
}

impl AnsweredRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongAssessmentState { .. } | Self::WrongPublicationState { .. } => "wrong_state",
            Self::OwnProposal => "own_proposal",
            Self::NotConfirmer => "not_confirmer",
            Self::OwnPublication => "own_publication",
            Self::NotPublisher => "not_publisher",
            Self::NotPublishable => "not_publishable",
            Self::FileNotPublishable => "file_not_publishable",
            Self::AttributeForbids(_) => "attribute_forbids",
            Self::NamesApplicant(_) => "names_applicant",
            Self::PersonalTraces { .. } => "personal_traces",
            Self::NothingSupplied => "nothing_supplied",
            Self::ResultUnfit(_) => "result_unfit",
            Self::NoSuchLetter(_) => "unknown_letter",
            Self::SuggestionAnswered => "suggestion_answered",
        }
    }

    /// The article that forbids it, where it is one.
    #[must_use]
    pub const fn article(&self) -> Option<&'static str> {
        match self {
            Self::NamesApplicant(_) | Self::PersonalTraces { .. } => {
                Some("《政府信息公开条例》第十五条")
            }
            Self::ResultUnfit(_) => Some("《政府信息公开条例》第四十一条"),
            Self::NotPublishable | Self::NothingSupplied => Some("《政府信息公开条例》第四十四条"),
            _ => None,
        }
    }
}
