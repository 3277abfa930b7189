//! Opening the store: a folder, an S3-compatible service, or memory for tests.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::prefix::PrefixStore;

use super::{BlobStore, StorageError};

/// Where an S3-compatible store is and how to get in. No `Debug`: it holds a secret.
pub struct S3<'a> {
    /// Name of the bucket; it must exist.
    pub bucket: &'a str,
    /// What every key starts with; may be empty.
    pub prefix: &'a str,
    /// `http://` or `https://` address of the service; none for AWS.
    pub endpoint: Option<&'a str>,
    /// Region as the service calls it.
    pub region: &'a str,
    /// Access key.
    pub access_key: &'a str,
    /// Secret key.
    pub secret_key: &'a str,
}

impl BlobStore {
    /// Files in `folder`, which is made (readable by its owner only) if it is not there.
    ///
    /// What was stored survives a power failure: before a write is acknowledged the file, its
    /// folder and every folder newly made for it are synced. A removal is not; at worst a removed
    /// file is back after a crash.
    ///
    /// # Errors
    ///
    /// [`StorageError::Unavailable`] if the folder cannot be made or opened.
    pub fn folder(folder: &Path) -> Result<Self, StorageError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(StorageError::unavailable)?;
        // The store syncs what it makes below; that the folder itself exists must be kept too.
        if let Some(parent) = folder.canonicalize().ok().as_deref().and_then(Path::parent)
            && let Ok(parent) = File::open(parent)
        {
            parent.sync_all().map_err(StorageError::unavailable)?;
        }
        let store = LocalFileSystem::new_with_prefix(folder).map_err(StorageError::unavailable)?;
        Ok(Self { inner: Arc::new(store.with_fsync(true)) })
    }

    /// Files in a bucket. Does not connect yet.
    ///
    /// The service must know conditional writes (`If-None-Match: *`); they are what makes a file
    /// write-once. Parts of uploads that a killed process left behind are for a lifecycle rule of
    /// the bucket to remove.
    ///
    /// # Errors
    ///
    /// [`StorageError::Unavailable`] if the settings make no sense together.
    pub fn s3(settings: &S3<'_>) -> Result<Self, StorageError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(settings.bucket)
            .with_region(settings.region)
            .with_access_key_id(settings.access_key)
            .with_secret_access_key(settings.secret_key)
            .with_disable_bulk_delete(true);
        if let Some(endpoint) = settings.endpoint {
            builder = builder
                .with_endpoint(endpoint.trim_end_matches('/'))
                .with_allow_http(endpoint.starts_with("http://"));
        }
        let store = builder.build().map_err(StorageError::unavailable)?;
        Ok(Self { inner: Arc::new(PrefixStore::new(store, settings.prefix)) })
    }

    /// Files in memory, gone with the value: for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self { inner: Arc::new(InMemory::new()) }
    }
}
