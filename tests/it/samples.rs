//! One case in every state and one sample of every command and event, complete by comparison
//! with the lists in the source.

mod service;

use gongkai::domain::case::Case;
use gongkai::domain::chain::{Chain, Stage};
use gongkai::domain::command::{
    Command, CorrectionDefect, DefectKind, RemedyKindOpened, RemedyResult,
};
use gongkai::domain::event::SilenceEffect;
use gongkai::domain::event::{
    Authentication, Event, FeeScale, Party, Position, SecrecyFinding, ServiceMethod,
};
use gongkai::domain::ids::FileId;
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::receipt::{Channel, ReceiptBasis};
use gongkai::domain::state::State;
use uuid::Uuid;

use crate::story::{Story, assign, day, issue, notice, officer, reviewed, slip};

fn words(text: &str) -> String {
    text.to_owned()
}

pub fn defects() -> Vec<CorrectionDefect> {
    vec![CorrectionDefect {
        kind: DefectKind::Content, guidance: words("请写明文件名称或者文号")
    }]
}

/// A command of the kind `action`, entered on `on`, with input that suits [`case_in`].
pub fn command(action: Action, on: &str) -> Command {
    let on = day(on);
    let until = on + chrono::Days::new(10);
    match action {
        Action::ConfirmReceipt => Command::ConfirmReceipt { on, evidence: words("电话确认") },
        Action::Assign => assign(),
        Action::PassExamination => Command::PassExamination,
        Action::AskCorrection => {
            Command::AskCorrection { on, until, defects: defects(), notice: notice(2) }
        }
        Action::RecordCorrection => Command::RecordCorrection { on, text: words("补正如下") },
        Action::LapseCorrection => {
            Command::LapseCorrection {
                on, notice_served_on: day("03-04"), proof: words("EMS回执")
            }
        }
        Action::AskReasons => Command::AskReasons { on, until },
        Action::RecordReasons => Command::RecordReasons { on, text: words("研究需要") },
        Action::JudgeReasons => {
            Command::JudgeReasons { on, accepted: true, why: words("理由合理") }
        }
        Action::Defer => {
            Command::Defer { on, until: day("2026-06-30"), why: words("数量较多") }
        }
        Action::NotifyFee => {
            Command::NotifyFee { on, scale: FeeScale::Pages, amount_fen: 38_000, served_on: None }
        }
        Action::RecordFeeService => Command::RecordFeeService { on, proof: words("EMS回执") },
        Action::RecordPayment => {
            Command::RecordPayment { on, amount_fen: 38_000, proof: words("缴款书") }
        }
        Action::LapseFee => Command::LapseFee { on, proof: words("EMS回执") },
        Action::Consult => Command::Consult {
            on,
            id: words("new"),
            party: Party::ThirdParty,
            addressee: words("某公司"),
            jointly_made: false,
        },
        Action::RecordConsultationService => {
            Command::RecordConsultationService { on, id: words("c") }
        }
        Action::RecordOpinion => Command::RecordOpinion {
            on,
            id: words("c"),
            position: Position::Agrees,
            text: words("同意"),
        },
        Action::RecordSilence => Command::RecordSilence { on, id: words("c") },
        Action::AbandonConsultation => {
            Command::AbandonConsultation { on, id: words("c"), why: words("查无此人") }
        }
        Action::OpenSecrecyReview => {
            Command::OpenSecrecyReview { question: words("附件二是否涉密") }
        }
        Action::RecordSecrecyReview => reviewed(),
        Action::AskExtension => {
            Command::AskExtension { working_days: 20, reason: words("检索量大") }
        }
        Action::RefuseExtension => Command::RefuseExtension { reason: words("理由不足") },
        Action::ConsentExtension => Command::ConsentExtension,
        Action::TellExtension => Command::TellExtension { on, notice: notice(3) },
        Action::SubmitDraft => Command::SubmitDraft { notice: notice(1), outcome: Outcome::G2 },
        Action::RecallDraft => Command::RecallDraft { notice: notice(1) },
        Action::ReturnDraft => {
            Command::ReturnDraft { notice: notice(1), reason: words("请补充理由") }
        }
        Action::ApproveDraft => Command::ApproveDraft { notice: notice(1) },
        Action::Issue => issue(1),
        Action::VoidNumber => {
            Command::VoidNumber { notice: notice(1), reason: words("文号有误") }
        }
        Action::RecordDispatch => Command::RecordDispatch {
            on,
            method: ServiceMethod::Ems,
            tracking: words("EMS 1234567890"),
            slip: slip(),
            photo: false,
        },
        Action::RecordServiceFailure => {
            Command::RecordServiceFailure { on, reason: words("查无此人") }
        }
        Action::RecordService => Command::RecordService { on, slip: slip() },
        Action::RecordNoticeService => Command::RecordNoticeService {
            on,
            notice: notice(2),
            notice_kind: NoticeKind::Correction,
            method: ServiceMethod::Ems,
            slip: slip(),
        },
        Action::RecordNoticeDispatch
        | Action::RecordNoticeReturn
        | Action::HandOver
        | Action::RecordAssistance => service::command(action, on),
        Action::AnswerOnTheSpot => Command::AnswerOnTheSpot {
            on,
            outcome: Outcome::G1,
            text: words("已在公报2026年第1期公开"),
        },
        Action::Withdraw => Command::Withdraw {
            on,
            statement: words("本人撤回申请"),
            authentication: Some(Authentication::Signed),
        },
        Action::Close => Command::Close,
        Action::Archive => Command::Archive { volume: words("2026-永久-001") },
        Action::OpenRemedy => Command::OpenRemedy {
            on,
            id: words("宁复〔2026〕9号"),
            remedy: RemedyKindOpened::Reconsideration,
            body: words("宁安县人民政府"),
        },
        Action::DecideRemedy => {
            Command::DecideRemedy { on, id: words("r"), result: RemedyResult::Corrected }
        }
        Action::Remand => {
            Command::Remand { on, working_days: 20, decision: words("宁复决〔2026〕9号") }
        }
        Action::FixNotice => Command::FixNotice {
            notice: notice(2),
            notice_kind: NoticeKind::Correction,
            number: words("宁财依告〔2026〕第1号"),
            content_sha256: "0".repeat(64),
        },
        Action::FreezeDocument => Command::FreezeDocument {
            notice: notice(2),
            template: words("correction@1"),
            pdf_sha256: "1".repeat(64),
            docx_sha256: "2".repeat(64),
        },
        Action::AddFile => Command::AddFile {
            file: FileId(Uuid::from_u128(9)),
            name: words("申请表.pdf"),
            sha256: "3".repeat(64),
            purpose: words("申请材料"),
        },
        Action::AcceptCalendar => Command::AcceptCalendar {
            old_due_on: Some(day("03-30")),
            new_due_on: Some(day("03-31")),
            version: words("2008-2027.00000000"),
        },
        Action::Note => Command::Note { text: words("申请人来电询问进度") },
    }
}

/// The canonical case of every state. All began on Monday 2026-03-02 and stand on 2026-03-20, the
/// 14th working day of 20.
pub fn case_in(state: State) -> Story {
    let c = |action| command(action, "03-03");
    let processing = || Story::in_processing("03-02").on("03-03");
    let consulting = |party| {
        processing().does(Command::Consult {
            on: day("03-03"),
            id: words("c"),
            party,
            addressee: words("某单位"),
            jointly_made: party == Party::Agency,
        })
    };
    let remedy = || Command::OpenRemedy {
        on: day("03-03"),
        id: words("r"),
        remedy: RemedyKindOpened::Reconsideration,
        body: words("宁安县人民政府"),
    };
    let examining = || Story::received("03-02").by_officer().does(assign()).on("03-03");
    let posted = || Story::issued("03-02", Outcome::G2).on("03-03").does(c(Action::RecordDispatch));
    let served = || posted().does(c(Action::RecordService));
    let story = match state {
        State::Received => only_filed(),
        State::AwaitingConfirmation => Story::arrived(Channel::OrdinaryPost, "03-02", false),
        State::Registered => Story::received("03-02"),
        State::Examining => examining(),
        State::CorrectionPending => examining().does(c(Action::AskCorrection)),
        State::ReasonPending => examining().does(c(Action::AskReasons)),
        State::FeePending => processing().does(c(Action::NotifyFee)),
        State::Processing => processing(),
        State::Deferred => examining()
            .does(c(Action::AskReasons))
            .does(c(Action::JudgeReasons))
            .does(c(Action::Defer)),
        State::ThirdPartyPending => consulting(Party::ThirdParty),
        State::AgencyPending => consulting(Party::Agency),
        State::SecrecyReview => processing().does(c(Action::OpenSecrecyReview)),
        State::ExtensionPending => processing().does(c(Action::AskExtension)),
        State::Approval => processing().does(reviewed()).does(c(Action::SubmitDraft)),
        State::Issued => Story::issued("03-02", Outcome::G2),
        State::Dispatched => posted(),
        State::ServiceFailed => posted().does(c(Action::RecordServiceFailure)),
        State::Served => served(),
        State::Withdrawn => processing().does(c(Action::Withdraw)),
        State::CorrectionLapsed => examining()
            .does(c(Action::AskCorrection))
            .on("03-20")
            .does(command(Action::LapseCorrection, "03-20")),
        State::FeeLapsed => processing()
            .does(c(Action::NotifyFee))
            .does(c(Action::RecordFeeService))
            .on("04-20")
            .does(command(Action::LapseFee, "04-20")),
        State::Closed => served().does(Command::Close),
        State::UnderRemedy => served().does(Command::Close).does(remedy()),
        State::Archived => served().does(Command::Close).does(c(Action::Archive)),
    };
    assert_eq!(story.state(), state, "the canonical case of {state}");
    let late = if state == State::FeeLapsed { "04-20" } else { "03-20" };
    story.on(late).by_head()
}

/// State 10 lasts no longer than a decision: only a ledger cut short shows it.
fn only_filed() -> Story {
    let mut story = Story::received("03-02");
    story.ledger.truncate(1);
    story.case =
        Case::replay(gongkai::domain::calendar::Calendar::built_in(), &story.ledger).unwrap();
    story
}

/// One event of every kind.
pub fn events() -> Vec<Event> {
    let all_notices = [notice(1), notice(2)];
    let [reply, other] = all_notices;
    vec![
        Event::Filed { channel: Channel::Fax },
        Event::Received { basis: ReceiptBasis::Confirmed, evidence: words("电话") },
        Event::Assigned {
            officer: officer(), officer_name: words("李明"), reason: words("轮值")
        },
        Event::ExaminationPassed,
        Event::CorrectionRequested { until: day("03-20"), defects: defects(), notice: other },
        Event::CorrectionReceived { text: words("补正") },
        Event::CorrectionLapsed { notice_served_on: day("03-04"), proof: words("回执") },
        Event::ReasonsRequested { until: day("03-20") },
        Event::ReasonsReceived { text: words("研究") },
        Event::ReasonsJudged { accepted: false, why: words("不合理") },
        Event::Deferred { until: day("05-20"), why: words("量大") },
        Event::FeeNotified {
            scale: FeeScale::Items,
            amount_fen: 140_000,
            served_on: Some(day("03-05")),
        },
        Event::FeeNoticeServed { proof: words("回执") },
        Event::FeePaid { amount_fen: 140_000, proof: words("缴款书") },
        Event::FeeLapsed { proof: words("回执") },
        Event::ConsultationSent {
            id: words("c"),
            party: Party::Agency,
            addressee: words("某局"),
            jointly_made: true,
        },
        Event::ConsultationServed { id: words("c") },
        Event::ConsultationAnswered {
            id: words("c"),
            position: Position::Objects,
            text: words("不同意"),
        },
        Event::ConsultationLapsed { id: words("c"), effect: SilenceEffect::DeemedConsent },
        Event::ConsultationAbandoned { id: words("c"), why: words("查无此人") },
        Event::SecrecyReviewOpened { question: words("附件") },
        Event::SecrecyReviewed { finding: SecrecyFinding::Partly, opinion: words("部分") },
        Event::ExtensionAsked { working_days: 10, reason: words("量大") },
        Event::ExtensionRefused { reason: words("不足") },
        Event::ExtensionConsented { working_days: 10, reason: words("量大") },
        Event::Extended { working_days: 10, reason: words("量大"), notice: other },
        Event::DraftSubmitted { notice: reply, outcome: Outcome::U1, chain: Chain::default() },
        Event::DraftRecalled { notice: reply },
        Event::DraftReturned { notice: reply, reason: words("重写"), stage: Some(Stage::Legal) },
        Event::DraftApproved {
            notice: reply,
            stage: Some(Stage::Office),
            on_behalf_of: Some(officer()),
        },
        Event::Issued {
            notice: reply,
            outcome: Outcome::U1,
            number: words("号"),
            content_sha256: words("00"),
        },
        Event::NoticeIssued {
            notice: other,
            notice_kind: NoticeKind::Correction,
            number: words("号"),
            content_sha256: words("00"),
        },
        Event::Rendered {
            notice: reply,
            template: words("reply_u1@1"),
            pdf_sha256: words("11"),
            docx_sha256: words("22"),
        },
        Event::Dispatched {
            notice: reply,
            method: ServiceMethod::Registered,
            tracking: words("XA1"),
            slip: slip(),
        },
        Event::Replied { notice: Some(reply), outcome: Outcome::U1 },
        Event::ServiceFailed { notice: reply, reason: words("拒收") },
        Event::Served { notice: reply, method: ServiceMethod::Registered, slip: slip() },
        Event::NoticeDispatched {
            notice: other,
            notice_kind: NoticeKind::Correction,
            method: ServiceMethod::Registered,
            tracking: words("XA2"),
            slip: slip(),
        },
        Event::NoticeReturned {
            notice: other,
            notice_kind: NoticeKind::Correction,
            reason: words("查无此人"),
        },
        Event::NoticeServed {
            notice: other,
            notice_kind: NoticeKind::Correction,
            method: ServiceMethod::Ems,
            slip: slip(),
        },
        Event::AnsweredOnTheSpot { outcome: Outcome::G1, text: words("公报") },
        Event::Withdrawn {
            statement: words("撤回"), authentication: Some(Authentication::Signed)
        },
        Event::HandedOver {
            from_unit: words("收发室"),
            giver: words("张华"),
            receiver: words("李明"),
            what: words("申请表原件"),
        },
        Event::Assisted { need: words("听力障碍"), help: words("书面沟通") },
        Event::Closed { outcome: Outcome::U1 },
        Event::Archived { volume: words("卷1") },
        Event::RemedyOpened {
            id: words("r"), remedy: RemedyKindOpened::Suit, body: words("法院")
        },
        Event::RemedyDecided { id: words("r"), result: RemedyResult::Upheld },
        Event::Remanded { working_days: 15, decision: words("判决") },
        Event::CalendarChanged {
            old_due_on: None,
            new_due_on: Some(day("03-31")),
            version: words("v"),
        },
        Event::NumberVoided { number: words("号"), reason: words("误") },
        Event::FileAdded {
            file: FileId(Uuid::from_u128(9)),
            name: words("表"),
            sha256: words("33"),
            purpose: words("申请"),
        },
        Event::Noted { text: words("备注") },
    ]
}
