//! Files in the store that no row names: a process was killed between storing the bytes and the
//! commit that would have named them, or could not remove them afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt;

use crate::db::{Conn, StoreError, files, leases, notices, redactions};
use crate::domain::ids::NoticeId;
use crate::storage::Listed;

use super::audit::{self, Note};
use super::{App, AppError};

/// Where uploads lie. Their keys are made afresh for each, so what no row names none ever will.
const UPLOADS: &str = "files";
/// Where issued documents lie, under the id of their notice: there is one before its row names it.
const DOCUMENTS: &str = "notices";
/// How many keys are looked up at a time.
const BATCH: usize = 500;
/// How often the sweep runs over all workers.
const EVERY: TimeDelta = TimeDelta::days(1);

impl App {
    /// Removes uploads that no row names and that are older than the setting says, unless a worker
    /// has swept within the day; returns how many. A sweep that removed something stands in the
    /// audit log.
    ///
    /// # Errors
    ///
    /// [`AppError::StorageUnavailable`], failures of the database. What was removed until then is
    /// removed.
    pub async fn sweep_orphans(&self, owner: &str) -> Result<usize, AppError> {
        let now = self.clock.now();
        let holder = format!("{owner}/{}", now.timestamp());
        let ours = self.store.write(move |conn| {
            Ok::<_, StoreError>(
                leases::acquire(conn, "orphans", &holder, now, now + EVERY)?.is_some(),
            )
        });
        if !ours.await? {
            return Ok(0);
        }
        let old = now - TimeDelta::days(self.settings.orphan_days);
        let orphans = self.orphans_in(UPLOADS, Some(old)).await?;
        for key in &orphans {
            self.blobs.delete(key).await?;
        }
        if !orphans.is_empty() {
            let (app, removed) = (self.clone(), orphans.len());
            tracing::info!(removed, "files that nothing refers to were removed");
            self.store.write(move |conn| note_sweep(conn, &app, removed)).await?;
        }
        Ok(orphans.len())
    }

    /// Keys of everything in the store that no row names, whatever its age.
    ///
    /// # Errors
    ///
    /// As [`App::sweep_orphans`].
    pub async fn orphans(&self) -> Result<Vec<String>, AppError> {
        let mut found = self.orphans_in(UPLOADS, None).await?;
        found.extend(self.orphans_in(DOCUMENTS, None).await?);
        found.sort_unstable();
        Ok(found)
    }

    /// What no row names below a folder, stored before `before` if that is given.
    async fn orphans_in(
        &self,
        folder: &str,
        before: Option<DateTime<Utc>>,
    ) -> Result<Vec<String>, AppError> {
        let old = |file: &Listed| before.is_none_or(|before| file.stored_at < before);
        let listed = self.blobs.list(folder)?;
        let batches = listed.try_filter(|file| std::future::ready(old(file))).try_chunks(BATCH);
        futures_util::pin_mut!(batches);
        let mut found = Vec::new();
        loop {
            let batch = batches.try_next().await;
            let Some(batch) = batch.map_err(|error| AppError::from(error.1))? else { break };
            let unnamed = move |conn: &mut Conn| {
                let mut unnamed = Vec::new();
                for Listed { key, .. } in batch {
                    if !is_named(conn, &key)? {
                        unnamed.push(key);
                    }
                }
                Ok::<_, StoreError>(unnamed)
            };
            found.extend(self.store.read(unnamed).await?);
        }
        Ok(found)
    }
}

/// Whether some row names what is stored under the key, or will.
fn is_named(conn: &mut Conn, key: &str) -> Result<bool, StoreError> {
    let document = key.strip_prefix(DOCUMENTS).and_then(|rest| rest.strip_prefix('/'));
    match document.and_then(|name| name.split_once('.')).map(|(id, _)| id.parse::<NoticeId>()) {
        Some(Ok(notice)) => Ok(notices::find(conn, notice.0)?.is_some()),
        Some(Err(_)) => Ok(false),
        None => Ok(files::is_known(conn, key)? || redactions::is_known(conn, key)?),
    }
}

fn note_sweep(conn: &mut Conn, app: &App, removed: usize) -> Result<(), AppError> {
    let note = Note {
        action: "files.sweep",
        object_kind: "file",
        object_id: None,
        outcome: "ok",
        detail: serde_json::json!({ "removed": removed }),
    };
    audit::note(conn, app, None, note)
}
