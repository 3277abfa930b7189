//! Checks the values against the fields of a template and makes them safe to put into text.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use minijinja::Value as Filled;
use serde_json::{Map, Value, json};

use super::error::{FieldProblem, WordingError};
use super::source::{Field, FieldType, Template};
use super::{PROVISIONAL_DATE, PROVISIONAL_FLAG};
use crate::documents::text;

/// What the text sees: field names and their values.
pub(super) type Context = BTreeMap<String, Filled>;

/// Returns the values as the text needs them. An optional field without a value stays undefined.
///
/// # Errors
///
/// [`WordingError::Fields`] with every problem at once.
pub(super) fn context(
    template: &Template,
    values: &Map<String, Value>,
) -> Result<Context, WordingError> {
    let uncertain = values.get(PROVISIONAL_FLAG) == Some(&Value::Bool(true));
    let mut context = Context::new();
    let mut problems = Vec::new();
    for field in &template.fields {
        match value(field, values.get(&field.name), uncertain) {
            Ok(Some(value)) => {
                context.insert(field.name.clone(), value);
            }
            Ok(None) => {}
            Err(problem) => problems.push(FieldProblem { field: field.name.clone(), problem }),
        }
    }
    for name in values.keys() {
        if name != PROVISIONAL_FLAG && !template.fields.iter().any(|f| f.name == *name) {
            let problem = "不是本文书的字段".to_owned();
            problems.push(FieldProblem { field: name.clone(), problem });
        }
    }
    if problems.is_empty() {
        Ok(context)
    } else {
        Err(WordingError::Fields { title: template.title.clone(), problems })
    }
}

fn value(field: &Field, given: Option<&Value>, uncertain: bool) -> Result<Option<Filled>, String> {
    let given = match given {
        None | Some(Value::Null) => {
            if field.provisional && uncertain {
                // Empty to `if`, and the filter 日期 says that the date follows.
                return Ok(Some(Filled::from(None::<&str>)));
            }
            match &field.default {
                Some(default) => return Ok(Some(Filled::from(default.as_str()))),
                None => return absent(field),
            }
        }
        Some(given) => given,
    };
    match field.kind {
        FieldType::Date => date(given).map(Some),
        FieldType::Text => match text::clean(given.as_str().ok_or("应当是文字")?) {
            line if line.is_empty() => absent(field),
            line => Ok(Some(Filled::from(line))),
        },
        FieldType::List => match lines(given)? {
            items if items.is_empty() => absent(field),
            items => Ok(Some(Filled::from(items))),
        },
        FieldType::Table => match table(field, given)? {
            lines if lines.is_empty() => absent(field),
            lines => Ok(Some(Filled::from(lines))),
        },
        FieldType::Int => {
            let number = given.as_u64().ok_or("应当是不小于零的整数")?;
            Ok(Some(Filled::from(number)))
        }
        FieldType::Choice => {
            let chosen = given.as_str().filter(|c| field.options.iter().any(|o| o == c));
            let chosen = chosen.ok_or_else(|| format!("应当是{}之一", field.options.join("、")))?;
            Ok(Some(Filled::from(chosen)))
        }
    }
}

fn absent(field: &Field) -> Result<Option<Filled>, String> {
    if field.required { Err("必须填写".to_owned()) } else { Ok(None) }
}

fn date(given: &Value) -> Result<Filled, String> {
    let wrong = || "应当是日期，例如 2026-11-17".to_owned();
    let text = given.as_str().ok_or_else(wrong)?;
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").or(Err(wrong()))?;
    Ok(Filled::from(date.to_string()))
}

/// Items of a list, each in one line; empty ones are dropped.
fn lines(given: &Value) -> Result<Vec<String>, String> {
    let items = given.as_array().ok_or("应当是逐条列出的文字")?;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        let line = text::clean(item.as_str().ok_or("应当是逐条列出的文字")?);
        if !line.is_empty() {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Lines of a table: a text for each column, in their order.
fn table(field: &Field, given: &Value) -> Result<Vec<Context>, String> {
    let wrong = || format!("应当是表格，每行依次为{}", field.columns.join("、"));
    let mut lines = Vec::new();
    for line in given.as_array().ok_or_else(wrong)? {
        let cells = line.as_array().filter(|cells| cells.len() == field.columns.len());
        let cells = cells.ok_or_else(wrong)?;
        let cell = |(name, cell): (&String, &Value)| {
            Some((name.clone(), Filled::from(text::clean(cell.as_str()?))))
        };
        let cells: Option<Context> = field.columns.iter().zip(cells).map(cell).collect();
        lines.push(cells.ok_or_else(wrong)?);
    }
    Ok(lines)
}

/// Returns the sample without its optional fields: the shortest notice that can occur.
pub(super) fn shortest(template: &Template) -> Map<String, Value> {
    let mut values = template.sample.clone();
    values.retain(|name, _| template.fields.iter().any(|f| f.name == *name && f.required));
    values
}

/// Returns the sample with every date uncertain that may be, or None if none may.
pub(super) fn uncertain(template: &Template) -> Option<Map<String, Value>> {
    let mut values = template.sample.clone();
    let mut any = false;
    for field in template.fields.iter().filter(|f| f.provisional) {
        values.insert(field.name.clone(), Value::Null);
        any = true;
    }
    values.insert(PROVISIONAL_FLAG.to_owned(), Value::Bool(true));
    any.then_some(values)
}

/// Whether a rendered text says that a date follows.
pub(super) fn says_uncertain(text: &str) -> bool {
    text.contains(PROVISIONAL_DATE)
}

/// Another value that the field would take instead of this one, if there is any.
pub(super) fn another(field: &Field, value: &Value) -> Option<Value> {
    match (field.kind, value) {
        (FieldType::Date, Value::String(date)) => {
            let date: NaiveDate = date.parse().ok()?;
            Some(json!(date.succ_opt()?))
        }
        (FieldType::Text, Value::String(text)) => Some(json!(format!("{text}又"))),
        (FieldType::Int, Value::Number(number)) => Some(json!(number.as_u64()?.checked_add(1)?)),
        (FieldType::Choice, Value::String(chosen)) => {
            field.options.iter().find(|option| *option != chosen).map(|option| json!(option))
        }
        (FieldType::List | FieldType::Table, Value::Array(lines)) => {
            let last = lines.last()?.clone();
            Some(lines.iter().cloned().chain([last]).collect())
        }
        _ => None,
    }
}
