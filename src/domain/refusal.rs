//! Why a step is refused: a stable code, the sentence people read, the article behind it.

mod answered;
mod facets;
mod ground;
mod outgoing;
mod paper;
mod remedy;

use chrono::NaiveDate;

pub use answered::AnsweredRefusal;
pub use ground::GroundRefusal;
pub use outgoing::OutgoingRefusal;
pub use paper::PaperRefusal;
pub use remedy::RemedyRefusal;

use super::calendar::YEARS;
use super::clock::{ClockRefusal, RefusalReason};
use super::{complaint::ComplaintState, event::FeeScale, item::RightsCheck, rating::RatingState};
use super::{receipt::ReceiptError, record_correction::RecordState, state::State};

/// A step the law or the procedure does not allow. Nothing has been written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The step does not belong to the state.
    #[error("当前状态为“{}”，不能{action}", .from.label())]
    WrongState {
        /// Where the request stands.
        from: State,
        /// The step, in words.
        action: &'static str,
    },
    /// A date lies in the future; what has not happened cannot be recorded.
    #[error("日期{on}晚于今天，不能记录尚未发生的事项")]
    InFuture {
        /// The field.
        field: &'static str,
        /// The date entered.
        on: NaiveDate,
    },
    /// A date lies before the event it must follow.
    #[error("日期{on}早于{after}（{what}）")]
    TooEarly {
        /// The field.
        field: &'static str,
        /// The date entered.
        on: NaiveDate,
        /// The date it must not precede.
        after: NaiveDate,
        /// What happened then.
        what: &'static str,
    },
    /// A notice with a day of its own, or a finding of the gate before approval.
    #[error(transparent)]
    Paper(#[from] PaperRefusal),
    /// About a reconsideration or suit.
    #[error(transparent)]
    Remedy(#[from] RemedyRefusal),
    /// A date outside the years that can be counted.
    #[error("日期{on}超出可计算的年份范围（{}年至{}年）", YEARS.start(), YEARS.end())]
    OutsideCalendar {
        /// The field.
        field: &'static str,
        /// The date entered.
        on: NaiveDate,
    },
    /// A step after the answer: on what was withheld, on what is published.
    #[error(transparent)]
    Answered(#[from] AnsweredRefusal),
    /// An agency's own wording.
    #[error(transparent)]
    Edition(#[from] super::edition::EditionRefusal),
    /// A file that is to go out.
    #[error(transparent)]
    Outgoing(#[from] OutgoingRefusal),
    /// The record does not bear the step.
    #[error(transparent)]
    Ground(#[from] GroundRefusal),
    /// The statutory clock does not allow it.
    #[error("{}", .0.reason)]
    Clock(ClockRefusal),
    /// No receipt date can be fixed.
    #[error("{0}")]
    Receipt(#[from] ReceiptError),
    /// The step that confirms a receipt names a date or proof that does not stand.
    #[error("{0}")]
    Confirmation(ReceiptError),
    /// The applicant still has time to correct.
    #[error("补正期限至{until}，尚未届满，不能按逾期不补正处理")]
    CorrectionStillOpen {
        /// Last day to correct.
        until: NaiveDate,
    },
    /// The applicant still has time to pay.
    #[error("缴费期限至{until}，尚未届满，不能按逾期不缴费处理")]
    PaymentStillOpen {
        /// Last day to pay.
        until: NaiveDate,
    },
    /// The applicant still has time to give reasons.
    #[error("说明理由的期限至{until}，尚未届满，申请人也尚未说明理由，不能认定理由不成立")]
    ReasonsStillOpen {
        /// Last day to give reasons.
        until: NaiveDate,
    },
    /// The other side still has time to answer.
    #[error("征求意见的答复期限至{until}，尚未届满")]
    ConsultationStillOpen {
        /// Last day to answer.
        until: NaiveDate,
    },
    /// A letter cannot have come after its answer.
    #[error("征求意见函的送达日期{on}晚于收到反馈意见之日{answered_on}")]
    ServedAfterAnswer {
        /// The day entered.
        on: NaiveDate,
        /// The day of the answer.
        answered_on: NaiveDate,
    },
    /// A third party objects, and nobody has found that the public interest outweighs it.
    #[error(
        "第三方“{0}”不同意公开：公开须先认定不公开会对公共利益造成重大影响，并书面告知该第三方"
    )]
    ObjectionStands(String),
    /// A third party's interest is the ground, but it was not heard.
    #[error("以保护第三方合法权益为由不予公开，须先书面征求第三方意见，或者记录不征求意见的理由")]
    ConsultationMissing,
    /// More is asked than the scale allows.
    #[error("收费不能超过依法计算的金额：按所列事项最多还可收取{}元", .lawful_fen / 100)]
    FeeAboveLawful {
        /// The most that may still be asked, in 分.
        lawful_fen: i64,
    },
    /// Both scales on one request.
    #[error("同一申请已经{}收费，不能再{}收费", .first.label(), .second.label())]
    FeeScalesMixed {
        /// The scale of the earlier notice.
        first: FeeScale,
        /// The scale asked for now.
        second: FeeScale,
    },
    /// More is given back than was paid.
    #[error("退费不能超过已缴金额：最多可退{}元", .paid_fen / 100)]
    RefundAbovePaid {
        /// What was paid and not yet given back, in 分.
        paid_fen: i64,
    },
    /// Nobody can say when the notice reached the applicant: a lapse would not stand.
    #[error("没有送达凭证，期限无从起算：请先登记{0}的送达情况")]
    ServiceUnproved(&'static str),
    /// One correction round is the rule.
    #[error("已要求补正一次；再次要求补正须经政府信息公开工作机构负责人同意并说明理由")]
    SecondCorrection,
    /// No correction once the search has begun and the time for asking is over.
    #[error("补正通知期限{0}已过且申请已进入办理，不能再要求补正")]
    CorrectionDuringProcessing(NaiveDate),
    /// The extension has not been consented to.
    #[error("延期须先经政府信息公开工作机构负责人同意")]
    ConsentMissing,
    /// Reasons asked for until after the agency's own last day.
    #[error("说明理由的期限{until}晚于答复期限{limit}：答复期限不因要求说明理由而中止，请提前")]
    ReasonsBeyondLimit {
        /// The last day that was to be told.
        until: NaiveDate,
        /// The last day to reply.
        limit: NaiveDate,
    },
    /// The limit that a decision or judgment sets is not the agency's to lengthen.
    #[error("责令重新答复的期限由复议决定、判决确定，行政机关不能自行延长")]
    RemandLimitFixed,
    /// The person who wrote it may not approve it.
    #[error("拟稿人不能审批自己的文稿")]
    OwnDraft,
    /// The draft waits for somebody else's step of the chain.
    #[error("文稿现由“{0}”办理，不是您的审批环节")]
    NotYourStep(&'static str),
    /// One person, two steps of a chain.
    #[error("审批链中的两个环节不能由同一人办理：您已办理过“{0}”")]
    SameApprover(&'static str),
    /// Only the author takes a draft back.
    #[error("只有拟稿人可以撤回文稿；其他人请退回修改并说明理由")]
    NotOwnDraft,
    /// A draft of another notice is with the approvers.
    #[error("这份文稿不在审批中")]
    NotTheDraft,
    /// Release without review.
    #[error("提供信息前须先完成保密审查并记录结论")]
    SecrecyReviewMissing,
    /// The review found that the information may not be released as the draft says.
    #[error("保密审查结论不允许按此公开")]
    SecrecyReviewForbids,
    /// A file joined what is supplied after the review.
    #[error("拟提供的文件“{0}”加入后未经逐项保密审查，请审查后再办理")]
    SuppliedUnreviewed(String),
    /// No file that is supplied.
    #[error("本申请拟提供的信息中没有这个文件，或者已经撤下")]
    NotSupplied,
    /// The person who wrote the reply reviewed its release.
    #[error("保密审查人不能审查自己拟稿的答复，请由其他人员审查")]
    OwnSecrecyReview,
    /// The rights of somebody forbid the release.
    #[error("审查认定涉及第三方权益或者个人信息，不得公开，不能提供")]
    RightsForbid,
    /// What is said of a third party is not on record.
    #[error("结论为“{}”，但没有征求第三方意见的相应记录，请先征求意见并登记答复、期满未答复或者公共利益决定", .0.label())]
    ThirdPartyUnheard(RightsCheck),
    /// Reviewed for secrecy only, not for the rights of others.
    #[error("只有保密审查结论，尚未审查第三方权益和个人信息，请用“逐项保密审查”登记后再提供")]
    RightsUnreviewed,
    /// The competent authority has not answered yet.
    #[error("送审的事项尚未收到主管部门或者保密行政管理部门的答复，不能提供")]
    SecrecyReferralOpen,
    /// The competent authority found otherwise.
    #[error("主管部门或者保密行政管理部门的审查结论是“{0}”，本机关不能作出更宽的结论")]
    SecrecyRulingForbids(&'static str),
    /// No such item.
    #[error("本申请没有第{0}项")]
    UnknownItem(u16),
    /// Items without outcome.
    #[error("还有事项没有确定处理结果：第{0}项")]
    ItemsUndecided(String),
    /// The reply's outcome is not what its items amount to.
    #[error("各事项的处理结果合计为“{0}”，与拟作出的答复不一致")]
    OutcomeContradictsItems(&'static str),
    /// "Does not exist" without a search on record.
    #[error(
        "没有未检索到相关信息的检索记录，不能答复信息不存在：请先登记检索的系统、关键词、人员、时间和结果"
    )]
    SearchMissing,
    /// An answer that belongs to another question.
    #[error("“{answer}”不是“{question}”的答案")]
    AnswerUnfit {
        /// The answer.
        answer: &'static str,
        /// The question.
        question: &'static str,
    },
    /// The content of an item lacks something.
    #[error("{message}")]
    ItemContent {
        /// The field.
        field: &'static str,
        /// Its code.
        code: &'static str,
        /// What is wrong, in Chinese.
        message: String,
    },
    /// A split that leaves nothing, or takes the same twice.
    #[error("拆分应当为原申请至少保留一个事项，每个事项只能归入一件申请")]
    SplitUnfit,
    /// A split while others are asked or after a remedy.
    #[error("征求意见、送审、延期审批期间以及进入复议、诉讼后，不能拆分申请")]
    SplitTooLate,
    /// Electronic service without the applicant's consent.
    #[error("申请人没有同意电子送达，请改用其他送达方式")]
    ElectronicConsentMissing,
    /// A notice cannot come back that is not on its way.
    #[error("这份文书没有尚未送达的发出记录，请先登记发出")]
    NotUnderWay,
    /// A courier other than the postal enterprise.
    #[error("答复书等文书只能通过邮政企业寄送，不得交由其他快递企业；请改用邮政EMS或者挂号信")]
    CourierRefused,
    /// A withdrawal that nothing shows to be the applicant's.
    #[error(
        "请注明撤回声明的核验方式：书面签名、窗口笔录签名或者核验身份并录音；仅口头、电话同意不能撤回"
    )]
    WithdrawalUnauthenticated,
    /// A step on an application for correction of a record that does not belong to its state.
    #[error("更正申请当前状态为“{}”，不能{step}", .from.label())]
    WrongRecordState {
        /// Where it stands.
        from: RecordState,
        /// The step, in words.
        step: &'static str,
    },
    /// A step on a rating that does not belong to where its handling stands.
    #[error("该评价当前状态为“{}”，不能{step}", .from.label())]
    WrongRatingState {
        /// Where it stands.
        from: RatingState,
        /// The step, in words.
        step: &'static str,
    },
    /// A request is rated before it came to an end.
    #[error("申请尚在办理，答复发出或者办结后可以评价")]
    RatingNotYet,
    /// Somebody dismisses a bad rating of their own work.
    #[error("该申请由您承办，不能由您认定差评不属实或者恶意，请由其他负责人核实")]
    OwnRating,
    /// A step on a complaint that does not belong to its state.
    #[error("投诉当前状态为“{}”，不能{step}", .from.label())]
    WrongComplaintState {
        /// Where it stands.
        from: ComplaintState,
        /// The step, in words.
        step: &'static str,
    },
    /// A complaint that proved true without measure, or one that did not with one.
    #[error("认定为“{0}”的投诉，处理措施不相符：属实的应当督促整改或者通报批评，不属实的无需处理")]
    MeasureUnfit(&'static str),
    /// A finding against or for an agency that was not asked.
    #[error("认定是否属实之前，应当先要求被投诉机关说明情况")]
    AgencyUnheard,
    /// Consultations are still running.
    #[error("仍有征求意见未办结")]
    ConsultationOpen,
    /// An outcome that is no reply on the substance.
    #[error("“{0}”不以答复书方式作出")]
    NoReplyOutcome(&'static str),
    /// The outcome contradicts the ledger.
    #[error("案卷中没有{0}，不能作出这种答复")]
    NotOnRecord(&'static str),
    /// An outcome whose remedies must be told in writing.
    #[error("“{0}”应当书面作出并告知救济途径，不能当场口头答复")]
    WrittenReplyNeeded(&'static str),
    /// A reconsideration or suit is still running.
    #[error("行政复议或者行政诉讼尚未办结，不能归档")]
    RemedyOpen,
    /// No such remedy in the case.
    #[error("本申请没有案号为“{0}”的复议、诉讼")]
    UnknownRemedy(String),
    /// A way of ending that counts in another column of table four.
    #[error("“{ending}”在年度报告中计入“{result}”，与填写的结果不一致")]
    EndingUnfit {
        /// The way.
        ending: &'static str,
        /// The column it counts in.
        result: &'static str,
    },
    /// The name is already taken within the case.
    #[error("{label}“{value}”已经登记过")]
    Duplicate {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
        /// What was entered.
        value: String,
    },
    /// The case cannot be closed while its evidence is incomplete.
    #[error("办结前还缺：{0}")]
    EvidenceMissing(&'static str),
    /// The case must not be archived yet.
    #[error("现在不能归档：{0}")]
    ArchiveBlocked(String),
    /// The case is incomplete and nobody has said why.
    #[error("归档前还缺：{0}。请补齐；确实无法补齐的，请说明理由")]
    ClosingIncomplete(String),
    /// A required text is empty.
    #[error("请填写{label}")]
    TextMissing {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
    },
    /// A text that no notice could hold.
    #[error("{label}不能超过{max}个字")]
    TextTooLong {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
        /// Most characters.
        max: usize,
    },
    /// A text with characters that cannot be printed.
    #[error("{label}中有无法显示的字符，请删除后重填")]
    ControlCharacters {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
    },
    /// A number outside its legal range.
    #[error("{label}应在{min}至{max}之间")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// Its name in Chinese.
        label: &'static str,
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
}

impl From<ClockRefusal> for Refusal {
    fn from(refusal: ClockRefusal) -> Self {
        Self::Clock(refusal)
    }
}

impl From<RefusalReason> for Refusal {
    fn from(reason: RefusalReason) -> Self {
        Self::Clock(ClockRefusal { reason, event: None })
    }
}
