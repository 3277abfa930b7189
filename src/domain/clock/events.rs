//! What can happen to the clock, in the words of the clock contract.

use std::{fmt, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::{dates, working_days::WorkingDays};

/// One event; `on` is the day it legally happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClockEvent {
    /// 收到申请之日.
    Received {
        /// Receipt date by the rule of the channel (条例 art. 31).
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
    },
    /// 补正告知: the notice was dispatched.
    CorrectionRequested {
        /// Day of dispatch.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Last day the applicant was given, if the notice names one.
        #[serde(default, deserialize_with = "dates::deserialize_option")]
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// The corrected application was received.
    CorrectionReceived {
        /// Day of receipt.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
    },
    /// 延期: the applicant was told of an extension.
    Extended {
        /// Day the extension was told (dispatched).
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Working days added, 1–20.
        working_days: WorkingDays,
    },
    /// 征求意见: the letter to a third party or another agency was dispatched.
    ConsultationSent {
        /// Day of dispatch; suspension starts after it.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Name of the consultation, unique within the case.
        #[schema(value_type = String)]
        id: ConsultationId,
        /// Who is asked.
        party: Party,
    },
    /// The addressee received the letter.
    ConsultationServed {
        /// Day of service; the addressee's own limit starts after it.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Which consultation.
        #[schema(value_type = String)]
        id: ConsultationId,
    },
    /// The answer reached the agency.
    ConsultationAnswered {
        /// Day of arrival.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Which consultation.
        #[schema(value_type = String)]
        id: ConsultationId,
    },
    /// 收费通知: the fee notice was dispatched.
    FeeNotified {
        /// Day of dispatch.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Day the applicant received it, if known; the time to pay starts after it.
        #[serde(default, deserialize_with = "dates::deserialize_option")]
        #[serde(skip_serializing_if = "Option::is_none")]
        served_on: Option<NaiveDate>,
    },
    /// The fee was paid in full.
    FeePaid {
        /// Day the payment was completed.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
    },
    /// 延迟答复: a longer date was told under art. 35.
    Deferred {
        /// Day it was told.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// The date told.
        #[serde(deserialize_with = "dates::deserialize")]
        until: NaiveDate,
    },
    /// A reconsideration decision or judgment that orders a new reply was received.
    Remanded {
        /// Day of receipt.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
        /// Time the decision gives, at least one working day.
        working_days: WorkingDays,
    },
    /// The reply was completed: posted, signed for, or arrived.
    Replied {
        /// Day of completion.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
    },
    /// The applicant's withdrawal was received.
    Withdrawn {
        /// Day of receipt.
        #[serde(deserialize_with = "dates::deserialize")]
        on: NaiveDate,
    },
}

impl ClockEvent {
    /// The day the event happened.
    pub fn on(&self) -> NaiveDate {
        match self {
            Self::Received { on }
            | Self::CorrectionRequested { on, .. }
            | Self::CorrectionReceived { on }
            | Self::Extended { on, .. }
            | Self::ConsultationSent { on, .. }
            | Self::ConsultationServed { on, .. }
            | Self::ConsultationAnswered { on, .. }
            | Self::FeeNotified { on, .. }
            | Self::FeePaid { on }
            | Self::Deferred { on, .. }
            | Self::Remanded { on, .. }
            | Self::Replied { on }
            | Self::Withdrawn { on } => *on,
        }
    }

    /// Whether a limit begins with it.
    pub fn is_anchor(&self) -> bool {
        matches!(
            self,
            Self::Received { .. }
                | Self::CorrectionReceived { .. }
                | Self::FeePaid { .. }
                | Self::Remanded { .. }
        )
    }

    /// A further date the event carries (`until`, `served_on`), with its field name.
    pub(super) fn other_date(&self) -> Option<(&'static str, NaiveDate)> {
        match self {
            Self::CorrectionRequested { until: Some(until), .. } => Some(("until", *until)),
            Self::Deferred { until, .. } => Some(("until", *until)),
            Self::FeeNotified { served_on: Some(served), .. } => Some(("served_on", *served)),
            _ => None,
        }
    }

    /// The working days the event carries.
    pub(super) fn working_days(&self) -> Option<WorkingDays> {
        match self {
            Self::Extended { working_days, .. } | Self::Remanded { working_days, .. } => {
                Some(*working_days)
            }
            _ => None,
        }
    }
}

/// Who is consulted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 第三方 (条例 art. 32): silence leaves the decision to the agency.
    ThirdParty,
    /// 其他行政机关 (条例 art. 34): silence is consent.
    Agency,
}

/// Name of a consultation. Input may spell it as text or as an integer; `7` and `"7"` are the same
/// consultation, and each is printed back as it was first given.
#[derive(Debug, Clone)]
pub struct ConsultationId {
    text: Arc<str>,
    number: Option<i64>,
}

impl ConsultationId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for ConsultationId {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ConsultationId {}

impl From<&str> for ConsultationId {
    fn from(text: &str) -> Self {
        Self { text: text.into(), number: None }
    }
}

impl From<i64> for ConsultationId {
    fn from(number: i64) -> Self {
        Self { text: number.to_string().into(), number: Some(number) }
    }
}

impl fmt::Display for ConsultationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for ConsultationId {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match self.number {
            Some(number) => target.serialize_i64(number),
            None => target.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for ConsultationId {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelling {
            Number(i64),
            Text(String),
        }
        match Spelling::deserialize(source) {
            Ok(Spelling::Number(number)) => Ok(number.into()),
            Ok(Spelling::Text(text)) if !text.trim().is_empty() => Ok(text.as_str().into()),
            _ => Err(de::Error::custom("征求意见的 id 应为文字或整数")),
        }
    }
}
