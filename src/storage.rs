//! Stored files: attachments, evidence and issued documents, in a folder or an S3-compatible store.
//!
//! A file is written once and never changed. Keys are plain ASCII made by the program; the name a
//! person gave a file lives in the database. Nothing is searched here; what is stored is listed only
//! to find what the database does not name.

mod error;
mod file_name;
mod media_type;
mod open;
mod sniff;
mod upload;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream::BoxStream};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};

pub use error::StorageError;
pub use file_name::clean_file_name;
pub use media_type::MediaType;
pub use open::S3;
pub use sniff::{Refusal, SNIFF_BYTES, sniff};
pub use upload::Stored;

/// The store of one installation. Cheap to clone.
#[derive(Clone)]
pub struct BlobStore {
    inner: Arc<dyn ObjectStore>,
}

/// What is known of a stored file without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it stands.
    pub key: String,
    /// When it was stored, by the clock of the store.
    pub stored_at: DateTime<Utc>,
}

/// The bytes of a stored file as they come.
pub struct BlobStream {
    /// Length in bytes.
    pub size: u64,
    /// The bytes, in pieces.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

impl BlobStore {
    /// Stores `bytes` under `key`, once: the same bytes again are fine (a job that is run a second
    /// time), other bytes are refused.
    ///
    /// # Errors
    ///
    /// [`StorageError::Conflict`] if other bytes stand there; [`StorageError::BadKey`];
    /// [`StorageError::Unavailable`].
    pub async fn put_bytes(&self, key: &str, bytes: Bytes) -> Result<(), StorageError> {
        match self.create(&path(key)?, bytes.clone().into()).await {
            Err(object_store::Error::AlreadyExists { .. }) => {}
            other => return other.map_err(|why| StorageError::of(key, why)),
        }
        if self.get(key).await? == bytes {
            Ok(())
        } else {
            Err(StorageError::Conflict { key: key.to_owned() })
        }
    }

    /// The whole file.
    ///
    /// # Errors
    ///
    /// [`StorageError::NotFound`], [`StorageError::BadKey`], [`StorageError::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Bytes, StorageError> {
        let failed = |why| StorageError::of(key, why);
        let found = self.inner.get(&path(key)?).await.map_err(failed)?;
        found.bytes().await.map_err(failed)
    }

    /// The file in pieces, for handing on without holding it in memory.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get); later ones come through the stream.
    pub async fn get_stream(&self, key: &str) -> Result<BlobStream, StorageError> {
        let found = self.inner.get(&path(key)?).await.map_err(|why| StorageError::of(key, why))?;
        let size = found.meta.size;
        let key = key.to_owned();
        let bytes =
            found.into_stream().map(move |piece| piece.map_err(|why| StorageError::of(&key, why)));
        Ok(BlobStream { size, bytes: bytes.boxed() })
    }

    /// Everything stored below `folder`, in no order. Files on their way in are not among them.
    ///
    /// # Errors
    ///
    /// [`StorageError::BadKey`] for a bad `folder`; [`StorageError::Unavailable`], also later,
    /// through the stream.
    pub fn list(
        &self,
        folder: &str,
    ) -> Result<BoxStream<'static, Result<Listed, StorageError>>, StorageError> {
        let found = self.inner.list(Some(&path(folder)?));
        let listed = found.map(|found| {
            let found = found.map_err(StorageError::unavailable)?;
            Ok(Listed { key: found.location.to_string(), stored_at: found.last_modified })
        });
        Ok(listed.boxed())
    }

    /// Removes a file; one that is not there is already removed.
    ///
    /// # Errors
    ///
    /// [`StorageError::BadKey`], [`StorageError::Unavailable`].
    pub async fn delete(&self, key: &str) -> Result<(), StorageError> {
        match self.inner.delete(&path(key)?).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(|why| StorageError::of(key, why)),
        }
    }

    /// Stores a new object, complete or not at all.
    async fn create(&self, path: &Path, bytes: PutPayload) -> Result<(), object_store::Error> {
        self.inner.put_opts(path, bytes, PutMode::Create.into()).await.map(drop)
    }
}

impl fmt::Debug for BlobStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobStore({})", self.inner)
    }
}

/// The object of a key: segments of `a-z 0-9 . _ -`, none starting with a dot, joined by slashes.
fn path(key: &str) -> Result<Path, StorageError> {
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    let good = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain);
    if key.len() > 200 || !key.split('/').all(good) {
        return Err(StorageError::BadKey { key: key.to_owned() });
    }
    Path::parse(key).map_err(|why| StorageError::of(key, why.into()))
}
