//! One effect per `Idempotency-Key`: the key, the effect and the answer share one transaction.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::Conn;
use crate::db::idempotency::{self, Attempt, Begun};

use super::{App, AppError};

/// What a client sent with a POST that must not happen twice.
#[derive(Debug, Clone)]
pub struct Once {
    /// Who sent it: an account, or `citizen`.
    pub actor: String,
    /// The key.
    pub key: String,
    /// Method and path.
    pub route: String,
    /// SHA-256 of the body, hexadecimal.
    pub request_sha256: String,
}

impl App {
    /// Runs `work` in one write transaction. The same key with the same body gives the same answer
    /// without a second effect.
    ///
    /// # Errors
    ///
    /// What `work` returns; [`AppError::Conflict`] `idempotency_key_reused` when the key came with
    /// another body.
    pub(super) async fn write_once<T, F>(&self, once: Option<Once>, work: F) -> Result<T, AppError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Conn, &Self) -> Result<T, AppError> + Send + 'static,
    {
        let app = self.clone();
        let done = self.store.write(move |conn| {
            let app = app.in_force(conn)?;
            match once {
                None => work(conn, &app),
                Some(once) => app.answer_once(conn, &once, work),
            }
        });
        let value = done.await?;
        self.wake.notify_one();
        Ok(value)
    }

    fn answer_once<T, F>(&self, conn: &mut Conn, once: &Once, work: F) -> Result<T, AppError>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce(&mut Conn, &Self) -> Result<T, AppError>,
    {
        let now = self.clock.now();
        let attempt = Attempt {
            actor: &once.actor,
            key: &once.key,
            route: &once.route,
            request_sha256: &once.request_sha256,
        };
        match idempotency::begin(conn, attempt, now)? {
            Begun::New => {
                let value = work(conn, self)?;
                let stored = serde_json::to_value(&value).map_err(AppError::broken)?;
                idempotency::complete(conn, &once.actor, &once.key, (200, stored), now)?;
                Ok(value)
            }
            Begun::Answered { response, .. } => {
                serde_json::from_value(response).map_err(AppError::broken)
            }
            Begun::InProgress => Err(AppError::Conflict {
                code: "request_in_progress",
                message: "同一请求正在处理，请稍候".to_owned(),
            }),
            Begun::Mismatch => Err(AppError::Conflict {
                code: "idempotency_key_reused",
                message: "同一 Idempotency-Key 已用于另一请求，请换一个新的".to_owned(),
            }),
        }
    }
}
