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
    /// Where a fee is paid or asked about; printed as a QR code on a letter that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_url: Option<String>,
    /// The picture of the seal that was in use when the notice was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

/// The picture of a seal over name and date. The notice keeps its digest, and with that the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the picture, hexadecimal.
    pub sha256: String,
    /// The picture itself, fetched for setting: a PNG file.
    #[serde(skip)]
    pub png: bytes::Bytes,
}

/// A wording template at one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRef {
    /// For example `correction`.
    pub code: String,
    /// Raised whenever the wording changes.
    pub version: u32,
    /// The agency's own edition, where it has one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
}

impl TemplateRef {
    /// Version and edition as they go on record: `3`, or `3/2` for the agency's second edition.
    #[must_use]
    pub fn printed(&self) -> String {
        match self.edition {
            Some(edition) => format!("{}/{edition}", self.version),
            None => self.version.to_string(),
        }
    }
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
    /// 表格: a sheet with ruled tables that is filled in, signed and kept. Not part of the standard.
    Form,
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
    /// Labels and facts in a ruled table, beside the name of their group.
    Rows {
        /// Name of the group, such as `申请人信息`.
        #[serde(default)]
        group: Option<String>,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A ruled table with a head.
    Grid {
        /// Heads of the columns.
        columns: Vec<Column>,
        /// Cells of each line, as many as there are columns.
        lines: Vec<Vec<String>>,
    },
}

/// A column of a ruled table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its head.
    pub label: String,
    /// Its share of the width.
    pub share: u8,
}

impl Block {
    /// A paragraph of `text`.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }
}

/// One line of a table of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it is, for example `收到日期`.
    pub label: String,
    /// The fact itself.
    pub value: String,
    /// Takes the whole width; short rows stand two abreast.
    #[serde(default)]
    pub wide: bool,
    /// Who signs below the fact, and when; empty lines where it is signed by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
}

impl Notice {
    /// Returns the notice with every text made printable, see [`text::clean`].
    pub fn cleaned(&self) -> Self {
        self.mapped(&text::clean)
    }

    /// Returns the notice with every text passed through `change`.
    pub fn mapped(&self, change: &dyn Fn(&str) -> String) -> Self {
        let one = |s: &String| change(s);
        let maybe = |s: &Option<String>| s.as_ref().map(one).filter(|s| !s.is_empty());
        let many = |list: &[String]| list.iter().map(one).collect();
        Self {
            template: self.template.clone(),
            layout: self.layout,
            head: one(&self.head),
            number: maybe(&self.number),
            title: one(&self.title),
            addressee: one(&self.addressee),
            blocks: self.blocks.iter().map(|block| block.mapped(change)).collect(),
            attachments: many(&self.attachments),
            signatory: one(&self.signatory),
            date: self.date,
            contact: maybe(&self.contact),
            copies_to: many(&self.copies_to),
            rows: self.rows.iter().map(|row| row.mapped(change)).collect(),
            query_code: maybe(&self.query_code),
            case_number: maybe(&self.case_number),
            track_url: maybe(&self.track_url),
            pay_url: maybe(&self.pay_url),
            seal: self.seal.clone(),
        }
    }
}

impl Block {
    fn mapped(&self, change: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Paragraph { text } => Self::Paragraph { text: change(text) },
            Self::Heading { level, text } => Self::Heading { level: *level, text: change(text) },
            Self::List { items } => {
                Self::List { items: items.iter().map(|item| change(item)).collect() }
            }
            Self::Rows { group, rows } => Self::Rows {
                group: group.as_deref().map(change),
                rows: rows.iter().map(|row| row.mapped(change)).collect(),
            },
            Self::Grid { columns, lines } => {
                let label = |c: &Column| Column { label: change(&c.label), share: c.share };
                let cells = |line: &Vec<String>| line.iter().map(|cell| change(cell)).collect();
                let columns = columns.iter().map(label).collect();
                Self::Grid { columns, lines: lines.iter().map(cells).collect() }
            }
        }
    }
}

impl Row {
    fn mapped(&self, change: &dyn Fn(&str) -> String) -> Self {
        Self {
            label: change(&self.label),
            value: change(&self.value),
            wide: self.wide,
            signed: self.signed.as_deref().map(change),
        }
    }
}

/// Returns a date as notices write it: `2026年3月9日`, no padding zeros.
///
/// Source: GB/T 9704-2012, 7.3.5.4.
pub fn chinese_date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
