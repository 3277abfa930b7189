//! Steps that move the limit: extension, deferral for volume.
//!
//! Source: 条例 art. 33 ¶2, 35; rulebook 1.2 c, f.

use chrono::{Days, NaiveDate};

use super::{Context, Happening, not_before, on, text, today, wrong_state};
use crate::domain::case::{Case, Extension, ReasonsAsked};
use crate::domain::clock::{LONGEST_EXTENSION, RefusalReason};
use crate::domain::command::{AskReasons, Command};
use crate::domain::event::Event;
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Action;
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::state::State;
use crate::domain::volume::ReasonRequestClock;
use crate::domain::working_days::WorkingDays;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::AskExtension { working_days, reason } => {
            in_range(*working_days)?;
            let day = day_of_extension(case, ctx);
            within_limit(case, day)?;
            let reason = text("reason", "延期理由", reason)?.to_owned();
            Ok(on(day, Event::ExtensionAsked { working_days: *working_days, reason }))
        }
        Command::RefuseExtension { reason } => {
            let reason = text("reason", "不同意延期的理由", reason)?.to_owned();
            Ok(today(ctx, Event::ExtensionRefused { reason }))
        }
        Command::ConsentExtension => {
            let day = day_of_extension(case, ctx);
            within_limit(case, day)?;
            let (working_days, reason) = asked(case)?;
            somebody_else_asked(case, ctx)?;
            Ok(on(day, Event::ExtensionConsented { working_days, reason }))
        }
        Command::TellExtension { on: date, notice } => {
            let (working_days, reason, consented_on) = consented(case)?;
            not_before("on", *date, Some(consented_on), "负责人同意延期之日")?;
            within_limit(case, *date)?;
            Ok(on(*date, Event::Extended { working_days, reason, notice: *notice }))
        }
        Command::AskReasons(AskReasons { on: date, until, notice, clock, volume }) => {
            not_before("on", *date, case.limit_since(), "答复期限起算之日")?;
            not_before("until", *until, date.succ_opt(), "说明理由告知书发出之日的次日")?;
            within_reply_limit(case, *date, *until, *clock)?;
            let event = Event::ReasonsRequested {
                until: *until,
                notice: Some(*notice),
                clock: *clock,
                volume: volume.clone(),
            };
            Ok(on(*date, event))
        }
        Command::RecordReasons { on: date, text: reasons } => {
            let asked_on = case.reasons_asked.map(|asked| asked.asked_on);
            not_before("on", *date, asked_on, "说明理由告知书发出之日")?;
            let text = text("text", "申请人说明的理由", reasons)?.to_owned();
            Ok(on(*date, Event::ReasonsReceived { text, restart_on: restart(case, *date) }))
        }
        Command::JudgeReasons { on: date, accepted, why } => {
            let why = text("why", "认定的理由", why)?.to_owned();
            let asked = case.reasons_asked;
            not_before("on", *date, asked.map(|a| a.asked_on), "说明理由告知书发出之日")?;
            not_before("on", *date, asked.and_then(|a| a.received_on), "收到理由之日")?;
            if let Some(asked) = asked.filter(|a| !accepted && a.received_on.is_none())
                && *date <= asked.until
            {
                return Err(Refusal::ReasonsStillOpen { until: asked.until });
            }
            // Silence condemns only whom the question has reached.
            if asked.is_some_and(|asked| !accepted && !asked.reached()) {
                return Err(Refusal::ServiceUnproved("说明理由告知书"));
            }
            let restart_on = restart(case, *date);
            Ok(on(*date, Event::ReasonsJudged { accepted: *accepted, why, restart_on }))
        }
        Command::Defer { on: date, until, why, notice } => {
            not_before("on", *date, case.limit_since(), "答复期限起算之日")?;
            not_before("until", *until, Some(*date), "告知之日")?;
            not_before("until", *until, case.clock().due_on(), "现有答复期限")?;
            reasonable(ctx, *date, *until)?;
            heard_by_another(case, ctx)?;
            let why = text("why", "延迟答复的理由", why)?.to_owned();
            Ok(on(*date, Event::Deferred { until: *until, why, notice: Some(*notice) }))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

/// Only reasons that were given can be good ones, and a limit of half a year is not one person's to give.
///
/// Source: 条例 art. 35 (申请理由合理); four eyes: our rule (D), as for an extension.
fn heard_by_another(case: &Case, ctx: &Context<'_>) -> Result<(), Refusal> {
    let asked = case.reasons_asked;
    if asked.is_none_or(|asked| asked.received_on.is_none()) {
        return Err(GroundRefusal::ReasonsNotGiven.into());
    }
    let judged_by = asked.and_then(|asked| asked.judged_by);
    if judged_by.is_some() && judged_by == ctx.actor {
        return Err(GroundRefusal::OwnJudgement.into());
    }
    Ok(())
}

/// A reply put off for ever is a refusal without reasons: the time must be 合理期限.
///
/// Source: 条例 art. 35 (U: the law names no number; a setting).
fn reasonable(ctx: &Context<'_>, date: NaiveDate, until: NaiveDate) -> Result<(), Refusal> {
    let longest = ctx.longest_deferral_days;
    let last = date.checked_add_days(Days::new(longest.into())).unwrap_or(date);
    if until > last { Err(GroundRefusal::DeferralTooLong { longest, last }.into()) } else { Ok(()) }
}

/// The day on which a limit that waits for reasons begins anew: the day they come, or the last day
/// to give them, whichever is earlier – silence must not buy the agency time.
///
/// Source: 条例 art. 35, 30 by analogy; rulebook appendix A (`reason_request_clock`, U).
fn restart(case: &Case, date: NaiveDate) -> Option<NaiveDate> {
    let waits = |asked: &ReasonsAsked| {
        asked.clock == ReasonRequestClock::AsCorrection && asked.received_on.is_none()
    };
    case.reasons_asked.filter(waits).map(|asked| date.min(asked.until))
}

/// While the limit runs, the applicant cannot be given longer than the agency has itself: the answer
/// would be late whatever they say. Once it is late already, nothing is lost by asking.
///
/// Source: 条例 art. 33, 35; rulebook 1.2 f.
fn within_reply_limit(
    case: &Case,
    date: NaiveDate,
    until: NaiveDate,
    clock: ReasonRequestClock,
) -> Result<(), Refusal> {
    let limit = case.clock().due_on().filter(|limit| date <= *limit);
    match limit.filter(|_| clock == ReasonRequestClock::Runs) {
        Some(limit) if until > limit => Err(Refusal::ReasonsBeyondLimit { until, limit }),
        _ => Ok(()),
    }
}

fn in_range(working_days: u16) -> Result<(), Refusal> {
    let asked = WorkingDays(u32::from(working_days));
    if asked > LONGEST_EXTENSION {
        return Err(RefusalReason::ExtensionTooLong { asked }.into());
    }
    if working_days == 0 {
        return Err(Refusal::OutOfRange {
            field: "working_days",
            label: "延长的工作日",
            min: 1,
            max: i64::from(LONGEST_EXTENSION.0),
        });
    }
    Ok(())
}

/// The day on which more time is asked for and granted: today, or the day of the notice that was made
/// on paper, for which it must have been granted before. The scan of it is on record, the entries keep
/// the moment at which they were made.
fn day_of_extension(case: &Case, ctx: &Context<'_>) -> NaiveDate {
    case.paper_day(NoticeKind::Extension).unwrap_or(ctx.today)
}

/// The limit must still be open when more time is asked for, granted and told.
///
/// Source: 条例 art. 33 ¶2; rulebook C7, 1.1 (40→45 after the limit is illegal).
fn within_limit(case: &Case, date: NaiveDate) -> Result<(), Refusal> {
    match case.clock().due_on() {
        Some(limit) if date > limit => {
            Err(RefusalReason::ExtensionAfterLimit { on: date, limit }.into())
        }
        _ => Ok(()),
    }
}

/// One extension for each running limit. Source: rulebook 1.2 c.
///
/// Source: rulebook 1.2 q (the limit of a new reply is the one the decision states).
pub(super) fn may_ask_extension(case: &Case) -> Result<(), Refusal> {
    limit_runs(case, Action::AskExtension)?;
    if case.is_remand_period() {
        return Err(Refusal::RemandLimitFixed);
    }
    if case.clock().extension().is_some() {
        return Err(RefusalReason::ExtensionRepeated.into());
    }
    match case.extension {
        Some(_) => Err(wrong_state(case, Action::AskExtension)),
        None => Ok(()),
    }
}

/// Where a correction or reasons are awaited the limit may stand; then there is nothing to extend.
fn limit_runs(case: &Case, action: Action) -> Result<(), Refusal> {
    let waits = matches!(case.phase(), State::CorrectionPending | State::ReasonPending);
    if waits && case.clock().due_on().is_none() { Err(wrong_state(case, action)) } else { Ok(()) }
}

pub(super) fn extension_is_asked(case: &Case) -> Result<(), Refusal> {
    asked(case).map(|_| ())
}

fn asked(case: &Case) -> Result<(u16, String), Refusal> {
    match &case.extension {
        Some(Extension::Asked { working_days, reason, .. }) => Ok((*working_days, reason.clone())),
        _ => Err(wrong_state(case, Action::ConsentExtension)),
    }
}

/// The consent of the head is a second look: not that of whoever asked, be it as deputy or in another
/// role. Source: 条例 art. 33 ¶2.
fn somebody_else_asked(case: &Case, ctx: &Context<'_>) -> Result<(), Refusal> {
    match &case.extension {
        Some(Extension::Asked { by: Some(by), .. }) if ctx.actor == Some(*by) => {
            Err(GroundRefusal::OwnExtension.into())
        }
        _ => Ok(()),
    }
}

pub(super) fn consented(case: &Case) -> Result<(u16, String, NaiveDate), Refusal> {
    match &case.extension {
        Some(Extension::Consented { working_days, reason, on }) => {
            Ok((*working_days, reason.clone(), *on))
        }
        _ => Err(Refusal::ConsentMissing),
    }
}
