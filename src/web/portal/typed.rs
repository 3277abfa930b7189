//! What was typed into a form, and what is wrong with it.
//!
//! Nothing typed is thrown away because it is wrong: it goes back into the form with its fault.

use sha2::{Digest, Sha256};

use super::form::Read;
use crate::domain::request::FieldFault;

/// Something wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field; empty when it concerns the whole form.
    pub field: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl Fault {
    /// A fault with this field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

impl From<FieldFault> for Fault {
    fn from(fault: FieldFault) -> Self {
        Self::new(fault.field, fault.message)
    }
}

/// What was typed and chosen, by the name of the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    texts: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Typed {
    /// A form with one thing filled in.
    pub fn with(name: &str, text: &str) -> Self {
        Self { texts: vec![(name.to_owned(), text.to_owned())], faults: Vec::new() }
    }

    /// The text of a field; empty if nothing came.
    pub fn get(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// Whether anything came in a field.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Whether a field has this value: for what is chosen.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    /// Sets the text of a field.
    pub fn set(&mut self, name: &str, text: String) {
        self.texts.retain(|(known, _)| known != name);
        self.texts.push((name.to_owned(), text));
    }

    /// What was wrong already in how it was sent.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// SHA-256 (hexadecimal) over names and texts: the same form sent again has the same, however
    /// the browser wraps it.
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, text) in &self.texts {
            hasher.update(format!("{}:{name}{}:{text}", name.len(), text.len()));
        }
        hex::encode(hasher.finalize())
    }

    /// Takes in a text that came under this name; `known` are the names of the form.
    pub fn take_in(&mut self, name: &str, known: &[&str], read: Read) {
        if !known.contains(&name) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            let message = format!("表单中多了不认识的一项“{name}”，请从本页重新提交");
            return self.faults.push(Fault::new("", message));
        }
        if self.texts.iter().any(|(known, _)| known == name) {
            return self.faults.push(Fault::new(name, "这一项收到了不止一次，请核对后重新提交"));
        }
        if read.cut {
            let message = "内容太长，这里只留下了开头的部分；请删减，或者改用附件提交";
            self.faults.push(Fault::new(name, message));
        }
        // Browsers send CR LF for every line break, whatever was typed.
        let text = String::from_utf8_lossy(&read.bytes).replace("\r\n", "\n");
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.faults.push(Fault::new(name, "有无法识别的字符（�），请改正"));
        }
        self.texts.push((name.to_owned(), text));
    }
}
