//! Complaints to the supervising office (举报投诉): a request was not handled as the law wants, or
//! information was not published. A register of its own; the agency is heard, the office finds and
//! tells.
//!
//! The Regulation sets no limit; what is shown is the general limit of a duty to act.
//!
//! Source: 条例 art. 47 ¶2, 51; 行政诉讼法 art. 47 ¶1.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::dates;
use super::record_correction;
use super::refusal::Refusal;
use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, NAME_MAX, TEXT_MAX, required};
use super::text_enum::text_enum;

text_enum!(
    /// Where a complaint stands.
    ComplaintState {
        /// Came in.
        Received = "received", "已登记";
        /// The agency was asked to state its view.
        Asked = "asked", "已要求机关说明";
        /// It did.
        Stated = "stated", "机关已说明";
        /// Found, and told to the complainant.
        Concluded = "concluded", "已办结";
    }
);

text_enum!(
    /// What the office found.
    Finding {
        /// The complaint is right.
        Founded = "founded", "属实";
        /// In part.
        PartlyFounded = "partly_founded", "部分属实";
        /// It is not.
        Unfounded = "unfounded", "不属实";
        /// It belongs elsewhere.
        NotCompetent = "not_competent", "不属于受理范围";
        /// Taken back.
        Withdrawn = "withdrawn", "投诉人撤回";
    }
);

text_enum!(
    /// What the office does about it. Source: 条例 art. 47 ¶2, 53.
    Measure {
        /// Ordered to put it right.
        Rectification = "rectification", "督促整改";
        /// Criticised in a circular.
        Criticism = "criticism", "通报批评";
        /// Sanctions proposed to who may impose them.
        LiabilityProposed = "liability_proposed", "建议追究责任";
        /// Nothing is called for.
        None = "none", "无需处理";
    }
);

impl Finding {
    /// Whether something was wrong: then the office acts.
    #[must_use]
    pub const fn is_founded(self) -> bool {
        matches!(self, Self::Founded | Self::PartlyFounded)
    }
}

/// Who complains, and about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintForm {
    /// Name; empty for one that came without.
    #[serde(default)]
    pub name: String,
    /// How to reach them; empty for one that came without name.
    #[serde(default)]
    pub contact: String,
    /// What is complained about.
    pub content: String,
}

impl ComplaintForm {
    /// Everything that keeps it from being registered, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        faults.text("name", "投诉人姓名或者名称", &self.name, NAME_MAX);
        faults.text("contact", "投诉人联系方式", &self.contact, LINE_MAX);
        faults.required("content", "投诉举报的内容", &self.content, TEXT_MAX);
        // Whoever gives a name is told the result.
        if !self.name.trim().is_empty() && self.contact.trim().is_empty() {
            faults.add("contact", "required", "请填写投诉人联系方式，以便告知处理结果");
        }
        faults.0
    }
}

/// A step on a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum ComplaintStep {
    /// The agency is asked to state its view.
    Ask {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// By when it must.
        #[serde(deserialize_with = "dates::deserialize")]
        until: NaiveDate,
        /// What it is asked; who complains is not for it to know.
        question: String,
    },
    /// The agency states its view.
    State {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Its view.
        text: String,
    },
    /// The office finds, acts, and tells the complainant.
    Conclude {
        /// When.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// What was found.
        finding: Finding,
        /// What is done about it.
        measure: Measure,
        /// Reasons, and what the complainant was told.
        text: String,
    },
}

/// A step that was taken, with the person who took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComplaintDeed {
    /// Who.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub step: ComplaintStep,
}

impl ComplaintStep {
    /// The civil day of the step.
    #[must_use]
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Ask { on, .. } | Self::State { on, .. } | Self::Conclude { on, .. } => *on,
        }
    }

    /// Whether it is the agency's, not the office's.
    #[must_use]
    pub const fn is_the_agencys(&self) -> bool {
        matches!(self, Self::State { .. })
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "要求说明",
            Self::State { .. } => "提交说明",
            Self::Conclude { .. } => "办结",
        }
    }
}

/// The last day that is shown. Source: 行政诉讼法 art. 47 ¶1.
#[must_use]
pub fn due_on(received_on: NaiveDate) -> NaiveDate {
    record_correction::due_on(received_on)
}

/// Decides a step on a complaint that stands in `state` since `last_on`.
///
/// # Errors
///
/// [`Refusal::WrongComplaintState`], a date that cannot be, a text that is missing,
/// [`Refusal::MeasureUnfit`].
///
/// Source: 条例 art. 47 ¶2: what proves true is put right or criticised.
pub fn decide(
    state: ComplaintState,
    last_on: NaiveDate,
    step: &ComplaintStep,
    today: NaiveDate,
) -> Result<ComplaintState, Refusal> {
    use ComplaintState as S;
    let (on, field) = (step.on(), "on");
    if on > today {
        return Err(Refusal::InFuture { field, on });
    }
    if on < last_on {
        return Err(Refusal::TooEarly { field, on, after: last_on, what: "上一步骤之日" });
    }
    let next = match (state, step) {
        (S::Received | S::Stated, ComplaintStep::Ask { .. }) => S::Asked,
        (S::Asked, ComplaintStep::State { .. }) => S::Stated,
        // An agency that says nothing does not keep the office from finding.
        (S::Received | S::Asked | S::Stated, ComplaintStep::Conclude { .. }) => S::Concluded,
        _ => return Err(Refusal::WrongComplaintState { from: state, step: step.label() }),
    };
    match step {
        ComplaintStep::Ask { on, until, question } => {
            if until < on {
                let (after, what) = (*on, "要求说明之日");
                return Err(Refusal::TooEarly { field: "until", on: *until, after, what });
            }
            required("question", "要求说明的问题", question, TEXT_MAX)?;
        }
        ComplaintStep::State { text, .. } => {
            required("text", "情况说明", text, TEXT_MAX)?;
        }
        ComplaintStep::Conclude { finding, measure, text, .. } => {
            if finding.is_founded() == (*measure == Measure::None) {
                return Err(Refusal::MeasureUnfit(finding.label()));
            }
            // Nobody is found right or wrong unheard.
            if state == S::Received && (finding.is_founded() || *finding == Finding::Unfounded) {
                return Err(Refusal::AgencyUnheard);
            }
            required("text", "处理意见和告知情况", text, TEXT_MAX)?;
        }
    }
    Ok(next)
}
