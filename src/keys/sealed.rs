//! Sealed fields: personal information encrypted before it reaches the database.
//!
//! A sealed text reads `gk1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`: AES-256-GCM with a
//! random nonce of 96 bits. One key may seal 2³² fields before nonces become likely to collide
//! (NIST SP 800-38D, 8.3); a county files some thousands of requests a year.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::Keys;

const VERSION: &str = "gk1";
const NONCE: usize = 12;

/// Why a sealed text cannot be opened. Never shows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is no sealed text, or one of a later version.
    #[error("not a sealed text of version {VERSION}")]
    Malformed,
    /// Another secret sealed it: the database and the key file do not belong together.
    #[error("sealed with another key")]
    OtherKey,
    /// It was changed, or stands in another place than where it was sealed.
    #[error("changed, or moved from another place")]
    Tampered,
}

impl Keys {
    /// Encrypts a field. `place` says where it will stand (table, column, row) and is needed again
    /// to open it, so that nobody can move a sealed text to another row unnoticed.
    #[must_use]
    #[expect(clippy::expect_used, reason = "AES-GCM refuses only texts over 64 GiB")]
    pub fn seal(&self, place: &str, text: &str) -> String {
        let mut nonce = [0_u8; NONCE];
        rand::fill(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: text.as_bytes(), aad: &self.aad(place) })
            .expect("a field is not too long");
        let body = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        format!("{VERSION}.{}.{body}", self.id)
    }

    /// Decrypts what [`seal`](Self::seal) made for the same `place`.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub fn open(&self, place: &str, sealed: &str) -> Result<String, OpenError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(VERSION), Some(id), Some(body)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(OpenError::Malformed);
        };
        if id != self.id {
            return Err(OpenError::OtherKey);
        }
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_not_base64| OpenError::Malformed)?;
        let (nonce, ciphertext) = body.split_first_chunk::<NONCE>().ok_or(OpenError::Malformed)?;
        let text = self
            .cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: &self.aad(place) })
            .map_err(|_no_reason_given| OpenError::Tampered)?;
        String::from_utf8(text).map_err(|why| {
            drop(Zeroizing::new(why.into_bytes()));
            OpenError::Malformed
        })
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.fields).into())
    }

    /// Version and key id are bound too: neither can be swapped for another one later.
    fn aad(&self, place: &str) -> Vec<u8> {
        format!("{VERSION}.{}.{place}", self.id).into_bytes()
    }
}
