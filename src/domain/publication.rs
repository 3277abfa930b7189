//! What is published for everybody after it was asked for, or after its reason to be withheld is
//! gone: the head of the catalogue, and the way from draft to publication through a second person.
//!
//! Source: 条例 art. 12, 15, 17, 18, 44; rulebook 5.3 (catalogue fields, 公开属性).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::dates;
use super::event::SecrecyFinding;
use super::ids::UserId;
use super::outcome::Outcome;
use super::policy::Role;
use super::reassessment::whole;
use super::refusal::{AnsweredRefusal, Refusal};
use super::text_enum::text_enum;
use super::traces::{Trace, TraceKind};

text_enum!(
    /// 公开属性. Source: rulebook 5.3.
    Attribute {
        /// For everybody.
        Active = "active", "主动公开";
        /// On request only.
        OnRequest = "on_request", "依申请公开";
        /// Not at all.
        Withheld = "withheld", "不予公开";
    }
);

text_enum!(
    /// Whether what is published still holds (有效性).
    Validity {
        /// It does.
        Valid = "valid", "有效";
        /// It was repealed.
        Repealed = "repealed", "已废止";
        /// Its time has passed.
        Expired = "expired", "已失效";
    }
);

text_enum!(
    /// Where a publication stands.
    PublicationState {
        /// Somebody writes at it.
        Draft = "draft", "草稿";
        /// It waits for a second person.
        Submitted = "submitted", "待复核";
        /// Everybody can read it.
        Published = "published", "已公开";
        /// It was taken down.
        Withdrawn = "withdrawn", "已撤回";
    }
);

/// The head of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// 公开属性.
    pub attribute: Attribute,
    /// 索引号.
    pub index_number: String,
    /// 统一登记号, where it has one.
    #[serde(default)]
    pub unified_number: String,
    /// 信息名称.
    pub title: String,
    /// 文号, where it has one.
    #[serde(default)]
    pub document_number: String,
    /// 生成日期.
    #[serde(deserialize_with = "dates::deserialize")]
    pub made_on: NaiveDate,
    /// 有效性.
    pub validity: Validity,
    /// 公开方式, such as 政府网站.
    pub method: String,
    /// 内容概述.
    pub summary: String,
    /// 主题分类.
    pub topic: String,
    /// 关键词.
    #[serde(default)]
    pub keywords: Vec<String>,
}

impl Head {
    /// Its texts, with the names of the fields.
    #[must_use]
    pub fn texts(&self) -> Vec<(&'static str, &str)> {
        let mut texts = vec![
            ("index_number", self.index_number.as_str()),
            ("unified_number", &self.unified_number),
            ("title", &self.title),
            ("document_number", &self.document_number),
            ("method", &self.method),
            ("summary", &self.summary),
            ("topic", &self.topic),
        ];
        texts.extend(self.keywords.iter().map(|word| ("keywords", word.as_str())));
        texts
    }

    /// Checks what must be there. Source: 条例 art. 12 ¶2 (索引、名称、内容概述、生成日期).
    ///
    /// # Errors
    ///
    /// A text that is missing or cannot be kept; a day in the future.
    pub fn check(&self, today: NaiveDate) -> Result<(), Refusal> {
        for (field, label, text) in [
            ("head.index_number", "索引号", &self.index_number),
            ("head.title", "信息名称", &self.title),
            ("head.method", "公开方式", &self.method),
            ("head.summary", "内容概述", &self.summary),
            ("head.topic", "主题分类", &self.topic),
        ] {
            whole(field, label, text)?;
        }
        for (_, text) in self.texts().into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            whole("head", "元数据", text)?;
        }
        if self.made_on > today {
            return Err(Refusal::InFuture { field: "head.made_on", on: self.made_on });
        }
        Ok(())
    }
}

/// A step on a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum PublicationStep {
    /// Lay it before a second person.
    Submit {
        /// How the content of the files was checked for personal data, and what was masked.
        content_check: String,
        /// Why traces that were found are no personal data, where there are any.
        #[serde(default)]
        findings_kept: String,
    },
    /// Record the review of secrecy.
    ReviewSecrecy {
        /// Its finding.
        finding: SecrecyFinding,
        /// Its opinion.
        opinion: String,
    },
    /// Give it back to be written anew.
    Return {
        /// Why.
        reason: String,
    },
    /// Publish it.
    Publish,
    /// Take it down.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl PublicationStep {
    /// In words.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Submit { .. } => "提交复核",
            Self::ReviewSecrecy { .. } => "保密审查",
            Self::Return { .. } => "退回修改",
            Self::Publish => "公开发布",
            Self::Withdraw { .. } => "撤回公开",
        }
    }
}

/// What is known of a publication when a step is taken.
#[derive(Debug, Clone)]
pub struct Pending<'a> {
    /// Where it stands.
    pub state: PublicationState,
    /// Everybody who wrote at it.
    pub authors: &'a [UserId],
    /// The head.
    pub head: &'a Head,
    /// What the check for personal data finds now.
    pub traces: &'a [Trace],
    /// Whether whoever asked is a person: their name never appears.
    pub asked_by_person: bool,
    /// The finding of secrecy on what is submitted.
    pub secrecy: Option<SecrecyFinding>,
}

/// Whether information may be published at all: it was supplied, or a second person found that it
/// may be opened now.
///
/// Source: 条例 art. 18, 44: 属于可以公开的.
#[must_use]
pub fn may_be_published(outcome: Option<Outcome>, dispatched: bool, reopened: bool) -> bool {
    reopened || (dispatched && matches!(outcome, Some(Outcome::G2 | Outcome::P1)))
}

/// Whether enough different applicants asked for what was opened.
///
/// Source: 条例 art. 44 ¶1; "several" is a setting (D).
#[must_use]
pub fn is_candidate(applicants: usize, several: u32) -> bool {
    u32::try_from(applicants).unwrap_or(u32::MAX) >= several
}

/// Decides a step by a person of these roles.
///
/// # Errors
///
/// [`AnsweredRefusal`] with what is against it; a text that is missing.
pub fn decide(
    now: &Pending<'_>,
    step: &PublicationStep,
    actor: UserId,
    roles: &[Role],
) -> Result<PublicationState, Refusal> {
    use PublicationState as S;
    use PublicationStep as T;
    let bears = |wanted: &[Role]| roles.iter().any(|role| wanted.contains(role));
    let second = || {
        if now.authors.contains(&actor) { Err(AnsweredRefusal::OwnPublication) } else { Ok(()) }
    };
    match (now.state, step) {
        (S::Draft, T::Submit { content_check, findings_kept }) => {
            if !bears(&[Role::Officer, Role::Head]) {
                return Err(AnsweredRefusal::NotPublisher.into());
            }
            clean(now, findings_kept)?;
            whole("content_check", "文件内容的检查和遮盖情况", content_check)?;
            Ok(S::Submitted)
        }
        (S::Submitted, T::ReviewSecrecy { opinion, .. }) => {
            second()?;
            if !bears(&[Role::Head, Role::SecrecyReviewer]) {
                return Err(AnsweredRefusal::NotPublisher.into());
            }
            whole("opinion", "保密审查意见", opinion)?;
            Ok(S::Submitted)
        }
        (S::Submitted, T::Return { reason }) => {
            whole("reason", "退回理由", reason)?;
            Ok(S::Draft)
        }
        (S::Submitted, T::Publish) => {
            second()?;
            if !bears(&[Role::Head, Role::Leader]) {
                return Err(AnsweredRefusal::NotPublisher.into());
            }
            if now.head.attribute != Attribute::Active {
                return Err(AnsweredRefusal::AttributeForbids(now.head.attribute).into());
            }
            match now.secrecy {
                Some(SecrecyFinding::Releasable) => Ok(S::Published),
                Some(_) => Err(Refusal::SecrecyReviewForbids),
                None => Err(Refusal::SecrecyReviewMissing),
            }
        }
        (S::Published, T::Withdraw { reason }) => {
            if !bears(&[Role::Head, Role::Leader]) {
                return Err(AnsweredRefusal::NotPublisher.into());
            }
            whole("reason", "撤回理由", reason)?;
            Ok(S::Withdrawn)
        }
        (from, step) => {
            Err(AnsweredRefusal::WrongPublicationState { from, step: step.label() }.into())
        }
    }
}

/// Traces of people are taken out, or somebody says why they are none. The name of a person who
/// asked is taken out in any case.
fn clean(now: &Pending<'_>, kept: &str) -> Result<(), Refusal> {
    let asker = |trace: &&Trace| now.asked_by_person && trace.kind == TraceKind::Applicant;
    if let Some(trace) = now.traces.iter().find(asker) {
        return Err(AnsweredRefusal::NamesApplicant(trace.place.clone()).into());
    }
    match now.traces.first() {
        Some(trace) if kept.trim().is_empty() => Err(AnsweredRefusal::PersonalTraces {
            label: trace.kind.label(),
            place: trace.place.clone(),
            shown: trace.shown.clone(),
        }
        .into()),
        Some(_) => whole("findings_kept", "保留的理由", kept).map(drop),
        None => Ok(()),
    }
}
