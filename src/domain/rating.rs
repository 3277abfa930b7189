//! Ratings of the service (好差评): five grades, once a request, voluntary; what must follow from a
//! bad one. No part of the case: the officer who is rated does not see who said what.
//!
//! Source: 国办发〔2019〕51号 items 5, 7–9; rulebook 7.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::dates;
use super::ids::UserId;
use super::refusal::Refusal;
use super::state::State;
use super::text::{TEXT_MAX, required, sound};
use super::text_enum::text_enum;
use super::working_days::WorkingDays;

text_enum!(
    /// How satisfied the applicant is. Source: 国办发〔2019〕51号 item 5.
    Grade {
        /// 非常满意.
        VerySatisfied = "very_satisfied", "非常满意";
        /// 满意.
        Satisfied = "satisfied", "满意";
        /// 基本满意.
        BasicallySatisfied = "basically_satisfied", "基本满意";
        /// 不满意: a bad rating.
        Dissatisfied = "dissatisfied", "不满意";
        /// 非常不满意: a bad rating.
        VeryDissatisfied = "very_dissatisfied", "非常不满意";
    }
);

impl Grade {
    /// Whether it is a bad rating (差评), which must be put right.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }
}

text_enum!(
    /// Where the handling of a rating stands.
    RatingState {
        /// No bad one: noted, and that is all.
        Noted = "noted", "已收到";
        /// Bad: the applicant is to be called back.
        Open = "open", "待回访";
        /// The applicant was called back.
        Contacted = "contacted", "已回访";
        /// What was said was checked.
        Checked = "checked", "已核实";
        /// What was wrong was put right.
        Corrected = "corrected", "已整改";
        /// The applicant was told.
        Closed = "closed", "已反馈";
    }
);

text_enum!(
    /// What checking a bad rating brought.
    Finding {
        /// It is right.
        Founded = "founded", "属实";
        /// It is not.
        Unfounded = "unfounded", "不属实";
        /// It was given in bad faith; it does not count against anybody.
        Malicious = "malicious", "恶意评价";
    }
);

/// A step in the handling of a bad rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum RatingStep {
    /// Called back. May be tried several times.
    Contact {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// By what means, and what the applicant said; or that nobody answered.
        said: String,
    },
    /// Checked.
    Check {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// The result.
        finding: Finding,
        /// What it rests on.
        reason: String,
    },
    /// Put right.
    Correct {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// What was done.
        measures: String,
    },
    /// The applicant was told; they read the text when they track the request.
    Tell {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// What they are told.
        text: String,
    },
}

impl RatingStep {
    /// The civil day of the step.
    #[must_use]
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Contact { on, .. }
            | Self::Check { on, .. }
            | Self::Correct { on, .. }
            | Self::Tell { on, .. } => *on,
        }
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Contact { .. } => "登记回访",
            Self::Check { .. } => "登记核实结果",
            Self::Correct { .. } => "登记整改",
            Self::Tell { .. } => "反馈评价人",
        }
    }

    const fn text(&self) -> (&'static str, &'static str, &String) {
        match self {
            Self::Contact { said, .. } => ("said", "回访情况", said),
            Self::Check { reason, .. } => ("reason", "核实情况", reason),
            Self::Correct { measures, .. } => ("measures", "整改措施", measures),
            Self::Tell { text, .. } => ("text", "反馈内容", text),
        }
    }
}

/// What is known of a bad rating when a step is taken.
#[derive(Debug, Clone, Copy)]
pub struct Handling {
    /// Where it stands.
    pub state: RatingState,
    /// What checking brought.
    pub finding: Option<Finding>,
    /// Day of the last step, or of the rating.
    pub last_on: NaiveDate,
    /// The officer whose work was rated.
    pub officer: Option<UserId>,
}

/// Whether a request in this state can be rated: the service has come to an end, or the reply is
/// on its way.
#[must_use]
pub const fn may_rate(state: State) -> bool {
    matches!(
        state,
        State::Dispatched
            | State::Served
            | State::Withdrawn
            | State::CorrectionLapsed
            | State::FeeLapsed
            | State::Closed
            | State::Archived
    )
}

/// Last day to put a bad rating right, counted in working days from the day after it.
#[must_use]
pub fn due_on(
    grade: Grade,
    rated_on: NaiveDate,
    within: WorkingDays,
    calendar: &Calendar,
) -> Option<NaiveDate> {
    let reached = grade.is_bad().then(|| calendar.nth_working_day_after(rated_on, within));
    reached.and_then(Result::ok).map(|reached| reached.on)
}

/// The same number of working days by another calendar. How many they were the earlier calendar tells,
/// not the setting, which may have changed since.
#[must_use]
pub fn moved_due_on(
    rated_on: NaiveDate,
    due_on: NaiveDate,
    (from, to): (&Calendar, &Calendar),
) -> Option<NaiveDate> {
    let within = from.working_days_between(rated_on, due_on).ok()?;
    Some(to.nth_working_day_after(rated_on, WorkingDays(within.days)).ok()?.on)
}

/// What an applicant may write with a rating.
///
/// # Errors
///
/// [`Refusal::RatingNotYet`], or a comment that cannot be kept.
pub fn given(state: State, comment: &str) -> Result<String, Refusal> {
    if !may_rate(state) {
        return Err(Refusal::RatingNotYet);
    }
    sound("comment", "评价意见", comment, TEXT_MAX).map(ToOwned::to_owned)
}

/// Decides a step in the handling of a bad rating by `actor`.
///
/// # Errors
///
/// [`Refusal::WrongRatingState`], [`Refusal::OwnRating`], a date that cannot be, a text that is
/// missing.
///
/// Source: 国办发〔2019〕51号 item 8: called back, checked, put right, told.
pub fn decide(
    handling: Handling,
    step: &RatingStep,
    actor: UserId,
    today: NaiveDate,
) -> Result<RatingState, Refusal> {
    use RatingState as S;
    let (on, field) = (step.on(), "on");
    if on > today {
        return Err(Refusal::InFuture { field, on });
    }
    if on < handling.last_on {
        let what = "上一步骤之日";
        return Err(Refusal::TooEarly { field, on, after: handling.last_on, what });
    }
    let founded = handling.finding == Some(Finding::Founded);
    let next = match (handling.state, step) {
        (S::Open | S::Contacted, RatingStep::Contact { .. }) => S::Contacted,
        (S::Contacted, RatingStep::Check { finding, .. }) => {
            // Nobody dismisses what was said of their own work.
            if *finding != Finding::Founded && handling.officer == Some(actor) {
                return Err(Refusal::OwnRating);
            }
            S::Checked
        }
        (S::Checked, RatingStep::Correct { .. }) if founded => S::Corrected,
        (S::Corrected, RatingStep::Tell { .. }) => S::Closed,
        (S::Checked, RatingStep::Tell { .. }) if !founded => S::Closed,
        (from, step) => return Err(Refusal::WrongRatingState { from, step: step.label() }),
    };
    let (field, label, text) = step.text();
    required(field, label, text, TEXT_MAX)?;
    Ok(next)
}
