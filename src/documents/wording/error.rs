//! Faults of templates and of the values put into them, worded in Chinese.

/// A template is broken, or the facts do not fit it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordingError {
    /// The file itself is wrong: whoever edits the wording must act.
    #[error("{file}：{part}{}：{detail}", at(*line))]
    Template {
        /// Path below `assets/notices`.
        file: String,
        /// 文件头, 正文 or a row of the table.
        part: String,
        /// Line of the file, counted from 1, where known.
        line: Option<usize>,
        /// What is wrong.
        detail: String,
    },
    /// There is no template of this code.
    #[error("没有代码为“{0}”的文书模板")]
    UnknownTemplate(String),
    /// Values are missing or of the wrong kind: the officer must act.
    #[error("{title}：{}", listed(problems))]
    Fields {
        /// Title of the notice.
        title: String,
        /// All of them, in the order of the template.
        problems: Vec<FieldProblem>,
    },
}

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{field}”{problem}")]
pub struct FieldProblem {
    /// Name of the field.
    pub field: String,
    /// Predicate in Chinese, for example `必须填写`.
    pub problem: String,
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!("第{line}行")).unwrap_or_default()
}

fn listed(problems: &[FieldProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")
}
