//! Consultation (征求意见): what a letter says, how long its addressee has, what silence means.
//!
//! Source: 条例 art. 15, 32, 34; rulebook 1.2 d, e, C9.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, CalendarError};
use super::clock::CONSULTATION;
use super::event::{Party, SilenceEffect};
use super::ids::NoticeId;
use super::working_days::Reached;

/// What an officer enters of a letter (F07 to a third party, F10 to an agency).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Where it goes.
    #[serde(default)]
    pub address: String,
    /// The information, or the part of it, that concerns the addressee, one item each. Empty: the
    /// information the applicant asked for.
    #[serde(default)]
    pub concerns: Vec<String>,
    /// Why the addressee must learn who the applicant is. Empty, as a rule: then the letter does
    /// not say it.
    ///
    /// Source: 个人信息保护法 art. 6, 25; rulebook 9.1.
    #[serde(default)]
    pub identity_reason: String,
}

/// The letter of a consultation as it went out, and the notice that told the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterSent {
    /// The letter.
    pub notice: NoticeId,
    /// The notice to the applicant that time is suspended (F08).
    pub told: NoticeId,
    /// What was entered.
    #[serde(flatten)]
    pub letter: Letter,
}

/// The last day on which an answer to a letter served on `served_on` is in time.
///
/// # Errors
///
/// [`CalendarError`] outside the years that can be counted.
///
/// Source: 条例 art. 32, 34 (15 working days from receipt); rulebook C9.
pub fn limit(calendar: &Calendar, served_on: NaiveDate) -> Result<Reached, CalendarError> {
    calendar.nth_working_day_after(served_on, CONSULTATION)
}

/// What the silence of `party` means. Only who made the information jointly consents by silence;
/// other agencies are asked by courtesy, and nothing follows from their not answering.
///
/// Source: 条例 art. 11, 32, 34; rulebook 1.2 d, e.
#[must_use]
pub const fn silence(party: Party, jointly_made: bool) -> SilenceEffect {
    match (party, jointly_made) {
        (Party::ThirdParty, _) => SilenceEffect::AgencyDecides,
        (Party::Agency, true) => SilenceEffect::DeemedConsent,
        (Party::Agency, false) => SilenceEffect::NoDeemedConsent,
    }
}

impl SilenceEffect {
    /// The provision that gives silence this effect.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::AgencyDecides => "《政府信息公开条例》第三十二条",
            Self::DeemedConsent => "《政府信息公开条例》第三十四条",
            Self::NoDeemedConsent => "《政府信息公开条例》第十一条（未规定逾期视为同意）",
        }
    }
}
