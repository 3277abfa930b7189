//! Reads what a form sends: texts, capped, and the files after them, which are left to be streamed.
//!
//! Nothing typed is thrown away because it is wrong: it goes back into the form with its fault.
//! All forms are `multipart/form-data`, so that one reader with one set of limits serves them all.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};

use crate::domain::request::FieldFault;
use crate::web::ApiError;

/// Most bytes kept of one text: four times the longest that any field takes.
const LONGEST_TEXT: usize = 64 * 1024;
/// How much the server reads of a form with too much text in it, so that the browser, still
/// sending, sees the answer and not a broken connection.
const LONGEST_READ: usize = 64 * 1024 * 1024;
/// Most parts of a form; ours have two dozen.
const MOST_PARTS: usize = 100;

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

    fn take_in(&mut self, name: &str, known: &[&str], read: Read) {
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

struct Read {
    bytes: Vec<u8>,
    cut: bool,
}

/// A form on its way in.
pub struct Reader {
    form: Multipart,
    file: Option<Field>,
    length: usize,
}

impl Reader {
    /// Nothing is read yet.
    pub fn new(form: Multipart) -> Self {
        Self { form, file: None, length: 0 }
    }

    /// Reads the texts that stand before the first file.
    ///
    /// # Errors
    ///
    /// Only when the form cannot be read at all.
    pub async fn texts(&mut self, known: &[&str]) -> Result<Typed, ApiError> {
        let (mut typed, mut parts) = (Typed::default(), 0);
        while let Some(field) = self.form.try_next().await.map_err(|error| broken(&error))? {
            parts += 1;
            if parts > MOST_PARTS {
                return Err(ApiError::of_status(StatusCode::BAD_REQUEST));
            }
            match file_name(&field) {
                None => {
                    let name = field.name().unwrap_or_default().to_owned();
                    let read = self.text(field).await?;
                    typed.take_in(&name, known, read);
                }
                // So a browser says that no file was chosen.
                Some(name) if name.is_empty() => {}
                Some(_) => {
                    self.file = Some(field);
                    break;
                }
            }
        }
        Ok(typed)
    }

    /// The next file that was chosen: its name and its bytes.
    ///
    /// # Errors
    ///
    /// When the form cannot be read any further.
    pub async fn next_file(&mut self) -> Result<Option<(String, Field)>, ApiError> {
        loop {
            let field = match self.file.take() {
                Some(field) => Some(field),
                None => self.form.try_next().await.map_err(|error| broken(&error))?,
            };
            let Some(field) = field else { return Ok(None) };
            if let Some(name) = file_name(&field).filter(|name| !name.is_empty()) {
                return Ok(Some((name, field)));
            }
        }
    }

    /// Reads the rest of a form that is not taken, and says which files were in it.
    pub async fn rest(mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Ok(Some((name, mut field))) = self.next_file().await {
            names.push(name);
            while let Ok(Some(piece)) = field.try_next().await {
                if self.count(&piece).is_err() || names.len() > MOST_PARTS {
                    return names;
                }
            }
        }
        names
    }

    async fn text(&mut self, mut field: Field) -> Result<Read, ApiError> {
        let mut read = Read { bytes: Vec::new(), cut: false };
        while let Some(piece) = field.try_next().await.map_err(|error| broken(&error))? {
            self.count(&piece)?;
            if !read.cut {
                read.bytes.extend_from_slice(&piece);
            }
            if read.bytes.len() > LONGEST_TEXT {
                read.cut = true;
                let end = String::from_utf8_lossy(&read.bytes).floor_char_boundary(LONGEST_TEXT);
                read.bytes.truncate(end);
            }
        }
        Ok(read)
    }

    fn count(&mut self, piece: &Bytes) -> Result<(), ApiError> {
        self.length = self.length.saturating_add(piece.len());
        if self.length > LONGEST_READ {
            return Err(ApiError::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        Ok(())
    }
}

/// The name of a file part; `None` for a text.
fn file_name(field: &Field) -> Option<String> {
    field.content_disposition().and_then(|given| given.get_filename()).map(ToOwned::to_owned)
}

fn broken(error: &actix_multipart::MultipartError) -> ApiError {
    tracing::debug!(%error, "broken form");
    let detail = "表单没有传完整，请返回上一页重新提交";
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_form", detail)
}
