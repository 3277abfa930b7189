//! Consultation (征求意见): what a letter says, how long its addressee has, what silence means.
//!
//! Source: 条例 art. 15, 32, 34; rulebook 1.2 d, e, C9.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, CalendarError};
use super::clock::CONSULTATION;
use super::event::{Party, SilenceEffect};
use super::ids::NoticeId;
use super::personal::PersonalField;
use super::request::Application;
use super::text_enum::text_enum;
use super::traces;
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

text_enum!(
    /// Whether asking an agency that did not make the information stops the limit. The Regulation
    /// speaks of "opinions of other agencies" and means those of art. 34; the setting
    /// `agency_consultation_clock` chooses. Source: 条例 art. 11, 33 ¶3; rulebook 1.2 e, C6 (U).
    AgencyClock {
        /// Only once a written answer is on record: the safe reading.
        WrittenAnswer = "written_answer", "收到书面答复后才扣除征求意见的时间";
        /// As for those who made it jointly, silence included.
        AsJoint = "as_joint", "比照联合制作机关，未答复的也扣除";
    }
);

impl Default for AgencyClock {
    /// How it was counted before the setting: the reading of every entry from before.
    fn default() -> Self {
        Self::AsJoint
    }
}

/// The letter of a consultation as it went out, and the notice that told the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterSent {
    /// The letter.
    pub notice: NoticeId,
    /// The notice to the applicant that time is suspended (F08).
    pub told: NoticeId,
    /// What the limit does if it went to an agency that did not make the information jointly.
    #[serde(default)]
    pub clock: AgencyClock,
    /// What was entered.
    #[serde(flatten)]
    pub letter: Letter,
}

/// What the letter asks about: what the officer wrote, or else the titles of what was asked for, with
/// the numbers of people masked.
#[must_use]
pub fn concerns(letter: &Letter, titles: &[String]) -> Vec<String> {
    if letter.concerns.is_empty() {
        titles.iter().map(|title| traces::masked(title)).collect()
    } else {
        letter.concerns.clone()
    }
}

/// Whether a text tells who asks: a name of the application, or a number or address of it.
///
/// Source: 个人信息保护法 art. 6, 25; 条例 art. 15.
#[must_use]
pub fn tells_who_asks(text: &str, form: &Application) -> bool {
    let names = [PersonalField::Name, PersonalField::AgentName, PersonalField::LegalRepresentative];
    let named = names.iter().chain([&PersonalField::ContactPerson]).filter_map(|one| one.of(form));
    let together = form.co_applicants.iter().map(|name| name.trim().to_owned());
    let mut names = named.chain(together);
    if names.any(|name| traces::name("", text, &name).is_some()) {
        return true;
    }
    let signs = plain(text);
    let numbers = [
        PersonalField::IdentityNumber,
        PersonalField::AgentIdentityNumber,
        PersonalField::Phone,
        PersonalField::AgentPhone,
        PersonalField::Email,
    ];
    let mut numbers = numbers.iter().filter_map(|one| one.of(form)).map(|number| plain(&number));
    numbers.any(|number| number.len() >= SHORTEST_NUMBER && signs.contains(&number))
}

/// Shorter ones are found in numbers that have nothing to do with a person.
const SHORTEST_NUMBER: usize = 7;

/// Latin letters and digits alone, full width as half width: what separates them hides no number.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    let kept = text.chars().map(narrow).filter(|c| c.is_ascii_alphanumeric() || *c == '@');
    kept.map(|c| c.to_ascii_lowercase()).collect()
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
