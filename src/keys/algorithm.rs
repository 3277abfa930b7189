//! Algorithms that seal fields. Each has a tag that opens every text it sealed, so that several can
//! be read side by side while the newest writes; SM4 (GB/T 32907) would be another entry here.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};

const NONCE: usize = 12;

/// Authenticated encryption under 256 bits of key.
pub(super) trait Algorithm: Sync {
    /// What opens each sealed text: `gk1`. Never given to another algorithm.
    fn tag(&self) -> &'static str;

    /// The name in a file of keys and in `gongkai keys status`.
    fn name(&self) -> &'static str;

    /// Encrypts `text` and binds `context` to it.
    fn seal(&self, key: &[u8; 32], context: &[u8], text: &[u8]) -> Vec<u8>;

    /// Decrypts; `None` when body, key or context are not those of the sealing.
    fn open(&self, key: &[u8; 32], context: &[u8], body: &[u8]) -> Option<Vec<u8>>;
}

/// Every algorithm the program can read, the one it writes with first.
pub(super) const ALGORITHMS: [&dyn Algorithm; 1] = [&AesGcm];

/// AES-256-GCM with a random nonce of 96 bits before the ciphertext.
///
/// One key may seal 2³² fields before nonces become likely to collide (NIST SP 800-38D, 8.3); a
/// county files some thousands of requests a year.
pub(super) struct AesGcm;

impl Algorithm for AesGcm {
    fn tag(&self) -> &'static str {
        "gk1"
    }

    fn name(&self) -> &'static str {
        "aes-256-gcm"
    }

    #[expect(clippy::expect_used, reason = "AES-GCM refuses only texts over 64 GiB")]
    fn seal(&self, key: &[u8; 32], context: &[u8], text: &[u8]) -> Vec<u8> {
        let mut nonce = [0_u8; NONCE];
        rand::fill(&mut nonce);
        let sealed = Aes256Gcm::new(key.into())
            .encrypt(&Nonce::from(nonce), Payload { msg: text, aad: context })
            .expect("a field is not too long");
        [nonce.as_slice(), &sealed].concat()
    }

    fn open(&self, key: &[u8; 32], context: &[u8], body: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = body.split_first_chunk::<NONCE>()?;
        Aes256Gcm::new(key.into())
            .decrypt(&Nonce::from(*nonce), Payload { msg: ciphertext, aad: context })
            .ok()
    }
}
