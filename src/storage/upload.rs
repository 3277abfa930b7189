//! Storing a file while it comes in: capped, hashed, its kind looked at before anything is kept.

use std::fmt::Display;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{BlobStore, MediaType, SNIFF_BYTES, StorageError, path, sniff};

/// Length of the parts in which a long file is handed on; the least S3 takes.
const PART: usize = 5 * 1024 * 1024;

/// A file that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where it stands.
    pub key: String,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in 64 hexadecimal digits.
    pub sha256: String,
}

impl BlobStore {
    /// Stores what `source` gives under a fresh key below `folder`, if it is one of the accepted
    /// kinds ([`sniff()`]) and at most `limit` bytes long. Otherwise nothing is kept.
    ///
    /// # Errors
    ///
    /// [`StorageError::Refused`] with the reason, and all of [`put_stream`](Self::put_stream).
    pub async fn put_upload<E: Display>(
        &self,
        folder: &str,
        file_name: &str,
        source: impl Stream<Item = Result<Bytes, E>> + Unpin,
        limit: u64,
    ) -> Result<(Stored, MediaType), StorageError> {
        // A file shorter than the head is asked for more after its end, which not every stream bears.
        let mut source = source.fuse();
        let mut head = BytesMut::new();
        while head.len() < SNIFF_BYTES {
            let Some(piece) = source.next().await else { break };
            head.extend_from_slice(&piece.map_err(broken_off)?);
        }
        let media_type = sniff(&head, file_name)?;
        let whole = stream::iter([Ok(head.freeze())]).chain(source);
        Ok((self.put_stream(folder, whole, limit).await?, media_type))
    }

    /// Stores what `source` gives, of whatever kind, under a fresh key below `folder`.
    ///
    /// At most 5 MiB and one piece of `source` are held in memory. When the source fails, is too
    /// long, or nobody waits for the result any more, nothing is left behind.
    ///
    /// # Errors
    ///
    /// [`StorageError::TooLarge`] above `limit` bytes, [`StorageError::Source`],
    /// [`StorageError::BadKey`] for a bad `folder`, [`StorageError::Unavailable`].
    pub async fn put_stream<E: Display>(
        &self,
        folder: &str,
        source: impl Stream<Item = Result<Bytes, E>> + Unpin,
        limit: u64,
    ) -> Result<Stored, StorageError> {
        let id = Uuid::new_v4().simple().to_string();
        // 256 subfolders keep every folder of a file system small.
        let key = format!("{folder}/{}/{id}", id.chars().take(2).collect::<String>());
        let mut parts = Parts { store: self, path: path(&key)?, upload: None };
        match parts.store_all(source, limit).await {
            Ok((size, sha256)) => Ok(Stored { key, size, sha256 }),
            Err(why) => {
                if let Some(upload) = parts.upload.take() {
                    remove(upload).await;
                }
                Err(why)
            }
        }
    }
}

/// A file on its way into the store: in one piece if it is short, else in parts.
struct Parts<'a> {
    store: &'a BlobStore,
    path: Path,
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Parts<'_> {
    async fn store_all<E: Display>(
        &mut self,
        mut source: impl Stream<Item = Result<Bytes, E>> + Unpin,
        limit: u64,
    ) -> Result<(u64, String), StorageError> {
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut waiting = BytesMut::new();
        while let Some(piece) = source.next().await {
            let piece = piece.map_err(broken_off)?;
            size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if size > limit {
                return Err(StorageError::TooLarge { limit });
            }
            hash.update(&piece);
            waiting.extend_from_slice(&piece);
            // Parts of equal length: some S3-compatible stores insist on it.
            while waiting.len() >= PART {
                let part = waiting.split_to(PART).freeze();
                self.put_part(part).await.map_err(|why| self.failed(why))?;
            }
        }
        self.finish(waiting.freeze()).await.map_err(|why| self.failed(why))?;
        Ok((size, hex::encode(hash.finalize())))
    }

    async fn put_part(&mut self, part: Bytes) -> Result<(), object_store::Error> {
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => none.insert(self.store.inner.put_multipart(&self.path).await?),
        };
        upload.put_part(part.into()).await
    }

    async fn finish(&mut self, rest: Bytes) -> Result<(), object_store::Error> {
        if self.upload.is_none() {
            return self.store.create(&self.path, rest.into()).await;
        }
        if !rest.is_empty() {
            self.put_part(rest).await?;
        }
        if let Some(upload) = &mut self.upload {
            upload.complete().await?;
        }
        self.upload = None;
        Ok(())
    }

    fn failed(&self, why: object_store::Error) -> StorageError {
        StorageError::of(self.path.as_ref(), why)
    }
}

impl Drop for Parts<'_> {
    /// The client went away in the middle: a task of its own removes the parts.
    fn drop(&mut self) {
        if let (Some(upload), Ok(runtime)) =
            (self.upload.take(), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(remove(upload));
        }
    }
}

/// Removes the parts; what cannot be removed now is left to the bucket's lifecycle rule.
async fn remove(mut upload: Box<dyn MultipartUpload>) {
    if let Err(why) = upload.abort().await {
        tracing::warn!(%why, "parts of an abandoned upload are left behind");
    }
}

fn broken_off(why: impl Display) -> StorageError {
    StorageError::Source(why.to_string())
}
