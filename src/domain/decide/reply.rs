//! The reply once approved: a voided number, dispatch, service, and the two dates that count.
//!
//! Source: 条例 art. 17, 33, 36; 国办公开办函〔2016〕235号; rulebook 5.2, 5.5.

use chrono::NaiveDate;

use super::consult::objections_resolved;
use super::items::fit;
use super::secrecy::cleared_for_release;
use super::{Context, Happening, not_before, on, text, today, wrong_state};
use crate::domain::case::{Case, Consultation, Letter, WayStep};
use crate::domain::command::{Command, Dispatch};
use crate::domain::event::{Event, ServiceMethod};
use crate::domain::outcome::RemedyKind;
use crate::domain::policy::Action;
use crate::domain::refusal::Refusal;
use crate::domain::service::{self, Slip};
use crate::domain::state::State;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::VoidNumber { notice, reason } => {
            let reason = text("reason", "作废的理由", reason)?.to_owned();
            let reply = case.reply.as_ref().filter(|r| r.notice == Some(*notice));
            let number = reply.ok_or(Refusal::NotTheDraft)?.number.clone();
            Ok(today(ctx, Event::NumberVoided { number, reason }))
        }
        Command::AnswerOnTheSpot { on: date, outcome, text: answer, proof } => {
            if !outcome.is_reply() {
                return Err(Refusal::NoReplyOutcome(outcome.label()));
            }
            if outcome.rule().remedy == RemedyKind::ReconsiderationFirst {
                return Err(Refusal::WrittenReplyNeeded(outcome.label()));
            }
            fit(case, *outcome)?;
            not_before("on", *date, case.received_on, "收到申请之日")?;
            not_before("on", *date, case.last_clock_on(), "最近一次登记事项之日")?;
            let mut authors = case.item_authors();
            authors.extend(ctx.actor);
            cleared_for_release(case, *outcome, &authors)?;
            let label = "当场答复的凭证（申请人签字确认的答复记录）";
            let proof = text("proof", label, proof)?.to_owned();
            let text = text("text", "当场答复的内容", answer)?.to_owned();
            Ok(on(*date, Event::AnsweredOnTheSpot { outcome: *outcome, text, proof }))
        }
        _ => reply_on_its_way(case, command, ctx),
    }
}

fn reply_on_its_way(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let refused = || wrong_state(case, command.action());
    let reply = case.reply.as_ref().ok_or_else(refused)?;
    let notice = reply.notice.ok_or_else(refused)?;
    let replied = Event::Replied { notice: Some(notice), outcome: reply.outcome };
    match command {
        Command::RecordDispatch(Dispatch { on: date, method, tracking, slip, photo }) => {
            not_before("on", *date, Some(reply.issued_on), "签发之日")?;
            not_before("on", *date, reply.dispatched_on, "上次发出之日")?;
            // An objection that came after the number was given still comes before the harm.
            let known = |c: &Consultation| c.answered_on.is_some_and(|answered| answered <= *date);
            if reply.dispatched_on.is_none() && case.consultations.iter().any(known) {
                objections_resolved(case, reply.outcome)?;
            }
            service::check(*method, slip, *photo)?;
            let tracking = service::tracked(*method, tracking)?;
            let slip = slip.trimmed();
            let event = Event::Dispatched { notice, method: *method, tracking, slip: slip.clone() };
            let mut happenings = on(*date, event);
            let days = service::days(*method, *date, None, ctx.calendar);
            // A second try after a returned letter gives no new limit: the first date stands.
            if days.agency.is_some() && reply.completed_on.is_none() {
                happenings.push(Happening { on: *date, event: replied });
            }
            if days.applicant.is_some() {
                let event = Event::Served { notice, method: *method, slip };
                happenings.push(Happening { on: *date, event });
            }
            Ok(happenings)
        }
        Command::RecordService { on: date, slip } => {
            not_before("on", *date, reply.dispatched_on, "发出之日")?;
            let method = reply.method.ok_or_else(refused)?;
            published_long_enough(method, reply.dispatched_on, *date, ctx)?;
            let slip = sound_slip(slip)?;
            let mut happenings = Vec::new();
            if reply.completed_on.is_none() {
                happenings.push(Happening { on: *date, event: replied });
            }
            happenings.push(Happening { on: *date, event: Event::Served { notice, method, slip } });
            Ok(happenings)
        }
        Command::RevokeService { reason, notice: None } => {
            may_revoke_reply(case)?;
            let reason = text("reason", "撤销送达登记的理由", reason)?.to_owned();
            Ok(today(ctx, Event::ServiceRevoked { notice, reason }))
        }
        Command::RecordServiceFailure { on: date, reason } => {
            not_before("on", *date, reply.dispatched_on, "发出之日")?;
            let reason = text("reason", "退回的原因", reason)?.to_owned();
            Ok(on(*date, Event::ServiceFailed { notice, reason }))
        }
        _ => Err(refused()),
    }
}

pub(super) fn sound_slip(slip: &Slip) -> Result<Slip, Refusal> {
    service::check(ServiceMethod::InPerson, slip, true)?;
    Ok(slip.trimmed())
}

/// A public notice serves nobody before its 30 days are over.
pub(super) fn published_long_enough(
    method: ServiceMethod,
    published_on: Option<NaiveDate>,
    date: NaiveDate,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if let (ServiceMethod::PublicNotice, Some(published)) = (method, published_on) {
        let served_on = service::public_notice_served_on(ctx.calendar, published);
        not_before("on", date, served_on, "公告期满之日")?;
    }
    Ok(())
}

impl ServiceMethod {
    /// Whether the letter bears a tracking number, without which the posting cannot be proved.
    #[must_use]
    pub const fn needs_tracking(self) -> bool {
        matches!(self, Self::Ems | Self::Registered)
    }

    /// Whether the reply is served over the internet: then the online remedy channel is named.
    #[must_use]
    pub const fn is_online(self) -> bool {
        matches!(self, Self::Electronic)
    }
}

pub(super) fn may_void(case: &Case) -> Result<(), Refusal> {
    match &case.reply {
        Some(reply) if reply.notice.is_some() && reply.dispatched_on.is_none() => Ok(()),
        _ => Err(wrong_state(case, Action::VoidNumber)),
    }
}

/// A letter fails until it is served; only an electronic message can fail afterwards.
pub(super) fn may_fail(case: &Case) -> Result<(), Refusal> {
    let electronic = case.reply.as_ref().and_then(|r| r.method) == Some(ServiceMethod::Electronic);
    if case.phase() == State::Served && !electronic {
        return Err(wrong_state(case, Action::RecordServiceFailure));
    }
    Ok(())
}

/// A wrong record can be taken back until somebody relies on it: not once the case is closed or in
/// review. What the program itself sent cannot be unsent.
fn may_revoke_reply(case: &Case) -> Result<(), Refusal> {
    let on_its_way =
        matches!(case.phase(), State::Dispatched | State::ServiceFailed | State::Served);
    let sent_by_us = case.last_way_step() == Some(WayStep::Sent)
        && case.reply.as_ref().and_then(|r| r.method) == Some(ServiceMethod::Electronic);
    let recorded = on_its_way && case.last_way_step().is_some();
    if !recorded || sent_by_us || !case.remedies.is_empty() {
        return Err(wrong_state(case, Action::RevokeService));
    }
    Ok(())
}

/// Whether there is a record at all that could be taken back.
pub(super) fn may_revoke(case: &Case) -> Result<(), Refusal> {
    let posted = |letter: &Letter| letter.method != ServiceMethod::Electronic;
    if case.letters.iter().any(posted) { Ok(()) } else { may_revoke_reply(case) }
}
