//! Finds the stable error codes in the source, wherever one is written down.
//!
//! A code is a literal that stands (1) behind `code:`, (2) where a function or closure takes a
//! parameter called `code`, (3) in a function called `code`, or (4) at the head of a tuple that is
//! taken apart into `(code, …)`.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::rust_source::SourceFile;

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

use Token::{Mark, Text, Word};

fn word(text: &str) -> Token {
    Word(text.to_owned())
}

/// Words, string literals and marks of source without comments.
pub fn tokens(code: &str) -> Vec<Token> {
    let chars: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let start = at;
        at += 1;
        if c == '"' {
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            let end = at.min(chars.len());
            found.push(Text(chars[start + 1..end].iter().collect()));
            at += 1;
        } else if c == '\'' && (chars.get(at) == Some(&'\\') || chars.get(at + 1) == Some(&'\'')) {
            at += usize::from(chars[at] == '\\');
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else if c.is_alphanumeric() || c == '_' {
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
            found.push(Word(chars[start..at].iter().collect()));
        } else if !c.is_whitespace() {
            found.push(Mark(c));
        }
    }
    found
}

/// What stands between the bracket at `open` and its counterpart.
fn inside(tokens: &[Token], open: usize) -> &[Token] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Mark('(' | '{' | '[') => depth += 1,
            Mark(')' | '}' | ']') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &tokens[open + 1..at];
        }
    }
    &tokens[open + 1..]
}

/// The parts between commas, brackets kept together.
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Mark('(' | '{' | '[') => depth += 1,
            Mark(')' | '}' | ']') => depth -= 1,
            Mark(',') if depth == 0 => {
                found.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&tokens[start..]);
    found
}

/// A function: its name, its parameters without `self`, its body.
struct Function<'t> {
    name: &'t str,
    parameters: Vec<&'t [Token]>,
    body: &'t [Token],
}

fn functions(tokens: &[Token]) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let (Some(Word(keyword)), Some(Word(name))) = (tokens.get(at), tokens.get(at + 1)) else {
            continue;
        };
        let Some(open) = (at + 2..tokens.len()).find(|i| tokens[*i] == Mark('(')) else {
            continue;
        };
        if keyword != "fn" {
            continue;
        }
        let list = inside(tokens, open);
        let is_self = |part: &&[Token]| part.contains(&word("self")) && !part.contains(&Mark(':'));
        let parameters = parts(list).into_iter().filter(|part| !is_self(part)).collect();
        let after = open + list.len() + 2;
        let ends = |i: &usize| matches!(tokens[*i], Mark('{' | ';'));
        let body = match (after..tokens.len()).find(ends) {
            Some(brace) if tokens[brace] == Mark('{') => inside(tokens, brace),
            _ => &[],
        };
        found.push(Function { name, parameters, body });
    }
    found
}

fn place_of_code(parameters: &[&[Token]]) -> Option<usize> {
    parameters.iter().position(|part| part.first() == Some(&word("code")))
}

/// Functions and closures that take a `code`, and which argument it is.
fn takers(tokens: &[Token]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for function in functions(tokens) {
        if let Some(place) = place_of_code(&function.parameters) {
            found.insert(function.name.to_owned(), place);
        }
    }
    for at in 2..tokens.len() {
        let closure = tokens[at] == Mark('|') && tokens[at - 1] == Mark('=');
        if let (true, Word(name)) = (closure, &tokens[at - 2]) {
            let end = tokens[at + 1..].iter().position(|token| *token == Mark('|'));
            let list = &tokens[at + 1..end.map_or(tokens.len(), |end| at + 1 + end)];
            if let Some(place) = place_of_code(&parts(list)) {
                found.insert(name.clone(), place);
            }
        }
    }
    found
}

/// The literals given to `takers`.
fn given(tokens: &[Token], takers: &BTreeMap<String, usize>) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..tokens.len().saturating_sub(1) {
        let declared = at > 0 && tokens[at - 1] == word("fn");
        let (Word(name), Mark('(')) = (&tokens[at], &tokens[at + 1]) else { continue };
        let Some(place) = takers.get(name).filter(|_| !declared) else { continue };
        let arguments = parts(inside(tokens, at + 1));
        if let Some([Text(code)]) = arguments.get(*place) {
            found.push(code.clone());
        }
    }
    found
}

/// The first literals of the tuples in `body`.
fn heads_of_tuples(body: &[Token]) -> Vec<String> {
    let tuple = |window: &&[Token]| {
        !matches!(window[0], Word(_) | Mark('!'))
            && window[1] == Mark('(')
            && window[3] == Mark(',')
    };
    let head = |window: &[Token]| match &window[2] {
        Text(code) => Some(code.clone()),
        _ => None,
    };
    body.windows(4).filter(tuple).filter_map(head).collect()
}

/// Functions whose tuples begin with a code, or that `let (code, …)` takes apart.
fn taken_apart<'t>(functions: &[Function<'t>]) -> Vec<&'t [Token]> {
    let start = [word("let"), Mark('('), word("code")];
    let mut bodies = Vec::new();
    for function in functions {
        for at in 0..function.body.len() {
            if !function.body[at..].starts_with(&start) {
                continue;
            }
            bodies.push(function.body);
            let close = at + 3 + inside(function.body, at + 1).len() - 1;
            if let Some([Mark('='), Word(called), Mark('(')]) =
                function.body.get(close + 1..close + 4)
            {
                bodies.extend(functions.iter().filter(|f| f.name == called).map(|f| f.body));
            }
        }
    }
    bodies
}

fn looks_like_a_code(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// What takes codes of wording templates, not of errors: `app::wording::Facts::notice`.
const OTHER_CODES: &str = "notice";

/// The codes of these files, each with the files that name it.
pub fn codes(files: &[SourceFile]) -> BTreeMap<String, BTreeSet<String>> {
    // What one file declares and others call: only by these full names.
    let shared: BTreeMap<String, usize> =
        [("field".to_owned(), 1), ("add".to_owned(), 1)].into_iter().collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let tokens = tokens(&file.without_comments_and_tests());
        let functions = functions(&tokens);
        let mut here = Vec::new();
        for window in tokens.windows(3) {
            if let [Word(field), Mark(':'), Text(code)] = window
                && field == "code"
            {
                here.push(code.clone());
            }
        }
        let mut takers = takers(&tokens);
        takers.retain(|name, _| name != OTHER_CODES);
        takers.extend(shared.clone());
        here.extend(given(&tokens, &takers));
        here.extend(given_to_api_error(&tokens));
        for function in functions.iter().filter(|function| function.name == "code") {
            let text = |token: &Token| match token {
                Text(code) => Some(code.clone()),
                _ => None,
            };
            here.extend(function.body.iter().filter_map(text));
        }
        here.extend(taken_apart(&functions).into_iter().flat_map(heads_of_tuples));
        for code in here.into_iter().filter(|code| looks_like_a_code(code)) {
            found.entry(code).or_default().insert(file.path.clone());
        }
    }
    found
}

/// `ApiError::new(status, "code", …)`.
fn given_to_api_error(tokens: &[Token]) -> Vec<String> {
    let name = [word("ApiError"), Mark(':'), Mark(':'), word("new"), Mark('(')];
    let calls = (0..tokens.len()).filter(|at| tokens[*at..].starts_with(&name));
    let code = |at: usize| match parts(inside(tokens, at + 4)).get(1) {
        Some([Text(code)]) => Some(code.clone()),
        _ => None,
    };
    calls.filter_map(code).collect()
}

/// Status and code wherever a test expects both: `(409, "changed")`, `(400, "too_long", "title")`.
pub fn expected(test: &SourceFile) -> Vec<(String, String)> {
    let tokens = tokens(&test.text);
    let mut found = Vec::new();
    for window in tokens.windows(5) {
        if let [Mark('('), Word(status), Mark(','), Text(code), Mark(')' | ',')] = window
            && status.len() == 3
            && status.starts_with(['4', '5'])
            && looks_like_a_code(code)
        {
            found.push((status.clone(), code.clone()));
        }
    }
    found
}

#[test]
fn a_code_is_found_wherever_it_is_written() {
    let source = r#"
        // code: "in_a_comment"
        const C: E = E { code: "a_field" };
        fn fault(field: &str, code: &str) -> E { E }
        impl R { fn add(&mut self, field: &str, code: &'static str, m: &str) {} }
        fn f() {
            fault("name", "an_argument");
            let mut put = |field, code, message: &str| {};
            put("name", "of_a_closure", "x");
            ApiError::new(StatusCode::CONFLICT, "of_an_api_error", format!("{}", 1));
            AppError::field("limit", "of_a_field", "x");
            faults.add("on", "of_another_file", ["('", "x"]);
            other("not", "a_code");
        }
        fn g(s: S) -> E {
            let (code, detail) = match s { S::A => ("in_a_tuple", "x"), _ => call("not_this", 1) };
        }
        fn classify() -> (&'static str, u8) { if x { ("of_a_helper", 1) } else { y } }
        fn h() { let (code, n) = classify(); }
        impl Refusal { pub fn code(&self) -> &'static str { match self { A => "of_an_arm" } } }
        #[cfg(test)]
        mod tests { const C: E = E { code: "in_a_test" }; }
    "#
    .replace("\n        ", "\n");
    let found = codes(&[SourceFile::new("src/web/x.rs", &source)]);
    let found: Vec<&str> = found.keys().map(String::as_str).collect();
    let wanted = [
        "a_field",
        "an_argument",
        "in_a_tuple",
        "of_a_closure",
        "of_a_field",
        "of_a_helper",
        "of_an_api_error",
        "of_an_arm",
        "of_another_file",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_test_names_status_and_code() {
    let test =
        r#"assert_eq!(r.refusal(), (409, "changed")); f((400, "too_long", "title")); (12, "x")"#;
    let found = expected(&SourceFile::new("tests/it/x.rs", test));
    let pair = |status: &str, code: &str| (status.to_owned(), code.to_owned());
    assert_eq!(found, [pair("409", "changed"), pair("400", "too_long")]);
}
