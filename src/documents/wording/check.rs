//! Tries every template before anybody needs it.

use std::collections::BTreeSet;

use minijinja::{Environment, Error};
use serde_json::{Map, Value};

use super::error::WordingError;
use super::fields::{self, Context};
use super::source::Source;
use super::{PROVISIONAL_FLAG, blocks};

/// Adds the parts of a template to the environment and returns all that is wrong with them.
///
/// Checked are the syntax, that only declared fields are used and every declared field is, and
/// three trial fillings: the full sample, the required fields alone, and all dates uncertain.
pub(super) fn add(environment: &mut Environment<'static>, source: &Source) -> Vec<WordingError> {
    let mut errors = Vec::new();
    let mut used = BTreeSet::new();
    let parts = parts(source);
    for (name, part, text) in &parts {
        if let Err(error) = environment.add_template_owned(name.clone(), text.clone()) {
            errors.push(fault(source, part, &error));
            continue;
        }
        let Ok(template) = environment.get_template(name) else { continue };
        used.extend(
            template.undeclared_variables(false).into_iter().map(|name| (name, part.clone())),
        );
    }
    let declared = &source.template.fields;
    for (name, part) in &used {
        if !declared.iter().any(|f| f.name == *name) {
            let line = line_of(source, part, name);
            errors.push(source.fault(part, line, format!("用到未登记的字段“{name}”")));
        }
    }
    for field in declared {
        if errors.is_empty() && !used.iter().any(|(name, _)| *name == field.name) {
            errors.push(source.fault("文件头", None, format!("字段“{}”没有用到", field.name)));
        }
    }
    if errors.is_empty() {
        errors = trials(environment, source, &parts);
    }
    errors
}

/// Fills one part of a template.
pub(super) fn render(
    environment: &Environment<'static>,
    source: &Source,
    name: &str,
    part: &str,
    context: &Context,
) -> Result<String, WordingError> {
    let template = environment.get_template(name).map_err(|e| fault(source, part, &e))?;
    template.render(context).map_err(|e| fault(source, part, &e))
}

/// Name in the environment, name for people, and text of every part.
fn parts(source: &Source) -> Vec<(String, String, String)> {
    let mut parts = vec![(source.body_name(), "正文".to_owned(), blocks::mark(&source.body))];
    for (index, row) in source.template.rows.iter().enumerate() {
        parts.push((source.row_name(index), format!("表格“{}”", row.label), row.value.clone()));
    }
    parts
}

/// Fields that the text names and does not show of the sample, because of another field or because its
/// condition never holds: with another value the document would read the same.
pub(super) fn unshown(environment: &Environment<'static>, source: &Source) -> Vec<String> {
    let whole = |values: &Map<String, Value>| -> Option<String> {
        let context = fields::context(&source.template, values).ok()?;
        let parts = parts(source).into_iter();
        let texts =
            parts.map(|(name, part, _)| render(environment, source, &name, &part, &context));
        texts.collect::<Result<String, _>>().ok()
    };
    let sample = &source.template.sample;
    let told = whole(sample);
    let hidden = source.template.fields.iter().filter(|field| {
        let other = sample.get(&field.name).and_then(|value| fields::another(field, value));
        let Some(other) = other else { return false };
        let mut changed = sample.clone();
        changed.insert(field.name.clone(), other);
        whole(&changed) == told
    });
    hidden.map(|field| field.name.clone()).collect()
}

fn trials(
    environment: &Environment<'static>,
    source: &Source,
    parts: &[(String, String, String)],
) -> Vec<WordingError> {
    let template = &source.template;
    let mut trials =
        vec![("样例", template.sample.clone()), ("仅必填字段", fields::shortest(template))];
    trials.extend(fields::uncertain(template).map(|values| (PROVISIONAL_FLAG, values)));
    let mut errors = Vec::new();
    for (trial, values) in trials {
        let context = match fields::context(template, &values) {
            Ok(context) => context,
            Err(error) => {
                errors.push(source.fault("文件头", None, format!("{trial}：{error}")));
                continue;
            }
        };
        let mut whole = String::new();
        for (name, part, _) in parts {
            match render(environment, source, name, part, &context) {
                Ok(text) => whole += &text,
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() && fields::says_uncertain(&whole) != (trial == PROVISIONAL_FLAG) {
            let detail = format!("{trial}：日期是否暂定与文字不符");
            errors.push(source.fault("正文", None, detail));
        }
        if !errors.is_empty() {
            break;
        }
    }
    errors
}

fn fault(source: &Source, part: &str, error: &Error) -> WordingError {
    let line = error.line().filter(|_| part == "正文");
    let detail = error.detail().map(|d| format!(": {d}")).unwrap_or_default();
    source.fault(part, line, format!("{}{detail}", error.kind()))
}

/// The first line of the body that names the field.
fn line_of(source: &Source, part: &str, name: &str) -> Option<usize> {
    let mut lines = source.body.lines();
    if part == "正文" {
        lines.position(|line| line.contains(name)).map(|at| at + 1)
    } else {
        None
    }
}
