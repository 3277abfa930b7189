//! Compare and set: every row that changes has a version, and a change names the one it read.

use super::StoreError;

/// Judges an `UPDATE … WHERE id = … AND version = …` by how many rows it changed.
///
/// # Errors
///
/// [`StoreError::Stale`] when the row exists with another version, [`StoreError::NotFound`] when it
/// does not exist. `exists` is asked only when nothing was changed.
pub(super) fn one_row<E>(
    changed: usize,
    exists: impl FnOnce() -> Result<bool, E>,
) -> Result<(), StoreError>
where
    StoreError: From<E>,
{
    if changed == 1 {
        return Ok(());
    }
    Err(if exists()? { StoreError::Stale } else { StoreError::NotFound })
}
