//! Which role may take which step: the column of the table that names people.

use super::{Action, Role};

impl Action {
    /// Whether a person bearing `role` may take the step in their own agency.
    ///
    /// Source: 条例 art. 33 ¶2 (the head consents to extensions); rulebook 1.1 column "Who acts".
    #[must_use]
    pub const fn allowed_to(self, role: Role) -> bool {
        match self {
            Self::ConfirmReceipt
            | Self::RecordDispatch
            | Self::RecordServiceFailure
            | Self::RecordService
            | Self::RecordNoticeService
            | Self::RecordNoticeDispatch
            | Self::RecordNoticeReturn
            | Self::HandOver
            | Self::RecordAssistance
            | Self::RecordCorrection
            | Self::RecordReasons
            | Self::RecordFeeService
            | Self::RecordPayment
            | Self::RecordConsultationService
            | Self::RecordOpinion
            | Self::Withdraw
            | Self::LinkRequest
            | Self::OpenRemedy => matches!(role, Role::Clerk | Role::Officer | Role::Head),
            Self::AddFile | Self::Note | Self::RecordSecrecyRuling => {
                matches!(role, Role::Clerk | Role::Officer | Role::Head | Role::SecrecyReviewer)
            }
            Self::ReferSecrecy => {
                matches!(role, Role::Officer | Role::Head | Role::SecrecyReviewer)
            }
            // Not the officer who handles the case: whoever reviews is not the author.
            Self::ReviewRelease | Self::ConfirmFindings => {
                matches!(role, Role::Head | Role::SecrecyReviewer)
            }
            Self::Assign => matches!(role, Role::Clerk | Role::Head),
            Self::PassExamination
            | Self::AskCorrection
            | Self::RenewCorrection
            | Self::LapseCorrection
            | Self::AskReasons
            | Self::JudgeReasons
            | Self::NotifyFee
            | Self::LapseFee
            | Self::Consult
            | Self::RefundFee
            | Self::RecordSilence
            | Self::AbandonConsultation
            | Self::ListItems
            | Self::AnswerReview
            | Self::RecordSearch
            | Self::DecideItem
            | Self::SplitOff
            | Self::WaiveConsultation
            | Self::WithdrawFile
            | Self::AnswerTogether
            | Self::OpenSecrecyReview
            | Self::AskExtension
            | Self::TellExtension
            | Self::SubmitDraft
            | Self::AcknowledgeFinding
            | Self::RecallDraft
            | Self::AnswerOnTheSpot
            | Self::ProposeEnd
            | Self::Close
            | Self::Archive
            | Self::AnswerRemedy
            | Self::DecideRemedy => matches!(role, Role::Officer | Role::Head),
            // A new limit in the place of a missed one is the head's to enter.
            Self::Remand
            | Self::Defer
            | Self::RecordPaperNotice
            | Self::RevokeService
            | Self::OverrideObjection
            | Self::RefuseExtension
            | Self::ConsentExtension
            | Self::RevokeLapse
            | Self::ConfirmEnd
            | Self::DeclineEnd
            | Self::VoidNumber => {
                matches!(role, Role::Head)
            }
            // Which of them it is follows from the chain of the draft: `decide::approval`.
            Self::ApproveDraft => {
                matches!(role, Role::Head | Role::LegalReviewer | Role::Leader)
            }
            Self::ReturnDraft => {
                matches!(role, Role::Head | Role::LegalReviewer | Role::Leader | Role::Signer)
            }
            Self::Issue => matches!(role, Role::Head | Role::Signer),
            Self::ProposeLapse
            | Self::Succeed
            | Self::IssueWithLead
            | Self::FixNotice
            | Self::FreezeDocument
            | Self::RecordInspection
            | Self::Regroup
            | Self::RecordRedaction
            | Self::AcceptCalendar => false,
        }
    }

    /// Whether any of `roles` may take the step.
    #[must_use]
    pub fn allowed_to_any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.allowed_to(*role))
    }
}
