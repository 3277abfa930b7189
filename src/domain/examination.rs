//! The seven steps of examination (审查七步): 补不补 → 是不是 → 谁负责 → 有没有 → 给不给 → 怎么给 →
//! 怎么答. What is asked, what may be answered, where an answer leads, and what follows in the end.
//!
//! The review proposes, people decide: it refuses nothing. Where a decision contradicts the answers
//! on record, that is told as a [`Finding`].
//!
//! Source: 江苏省司法厅 practice, rulebook 1.2 p; 条例 art. 14–16, 30, 34–40.

mod table;

use serde::{Deserialize, Serialize};

use super::outcome::{Content, Outcome, RemedyKind};
use super::policy::Action;
use super::text_enum::text_enum;

pub use table::{Choice, Leads};

text_enum!(
    /// The steps, in their order.
    Step {
        /// Is a correction needed?
        Correction = "correction", "补不补";
        /// Is it a request for government information?
        Kind = "kind", "是不是";
        /// Whose is it?
        Responsibility = "responsibility", "谁负责";
        /// Is it there?
        Existence = "existence", "有没有";
        /// May it be given?
        Disclosure = "disclosure", "给不给";
        /// In which form?
        Form = "form", "怎么给";
        /// How is the reply worded?
        Reply = "reply", "怎么答";
    }
);

text_enum!(
    /// The questions of the review.
    Question {
        /// Are identity, content and form clear?
        Clear = "clear", "申请人身份、联系方式、申请内容和形式要求是否齐全、明确？";
        /// Is it government information that is asked for?
        Information = "information", "申请的是不是政府信息？";
        /// Was the same already answered?
        Before = "before", "是否属于已经答复过的，或者数量、频次明显超过合理范围的申请？";
        /// Which agency is responsible?
        Responsible = "responsible", "该信息由谁负责公开？";
        /// Does the agency hold it?
        Held = "held", "经检索，本机关是否有现成的该信息？";
        /// Is it public already?
        Published = "published", "该信息是否已经主动公开？";
        /// Does a ground against disclosure apply?
        Ground = "ground", "是否有不予公开的情形？";
        /// What does the third party say?
        ThirdParty = "third_party", "第三方意见和公共利益衡量的结果如何？";
        /// Can the rest be given?
        Separable = "separable", "能否区分处理，提供可以公开的部分？";
        /// Can it be given as asked?
        Manner = "manner", "能否按申请人要求的形式和途径提供？";
    }
);

text_enum!(
    /// What may be answered.
    Answer {
        /// Yes.
        Yes = "yes", "是";
        /// No.
        No = "no", "否";
        /// Still unclear after a correction.
        StillUnclear = "still_unclear", "补正后仍不明确";
        /// 信访、投诉、举报.
        Petition = "petition", "信访、投诉、举报类事项";
        /// Published matter.
        Publication = "publication", "要求提供公开出版物";
        /// A register with rules of its own.
        Register = "register", "工商、不动产登记等查询事项";
        /// An enquiry outside the Regulation.
        Enquiry = "enquiry", "业务咨询等其他事项";
        /// The same applicant, the same information, already answered.
        Repeated = "repeated", "同一申请人重复申请，已经答复";
        /// Confirmation or re-issue.
        Confirmation = "confirmation", "要求确认或者重新出具已获取的信息";
        /// Abusive volume.
        Volume = "volume", "数量、频次明显超过合理范围";
        /// This agency alone.
        Own = "own", "本机关";
        /// Made with others, this agency in the lead.
        Joint = "joint", "本机关牵头，与其他机关共同制作";
        /// Another agency.
        Other = "other", "其他机关";
        /// Not found.
        NotFound = "not_found", "经检索没有找到";
        /// Would have to be made.
        Unmade = "unmade", "没有现成信息，需要加工、分析";
        /// None.
        None = "none", "没有";
        /// State secret.
        StateSecret = "state_secret", "属于国家秘密";
        /// Forbidden by statute.
        Forbidden = "forbidden", "法律、行政法规禁止公开";
        /// Endangers security or stability.
        Security = "security", "危及国家安全、公共安全、经济安全、社会稳定";
        /// Third party's rights.
        Rights = "rights", "涉及商业秘密、个人隐私等第三方合法权益";
        /// Internal affairs.
        Internal = "internal", "内部事务信息";
        /// Deliberative material.
        Deliberative = "deliberative", "过程性信息";
        /// Enforcement file.
        CaseFile = "case_file", "行政执法案卷信息";
        /// Agrees.
        Agrees = "agrees", "第三方同意公开";
        /// Objects with good reason.
        Objects = "objects", "第三方不同意且理由合理";
        /// Must be disclosed all the same.
        PublicInterest = "public_interest", "不公开会对公共利益造成重大影响，决定公开";
        /// Only in another form.
        OtherForm = "other_form", "只能以其他适当形式提供";
    }
);

/// One answer on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Answered {
    /// The question.
    pub question: Question,
    /// What was answered.
    pub answer: Answer,
    /// On what it rests, in words.
    #[serde(default)]
    pub note: String,
}

/// What the review leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Proposal {
    /// The outcome; `None` where a step comes before any outcome.
    pub outcome: Option<Outcome>,
    /// The step to take first, such as a correction or a consultation.
    pub first: Option<Action>,
    /// The articles it rests on.
    pub article: String,
    /// What the reply must contain.
    pub content: Vec<Content>,
    /// What the applicant is told about remedies.
    pub remedy: Option<RemedyKind>,
}

/// Where a review stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// The answers that lead to where it stands. Answers off this path count no longer.
    pub path: Vec<Answered>,
    /// The next question; `None` at the end.
    pub next: Option<Question>,
    /// What it proposes; `None` before the end.
    pub proposal: Option<Proposal>,
}

/// A decision that the answers on record do not bear out. Told, never refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// What does not fit, in Chinese.
    pub message: String,
}

/// Follows the answers from the first question on. Of several answers to one question the last
/// counts; what the path does not reach any more is left aside.
#[must_use]
pub fn review(answers: &[Answered]) -> Review {
    let mut review = Review { next: Some(Question::Clear), ..Review::default() };
    let mut ground = None;
    while let Some(question) = review.next {
        let last = answers.iter().rev().find(|given| given.question == question);
        let Some((given, leads)) =
            last.and_then(|given| table::leads(question, given.answer).map(|to| (given, to)))
        else {
            return review;
        };
        review.path.push(given.clone());
        review.next = None;
        match leads {
            Leads::Question(next) => review.next = Some(next),
            Leads::Ground(outcome) => {
                ground = Some(outcome);
                review.next = Some(Question::Separable);
            }
            Leads::TheGround => {
                review.proposal = ground.map(|outcome| proposal(Some(outcome), None))
            }
            Leads::Outcome(outcome) => review.proposal = Some(proposal(Some(outcome), None)),
            Leads::OutcomeAfter(outcome, first) => {
                review.proposal = Some(proposal(Some(outcome), Some(first)));
            }
            Leads::Step(first, article) => {
                let article = article.to_owned();
                review.proposal = Some(Proposal { article, ..proposal(None, Some(first)) });
            }
        }
    }
    review
}

/// What may be answered to `question`, with where it leads.
#[must_use]
pub fn choices(question: Question) -> &'static [Choice] {
    table::choices(question)
}

/// Whether `answer` is an answer to `question`.
#[must_use]
pub fn fits(question: Question, answer: Answer) -> bool {
    table::leads(question, answer).is_some()
}

/// What in `outcome` the answers do not bear out.
#[must_use]
pub fn findings(review: &Review, outcome: Outcome) -> Vec<Finding> {
    let mut findings = Vec::new();
    if review.path.is_empty() {
        return findings;
    }
    let mut tell = |code: &str, message: String| {
        findings.push(Finding { code: code.to_owned(), message });
    };
    match &review.proposal {
        None => tell("review_incomplete", "审查七步尚未做完".to_owned()),
        Some(Proposal { outcome: None, first: Some(first), .. }) => tell(
            "review_wants_step",
            format!("审查结论是先“{}”，而拟作出的答复是“{}”", first.label(), outcome.label()),
        ),
        Some(Proposal { outcome: Some(proposed), .. }) if *proposed != outcome => tell(
            "review_contradicts",
            format!("审查结论是“{}”，而拟作出的答复是“{}”", proposed.label(), outcome.label()),
        ),
        Some(_) => {}
    }
    findings
}

fn proposal(outcome: Option<Outcome>, first: Option<Action>) -> Proposal {
    let rule = outcome.map(Outcome::rule);
    Proposal {
        outcome,
        first,
        article: rule.map(|rule| rule.ground.to_owned()).unwrap_or_default(),
        content: rule.map(|rule| rule.content.to_vec()).unwrap_or_default(),
        remedy: rule.map(|rule| rule.remedy),
    }
}

impl Question {
    /// The step it belongs to.
    #[must_use]
    pub const fn step(self) -> Step {
        match self {
            Self::Clear => Step::Correction,
            Self::Information | Self::Before => Step::Kind,
            Self::Responsible => Step::Responsibility,
            Self::Held => Step::Existence,
            Self::Published | Self::Ground | Self::ThirdParty => Step::Disclosure,
            Self::Separable | Self::Manner => Step::Form,
        }
    }
}
