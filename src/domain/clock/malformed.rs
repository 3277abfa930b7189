//! Says in Chinese what is wrong with the shape of a question: the place, the field, what is wanted.
//!
//! serde tells it in English sentences of few kinds. What it quotes and where it stopped is kept;
//! a sentence of a kind not known here is not shown.

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::ClockEvent;

/// What is wrong with a text that should be a question, with line and column.
pub(super) fn of_text(error: &serde_json::Error) -> String {
    let place = match error.line() {
        0 => String::new(),
        line => format!("（第{line}行第{}列）", error.column()),
    };
    match error.classify() {
        Category::Data => format!("{}{place}", of_shape(&said(error))),
        Category::Eof if (error.line(), error.column()) == (1, 0) => {
            "没有内容，应为 JSON".to_owned()
        }
        Category::Eof => format!("JSON 没有写完{place}"),
        _ if said(error) == "trailing characters" => format!("JSON 之后还有多余的内容{place}"),
        _ => format!("不是有效的 JSON{place}"),
    }
}

/// What is wrong with one event, with the field to blame.
pub(super) fn of_event(event: &Map<String, Value>, error: &serde_json::Error) -> String {
    let complaint = said(error);
    let sentence = of_shape(&complaint);
    // A field that is missing or unknown stands in the sentence already.
    let named = ["missing field", "unknown field", "duplicate field"];
    if named.iter().any(|beginning| complaint.starts_with(beginning)) {
        return sentence;
    }
    match blamed(event, &complaint) {
        Some(field) => format!("“{field}”：{sentence}"),
        None => sentence,
    }
}

/// The member without which the complaint would be another one; the kind only if no other is.
fn blamed<'e>(event: &'e Map<String, Value>, complaint: &str) -> Option<&'e str> {
    let mut members: Vec<&str> = event.keys().map(String::as_str).collect();
    members.sort_by_key(|name| *name == "kind");
    members.into_iter().find(|name| {
        let mut others = event.clone();
        others.remove(*name);
        let read = ClockEvent::deserialize(&Value::Object(others));
        read.map_or_else(|error| said(&error) != complaint, |_| true)
    })
}

/// What serde says, without the place.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((said, _)) if error.line() > 0 => said.to_owned(),
        _ => text,
    }
}

fn of_shape(said: &str) -> String {
    let mut quoted = said.split('`').skip(1).step_by(2);
    let starts = |beginning: &str| said.starts_with(beginning);
    if starts("missing field") {
        format!("缺少“{}”", quoted.next().unwrap_or_default())
    } else if starts("duplicate field") {
        format!("“{}”出现了两次", quoted.next().unwrap_or_default())
    } else if starts("unknown field") {
        format!("没有“{}”这一项{}", quoted.next().unwrap_or_default(), known(quoted))
    } else if starts("unknown variant") {
        format!("没有“{}”这一取值{}", quoted.next().unwrap_or_default(), known(quoted))
    } else if starts("invalid type") {
        format!("类型不对{}", wanted(said))
    } else if starts("invalid value") {
        format!("数值不在范围内{}", wanted(said))
    } else if said.chars().any(|c| ('一'..='龥').contains(&c)) {
        // Our own sentence.
        said.to_owned()
    } else {
        "内容不符合格式".to_owned()
    }
}

fn known<'s>(names: impl Iterator<Item = &'s str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("，可用的有：{}", names.join("、"))
    }
}

/// What was expected, where we have a word for it.
fn wanted(said: &str) -> &'static str {
    let expected = said.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    match expected {
        "a string" | "string" | "a formatted date string" | "variant identifier" => "，应为文字",
        "u8" | "u16" | "u32" | "u64" | "usize" => "，应为非负整数",
        "i8" | "i16" | "i32" | "i64" | "isize" => "，应为整数",
        "a boolean" => "，应为 true 或者 false",
        "a sequence" => "，应为数组",
        "a map" => "，应为对象",
        other if other.starts_with("struct ") || other.starts_with("internally tagged enum") => {
            "，应为对象"
        }
        other if other.starts_with("a string") => "，应为文字",
        _ => "",
    }
}
