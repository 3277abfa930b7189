//! The lock file that lets only one process serve a SQLite database.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::db::StoreError;

/// A held `<db>.lock`. The operating system frees it with the process, also after `kill -9`; the
/// file itself stays behind and means nothing.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock beside `database`, whose folder is made if need be.
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let lock = lock_path(database);
        if let Some(folder) = lock.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(|error| unavailable(folder, &error))?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .map_err(|error| unavailable(&lock, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { lock }),
            Err(TryLockError::Error(error)) => Err(unavailable(&lock, &error)),
        }
    }
}

/// `data/gongkai.db` → `data/gongkai.db.lock`.
fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
