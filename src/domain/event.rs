//! The events of a request's ledger: every legal act, as it happened.
//!
//! Nothing else is stored about time. State, last day, defects, warning colour and the row of the
//! annual report are functions of this list and the calendar. Kinds shared with
//! `gongkai clock` bear the same names.

mod entry;
mod facets;
mod label;
mod parts;
mod remedies;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use super::service::ServiceMethod;
pub use entry::{Actor, Entry};
pub use parts::{
    Authentication, FeeScale, Party, Position, Registered, SecrecyFinding, SilenceEffect, Written,
};
pub use remedies::{RemedyDecided, RemedyOpened};

use super::archiving::{Point, Retention};
use super::chain::{Chain, Stage};
use super::command::CorrectionDefect;
use super::examination::{Answer, Question};
use super::gate::AcknowledgeFinding;
use super::ids::{FileId, NoticeId, RequestId, UserId};
use super::item::{EarlierRequest, ItemText, Relation, RightsCheck, SplitChild, Together};
use super::other_end::OtherEnd;
use super::recalculation::Recalculation;
use super::receipt::{Channel, ReceiptBasis};
use super::reply::{ReplyContent, SearchRecord};
use super::service::Slip;
use super::volume::{ReasonRequestClock, Volume};
use super::{agency::Succession, consultation::LetterSent, fees::FeeBill, paper::PaperNotice};
use super::{notice::NoticeKind, outcome::Outcome, proposal::Proposal, redaction::Redacted};

/// One legal act. Dates of civil life stand in [`Entry::on`]; here is the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub enum Event {
    /// Anything that asks for government information arrived.
    Filed {
        channel: Channel,
        /// Under what number, with whom, and what the application said; none in old ledgers.
        #[serde(default)]
        registered: Option<Registered>,
    },
    /// The receipt date was fixed: day zero of the clock.
    Received { basis: ReceiptBasis, evidence: String },
    /// An officer was made responsible.
    Assigned { officer: UserId, officer_name: String, reason: String },
    /// The form is in order and it is a request for government information.
    ExaminationPassed,
    /// A notice was made on paper, without the program (补录): the step it belongs to may bear its day.
    PaperNoticeRecorded(PaperNotice),
    /// 补正告知书 dispatched.
    CorrectionRequested {
        until: NaiveDate,
        defects: Vec<CorrectionDefect>,
        notice: NoticeId,
        /// Why the head allowed a second round; empty with the first, and in old ledgers.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        approval: String,
    },
    /// The correction notice went out again with a new last day.
    CorrectionRenewed { until: NaiveDate, defects: Vec<CorrectionDefect>, notice: NoticeId },
    /// The corrected application came in: new anchor.
    CorrectionReceived { text: String },
    /// Not corrected in time without good reason: treated as abandoned.
    CorrectionLapsed {
        notice_served_on: NaiveDate,
        proof: String,
        #[serde(default)]
        proof_file: Option<FileId>,
        /// 不再处理告知书; none in old ledgers.
        #[serde(default)]
        notice: Option<NoticeId>,
    },
    /// The program noticed that a limit of the applicant has passed, and proposed the lapse.
    LapseProposed { proposal: Proposal, until: Option<NaiveDate>, article: String },
    /// 说明理由告知书 dispatched.
    ReasonsRequested {
        until: NaiveDate,
        #[serde(default)]
        notice: Option<NoticeId>,
        #[serde(default)]
        clock: ReasonRequestClock,
        #[serde(default)]
        volume: Volume,
    },
    /// The applicant's reasons came in.
    ReasonsReceived {
        text: String,
        #[serde(default)]
        restart_on: Option<NaiveDate>,
    },
    /// The reasons were judged.
    ReasonsJudged {
        accepted: bool,
        why: String,
        #[serde(default)]
        restart_on: Option<NaiveDate>,
    },
    /// A longer date was told under art. 35.
    Deferred {
        until: NaiveDate,
        why: String,
        #[serde(default)]
        notice: Option<NoticeId>,
    },
    /// 收费通知 dispatched.
    FeeNotified {
        scale: FeeScale,
        amount_fen: i64,
        served_on: Option<NaiveDate>,
        /// How the amount was found; none in old ledgers.
        #[serde(default)]
        bill: Option<FeeBill>,
    },
    /// The fee notice reached the applicant: the time to pay starts after this day.
    FeeNoticeServed { proof: String },
    /// The fee was paid: new anchor.
    FeePaid {
        amount_fen: i64,
        proof: String,
        /// Whether it is held only: a part of what was asked, or come after the end. Then no limit
        /// begins.
        #[serde(default)]
        held: bool,
        /// Why more came than was asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        remark: String,
    },
    /// The delay was justified: the lapse was taken back.
    LapseRevoked { reason: String },
    /// Not paid in time: treated as abandoned.
    FeeLapsed {
        proof: String,
        #[serde(default)]
        proof_file: Option<FileId>,
        /// 不再处理告知书; none in old ledgers.
        #[serde(default)]
        notice: Option<NoticeId>,
    },
    /// A fee, or a part of it, went back to the applicant.
    FeeRefunded { amount_fen: i64, why: String, proof: String },
    /// A consultation letter was dispatched.
    ConsultationSent {
        id: String,
        party: Party,
        addressee: String,
        jointly_made: bool,
        /// The items asked about; none for the whole request, and in old ledgers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<u16>,
        /// The letter as issued; none in old ledgers.
        #[serde(default)]
        letter: Option<LetterSent>,
    },
    /// It reached its addressee.
    ConsultationServed { id: String },
    /// The answer came.
    ConsultationAnswered {
        id: String,
        position: Position,
        text: String,
        #[serde(default)]
        slip: Option<FileId>,
    },
    /// The limit passed in silence.
    ConsultationLapsed {
        id: String,
        effect: SilenceEffect,
        #[serde(default)]
        article: String,
    },
    /// The letter could not be served: the consultation ends without an opinion.
    ConsultationAbandoned { id: String, why: String },
    /// The items asked for were listed, numbered from 1; an earlier list is replaced.
    ItemsListed { items: Vec<ItemText> },
    /// A question of the seven-step review was answered for an item.
    ReviewAnswered {
        item: u16,
        question: Question,
        answer: Answer,
        #[serde(default)]
        note: String,
    },
    /// It was searched for an item, or for the whole request.
    SearchRecorded { item: Option<u16>, search: SearchRecord },
    /// An item was decided.
    ItemDecided { item: u16, content: Box<ReplyContent> },
    /// Items were reviewed before their release; no numbers: all of them.
    ReleaseReviewed {
        items: Vec<u16>,
        finding: SecrecyFinding,
        opinion: String,
        third_party: RightsCheck,
        personal_data: RightsCheck,
    },
    /// A doubtful item was laid before the competent authority.
    SecrecyReferred {
        id: String,
        items: Vec<u16>,
        authority: String,
        question: String,
        notice: NoticeId,
    },
    /// The authority answered.
    SecrecyRuled { id: String, finding: SecrecyFinding, opinion: String },
    /// An earlier request was linked.
    Linked { relation: Relation, earlier: EarlierRequest },
    /// Items went to requests of their own, with the same receipt date.
    SplitOff { children: Vec<SplitChild> },
    /// This request holds items of another one.
    SplitFrom { request: RequestId, number: String, items: Vec<u16> },
    /// No third party was asked, for a reason on record.
    ConsultationWaived { why: String },
    /// The head found that the public interest outweighs an objection. Source: 条例 art. 15, 32.
    ObjectionOverridden { id: String, disclosed: String, why: String, notice: NoticeId },
    /// Several requests are answered in one document; the earliest of their limits governs.
    AnsweredTogether { together: Together },
    /// Secrecy review was begun.
    SecrecyReviewOpened { question: String },
    /// Secrecy review ended.
    SecrecyReviewed { finding: SecrecyFinding, opinion: String },
    /// An officer asked the head for an extension.
    ExtensionAsked { working_days: u16, reason: String },
    /// The head declined.
    ExtensionRefused { reason: String },
    /// The head of the disclosure office consented.
    ExtensionConsented { working_days: u16, reason: String },
    /// The extension was told to the applicant.
    Extended { working_days: u16, reason: String, notice: NoticeId },
    /// A draft reply went to the approver.
    DraftSubmitted {
        notice: NoticeId,
        outcome: Outcome,
        #[serde(default)]
        chain: Chain,
        #[serde(flatten)]
        written: Written,
    },
    /// The author took it back.
    DraftRecalled { notice: NoticeId },
    /// The approver sent it back.
    DraftReturned {
        notice: NoticeId,
        reason: String,
        #[serde(default)]
        stage: Option<Stage>,
    },
    /// A step of its chain was taken.
    DraftApproved {
        notice: NoticeId,
        /// Which; the head's where nothing is said.
        #[serde(default)]
        stage: Option<Stage>,
        #[serde(default)]
        on_behalf_of: Option<UserId>,
    },
    /// Number, date and text were fixed.
    Issued { notice: NoticeId, outcome: Outcome, number: String, content_sha256: String },
    /// A notice other than the reply was issued.
    NoticeIssued {
        notice: NoticeId,
        notice_kind: NoticeKind,
        number: String,
        content_sha256: String,
    },
    /// The bytes of an issued notice were frozen.
    Rendered { notice: NoticeId, template: String, pdf_sha256: String, docx_sha256: String },
    /// The reply left the agency.
    Dispatched {
        notice: NoticeId,
        method: ServiceMethod,
        tracking: String,
        #[serde(default)]
        slip: Slip,
    },
    /// The reply was complete in time's sense: posted, signed for, arrived.
    Replied { notice: Option<NoticeId>, outcome: Outcome },
    /// It came back.
    ServiceFailed { notice: NoticeId, reason: String },
    /// It reached the applicant.
    Served {
        notice: NoticeId,
        method: ServiceMethod,
        #[serde(default)]
        slip: Slip,
    },
    /// The last record of the reply's way was wrong and was taken back.
    ServiceRevoked { notice: NoticeId, reason: String },
    /// So was that of another notice.
    NoticeServiceRevoked { notice: NoticeId, notice_kind: NoticeKind, reason: String },
    /// Another notice left the agency.
    NoticeDispatched {
        notice: NoticeId,
        notice_kind: NoticeKind,
        method: ServiceMethod,
        tracking: String,
        slip: Slip,
    },
    /// It came back.
    NoticeReturned { notice: NoticeId, notice_kind: NoticeKind, reason: String },
    /// Another notice reached the applicant.
    NoticeServed {
        notice: NoticeId,
        notice_kind: NoticeKind,
        method: ServiceMethod,
        #[serde(default)]
        slip: Slip,
    },
    /// Answered at the counter at once. Source: 条例 art. 33 ¶1.
    AnsweredOnTheSpot {
        outcome: Outcome,
        text: String,
        /// What shows it; empty in old ledgers.
        #[serde(default)]
        proof: String,
    },
    /// Withdrawn by the applicant.
    Withdrawn {
        statement: String,
        #[serde(default)]
        authentication: Option<Authentication>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof_file: Option<FileId>,
    },
    /// An end without the applicant's will was proposed; somebody else confirms it.
    EndProposed(OtherEnd),
    /// It was not confirmed: the request goes on.
    EndDeclined { reason: String },
    /// Ended without the applicant's will, and closed with it.
    EndedOtherwise(OtherEnd),
    /// Originals passed from one hand to another inside the agency.
    HandedOver { from_unit: String, giver: String, receiver: String, what: String },
    /// The agency was taken over by another, which goes on with the case; no date changes.
    /// Source: 行政诉讼法 art. 26 ¶6 by analogy (whoever goes on with the functions answers).
    Succeeded { succession: Succession },
    /// An applicant with difficulty in reading or writing was helped.
    Assisted { need: String, help: String },
    /// Result category chosen, evidence complete.
    Closed { outcome: Outcome },
    /// Filed away: for how long (保管期限), and what the case did not have, acknowledged for a reason.
    Archived {
        volume: String,
        #[serde(default)]
        retention: Option<Retention>,
        #[serde(default)]
        missing: Vec<Point>,
        #[serde(default)]
        reason: String,
    },
    /// Reconsideration or suit was announced to the agency.
    RemedyOpened(RemedyOpened),
    /// The agency answered the reviewing body.
    RemedyAnswered { id: String, document: String, evidence: String },
    /// It ended.
    RemedyDecided(RemedyDecided),
    /// A new reply was ordered, with its own allowance.
    Remanded {
        working_days: u16,
        decision: String,
        #[serde(default)]
        remedy: String,
    },
    /// The calendar changed and with it the last day.
    CalendarChanged(Recalculation),
    /// An issued number was voided; it stays used.
    NumberVoided { number: String, reason: String },
    /// A file was added as attachment or evidence, or to be supplied.
    FileAdded {
        file: FileId,
        name: String,
        sha256: String,
        purpose: String,
        #[serde(default)]
        item: Option<u16>,
    },
    /// A file that was to be supplied is no longer handed out.
    FileWithdrawn { file: FileId, reason: String },
    /// Somebody said why a finding of the gate before approval stands.
    FindingAcknowledged(AcknowledgeFinding),
    /// One of those answered together ended; none: this one gets a reply of its own again.
    TogetherChanged { together: Option<Together> },
    /// A file that is to be supplied was looked into for hidden data.
    FileInspected { file: FileId, rules: u16, found: Vec<super::finding::Found> },
    /// What was found may stay, as somebody else than its author says.
    FindingsConfirmed { file: FileId, reason: String },
    /// A masked copy joined what is supplied.
    FileRedacted(Redacted),
    /// A remark for the file.
    Noted { text: String },
}
