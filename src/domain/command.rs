//! What can be asked of a case. A command carries what people enter; whether it may be done, and
//! what events follow, is decided in [`super::decide`].

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::event::{Authentication, FeeScale, Party, Position, SecrecyFinding, ServiceMethod};
use super::ids::{FileId, NoticeId, UserId};
use super::notice::NoticeKind;
use super::outcome::Outcome;
use super::policy::Action;
use super::service::Slip;
use super::text_enum::text_enum;

text_enum!(
    /// The three kinds of defect on the county's correction notice. Source: 条例 art. 29, 30.
    DefectKind {
        /// The content asked for is unclear.
        Content = "content", "申请公开的内容不明确";
        /// Proof of identity is missing.
        Identity = "identity", "缺少身份证明等材料";
        /// The form itself is missing or incomplete.
        Form = "form", "缺少申请书或者申请书填写不完整";
    }
);

text_enum!(
    /// Which remedy was opened against the agency.
    RemedyKindOpened {
        /// 行政复议.
        Reconsideration = "reconsideration", "行政复议";
        /// Suit without reconsideration before it.
        Suit = "suit", "行政诉讼（未经复议直接起诉）";
        /// Suit after reconsideration.
        SuitAfterReconsideration = "suit_after_reconsideration", "行政诉讼（复议后起诉）";
    }
);

text_enum!(
    /// How a remedy ended: the columns of table four of the annual report.
    RemedyResult {
        /// Upheld.
        Upheld = "upheld", "结果维持";
        /// Corrected.
        Corrected = "corrected", "结果纠正";
        /// Any other end.
        Other = "other", "其他结果";
    }
);

/// One defect of an application and what the applicant should do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionDefect {
    /// Which box of the notice.
    pub kind: DefectKind,
    /// Guidance: what exactly to correct, and how. Source: 条例 art. 30 (指导和释明).
    pub guidance: String,
}

/// A step somebody wants to take on a case. All `on` dates are civil dates in Asia/Shanghai.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub enum Command {
    /// Fix the receipt date of a letter, fax or mail after confirming with the applicant.
    ConfirmReceipt { on: NaiveDate, evidence: String },
    /// Make an officer responsible.
    Assign {
        officer: UserId,
        #[serde(default)]
        reason: String,
        #[serde(skip)]
        officer_name: String,
    },
    /// The application is in order: begin to process it.
    #[serde(deserialize_with = "nothing_else")]
    PassExamination,
    /// Ask for correction, everything at once.
    AskCorrection {
        on: NaiveDate,
        until: NaiveDate,
        defects: Vec<CorrectionDefect>,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// The corrected application came in.
    RecordCorrection { on: NaiveDate, text: String },
    /// Nothing came in time.
    LapseCorrection { on: NaiveDate, notice_served_on: NaiveDate, proof: String },
    /// Ask for reasons of a high volume.
    AskReasons { on: NaiveDate, until: NaiveDate },
    /// Reasons came in.
    RecordReasons { on: NaiveDate, text: String },
    /// Judge them.
    JudgeReasons { on: NaiveDate, accepted: bool, why: String },
    /// Tell a longer date.
    Defer { on: NaiveDate, until: NaiveDate, why: String },
    /// Ask for the processing fee.
    NotifyFee { on: NaiveDate, scale: FeeScale, amount_fen: i64, served_on: Option<NaiveDate> },
    /// The fee notice reached the applicant.
    RecordFeeService { on: NaiveDate, proof: String },
    /// It was paid.
    RecordPayment { on: NaiveDate, amount_fen: i64, proof: String },
    /// It was not paid in time.
    LapseFee { on: NaiveDate, proof: String },
    /// Ask a third party or another agency.
    Consult {
        on: NaiveDate,
        id: String,
        party: Party,
        addressee: String,
        #[serde(default)]
        jointly_made: bool,
    },
    /// The letter reached them.
    RecordConsultationService { on: NaiveDate, id: String },
    /// They answered.
    RecordOpinion { on: NaiveDate, id: String, position: Position, text: String },
    /// They did not.
    RecordSilence { on: NaiveDate, id: String },
    /// The letter cannot be served; stop waiting.
    AbandonConsultation { on: NaiveDate, id: String, why: String },
    /// Begin secrecy review.
    OpenSecrecyReview { question: String },
    /// Its result.
    RecordSecrecyReview { finding: SecrecyFinding, opinion: String },
    /// Ask the head for more time.
    AskExtension { working_days: u16, reason: String },
    /// The head declines.
    RefuseExtension { reason: String },
    /// The head consents.
    #[serde(deserialize_with = "nothing_else")]
    ConsentExtension,
    /// Tell the applicant.
    TellExtension {
        on: NaiveDate,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// Send a draft reply to the approver.
    #[serde(skip)]
    SubmitDraft { notice: NoticeId, outcome: Outcome },
    /// Take it back.
    #[serde(skip)]
    RecallDraft { notice: NoticeId },
    /// Send it back.
    #[serde(skip)]
    ReturnDraft { notice: NoticeId, reason: String },
    /// Approve it.
    #[serde(skip)]
    ApproveDraft { notice: NoticeId },
    /// Fix number, date and text.
    #[serde(skip)]
    Issue { notice: NoticeId, number: String, content_sha256: String },
    /// Void an issued number that has not left the house.
    #[serde(skip)]
    VoidNumber { notice: NoticeId, reason: String },
    /// The reply leaves the agency.
    #[serde(skip)]
    RecordDispatch {
        on: NaiveDate,
        method: ServiceMethod,
        tracking: String,
        slip: Slip,
        /// Whether a photo or scan is attached.
        photo: bool,
    },
    /// It came back.
    #[serde(skip)]
    RecordServiceFailure { on: NaiveDate, reason: String },
    /// It reached the applicant.
    #[serde(skip)]
    RecordService { on: NaiveDate, slip: Slip },
    /// Another notice than the reply reached the applicant.
    #[serde(skip)]
    RecordNoticeService {
        on: NaiveDate,
        notice: NoticeId,
        notice_kind: NoticeKind,
        method: ServiceMethod,
        slip: Slip,
    },
    /// Another notice than the reply leaves the agency.
    #[serde(skip)]
    RecordNoticeDispatch {
        on: NaiveDate,
        notice: NoticeId,
        notice_kind: NoticeKind,
        method: ServiceMethod,
        tracking: String,
        slip: Slip,
        /// Whether a photo or scan is attached.
        photo: bool,
    },
    /// It came back.
    #[serde(skip)]
    RecordNoticeReturn { on: NaiveDate, notice: NoticeId, notice_kind: NoticeKind, reason: String },
    /// Answer at the counter.
    AnswerOnTheSpot { on: NaiveDate, outcome: Outcome, text: String },
    /// The applicant withdraws.
    Withdraw {
        on: NaiveDate,
        statement: String,
        /// What shows that the statement is the applicant's; staff must say it.
        #[serde(default)]
        authentication: Option<Authentication>,
    },
    /// Originals pass from the mailroom, the counter or another unit to the disclosure office, or
    /// from one officer to the next.
    HandOver { on: NaiveDate, from_unit: String, giver: String, receiver: String, what: String },
    /// An applicant with difficulty in reading, seeing or hearing was helped.
    RecordAssistance { on: NaiveDate, need: String, help: String },
    /// Close the case.
    #[serde(deserialize_with = "nothing_else")]
    Close,
    /// File it away.
    Archive { volume: String },
    /// A reconsideration or suit was announced.
    OpenRemedy { on: NaiveDate, id: String, remedy: RemedyKindOpened, body: String },
    /// It ended.
    DecideRemedy { on: NaiveDate, id: String, result: RemedyResult },
    /// It orders a new reply.
    Remand { on: NaiveDate, working_days: u16, decision: String },
    /// A notice other than the reply got its number.
    #[serde(skip)]
    FixNotice { notice: NoticeId, notice_kind: NoticeKind, number: String, content_sha256: String },
    /// The bytes of an issued notice are frozen.
    #[serde(skip)]
    FreezeDocument { notice: NoticeId, template: String, pdf_sha256: String, docx_sha256: String },
    /// A file joins the case.
    #[serde(skip)]
    AddFile { file: FileId, name: String, sha256: String, purpose: String },
    /// The calendar moved the last day.
    #[serde(skip)]
    AcceptCalendar { old_due_on: Option<NaiveDate>, new_due_on: Option<NaiveDate>, version: String },
    /// A remark.
    Note { text: String },
}

/// Reads a command without input. serde lets such variants carry any field; this does not.
fn nothing_else<'de, D: Deserializer<'de>>(source: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    Nothing::deserialize(source).map(|Nothing {}| ())
}

impl Command {
    /// The action this command asks for: the key of permission and state tables.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::ConfirmReceipt { .. } => Action::ConfirmReceipt,
            Self::Assign { .. } => Action::Assign,
            Self::PassExamination => Action::PassExamination,
            Self::AskCorrection { .. } => Action::AskCorrection,
            Self::RecordCorrection { .. } => Action::RecordCorrection,
            Self::LapseCorrection { .. } => Action::LapseCorrection,
            Self::AskReasons { .. } => Action::AskReasons,
            Self::RecordReasons { .. } => Action::RecordReasons,
            Self::JudgeReasons { .. } => Action::JudgeReasons,
            Self::Defer { .. } => Action::Defer,
            Self::NotifyFee { .. } => Action::NotifyFee,
            Self::RecordFeeService { .. } => Action::RecordFeeService,
            Self::RecordPayment { .. } => Action::RecordPayment,
            Self::LapseFee { .. } => Action::LapseFee,
            Self::Consult { .. } => Action::Consult,
            Self::RecordConsultationService { .. } => Action::RecordConsultationService,
            Self::RecordOpinion { .. } => Action::RecordOpinion,
            Self::RecordSilence { .. } => Action::RecordSilence,
            Self::AbandonConsultation { .. } => Action::AbandonConsultation,
            Self::OpenSecrecyReview { .. } => Action::OpenSecrecyReview,
            Self::RecordSecrecyReview { .. } => Action::RecordSecrecyReview,
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
            Self::RecordNoticeService { .. } => Action::RecordNoticeService,
            Self::RecordNoticeDispatch { .. } => Action::RecordNoticeDispatch,
            Self::RecordNoticeReturn { .. } => Action::RecordNoticeReturn,
            Self::AnswerOnTheSpot { .. } => Action::AnswerOnTheSpot,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::HandOver { .. } => Action::HandOver,
            Self::RecordAssistance { .. } => Action::RecordAssistance,
            Self::Close => Action::Close,
            Self::Archive { .. } => Action::Archive,
            Self::OpenRemedy { .. } => Action::OpenRemedy,
            Self::DecideRemedy { .. } => Action::DecideRemedy,
            Self::Remand { .. } => Action::Remand,
            Self::FixNotice { .. } => Action::FixNotice,
            Self::FreezeDocument { .. } => Action::FreezeDocument,
            Self::AddFile { .. } => Action::AddFile,
            Self::AcceptCalendar { .. } => Action::AcceptCalendar,
            Self::Note { .. } => Action::Note,
        }
    }

    /// The civil date the command speaks of, where it speaks of one.
    #[must_use]
    pub const fn on(&self) -> Option<NaiveDate> {
        match self {
            Self::ConfirmReceipt { on, .. }
            | Self::AskCorrection { on, .. }
            | Self::RecordCorrection { on, .. }
            | Self::LapseCorrection { on, .. }
            | Self::AskReasons { on, .. }
            | Self::RecordReasons { on, .. }
            | Self::JudgeReasons { on, .. }
            | Self::Defer { on, .. }
            | Self::NotifyFee { on, .. }
            | Self::RecordFeeService { on, .. }
            | Self::RecordPayment { on, .. }
            | Self::LapseFee { on, .. }
            | Self::Consult { on, .. }
            | Self::RecordConsultationService { on, .. }
            | Self::RecordOpinion { on, .. }
            | Self::RecordSilence { on, .. }
            | Self::AbandonConsultation { on, .. }
            | Self::TellExtension { on, .. }
            | Self::RecordDispatch { on, .. }
            | Self::RecordServiceFailure { on, .. }
            | Self::RecordService { on, .. }
            | Self::RecordNoticeService { on, .. }
            | Self::RecordNoticeDispatch { on, .. }
            | Self::RecordNoticeReturn { on, .. }
            | Self::HandOver { on, .. }
            | Self::RecordAssistance { on, .. }
            | Self::AnswerOnTheSpot { on, .. }
            | Self::Withdraw { on, .. }
            | Self::OpenRemedy { on, .. }
            | Self::DecideRemedy { on, .. }
            | Self::Remand { on, .. } => Some(*on),
            _ => None,
        }
    }

    /// The last day the command gives somebody, where it gives one.
    #[must_use]
    pub const fn until(&self) -> Option<NaiveDate> {
        match self {
            Self::AskCorrection { until, .. }
            | Self::AskReasons { until, .. }
            | Self::Defer { until, .. } => Some(*until),
            _ => None,
        }
    }
}
