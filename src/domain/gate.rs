//! The gate before approval (一致性检查): what is wrong with a reply although every field is filled in.
//!
//! What no reply may go out with blocks it. What may be right in one case of a hundred must be looked
//! at: somebody says why it stands, and that is on record for whoever approves.
//!
//! Source: 行政诉讼法 art. 70 (2) (3) (wrong law, breach of procedure); rulebook section 0 and 4.1 (D).

mod excerpts;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::agency::AgencyProfile;
use super::block_change::BlockChange;
use super::calendar::Calendar;
use super::case::Case;
use super::dates;
use super::old_law;
use super::refusal::{PaperRefusal, Refusal};
use super::remedy;
use super::reply::ReplyContent;
use super::text::{LINE_MAX, TEXT_MAX, required, sound, squeezed};
use super::text_enum::text_enum;

/// The articles of the Regulation that a text cites by name, such as 第十五条, each once.
#[must_use]
pub fn articles(text: &str) -> Vec<String> {
    excerpts::articles_of_the_regulation(text)
}

text_enum!(
    /// What kind of thing is wrong.
    DraftFindingKind {
        /// A rule that has passed away.
        OldLaw = "old_law", "引用了已经失效的规定";
        /// A blank of a form that nobody filled in.
        Placeholder = "placeholder", "有没有填写的空白";
        /// Reasons under another article than the outcome's.
        GroundMismatch = "ground_mismatch", "理由引用的条款与处理结论不一致";
        /// The last day to reply has passed.
        Overdue = "overdue", "答复期限已过";
        /// A date for whose year the days of rest are not published.
        Provisional = "provisional_date", "日期所在年份的节假日安排尚未公布";
        /// The decision, in words of the officer's own.
        DecisionTyped = "decision_typed", "改动的文字里另有处理结论";
        /// Review body or court are not on record.
        RemedyUnknown = "remedy_unknown", "复议机关或者管辖法院没有登记";
    }
);

impl DraftFindingKind {
    /// Whether the reply cannot go out with it, whatever anybody says.
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Placeholder | Self::RemedyUnknown)
    }
}

/// One thing that is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DraftFinding {
    /// What kind.
    pub kind: DraftFindingKind,
    /// Number of the part of the reply, from 1; none where it concerns the whole.
    pub part: Option<usize>,
    /// The field of that part.
    pub field: &'static str,
    /// The words that are wrong; empty where nothing is quoted.
    pub excerpt: String,
    /// What is wrong.
    pub message: String,
    /// The article behind it.
    pub article: String,
    /// What to do.
    pub advice: String,
}

/// Says why a finding stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeFinding {
    /// What kind.
    pub finding: DraftFindingKind,
    /// The words, as the finding quotes them.
    #[serde(default)]
    pub excerpt: String,
    /// Why it stands.
    pub reason: String,
}

impl AcknowledgeFinding {
    /// The same, if it can be put on record.
    ///
    /// # Errors
    ///
    /// [`PaperRefusal::Blocks`] for what no reason mends; texts that are missing or too long.
    pub(super) fn checked(&self) -> Result<Self, Refusal> {
        if self.finding.blocks() {
            return Err(PaperRefusal::Blocks(self.finding.label()).into());
        }
        Ok(Self {
            finding: self.finding,
            excerpt: sound("excerpt", "所引文字", &self.excerpt, TEXT_MAX)?.to_owned(),
            reason: required("reason", "保留的理由", &self.reason, LINE_MAX)?.to_owned(),
        })
    }
}

/// A draft reply as the gate looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What it says, part by part.
    pub contents: &'a [ReplyContent],
    /// What officers changed in its words.
    pub changes: &'a [&'a BlockChange],
    /// The agency that speaks.
    pub agency: &'a AgencyProfile,
    /// Whether it is served over the internet.
    pub online: bool,
    /// The calendar of record.
    pub calendar: &'a Calendar,
    /// Today in Asia/Shanghai.
    pub today: NaiveDate,
}

/// Everything that is wrong with the draft reply of a case, acknowledged or not.
#[must_use]
pub fn findings(case: &Case, draft: &Draft<'_>) -> Vec<DraftFinding> {
    let mut found = Vec::new();
    for (n, content) in (1..).zip(draft.contents) {
        let part = (draft.contents.len() > 1).then_some(n);
        for (field, text) in content.typed() {
            in_text((part, field), text, draft, &mut found);
        }
        grounds(part, content, &mut found);
        let told = remedy::paragraph(content.outcome, draft.agency, draft.online, draft.today);
        if let Err(error) = told {
            found.push(DraftFinding {
                kind: DraftFindingKind::RemedyUnknown,
                part: None,
                field: "agency",
                excerpt: String::new(),
                message: error.to_string(),
                article: "《行政复议法》第二十三条第二款".to_owned(),
                advice: "请系统管理员在机关资料中登记复议机关和管辖法院".to_owned(),
            });
        }
    }
    for change in draft.changes {
        in_change(change, draft, &mut found);
    }
    found.extend(overdue(case, draft.today));
    let mut once: Vec<DraftFinding> = Vec::new();
    for finding in found {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once
}

/// The findings that keep a draft from being submitted: what blocks, and what nobody answered for.
#[must_use]
pub fn open(case: &Case, findings: Vec<DraftFinding>) -> Vec<DraftFinding> {
    let answered = |f: &DraftFinding| !f.kind.blocks() && case.has_acknowledged(f.kind, &f.excerpt);
    findings.into_iter().filter(|finding| !answered(finding)).collect()
}

fn in_text(
    (part, field): (Option<usize>, &'static str),
    text: &str,
    draft: &Draft<'_>,
    found: &mut Vec<DraftFinding>,
) {
    let finding = |kind: DraftFindingKind, excerpt: String, message: String| DraftFinding {
        kind,
        part,
        field,
        excerpt,
        message,
        article: String::new(),
        advice: String::new(),
    };
    found.extend(old_law::found(text).into_iter().map(|rule| DraftFinding {
        article: rule.article.to_owned(),
        advice: "请按现行规定修改；确需保留的（如引用申请人原文），请说明理由".to_owned(),
        ..finding(DraftFindingKind::OldLaw, rule.excerpt, rule.now.to_owned())
    }));
    found.extend(excerpts::blanks(text).map(|blank| DraftFinding {
        advice: "请填写或者删除".to_owned(),
        ..finding(DraftFindingKind::Placeholder, blank.clone(), format!("“{blank}”没有填写"))
    }));
    let unknown = |on: &NaiveDate| *on > draft.today && !draft.calendar.is_arranged(on.year());
    found.extend(excerpts::days(text).filter(unknown).map(|on| DraftFinding {
        advice: "请改为已经公布节假日安排的日期，或者说明理由".to_owned(),
        ..finding(
            DraftFindingKind::Provisional,
            dates::long(on),
            format!("{}年的节假日安排尚未公布，该日可能变动", on.year()),
        )
    }));
}

/// Words in which a reply decides.
const DECISIONS: &[&str] =
    &["予以公开", "不予公开", "不予提供", "不予处理", "不存在", "不属于本机关", "不再处理"];

/// What officers wrote into the words of the draft, which say what the outcome decides.
fn in_change(change: &BlockChange, draft: &Draft<'_>, found: &mut Vec<DraftFinding>) {
    for line in change.written() {
        in_text((None, "changes"), line, draft, found);
        let line = squeezed(line);
        for cited in excerpts::articles_of_any_act(&line) {
            let own = |content: &ReplyContent| content.outcome.rule().ground.contains(&cited);
            if !change.was.contains(&cited) && !draft.contents.iter().any(own) {
                let message = format!("改动的文字引用了{cited}，不是处理结论的依据");
                found.push(ground_mismatch((None, "changes"), message, cited));
            }
        }
        let typed = |word: &&&str| line.contains(**word) && !change.was.contains(**word);
        for word in DECISIONS.iter().filter(typed) {
            found.push(DraftFinding {
                kind: DraftFindingKind::DecisionTyped,
                part: None,
                field: "changes",
                excerpt: (*word).to_owned(),
                message: format!(
                    "改动的文字里有“{word}”，处理结论应当由处理结果生成，不能前后不一"
                ),
                article: "《政府信息公开条例》第三十六条".to_owned(),
                advice: "请修改处理结果，或者改换说法；确与处理结论一致的，请说明理由".to_owned(),
            });
        }
    }
}

/// Provisions of the Regulation that are grounds: citing one says what the reply decides.
const GROUNDS: &[&str] =
    &["第十四条", "第十五条", "第十六条", "第三十五条", "第三十八条", "第三十九条"];

/// The reasons cite a ground that is not the outcome's.
fn grounds(part: Option<usize>, content: &ReplyContent, found: &mut Vec<DraftFinding>) {
    let own = content.outcome.rule().ground;
    for cited in excerpts::articles_of_the_regulation(&content.reasons) {
        if GROUNDS.contains(&cited.as_str()) && !own.contains(&cited) {
            let message = format!(
                "处理结论“{}”的依据是条例{own}，理由却引用了{cited}",
                content.outcome.label()
            );
            found.push(ground_mismatch((part, "reasons"), message, cited));
        }
    }
}

fn ground_mismatch(
    (part, field): (Option<usize>, &'static str),
    message: String,
    cited: String,
) -> DraftFinding {
    DraftFinding {
        kind: DraftFindingKind::GroundMismatch,
        part,
        field,
        excerpt: cited,
        message,
        article: "《政府信息公开条例》第三十六条".to_owned(),
        advice: "请核对处理结论或者修改理由；确有必要引用的，请说明理由".to_owned(),
    }
}

/// The reply is late already: that is a defect nobody may overlook.
fn overdue(case: &Case, today: NaiveDate) -> Option<DraftFinding> {
    let due_on = case.clock().due_on().filter(|due| *due < today)?;
    Some(DraftFinding {
        kind: DraftFindingKind::Overdue,
        part: None,
        field: "on",
        excerpt: dates::long(due_on),
        message: format!("答复期限已于{}届满，答复将构成程序违法", dates::long(due_on)),
        article: "《政府信息公开条例》第三十三条".to_owned(),
        advice: "请尽快答复，并登记逾期的原因".to_owned(),
    })
}
