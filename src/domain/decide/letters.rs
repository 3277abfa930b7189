//! The way of every notice but the reply: it leaves, comes back, arrives, and a wrong record of that
//! is taken back.
//!
//! Source: 条例 art. 32, 34; 国办公开办函〔2016〕235号; rulebook 5.5.

use chrono::NaiveDate;

use super::reply::{published_long_enough, sound_slip};
use super::{Context, Happening, not_before, on, text, today, wrong_state};
use crate::domain::case::{Case, WayStep};
use crate::domain::command::{Command, Dispatch};
use crate::domain::event::{Event, ServiceMethod};
use crate::domain::ids::NoticeId;
use crate::domain::policy::Action;
use crate::domain::refusal::{PaperRefusal, Refusal};
use crate::domain::service;
use crate::domain::state::State;

/// The way of any other notice than the reply: it leaves, comes back, arrives.
///
/// Returned mail opens the task again; the limit of whoever must act stays as it was.
pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let under_way = |notice: &NoticeId| {
        let sent = case.letters.iter().rev().find(|letter| letter.notice == *notice);
        sent.filter(|letter| letter.is_under_way())
    };
    match command {
        Command::RecordNoticeDispatch { notice, notice_kind, dispatch } => {
            let Dispatch { on: date, method, tracking, slip, photo } = dispatch;
            let last = case.letters.iter().rev().find(|letter| letter.notice == *notice);
            not_before("on", *date, last.map(|letter| letter.sent_on), "上次发出之日")?;
            service::check(*method, slip, *photo)?;
            let (notice, notice_kind, method) = (*notice, *notice_kind, *method);
            let tracking = service::tracked(method, tracking)?;
            let slip = slip.trimmed();
            let event = Event::NoticeDispatched {
                notice,
                notice_kind,
                method,
                tracking,
                slip: slip.clone(),
            };
            let mut happenings = on(*date, event);
            if service::days(method, *date, None, ctx.calendar).applicant.is_some() {
                let event = Event::NoticeServed { notice, notice_kind, method, slip };
                happenings.push(Happening { on: *date, event });
                happenings.extend(begun_by(case, *date, notice, method)?);
            }
            Ok(happenings)
        }
        Command::RecordNoticeService { on: date, notice, notice_kind, method, slip } => {
            let sent = under_way(notice);
            not_before("on", *date, sent.map(|letter| letter.sent_on), "发出之日")?;
            let method = sent.map_or(*method, |letter| letter.method);
            published_long_enough(method, sent.map(|letter| letter.sent_on), *date, ctx)?;
            let slip = sound_slip(slip)?;
            let (notice, notice_kind) = (*notice, *notice_kind);
            let mut happenings =
                on(*date, Event::NoticeServed { notice, notice_kind, method, slip });
            happenings.extend(begun_by(case, *date, notice, method)?);
            Ok(happenings)
        }
        Command::RecordNoticeReturn { on: date, notice, notice_kind, reason } => {
            let sent = under_way(notice).ok_or(Refusal::NotUnderWay)?;
            not_before("on", *date, Some(sent.sent_on), "发出之日")?;
            let reason = text("reason", "退回的原因", reason)?.to_owned();
            let (notice, notice_kind) = (*notice, *notice_kind);
            Ok(on(*date, Event::NoticeReturned { notice, notice_kind, reason }))
        }
        Command::RevokeService { notice: Some((notice, notice_kind)), reason } => {
            may_be_taken_back(case, *notice)?;
            let reason = text("reason", "撤销送达登记的理由", reason)?.to_owned();
            let (notice, notice_kind) = (*notice, *notice_kind);
            Ok(today(ctx, Event::NoticeServiceRevoked { notice, notice_kind, reason }))
        }
        _ => Err(wrong_state(case, command.action())),
    }
}

/// A wrong record of a notice can be taken back until something rests on the arrival: an answer,
/// a silence, a payment, a lapse. What the program itself sent cannot be unsent.
///
/// Source: rulebook 5.5 (D).
fn may_be_taken_back(case: &Case, notice: NoticeId) -> Result<(), Refusal> {
    let last = case.last_letter(notice).ok_or(Refusal::NotUnderWay)?;
    let step = last.last_step();
    if step == WayStep::Sent && last.method == ServiceMethod::Electronic {
        return Err(wrong_state(case, Action::RevokeService));
    }
    if last.served_on.is_none() {
        return Ok(());
    }
    let rests = |what| Err(PaperRefusal::RestsOnArrival(what).into());
    if case.consultation_of(notice).is_some_and(|asked| !asked.open) {
        return rests("征求意见已经结束");
    }
    let phase = case.phase();
    let billed = case.fee.as_ref().and_then(|fee| fee.bill.as_ref());
    if billed.is_some_and(|bill| bill.notice == notice) && phase != State::FeePending {
        return rests("收费事项已经结束");
    }
    let asked = case.reasons_asked.as_ref().and_then(|asked| asked.notice);
    if asked == Some(notice) && phase != State::ReasonPending {
        return rests("理由已经登记或者认定");
    }
    let corrects = case.corrections.iter().any(|round| round.notice == notice);
    if corrects && phase == State::CorrectionLapsed {
        return rests("已经按逾期不补正处理，请先撤销逾期处理");
    }
    Ok(())
}

/// What the service of a notice begins: a consultation letter or a fee notice starts the limit of
/// whoever received it.
///
/// Source: 条例 art. 32, 34; 109号 art. 6; rulebook C9.
fn begun_by(
    case: &Case,
    date: NaiveDate,
    notice: NoticeId,
    method: ServiceMethod,
) -> Result<Vec<Happening>, Refusal> {
    let mut happenings = Vec::new();
    if let Some(letter) = case.consultation_of(notice).filter(|c| c.served_on.is_none()) {
        not_before("on", date, Some(letter.sent_on), "征求意见函发出之日")?;
        if letter.may_be_served() && letter.answered_on.is_none_or(|answered| date <= answered) {
            let event = Event::ConsultationServed { id: letter.id.clone() };
            happenings.push(Happening { on: date, event });
        }
    }
    let bill =
        case.fee.as_ref().filter(|fee| fee.bill.as_ref().is_some_and(|b| b.notice == notice));
    if let Some(fee) =
        bill.filter(|fee| fee.served_on.is_none() && case.phase() == State::FeePending)
    {
        not_before("on", date, Some(fee.notified_on), "收费通知发出之日")?;
        let event = Event::FeeNoticeServed { proof: method.label().to_owned() };
        happenings.push(Happening { on: date, event });
    }
    Ok(happenings)
}
