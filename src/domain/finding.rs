//! What a file that is to go out carries unseen: comments, traces of changes, hidden rows, text below
//! a black box, who wrote it – and numbers of people, seen or not.
//!
//! Source: 条例 art. 15, 37 (what may not be given is taken out); 个人信息保护法 art. 25, 28.

use serde::{Deserialize, Serialize};

use super::applicant::mask_name;
use super::ids::UserId;
use super::text_enum::text_enum;
use super::traces::{self, TraceKind};

text_enum!(
    /// What was found.
    FindingKind {
        /// 居民身份证号码, with its right check digit.
        IdentityNumber = "identity_number", "居民身份证号码";
        /// A mobile telephone.
        Phone = "phone", "手机号码";
        /// A bank card, with its right check digit.
        BankCard = "bank_card", "银行卡号";
        /// Comments of a word processor or spreadsheet, annotations of a PDF.
        Comments = "comments", "批注";
        /// Insertions and deletions that are still on record in the file.
        TrackedChanges = "tracked_changes", "修订痕迹";
        /// Text formatted as hidden, or in the colour of the paper.
        HiddenText = "hidden_text", "隐藏文字";
        /// Text of a PDF that is there but not drawn, as below a scan.
        InvisibleText = "invisible_text", "不可见文字";
        /// Text of a PDF that something was drawn over, and that can still be copied out.
        CoveredText = "covered_text", "被遮盖但仍可提取的文字";
        /// Sheets that are hidden.
        HiddenSheet = "hidden_sheet", "隐藏的工作表";
        /// Rows or columns that are hidden.
        HiddenCells = "hidden_cells", "隐藏的行或者列";
        /// What a pivot table remembers of its source.
        PivotCache = "pivot_cache", "数据透视表缓存的源数据";
        /// Links to other files, with their paths.
        ExternalLink = "external_link", "外部链接";
        /// Files or objects within the file; nobody looked into them.
        EmbeddedObject = "embedded_object", "嵌入的文件或者对象";
        /// Programs within the file.
        Macros = "macros", "宏或者脚本";
        /// Who wrote it, where, with which software.
        Author = "author", "作者、单位等文档属性";
        /// Versions before the last one, still in the file.
        EarlierVersion = "earlier_version", "保留的旧版本";
        /// Where a picture was taken.
        Location = "location", "拍摄位置";
        /// A small picture within a picture, perhaps of what was cut away.
        Thumbnail = "thumbnail", "内嵌缩略图";
        /// It could not be looked into, or not wholly.
        Unchecked = "unchecked", "未能检查";
    }
);

/// Something that was found; numbers and names masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The same in Chinese.
    pub label: String,
    /// Where: page, sheet and cell, paragraph, or the name of the file.
    pub place: String,
    /// It, masked, or how many there are.
    pub shown: String,
}

/// How often something was found; what the ledger keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Found {
    /// What.
    pub kind: FindingKind,
    /// How often.
    pub count: u32,
}

/// What the check of a file found, and what somebody said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// By which version of the rules.
    pub rules: u16,
    /// What was found; nothing, mostly.
    pub found: Vec<Found>,
    /// Who said that it may stay.
    pub confirmed: Option<Confirmation>,
}

/// Somebody looked at the findings and says why they may stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Who.
    pub by: Option<UserId>,
    /// Why.
    pub reason: String,
    /// Position in the ledger.
    pub seq: i32,
}

impl Inspection {
    /// Whether nothing was found that nobody has answered for.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.found.is_empty() || self.confirmed.is_some()
    }
}

impl Finding {
    /// A finding at a place.
    #[must_use]
    pub fn new(kind: FindingKind, place: impl Into<String>, shown: impl Into<String>) -> Self {
        let label = kind.label().to_owned();
        Self { kind, label, place: place.into(), shown: shown.into() }
    }
}

/// The numbers of people in a text, each once.
#[must_use]
pub fn numbers(place: &str, text: &str) -> Vec<Finding> {
    let found = traces::numbers(place, text).into_iter();
    found
        .filter_map(|trace| Some(Finding::new(of(trace.kind)?, trace.place, trace.shown)))
        .collect()
}

const fn of(kind: TraceKind) -> Option<FindingKind> {
    match kind {
        TraceKind::IdentityNumber => Some(FindingKind::IdentityNumber),
        TraceKind::Phone => Some(FindingKind::Phone),
        TraceKind::BankCard => Some(FindingKind::BankCard),
        TraceKind::Applicant => None,
    }
}

/// The trace of a person that a finding is; `None` for everything that is no number.
#[must_use]
pub const fn trace_kind(kind: FindingKind) -> Option<TraceKind> {
    match kind {
        FindingKind::IdentityNumber => Some(TraceKind::IdentityNumber),
        FindingKind::Phone => Some(TraceKind::Phone),
        FindingKind::BankCard => Some(TraceKind::BankCard),
        _ => None,
    }
}

/// Findings counted by kind, in the order of [`FindingKind`].
#[must_use]
pub fn counted(findings: &[Finding]) -> Vec<Found> {
    let count = |kind| {
        let count = findings.iter().filter(|finding| finding.kind == kind).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let all = FindingKind::ALL.iter().map(|kind| Found { kind: *kind, count: count(*kind) });
    all.filter(|found| found.count > 0).collect()
}

/// Kinds as a sentence lists them.
#[must_use]
pub fn listed(found: &[Found]) -> String {
    let labels: Vec<&str> = found.iter().map(|found| found.kind.label()).collect();
    labels.join("、")
}

/// The beginning of a text and how long it is: enough to find it, too little to read it.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let count = plain.chars().count();
    match plain.chars().next() {
        Some(first) => format!("{first}…（共{count}字）"),
        None => String::new(),
    }
}

/// Names, masked and each once.
#[must_use]
pub fn masked_names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut masked: Vec<String> = Vec::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        let name = mask_name(name);
        if !masked.contains(&name) && masked.len() < 5 {
            masked.push(name);
        }
    }
    masked.join("、")
}
