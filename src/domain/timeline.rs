//! What the applicant is told of a case, in plain words. Internal steps – drafts, approvals,
//! assignments – are nobody's business but the agency's.

use chrono::NaiveDate;

use super::case::Case;
use super::dates::long;
use super::event::{Entry, Event, Party};
use super::notice::NoticeKind;
use super::state::State;

/// What the applicant is told of these entries, with the day of each.
#[must_use]
pub fn told(entries: &[Entry]) -> Vec<(NaiveDate, String)> {
    let mut answered = false;
    let mut told = Vec::new();
    for entry in entries {
        match &entry.event {
            Event::Dispatched { .. } | Event::AnsweredOnTheSpot { .. } => answered = true,
            Event::Remanded { .. } | Event::ServiceRevoked { .. } => answered = false,
            _ => {}
        }
        // Once the reply has left, its last day is nobody's date any more.
        let moot = answered && matches!(entry.event, Event::CalendarChanged(_));
        told.extend(words(&entry.event).filter(|_| !moot).map(|words| (entry.on, words)));
    }
    told
}

/// The event in one plain Chinese sentence, or `None` where the applicant is not told.
///
/// Source: 国令716号 art. 6 (progress can be followed); pages.md (事前清楚、事中实时、事后及时).
#[must_use]
pub fn words(event: &Event) -> Option<String> {
    Some(match event {
        Event::Filed { channel, .. } => format!("申请已送达受理机关（{}）", channel.label()),
        Event::Received { basis, .. } => {
            format!("收到申请之日已确定，答复期限自次日起算（依据：{}）", basis.label())
        }
        Event::CorrectionRequested { until, .. } => {
            format!("申请需要补正，请于{}前（含当日）提交补正材料", long(*until))
        }
        Event::CorrectionRenewed { until, .. } => {
            format!(
                "补正告知书未能及时送达，已重新发出，请于{}前（含当日）提交补正材料",
                long(*until)
            )
        }
        Event::CorrectionReceived { .. } => "已收到补正材料，答复期限重新起算".to_owned(),
        Event::CorrectionLapsed { .. } => "逾期未补正，本机关不再处理该申请".to_owned(),
        Event::ReasonsRequested { until, .. } => {
            format!("请于{}前（含当日）说明申请理由", long(*until))
        }
        Event::ReasonsReceived { .. } => "已收到您说明的理由".to_owned(),
        Event::Deferred { until, .. } => format!("答复将延迟至{}", long(*until)),
        Event::FeeNotified { .. } => "已发出信息处理费收费通知，请按通知缴费".to_owned(),
        Event::FeePaid { held: false, .. } => "已收到信息处理费，答复期限重新起算".to_owned(),
        Event::FeePaid { .. } => "已收到部分或者逾期缴纳的信息处理费，答复期限不变".to_owned(),
        Event::LapseRevoked { .. } => "逾期有正当理由，本机关恢复办理该申请".to_owned(),
        Event::FeeRefunded { .. } => "已退还信息处理费".to_owned(),
        Event::FeeLapsed { .. } => "逾期未缴费，本机关不再处理该申请".to_owned(),
        Event::ConsultationSent { party, .. } => match party {
            Party::ThirdParty => "正在征求第三方意见，所需时间不计入答复期限".to_owned(),
            Party::Agency => "正在征求其他机关意见，所需时间不计入答复期限".to_owned(),
        },
        Event::ConsultationAnswered { .. } | Event::ConsultationLapsed { .. } => {
            "征求意见已结束，继续办理".to_owned()
        }
        Event::Extended { working_days, .. } => format!("答复期限延长{working_days}个工作日"),
        Event::Dispatched { method, .. } => format!("答复书已发出（{}）", method.label()),
        Event::ServiceFailed { .. } => "答复书未能送达，将重新送达".to_owned(),
        Event::Served { .. } => "答复书已送达".to_owned(),
        Event::ServiceRevoked { .. } => "此前的送达登记有误，已撤销".to_owned(),
        Event::SplitOff { children } => {
            let numbers: Vec<&str> = children.iter().map(|c| c.number.as_str()).collect();
            format!("申请包含多个事项，部分事项另行编号办理：{}", numbers.join("、"))
        }
        Event::AnsweredTogether { together } => {
            format!("将与您的其他申请在同一份答复书中答复（{}）", together.lead_number)
        }
        Event::TogetherChanged { together: None } => {
            "不再与您的其他申请合并答复，将单独答复".to_owned()
        }
        Event::SplitFrom { number, .. } => {
            format!("本申请由申请{number}拆分而来，收到申请之日不变")
        }
        // What goes to others is none of the applicant's business, nor is the way it goes.
        Event::NoticeDispatched { notice_kind, .. }
        | Event::NoticeReturned { notice_kind, .. }
        | Event::NoticeServiceRevoked { notice_kind, .. }
        | Event::NoticeServed { notice_kind, .. }
            if !notice_kind.is_to_applicant() =>
        {
            return None;
        }
        Event::NoticeDispatched { notice_kind, method, .. } => {
            format!("{}已发出（{}）", notice_kind.label(), method.label())
        }
        Event::NoticeReturned { notice_kind, .. } => {
            format!("{}未能送达，将重新送达", notice_kind.label())
        }
        Event::NoticeServed { notice_kind, .. } => format!("{}已送达", notice_kind.label()),
        Event::NoticeServiceRevoked { notice_kind, .. } => {
            format!("此前{}的送达登记有误，已撤销", notice_kind.label())
        }
        Event::Succeeded { succession } => format!(
            "因机构调整（{}），您的申请由{}继续办理，答复期限不变",
            succession.document, succession.into_name
        ),
        Event::AnsweredOnTheSpot { .. } => "已当场答复".to_owned(),
        Event::Withdrawn { .. } => "申请已撤回".to_owned(),
        Event::EndedOtherwise(_) => "申请已终止办理".to_owned(),
        Event::Closed { .. } => "申请已办结".to_owned(),
        Event::RemedyOpened(opened) => format!("已进入{}程序", opened.remedy.label()),
        Event::RemedyAnswered { .. } => "本机关已向受理机关提交答复和证据材料".to_owned(),
        Event::RemedyDecided(decided) => {
            format!("复议、诉讼已有结果：{}", decided.result.label())
        }
        Event::Remanded { .. } => "本机关将依法重新答复".to_owned(),
        Event::CalendarChanged(change) => {
            let moved = change.for_applicant();
            let moved = moved.map(|(what, on)| format!("{what}变更为{}", long(on)));
            let moved = moved.collect::<Vec<_>>().join("，");
            if moved.is_empty() {
                return None;
            }
            format!("因节假日安排调整，{moved}")
        }
        Event::NoticeIssued { notice_kind: NoticeKind::Receipt, .. } => {
            "已出具申请接受回执".to_owned()
        }
        _ => return None,
    })
}

/// Why the limit does not run now, as the applicant is told; `None` while it runs or nothing is
/// awaited.
///
/// Source: 条例 art. 30, 33 ¶3, 35; 109号 art. 6.
#[must_use]
pub fn pause(case: &Case) -> Option<&'static str> {
    let stands = case.clock().due_on().is_none();
    match case.phase() {
        State::CorrectionPending if stands => Some("等待您补正，收到补正材料后重新起算"),
        State::ReasonPending if stands => Some("等待您说明理由，收到说明后重新起算"),
        State::FeePending if stands => Some("等待您缴费，收到信息处理费后重新起算"),
        phase if phase.awaits_reply() && case.consulting() => {
            Some("正在征求意见，所需时间不计入答复期限")
        }
        _ => None,
    }
}

/// The state as the applicant sees it: what goes on inside the agency is 办理中.
#[must_use]
pub const fn public_state(state: State) -> State {
    match state {
        State::SecrecyReview
        | State::ExtensionPending
        | State::Approval
        | State::Issued
        | State::Examining => State::Processing,
        other => other,
    }
}
