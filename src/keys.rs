//! Keys: everything that hangs on the one secret of an installation.
//!
//! From 32 secret bytes HKDF-SHA256 derives one key per purpose, so that a key that becomes known
//! says nothing about the others. Changing the secret ends all sessions and query codes and makes
//! every seal false; a label, once in use, never changes. The keys that encrypt fields can be
//! changed without all that: see `ring`.

mod algorithm;
mod fold;
mod query_code;
mod random;
mod ring;
mod sealed;

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use fold::comparable;
pub use random::{random_password, random_token};
use ring::{FieldKey, Fields};
pub use ring::{FieldKeySource, RingError};
pub use sealed::OpenError;

/// Separates our keys from those another program might derive from the same secret.
const SALT: &[u8] = b"gongkai";

/// 256 bits, wiped from memory at the end.
type Key = Zeroizing<[u8; 32]>;

/// The derived keys. `Debug` shows nothing.
pub struct Keys {
    jwt: Key,
    query_codes: Key,
    fields: Fields,
    digests: Key,
    tokens: Key,
    /// Tells which secret this is; 8 hexadecimal digits that give nothing away.
    id: String,
}

impl Keys {
    /// Derives all keys from the secret of the installation.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(SALT), secret);
        let id = key_id(&root);
        Self {
            jwt: derive(&root, "jwt v1"),
            query_codes: derive(&root, "query codes v1"),
            fields: Fields::derived(FieldKey::new(id.clone(), derive(&root, "fields v1"))),
            digests: derive(&root, "digests v1"),
            tokens: derive(&root, "tokens v1"),
            id,
        }
    }

    /// The same keys, with further ones for fields; the last of them is active.
    ///
    /// # Errors
    ///
    /// [`RingError`] when their file cannot be read.
    pub fn with_field_keys(self, source: FieldKeySource) -> Result<Self, RingError> {
        Ok(Self { fields: self.fields.with(source)?, ..self })
    }

    /// Makes a new key for fields, active from now on, and returns its id.
    ///
    /// # Errors
    ///
    /// [`RingError::InSettings`] when the keys do not stand in a file.
    pub fn add_field_key(&self) -> Result<String, RingError> {
        self.fields.add()
    }

    /// Tells this secret from another one.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The ids of all keys for fields, oldest first; the last is active.
    #[must_use]
    pub fn field_key_ids(&self) -> Vec<String> {
        self.fields.current().all().map(|key| key.id().to_owned()).collect()
    }

    /// Signs access tokens (HS256).
    #[must_use]
    pub fn jwt(&self) -> &[u8; 32] {
        &self.jwt
    }

    /// What stands in the database so that an encrypted field can be found by equality: the same
    /// text under the same label gives the same 64 hexadecimal digits.
    ///
    /// Full-width letters and digits count as plain ones, case and blanks do not count: `４４０１x`
    /// is found by `4401 X`. `label` names table and column; under another label the same text has
    /// an unrelated digest.
    #[must_use]
    pub fn digest(&self, label: &str, text: &str) -> String {
        hex::encode(mac(&self.digests, label, comparable(text).as_bytes()))
    }

    /// What is stored of a token (refresh token, link in a mail) instead of the token itself, in 64
    /// hexadecimal digits. Who can read the database cannot use it, who can write cannot forge one.
    #[must_use]
    pub fn token_hash(&self, token: &str) -> String {
        hex::encode(mac(&self.tokens, "", token.as_bytes()))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

fn key_id(root: &Hkdf<Sha256>) -> String {
    hex::encode(derive(root, "key id v1").as_slice()).chars().take(8).collect()
}

#[expect(clippy::expect_used, reason = "HKDF-SHA256 refuses only more than 8160 bytes")]
fn derive(root: &Hkdf<Sha256>, label: &str) -> Key {
    let mut key = Key::default();
    root.expand(label.as_bytes(), key.as_mut()).expect("32 bytes are not too long");
    key
}

/// HMAC-SHA256 over label and text; the length before the label keeps the two apart.
#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn mac(key: &Key, label: &str, text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_ref()).expect("any length is good");
    let length = u64::try_from(label.len()).unwrap_or(u64::MAX);
    mac.update(&length.to_be_bytes());
    mac.update(label.as_bytes());
    mac.update(text);
    mac.finalize().into_bytes().into()
}
