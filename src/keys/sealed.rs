//! Sealed fields: personal information encrypted before it reaches the database.
//!
//! A sealed text reads `gk1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`: the tag of the
//! algorithm, which of the keys, and what the algorithm made.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::Keys;
use super::algorithm::{ALGORITHMS, Algorithm};
use super::ring::FieldKey;

/// Why a sealed text cannot be opened. Never shows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is no sealed text, or one of an algorithm this program does not know.
    #[error("not a sealed text of a known algorithm")]
    Malformed,
    /// A key that is not at hand sealed it: the database and the keys do not belong together.
    #[error("sealed with another key")]
    OtherKey,
    /// It was changed, or stands in another place than where it was sealed.
    #[error("changed, or moved from another place")]
    Tampered,
}

impl Keys {
    /// Encrypts a field under the active key. `place` says where it will stand (table, column, row)
    /// and is needed again to open it, so that nobody can move a sealed text to another row unnoticed.
    #[must_use]
    pub fn seal(&self, place: &str, text: &str) -> String {
        let ring = self.fields.current();
        let (key, algorithm) = (ring.active(), ALGORITHMS[0]);
        let context = context(algorithm, key, place);
        let body = algorithm.seal(key.secret(), &context, text.as_bytes());
        format!("{}.{}.{}", algorithm.tag(), key.id(), URL_SAFE_NO_PAD.encode(body))
    }

    /// Decrypts what [`seal`](Self::seal) made for the same `place`, under whichever key.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open(&self, place: &str, sealed: &str) -> Result<String, OpenError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(tag), Some(id), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(OpenError::Malformed);
        };
        let known = ALGORITHMS.into_iter().find(|algorithm| algorithm.tag() == tag);
        let algorithm = known.ok_or(OpenError::Malformed)?;
        let ring = self.fields.current();
        let key = ring.find(id).ok_or(OpenError::OtherKey)?;
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_not_base64| OpenError::Malformed)?;
        if body.is_empty() {
            return Err(OpenError::Malformed);
        }
        let text = algorithm
            .open(key.secret(), &context(algorithm, key, place), &body)
            .ok_or(OpenError::Tampered)?;
        String::from_utf8(text).map_err(|why| {
            drop(Zeroizing::new(why.into_bytes()));
            OpenError::Malformed
        })
    }

    /// What every text sealed now begins with: algorithm and key.
    #[must_use]
    pub fn active_prefix(&self) -> String {
        format!("{}.{}.", ALGORITHMS[0].tag(), self.fields.current().active().id())
    }
}

/// Algorithm and key id are bound too: neither can be swapped for another one later.
fn context(algorithm: &dyn Algorithm, key: &FieldKey, place: &str) -> Vec<u8> {
    format!("{}.{}.{place}", algorithm.tag(), key.id()).into_bytes()
}
