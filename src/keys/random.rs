//! Fresh secrets from the system's generator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// Crockford's 32 signs: no `I`, `L`, `O`, `U`, so nothing can be misread and no words come up.
pub(super) const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A token nobody can guess: 256 bits in 43 signs that may stand in a URL.
#[must_use]
pub fn random_token() -> String {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rand::fill(bytes.as_mut_slice());
    URL_SAFE_NO_PAD.encode(bytes.as_slice())
}

/// A password that can be read out and typed: 80 bits as `k7qm-4t2x-9fhc-w3za`.
#[must_use]
pub fn random_password() -> String {
    let mut bytes = Zeroizing::new([0_u8; 16]);
    rand::fill(bytes.as_mut_slice());
    let group = |bytes: &[u8]| -> String {
        // 256 is a multiple of 32, so every sign is equally likely.
        let sign = |byte: &u8| ALPHABET.get(usize::from(*byte % 32)).copied().unwrap_or_default();
        bytes.iter().map(sign).map(|sign| char::from(sign).to_ascii_lowercase()).collect()
    };
    bytes.chunks(4).map(group).collect::<Vec<_>>().join("-")
}
