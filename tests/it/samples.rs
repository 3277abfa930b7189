//! One case in every state and one sample of every command and event, complete by comparison
//! with the lists in the source.

mod events;
mod items;
pub mod remedies;
mod service;

use gongkai::domain::case::Case;
use gongkai::domain::command::{
    AskReasons, Command, ConfirmEnd, Consult, CorrectionDefect, DefectKind, Dispatch, NotifyFee,
    OverrideObjection, ProposeEnd, Withdraw,
};
use gongkai::domain::consultation::{AgencyClock, Letter};
use gongkai::domain::event::{Authentication, FeeScale, Party, Position, ServiceMethod, Written};
use gongkai::domain::finding::{FindingKind, Found};
use gongkai::domain::gate::{AcknowledgeFinding, DraftFindingKind};
use gongkai::domain::ids::FileId;
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::other_end::EndGround;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::paper::RecordPaperNotice;
use gongkai::domain::policy::Action;
use gongkai::domain::recalculation::Recalculation;
use gongkai::domain::receipt::Channel;
use gongkai::domain::redaction::{Ground, MaskCount, Redacted};
use gongkai::domain::state::State;
use gongkai::domain::volume::{PeriodCount, ReasonRequestClock, Volume, VolumeItem};
use uuid::Uuid;

pub use events::events;
pub use items::{content, items, released, search};

use crate::story::{Story, assign, day, issue, notice, reviewed, slip};

fn words(text: &str) -> String {
    text.to_owned()
}

fn volume() -> Volume {
    Volume {
        periods: vec![PeriodCount { since: day("2026-01-01"), count: 31 }],
        requests: vec![VolumeItem {
            number: words("202600100042"),
            arrived_on: day("2026-03-02"),
            title: words("补助资金分配表"),
        }],
    }
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
            let approval = words("补正后内容仍不明确");
            Command::AskCorrection { on, until, defects: defects(), approval, notice: notice(2) }
        }
        Action::RenewCorrection => Command::RenewCorrection { until, notice: notice(19) },
        Action::RevokeService => {
            Command::RevokeService { notice: None, reason: words("登记在了别的申请上") }
        }
        Action::RecordPaperNotice => Command::RecordPaperNotice(RecordPaperNotice {
            on,
            notice_kind: NoticeKind::Correction,
            number: words("宁财依告〔2026〕第9号"),
            file: FileId(Uuid::from_u128(9)),
            why: words("系统停机"),
        }),
        Action::RecordCorrection => Command::RecordCorrection { on, text: words("补正如下") },
        Action::LapseCorrection => Command::LapseCorrection {
            on,
            notice_served_on: day("03-04"),
            proof: words("EMS回执"),
            proof_file: None,
            notice: notice(4),
        },
        Action::ProposeLapse => Command::ProposeLapse,
        Action::AskReasons => Command::AskReasons(AskReasons {
            on,
            until,
            notice: notice(17),
            clock: ReasonRequestClock::Runs,
            volume: volume(),
        }),
        Action::RecordReasons => Command::RecordReasons { on, text: words("研究需要") },
        Action::JudgeReasons => {
            Command::JudgeReasons { on, accepted: true, why: words("理由合理") }
        }
        Action::Defer => Command::Defer {
            on,
            until: day("2026-06-30"),
            why: words("数量较多"),
            notice: notice(18),
        },
        Action::NotifyFee => Command::NotifyFee(NotifyFee {
            on,
            scale: FeeScale::Pages,
            amount_fen: 38_000,
            served_on: None,
            units: Vec::new(),
            pages: Some(68),
            why: words("数量明显超过合理范围"),
            before: 0,
            notice: notice(5),
        }),
        Action::RecordFeeService => Command::RecordFeeService { on, proof: words("EMS回执") },
        Action::RecordPayment => Command::RecordPayment {
            on,
            amount_fen: 38_000,
            proof: words("缴款书"),
            remark: String::new(),
        },
        Action::LapseFee => {
            Command::LapseFee { on, proof: words("EMS回执"), proof_file: None, notice: notice(6) }
        }
        Action::RevokeLapse => {
            Command::RevokeLapse { reason: words("申请人住院，有病历为证") }
        }
        Action::RefundFee => Command::RefundFee {
            on,
            amount_fen: 38_000,
            why: words("申请人撤回部分事项"),
            proof: words("退库凭证"),
        },
        Action::Consult => Command::Consult(Consult {
            on,
            id: words("new"),
            party: Party::ThirdParty,
            addressee: words("某公司"),
            jointly_made: false,
            items: Vec::new(),
            letter: Letter::default(),
            notice: notice(7),
            told: notice(8),
            clock: AgencyClock::default(),
        }),
        Action::RecordConsultationService => {
            Command::RecordConsultationService { on, id: words("c") }
        }
        Action::RecordOpinion => Command::RecordOpinion {
            on,
            id: words("c"),
            position: Position::Agrees,
            text: words("同意"),
            slip: None,
        },
        Action::RecordSilence => Command::RecordSilence { on, id: words("c") },
        Action::AbandonConsultation => {
            Command::AbandonConsultation { on, id: words("c"), why: words("查无此人") }
        }
        Action::ListItems
        | Action::AnswerReview
        | Action::RecordSearch
        | Action::DecideItem
        | Action::ReviewRelease
        | Action::ReferSecrecy
        | Action::RecordSecrecyRuling
        | Action::LinkRequest
        | Action::SplitOff
        | Action::AnswerTogether
        | Action::IssueWithLead => items::command(action, on),
        Action::WaiveConsultation => {
            Command::WaiveConsultation { why: words("第三方已公开声明不同意") }
        }
        Action::OverrideObjection => Command::OverrideObjection(OverrideObjection {
            on,
            id: words("c"),
            disclosed: words("补助金额"),
            why: words("关系公平竞争"),
            notice: notice(9),
        }),
        Action::OpenSecrecyReview => {
            Command::OpenSecrecyReview { question: words("附件二是否涉密") }
        }
        Action::AskExtension => {
            Command::AskExtension { working_days: 20, reason: words("检索量大") }
        }
        Action::RefuseExtension => Command::RefuseExtension { reason: words("理由不足") },
        Action::ConsentExtension => Command::ConsentExtension,
        Action::TellExtension => Command::TellExtension { on, notice: notice(3) },
        Action::SubmitDraft => Command::SubmitDraft {
            notice: notice(1),
            outcome: Outcome::G2,
            written: Written::default(),
        },
        Action::RecallDraft => Command::RecallDraft { notice: notice(1) },
        Action::ReturnDraft => {
            Command::ReturnDraft { notice: notice(1), reason: words("请补充理由") }
        }
        Action::ApproveDraft => Command::ApproveDraft { notice: notice(1) },
        Action::Issue => issue(1),
        Action::VoidNumber => {
            Command::VoidNumber { notice: notice(1), reason: words("文号有误") }
        }
        Action::RecordDispatch => Command::RecordDispatch(Dispatch {
            on,
            method: ServiceMethod::Ems,
            tracking: words("EMS 1234567890"),
            slip: slip(),
            photo: false,
        }),
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
        | Action::Succeed
        | Action::RecordAssistance => service::command(action, on),
        Action::AnswerOnTheSpot => Command::AnswerOnTheSpot {
            on,
            outcome: Outcome::G1,
            text: words("已在公报2026年第1期公开"),
            proof: words("签字的答复记录"),
        },
        Action::Withdraw => Command::Withdraw(Withdraw {
            on,
            statement: words("本人撤回申请"),
            authentication: Some(Authentication::Signed),
            proof_file: None,
        }),
        Action::ProposeEnd => Command::ProposeEnd(ProposeEnd {
            ground: EndGround::Death,
            reason: words("申请人死亡，没有人承受其权利"),
            proof: words("居民死亡医学证明"),
            proof_file: FileId(Uuid::from_u128(9)),
            goes_on_as: String::new(),
            twin: None,
        }),
        Action::ConfirmEnd => Command::ConfirmEnd(ConfirmEnd::default()),
        Action::DeclineEnd => Command::DeclineEnd { reason: words("近亲属要求继续办理") },
        Action::Close => Command::Close,
        Action::Archive => Command::Archive {
            volume: words("2026-10-001"),
            retention: None,
            reason: words("承办人继续跟踪救济期限"),
        },
        Action::OpenRemedy | Action::AnswerRemedy | Action::DecideRemedy | Action::Remand => {
            remedies::command(action, on)
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
            purpose: words("supplied"),
            item: None,
        },
        Action::WithdrawFile => Command::WithdrawFile {
            file: FileId(Uuid::from_u128(9)),
            reason: words("版本有误"),
        },
        Action::Regroup => Command::Regroup { together: None },
        Action::RecordInspection => Command::RecordInspection {
            file: FileId(Uuid::from_u128(9)),
            rules: 1,
            found: vec![Found { kind: FindingKind::Author, count: 1 }],
        },
        Action::RecordRedaction => Command::RecordRedaction(Redacted {
            file: FileId(Uuid::from_u128(9)),
            from: FileId(Uuid::from_u128(8)),
            masks: vec![MaskCount { ground: Ground::Privacy, count: 1 }],
            made_by: crate::story::officer(),
        }),
        Action::ConfirmFindings => Command::ConfirmFindings {
            file: FileId(Uuid::from_u128(9)),
            reason: words("经办人姓名本来就应当公开"),
        },
        Action::AcceptCalendar => Command::AcceptCalendar(Recalculation {
            old_due_on: Some(day("03-30")),
            new_due_on: Some(day("03-31")),
            version: words("2008-2027.00000000"),
            reason: words("国办发明电〔2026〕1号"),
            limits: Vec::new(),
        }),
        Action::AcknowledgeFinding => Command::AcknowledgeFinding(AcknowledgeFinding {
            finding: DraftFindingKind::OldLaw,
            excerpt: words("15个工作日内答复"),
            reason: words("引用申请人原文"),
        }),
        Action::Note => Command::Note { text: words("申请人来电询问进度") },
    }
}

/// The canonical case of every state. All began on Monday 2026-03-02 and stand on 2026-03-20, the
/// 14th working day of 20.
pub fn case_in(state: State) -> Story {
    let c = |action| command(action, "03-03");
    let processing = || Story::in_processing("03-02").on("03-03");
    let consulting = |party| {
        processing().does(Command::Consult(Consult {
            on: day("03-03"),
            id: words("c"),
            party,
            addressee: words("某单位"),
            jointly_made: party == Party::Agency,
            items: Vec::new(),
            letter: Letter::default(),
            notice: notice(7),
            told: notice(8),
            clock: AgencyClock::default(),
        }))
    };
    let remedy = || remedies::opened("r", day("03-03"));
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
            .does(c(Action::RecordReasons))
            .does(c(Action::JudgeReasons))
            .by_head()
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
