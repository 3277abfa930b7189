//! What a provision is named as in a reply: whether it names an act and an article at all, and
//! whether the act can bear what it is named for.

use super::text_enum::text_enum;

text_enum!(
    /// What was sent, where it is no request for government information (O3).
    ///
    /// Source: rulebook 4.1 O3; 条例 art. 2, 41.
    OtherCase {
        /// It asks for advice or an explanation, not for a record.
        Enquiry = "enquiry", "咨询、要求解释说明，不是申请获取已经记录、保存的信息";
        /// It asks for the correction of a record on the applicant.
        RecordCorrection = "record_correction", "要求更正与本人有关的政府信息，按更正程序办理";
        /// Another act gives what is asked for a procedure of its own.
        OtherProcedure = "other_procedure", "法律、法规对所提事项规定有专门程序";
    }
);

impl OtherCase {
    /// The provision it rests on; none where the officer must name it.
    #[must_use]
    pub const fn article(self) -> Option<&'static str> {
        match self {
            Self::Enquiry => Some("《中华人民共和国政府信息公开条例》第二条"),
            Self::RecordCorrection => Some("《中华人民共和国政府信息公开条例》第四十一条"),
            Self::OtherProcedure => None,
        }
    }
}

/// Whether a text names an act in book-title marks and an article of it.
#[must_use]
pub fn names_article(text: &str) -> bool {
    titles(text).next().is_some()
        && text.rsplit('》').next().is_some_and(|rest| rest.contains('第') && rest.contains('条'))
}

/// Kinds of acts that are seldom laws or administrative regulations. Some administrative regulations
/// bear such a name (行政法规制定程序条例 art. 5), so that a name alone proves nothing.
const LOWER: [&str; 12] = [
    "办法", "规定", "规则", "细则", "规章", "通知", "意见", "决定", "标准", "制度", "规范", "方案",
];

/// What an act of a place is named after.
const PLACES: [&str; 5] = ["省", "自治区", "自治州", "市", "县"];

/// The first act named, if none of those named looks like a law or an administrative regulation.
///
/// Source: 条例 art. 14 (法律、行政法规禁止公开); rulebook 4.1 N2 (规章 is not enough).
#[must_use]
pub fn doubtful_act(text: &str) -> Option<&str> {
    let named: Vec<&str> = titles(text).collect();
    let named = if named.is_empty() { vec![text.trim()] } else { named };
    let first = named.first().copied().filter(|first| !first.is_empty())?;
    named.iter().all(|title| is_lower(title)).then_some(first)
}

fn is_lower(title: &str) -> bool {
    // What stands in brackets is the version: （试行）, （2019修订）.
    let name = title.split(['（', '(']).next().unwrap_or(title);
    // Without title marks the article follows the name.
    let name = name.split('第').next().unwrap_or(name).trim();
    let start: String = name.chars().take(8).collect();
    LOWER.iter().any(|kind| name.ends_with(kind)) || PLACES.iter().any(|of| start.contains(of))
}

fn titles(text: &str) -> impl Iterator<Item = &str> {
    text.split('《').skip(1).filter_map(|rest| rest.split_once('》')).map(|(title, _)| title)
}
