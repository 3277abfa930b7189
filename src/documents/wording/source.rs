//! One wording file: the head in TOML, the text behind it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::WordingError;
use crate::documents::notice::Layout;

/// The head of a wording file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable name, for example `correction`.
    pub code: String,
    /// Title of the notice.
    pub title: String,
    /// Short name by which officers choose it; several replies share one title.
    pub label: String,
    /// Series of the 文号, for example `补`; each series counts on its own.
    pub series: String,
    /// Raised whenever the wording changes.
    pub version: u32,
    /// The agency's own edition, where the text is not the built-in one.
    #[serde(skip)]
    pub edition: Option<u32>,
    /// How the sheet is laid out.
    pub layout: Layout,
    /// How many copies are made out (份数).
    pub copies: u8,
    /// Number in the catalogue of documents, such as `F04`; none for what the catalogue does not
    /// name. Source: rulebook 5.3.
    #[serde(default)]
    pub catalogue: Option<String>,
    /// What it says of remedies.
    pub remedy: RemedyMark,
    /// The legal basis, for the officer's eyes.
    pub basis: Vec<String>,
    /// When to use it and what to mind, for the officer's eyes.
    pub guide: String,
    /// What must be known to fill it.
    pub fields: Vec<Field>,
    /// The table of a receipt.
    #[serde(default)]
    pub rows: Vec<RowTemplate>,
    /// Made-up values with which the template is tried out at start-up and shown as a specimen.
    pub sample: serde_json::Map<String, serde_json::Value>,
}

/// What a document says of remedies; the paragraph itself follows from outcome, agency and date.
///
/// Source: rulebook 5.4; 行政复议法 art. 20, 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum RemedyMark {
    /// Reconsideration first (复议前置).
    #[serde(rename = "A")]
    ReviewFirst,
    /// Reconsideration or court, at choice.
    #[serde(rename = "B")]
    Choice,
    /// None.
    #[serde(rename = "0")]
    None,
}

/// A value that a template needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in Chinese; also the name in the text.
    pub name: String,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether the notice cannot do without.
    #[serde(default)]
    pub required: bool,
    /// For dates: may be null with the flag 暂定.
    #[serde(default)]
    pub provisional: bool,
    /// For choices: what may be chosen.
    #[serde(default)]
    pub options: Vec<String>,
    /// For tables: the names of the columns.
    #[serde(default)]
    pub columns: Vec<String>,
    /// For texts and choices: taken when no value is given.
    #[serde(default)]
    pub default: Option<String>,
    /// Help for the officer.
    #[serde(default)]
    pub guide: String,
}

/// Kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A civil date, `2026-11-17`.
    Date,
    /// One line of text.
    Text,
    /// Several lines of text, each an item.
    List,
    /// A whole number, not negative.
    Int,
    /// One of the field's options.
    Choice,
    /// Lines of a table, each a text per column.
    Table,
}

/// A row of the table, its value being a small template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowTemplate {
    /// What it is.
    pub label: String,
    /// Template of the value.
    pub value: String,
    /// Takes the whole width.
    #[serde(default)]
    pub wide: bool,
}

/// A parsed file.
pub(super) struct Source {
    pub(super) file: String,
    pub(super) template: Template,
    /// The text, with as many empty lines in front as the head has: line numbers stay true.
    pub(super) body: String,
}

impl Source {
    pub(super) fn fault(&self, part: &str, line: Option<usize>, detail: String) -> WordingError {
        fault(&self.file, part, line, detail)
    }

    pub(super) fn body_name(&self) -> String {
        format!("{}/body", self.template.code)
    }

    pub(super) fn row_name(&self, index: usize) -> String {
        format!("{}/row/{index}", self.template.code)
    }
}

/// Splits and reads one file.
pub(super) fn parse(file: &str, text: &str) -> Result<Source, WordingError> {
    let text = text.replace("\r\n", "\n");
    let no_head = || fault(file, "文件头", Some(1), "必须以两行“+++”括起的文件头开始".to_owned());
    let rest = text.strip_prefix("+++\n").ok_or_else(no_head)?;
    let (head, body) = rest.split_once("\n+++\n").ok_or_else(no_head)?;
    let template: Template = toml::from_str(head).map_err(|e| {
        let before = e.span().and_then(|span| head.get(..span.start));
        let line = before.map(|text| text.matches('\n').count() + 2);
        fault(file, "文件头", line, e.message().to_owned())
    })?;
    let lines_above = head.matches('\n').count() + 3;
    let body = "\n".repeat(lines_above) + body;
    let source = Source { file: file.to_owned(), template, body };
    source.check_head()?;
    Ok(source)
}

impl Source {
    pub(super) fn check_head(&self) -> Result<(), WordingError> {
        let has_tables = self.body.lines().any(|line| line.starts_with('|'));
        if has_tables && self.template.layout != Layout::Form {
            let detail = "以“|”开头的表格只能用于表格版式（layout = \"form\"）".to_owned();
            return Err(self.fault("正文", None, detail));
        }
        let mut names = BTreeSet::new();
        for field in &self.template.fields {
            let wrong = if !names.insert(&field.name) {
                "重复登记"
            } else if field.provisional && field.kind != FieldType::Date {
                "不是日期，不能暂定"
            } else if (field.kind == FieldType::Choice) == field.options.is_empty() {
                "的可选项只能用于单选，且不能为空"
            } else if (field.kind == FieldType::Table) == field.columns.is_empty() {
                "的列名只能用于表格，且不能为空"
            } else {
                continue;
            };
            return Err(self.fault("文件头", None, format!("字段“{}”{wrong}", field.name)));
        }
        Ok(())
    }
}

fn fault(file: &str, part: &str, line: Option<usize>, detail: String) -> WordingError {
    WordingError::Template { file: file.to_owned(), part: part.to_owned(), line, detail }
}
