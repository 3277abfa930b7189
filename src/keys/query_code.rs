//! The query code (查询码): with the case number it lets an applicant without an account follow a
//! request. Derived from the request, so nothing is stored that could be stolen.

use subtle::ConstantTimeEq;

use super::fold::comparable;
use super::random::ALPHABET;
use super::{Keys, mac};
use crate::domain::ids::RequestId;

/// Signs of a code without the dash; five bits each.
const LENGTH: usize = 8;

impl Keys {
    /// The query code of a request, as printed on the receipt: `K7QM-4T2X`.
    ///
    /// 40 bits. That withstands guessing over the network only behind a rate limit.
    #[must_use]
    pub fn query_code(&self, request: RequestId) -> String {
        let code = self.signs(request);
        let (head, tail) = code.split_at(LENGTH / 2);
        [head, tail].map(|half| String::from_utf8_lossy(half).into_owned()).join("-")
    }

    /// Whether `input` is the query code of `request`, in time that does not depend on how much of
    /// it is right.
    ///
    /// Case, blanks, dashes and full-width signs do not matter; `O` is taken for `0`, `I` and `L`
    /// for `1`, `U` for `V`, which a code never contains.
    #[must_use]
    pub fn verify_query_code(&self, request: RequestId, input: &str) -> bool {
        let typed: Vec<u8> = comparable(input).chars().filter_map(sign).collect();
        self.signs(request).ct_eq(typed.as_slice()).into()
    }

    fn signs(&self, request: RequestId) -> [u8; LENGTH] {
        let bytes = mac(&self.query_codes, "", request.0.as_bytes());
        let bits = bytes.iter().take(5).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        std::array::from_fn(|i| {
            let index = usize::try_from((bits >> (5 * i)) & 31).unwrap_or_default();
            ALPHABET.get(index).copied().unwrap_or_default()
        })
    }
}

/// The sign meant by a typed one; none for a dash. What cannot be in a code stays, and is wrong.
fn sign(typed: char) -> Option<u8> {
    match typed {
        '-' | '_' | '‐'..='―' | '−' | '·' => None,
        'O' => Some(b'0'),
        'I' | 'L' => Some(b'1'),
        'U' => Some(b'V'),
        other => Some(u8::try_from(other).unwrap_or(b'?')),
    }
}
