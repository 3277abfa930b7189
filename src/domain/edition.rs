//! An agency's own edition of a wording template (文书用语): drafted by one person, tried out with made-up
//! facts, approved by another, in force from a day. What was issued keeps the edition it was made with.
//!
//! The head of the built-in template stays: fields, layout, series, remedy. What an edition may change is
//! how the text says it – not which facts it states, which articles it rests on, or what may be done
//! against it.
//!
//! Source: 条例 art. 37 (写明理由、依据、救济途径和期限); rulebook 5.4; our rule (D).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::{AgencyId, UserId};
use super::policy::Role;
use super::refusal::Refusal;
use super::request::{Faults, FieldFault};
use super::text::{TEXT_MAX, required};
use super::text_enum::text_enum;
use super::{gate, old_law, remedy};

/// Signs an edition may have.
pub const BODY_MAX: usize = 20_000;

text_enum!(
    /// Where an edition stands.
    EditionState {
        /// Being written.
        Draft = "draft", "起草";
        /// Laid before a second person.
        Submitted = "submitted", "待复核";
        /// Approved: in force from its day.
        Approved = "approved", "已批准";
        /// Given up.
        Discarded = "discarded", "已放弃";
    }
);

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditionForm {
    /// The text; none goes back to the built-in one.
    #[serde(default)]
    pub body: Option<String>,
    /// What is changed, and why.
    pub why: String,
}

/// A step on an edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum EditionStep {
    /// Lay it before a second person.
    Submit,
    /// Approve it.
    Approve {
        /// First day on which notices are made with it: today or later.
        from: NaiveDate,
    },
    /// Give it back to whoever wrote it.
    Return {
        /// Why.
        reason: String,
    },
    /// Give it up.
    Discard,
}

/// Why a step on an edition is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditionRefusal {
    /// A step that does not belong to where it stands.
    #[error("该文书用语当前状态为“{}”，不能{step}", .from.label())]
    WrongState {
        /// Where it stands.
        from: EditionState,
        /// The step, in words.
        step: &'static str,
    },
    /// Whoever wrote it wants to approve it.
    #[error("文书用语由您起草，请由他人复核批准")]
    OwnEdition,
    /// Somebody else wants to change or submit it.
    #[error("只有起草人可以修改、提交这份文书用语；其他人可以复核，也可以另行起草")]
    NotDrafter,
    /// Notices that were made already were to get another text.
    #[error("启用日期不能早于今天（{today}）：已经制作的文书保持原来的用语")]
    FromPast {
        /// Today.
        today: NaiveDate,
    },
}

impl EditionRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::OwnEdition => "own_edition",
            Self::NotDrafter => "not_drafter",
            Self::FromPast { .. } => "date_too_early",
        }
    }

    /// The field it concerns.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::FromPast { .. } => Some("from"),
            _ => None,
        }
    }
}

impl EditionStep {
    const fn label(&self) -> &'static str {
        match self {
            Self::Submit => "提交复核",
            Self::Approve { .. } => "批准",
            Self::Return { .. } => "退回",
            Self::Discard => "放弃",
        }
    }
}

/// Where a step leads.
///
/// # Errors
///
/// [`EditionRefusal`].
pub fn decide(
    state: EditionState,
    drafted_by: UserId,
    step: &EditionStep,
    (actor, today): (UserId, NaiveDate),
) -> Result<EditionState, EditionRefusal> {
    use EditionState as S;
    let own = actor == drafted_by;
    let next = match (state, step) {
        (S::Draft, EditionStep::Submit) if own => S::Submitted,
        (S::Draft | S::Submitted, EditionStep::Discard) if own => S::Discarded,
        (S::Draft, EditionStep::Submit) | (S::Draft | S::Submitted, EditionStep::Discard) => {
            return Err(EditionRefusal::NotDrafter);
        }
        (S::Submitted, EditionStep::Approve { .. }) if own => {
            return Err(EditionRefusal::OwnEdition);
        }
        (S::Submitted, EditionStep::Approve { from }) if *from < today => {
            return Err(EditionRefusal::FromPast { today });
        }
        (S::Submitted, EditionStep::Approve { .. }) => S::Approved,
        (S::Submitted, EditionStep::Return { .. }) => S::Draft,
        _ => return Err(EditionRefusal::WrongState { from: state, step: step.label() }),
    };
    Ok(next)
}

/// The reason for giving an edition back, as it is kept.
///
/// # Errors
///
/// [`Refusal::TextMissing`] and what else is wrong with a text.
pub fn return_reason(reason: &str) -> Result<String, Refusal> {
    Ok(required("reason", "退回的理由", reason, TEXT_MAX)?.to_owned())
}

/// Whether somebody of these roles, of this agency, writes editions for `agency`: its head, and
/// administrators for each.
#[must_use]
pub fn may_draft(roles: &[Role], own: Option<AgencyId>, agency: AgencyId) -> bool {
    roles.contains(&Role::Administrator) || (own == Some(agency) && roles.contains(&Role::Head))
}

/// Whether they read and approve editions of `agency`: also its legal reviewer.
#[must_use]
pub fn may_review(roles: &[Role], own: Option<AgencyId>, agency: AgencyId) -> bool {
    may_draft(roles, own, agency) || (own == Some(agency) && roles.contains(&Role::LegalReviewer))
}

/// Everything that keeps a text from replacing the built-in one, beside what its trial finds.
#[must_use]
pub fn faults(form: &EditionForm, builtin: &str) -> Vec<FieldFault> {
    let mut faults = Faults(Vec::new());
    faults.required("why", "修改的内容和理由", &form.why, TEXT_MAX);
    let Some(body) = &form.body else { return faults.0 };
    if body.trim().is_empty() {
        faults.add("body", "required", "请填写正文；恢复系统内置用语的，请不要提交正文".to_owned());
        return faults.0;
    }
    if body.chars().nth(BODY_MAX).is_some() {
        faults.add("body", "too_long", format!("正文不能超过{BODY_MAX}字"));
        return faults.0;
    }
    if let Some(sign) = body.chars().find(|sign| sign.is_control() && !"\n\r\t".contains(*sign)) {
        let code = u32::from(sign);
        let message = format!("正文中有不能使用的控制字符（U+{code:04X}），请删去");
        faults.add("body", "control_characters", message);
    }
    for rule in old_law::found(body) {
        let message = format!("“{}”已经失效：{}", rule.excerpt, rule.now);
        faults.add("body", "old_law", message);
    }
    let cited = gate::articles(body);
    for article in gate::articles(builtin).into_iter().filter(|known| !cited.contains(known)) {
        let message = format!("正文缺少法律依据：《政府信息公开条例》{article}");
        faults.add("body", "article_missing", message);
    }
    if let Some(word) = remedy::typed_word(body, builtin) {
        let message = format!(
            "救济途径由系统按结果、机关和日期生成，请不要在正文中另写“{word}”，保留相应的字段即可"
        );
        faults.add("body", "remedy_typed", message);
    }
    faults.0
}

/// The edition that holds on a day among the approved ones, given in the order of their approval: the
/// last day of beginning that is not later; on the same day, what was approved last.
#[must_use]
pub fn in_force<T>(approved: &[T], from: impl Fn(&T) -> NaiveDate, on: NaiveDate) -> Option<&T> {
    approved.iter().filter(|edition| from(edition) <= on).max_by_key(|edition| from(edition))
}
