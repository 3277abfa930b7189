//! What was withheld is looked at again, year by year, and opened once circumstances allow it.
//!
//! Source: 条例 art. 18: 对本行政机关不予公开的政府信息进行定期评估审查，对因情势变化可以公开的政府信息应当公开;
//! rulebook 5.3 "Yearly re-assessment".

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::ids::UserId;
use super::item::NO_ITEM;
use super::outcome::Outcome;
use super::policy::Role;
use super::refusal::{AnsweredRefusal, Refusal};
use super::text::{TEXT_MAX, required};
use super::text_enum::text_enum;

text_enum!(
    /// Where the assessment of something withheld stands.
    AssessmentState {
        /// It stays withheld and waits for its day.
        Waiting = "waiting", "待评估";
        /// Somebody found that it may be opened; a second person has to look.
        Proposed = "proposed", "拟公开，待复核";
        /// It may be opened.
        Opened = "opened", "已确认可以公开";
        /// The case was taken up anew: what it says now counts.
        Superseded = "superseded", "案卷重新办理，不再评估";
    }
);

text_enum!(
    /// What was done about it.
    AssessmentStep {
        /// It stays withheld.
        Keep = "keep", "继续不予公开";
        /// It may be opened, since circumstances have changed.
        Propose = "propose", "建议公开";
        /// A second person agrees.
        Confirm = "confirm", "复核确认公开";
        /// A second person does not, or the first takes it back.
        Reject = "reject", "不同意公开";
    }
);

/// A step in the assessment, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessing {
    /// What is done.
    pub step: AssessmentStep,
    /// Why it stays withheld; which circumstances have changed; why it is not opened.
    pub reason: String,
}

/// Something that a case withholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The item; [`NO_ITEM`] for the request as a whole.
    pub item: u16,
    /// Its name; none for the request as a whole.
    pub title: Option<String>,
    /// On which ground.
    pub outcome: Outcome,
}

/// Outcomes that withhold information the agency has, all of it or a part.
pub const WITHHOLDING: [Outcome; 8] = [
    Outcome::P1,
    Outcome::N1,
    Outcome::N2,
    Outcome::N3,
    Outcome::N4,
    Outcome::N5,
    Outcome::N6,
    Outcome::N7,
];

/// What a closed case withholds, item by item where its items were decided one by one.
///
/// Source: 条例 art. 14–16, 18, 37.
#[must_use]
pub fn withheld(case: &Case) -> Vec<Withheld> {
    if case.closed_on.is_none() {
        return Vec::new();
    }
    let withholds = |outcome: &Outcome| WITHHOLDING.contains(outcome);
    let of_items: Vec<Withheld> = case
        .items
        .iter()
        .filter_map(|item| {
            let outcome = item.outcome().filter(withholds)?;
            Some(Withheld { item: item.n, title: Some(item.text.title.clone()), outcome })
        })
        .collect();
    if !of_items.is_empty() {
        return of_items;
    }
    let whole = case.outcome.filter(withholds);
    whole.map(|outcome| Withheld { item: NO_ITEM, title: None, outcome }).into_iter().collect()
}

/// The day of the next assessment: a number of months after `since`.
#[must_use]
pub fn next_on(since: NaiveDate, months: u32) -> NaiveDate {
    since.checked_add_months(Months::new(months)).unwrap_or(since)
}

/// What is known of an assessment when a step is taken.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Where it stands.
    pub state: AssessmentState,
    /// Its day.
    pub due_on: NaiveDate,
    /// Who proposed the opening that waits.
    pub proposed_by: Option<UserId>,
}

/// Who takes a step, and when.
#[derive(Debug, Clone, Copy)]
pub struct Assessor<'a> {
    /// The account.
    pub user: UserId,
    /// The roles.
    pub roles: &'a [Role],
    /// The present day.
    pub today: NaiveDate,
    /// Months until it is looked at again.
    pub months: u32,
}

/// Decides a step: where the assessment stands then, its day, and the reason as it is kept.
///
/// It may be taken before its day: circumstances change when they do.
///
/// # Errors
///
/// [`AnsweredRefusal::WrongAssessmentState`], [`AnsweredRefusal::OwnProposal`],
/// [`AnsweredRefusal::NotConfirmer`], a reason that is missing or cannot be kept.
///
/// Source: 条例 art. 18; the second person by analogy to 条例 art. 17 (U).
pub fn decide(
    now: Standing,
    assessing: &Assessing,
    by: Assessor<'_>,
) -> Result<(AssessmentState, NaiveDate, String), Refusal> {
    use AssessmentState as S;
    use AssessmentStep as T;
    let next = match (now.state, assessing.step) {
        (S::Waiting, T::Keep) => (S::Waiting, next_on(by.today, by.months)),
        (S::Waiting, T::Propose) => (S::Proposed, now.due_on),
        (S::Proposed, T::Confirm) => {
            if now.proposed_by == Some(by.user) {
                return Err(AnsweredRefusal::OwnProposal.into());
            }
            if !by.roles.iter().any(|role| matches!(role, Role::Head | Role::Leader)) {
                return Err(AnsweredRefusal::NotConfirmer.into());
            }
            (S::Opened, now.due_on)
        }
        // Refused, it waits for its day again; whoever proposed it may take it back.
        (S::Proposed, T::Reject) => (S::Waiting, now.due_on),
        (from, step) => {
            return Err(AnsweredRefusal::WrongAssessmentState { from, step: step.label() }.into());
        }
    };
    let reason = whole("reason", "理由", &assessing.reason)?;
    Ok((next.0, next.1, reason))
}

/// A text of several lines that must be there.
///
/// # Errors
///
/// [`Refusal::TextMissing`], [`Refusal::TextTooLong`], [`Refusal::ControlCharacters`].
pub(super) fn whole(
    field: &'static str,
    label: &'static str,
    entered: &str,
) -> Result<String, Refusal> {
    required(field, label, entered, TEXT_MAX).map(str::to_owned)
}
