//! Reads Rust source as far as the architecture tests need: without comments, as words, and which
//! top-level modules and crates a file names.

use std::collections::BTreeSet;
use std::path::Path;

use super::{files_below, read};

/// One source file, or a made-up one that shows a rule bites.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the repository's folder, with slashes.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Every Rust file below `folder`.
    pub fn all_below(folder: &str) -> Vec<Self> {
        let load = |path: &Path| Self::new(path.to_str().unwrap(), &read(path));
        files_below(folder, "rs").iter().map(|path| load(path)).collect()
    }

    /// The top-level module of a file under `src/`: `web` for `src/web/api/fees.rs`.
    pub fn layer(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inside.split_once('/').map_or(inside.trim_end_matches(".rs"), |(layer, _)| layer)
    }

    /// The text without comments and without `mod tests`.
    pub fn without_comments_and_tests(&self) -> String {
        strip(before_tests(&self.text), true)
    }

    /// Identifiers, numbers and punctuation of the code; literals, comments and `mod tests` (which
    /// may make up what other layers would hand over) are left out.
    pub fn words(&self) -> Vec<String> {
        words(&strip(before_tests(&self.text), false))
    }

    /// Top-level modules this file names by `crate::…`, `gongkai::…` or enough `super::`.
    pub fn modules_named(&self) -> BTreeSet<String> {
        let words = self.words();
        let mut found = BTreeSet::new();
        for at in 0..words.len() {
            let start = match words[at].as_str() {
                "crate" | "gongkai" => at + 1,
                "super" if at == 0 || words[at - 1] != "::" => match self.leave(&words[at..]) {
                    Some(length) => at + length,
                    None => continue,
                },
                _ => continue,
            };
            found.extend(first_names(&words[start..]));
        }
        found
    }

    /// How many words of `super::super…` lead out to the root of the crate, if they do.
    fn leave(&self, words: &[String]) -> Option<usize> {
        let inside = self.path.strip_prefix("src/")?;
        let named_after_folder = inside.ends_with("/mod.rs") || inside == "lib.rs";
        let depth = inside.matches('/').count() + usize::from(!named_after_folder);
        let supers = words
            .chunks(2)
            .take_while(|pair| pair[0] == "super" && pair.len() == 2 && pair[1] == "::")
            .count();
        (supers > 0 && supers >= depth).then(|| supers * 2 - 1)
    }

    /// Whether the code names something out of the crate `name`.
    pub fn names_crate(&self, name: &str) -> bool {
        let words = self.words();
        (0..words.len()).any(|at| {
            let outer = at == 0 || words[at - 1] != "::";
            let used = words.get(at + 1).is_some_and(|next| next == "::");
            let imported = at > 0 && words[at - 1] == "use";
            words[at] == name && outer && (used || imported)
        })
    }

    /// Whether these words follow one another in the code.
    pub fn says(&self, phrase: &[&str]) -> bool {
        self.words().windows(phrase.len()).any(|window| window == phrase)
    }
}

/// The names right behind `::` or at the first level of `::{…}`.
fn first_names(words: &[String]) -> Vec<String> {
    match words {
        [colons, brace, rest @ ..] if colons == "::" && brace == "{" => {
            let mut names = Vec::new();
            let (mut depth, mut fresh) = (1, true);
            for word in rest {
                match word.as_str() {
                    "{" => depth += 1,
                    "}" if depth == 1 => break,
                    "}" => depth -= 1,
                    "," if depth == 1 => fresh = true,
                    name if fresh => {
                        names.push(name.to_owned());
                        fresh = false;
                    }
                    _ => {}
                }
            }
            names
        }
        [colons, name, ..] if colons == "::" => vec![name.clone()],
        _ => Vec::new(),
    }
}

fn before_tests(text: &str) -> &str {
    match text.find("#[cfg(test)]\nmod ") {
        Some(at) if !text[at..].lines().nth(1).unwrap_or_default().ends_with(';') => &text[..at],
        _ => text,
    }
}

fn words(code: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false; // whether the last word may grow
    for c in code.chars() {
        let part_of_word = c.is_alphanumeric() || c == '_';
        let pair = c == ':' && found.last().is_some_and(|last| last == ":");
        match found.last_mut() {
            Some(last) if (part_of_word && open) || (pair && !open) => last.push(c),
            _ if !c.is_whitespace() => found.push(c.to_string()),
            _ => {}
        }
        open = part_of_word;
    }
    found
}

/// Drops comments; drops the inside of literals too unless `keep_literals`.
fn strip(text: &str, keep_literals: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let from = |at: usize, what: &str| {
        what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    let end_of = |mut at: usize, closing: &str, escapes: bool| {
        while at < chars.len() && !from(at, closing) {
            at += if escapes && chars[at] == '\\' { 2 } else { 1 };
        }
        (at + closing.len()).min(chars.len())
    };
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let word_before = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
        let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
        let raw = chars[at] == 'r' && !word_before && from(at + 1 + hashes, "\"");
        let character = chars[at] == '\'' && (from(at + 1, "\\") || from(at + 2, "'"));
        let (end, keep) = if from(at, "//") {
            (end_of(at, "\n", false) - 1, false)
        } else if from(at, "/*") {
            (end_of(at, "*/", false), false)
        } else if raw {
            let closing = format!("\"{}", "#".repeat(hashes));
            (end_of(at + hashes + 2, &closing, false), keep_literals)
        } else if chars[at] == '"' {
            (end_of(at + 1, "\"", true), keep_literals)
        } else if character {
            (end_of(at + 1, "'", true), keep_literals)
        } else {
            (at + 1, true)
        };
        let end = end.max(at + 1);
        if keep {
            out.extend(&chars[at..end])
        } else {
            out.push(' ')
        }
        at = end;
    }
    out
}
