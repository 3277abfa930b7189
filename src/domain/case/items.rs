//! What the ledger says of the items of a request: list, review, search, decision, clearance.

use super::Case;
use crate::domain::counted::counted;
use crate::domain::event::{Entry, Event};
use crate::domain::examination::Answered;
use crate::domain::file::{Purpose, Supplied};
use crate::domain::finding::{Confirmation, Inspection};
use crate::domain::ids::UserId;
use crate::domain::item::{
    Clearance, EarlierRequest, Item, ItemText, NO_ITEM, Referral, Relation, Search,
};
use crate::domain::outcome::Outcome;
use crate::domain::reply::SearchRecord;

impl Case {
    /// The earlier request, answered before this one came, that this one repeats; the last linked.
    #[must_use]
    pub fn repeated(&self) -> Option<&EarlierRequest> {
        let bears = |(relation, earlier): &&(Relation, EarlierRequest)| {
            *relation == Relation::Repeats && earlier.bears_repeat(self.arrived_on)
        };
        self.links.iter().rfind(bears).map(|(_, earlier)| earlier)
    }

    /// Takes what is said of items into account.
    pub(super) fn note_items(&mut self, entry: &Entry) {
        match &entry.event {
            Event::ItemsListed { items } => {
                let known = std::mem::take(&mut self.items);
                self.renumber(&known, items);
                let unchanged = known.iter().map(|item| &item.text).eq(items);
                // A review speaks of what was there: of the one item nobody had listed, or of the
                // list as it was.
                let first = known.is_empty() && items.len() == 1;
                if !unchanged && !first {
                    self.clearance = None;
                    self.secrecy_finding = None;
                }
                let same =
                    |item: &Item| known.iter().find(|k| k.n == item.n && k.text == item.text);
                let listed = (1..).zip(items).map(|(n, text)| Item::new(n, text.clone()));
                // What was found of an item that reads as before stays found.
                self.items = listed.map(|item| same(&item).cloned().unwrap_or(item)).collect();
            }
            Event::ReviewAnswered { item, question, answer, note } => {
                let given = Answered { question: *question, answer: *answer, note: note.clone() };
                self.each_item(&[*item], |item| item.review.push(given.clone()));
            }
            Event::SearchRecorded { item, search } => {
                self.searches.push(Search { item: *item, record: search.clone() });
            }
            Event::ItemDecided { item, content } => {
                self.each_item(&[*item], |item| {
                    item.decision = Some(content.clone());
                    item.decided_by = entry.actor.id;
                });
            }
            Event::SecrecyReviewed { finding, .. } => {
                self.clearance = Some(Clearance {
                    seq: entry.seq,
                    finding: *finding,
                    by: entry.actor.id,
                    third_party: None,
                    personal_data: None,
                });
            }
            Event::ReleaseReviewed { items, finding, third_party, personal_data, .. } => {
                let clearance = Clearance {
                    seq: entry.seq,
                    finding: *finding,
                    by: entry.actor.id,
                    third_party: Some(*third_party),
                    personal_data: Some(*personal_data),
                };
                if self.items.len() <= 1 {
                    self.clearance = Some(clearance.clone());
                    self.secrecy_finding = Some(*finding);
                }
                self.secrecy_open = false;
                self.each_item(items, |item| item.clearance = Some(clearance.clone()));
            }
            Event::SplitOff { children } => {
                let gone = |n| children.iter().any(|child| child.items.contains(&n));
                self.items.retain(|item| !gone(item.n));
            }
            Event::FileAdded { file, name, purpose, item, .. }
                if *purpose == Purpose::Supplied.as_str() =>
            {
                self.supplied.push(Supplied {
                    file: *file,
                    name: name.clone(),
                    item: *item,
                    seq: entry.seq,
                    withdrawn: false,
                    added_by: entry.actor.id,
                    inspection: None,
                });
            }
            Event::FileInspected { file, rules, found } => {
                for supplied in self.supplied.iter_mut().filter(|s| s.file == *file) {
                    let seen = supplied.inspection.take().filter(|seen| seen.found == *found);
                    // Who said that the same findings may stay has said it of these.
                    let confirmed = seen.and_then(|seen| seen.confirmed);
                    let (rules, found) = (*rules, found.clone());
                    supplied.inspection = Some(Inspection { rules, found, confirmed });
                }
            }
            Event::FileRedacted(redacted) => {
                // Whoever confirmed it looked at it; whose work it is counts.
                for supplied in self.supplied.iter_mut().filter(|s| s.file == redacted.file) {
                    supplied.added_by = Some(redacted.made_by);
                }
            }
            Event::FindingsConfirmed { file, reason } => {
                let (by, reason, seq) = (entry.actor.id, reason.clone(), entry.seq);
                let confirmed = Confirmation { by, reason, seq };
                for supplied in self.supplied.iter_mut().filter(|s| s.file == *file) {
                    let confirmed = Some(confirmed.clone());
                    supplied.inspection =
                        supplied.inspection.take().map(|seen| Inspection { confirmed, ..seen });
                }
            }
            Event::FileWithdrawn { file, .. } => {
                for supplied in self.supplied.iter_mut().filter(|s| s.file == *file) {
                    supplied.withdrawn = true;
                }
            }
            Event::AnsweredTogether { together } => self.together = Some(together.clone()),
            Event::TogetherChanged { together } => self.together.clone_from(together),
            Event::Linked { relation, earlier } => self.links.push((*relation, earlier.clone())),
            _ => self.note_referral(entry),
        }
    }

    fn note_referral(&mut self, entry: &Entry) {
        match &entry.event {
            Event::SecrecyReferred { id, items, .. } => {
                self.referrals.push(Referral {
                    id: id.clone(),
                    items: items.clone(),
                    sent_on: entry.on,
                    ruling: None,
                });
                // Whoever doubts takes the earlier finding back.
                if self.items.len() <= 1 || items.is_empty() {
                    self.clearance = None;
                    self.secrecy_finding = None;
                }
                self.each_item(items, |item| item.clearance = None);
            }
            Event::SecrecyRuled { id, finding, .. } => {
                for referral in self.referrals.iter_mut().filter(|r| r.id == *id) {
                    referral.ruling = Some(*finding);
                }
            }
            _ => {}
        }
    }

    /// Letters about items follow them into a new list: by their words, and where those are gone, to
    /// whatever is new there, which may be the same in other words.
    fn renumber(&mut self, known: &[Item], listed: &[ItemText]) {
        let place = |text: &ItemText| (1..).zip(listed).find(|(_, l)| *l == text).map(|(n, _)| n);
        let is_new = |text: &ItemText| !known.iter().any(|item| item.text == *text);
        let new: Vec<u16> =
            (1..).zip(listed).filter(|(_, text)| is_new(text)).map(|(n, _)| n).collect();
        let referred = self.referrals.iter_mut().map(|referral| &mut referral.items);
        let consulted = self.consultations.iter_mut().map(|letter| &mut letter.items);
        for items in referred.chain(consulted).filter(|items| !items.is_empty()) {
            let mut moved = Vec::new();
            for n in items.iter() {
                match known.iter().find(|item| item.n == *n).and_then(|item| place(&item.text)) {
                    Some(n) => moved.push(n),
                    None => moved.extend(&new),
                }
            }
            // Without any number it would concern all of them.
            *items = if moved.is_empty() { vec![NO_ITEM] } else { moved };
        }
    }

    /// Who wrote what a reply put together from items says.
    #[must_use]
    pub fn item_authors(&self) -> Vec<UserId> {
        self.items.iter().filter_map(|item| item.decided_by).collect()
    }

    /// Does something to the items of these numbers; to all where none are given.
    fn each_item(&mut self, numbers: &[u16], change: impl FnMut(&mut Item)) {
        let meant = |item: &&mut Item| numbers.is_empty() || numbers.contains(&item.n);
        self.items.iter_mut().filter(meant).for_each(change);
    }

    /// The request reads otherwise, or must be answered anew: what was found no longer holds. The
    /// list of items stays.
    pub(super) fn forget_findings(&mut self) {
        self.clearance = None;
        self.referrals.clear();
        self.searches.clear();
        self.together = None;
        for item in &mut self.items {
            *item = Item::new(item.n, item.text.clone());
        }
    }

    /// The item of this number.
    #[must_use]
    pub fn item(&self, n: u16) -> Option<&Item> {
        self.items.iter().find(|item| item.n == n)
    }

    /// Whether the reply is put together from decided items, and not written as one.
    #[must_use]
    pub fn answers_by_item(&self) -> bool {
        self.items.len() > 1 || self.items.iter().any(|item| item.decision.is_some())
    }

    /// What the decided items amount to; `None` while nothing is decided.
    #[must_use]
    pub fn counted_outcome(&self) -> Option<Outcome> {
        let outcomes: Vec<_> = self.items.iter().filter_map(Item::outcome).collect();
        counted(&outcomes)
    }

    /// Whether a letter to the competent authority waits for its answer.
    #[must_use]
    pub fn referral_open(&self) -> bool {
        self.referrals.iter().any(|referral| referral.ruling.is_none())
    }

    /// The last search for the item; `None` asks for the whole request.
    #[must_use]
    pub fn searched(&self, item: Option<u16>) -> Option<&SearchRecord> {
        let whole = item.is_none() && self.items.len() <= 1;
        let of_it = |search: &&Search| whole || search.item.is_none() || search.item == item;
        self.searches.iter().rfind(of_it).map(|search| &search.record)
    }

    /// Whether the last search for it was in vain. Source: 条例 art. 36 (4).
    #[must_use]
    pub fn searched_in_vain(&self, item: Option<u16>) -> bool {
        self.searched(item).is_some_and(SearchRecord::in_vain)
    }
}
