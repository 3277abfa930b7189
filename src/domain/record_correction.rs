//! Applications for the correction of a record on oneself (更正申请): a register of its own.
//!
//! No request for information: no 20 working days, no line of table three. The Regulation sets no
//! limit; what is shown is the general limit of the duty to act.
//!
//! Source: 条例 art. 41; 行政诉讼法 art. 47 ¶1; rulebook 1.2 m.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::notice::Series;
use super::refusal::{AnsweredRefusal, Refusal};
use super::request::{Faults, FieldFault};
use super::service::{self, ServiceMethod};
use super::text::{LINE_MAX, NAME_MAX, TEXT_MAX, required};
use super::text_enum::text_enum;

/// Months of the general limit of a duty to act. Source: 行政诉讼法 art. 47 ¶1.
const LIMIT_MONTHS: Months = Months::new(2);

text_enum!(
    /// Where an application for correction stands.
    RecordState {
        /// Came in.
        Received = "received", "已接收";
        /// The record was checked against the evidence.
        Verified = "verified", "已核实";
        /// Passed on to the agency that is competent.
        Forwarded = "forwarded", "已转送";
        /// The applicant was told the result.
        Answered = "answered", "已答复";
    }
);

text_enum!(
    /// What came of an application for correction.
    RecordResult {
        /// The record was wrong and is right now.
        Corrected = "corrected", "已更正";
        /// The record is right.
        Kept = "kept", "不予更正";
        /// Another agency may correct it, and has it now.
        Referred = "referred", "转送有权更正的机关处理";
    }
);

/// What the applicant says is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordCorrectionForm {
    /// Name of the person or organisation the record is about, who asks.
    pub applicant_name: String,
    /// Number of the identity document.
    pub credential_number: String,
    /// How to reach them: telephone, address or e-mail.
    pub contact: String,
    /// The record: name, number, where it is kept.
    pub record: String,
    /// What is wrong in it.
    pub error: String,
    /// What proves that it is wrong.
    pub evidence: String,
}

impl RecordCorrectionForm {
    /// Everything that keeps it from being registered, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        for (field, label, text, max) in [
            ("applicant_name", "申请人姓名或者名称", &self.applicant_name, NAME_MAX),
            ("credential_number", "证件号码", &self.credential_number, NAME_MAX),
            ("contact", "联系方式", &self.contact, LINE_MAX),
            ("record", "需要更正的记录", &self.record, TEXT_MAX),
            ("error", "记录不准确之处", &self.error, TEXT_MAX),
            ("evidence", "证明记录不准确的证据材料", &self.evidence, TEXT_MAX),
        ] {
            faults.required(field, label, text, max);
        }
        faults.0
    }
}

/// A step on an application for correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum RecordStep {
    /// The record was checked.
    Verify {
        /// When.
        on: NaiveDate,
        /// Whether the record is wrong.
        wrong: bool,
        /// What was found.
        finding: String,
    },
    /// Passed on to the competent agency; the applicant is told.
    Forward {
        /// When.
        on: NaiveDate,
        /// Its name.
        agency: String,
        /// How to reach it.
        contact: String,
    },
    /// The applicant is told the result.
    Answer {
        /// When.
        on: NaiveDate,
        /// What came of it; missing in entries from before it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<RecordResult>,
        /// What the record says now, or why it stays, or where to turn to.
        text: String,
    },
    /// A letter of the register went out, and perhaps arrived. What is recorded last of a letter holds.
    Deliver {
        /// Number of the step whose letter it is, from 1, as in `…/letters/{n}`.
        n: i32,
        /// The day it was handed over, posted or sent.
        on: NaiveDate,
        /// How.
        method: ServiceMethod,
        /// 邮件号码, where the way has one.
        #[serde(default)]
        tracking: String,
        /// The day it was signed for, once known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed_on: Option<NaiveDate>,
        /// What proves it.
        evidence: String,
    },
}

/// A step that was taken, with the person who took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordDeed {
    /// Who.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub step: RecordStep,
    /// The letter that went with it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<RecordLetter>,
}

/// A letter of the register, as the step that sent it records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RecordLetter {
    /// 文号.
    pub number: String,
    /// SHA-256 of its frozen text.
    pub content_sha256: String,
}

impl RecordStep {
    /// The civil day of the step.
    #[must_use]
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Verify { on, .. }
            | Self::Forward { on, .. }
            | Self::Answer { on, .. }
            | Self::Deliver { on, .. } => *on,
        }
    }

    /// The latest day it speaks of.
    #[must_use]
    pub fn latest(&self) -> NaiveDate {
        match self {
            Self::Deliver { on, signed_on, .. } => signed_on.unwrap_or(*on),
            other => other.on(),
        }
    }

    /// The series of the letter that goes with the step, if one does.
    #[must_use]
    pub const fn letter(&self) -> Option<Series> {
        match self {
            Self::Verify { .. } | Self::Deliver { .. } => None,
            Self::Forward { .. } => Some(Series::RecordForwarding),
            Self::Answer { .. } => Some(Series::RecordAnswer),
        }
    }

    const fn label(&self) -> &'static str {
        match self {
            Self::Verify { .. } => "登记核实结果",
            Self::Forward { .. } => "转送",
            Self::Answer { .. } => "答复",
            Self::Deliver { .. } => "登记送达",
        }
    }
}

/// The last day of a limit that ends by the months alone: where that is a day of rest, the next working
/// day. It is counted when it is shown, by the calendar in force.
///
/// Source: 民法典 art. 203; rulebook C3.
#[must_use]
pub fn last_day(due_on: NaiveDate, calendar: &Calendar) -> NaiveDate {
    calendar.roll_forward(due_on).map_or(due_on, |reached| reached.on)
}

/// The end of the general limit: the same day two months on.
///
/// Source: 行政诉讼法 art. 47 ¶1.
#[must_use]
pub fn due_on(received_on: NaiveDate) -> NaiveDate {
    received_on.checked_add_months(LIMIT_MONTHS).unwrap_or(received_on)
}

/// Where an application stands: state, day of the last step, and whether the record was found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordStanding {
    /// Its state.
    pub state: RecordState,
    /// Day of the last step, or of arrival.
    pub last_on: NaiveDate,
    /// What the check found, once there was one.
    pub wrong: Option<bool>,
    /// The letters that were sent: number of the step, and its day.
    pub letters: Vec<(i32, NaiveDate)>,
}

impl RecordStanding {
    /// Reads it from the steps taken; without any, that of what has just come in.
    #[must_use]
    pub fn of(state: RecordState, received_on: NaiveDate, deeds: &[RecordDeed]) -> Self {
        let wrong = deeds.iter().rev().find_map(|deed| match deed.step {
            RecordStep::Verify { wrong, .. } => Some(wrong),
            _ => None,
        });
        // How a letter went may be entered long after the next step.
        let taken = deeds.iter().rfind(|deed| !matches!(deed.step, RecordStep::Deliver { .. }));
        let last_on = taken.map_or(received_on, |deed| deed.step.on());
        let letters = (1..).zip(deeds).filter(|(_, deed)| deed.step.letter().is_some());
        let letters = letters.map(|(n, deed)| (n, deed.step.on())).collect();
        Self { state, last_on, wrong, letters }
    }

    /// The one result that fits: what is wrong is corrected by whoever may, what is right stays, what
    /// was passed on is in other hands.
    ///
    /// Source: 条例 art. 41.
    #[must_use]
    pub const fn result(&self) -> RecordResult {
        match (self.state, self.wrong) {
            (RecordState::Forwarded, _) => RecordResult::Referred,
            (_, Some(true)) => RecordResult::Corrected,
            _ => RecordResult::Kept,
        }
    }
}

/// Decides a step on an application.
///
/// # Errors
///
/// [`Refusal::WrongRecordState`], a date that cannot be, a text that is missing,
/// [`AnsweredRefusal::ResultUnfit`] for a result that is not that of the check,
/// [`AnsweredRefusal::NoSuchLetter`].
///
/// Source: 条例 art. 41: verified and corrected, or passed on, and told.
pub fn decide(
    standing: &RecordStanding,
    step: &RecordStep,
    today: NaiveDate,
) -> Result<RecordState, Refusal> {
    use RecordState as S;
    let RecordStanding { state, last_on, .. } = *standing;
    let (on, field) = (step.on(), "on");
    if on > today {
        return Err(Refusal::InFuture { field, on });
    }
    if let RecordStep::Deliver { .. } = step {
        delivered(standing, step, today)?;
        return Ok(state);
    }
    if on < last_on {
        let what = "上一步骤之日";
        return Err(Refusal::TooEarly { field, on, after: last_on, what });
    }
    let next = match (state, step) {
        (S::Received, RecordStep::Verify { .. }) => S::Verified,
        // Who is competent may turn out at once or on checking.
        (S::Received | S::Verified, RecordStep::Forward { .. }) => S::Forwarded,
        // What was passed on is told; a result is told only of what was checked.
        (S::Verified | S::Forwarded, RecordStep::Answer { .. }) => S::Answered,
        _ => return Err(Refusal::WrongRecordState { from: state, step: step.label() }),
    };
    for (field, label, text) in step.texts() {
        required(field, label, text, TEXT_MAX)?;
    }
    let fits = standing.result();
    if matches!(step, RecordStep::Answer { result, .. } if *result != Some(fits)) {
        return Err(AnsweredRefusal::ResultUnfit(fits).into());
    }
    Ok(next)
}

/// How a letter went: by a way that counts, not before it was written, with its proof.
///
/// Source: rulebook 5.5.
fn delivered(
    standing: &RecordStanding,
    step: &RecordStep,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let RecordStep::Deliver { n, on, method, tracking, signed_on, evidence } = step else {
        return Ok(());
    };
    let Some((_, written_on)) = standing.letters.iter().find(|(step, _)| step == n) else {
        return Err(AnsweredRefusal::NoSuchLetter(*n).into());
    };
    if on < written_on {
        let what = "文书签发之日";
        return Err(Refusal::TooEarly { field: "on", on: *on, after: *written_on, what });
    }
    if *method == ServiceMethod::PrivateCourier {
        return Err(Refusal::CourierRefused);
    }
    service::tracked(*method, tracking)?;
    if let Some(signed) = signed_on {
        let (field, what) = ("signed_on", "发出之日");
        if *signed > today {
            return Err(Refusal::InFuture { field, on: *signed });
        }
        if signed < on {
            return Err(Refusal::TooEarly { field, on: *signed, after: *on, what });
        }
    }
    required("evidence", "送达的凭证", evidence, LINE_MAX)?;
    Ok(())
}

impl RecordStep {
    fn texts(&self) -> Vec<(&'static str, &'static str, &str)> {
        match self {
            Self::Verify { finding, .. } => vec![("finding", "核实情况", finding)],
            Self::Forward { agency, contact, .. } => {
                vec![("agency", "有权更正的机关", agency), ("contact", "该机关的联系方式", contact)]
            }
            Self::Answer { text, .. } => vec![("text", "答复内容", text)],
            Self::Deliver { evidence, .. } => vec![("evidence", "送达的凭证", evidence)],
        }
    }
}
