//! The structured notice: what a notice says, free of how it looks.
//!
//! It is frozen as JSON when the notice is issued, so a field may be added (with a default) but
//! never renamed or removed: notices issued years ago must still print.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::text;

/// Everything one notice says. Renderers add no sentence of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which wording template it came from.
    pub template: TemplateRef,
    /// How the sheet is laid out.
    pub layout: Layout,
    /// 发文机关标志, the red name at the head of the sheet.
    pub head: String,
    /// 文号, for example `宁政公开补〔2026〕5号`. None while it is a draft: numbers are allotted at issue.
    #[serde(default)]
    pub number: Option<String>,
    /// 标题.
    pub title: String,
    /// 主送: the applicant's name, without the colon.
    pub addressee: String,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 附件说明, without numbers.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// 署名: full name of the agency.
    pub signatory: String,
    /// 成文日期.
    pub date: NaiveDate,
    /// 附注, without the brackets: contact person and telephone.
    #[serde(default)]
    pub contact: Option<String>,
    /// 抄送.
    #[serde(default)]
    pub copies_to: Vec<String>,
    /// The table of a receipt. Other layouts have none.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// 查询码 of the applicant.
    #[serde(default)]
    pub query_code: Option<String>,
    /// 登记编号; printed as Code 128 on a receipt.
    #[serde(default)]
    pub case_number: Option<String>,
    /// Where the applicant follows the case; printed as a QR code on a receipt.
    #[serde(default)]
    pub track_url: Option<String>,
}

/// A wording template at one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRef {
    /// For example `correction`.
    pub code: String,
    /// Raised whenever the wording changes.
    pub version: u32,
}

/// Layout of the sheet. Source: GB/T 9704-2012.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// 公文 with red head and red rule, part 7.
    Official,
    /// 信函格式 with red double rules and no number on the first page, part 10.1.
    Letter,
    /// 一式两份: both copies on one sheet with a cutting line. Not part of the standard.
    Receipt,
}

/// One piece of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph, two characters indented.
    Paragraph {
        /// Plain text in one line.
        text: String,
    },
    /// A heading of its own: 黑体 on level 1, 楷体 on level 2.
    Heading {
        /// 1 or 2. Anything above 2 is set like 2.
        level: u8,
        /// Plain text in one line.
        text: String,
    },
    /// Items, each on a line of its own. They bring their numbers with them.
    List {
        /// Plain text, one line each.
        items: Vec<String>,
    },
}

impl Block {
    /// A paragraph of `text`.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }
}

/// One line of the receipt's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is, for example `收到日期`.
    pub label: String,
    /// The fact itself.
    pub value: String,
    /// Takes the whole width; short rows stand two abreast.
    #[serde(default)]
    pub wide: bool,
}

impl Notice {
    /// Returns the notice with every text made printable, see [`text::clean`].
    pub fn cleaned(&self) -> Self {
        let one = |s: &String| text::clean(s);
        let maybe = |s: &Option<String>| s.as_ref().map(one).filter(|s| !s.is_empty());
        let many = |list: &[String]| list.iter().map(one).collect();
        Self {
            template: self.template.clone(),
            layout: self.layout,
            head: one(&self.head),
            number: maybe(&self.number),
            title: one(&self.title),
            addressee: one(&self.addressee),
            blocks: self.blocks.iter().map(Block::cleaned).collect(),
            attachments: many(&self.attachments),
            signatory: one(&self.signatory),
            date: self.date,
            contact: maybe(&self.contact),
            copies_to: many(&self.copies_to),
            rows: self.rows.iter().map(Row::cleaned).collect(),
            query_code: maybe(&self.query_code),
            case_number: maybe(&self.case_number),
            track_url: maybe(&self.track_url),
        }
    }
}

impl Block {
    fn cleaned(&self) -> Self {
        match self {
            Self::Paragraph { text } => Self::Paragraph { text: text::clean(text) },
            Self::Heading { level, text } => {
                Self::Heading { level: *level, text: text::clean(text) }
            }
            Self::List { items } => {
                Self::List { items: items.iter().map(|s| text::clean(s)).collect() }
            }
        }
    }
}

impl Row {
    fn cleaned(&self) -> Self {
        Self { label: text::clean(&self.label), value: text::clean(&self.value), wide: self.wide }
    }
}

/// Returns a date as notices write it: `2026年3月9日`, no padding zeros.
///
/// Source: GB/T 9704-2012, 7.3.5.4.
pub fn chinese_date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
