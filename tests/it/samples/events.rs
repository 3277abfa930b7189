//! One event of every kind.

use gongkai::domain::archiving::{Point, Retention};
use gongkai::domain::case::Governing;
use gongkai::domain::chain::{Chain, Stage};
use gongkai::domain::command::{Claimant, RemedyEnding, RemedyKindOpened, RemedyResult};
use gongkai::domain::consultation::{AgencyClock, Letter, LetterSent};
use gongkai::domain::event::{
    Authentication, Event, FeeScale, Party, Position, Registered, RemedyDecided, RemedyOpened,
    SecrecyFinding, ServiceMethod, SilenceEffect, Written,
};
use gongkai::domain::fees::FeeBill;
use gongkai::domain::finding::{FindingKind, Found};
use gongkai::domain::gate::{AcknowledgeFinding, DraftFindingKind};
use gongkai::domain::ids::{AgencyId, FileId};
use gongkai::domain::notice::NoticeKind;
use gongkai::domain::other_end::{EndGround, OtherEnd};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::paper::PaperNotice;
use gongkai::domain::proposal::Proposal;
use gongkai::domain::recalculation::{MovedLimit, Recalculation};
use gongkai::domain::receipt::{Channel, ReceiptBasis};
use gongkai::domain::redaction::{Ground, MaskCount, Redacted};
use gongkai::domain::remedy::AnswerTerm;
use gongkai::domain::volume::ReasonRequestClock;
use uuid::Uuid;

use super::{defects, volume, words};
use crate::story::{day, notice, officer, slip};

fn end() -> OtherEnd {
    OtherEnd {
        ground: Some(EndGround::RegisteredTwice),
        reason: words("同一封信登记了两次"),
        proof: words("信封复印件"),
        proof_file: Some(FileId(Uuid::from_u128(9))),
        goes_on_as: words("20260302001"),
    }
}

/// One event of every kind.
pub fn events() -> Vec<Event> {
    let all_notices = [notice(1), notice(2)];
    let [reply, other] = all_notices;
    let mut events = vec![
        Event::Filed {
            channel: Channel::Fax,
            registered: Some(Registered {
                number: words("202600100001"),
                agency: AgencyId(Uuid::from_u128(9)),
                application_digest: words("00"),
            }),
        },
        Event::Received { basis: ReceiptBasis::Confirmed, evidence: words("电话") },
        Event::Assigned {
            officer: officer(), officer_name: words("李明"), reason: words("轮值")
        },
        Event::ExaminationPassed,
        Event::CorrectionRequested {
            until: day("03-20"),
            defects: defects(),
            notice: other,
            approval: words("补正后内容仍不明确"),
        },
        Event::CorrectionRenewed { until: day("04-10"), defects: defects(), notice: other },
        Event::ServiceRevoked { notice: reply, reason: words("登记有误") },
        Event::NoticeServiceRevoked {
            notice: other,
            notice_kind: NoticeKind::Correction,
            reason: words("登记有误"),
        },
        Event::PaperNoticeRecorded(PaperNotice {
            notice_kind: NoticeKind::Correction,
            number: words("宁财依告〔2026〕第9号"),
            file: FileId(Uuid::from_u128(9)),
            why: words("系统停机"),
        }),
        Event::CorrectionReceived { text: words("补正") },
        Event::CorrectionLapsed {
            notice_served_on: day("03-04"),
            proof: words("回执"),
            proof_file: None,
            notice: Some(other),
        },
        Event::LapseProposed {
            proposal: Proposal::LapseCorrection,
            until: Some(day("03-20")),
            article: words("第三十条"),
        },
        Event::ReasonsRequested {
            until: day("03-20"),
            notice: Some(notice(7)),
            clock: ReasonRequestClock::AsCorrection,
            volume: volume(),
        },
        Event::ReasonsReceived { text: words("研究"), restart_on: Some(day("03-18")) },
        Event::ReasonsJudged { accepted: false, why: words("不合理"), restart_on: None },
        Event::Deferred { until: day("05-20"), why: words("量大"), notice: Some(notice(8)) },
        Event::FeeNotified {
            scale: FeeScale::Items,
            amount_fen: 140_000,
            served_on: Some(day("03-05")),
            bill: Some(FeeBill {
                before: 0,
                units: vec![words("甲"); 24],
                pages: None,
                lawful_fen: 140_000,
                why: words("量大"),
                notice: other,
            }),
        },
        Event::FeeNoticeServed { proof: words("回执") },
        Event::FeePaid {
            amount_fen: 140_000,
            proof: words("缴款书"),
            held: false,
            remark: words("多缴"),
        },
        Event::FeeLapsed { proof: words("回执"), proof_file: None, notice: Some(other) },
        Event::LapseRevoked { reason: words("住院") },
        Event::FeeRefunded { amount_fen: 1, why: words("误"), proof: words("退库凭证") },
        Event::ConsultationSent {
            id: words("c"),
            party: Party::Agency,
            addressee: words("某局"),
            jointly_made: true,
            items: vec![2],
            letter: Some(LetterSent {
                notice: other,
                told: reply,
                clock: AgencyClock::WrittenAnswer,
                letter: Letter::default(),
            }),
        },
        Event::ConsultationServed { id: words("c") },
        Event::ConsultationAnswered {
            id: words("c"),
            position: Position::Objects,
            text: words("不同意"),
            slip: Some(FileId(Uuid::from_u128(9))),
        },
        Event::ConsultationLapsed {
            id: words("c"),
            effect: SilenceEffect::DeemedConsent,
            article: words("第三十四条"),
        },
        Event::ConsultationAbandoned { id: words("c"), why: words("查无此人") },
        Event::ConsultationWaived { why: words("已有书面意见") },
        Event::ObjectionOverridden {
            id: words("c"),
            disclosed: words("金额"),
            why: words("公共利益"),
            notice: other,
        },
        Event::SecrecyReviewOpened { question: words("附件") },
        Event::SecrecyReviewed { finding: SecrecyFinding::Partly, opinion: words("部分") },
        Event::ExtensionAsked { working_days: 10, reason: words("量大") },
        Event::ExtensionRefused { reason: words("不足") },
        Event::ExtensionConsented { working_days: 10, reason: words("量大") },
        Event::Extended { working_days: 10, reason: words("量大"), notice: other },
        Event::DraftSubmitted {
            notice: reply,
            outcome: Outcome::U1,
            chain: Chain::default(),
            written: Written { authors: vec![officer()], changed_blocks: 2 },
        },
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
        Event::AnsweredOnTheSpot {
            outcome: Outcome::G1,
            text: words("公报"),
            proof: words("签字的答复记录"),
        },
        Event::Withdrawn {
            statement: words("撤回"),
            authentication: Some(Authentication::Signed),
            proof_file: Some(FileId(Uuid::from_u128(9))),
        },
        Event::EndProposed(end()),
        Event::EndDeclined { reason: words("近亲属要求继续办理") },
        Event::EndedOtherwise(end()),
        Event::HandedOver {
            from_unit: words("收发室"),
            giver: words("张华"),
            receiver: words("李明"),
            what: words("申请表原件"),
        },
        Event::Succeeded { succession: super::service::succession() },
        Event::Assisted { need: words("听力障碍"), help: words("书面沟通") },
        Event::Closed { outcome: Outcome::U1 },
        Event::Archived {
            volume: words("卷1"),
            retention: Some(Retention::Years30),
            missing: vec![Point::OriginalsAccounted],
            reason: words("原件随卷"),
        },
        Event::RemedyOpened(RemedyOpened {
            id: words("r"),
            remedy: RemedyKindOpened::Suit,
            body: words("法院"),
            term: Some(AnswerTerm::Suit),
            claimant: Some(Claimant::ThirdParty),
            claimant_name: words("某公司"),
            claims: words("撤销"),
        }),
        Event::RemedyAnswered {
            id: words("r"),
            document: words("答辩状"),
            evidence: words("送达回证"),
        },
        Event::RemedyDecided(RemedyDecided {
            id: words("r"),
            result: RemedyResult::Upheld,
            ending: Some(RemedyEnding::ClaimDismissed),
            decision: words("判决"),
            served_on: Some(day("03-20")),
            holding: words("程序合法"),
        }),
        Event::Remanded { working_days: 15, decision: words("判决"), remedy: words("r") },
        Event::CalendarChanged(Recalculation {
            old_due_on: None,
            new_due_on: Some(day("03-31")),
            version: words("v"),
            reason: words("文号"),
            limits: vec![MovedLimit {
                which: Governing::Payment,
                old: Some(day("03-30")),
                new: Some(day("03-31")),
                was_certain: true,
            }],
        }),
        Event::NumberVoided { number: words("号"), reason: words("误") },
        Event::FileAdded {
            file: FileId(Uuid::from_u128(9)),
            name: words("表"),
            sha256: words("33"),
            purpose: words("申请"),
            item: Some(2),
        },
        Event::FileWithdrawn { file: FileId(Uuid::from_u128(9)), reason: words("误") },
        Event::FindingAcknowledged(AcknowledgeFinding {
            finding: DraftFindingKind::OldLaw,
            excerpt: words("15个工作日内答复"),
            reason: words("引用申请人原文"),
        }),
        Event::TogetherChanged { together: None },
        Event::FileInspected {
            file: FileId(Uuid::from_u128(9)),
            rules: 1,
            found: vec![Found { kind: FindingKind::Comments, count: 2 }],
        },
        Event::FindingsConfirmed {
            file: FileId(Uuid::from_u128(9)), reason: words("公开人员")
        },
        Event::FileRedacted(Redacted {
            file: FileId(Uuid::from_u128(10)),
            from: FileId(Uuid::from_u128(9)),
            masks: vec![MaskCount { ground: Ground::Privacy, count: 3 }],
            made_by: officer(),
        }),
        Event::Noted { text: words("备注") },
    ];
    events.extend(super::items::events());
    events
}
