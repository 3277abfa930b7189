//! 补正: one notice that lists everything, the corrected application, the lapse.
//!
//! Source: 条例 art. 30; rulebook 1.2 b.

use super::{Context, Happening, not_before, on, text, today, wrong_state};
use crate::domain::case::Case;
use crate::domain::command::{Command, CorrectionDefect};
use crate::domain::event::Event;
use crate::domain::policy::{Action, Role};
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::state::State;

/// Rounds of correction that need nobody's consent. Source: 条例 art. 30 (一次性); rulebook (D).
const FREE_ROUNDS: usize = 1;

/// Rounds of correction there can be at all. Source: 条例 art. 30 (一次性); rulebook 1.2 b: a second one
/// is the exception, and after it the request is answered as it is (U4).
const MOST_ROUNDS: usize = 2;

/// A third round is not to be had by anybody's approval.
pub(super) fn may_ask(case: &Case) -> Result<(), Refusal> {
    if case.corrections.len() < MOST_ROUNDS {
        return Ok(());
    }
    Err(GroundRefusal::CorrectionsExhausted.into())
}

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::AskCorrection { on: date, until, defects, approval, notice } => {
            not_before("on", *date, case.limit_since(), "答复期限起算之日")?;
            // Some time there must be: a reasonable one (合理期限). Source: 条例 art. 30.
            not_before("until", *until, date.succ_opt(), "补正告知书发出之日的次日")?;
            listed(defects)?;
            let approval = approved(case, approval, ctx)?.to_owned();
            // Once the search has begun, asking is only open within the notice limit; before that
            // a late notice is lawful work with a defect.
            let limit = case.clock().correction_notice_on();
            if let Some(limit) = limit.filter(|l| date > l && case.phase() == State::Processing) {
                return Err(Refusal::CorrectionDuringProcessing(limit));
            }
            let event = Event::CorrectionRequested {
                until: *until,
                defects: defects.clone(),
                notice: *notice,
                approval,
            };
            Ok(on(*date, event))
        }
        Command::RenewCorrection { until, notice } => {
            let tomorrow = ctx.today.succ_opt();
            not_before("until", *until, tomorrow, "补正告知书发出之日的次日")?;
            not_before("until", *until, case.correction_on(), "此前告知的补正期限")?;
            let round = case.corrections.last();
            let defects = round.map(|round| round.defects.clone()).unwrap_or_default();
            let event = Event::CorrectionRenewed { until: *until, defects, notice: *notice };
            Ok(today(ctx, event))
        }
        Command::RecordCorrection { on: date, text: corrected } => {
            not_before("on", *date, requested_on(case), "补正告知书发出之日")?;
            let text = text("text", "补正的内容", corrected)?.to_owned();
            Ok(on(*date, Event::CorrectionReceived { text }))
        }
        Command::LapseCorrection { on: date, notice_served_on, proof, proof_file, notice } => {
            let proof = text("proof", "补正告知书的送达凭证", proof)?.to_owned();
            let sent_on = requested_on(case);
            not_before("notice_served_on", *notice_served_on, sent_on, "补正告知书发出之日")?;
            let until = case.correction_on();
            if let Some(until) = until.filter(|until| date <= until) {
                return Err(Refusal::CorrectionStillOpen { until });
            }
            // A notice that came after its own limit gave the applicant no time at all.
            if until.is_some_and(|until| *notice_served_on > until) {
                return Err(Refusal::ServiceUnproved("补正告知书"));
            }
            let event = Event::CorrectionLapsed {
                notice_served_on: *notice_served_on,
                proof,
                proof_file: *proof_file,
                notice: Some(*notice),
            };
            Ok(on(*date, event))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

/// The notice is sent again with a new last day where it came back, or came so late that no time
/// was left: the applicant gets the reasonable time the law gives. It is the same round, and the
/// agency's own limit stays where the first notice left it.
///
/// Source: 条例 art. 30 (合理的补正期限); rulebook 1.2 b (D).
pub(super) fn may_renew(case: &Case) -> Result<(), Refusal> {
    let Some(round) = case.corrections.last() else {
        return Err(wrong_state(case, Action::RenewCorrection));
    };
    let sent = case.letters.iter().rev().find(|letter| letter.notice == round.notice);
    let came_back = sent.is_some_and(|letter| letter.returned);
    let last_day = case.correction_on().unwrap_or(round.until);
    let no_time_left = round.served_on.is_some_and(|served| served >= last_day);
    if came_back || no_time_left {
        return Ok(());
    }
    Err(wrong_state(case, Action::RenewCorrection))
}

/// The reason for which the head allows a further round. The first needs none, and puts none on
/// record: whoever asks for it, nobody approved it.
///
/// Source: 条例 art. 30 (一次性); rulebook 1.2 b (D).
fn approved<'t>(case: &Case, reason: &'t str, ctx: &Context<'_>) -> Result<&'t str, Refusal> {
    if case.corrections.len() < FREE_ROUNDS {
        return Ok("");
    }
    if !ctx.roles.contains(&Role::Head) {
        return Err(Refusal::SecondCorrection);
    }
    text("approval", "同意再次要求补正的理由", reason)
}

fn requested_on(case: &Case) -> Option<chrono::NaiveDate> {
    case.corrections.last().map(|round| round.requested_on)
}

/// At least one defect, and guidance for each. Source: 条例 art. 30 (给予指导和释明).
fn listed(defects: &[CorrectionDefect]) -> Result<(), Refusal> {
    if defects.is_empty() {
        return Err(Refusal::TextMissing { field: "defects", label: "需要补正的事项" });
    }
    for defect in defects {
        text("defects", "每一补正事项的说明", &defect.guidance)?;
    }
    Ok(())
}
