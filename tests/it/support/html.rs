//! Reads HTML as far as the tests of the pages need, and sends forms as a browser would.

use std::collections::{BTreeMap, BTreeSet};

/// Elements without an end tag.
const VOID: &[&str] = &["br", "hr", "img", "input", "link", "meta"];

/// A start tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Its name in lower case.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Text up to the end tag, without the tags in it.
    pub text: String,
    /// Indices of the elements it stands in.
    within: Vec<usize>,
}

impl Tag {
    /// An attribute; `None` if it is not there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }
}

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    tags: Vec<Tag>,
    faults: Vec<String>,
}

impl Page {
    /// Reads a page; what is wrong with it is found by [`Page::faults`].
    pub fn read(html: &str) -> Self {
        let mut page = Self::default();
        let (mut open, mut rest): (Vec<usize>, &str) = (Vec::new(), html);
        while let Some(at) = rest.find('<') {
            page.add_text(&open, &rest[..at]);
            rest = &rest[at..];
            let end = end_of_tag(rest);
            let (inner, after) = (&rest[1..end], &rest[end + 1..]);
            rest = after;
            if let Some(name) = inner.strip_prefix('/') {
                match open.pop() {
                    Some(last) if page.tags[last].name == name => {}
                    other => {
                        let other = other.map(|i| page.tags[i].name.clone());
                        page.faults.push(format!("</{name}> ends {other:?}"));
                    }
                }
            } else if !inner.starts_with('!') {
                let tag = start_tag(inner, &open, &mut page.faults);
                let raw_text = tag.name == "textarea";
                if !VOID.contains(&tag.name.as_str()) {
                    open.push(page.tags.len());
                }
                page.tags.push(tag);
                if raw_text {
                    // The browser eats one line break after the tag.
                    rest = rest.strip_prefix('\n').unwrap_or(rest);
                }
            }
        }
        page.faults.extend(open.iter().map(|i| format!("<{}> has no end", page.tags[*i].name)));
        page
    }

    fn add_text(&mut self, open: &[usize], text: &str) {
        if text.contains('>') {
            self.faults.push(format!("a bare > in {text:?}"));
        }
        for i in open {
            self.tags[*i].text.push_str(&unescape(text));
        }
    }

    /// Every element of this name.
    pub fn all(&self, name: &str) -> Vec<&Tag> {
        self.tags.iter().filter(|tag| tag.name == name).collect()
    }

    /// The element with this id.
    pub fn id(&self, id: &str) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.is("id", id))
    }

    /// The text of the element with this id, blanks and line breaks made one.
    pub fn text_of(&self, id: &str) -> String {
        self.id(id).map(|tag| one_line(&tag.text)).unwrap_or_default()
    }

    /// All that is read in `<main>`.
    pub fn main(&self) -> String {
        self.all("main").first().map(|tag| one_line(&tag.text)).unwrap_or_default()
    }

    /// The form that is sent to `action`, with what a browser would send of it.
    pub fn form(&self, action: &str) -> BTreeMap<String, String> {
        let is_form = |tag: &Tag| tag.name == "form" && tag.is("action", action);
        let form = self.tags.iter().position(is_form).unwrap_or_else(|| panic!("no {action}"));
        assert!(self.tags[form].is("method", "post"), "{action}");
        assert!(self.tags[form].is("enctype", "multipart/form-data"), "{action}");
        let mut fields = BTreeMap::new();
        for (i, tag) in self.tags.iter().enumerate().filter(|(_, tag)| tag.within.contains(&form)) {
            let (Some(name), kind) = (tag.get("name"), tag.get("type").unwrap_or("")) else {
                continue;
            };
            let value = tag.get("value").unwrap_or_default().to_owned();
            let value = match (tag.name.as_str(), kind) {
                ("input", "file") => continue,
                ("input", "radio" | "checkbox") => match tag.get("checked") {
                    Some(_) => value,
                    None => continue,
                },
                ("input", _) => value,
                ("textarea", _) => tag.text.clone(),
                ("select", _) => self.selected(i),
                _ => continue,
            };
            assert!(fields.insert(name.to_owned(), value).is_none(), "{name} is sent twice");
        }
        fields
    }

    fn selected(&self, select: usize) -> String {
        let options = || self.tags.iter().filter(|tag| tag.within.contains(&select));
        let chosen = options().find(|tag| tag.get("selected").is_some()).or(options().next());
        chosen.and_then(|tag| tag.get("value")).unwrap_or_default().to_owned()
    }

    /// Everything that is wrong with the page: structure, names for those who hear it, and whatever
    /// a strict Content-Security-Policy would block.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        for (name, count) in [("h1", 1), ("main", 1), ("header", 1), ("footer", 1), ("title", 1)] {
            if self.all(name).len() != count {
                faults.push(format!("{} <{name}>", self.all(name).len()));
            }
        }
        if !self.all("html").iter().any(|tag| tag.is("lang", "zh-CN")) {
            faults.push("no language".to_owned());
        }
        let ids: Vec<&str> = self.tags.iter().filter_map(|tag| tag.get("id")).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        if known.len() != ids.len() {
            faults.push(format!("an id twice in {ids:?}"));
        }
        for tag in &self.tags {
            faults.extend(self.faults_of(tag, &known));
        }
        faults
    }

    fn faults_of(&self, tag: &Tag, ids: &BTreeSet<&str>) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |text: String| faults.push(format!("<{}>: {text}", tag.name));
        if matches!(tag.name.as_str(), "script" | "style" | "iframe" | "object" | "base") {
            fault("must not be here".to_owned());
        }
        for (name, value) in &tag.attributes {
            if name == "style" || name.starts_with("on") {
                fault(format!("inline {name}"));
            }
            if matches!(name.as_str(), "href" | "src" | "action" | "formaction") {
                let inside = value.starts_with('/') && !value.starts_with("//");
                let place = value.strip_prefix('#').is_some_and(|id| ids.contains(id));
                if !inside && !place {
                    fault(format!("{name} leads to {value:?}"));
                }
            }
            let refers = name == "for" || name == "aria-describedby" || name == "aria-labelledby";
            for id in value.split(' ').filter(|id| refers && !ids.contains(id)) {
                fault(format!("{name} names {id:?}, which is not there"));
            }
        }
        let is_field = matches!(tag.name.as_str(), "input" | "select" | "textarea");
        if is_field && !tag.is("type", "hidden") {
            let within = tag.within.iter().any(|i| self.tags[*i].name == "label");
            let labelled = |id| self.all("label").iter().any(|label| label.is("for", id));
            if !within && !tag.get("id").is_some_and(labelled) {
                fault(format!("{:?} has no label", tag.get("name")));
            }
        }
        if tag.name == "nav" && tag.get("aria-label").is_none() {
            fault("has no name".to_owned());
        }
        faults
    }
}

/// Where the tag that opens `text` ends: `>` in a quoted value does not count.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.unwrap_or_else(|| panic!("a tag without end: {text:.80}")).0
}

fn start_tag(inner: &str, open: &[usize], faults: &mut Vec<String>) -> Tag {
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => ("", after),
        };
        if key.contains(['"', '\'', '<', '=']) || attributes.iter().any(|(known, _)| known == key) {
            faults.push(format!("<{inner}>: attribute {key:?}"));
        }
        attributes.push((key.to_owned(), unescape(value)));
        rest = after;
    }
    Tag { name: name.to_owned(), attributes, text: String::new(), within: open.to_vec() }
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';').unwrap_or((after, ""));
        let code = name.strip_prefix('#').and_then(|code| code.parse().ok());
        let c = code.and_then(char::from_u32).unwrap_or_else(|| panic!("&{name};"));
        out.push(c);
        rest = after;
    }
    out + rest
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
