//! What the program need not keep: answered idempotency keys and expired sign-ins.

use chrono::TimeDelta;

use crate::db::{idempotency, leases, refresh_tokens};

use super::{App, AppError};

/// How long the answer to an `Idempotency-Key` is kept: longer than any client retries.
const KEYS_KEPT: TimeDelta = TimeDelta::days(7);

/// How often the sweep runs over all workers.
const EVERY: TimeDelta = TimeDelta::hours(1);

impl App {
    /// Forgets expired keys and sign-ins, unless another worker has done so within the hour.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn forget_expired(&self, owner: &str) -> Result<(), AppError> {
        let now = self.clock.now();
        let holder = format!("{owner}/{}", now.timestamp());
        self.store
            .write(move |conn| {
                if leases::acquire(conn, "retention", &holder, now, now + EVERY)?.is_some() {
                    idempotency::purge(conn, now - KEYS_KEPT)?;
                    refresh_tokens::purge(conn, now)?;
                }
                Ok(())
            })
            .await
            .map_err(AppError::Store)
    }
}
