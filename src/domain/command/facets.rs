//! What a command asks for, and of which dates it speaks.

use chrono::NaiveDate;

use super::{
    AnswerRemedy, AskReasons, Command, Consult, DecideRemedy, Dispatch, LinkRequest, NotifyFee,
    OpenRemedy, OverrideObjection, ProposeEnd, ReferSecrecy, Remand, Withdraw,
};
use crate::domain::ids::FileId;
use crate::domain::paper::RecordPaperNotice;
use crate::domain::policy::Action;

impl Command {
    /// The action this command asks for: the key of permission and state tables.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::ConfirmReceipt { .. } => Action::ConfirmReceipt,
            Self::Assign { .. } => Action::Assign,
            Self::PassExamination => Action::PassExamination,
            Self::AskCorrection { .. } => Action::AskCorrection,
            Self::RecordPaperNotice(_) => Action::RecordPaperNotice,
            Self::RecordCorrection { .. } => Action::RecordCorrection,
            Self::RenewCorrection { .. } => Action::RenewCorrection,
            Self::LapseCorrection { .. } => Action::LapseCorrection,
            Self::ProposeLapse => Action::ProposeLapse,
            Self::AskReasons { .. } => Action::AskReasons,
            Self::RecordReasons { .. } => Action::RecordReasons,
            Self::JudgeReasons { .. } => Action::JudgeReasons,
            Self::Defer { .. } => Action::Defer,
            Self::NotifyFee { .. } => Action::NotifyFee,
            Self::RecordFeeService { .. } => Action::RecordFeeService,
            Self::RecordPayment { .. } => Action::RecordPayment,
            Self::LapseFee { .. } => Action::LapseFee,
            Self::RevokeLapse { .. } => Action::RevokeLapse,
            Self::RefundFee { .. } => Action::RefundFee,
            Self::Consult { .. } => Action::Consult,
            Self::RecordConsultationService { .. } => Action::RecordConsultationService,
            Self::RecordOpinion { .. } => Action::RecordOpinion,
            Self::RecordSilence { .. } => Action::RecordSilence,
            Self::AbandonConsultation { .. } => Action::AbandonConsultation,
            Self::WaiveConsultation { .. } => Action::WaiveConsultation,
            Self::OverrideObjection { .. } => Action::OverrideObjection,
            Self::ListItems { .. } => Action::ListItems,
            Self::AnswerReview { .. } => Action::AnswerReview,
            Self::RecordSearch { .. } => Action::RecordSearch,
            Self::DecideItem { .. } => Action::DecideItem,
            Self::ReviewRelease { .. } => Action::ReviewRelease,
            Self::ReferSecrecy { .. } => Action::ReferSecrecy,
            Self::RecordSecrecyRuling { .. } => Action::RecordSecrecyRuling,
            Self::LinkRequest { .. } => Action::LinkRequest,
            Self::SplitOff { .. } => Action::SplitOff,
            Self::AnswerTogether { .. } => Action::AnswerTogether,
            Self::IssueWithLead { .. } => Action::IssueWithLead,
            Self::OpenSecrecyReview { .. } => Action::OpenSecrecyReview,
            Self::AskExtension { .. } => Action::AskExtension,
            Self::RefuseExtension { .. } => Action::RefuseExtension,
            Self::ConsentExtension => Action::ConsentExtension,
            Self::TellExtension { .. } => Action::TellExtension,
            Self::SubmitDraft { .. } => Action::SubmitDraft,
            Self::RecallDraft { .. } => Action::RecallDraft,
            Self::ReturnDraft { .. } => Action::ReturnDraft,
            Self::ApproveDraft { .. } => Action::ApproveDraft,
            Self::Issue { .. } => Action::Issue,
            Self::VoidNumber { .. } => Action::VoidNumber,
            Self::RecordDispatch { .. } => Action::RecordDispatch,
            Self::RecordServiceFailure { .. } => Action::RecordServiceFailure,
            Self::RecordService { .. } => Action::RecordService,
            Self::RevokeService { .. } => Action::RevokeService,
            Self::RecordNoticeService { .. } => Action::RecordNoticeService,
            Self::RecordNoticeDispatch { .. } => Action::RecordNoticeDispatch,
            Self::RecordNoticeReturn { .. } => Action::RecordNoticeReturn,
            Self::AnswerOnTheSpot { .. } => Action::AnswerOnTheSpot,
            Self::Withdraw(_) => Action::Withdraw,
            Self::HandOver { .. } => Action::HandOver,
            Self::Succeed { .. } => Action::Succeed,
            Self::RecordAssistance { .. } => Action::RecordAssistance,
            Self::ProposeEnd(_) => Action::ProposeEnd,
            Self::ConfirmEnd(_) => Action::ConfirmEnd,
            Self::DeclineEnd { .. } => Action::DeclineEnd,
            Self::Close => Action::Close,
            Self::Archive { .. } => Action::Archive,
            Self::OpenRemedy(_) => Action::OpenRemedy,
            Self::AnswerRemedy(_) => Action::AnswerRemedy,
            Self::DecideRemedy(_) => Action::DecideRemedy,
            Self::Remand(_) => Action::Remand,
            Self::FixNotice { .. } => Action::FixNotice,
            Self::FreezeDocument { .. } => Action::FreezeDocument,
            Self::AddFile { .. } => Action::AddFile,
            Self::WithdrawFile { .. } => Action::WithdrawFile,
            Self::Regroup { .. } => Action::Regroup,
            Self::RecordInspection { .. } => Action::RecordInspection,
            Self::RecordRedaction(_) => Action::RecordRedaction,
            Self::ConfirmFindings { .. } => Action::ConfirmFindings,
            Self::AcceptCalendar { .. } => Action::AcceptCalendar,
            Self::AcknowledgeFinding(_) => Action::AcknowledgeFinding,
            Self::Note { .. } => Action::Note,
        }
    }

    /// The civil date the command speaks of, where it speaks of one.
    #[must_use]
    pub const fn on(&self) -> Option<NaiveDate> {
        match self {
            Self::ConfirmReceipt { on, .. }
            | Self::AskCorrection { on, .. }
            | Self::RecordPaperNotice(RecordPaperNotice { on, .. })
            | Self::RecordCorrection { on, .. }
            | Self::LapseCorrection { on, .. }
            | Self::AskReasons(AskReasons { on, .. })
            | Self::RecordReasons { on, .. }
            | Self::JudgeReasons { on, .. }
            | Self::Defer { on, .. }
            | Self::NotifyFee(NotifyFee { on, .. })
            | Self::RecordFeeService { on, .. }
            | Self::RecordPayment { on, .. }
            | Self::LapseFee { on, .. }
            | Self::Consult(Consult { on, .. })
            | Self::RecordConsultationService { on, .. }
            | Self::RecordOpinion { on, .. }
            | Self::RecordSilence { on, .. }
            | Self::AbandonConsultation { on, .. }
            | Self::TellExtension { on, .. }
            | Self::RecordDispatch(Dispatch { on, .. })
            | Self::RecordServiceFailure { on, .. }
            | Self::RecordService { on, .. }
            | Self::RecordNoticeService { on, .. }
            | Self::AnswerOnTheSpot { on, .. }
            | Self::Withdraw(Withdraw { on, .. })
            | Self::OpenRemedy(OpenRemedy { on, .. })
            | Self::AnswerRemedy(AnswerRemedy { on, .. })
            | Self::DecideRemedy(DecideRemedy { on, .. })
            | Self::Remand(Remand { on, .. })
            | Self::ReferSecrecy(ReferSecrecy { on, .. })
            | Self::RecordSecrecyRuling { on, .. }
            | Self::RefundFee { on, .. }
            | Self::OverrideObjection(OverrideObjection { on, .. })
            | Self::RecordNoticeDispatch { dispatch: Dispatch { on, .. }, .. }
            | Self::RecordNoticeReturn { on, .. }
            | Self::HandOver { on, .. }
            | Self::Succeed { on, .. }
            | Self::RecordAssistance { on, .. } => Some(*on),
            _ => None,
        }
    }

    /// The last day the command gives somebody, where it gives one.
    #[must_use]
    pub const fn until(&self) -> Option<NaiveDate> {
        match self {
            Self::AskCorrection { until, .. }
            | Self::RenewCorrection { until, .. }
            | Self::AskReasons(AskReasons { until, .. })
            | Self::Defer { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// The file that proves what the command says, where it names one, and the field.
    #[must_use]
    pub const fn proof_file(&self) -> Option<(&'static str, FileId)> {
        match self {
            Self::LapseCorrection { proof_file: Some(file), .. }
            | Self::LapseFee { proof_file: Some(file), .. }
            | Self::Withdraw(Withdraw { proof_file: Some(file), .. })
            | Self::ProposeEnd(ProposeEnd { proof_file: file, .. }) => Some(("proof_file", *file)),
            Self::LinkRequest(LinkRequest { evidence_file: Some(file), .. }) => {
                Some(("evidence_file", *file))
            }
            Self::RecordOpinion { slip: Some(file), .. } => Some(("slip", *file)),
            Self::RecordPaperNotice(RecordPaperNotice { file, .. }) => Some(("file", *file)),
            _ => None,
        }
    }
}
