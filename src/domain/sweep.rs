//! What the passing of time calls for in a case: the steps that the daily sweep takes or proposes.
//! A pure function of case, calendar and day, so that sweeping twice finds nothing to do.
//!
//! Source: 条例 art. 30, 32, 34; 109号 art. 6; rulebook 1.1 (91, 92).

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::case::Case;
use super::command::Command;
use super::consultation;
use super::policy::Action;
use super::proposal::Proposal;
use super::state::State;

/// The steps that are due on `today`, in the order in which they are to be taken.
///
/// A limit that rests on an estimated calendar is not over before the calendar is published.
#[must_use]
pub fn due(case: &Case, calendar: &Calendar, today: NaiveDate) -> Vec<Command> {
    let mut steps = Vec::new();
    if applicants_limit(case, calendar).is_some_and(|(limit, sure)| sure && limit < today) {
        steps.push(Command::ProposeLapse);
    }
    for (id, limit, sure) in silences(case, calendar) {
        if sure && limit < today {
            // The effect is there when the last day is over, whenever it is noticed.
            steps.push(Command::RecordSilence { on: limit.succ_opt().unwrap_or(limit), id });
        }
    }
    steps
}

/// The first day on which [`due`] may find something; `None` while no limit of others runs.
#[must_use]
pub fn watch_on(case: &Case, calendar: &Calendar) -> Option<NaiveDate> {
    let own = applicants_limit(case, calendar).map(|(limit, _)| limit);
    let others = silences(case, calendar).map(|(_, limit, _)| limit);
    own.into_iter().chain(others).min().and_then(|limit| limit.succ_opt())
}

/// What is proposed for the case now, if anything.
#[must_use]
pub const fn proposal(case: &Case) -> Option<Proposal> {
    match case.phase() {
        State::CorrectionPending if case.lapse_proposed => Some(Proposal::LapseCorrection),
        State::FeePending if case.lapse_proposed => Some(Proposal::LapseFee),
        State::Examining | State::Processing | State::Deferred if case.silence_unanswered => {
            Some(Proposal::DecideAfterSilence)
        }
        _ => None,
    }
}

/// The applicant's limit that nobody has been reminded of, and whether it is certain.
fn applicants_limit(case: &Case, calendar: &Calendar) -> Option<(NaiveDate, bool)> {
    if case.lapse_proposed || case.lapse_revoked {
        return None;
    }
    let clock = case.clock();
    let (limit, from) = match case.phase() {
        State::CorrectionPending => {
            let round = case.corrections.last()?;
            (case.correction_on().unwrap_or(round.until), round.requested_on)
        }
        State::FeePending => (case.payment_on()?, clock.fee_notice()?.notified_on),
        _ => return None,
    };
    Some((limit, calendar.working_days_between(from, limit).is_ok_and(|c| !c.estimated)))
}

/// The letters whose addressees have not answered, each with its limit and whether it is certain.
fn silences<'a>(
    case: &'a Case,
    calendar: &'a Calendar,
) -> impl Iterator<Item = (String, NaiveDate, bool)> + 'a {
    let possible = Action::RecordSilence.phases().contains(&case.phase());
    case.consultations.iter().filter(move |c| possible && c.open).filter_map(|c| {
        let limit = consultation::limit(calendar, c.served_on?).ok()?;
        Some((c.id.clone(), limit.on, !limit.estimated))
    })
}
