//! Courses that requests take: what happens on which working day after receipt.
//!
//! A course is followed as far as time has gone. What lies behind the last day has not happened, so
//! that one course gives a request in every state it passes through.

use serde::Deserialize;

use crate::domain::command::{RemedyEnding, RemedyKindOpened, RemedyProcedure, RemedyResult};
use crate::domain::event::{Party, Position, SecrecyFinding, ServiceMethod};
use crate::domain::notice::NoticeKind;
use crate::domain::other_end::EndGround;

/// A course.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Course {
    /// What happens, in order.
    pub(super) steps: Vec<Step>,
}

/// One thing that happens.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    /// Working days after receipt.
    pub(super) day: usize,
    /// Who does it, if it is not who usually does.
    #[serde(default)]
    pub(super) by: Option<Part>,
    /// What they do.
    #[serde(flatten)]
    pub(super) deed: Deed,
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// The applicant, over the tracking page.
    Applicant,
    /// 登记员.
    Clerk,
    /// The officer who handles the request.
    Officer,
    /// 公开工作机构负责人.
    Head,
    /// 保密审查员.
    Reviewer,
    /// 法制审核人员.
    Legal,
    /// 分管领导.
    Leader,
    /// 签发人.
    Signer,
}

/// What is done. Texts may hold `{title}`, `{number}`, `{review_body}` and `{court}`; counts are of
/// working days.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Deed {
    Assign,
    Pass,
    AskCorrection {
        within: u32,
    },
    Correct,
    LapseCorrection {
        served_on_day: usize,
        proof: String,
    },
    AskReasons {
        within: u32,
    },
    GiveReasons,
    JudgeReasons {
        accepted: bool,
        why: String,
    },
    Defer {
        within: u32,
        why: String,
    },
    NotifyFee,
    FeeNoticeServed {
        proof: String,
    },
    Pay {
        proof: String,
    },
    LapseFee {
        proof: String,
    },
    Consult {
        party: Party,
        jointly_made: bool,
    },
    Refund {
        fen: i64,
        why: String,
        proof: String,
    },
    OverrideObjection {
        disclosed: String,
        why: String,
    },
    Supply {
        name: String,
        text: String,
    },
    ConfirmFindings {
        reason: String,
    },
    ConsultationServed,
    Opinion {
        position: Position,
    },
    Silence,
    ListItems,
    ReviewItems,
    SearchItems,
    DecideItems,
    ClearItems {
        opinion: String,
    },
    AssembleReply,
    OpenSecrecyReview {
        question: String,
    },
    SecrecyReview {
        finding: SecrecyFinding,
        opinion: String,
    },
    AskExtension {
        working_days: u16,
    },
    RefuseExtension {
        reason: String,
    },
    ConsentExtension,
    TellExtension,
    ServeNotice {
        notice: NoticeKind,
        method: ServiceMethod,
        evidence: String,
    },
    AnswerOnTheSpot {
        answer: String,
    },
    Draft,
    DraftAnew,
    Submit,
    Recall,
    Return {
        reason: String,
    },
    Revise,
    /// A paragraph more, behind the one that says `after`.
    AddWords {
        after: String,
        words: String,
        why: String,
    },
    Approve,
    Issue,
    Void {
        reason: String,
    },
    Send {
        method: ServiceMethod,
        tracking: String,
        evidence: String,
    },
    Served {
        evidence: String,
    },
    SentBack {
        reason: String,
    },
    RevokeLapse {
        reason: String,
    },
    ProposeEnd {
        ground: EndGround,
        reason: String,
        proof: String,
    },
    ConfirmEnd,
    WaiveConsultation {
        why: String,
    },
    Withdraw,
    Close,
    Archive {
        volume: String,
    },
    OpenRemedy {
        remedy: RemedyKindOpened,
        id: String,
        body: String,
        #[serde(default)]
        procedure: Option<RemedyProcedure>,
        claims: String,
    },
    AnswerRemedy {
        id: String,
        document: String,
        evidence: String,
    },
    DecideRemedy {
        id: String,
        result: RemedyResult,
        ending: RemedyEnding,
        decision: String,
        holding: String,
    },
    Remand {
        working_days: u16,
        decision: String,
        remedy: String,
    },
    Note {
        text: String,
    },
}

impl Deed {
    /// Who usually does it.
    pub(super) const fn usual_part(&self) -> Part {
        match self {
            Self::Assign
            | Self::ServeNotice { .. }
            | Self::ConsultationServed
            | Self::Opinion { .. }
            | Self::FeeNoticeServed { .. }
            | Self::Pay { .. }
            | Self::Send { .. }
            | Self::Served { .. }
            | Self::SentBack { .. }
            | Self::OpenRemedy { .. } => Part::Clerk,
            Self::ConsentExtension
            | Self::RefuseExtension { .. }
            | Self::Return { .. }
            | Self::Approve
            | Self::Issue
            | Self::Void { .. }
            | Self::OverrideObjection { .. }
            | Self::RevokeLapse { .. }
            | Self::ConfirmEnd
            | Self::Remand { .. }
            | Self::Defer { .. } => Part::Head,
            Self::SecrecyReview { .. } | Self::ClearItems { .. } | Self::ConfirmFindings { .. } => {
                Part::Reviewer
            }
            Self::Correct | Self::GiveReasons | Self::Withdraw => Part::Applicant,
            _ => Part::Officer,
        }
    }
}
