//! Until when the applicant may still turn to the review body or to court: what the agency must
//! expect, and how long the file is kept at hand.

use chrono::{Days, Months, NaiveDate};

use super::{RECONSIDERATION_DAYS, SUIT_AFTER_RECONSIDERATION_DAYS, SUIT_MONTHS};
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, Remedy};
use crate::domain::command::{RemedyEnding, RemedyKindOpened};
use crate::domain::item::Item;
use crate::domain::outcome::{Outcome, RemedyKind};
use crate::domain::text_enum::text_enum;

text_enum!(
    /// Which way is open to the applicant.
    WindowKind {
        /// Reconsideration of the reply.
        Reconsideration = "reconsideration", "对答复申请行政复议";
        /// Suit against the reply.
        Suit = "suit", "对答复直接提起行政诉讼";
        /// Reconsideration because nothing was answered in time.
        ReconsiderationOfSilence = "reconsideration_of_silence", "对逾期未答复申请行政复议";
        /// Suit because nothing was answered in time.
        SuitOfSilence = "suit_of_silence", "对逾期未答复提起行政诉讼";
        /// Suit after the decision of the review body.
        SuitAfterReconsideration = "suit_after_reconsideration", "对复议决定不服提起行政诉讼";
    }
);

/// A way with its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Which way.
    pub kind: WindowKind,
    /// The day it runs from, itself not counted.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// Whether the last day is not certain: the calendar is estimated, or it is not known when the
    /// applicant received what it runs from.
    pub provisional: bool,
    /// Where it stands.
    pub article: &'static str,
}

/// The ways open to the applicant of a case as it stands on `today`, past ones included.
///
/// A way that depends on what nobody has recorded – when the reply was served – is left out rather
/// than guessed.
///
/// Source: 行政复议法 art. 20 ¶1, 23 ¶1 (4); 行政诉讼法 art. 45, 46 ¶1; 行诉解释 art. 66; rulebook
/// C3, 5.4.
#[must_use]
pub fn windows(case: &Case, calendar: &Calendar, today: NaiveDate) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut add = |kind, from, until: Option<NaiveDate>, unsure| {
        let reached = until.and_then(|until| calendar.roll_forward(until).ok());
        if let Some(reached) = reached {
            windows.push(Window {
                kind,
                from,
                until: reached.on,
                provisional: unsure || reached.estimated,
                article: article(kind),
            });
        }
    };
    let days = |from: NaiveDate, days: u16| from.checked_add_days(Days::new(days.into()));
    let months = |from: NaiveDate| from.checked_add_months(Months::new(SUIT_MONTHS.into()));
    let served = case.reply.as_ref().and_then(|reply| Some((reply.served_on?, reply.outcome)));
    if let Some((on, outcome)) = served {
        let ways = ways(case, outcome);
        // While the review body has it, and once it has decided, the way is the suit over its decision.
        let reviewed = case.reconsiderations().any(|one| one.reviewed() != Some(false));
        let withdrawn = |one: &Remedy| {
            one.decided.as_ref().is_some_and(|d| d.ending == Some(RemedyEnding::Withdrawn))
        };
        let barred = reviewed || case.reconsiderations().any(withdrawn);
        if ways.iter().any(|way| *way != RemedyKind::None) && !barred {
            add(WindowKind::Reconsideration, on, days(on, RECONSIDERATION_DAYS), false);
        }
        if ways.contains(&RemedyKind::Choice) && !reviewed {
            add(WindowKind::Suit, on, months(on), false);
        }
    }
    let reading = case.reading(calendar, today);
    let silent = reading.due_on.filter(|due| case.state().awaits_reply() && *due < today);
    if let Some(due) = silent {
        let unsure = reading.provisional;
        let until = days(due, RECONSIDERATION_DAYS);
        add(WindowKind::ReconsiderationOfSilence, due, until, unsure);
        add(WindowKind::SuitOfSilence, due, months(due), unsure);
    }
    for remedy in case.remedies.iter().filter(|r| r.kind == RemedyKindOpened::Reconsideration) {
        let Some(decided) = &remedy.decided else { continue };
        // Who withdrew or settled has no decision to sue over.
        if matches!(decided.ending, Some(RemedyEnding::Withdrawn | RemedyEnding::Mediated)) {
            continue;
        }
        let from = decided.served_on.unwrap_or(decided.on);
        let until = days(from, SUIT_AFTER_RECONSIDERATION_DAYS);
        let unsure = decided.served_on.is_none();
        add(WindowKind::SuitAfterReconsideration, from, until, unsure);
    }
    windows
}

/// The ways a reply leaves open: of each item its own, where it answers several.
///
/// Source: 行政复议法 art. 23 ¶1 (4), ¶2; rulebook 4.1, 5.4 (U).
fn ways(case: &Case, outcome: Outcome) -> Vec<RemedyKind> {
    let of_items: Vec<RemedyKind> = if case.answers_by_item() {
        case.items.iter().filter_map(Item::outcome).map(|one| one.rule().remedy).collect()
    } else {
        Vec::new()
    };
    if of_items.is_empty() { vec![outcome.rule().remedy] } else { of_items }
}

const fn article(kind: WindowKind) -> &'static str {
    match kind {
        WindowKind::Reconsideration | WindowKind::ReconsiderationOfSilence => {
            "《行政复议法》第二十条第一款"
        }
        WindowKind::Suit => "《行政诉讼法》第四十六条第一款",
        WindowKind::SuitOfSilence => {
            "《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》第六十六条"
        }
        WindowKind::SuitAfterReconsideration => "《行政诉讼法》第四十五条",
    }
}
