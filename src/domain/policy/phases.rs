//! From which phases each step can be taken.

use super::Action;
use crate::domain::state::State;

/// Phases in which the search and the drafting go on; 42–45 are views of them.
const WORKING: &[State] = &[State::Processing, State::Deferred];

/// Phases from the first examination to the draft: a consultation may still be waited for.
const BEFORE_DRAFT: &[State] = &[
    State::Examining,
    State::CorrectionPending,
    State::ReasonPending,
    State::FeePending,
    State::Processing,
    State::Deferred,
];

/// Every phase in which a letter sent earlier may still be served or answered: what arrives late
/// is put on record, even after the reply.
const AFTER_EXAMINING: &[State] = &[
    State::Examining,
    State::CorrectionPending,
    State::ReasonPending,
    State::FeePending,
    State::Processing,
    State::Deferred,
    State::Approval,
    State::Issued,
    State::Dispatched,
    State::ServiceFailed,
    State::Served,
    State::Withdrawn,
    State::CorrectionLapsed,
    State::FeeLapsed,
    State::Closed,
    State::Archived,
];

impl Action {
    /// The phases from which the step can be taken at all. Further guards stand in
    /// [`crate::domain::decide`].
    ///
    /// Source: rulebook section 1.1, "Leave to" and "Illegal transitions".
    #[must_use]
    pub const fn phases(self) -> &'static [State] {
        use State as S;
        match self {
            Self::ConfirmReceipt => &[S::Received, S::AwaitingConfirmation],
            Self::Assign => &[
                S::Registered,
                S::Examining,
                S::CorrectionPending,
                S::ReasonPending,
                S::FeePending,
                S::Processing,
                S::Deferred,
                S::Approval,
                S::Issued,
                S::Dispatched,
                S::ServiceFailed,
                S::Served,
                S::Withdrawn,
                S::CorrectionLapsed,
                S::FeeLapsed,
                S::Closed,
            ],
            Self::PassExamination | Self::AskReasons => &[S::Examining],
            Self::AskCorrection => &[S::Examining, S::Processing],
            Self::RecordCorrection | Self::RenewCorrection | Self::LapseCorrection => {
                &[S::CorrectionPending]
            }
            Self::RecordReasons | Self::JudgeReasons => &[S::ReasonPending],
            Self::RecordPaperNotice => &[
                S::Examining,
                S::CorrectionPending,
                S::ReasonPending,
                S::FeePending,
                S::Processing,
                S::Deferred,
                S::Approval,
            ],
            Self::Defer => &[S::Processing],
            Self::NotifyFee => &[S::Examining, S::Processing],
            Self::RecordFeeService | Self::LapseFee => &[S::FeePending],
            // Money that comes after the end is held, and can go back.
            Self::RecordPayment => {
                &[S::FeePending, S::FeeLapsed, S::Withdrawn, S::CorrectionLapsed, S::Closed]
            }
            Self::RevokeLapse => &[S::CorrectionLapsed, S::FeeLapsed, S::Closed],
            Self::Consult
            | Self::OpenSecrecyReview
            | Self::SubmitDraft
            | Self::AnswerTogether
            | Self::IssueWithLead => WORKING,
            Self::RecordConsultationService
            | Self::RecordOpinion
            | Self::RecordSecrecyRuling
            | Self::RefundFee => AFTER_EXAMINING,
            Self::AnswerReview | Self::ReferSecrecy => &[S::Examining, S::Processing, S::Deferred],
            // What is answered at the counter is searched for and decided there.
            Self::ListItems | Self::RecordSearch | Self::DecideItem | Self::SplitOff => {
                &[S::Registered, S::Examining, S::Processing, S::Deferred]
            }
            Self::RecordSilence | Self::AbandonConsultation => BEFORE_DRAFT,
            Self::WaiveConsultation => WORKING,
            Self::OverrideObjection | Self::AcknowledgeFinding => {
                &[S::Processing, S::Deferred, S::Approval]
            }
            Self::ProposeLapse => &[S::CorrectionPending, S::FeePending],
            // A copy handed over at the counter needs its review before the search begins.
            Self::ReviewRelease => {
                &[S::Registered, S::Examining, S::Processing, S::Deferred, S::Approval]
            }
            Self::AskExtension
            | Self::RefuseExtension
            | Self::ConsentExtension
            | Self::TellExtension => &[
                S::Examining,
                S::CorrectionPending,
                S::ReasonPending,
                S::Processing,
                S::Deferred,
                S::Approval,
            ],
            Self::RecallDraft | Self::ReturnDraft | Self::ApproveDraft | Self::Issue => {
                &[S::Approval]
            }
            Self::VoidNumber => &[S::Issued],
            Self::RecordDispatch => &[S::Issued, S::ServiceFailed],
            // A message that seemed to arrive may bounce later; see the guard in `decide`.
            Self::RecordServiceFailure => &[S::Dispatched, S::Served],
            Self::RecordService => &[S::Dispatched],
            Self::AnswerOnTheSpot => &[S::Registered, S::Examining],
            Self::Withdraw | Self::ProposeEnd | Self::ConfirmEnd | Self::DeclineEnd => &[
                S::Received,
                S::AwaitingConfirmation,
                S::Registered,
                S::Examining,
                S::CorrectionPending,
                S::ReasonPending,
                S::FeePending,
                S::Processing,
                S::Deferred,
                S::Approval,
            ],
            Self::Close => &[S::Served, S::Withdrawn, S::CorrectionLapsed, S::FeeLapsed],
            Self::Archive => &[S::Closed],
            // Nobody but the law decides when an applicant may complain, inaction included.
            Self::OpenRemedy | Self::AnswerRemedy | Self::DecideRemedy => State::ALL,
            // Not while a numbered reply lies in the house: it is sent or voided first.
            Self::Remand => &[
                S::Registered,
                S::Examining,
                S::CorrectionPending,
                S::ReasonPending,
                S::FeePending,
                S::Processing,
                S::Deferred,
                S::Approval,
                S::Dispatched,
                S::ServiceFailed,
                S::Served,
                S::Withdrawn,
                S::CorrectionLapsed,
                S::FeeLapsed,
                S::Closed,
                S::Archived,
            ],
            Self::RecordNoticeService
            | Self::RecordNoticeDispatch
            | Self::RecordNoticeReturn
            | Self::RevokeService
            | Self::HandOver
            | Self::Succeed
            | Self::RecordAssistance
            | Self::FixNotice
            | Self::FreezeDocument
            | Self::AddFile
            | Self::WithdrawFile
            | Self::RecordInspection
            | Self::RecordRedaction
            | Self::ConfirmFindings
            | Self::AcceptCalendar
            | Self::Regroup
            | Self::LinkRequest
            | Self::Note => State::ALL,
        }
    }
}
