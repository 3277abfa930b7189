//! The few words the templates may use: 日期, 勾选, 勾, 顿号, 去句末.

use chrono::NaiveDate;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Rest;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::PROVISIONAL_DATE;
use crate::documents::notice::chinese_date;

/// Steps of the template engine that filling one template may take; ours take some hundreds.
const FUEL: u64 = 1_000_000;

/// Returns the environment that all wording templates share.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // An absent field may be asked for with `if`, never printed.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_recursion_limit(50);
    // Agencies write templates of their own: none may keep the program busy for ever.
    environment.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_filter("日期", date);
    environment.add_filter("勾选", boxes);
    environment.add_filter("勾", tick);
    environment.add_filter("顿号", enumerated);
    environment.add_filter("去句末", without_full_stop);
    environment
}

/// `2026-11-17` → `2026年11月17日`; an uncertain date → that it follows.
fn date(value: &Value) -> Result<String, Error> {
    if value.is_none() {
        return Ok(PROVISIONAL_DATE.to_owned());
    }
    let parsed = value.as_str().and_then(|s| NaiveDate::parse_from_str(s, "%Y-%m-%d").ok());
    let wrong = || Error::new(ErrorKind::InvalidOperation, "日期 wants a date");
    parsed.map(chinese_date).ok_or_else(wrong)
}

/// `{{ 提交方式|勾选("在线", "信函") }}` → `☑在线 ☐信函`.
fn boxes(value: &Value, options: Rest<String>) -> Result<String, Error> {
    let chosen = value.as_str().unwrap_or_default();
    let known = options.iter().any(|option| option == chosen);
    // A form that is still to be filled in shows every box empty.
    let open = value.is_undefined() || value.is_none();
    if !(known || open) {
        return Err(Error::new(ErrorKind::InvalidOperation, "勾选 lacks the chosen option"));
    }
    let one = |option: &String| format!("{}{option}", if option == chosen { '☑' } else { '☐' });
    Ok(options.iter().map(one).collect::<Vec<_>>().join(" "))
}

/// `{{ 内容问题|勾 }}` → `☑` if there is anything, else `☐`.
fn tick(value: &Value) -> &'static str {
    if value.is_true() { "☑" } else { "☐" }
}

/// A list in one line, joined by 、.
fn enumerated(items: Vec<String>) -> String {
    items.iter().map(|item| without_full_stop(item)).collect::<Vec<_>>().join("、")
}

/// Takes the punctuation off the end, so that the template's own can follow.
fn without_full_stop(text: &str) -> String {
    text.trim_end_matches(['。', '；', ';', '，', '、', '.', ' ']).to_owned()
}
