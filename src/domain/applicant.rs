//! Who asks: kinds of applicant, proof of identity, and the checks that numbers carry in themselves.

use super::text_enum::text_enum;

text_enum!(
    /// Column of table three of the annual report. Source: 国办公开办函〔2021〕30号.
    ApplicantKind {
        /// A natural person.
        NaturalPerson = "natural_person", "自然人";
        /// A business.
        Commercial = "commercial", "商业企业";
        /// A research body.
        Research = "research", "科研机构";
        /// A public-welfare organisation.
        PublicWelfare = "public_welfare", "社会公益组织";
        /// A law firm or other legal service.
        LegalService = "legal_service", "法律服务机构";
        /// Any other legal person or organisation.
        OtherOrganisation = "other_organisation", "其他";
    }
);

text_enum!(
    /// The document that proves who the applicant is. Source: 条例 art. 29 ¶2 (1).
    CredentialKind {
        /// 居民身份证.
        ResidentId = "resident_id", "居民身份证";
        /// Passport.
        Passport = "passport", "护照";
        /// Permits of residents of Hong Kong, Macao and Taiwan.
        TravelPermit = "travel_permit", "港澳台居民证件";
        /// 统一社会信用代码.
        CreditCode = "credit_code", "统一社会信用代码";
        /// Any other document.
        Other = "other", "其他证件";
    }
);

impl ApplicantKind {
    /// Whether the applicant is a person and not an organisation.
    #[must_use]
    pub const fn is_person(self) -> bool {
        matches!(self, Self::NaturalPerson)
    }
}

const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK: &[u8; 11] = b"10X98765432";

/// Whether a resident identity number has 18 places and the right check digit.
///
/// A wrong digit is a reason to look again, not to refuse: other documents exist.
///
/// Source: GB 11643-1999.
#[must_use]
pub fn identity_number_is_sound(number: &str) -> bool {
    let bytes = number.as_bytes();
    if bytes.len() != 18 {
        return false;
    }
    let (Some(body), Some(last)) = (bytes.get(..17), bytes.get(17)) else { return false };
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().zip(ID_WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let expected = usize::try_from(sum % 11).ok().and_then(|i| ID_CHECK.get(i));
    expected == Some(&last.to_ascii_uppercase())
}

const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a unified social credit code has 18 places of its alphabet and the right check place.
///
/// Source: GB 32100-2015: weights 3^(i−1) mod 31, check = (31 − Σ mod 31) mod 31.
#[must_use]
pub fn credit_code_is_sound(code: &str) -> bool {
    let values: Option<Vec<usize>> = code.chars().map(|c| CREDIT_ALPHABET.find(c)).collect();
    let Some(values) = values.filter(|v| v.len() == 18) else { return false };
    let Some((check, body)) = values.split_last() else { return false };
    let (sum, _) = body.iter().fold((0, 1), |(sum, weight), v| (sum + v * weight, weight * 3 % 31));
    (31 - sum % 31) % 31 == *check
}

/// Hides all but the first and last characters of a name: `张*`, `王*明`, `宁*司`.
///
/// Source: 个人信息保护法 art. 6; pages.md (masked until opened with a purpose).
#[must_use]
pub fn mask_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, .., last] => format!("{first}*{last}"),
    }
}

/// Hides the middle of a number: `110***********002X`; of a short one everything.
#[must_use]
pub fn mask_number(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let shown = |i: usize| i < 3 || i + 4 >= chars.len();
    if chars.len() < 12 {
        return "*".repeat(chars.len());
    }
    chars.iter().enumerate().map(|(i, c)| if shown(i) { *c } else { '*' }).collect()
}

/// Hides the name in every mail address of a text, so that an operator can still tell the provider:
/// `w***@example.cn`.
///
/// Source: 个人信息保护法 art. 6.
#[must_use]
pub fn mask_addresses(text: &str) -> String {
    let of_address = |c: char| c.is_alphanumeric() || "@.!#$%&*+-/=?^_`{|}~'".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(of_address) {
        let (gap, tail) = rest.split_at(start);
        let (word, tail) = tail.split_at(tail.find(|c| !of_address(c)).unwrap_or(tail.len()));
        out.push_str(gap);
        match word.rsplit_once('@') {
            Some((name, host)) => {
                out.extend(name.chars().next());
                out.push_str("***@");
                out.push_str(host);
            }
            None => out.push_str(word),
        }
        rest = tail;
    }
    out + rest
}
