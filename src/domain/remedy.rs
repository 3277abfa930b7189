//! The remedy paragraph (救济告知): generated from outcome, agency and way of service, never typed.
//!
//! Source: 行政复议法 art. 20, 22 ¶2, 23, 24; 行政诉讼法 art. 45, 46; rulebook 5.4.

mod terms;
mod windows;

use chrono::NaiveDate;

pub use terms::AnswerTerm;
pub use windows::{Window, WindowKind, windows};

use super::agency::AgencyProfile;
use super::outcome::{Outcome, RemedyKind};
use super::text::squeezed;

/// Words of which a remedy paragraph is known. Nobody types one.
pub const REMEDY_WORDS: [&str; 6] = ["复议", "诉讼", "起诉", "復議", "訴訟", "起訴"];

/// A word of remedies that somebody wrote: one that `text` has more often than `before`, however it is
/// spaced out.
#[must_use]
pub fn typed_word(text: &str, before: &str) -> Option<&'static str> {
    let (text, before) = (squeezed(text), squeezed(before));
    let more = |word: &&&str| text.matches(**word).count() > before.matches(**word).count();
    REMEDY_WORDS.iter().find(more).copied()
}

/// Days to apply for reconsideration, calendar days. Source: 行政复议法 art. 20 ¶1.
pub const RECONSIDERATION_DAYS: u16 = 60;
/// Months to sue directly. Source: 行政诉讼法 art. 46 ¶1.
pub const SUIT_MONTHS: u16 = 6;
/// Days to sue after a reconsideration decision, calendar days. Source: 行政诉讼法 art. 45.
pub const SUIT_AFTER_RECONSIDERATION_DAYS: u16 = 15;

/// The day the revised 行政复议法 came into force; before it a refusal left the choice.
/// Source: 行政复议法 (2023) art. 90.
fn reconsideration_first_since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}

/// Why no remedy paragraph can be printed; such a notice must not be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemedyError {
    /// The agency's review body is not on record.
    #[error("机关资料缺少行政复议机关，不能生成救济告知")]
    ReviewBodyMissing,
    /// The agency's court is not on record.
    #[error("机关资料缺少管辖法院，不能生成救济告知")]
    CourtMissing,
}

/// The paragraph telling the applicant how to attack a reply, or `None` where nothing is attacked.
///
/// `online` says whether the reply is served over the internet: then the online channel of the
/// review body is named as well, where there is one.
///
/// # Errors
///
/// [`RemedyError`] when the agency's data do not name the review body or the court.
///
/// Source: 行政复议法 art. 20, 22 ¶2, 23 ¶1 (4), ¶2; 行政诉讼法 art. 45, 46.
pub fn paragraph(
    outcome: Outcome,
    agency: &AgencyProfile,
    online: bool,
    issued_on: NaiveDate,
) -> Result<Option<String>, RemedyError> {
    let kind = match outcome.rule().remedy {
        RemedyKind::ReconsiderationFirst if issued_on < reconsideration_first_since() => {
            RemedyKind::Choice
        }
        kind => kind,
    };
    if kind == RemedyKind::None {
        return Ok(None);
    }
    let body = agency.review_body.trim();
    let court = agency.court.trim();
    if body.is_empty() {
        return Err(RemedyError::ReviewBodyMissing);
    }
    if court.is_empty() {
        return Err(RemedyError::CourtMissing);
    }
    let channel = match agency.review_online_url.as_deref().map(str::trim) {
        Some(url) if online && !url.is_empty() => format!("（网上申请：{url}）"),
        _ => String::new(),
    };
    Ok(Some(match kind {
        RemedyKind::ReconsiderationFirst => format!(
            "如不服本决定，应当先自收到本决定之日起{RECONSIDERATION_DAYS}日内向{body}申请行政复议{channel}；\
             对行政复议决定不服的，可以自收到行政复议决定书之日起{SUIT_AFTER_RECONSIDERATION_DAYS}日内\
             向{court}提起行政诉讼。"
        ),
        _ => format!(
            "如不服本答复，可以自收到本答复之日起{RECONSIDERATION_DAYS}日内向{body}申请行政复议{channel}，\
             或者自知道或者应当知道之日起{SUIT_MONTHS}个月内向{court}提起行政诉讼。"
        ),
    }))
}

/// The paragraphs for a reply to several items, in the order of their first item. Where all items
/// have the same way, it is told once; where they differ, each paragraph says for which items it
/// stands: the refusal of one item does not bar the suit over another.
///
/// # Errors
///
/// Those of [`paragraph`].
///
/// Source: 行政复议法 art. 23 ¶1 (4), ¶2; rulebook 4.1, 5.4 (U).
pub fn of_items(
    outcomes: &[Outcome],
    agency: &AgencyProfile,
    online: bool,
    issued_on: NaiveDate,
) -> Result<Vec<String>, RemedyError> {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for (n, outcome) in (1..).zip(outcomes) {
        let Some(words) = paragraph(*outcome, agency, online, issued_on)? else { continue };
        match told.iter_mut().find(|(known, _)| *known == words) {
            Some((_, items)) => items.push(n.to_string()),
            None => told.push((words, vec![n.to_string()])),
        }
    }
    let all = told.len() == 1 && told.iter().all(|(_, items)| items.len() == outcomes.len());
    let words = |(words, items): (String, Vec<String>)| {
        if all { words } else { format!("对第{}项的答复：{words}", items.join("、")) }
    };
    Ok(told.into_iter().map(words).collect())
}
