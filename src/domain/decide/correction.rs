//! 补正: one notice that lists everything, the corrected application, the lapse.
//!
//! Source: 条例 art. 30; rulebook 1.2 b.

use super::{Context, Happening, not_before, on, text};
use crate::domain::case::Case;
use crate::domain::command::{Command, CorrectionDefect};
use crate::domain::event::Event;
use crate::domain::policy::Role;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;

/// Rounds of correction that need nobody's consent. Source: 条例 art. 30 (一次性); rulebook (D).
const FREE_ROUNDS: usize = 1;

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
        other => Err(super::wrong_state(case, other.action())),
    }
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
