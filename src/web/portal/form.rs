//! Reads what a form sends: texts, capped, and the files after them, which are left to be streamed.
//!
//! Nothing typed is thrown away because it is wrong: it goes back into the form with its fault.
//! All forms are `multipart/form-data`, so that one reader with one set of limits serves them all.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::TryStreamExt;

use super::typed::Typed;
use crate::web::ApiError;

/// Most bytes kept of one text: four times the longest that any field takes.
const LONGEST_TEXT: usize = 64 * 1024;
/// How much the server reads of a form with too much text in it, so that the browser, still
/// sending, sees the answer and not a broken connection.
const LONGEST_READ: usize = 64 * 1024 * 1024;
/// How long the texts of a form may take on their way, and how long a sender of files may pause.
const SLOWEST: Duration = Duration::from_secs(60);
/// Most parts of a form; ours have two dozen.
const MOST_PARTS: usize = 100;

/// A text as it came.
pub struct Read {
    /// Its bytes, or the first of them.
    pub bytes: Vec<u8>,
    /// Whether there were more.
    pub cut: bool,
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
        in_time(self.all_texts(known)).await?
    }

    async fn all_texts(&mut self, known: &[&str]) -> Result<Typed, ApiError> {
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
                None => in_time(self.form.try_next()).await?.map_err(|error| broken(&error))?,
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
            while let Ok(Some(piece)) = next_piece(&mut field).await {
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
            let detail = format!("一次提交的内容不能超过{}MB", LONGEST_READ / (1024 * 1024));
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail));
        }
        Ok(())
    }
}

/// The name of a file part; `None` for a text. Browsers send it plain, programs encoded (RFC 5987).
fn file_name(field: &Field) -> Option<String> {
    let given = field.content_disposition()?;
    let plain = given.get_filename().map(ToOwned::to_owned);
    let encoded = || given.get_filename_ext().map(|name| lossy(&name.value));
    plain.or_else(encoded)
}

/// The next bytes of a file.
///
/// # Errors
///
/// When the sender broke off or pauses too long.
pub async fn next_piece(field: &mut Field) -> Result<Option<Bytes>, ApiError> {
    in_time(field.try_next()).await?.map_err(|error| broken(&error))
}

async fn in_time<T>(read: impl Future<Output = T>) -> Result<T, ApiError> {
    let read = tokio::time::timeout(SLOWEST, read).await;
    read.map_err(|_elapsed| ApiError::of_status(StatusCode::REQUEST_TIMEOUT))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn broken(error: &MultipartError) -> ApiError {
    tracing::debug!(%error, "broken form");
    let detail = "表单没有传完整，请返回上一页重新提交";
    ApiError::new(StatusCode::BAD_REQUEST, "malformed_form", detail)
}
