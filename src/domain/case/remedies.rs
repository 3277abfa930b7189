//! Remedies against the agency in a case: one after the other, each with its own limit, none of
//! them ever overwritten.
//!
//! Source: 行政复议法 art. 48, 54, 64, 70; 行政诉讼法 art. 67, 70; rulebook 1.1 (97), 5.4.

use chrono::NaiveDate;

use super::Case;
use crate::domain::calendar::Calendar;
use crate::domain::command::{Claimant, RemedyEnding, RemedyKindOpened, RemedyResult};
use crate::domain::event::Event;
use crate::domain::ids::NoticeId;
use crate::domain::remedy::AnswerTerm;
use crate::domain::state::State;
use crate::domain::working_days::Reached;

/// A reconsideration or suit against the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Its file number with the body that decides.
    pub id: String,
    /// Which.
    pub kind: RemedyKindOpened,
    /// The body that decides.
    pub body: String,
    /// What fixes the time to answer; none in old ledgers.
    pub term: Option<AnswerTerm>,
    /// Who turned to it; none in old ledgers.
    pub claimant: Option<Claimant>,
    /// Their name, where it is not the applicant.
    pub claimant_name: String,
    /// What they want.
    pub claims: String,
    /// Day it was announced to the agency.
    pub opened_on: NaiveDate,
    /// The reply it is about; none against silence.
    pub against: Option<NoticeId>,
    /// The agency's answer.
    pub answer: Option<RemedyAnswer>,
    /// Its end.
    pub decided: Option<RemedyDecision>,
    /// The new limit it led to: day and working days.
    pub remanded: Option<(NaiveDate, u16)>,
}

/// The agency's answer to the reviewing body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyAnswer {
    /// Day it was handed in or posted.
    pub on: NaiveDate,
    /// Its number or title.
    pub document: String,
    /// Evidence that went with it.
    pub evidence: String,
}

/// How a remedy ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyDecision {
    /// Day the decision reached the agency.
    pub on: NaiveDate,
    /// The column of table four.
    pub result: RemedyResult,
    /// In which way exactly.
    pub ending: Option<RemedyEnding>,
    /// Number of the decision or judgment.
    pub decision: String,
    /// Day it reached the claimant, where known.
    pub served_on: Option<NaiveDate>,
    /// What the body held.
    pub holding: String,
}

impl Remedy {
    /// Whether it still runs.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.decided.is_none()
    }

    /// Whether its decision, not followed yet, obliges the agency to act anew: one order, one limit.
    ///
    /// Source: 行政复议法 art. 63–66; 行政诉讼法 art. 70, 72, 74.
    #[must_use]
    pub fn orders_anew(&self) -> bool {
        let corrected = |decided: &RemedyDecision| decided.result == RemedyResult::Corrected;
        self.remanded.is_none() && self.decided.as_ref().is_some_and(corrected)
    }

    /// Whether the applicant had the reply reviewed on its substance by it: from then on the way is the
    /// suit over that decision. `None` while it runs.
    ///
    /// Source: 行政复议法 art. 29; 行政诉讼法 art. 44, 45.
    #[must_use]
    pub fn reviewed(&self) -> Option<bool> {
        let decided = self.decided.as_ref()?;
        let unheard = matches!(
            decided.ending,
            Some(RemedyEnding::Inadmissible | RemedyEnding::Withdrawn | RemedyEnding::Terminated)
        );
        Some(!unheard)
    }

    /// The last day to answer the body; `None` where the term is not known.
    #[must_use]
    pub fn answer_due(&self, calendar: &Calendar) -> Option<Reached> {
        self.term?.last_day(calendar, self.opened_on).ok()
    }

    /// The day that presses: the last day to answer, while it runs and is not answered.
    #[must_use]
    pub fn presses(&self, calendar: &Calendar) -> Option<Reached> {
        if self.is_open() && self.answer.is_none() { self.answer_due(calendar) } else { None }
    }

    /// What went wrong with the answer. A limit that rests on an estimate is nobody's fault.
    ///
    /// Source: 行政复议法 art. 70; 行政诉讼法 art. 34 ¶2 (without answer there is no evidence).
    fn defect(&self, calendar: &Calendar) -> Option<&'static str> {
        let due = self.answer_due(calendar).filter(|due| !due.estimated)?.on;
        match (&self.answer, &self.decided) {
            (Some(answer), _) if answer.on > due => Some("remedy_answer_late"),
            (None, Some(decided)) if decided.on > due => Some("remedy_answer_missing"),
            _ => None,
        }
    }
}

impl Case {
    /// Whether a reconsideration or suit runs.
    #[must_use]
    pub fn under_remedy(&self) -> bool {
        self.remedies.iter().any(Remedy::is_open)
    }

    /// The remedy with this case number.
    #[must_use]
    pub fn remedy(&self, id: &str) -> Option<&Remedy> {
        self.remedies.iter().find(|remedy| remedy.id == id)
    }

    /// The applicant's reconsiderations of the reply that stands.
    pub fn reconsiderations(&self) -> impl Iterator<Item = &Remedy> {
        let standing = self.reply.as_ref().and_then(|reply| reply.notice);
        self.remedies.iter().filter(move |remedy| {
            remedy.kind == RemedyKindOpened::Reconsideration
                && remedy.against == standing
                && remedy.claimant.is_none_or(|claimant| claimant == Claimant::Applicant)
        })
    }

    /// The next last day to answer a reviewing body.
    #[must_use]
    pub fn remedy_due(&self, calendar: &Calendar) -> Option<Reached> {
        let pressing = self.remedies.iter().filter_map(|remedy| remedy.presses(calendar));
        pressing.min_by_key(|reached| reached.on)
    }

    /// Defects of procedure towards reviewing bodies, in the order of the remedies.
    pub(super) fn remedy_defects(&self, calendar: &Calendar) -> impl Iterator<Item = String> {
        let found = self.remedies.iter().filter_map(|remedy| remedy.defect(calendar));
        let mut defects: Vec<String> = found.map(str::to_owned).collect();
        defects.dedup();
        defects.into_iter()
    }

    pub(super) fn note_remedy(&mut self, on: NaiveDate, event: &Event) {
        match event {
            Event::RemedyOpened(opened) => {
                let against = self.attacked(opened.remedy);
                self.remedies.push(Remedy {
                    id: opened.id.clone(),
                    kind: opened.remedy,
                    body: opened.body.clone(),
                    term: opened.term,
                    claimant: opened.claimant,
                    claimant_name: opened.claimant_name.clone(),
                    claims: opened.claims.clone(),
                    opened_on: on,
                    against,
                    answer: None,
                    decided: None,
                    remanded: None,
                });
                // The file leaves the archive and returns to it with the result.
                if self.phase == State::Archived {
                    self.phase = State::Closed;
                }
            }
            Event::RemedyAnswered { id, document, evidence } => {
                let (document, evidence) = (document.clone(), evidence.clone());
                self.at_remedy(id, |remedy| {
                    remedy.answer = Some(RemedyAnswer { on, document, evidence });
                });
            }
            Event::RemedyDecided(said) => {
                let decided = RemedyDecision {
                    on,
                    result: said.result,
                    ending: said.ending,
                    decision: said.decision.clone(),
                    served_on: said.served_on,
                    holding: said.holding.clone(),
                };
                self.at_remedy(&said.id, |remedy| remedy.decided = Some(decided));
            }
            Event::Remanded { working_days, remedy, .. } => {
                let order = (on, *working_days);
                self.at_remedy(remedy, |remedy| remedy.remanded = Some(order));
            }
            _ => {}
        }
    }

    /// The reply a new remedy is about: the one that stands, or the one that was reviewed before.
    fn attacked(&self, kind: RemedyKindOpened) -> Option<NoticeId> {
        let standing = self.reply.as_ref().and_then(|reply| reply.notice);
        if kind != RemedyKindOpened::SuitAfterReconsideration {
            return standing;
        }
        let before = |r: &&Remedy| r.kind == RemedyKindOpened::Reconsideration;
        self.remedies.iter().rfind(before).and_then(|remedy| remedy.against).or(standing)
    }

    fn at_remedy(&mut self, id: &str, change: impl FnOnce(&mut Remedy)) {
        if let Some(remedy) = self.remedies.iter_mut().find(|remedy| remedy.id == id) {
            change(remedy);
        }
    }
}
