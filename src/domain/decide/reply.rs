//! The reply: draft, approval, number, dispatch, service, and the two dates that count.
//!
//! Source: 条例 art. 17, 33, 36; 国办公开办函〔2016〕235号; rulebook 5.2, 5.5.

use chrono::NaiveDate;

use super::items::fit;
use super::secrecy::cleared_for_release;
use super::{Context, Happening, line, not_before, on, optional, text, today, wrong_state};
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, Draft};
use crate::domain::command::Command;
use crate::domain::event::{Event, ServiceMethod};
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeKind;
use crate::domain::outcome::RemedyKind;
use crate::domain::policy::Action;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;

/// Calendar days after which a public notice counts as served. Source: 民诉法 art. 95.
const PUBLIC_NOTICE_DAYS: u64 = 30;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::SubmitDraft { notice, outcome } => {
            if !outcome.is_drafted() {
                return Err(Refusal::NoReplyOutcome(outcome.label()));
            }
            fit(case, *outcome)?;
            Ok(today(ctx, Event::DraftSubmitted { notice: *notice, outcome: *outcome }))
        }
        Command::RecallDraft { notice } => {
            of(case, *notice)?;
            Ok(today(ctx, Event::DraftRecalled { notice: *notice }))
        }
        Command::ReturnDraft { notice, reason } => {
            of(case, *notice)?;
            let reason = text("reason", "退回的理由", reason)?.to_owned();
            Ok(today(ctx, Event::DraftReturned { notice: *notice, reason }))
        }
        Command::ApproveDraft { notice } => {
            let draft = of(case, *notice)?;
            // Nobody at all is nobody else: an approval needs an account of its own.
            if draft.drafter == ctx.actor || ctx.actor.is_none() {
                return Err(Refusal::OwnDraft);
            }
            cleared_for_release(case, draft.outcome, draft.drafter)?;
            Ok(today(ctx, Event::DraftApproved { notice: *notice }))
        }
        Command::Issue { notice, number, content_sha256 } => {
            let draft = of(case, *notice)?;
            // A search cannot get lost between approval and issue, but old drafts may lack one.
            fit(case, draft.outcome)?;
            cleared_for_release(case, draft.outcome, draft.drafter)?;
            let event = Event::Issued {
                notice: *notice,
                outcome: draft.outcome,
                number: number.clone(),
                content_sha256: content_sha256.clone(),
            };
            Ok(today(ctx, event))
        }
        Command::IssueWithLead { notice, number, content_sha256, author } => {
            // The document speaks of decided items only.
            let counted = case.counted_outcome();
            let outcome = counted.ok_or_else(|| Refusal::ItemsUndecided("1".to_owned()))?;
            fit(case, outcome)?;
            cleared_for_release(case, outcome, *author)?;
            let event = Event::Issued {
                notice: *notice,
                outcome,
                number: number.clone(),
                content_sha256: content_sha256.clone(),
            };
            Ok(today(ctx, event))
        }
        Command::VoidNumber { notice, reason } => {
            let reason = text("reason", "作废的理由", reason)?.to_owned();
            let reply = case.reply.as_ref().filter(|r| r.notice == Some(*notice));
            let number = reply.ok_or(Refusal::NotTheDraft)?.number.clone();
            Ok(today(ctx, Event::NumberVoided { number, reason }))
        }
        Command::AnswerOnTheSpot { on: date, outcome, text: answer } => {
            if !outcome.is_reply() {
                return Err(Refusal::NoReplyOutcome(outcome.label()));
            }
            if outcome.rule().remedy == RemedyKind::ReconsiderationFirst {
                return Err(Refusal::WrittenReplyNeeded(outcome.label()));
            }
            fit(case, *outcome)?;
            not_before("on", *date, case.received_on, "收到申请之日")?;
            not_before("on", *date, case.last_clock_on(), "最近一次登记事项之日")?;
            cleared_for_release(case, *outcome, ctx.actor)?;
            let text = text("text", "当场答复的内容", answer)?.to_owned();
            Ok(on(*date, Event::AnsweredOnTheSpot { outcome: *outcome, text }))
        }
        _ => service(case, command, ctx),
    }
}

fn service(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Vec<Happening>, Refusal> {
    let refused = || wrong_state(case, command.action());
    if let Command::RecordNoticeService { on: date, notice, notice_kind, method } = command {
        return other_notice(case, (*date, *notice, *notice_kind, *method));
    }
    let reply = case.reply.as_ref().ok_or_else(refused)?;
    let notice = reply.notice.ok_or_else(refused)?;
    let replied = Event::Replied { notice: Some(notice), outcome: reply.outcome };
    match command {
        Command::RecordDispatch { on: date, method, tracking } => {
            not_before("on", *date, Some(reply.issued_on), "签发之日")?;
            not_before("on", *date, reply.dispatched_on, "上次发出之日")?;
            let tracking = if method.needs_tracking() {
                line("tracking", "邮件号码", tracking)?.to_owned()
            } else {
                optional("tracking", "邮件号码", tracking)?.to_owned()
            };
            let event = Event::Dispatched { notice, method: *method, tracking };
            let mut happenings = on(*date, event);
            // A second try after a returned letter gives no new limit: the first date stands.
            if method.completes_on_dispatch() && reply.completed_on.is_none() {
                happenings.push(Happening { on: *date, event: replied });
            }
            if method.serves_on_dispatch() {
                let event = Event::Served { notice, method: *method };
                happenings.push(Happening { on: *date, event });
            }
            Ok(happenings)
        }
        Command::RecordService { on: date } => {
            not_before("on", *date, reply.dispatched_on, "发出之日")?;
            let method = reply.method.ok_or_else(refused)?;
            if let (ServiceMethod::PublicNotice, Some(published)) = (method, reply.dispatched_on) {
                let served_on = public_notice_served_on(ctx.calendar, published);
                not_before("on", *date, served_on, "公告期满之日")?;
            }
            let mut happenings = Vec::new();
            if reply.completed_on.is_none() {
                happenings.push(Happening { on: *date, event: replied });
            }
            happenings.push(Happening { on: *date, event: Event::Served { notice, method } });
            Ok(happenings)
        }
        Command::RecordServiceFailure { on: date, reason } => {
            not_before("on", *date, reply.dispatched_on, "发出之日")?;
            let reason = text("reason", "退回的原因", reason)?.to_owned();
            Ok(on(*date, Event::ServiceFailed { notice, reason }))
        }
        _ => Err(refused()),
    }
}

impl ServiceMethod {
    /// Whether the act of sending completes the reply for the agency's limit.
    ///
    /// Post: the day of posting; electronic: the day it reaches the system the applicant named;
    /// handed over or left: that day. Through another agency and by public notice the reply is
    /// complete only with service.
    ///
    /// Source: 国办公开办函〔2016〕235号 part 4; 电子签名法 art. 11; rulebook 5.5.
    #[must_use]
    pub const fn completes_on_dispatch(self) -> bool {
        !matches!(self, Self::ViaAgency | Self::PublicNotice)
    }

    /// Whether sending and service are one act.
    ///
    /// Source: rulebook 5.5.
    #[must_use]
    pub const fn serves_on_dispatch(self) -> bool {
        matches!(self, Self::InPerson | Self::Electronic | Self::LeftAtAddress)
    }

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

fn of(case: &Case, notice: NoticeId) -> Result<&Draft, Refusal> {
    case.draft.as_ref().filter(|draft| draft.notice == notice).ok_or(Refusal::NotTheDraft)
}

pub(super) fn draft_pending(case: &Case, action: Action) -> Result<(), Refusal> {
    match &case.draft {
        Some(draft) if !draft.approved => Ok(()),
        // An approved draft can still be sent back before it gets its number.
        Some(_) if action == Action::ReturnDraft => Ok(()),
        _ => Err(wrong_state(case, action)),
    }
}

pub(super) fn may_issue(case: &Case) -> Result<(), Refusal> {
    match &case.draft {
        Some(draft) if draft.approved => Ok(()),
        _ => Err(wrong_state(case, Action::Issue)),
    }
}

pub(super) fn may_void(case: &Case) -> Result<(), Refusal> {
    match &case.reply {
        Some(reply) if reply.notice.is_some() && reply.dispatched_on.is_none() => Ok(()),
        _ => Err(wrong_state(case, Action::VoidNumber)),
    }
}

/// The slip of a notice other than the reply. The slip of a consultation letter or of a fee notice
/// starts the limit of whoever received it.
///
/// Source: 条例 art. 32, 34; 109号 art. 6; rulebook C9.
fn other_notice(
    case: &Case,
    (date, notice, notice_kind, method): (NaiveDate, NoticeId, NoticeKind, ServiceMethod),
) -> Result<Vec<Happening>, Refusal> {
    let mut happenings = on(date, Event::NoticeServed { notice, notice_kind, method });
    if let Some(letter) = case.consultation_of(notice).filter(|c| c.served_on.is_none()) {
        not_before("on", date, Some(letter.sent_on), "征求意见函发出之日")?;
        if !letter.answered {
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

/// A letter fails until it is served; only an electronic message can fail afterwards.
pub(super) fn may_fail(case: &Case) -> Result<(), Refusal> {
    let electronic = case.reply.as_ref().and_then(|r| r.method) == Some(ServiceMethod::Electronic);
    if case.phase() == State::Served && !electronic {
        return Err(wrong_state(case, Action::RecordServiceFailure));
    }
    Ok(())
}

/// The day a public notice counts as served: 30 days after publication, moved off a day of rest.
///
/// Source: 民诉法 art. 95 by analogy (U), art. 85 ¶3.
fn public_notice_served_on(calendar: &Calendar, published_on: NaiveDate) -> Option<NaiveDate> {
    let over = published_on.checked_add_days(chrono::Days::new(PUBLIC_NOTICE_DAYS))?;
    Some(calendar.roll_forward(over).map_or(over, |reached| reached.on))
}
