//! What officers change in the words of a draft reply (正文改动): block by block, each with its reason, in
//! sight of whoever approves.
//!
//! Facts are changed in the field they come from, so that document, register and report say the same. What
//! was asked, the decision with its article, and the remedies are not changed at all: they follow from
//! the record.
//!
//! Source: 条例 art. 36 (告知并说明理由); 行政复议法 art. 20, 23; rulebook 5.4; our rule (D).

use serde::{Deserialize, Serialize};

use super::gate;
use super::remedy::{self, REMEDY_WORDS};
use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, TEXT_MAX};
use super::text_enum::text_enum;

/// How the paragraph ends with which what was asked is over, and the findings begin.
pub const FINDINGS_FOLLOW: &str = "答复如下：";

text_enum!(
    /// What a block is.
    BlockForm {
        /// A heading.
        Heading = "heading", "标题";
        /// A paragraph.
        Paragraph = "paragraph", "段落";
        /// A list, an item each line.
        List = "list", "列表";
    }
);

text_enum!(
    /// Why the words of a block stay.
    Protection {
        /// It names the item that is answered.
        Heading = "heading", "标题按申请的事项生成";
        /// It repeats what was asked, when and how.
        Request = "request", "收到日期、登记编号和申请内容按登记的事实生成";
        /// It cites the Regulation: the decision and what it rests on.
        Decision = "decision", "处理结论和法律依据按处理结果生成";
        /// It says what may be done against the reply.
        Remedy = "remedy", "救济途径按处理结果、机关和日期生成";
    }
);

/// A block of a draft as the template makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftBlock {
    /// What it is.
    pub form: BlockForm,
    /// Its text; a line each item of a list.
    pub text: String,
}

/// A change of one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockChange {
    /// Number of the block, from 1.
    pub block: usize,
    /// What the template says there, as it was read.
    pub was: String,
    /// What is to stand there: each line a paragraph, or an item of the list. Nothing leaves it out.
    #[serde(default)]
    pub text: String,
    /// Why, for whoever approves. Not printed.
    pub why: String,
}

impl BlockChange {
    /// The lines that are to be printed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        lines(&self.text)
    }

    /// The lines that the template did not say: what the officer wrote.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        self.lines().filter(|line| lines(&self.was).all(|known| known != *line))
    }
}

/// A fact that the text states, and what its field is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The field, as people know it.
    pub label: &'static str,
    /// What it says; several lines may be printed apart.
    pub text: String,
}

/// What keeps the words of each block, if anything does.
#[must_use]
pub fn protections(blocks: &[DraftBlock]) -> Vec<Option<Protection>> {
    let opens = |block: &DraftBlock| {
        block.form == BlockForm::Paragraph && block.text.ends_with(FINDINGS_FOLLOW)
    };
    let opening = blocks.iter().position(opens).map_or(0, |at| at + 1);
    let protection = |(n, block): (usize, &DraftBlock)| {
        if block.form == BlockForm::Heading {
            Some(Protection::Heading)
        } else if n < opening {
            Some(Protection::Request)
        } else if REMEDY_WORDS.iter().any(|word| block.text.contains(word)) {
            Some(Protection::Remedy)
        } else if !gate::articles(&block.text).is_empty() {
            Some(Protection::Decision)
        } else {
            None
        }
    };
    blocks.iter().enumerate().map(protection).collect()
}

/// The block that each change is about: the one that says what was read, the nearest to where it stood
/// then. None where the text says something else by now, or a change before is about it.
#[must_use]
pub fn placed(blocks: &[DraftBlock], changes: &[&BlockChange]) -> Vec<Option<usize>> {
    let mut taken = vec![false; blocks.len()];
    let mut place = |change: &&BlockChange| {
        let same = |at: &usize| {
            let known = blocks.get(*at).is_some_and(|block| block.text == change.was);
            known && taken.get(*at) == Some(&false)
        };
        let near = |at: &usize| at.abs_diff(change.block.saturating_sub(1));
        let found = (0..blocks.len()).filter(same).min_by_key(near);
        if let Some(slot) = found.and_then(|at| taken.get_mut(at)) {
            *slot = true;
        }
        found
    };
    changes.iter().map(&mut place).collect()
}

/// Everything that keeps changes from standing in the draft.
#[must_use]
pub fn faults(blocks: &[DraftBlock], facts: &[Fact], changes: &[&BlockChange]) -> Vec<FieldFault> {
    let mut faults = Faults(Vec::new());
    let kept = protections(blocks);
    for (change, place) in changes.iter().zip(placed(blocks, changes)) {
        let n = change.block;
        let why = format!("第{n}段改动的理由");
        faults.required("changes.why", &why, &change.why, LINE_MAX);
        faults.text("changes.text", &format!("第{n}段"), &change.text, TEXT_MAX);
        let Some(at) = place else {
            let message = format!("第{n}段现在不是所引的文字，或者重复提交了改动，请重新读取文稿");
            faults.add("changes.was", "block_unknown", message);
            continue;
        };
        if change.lines().eq(lines(&change.was)) {
            faults.add("changes.text", "unchanged", format!("第{n}段没有改动"));
            continue;
        }
        let listed = blocks.get(at).map(|block| block.form);
        if let Some(protection) = kept.get(at).copied().flatten() {
            // Paragraphs may be added beside one that stays.
            let stays = listed == Some(BlockForm::Paragraph)
                && change.lines().any(|line| line == change.was);
            if !stays {
                let message = format!("第{n}段不能修改或者删除：{}", protection.label());
                faults.add("changes.text", "block_protected", message);
                continue;
            }
        }
        facts_kept(change, facts, &mut faults);
        if let Some(word) = remedy::typed_word(&change.text, &change.was) {
            let message =
                format!("救济途径由系统按结果、机关和日期生成，请不要在正文中另写“{word}”");
            faults.add("changes.text", "remedy_typed", message);
        }
    }
    faults.0
}

/// What a field says is changed in the field.
fn facts_kept(change: &BlockChange, facts: &[Fact], faults: &mut Faults) {
    for fact in facts {
        let parts = fact.text.lines().map(|line| line.trim().trim_end_matches(['。', '；', '，']));
        for part in parts.filter(|part| part.chars().nth(1).is_some()) {
            if change.was.contains(part) && !change.text.contains(part) {
                let short: String = part.chars().take(20).collect();
                let message = format!("“{short}”来自“{}”一栏，请在该栏中修改", fact.label);
                faults.add("changes.text", "fact_changed", message);
            }
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
