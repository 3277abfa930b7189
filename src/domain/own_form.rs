//! Forms that an agency made itself (自制表格): Word files with placeholders, what these stand for,
//! and what a case has to say for each.

mod fault;
mod placeholder;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, NAME_MAX, trimmed};

pub use fault::Fault;
pub use placeholder::{Placeholder, RowList};

/// What is printed where a case has nothing to say.
pub const NOTHING: &str = "——";

/// What is entered of a form beside its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnFormHead {
    /// Name, unique in its agency.
    pub name: String,
    /// What it is for, in one line.
    pub purpose: String,
    /// How to use it; may be empty.
    pub description: String,
}

impl OwnFormHead {
    /// The head without blanks round its texts.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let text = |text: &str| trimmed(text).to_owned();
        Self {
            name: text(&self.name),
            purpose: text(&self.purpose),
            description: text(&self.description),
        }
    }

    /// Everything that keeps it from being taken, all at once.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Faults(Vec::new());
        faults.required("name", "表格名称", &self.name, NAME_MAX);
        faults.required("purpose", "表格用途", &self.purpose, LINE_MAX);
        faults.text("description", "使用说明", &self.description, LINE_MAX);
        faults.0
    }
}

/// A line of a list.
pub type Line = BTreeMap<Placeholder, String>;

/// What a case says for the placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    once: Line,
    lists: BTreeMap<RowList, Vec<Line>>,
}

impl Values {
    /// Puts what a form says once; nothing where there is nothing to say.
    pub fn put(&mut self, placeholder: Placeholder, text: impl AsRef<str>) {
        let text = trimmed(text.as_ref());
        if !text.is_empty() {
            self.once.insert(placeholder, text.to_owned());
        }
    }

    /// Adds a line to a list: the texts in the order of the placeholders.
    pub fn add<const N: usize>(
        &mut self,
        list: RowList,
        placeholders: [Placeholder; N],
        texts: [String; N],
    ) {
        let told = placeholders.into_iter().zip(texts);
        let line = told.map(|(name, text)| (name, trimmed(&text).to_owned()));
        let line = line.filter(|(_, text)| !text.is_empty()).collect();
        self.lists.entry(list).or_default().push(line);
    }

    /// The lines of a list.
    #[must_use]
    pub fn lines(&self, list: RowList) -> &[Line] {
        self.lists.get(&list).map_or(&[], Vec::as_slice)
    }

    /// What stands for a placeholder, in a line of its list if it is of one.
    #[must_use]
    pub fn text<'v>(&'v self, placeholder: Placeholder, line: Option<&'v Line>) -> Option<&'v str> {
        let told = if placeholder.list().is_some() { line? } else { &self.once };
        told.get(&placeholder).map(String::as_str)
    }

    /// What all lines say for a placeholder, one text a line; of what is said once, that text.
    #[must_use]
    pub fn texts(&self, placeholder: Placeholder) -> Vec<String> {
        let Some(list) = placeholder.list() else {
            return self.once.get(&placeholder).cloned().into_iter().collect();
        };
        let told = |line: &Line| line.get(&placeholder).cloned().unwrap_or_default();
        self.lines(list).iter().map(told).collect()
    }

    /// Those of `used` of which something, or all, is missing, each once.
    #[must_use]
    pub fn empty_among(&self, used: &[Placeholder]) -> Vec<Placeholder> {
        let used: BTreeSet<Placeholder> = used.iter().copied().collect();
        let empty = |one: &Placeholder| {
            let texts = self.texts(*one);
            texts.is_empty() || texts.iter().any(String::is_empty)
        };
        used.into_iter().filter(empty).collect()
    }
}
