//! What another calendar makes of a case: each limit that moves, with the date before and after.
//!
//! Source: rulebook C11 (limits recomputed, the old value kept).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, CaseDates};
use super::case::{Case, Governing};
use super::command::Command;
use super::outcome::Outcome;

/// A limit that another calendar moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MovedLimit {
    /// Which limit.
    pub which: Governing,
    /// The date before.
    pub old: Option<NaiveDate>,
    /// The date now.
    pub new: Option<NaiveDate>,
    /// Whether the date before was certain. What rested on an estimate was told to nobody.
    pub was_certain: bool,
}

impl MovedLimit {
    /// Whether the applicant must hear of it: a date that was certain could be read in a document or
    /// on the progress page.
    #[must_use]
    pub fn concerns_applicant(&self) -> bool {
        let told = self.was_certain && self.old.is_some() && !self.is_kept();
        // The safe limit is the agency's own guess; towards a reviewing body the agency has the limit.
        told && !matches!(self.which, Governing::SafeReply | Governing::RemedyAnswer)
    }

    /// Whether the date stays although the calendar would move it: the applicant was told it, and
    /// would have less time. It is put on record so that it goes on to stay.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.old == self.new
    }
}

/// What another calendar changed in a case: the entry of its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recalculation {
    /// Last day to reply before, or the safe guess at it.
    pub old_due_on: Option<NaiveDate>,
    /// The same now.
    pub new_due_on: Option<NaiveDate>,
    /// Version of the calendar.
    pub version: String,
    /// Document that changed the calendar, or why an import was taken back; none in old ledgers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Every limit that moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<MovedLimit>,
}

impl Recalculation {
    /// The dates that moved and that the applicant reads: what and until when. An old ledger tells
    /// only the last day to reply.
    pub fn for_applicant(&self) -> impl Iterator<Item = (&'static str, NaiveDate)> + '_ {
        let reply = self.new_due_on.filter(|_| self.limits.is_empty());
        let reply = reply.map(|on| (Governing::Reply, on));
        let moved = self.limits.iter().filter(|limit| !limit.is_kept());
        let moved = moved.filter_map(|limit| Some((limit.which, limit.new?)));
        reply.into_iter().chain(moved).filter_map(|(which, on)| match which {
            Governing::Reply => Some(("最迟答复日期", on)),
            Governing::Correction => Some(("补正期限", on)),
            Governing::Payment => Some(("缴费期限", on)),
            Governing::SafeReply | Governing::RemedyAnswer => None,
        })
    }
}

/// The limits of `case` that differ between `old` and `new`; none while it was closed.
///
/// Both replay the same ledger. A limit of the applicant's own that was told and would now be earlier
/// is listed as kept. Source: rulebook C11.
#[must_use]
pub fn moved(case: (&Case, &Case), calendars: (&Calendar, &Calendar)) -> Vec<MovedLimit> {
    let (before, after) = (limits(case.0, calendars.0), limits(case.1, calendars.1));
    let pairs = before.into_iter().zip(after);
    let differs = pairs.filter(|((_, old, _), (_, new, _))| old != new);
    differs
        .map(|((which, old, was_certain), (_, new, _))| {
            let theirs = matches!(which, Governing::Correction | Governing::Payment);
            let new = if theirs && was_certain { new.max(old) } else { new };
            MovedLimit { which, old, new, was_certain }
        })
        .collect()
}

/// Each limit of a case with its date, and whether that is certain.
fn limits(case: &Case, calendar: &Calendar) -> [(Governing, Option<NaiveDate>, bool); 5] {
    let projection = case.projection(calendar);
    let certain = |on: Option<NaiveDate>| {
        let from = case.limit_since().or(case.arrived_on);
        let counted = from.zip(on).and_then(|(a, b)| calendar.working_days_between(a, b).ok());
        counted.is_some_and(|counted| !counted.estimated)
    };
    let answer = case.remedy_due(calendar);
    // Who withdrew, or whose request ended otherwise, has nothing left to correct or to pay.
    let ended = case.outcome == Some(Outcome::O3);
    let theirs = |on: Option<NaiveDate>| on.filter(|_| !ended);
    let (correction, payment) = (theirs(case.correction_on()), theirs(case.payment_on()));
    [
        (Governing::Reply, projection.due_on, !projection.provisional),
        (Governing::SafeReply, projection.conservative_due_on, false),
        (Governing::Correction, correction, certain(correction)),
        (Governing::Payment, payment, certain(payment)),
        (Governing::RemedyAnswer, answer.map(|due| due.on), answer.is_some_and(|d| !d.estimated)),
    ]
}

/// The step that puts moved limits on record.
#[must_use]
pub fn command(moved: Vec<MovedLimit>, version: &str, reason: &str) -> Command {
    let reply = moved.iter().find(|limit| limit.which == Governing::Reply);
    let unmoved = moved.iter().find(|limit| limit.which == Governing::SafeReply);
    let shown = reply.or(unmoved);
    Command::AcceptCalendar(Recalculation {
        old_due_on: shown.and_then(|limit| limit.old),
        new_due_on: shown.and_then(|limit| limit.new),
        version: version.to_owned(),
        reason: reason.to_owned(),
        limits: moved,
    })
}

/// What the first look at a case needs: see [`super::calendar::Change::may_touch`].
#[must_use]
pub fn case_dates(case: &Case, calendar: &Calendar) -> CaseDates {
    let projection = case.projection(calendar);
    CaseDates::of(
        case.arrived_on,
        case.received_on,
        [
            projection.due_on,
            projection.conservative_due_on,
            projection.queue_on,
            projection.watch_on,
            case.remedies.iter().filter_map(|r| Some(r.answer_due(calendar)?.on)).max(),
        ],
    )
}
