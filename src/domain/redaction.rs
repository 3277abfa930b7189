//! 区分处理: what may not be given is masked on the pages of a copy, each mask with its legal ground, and
//! a second person looks at the copy before it joins what is supplied.
//!
//! Source: 条例 art. 14, 15, 16, 37.

use serde::{Deserialize, Serialize};

use super::ids::{FileId, UserId};
use super::policy::Role;
use super::refusal::{OutgoingRefusal, Refusal};
use super::text::{LINE_MAX, TEXT_MAX, required, sound};
use super::text_enum::text_enum;

/// Most masks and words of one copy.
const MOST_MASKS: usize = 2000;
const MOST_WORDS: usize = 50;
/// Longest and shortest word that is looked for, in characters.
const LONGEST_WORD: usize = 100;
const SHORTEST_WORD: usize = 2;
/// Smallest side of a mask, in points: below it nothing is covered.
const SMALLEST: f64 = 1.0;

text_enum!(
    /// Why something is masked.
    Ground {
        /// State secrets; what law forbids; what endangers security or stability.
        Article14 = "article_14", "条例第十四条（国家秘密，法律、行政法规禁止公开，或者危及国家安全、公共安全、经济安全、社会稳定）";
        /// Trade secrets.
        TradeSecret = "article_15_trade_secret", "条例第十五条（商业秘密）";
        /// Privacy, personal data.
        Privacy = "article_15_privacy", "条例第十五条（个人隐私、个人信息）";
        /// Internal affairs of the agency.
        Internal = "article_16_internal", "条例第十六条第一款（内部事务信息）";
        /// Discussion, minutes, drafts; files of law enforcement.
        Process = "article_16_process", "条例第十六条第二款（过程性信息、行政执法案卷信息）";
        /// Another law says so.
        OtherLaw = "other_law", "其他法律、法规、国家有关规定";
    }
);

text_enum!(
    /// Where a masked copy stands.
    RedactionState {
        /// It waits for a second person.
        Draft = "draft", "待复核";
        /// It joined the case.
        Confirmed = "confirmed", "已确认";
        /// It was thrown away.
        Rejected = "rejected", "已退回";
    }
);

/// A mask: a box on a page, in points from the top left corner of the page as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mask {
    /// The page, from 1.
    pub page: usize,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Why.
    pub ground: Ground,
}

/// Words that are masked wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What to look for; white space does not count.
    pub text: String,
    /// Why.
    pub ground: Ground,
}

/// What is to be masked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionForm {
    /// Boxes.
    #[serde(default)]
    pub masks: Vec<Mask>,
    /// Words.
    #[serde(default)]
    pub words: Vec<Words>,
    /// Name of the copy without ending; without it, after the file.
    #[serde(default)]
    pub name: String,
}

/// How many masks of a ground; what the ledger keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskCount {
    /// Why.
    pub ground: Ground,
    /// How many.
    pub count: u32,
}

/// Where a supplied file comes from: another file of the case with masks on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// The masked copy.
    pub file: FileId,
    /// What it was made from.
    pub from: FileId,
    /// The masks by ground.
    pub masks: Vec<MaskCount>,
    /// Who made it; whoever confirmed it is the actor of the entry.
    pub made_by: UserId,
}

/// What the second person does with a masked copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum RedactionStep {
    /// Having looked at its pages: it joins what is supplied.
    Confirm {
        /// The item it belongs to; without it, the whole request.
        #[serde(default)]
        item: Option<u16>,
    },
    /// It is thrown away.
    Reject {
        /// Why.
        reason: String,
    },
}

impl RedactionForm {
    /// Refuses what cannot be masked whatever the file.
    ///
    /// # Errors
    ///
    /// [`OutgoingRefusal::NoMasks`], [`Refusal::OutOfRange`]-like refusals with the field.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.masks.is_empty() && self.words.is_empty() {
            return Err(OutgoingRefusal::NoMasks.into());
        }
        sound("name", "文件名称", &self.name, LINE_MAX)?;
        let lengths = SHORTEST_WORD..=LONGEST_WORD;
        let fits = |words: &Words| lengths.contains(&plain(&words.text).chars().count());
        if self.masks.len() > MOST_MASKS
            || self.words.len() > MOST_WORDS
            || !self.words.iter().all(fits)
        {
            let (masks, words) = (MOST_MASKS, MOST_WORDS);
            let (least, most) = (SHORTEST_WORD, LONGEST_WORD);
            return Err(OutgoingRefusal::TooManyMasks { masks, words, least, most }.into());
        }
        Ok(())
    }
}

impl Mask {
    /// Whether the box is a box and lies on a page of this size at least in part.
    #[must_use]
    pub fn lies_on(&self, width: f64, height: f64) -> bool {
        let numbers = [self.x, self.y, self.width, self.height];
        numbers.iter().all(|number| number.is_finite())
            && self.width >= SMALLEST
            && self.height >= SMALLEST
            && self.x < width
            && self.y < height
            && self.x + self.width > 0.0
            && self.y + self.height > 0.0
    }
}

/// Text as it is looked for: without white space.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Masks counted by ground.
#[must_use]
pub fn counted(masks: &[Mask]) -> Vec<MaskCount> {
    let count = |ground| {
        let count = masks.iter().filter(|mask| mask.ground == ground).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let all = Ground::ALL.iter().map(|ground| MaskCount { ground: *ground, count: count(*ground) });
    all.filter(|counted| counted.count > 0).collect()
}

/// Decides a step on a masked copy: only somebody else than its maker takes it.
///
/// # Errors
///
/// [`OutgoingRefusal::WrongRedactionState`], [`OutgoingRefusal::NotConfirmer`],
/// [`OutgoingRefusal::OwnRedaction`]; a reason that is missing.
pub fn decide(
    state: RedactionState,
    made_by: UserId,
    step: &RedactionStep,
    (actor, roles): (UserId, &[Role]),
) -> Result<RedactionState, Refusal> {
    if state != RedactionState::Draft {
        return Err(OutgoingRefusal::WrongRedactionState(state).into());
    }
    let may = |role: &Role| matches!(role, Role::Officer | Role::Head | Role::SecrecyReviewer);
    if !roles.iter().any(may) {
        return Err(OutgoingRefusal::NotConfirmer.into());
    }
    match step {
        RedactionStep::Confirm { .. } if actor == made_by => {
            Err(OutgoingRefusal::OwnRedaction.into())
        }
        RedactionStep::Confirm { .. } => Ok(RedactionState::Confirmed),
        RedactionStep::Reject { reason } => {
            required("reason", "退回的理由", reason, TEXT_MAX)?;
            Ok(RedactionState::Rejected)
        }
    }
}
