//! Table four of the annual report (政府信息公开行政复议、行政诉讼情况): fifteen numbers that follow
//! from the remedies on record. Nobody types one.
//!
//! Source: 国办公开办函〔2021〕30号, table four; rulebook 4.2, T5.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::command::{RemedyKindOpened, RemedyResult};

/// One remedy, as far as the table counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedRemedy {
    /// Which group.
    pub kind: RemedyKindOpened,
    /// The body that decides, and its case number: together they are one remedy, however many
    /// requests it is about.
    pub body: String,
    /// See `body`.
    pub id: String,
    /// Day it was announced.
    pub opened_on: NaiveDate,
    /// Its end.
    pub decided: Option<(NaiveDate, RemedyResult)>,
}

/// One group of five numbers; the fifth is their sum and stored nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// 结果维持.
    pub upheld: u64,
    /// 结果纠正.
    pub corrected: u64,
    /// 其他结果.
    pub other: u64,
    /// 尚未审结.
    pub pending: u64,
}

impl Figures {
    /// 总计. Source: rulebook T5: it holds because it is nothing else.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.upheld + self.corrected + self.other + self.pending
    }

    /// Counts one more; `None` is one without end.
    pub const fn count(&mut self, result: Option<RemedyResult>) {
        let place = match result {
            Some(RemedyResult::Upheld) => &mut self.upheld,
            Some(RemedyResult::Corrected) => &mut self.corrected,
            Some(RemedyResult::Other) => &mut self.other,
            None => &mut self.pending,
        };
        *place += 1;
    }

    /// The five numbers in the order of the form.
    #[must_use]
    pub const fn numbers(&self) -> [u64; 5] {
        [self.upheld, self.corrected, self.other, self.pending, self.total()]
    }
}

/// The table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableFour {
    /// 行政复议.
    pub reconsideration: Figures,
    /// 行政诉讼: 未经复议直接起诉.
    pub suit: Figures,
    /// 行政诉讼: 复议后起诉.
    pub suit_after_reconsideration: Figures,
}

impl TableFour {
    /// The fifteen numbers in the order of the form.
    #[must_use]
    pub fn numbers(&self) -> [u64; 15] {
        let groups = [self.reconsideration, self.suit, self.suit_after_reconsideration];
        let mut numbers = groups.iter().flat_map(Figures::numbers);
        std::array::from_fn(|_| numbers.next().unwrap_or_default())
    }
}

/// The table of a year: what ended in it, by result, and what was announced by its end and had not
/// ended. What ended before is in the table of its own year.
#[must_use]
pub fn table_four(remedies: &[CountedRemedy], year: i32) -> TableFour {
    let mut table = TableFour::default();
    for one in one_by_one(remedies) {
        if one.opened_on.year() > year {
            continue;
        }
        let figures = match one.kind {
            RemedyKindOpened::Reconsideration => &mut table.reconsideration,
            RemedyKindOpened::Suit => &mut table.suit,
            RemedyKindOpened::SuitAfterReconsideration => &mut table.suit_after_reconsideration,
        };
        match one.end {
            Some((on, _)) if on.year() < year => {}
            Some((on, result)) if on.year() == year => figures.count(Some(result)),
            _ => figures.count(None),
        }
    }
    table
}

/// How the replies fared that these remedies are about, of whatever kind and year.
#[must_use]
pub fn fared(remedies: &[CountedRemedy]) -> Figures {
    let mut figures = Figures::default();
    for one in one_by_one(remedies) {
        figures.count(one.end.map(|(_, result)| result));
    }
    figures
}

/// A remedy with its own case number, however many requests it is about.
struct One {
    kind: RemedyKindOpened,
    opened_on: NaiveDate,
    end: Option<(NaiveDate, RemedyResult)>,
}

fn one_by_one(remedies: &[CountedRemedy]) -> impl Iterator<Item = One> {
    let mut found: BTreeMap<(RemedyKindOpened, &str, &str), One> = BTreeMap::new();
    for remedy in remedies {
        let &CountedRemedy { kind, opened_on, decided, .. } = remedy;
        found
            .entry((kind, remedy.body.trim(), remedy.id.trim()))
            .and_modify(|one| {
                one.opened_on = one.opened_on.min(opened_on);
                // About several requests: it has ended once it has ended for all of them.
                one.end = one.end.zip(decided).map(|(one, other)| one.max(other));
            })
            .or_insert(One { kind, opened_on, end: decided });
    }
    found.into_values()
}
