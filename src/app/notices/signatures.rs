//! The detached signature of an issued notice, made by the signing program of the installation.

use crate::app::{App, AppError, Principal};
use crate::domain::ids::NoticeId;
use crate::storage::StorageError;

use super::formats::{Document, Format};

impl App {
    /// The signature over the frozen PDF of an issued notice: CMS, detached. It is asked for once and kept;
    /// where two ask at the same time, both get the one that was stored first.
    ///
    /// # Errors
    ///
    /// Those of [`App::document`]; [`AppError::Conflict`] `signing_off` without a signing program;
    /// [`AppError::SigningUnavailable`] when it does not sign: nothing is stored, and asking again helps.
    pub async fn signature(
        &self,
        principal: &Principal,
        id: NoticeId,
    ) -> Result<Document, AppError> {
        self.notice(principal, id).await?;
        let Some(signer) = &self.signer else {
            let message = "没有设置签名程序，不能对文书作电子签名".to_owned();
            return Err(AppError::Conflict { code: "signing_off", message });
        };
        let pdf = self.document_of(id, None, Format::Pdf).await?;
        // A receipt bears the query code; its signature says nothing of it.
        let key = format!("notices/{id}.pdf.p7s");
        let bytes = match self.blobs.get(&key).await {
            Ok(kept) => kept.to_vec(),
            Err(StorageError::NotFound { .. }) => {
                let signed = signer.sign(&pdf.bytes).await;
                let signed =
                    signed.map_err(|error| AppError::SigningUnavailable(error.to_string()))?;
                match self.blobs.put_bytes(&key, signed.clone().into()).await {
                    Ok(()) => signed,
                    Err(StorageError::Conflict { .. }) => self.blobs.get(&key).await?.to_vec(),
                    Err(other) => return Err(other.into()),
                }
            }
            Err(other) => return Err(other.into()),
        };
        let name = format!("{}.p7s", pdf.name);
        Ok(Document {
            name,
            media_type: "application/pkcs7-signature",
            sha256: String::new(),
            bytes,
        })
    }
}
