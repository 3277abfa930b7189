//! Passwords on the blocking pool: hashing takes a while and 19 MiB on purpose.

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::PasswordChange;
use crate::app::AppError;
use crate::passwords;

/// How many are hashed at once, so that a storm of sign-ins takes neither all memory nor all
/// threads.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Whether `password` belongs to the `stored` hash. Without one it takes as long, and it does not.
pub(super) async fn is_right(password: String, stored: Option<String>) -> Result<bool, AppError> {
    calmly(move || match stored {
        Some(stored) => passwords::verify(&password, &stored).map_err(AppError::broken),
        None => {
            passwords::dummy_verify(&password);
            Ok(false)
        }
    })
    .await
}

/// The hash to store.
///
/// # Errors
///
/// Only failures of the system.
pub async fn hash(password: String) -> Result<String, AppError> {
    calmly(move || passwords::hash(&password).map_err(AppError::broken)).await
}

/// Whether the new password may be one.
pub(super) fn check_new(change: &PasswordChange, login: &str) -> Result<(), AppError> {
    if change.new_password == change.current_password {
        return Err(AppError::field("new_password", "unchanged", "新密码不能与现在的密码相同"));
    }
    passwords::check(&change.new_password, login)
        .map_err(|weak| AppError::field("new_password", "weak_password", weak.to_string()))
}

async fn calmly<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let _turn = AT_ONCE.acquire().await.map_err(AppError::broken)?;
    spawn_blocking(work).await.map_err(AppError::broken)?
}
