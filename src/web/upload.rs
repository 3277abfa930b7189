//! Uploads as forms: text fields first, the file last, and streamed.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::TryStreamExt;

use super::ApiError;
use crate::app::files::Upload;

/// Longest text field beside a file, in bytes.
const LONGEST_FIELD: usize = 1024;

/// The text fields that stood before the file.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The field of this name.
    ///
    /// # Errors
    ///
    /// `required`.
    pub fn get(&self, name: &str) -> Result<String, ApiError> {
        let found = self.0.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| fault(name, "required", format!("请在文件之前给出 {name}")))
    }
}

/// Reads the text fields, and stops at the file, which is left to be streamed.
///
/// # Errors
///
/// `malformed_upload`, and `required` without a file.
pub async fn parts(mut form: Multipart) -> Result<(Fields, Upload<FileStream>), ApiError> {
    let mut fields = Vec::new();
    while let Some(field) = form.try_next().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            fields.push((name, text(field).await?));
            continue;
        }
        let given = field.content_disposition().and_then(|d| d.get_filename());
        let file_name = given.unwrap_or("未命名").to_owned();
        return Ok((Fields(fields), Upload { name: file_name, stream: relay(field, form) }));
    }
    Err(fault("file", "required", "请选择要上传的文件"))
}

async fn text(mut field: Field) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.try_next().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LONGEST_FIELD {
            return Err(fault("form", "too_long", "上传表单的文字项过长"));
        }
    }
    String::from_utf8(bytes).map_err(|_not_text| fault("form", "malformed", "上传表单不是文字"))
}

/// The bytes of the file, on a channel: the multipart reader belongs to this thread, the store does
/// not. One piece at a time, so that a slow store slows the sender.
pub type FileStream = futures_util::stream::BoxStream<'static, Result<Bytes, String>>;

fn relay(mut field: Field, form: Multipart) -> FileStream {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, String>>(1);
    actix_web::rt::spawn(async move {
        // The field reads through the form; both live until the file is through.
        let _form = form;
        loop {
            let piece = match field.try_next().await {
                Ok(Some(piece)) => Ok(piece),
                Ok(None) => break,
                Err(error) => Err(error.to_string()),
            };
            if sender.send(piece).await.is_err() {
                break;
            }
        }
    });
    Box::pin(futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

fn broken(error: &actix_multipart::MultipartError) -> ApiError {
    tracing::debug!(%error, "broken upload");
    fault("form", "malformed_upload", "上传的表单不完整，请重新上传")
}

/// A fault of one field of the upload.
#[must_use]
pub fn fault(field: &str, code: &str, detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, detail).with_field(field)
}
