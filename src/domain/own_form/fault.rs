//! What is wrong with a form that an agency made itself, in words for whoever uploads it: everything that
//! would make its copies defective, or would run or fetch something when they are opened.

use super::{Placeholder, RowList};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable code.
    pub code: &'static str,
    /// Chinese sentence: where, what, and what to do.
    pub message: String,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A part of it cannot be read.
    #[must_use]
    pub fn damaged(place: &str) -> Self {
        let message = format!("{place}无法读取，请用 Word 或者 WPS 打开后另存为 .docx 再上传");
        Self::new("form_file_damaged", message)
    }

    /// The names within it lead elsewhere.
    #[must_use]
    pub fn odd_names() -> Self {
        let message = "表格文件内部的路径不正常，请用 Word 或者 WPS 另存后再上传";
        Self::new("form_file_damaged", message)
    }

    /// It is no Word file, or a template of one.
    #[must_use]
    pub fn kind() -> Self {
        let message = "不是 Word 文档（.docx），请用 Word 或者 WPS 另存为 .docx 后再上传";
        Self::new("form_file_kind", message)
    }

    /// It has a password, or is of Office before 2007.
    #[must_use]
    pub fn protected() -> Self {
        let message = "表格文件有密码保护，或者是旧版 .doc 格式，请取消密码并另存为 .docx 后再上传";
        Self::new("form_file_protected", message)
    }

    /// It is too long, before or after unpacking or filling.
    #[must_use]
    pub fn too_large(what: &str) -> Self {
        Self::new("form_file_too_large", format!("表格文件{what}，请精简后再上传"))
    }

    /// It would run or fetch something.
    #[must_use]
    pub fn active(what: &str) -> Self {
        let message =
            format!("表格文件中有{what}，打开时会运行程序或者读取其他文件，请删除后再上传");
        Self::new("form_active_content", message)
    }

    /// It tells what was changed or said about it.
    #[must_use]
    pub fn traces(what: &str) -> Self {
        let message = format!("表格文件中有{what}，请接受全部修订、删除全部批注后再上传");
        Self::new("form_traces", message)
    }

    /// The catalogue has no such placeholder.
    #[must_use]
    pub fn unknown(place: &str, name: &str, nearest: Option<Placeholder>) -> Self {
        let hint = nearest.map_or_else(String::new, |one| {
            format!("，是否应为“{}”（{}）", one.label(), one.as_str())
        });
        let message = format!("{place}：没有名为“{name}”的占位符{hint}；可用的名称见占位符目录");
        Self::new("unknown_placeholder", message)
    }

    /// The braces do not fit together.
    #[must_use]
    pub fn malformed(place: &str, told: &str) -> Self {
        let message =
            format!("{place}：“{told}”处的花括号不成对、嵌套或者中间有换行，请改为{{{{名称}}}}");
        Self::new("placeholder_malformed", message)
    }

    /// A placeholder stands where the program does not fill.
    #[must_use]
    pub fn not_fillable(label: &str) -> Self {
        let message =
            format!("{label}的公式、图表、域代码中有占位符，程序不能填写，请移到正文文字中");
        Self::new("placeholder_not_fillable", message)
    }

    /// What is told line by line stands in no row.
    #[must_use]
    pub fn outside_table(place: &str, placeholder: Placeholder, list: RowList) -> Self {
        let (name, list) = (placeholder.label(), list.label());
        let message = format!("{place}：“{name}”逐行列出{list}，只能放在表格的行中");
        Self::new("list_outside_table", message)
    }

    /// Two lists want the same row.
    #[must_use]
    pub fn mixed(place: &str) -> Self {
        let message = format!("{place}：一行只能逐行列出一种内容，也不能在其中再套逐行列出的表格");
        Self::new("lists_mixed", message)
    }

    /// More placeholders than a form has.
    #[must_use]
    pub fn too_many(most: usize) -> Self {
        let message = format!("占位符超过{most}处，请拆分为几张表格");
        Self::new("too_many_placeholders", message)
    }

    /// Nothing to fill.
    #[must_use]
    pub fn none() -> Self {
        let message = "文件中没有占位符，请在需要填写的位置写入占位符，例如{{登记编号}}";
        Self::new("no_placeholder", message)
    }
}
