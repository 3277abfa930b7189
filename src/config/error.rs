//! What is wrong with the settings: all of it at once, each line naming key, value and form.

use std::fmt;

use super::settings::{SETTINGS, Setting};
use super::source::Origin;

/// Settings that cannot be used. Shows one line per problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} 项设置不能使用 (settings that cannot be used: {}){}", problems.len(), problems.len(), lines(problems))]
pub struct ConfigError {
    /// Every problem found, in the order of the settings table.
    pub problems: Vec<Problem>,
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}

/// One setting that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Key of the setting, or the unknown name, or the file that cannot be read.
    pub key: String,
    /// Why, and what would be right. Never holds the value of a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl Problem {
    /// A value that is not of the setting's form.
    pub(super) fn bad_value(setting: &Setting, origin: &Origin, value: &str) -> Self {
        let shown = if setting.secret { "（保密，不显示 hidden）" } else { value };
        let message =
            format!("{origin} 的值 “{shown}” 无效，应为 (must be) {form}", form = (setting.form)());
        Self { key: setting.key.to_owned(), message }
    }

    /// A setting that another one makes necessary.
    pub(super) fn needed(key: &str, by: &str) -> Self {
        let message = format!("未填写，而 {by} 需要它 (missing, but needed by {by})");
        Self { key: key.to_owned(), message }
    }

    /// A name that is no setting, with the nearest one that is.
    pub(super) fn unknown(name: &str, as_key: &str, place: &str) -> Self {
        let near = SETTINGS
            .iter()
            .map(|setting| (distance(setting.key, as_key), setting))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, setting)| *distance * 3 <= setting.key.len())
            .map(|(_, setting)| {
                format!("，是否指 (did you mean) {} / {}?", setting.key, setting.env())
            });
        let message =
            format!("{place} 中没有这项设置 (no such setting){}", near.unwrap_or_default());
        Self { key: name.to_owned(), message }
    }

    /// A settings file that cannot be used as a whole, or one of its values.
    pub(super) fn in_file(name: impl fmt::Display, why: impl fmt::Display) -> Self {
        Self { key: name.to_string(), message: why.to_string().trim_end().replace('\n', "\n    ") }
    }
}

/// Levenshtein distance in bytes; keys are ASCII.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let here = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
