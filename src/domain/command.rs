//! What can be asked of a case. A command carries what people enter; whether it may be done, and
//! what events follow, is decided in [`super::decide`].

mod facets;
mod parts;
mod remedies;
mod steps;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use parts::{
    Claimant, CorrectionDefect, DefectKind, RemedyEnding, RemedyKindOpened, RemedyProcedure,
    RemedyResult,
};
pub use remedies::{AnswerRemedy, DecideRemedy, OpenRemedy, Remand};
pub use steps::{
    AskReasons, ConfirmEnd, Consult, Dispatch, LinkRequest, NotifyFee, OverrideObjection,
    ProposeEnd, ReferSecrecy, Withdraw,
};

use parts::nothing_else;

use super::event::{Position, SecrecyFinding, ServiceMethod, Written};
use super::examination::{Answer, Question};
use super::ids::{FileId, NoticeId, UserId};
use super::item::{ItemText, RightsCheck, SplitChild, Together};
use super::reply::{ReplyContent, SearchRecord};
use super::{
    agency::Succession, archiving::Retention, dates, finding::Found, gate::AcknowledgeFinding,
};
use super::{notice::NoticeKind, outcome::Outcome, paper::RecordPaperNotice, service::Slip};
use super::{recalculation::Recalculation, redaction::Redacted};

/// A step somebody wants to take on a case. All `on` dates are civil dates in Asia/Shanghai, spelt
/// `YYYY-MM-DD` and in no other way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub enum Command {
    /// Fix the receipt date of a letter, fax or mail after confirming with the applicant.
    ConfirmReceipt {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        evidence: String,
    },
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
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        #[serde(deserialize_with = "dates::deserialize")]
        until: NaiveDate,
        defects: Vec<CorrectionDefect>,
        /// Why a second round is allowed: given by the head, and looked at only then.
        #[serde(default)]
        approval: String,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// Put a notice on record that was made on paper (补录).
    RecordPaperNotice(RecordPaperNotice),
    /// The corrected application came in.
    RecordCorrection {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        text: String,
    },
    /// The notice came back or came too late: send it again with a new last day.
    RenewCorrection {
        #[serde(deserialize_with = "dates::deserialize")]
        until: NaiveDate,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// Nothing came in time.
    LapseCorrection {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        #[serde(deserialize_with = "dates::deserialize")]
        notice_served_on: NaiveDate,
        proof: String,
        /// Scan of the proof, uploaded before.
        #[serde(default)]
        proof_file: Option<FileId>,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// A limit of the applicant has passed: propose the lapse (the program itself).
    #[serde(skip)]
    ProposeLapse,
    /// Ask for reasons of a high volume.
    AskReasons(AskReasons),
    /// Reasons came in.
    RecordReasons {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        text: String,
    },
    /// Judge them.
    JudgeReasons {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        accepted: bool,
        why: String,
    },
    /// Tell a longer date.
    Defer {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        #[serde(deserialize_with = "dates::deserialize")]
        until: NaiveDate,
        why: String,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// Ask for the processing fee.
    NotifyFee(NotifyFee),
    /// The fee notice reached the applicant.
    RecordFeeService {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        proof: String,
    },
    /// It was paid.
    RecordPayment {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        amount_fen: i64,
        proof: String,
        /// Why more came than was asked; looked at only then.
        #[serde(default)]
        remark: String,
    },
    /// It was not paid in time.
    LapseFee {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        proof: String,
        #[serde(default)]
        proof_file: Option<FileId>,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// The delay was justified: the lapse is taken back.
    RevokeLapse { reason: String },
    /// A fee, or a part of it, goes back to the applicant.
    RefundFee {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        amount_fen: i64,
        why: String,
        proof: String,
    },
    /// Ask a third party or another agency.
    Consult(Consult),
    /// The letter reached them.
    RecordConsultationService {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        id: String,
    },
    /// They answered.
    RecordOpinion {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        id: String,
        position: Position,
        text: String,
        #[serde(default)]
        slip: Option<FileId>,
    },
    /// They did not.
    RecordSilence {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        id: String,
    },
    /// The letter cannot be served; stop waiting.
    AbandonConsultation {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        id: String,
        why: String,
    },
    /// List the items asked for; an earlier list is replaced.
    ListItems { items: Vec<ItemText> },
    /// Answer a question of the seven-step review.
    AnswerReview {
        item: u16,
        question: Question,
        answer: Answer,
        #[serde(default)]
        note: String,
    },
    /// Put a search on record; without an item it is one for the whole request.
    RecordSearch {
        #[serde(default)]
        item: Option<u16>,
        search: SearchRecord,
    },
    /// Decide an item.
    DecideItem { item: u16, content: Box<ReplyContent> },
    /// Review items before their release; without numbers all of them.
    ReviewRelease {
        #[serde(default)]
        items: Vec<u16>,
        finding: SecrecyFinding,
        opinion: String,
        third_party: RightsCheck,
        personal_data: RightsCheck,
    },
    /// Lay doubtful items before the competent authority.
    ReferSecrecy(ReferSecrecy),
    /// The authority answered.
    RecordSecrecyRuling {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        id: String,
        finding: SecrecyFinding,
        opinion: String,
    },
    /// Link an earlier request by its number.
    LinkRequest(LinkRequest),
    /// Move items to requests of their own.
    #[serde(skip)]
    SplitOff { children: Vec<SplitChild> },
    /// Ask no third party, for a reason on record.
    WaiveConsultation { why: String },
    /// Find that the public interest outweighs an objection, and tell the third party.
    OverrideObjection(OverrideObjection),
    /// Answer several requests in one document.
    #[serde(skip)]
    AnswerTogether { together: Together },
    /// The document that answers this request too was issued.
    #[serde(skip)]
    IssueWithLead { notice: NoticeId, number: String, content_sha256: String, authors: Vec<UserId> },
    /// Begin secrecy review.
    OpenSecrecyReview { question: String },
    /// Ask the head for more time.
    AskExtension { working_days: u16, reason: String },
    /// The head declines.
    RefuseExtension { reason: String },
    /// The head consents.
    #[serde(deserialize_with = "nothing_else")]
    ConsentExtension,
    /// Tell the applicant.
    TellExtension {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        #[serde(skip, default = "NoticeId::new")]
        notice: NoticeId,
    },
    /// Send a draft reply to the approver.
    #[serde(skip)]
    SubmitDraft { notice: NoticeId, outcome: Outcome, written: Written },
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
    RecordDispatch(Dispatch),
    /// It came back.
    #[serde(skip)]
    RecordServiceFailure { on: NaiveDate, reason: String },
    /// It reached the applicant.
    #[serde(skip)]
    RecordService { on: NaiveDate, slip: Slip },
    /// The last record of the reply's way was wrong: take it back.
    #[serde(skip)]
    RevokeService { notice: Option<(NoticeId, NoticeKind)>, reason: String },
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
    RecordNoticeDispatch { notice: NoticeId, notice_kind: NoticeKind, dispatch: Dispatch },
    /// It came back.
    #[serde(skip)]
    RecordNoticeReturn { on: NaiveDate, notice: NoticeId, notice_kind: NoticeKind, reason: String },
    /// Answer at the counter.
    AnswerOnTheSpot {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        outcome: Outcome,
        text: String,
        /// What shows it: the record that the applicant signed.
        proof: String,
    },
    /// The applicant withdraws.
    Withdraw(Withdraw),
    /// Originals pass from another unit to the disclosure office, or between officers.
    HandOver {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        from_unit: String,
        giver: String,
        receiver: String,
        what: String,
    },
    /// The agency was taken over: the case goes on with the other one (the program itself).
    #[serde(skip)]
    Succeed { on: NaiveDate, succession: Box<Succession> },
    /// An applicant with difficulty in reading, seeing or hearing was helped.
    RecordAssistance {
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        need: String,
        help: String,
    },
    /// End the request for another reason: the applicant died, or is no more.
    ProposeEnd(ProposeEnd),
    /// Confirm the end that somebody else proposed.
    ConfirmEnd(ConfirmEnd),
    /// The request goes on.
    DeclineEnd { reason: String },
    /// Close the case.
    #[serde(deserialize_with = "nothing_else")]
    Close,
    /// File it away.
    Archive {
        volume: String,
        /// 保管期限; the proposed one where nothing is said.
        #[serde(default)]
        retention: Option<Retention>,
        /// Why points are missing, or why it is kept for another time than proposed.
        #[serde(default)]
        reason: String,
    },
    /// A reconsideration or suit was announced.
    OpenRemedy(OpenRemedy),
    /// The agency's answer and evidence went to the body.
    AnswerRemedy(AnswerRemedy),
    /// It ended.
    DecideRemedy(DecideRemedy),
    /// It orders a new reply.
    Remand(Remand),
    /// A notice other than the reply got its number.
    #[serde(skip)]
    FixNotice { notice: NoticeId, notice_kind: NoticeKind, number: String, content_sha256: String },
    /// The bytes of an issued notice are frozen.
    #[serde(skip)]
    FreezeDocument { notice: NoticeId, template: String, pdf_sha256: String, docx_sha256: String },
    /// A file joins the case.
    #[serde(skip)]
    AddFile { file: FileId, name: String, sha256: String, purpose: String, item: Option<u16> },
    /// A supplied file is taken down: the applicant gets it no longer. It stays on record.
    WithdrawFile { file: FileId, reason: String },
    /// One of those answered together ended; none: this one gets a reply of its own again.
    #[serde(skip)]
    Regroup { together: Option<Together> },
    /// A supplied file was looked into for hidden data.
    #[serde(skip)]
    RecordInspection { file: FileId, rules: u16, found: Vec<Found> },
    /// A masked copy joined what is supplied.
    #[serde(skip)]
    RecordRedaction(Redacted),
    /// What was found in a supplied file may stay.
    ConfirmFindings { file: FileId, reason: String },
    /// The calendar moved the last day.
    #[serde(skip)]
    AcceptCalendar(Recalculation),
    /// Say why a finding of the gate before approval stands.
    AcknowledgeFinding(AcknowledgeFinding),
    /// A remark.
    Note { text: String },
}
